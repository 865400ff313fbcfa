"""The codes the sample companies use, with how often each occurs."""

CHANNELS = {
    "group_chat": 0.24,
    "liaison": 0.19,
    "reception_day": 0.12,
    "official_account": 0.12,
    "letterbox": 0.1,
    "hotline": 0.1,
    "intranet": 0.08,
    "letter_or_visit": 0.05,
}
COMPANY_TRACK_CHANNELS = frozenset({"official_account", "hotline", "intranet", "letter_or_visit"})
OFFICE_CHANNELS = frozenset({"reception_day", "letter_or_visit"})
"""Channels that are open in office hours only."""

CATEGORIES = {
    "pay": 0.16,
    "canteen": 0.11,
    "safety": 0.11,
    "housing": 0.1,
    "working_conditions": 0.09,
    "rota": 0.09,
    "equipment": 0.08,
    "transport": 0.07,
    "hardship": 0.05,
    "health": 0.04,
    "training": 0.03,
    "family": 0.03,
    "culture_and_sport": 0.02,
    "management": 0.015,
    "other": 0.005,
}
GRADES = {"A": 0.06, "B": 0.35, "C": 0.59}
OUTCOMES = {"solved": 0.862, "partly": 0.055, "explained": 0.065, "not_now": 0.018}
RATINGS_WHEN_CONTENT = (0.014, 0.022, 0.074, 0.29, 0.6)
RATINGS_WHEN_NOT = (0.07, 0.1, 0.2, 0.36, 0.27)
"""The shares of the ratings 1 to 5."""
EXCLUSIONS = {
    "duplicate": 0.011,
    "withdrawn": 0.007,
    "out_of_remit": 0.007,
    "statutory_route": 0.005,
    "tolerated": 0.008,
}

HANDLING_POST, PARTY_POST, LEADING_POST = "信访办主任", "党群工作部部长", "公司分管领导"
DECIDING_POSTS = {HANDLING_POST: 0.5, PARTY_POST: 0.3, LEADING_POST: 0.2}
"""Who decides about a case: posts, never names."""
