"""The facts about units: coverage, duties, sessions and activities, by name."""

from data_access.counts.activities import count_activities
from data_access.counts.chat_group_activity import count_chat_group_activity
from data_access.counts.chat_groups import count_chat_groups
from data_access.counts.consultations import count_consultations
from data_access.counts.contact_points import count_contact_points
from data_access.counts.counter import Counter
from data_access.counts.duties import count_duties
from data_access.counts.headcounts import count_headcounts
from data_access.counts.liaisons import count_liaisons
from data_access.counts.zone_loads import count_zone_loads
from data_access.counts.zones import count_zones
from metrics.counts import Fact

UNIT_COUNTERS: dict[Fact, Counter] = {
    Fact.HEADCOUNTS: count_headcounts,
    Fact.ZONES: count_zones,
    Fact.ZONE_LOADS: count_zone_loads,
    Fact.CHAT_GROUPS: count_chat_groups,
    Fact.CHAT_GROUP_ACTIVITY: count_chat_group_activity,
    Fact.LIAISONS: count_liaisons,
    Fact.DUTIES: count_duties,
    Fact.CONTACT_POINTS: count_contact_points,
    Fact.CONSULTATIONS: count_consultations,
    Fact.ACTIVITIES: count_activities,
}
"""The counting function of each of these facts; see ``data_access.counts`` for what a function takes and gives."""
