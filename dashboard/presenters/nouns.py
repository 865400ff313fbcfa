"""What a count counts, in words that go with a number."""

from dashboard.i18n import Translator
from dashboard.presenters.numbers import Shown, decimal, exact, shown
from metrics.definition import Formula, Indicator, Unit

CASES, TARGETS = "case", "target"
NOUN_OF_COUNT = {
    "branches": "branch",
    "group_branches": "branch",
    "liaison_branches": "branch",
    "teams": "team",
    "group_teams": "team",
    "liaison_teams": "team",
    "team_months": "team",
    "team_employees": "employee",
    "group_employees": "employee",
    "employees": "employee",
    "employees_in_full_chain": "employee",
    "duties_owed": "duty",
    "contacts_owed": "contact",
    "items_raised": "problem",
    "ratings": "rating",
    "consultation_participants": "employee",
    "posts": "target",
}
"""The noun of each count that isn't a number of cases."""


def noun_of(indicator: Indicator) -> str:
    """The noun of what the indicator's denominator counts, or its numerator where there is none."""
    if indicator.formula is Formula.MEDIAN_LOAD:
        return TARGETS
    terms = indicator.denominator or indicator.numerator
    return NOUN_OF_COUNT.get(terms[0].count, CASES) if terms else CASES


def shown_of(value: float, indicator: Indicator, t: Translator) -> Shown:
    """The value of an indicator with its unit; a plain count says what it counts."""
    if indicator.unit is Unit.COUNT and noun_of(indicator) == TARGETS:
        return Shown(decimal(value), t.plural("target", "targets", 1 if value == 1 else 2))
    return shown(value, indicator.unit, t)


def counted(count: float, noun: str, t: Translator) -> str:
    """A number with its noun, such as 25 件 or 25 cases."""
    form, number = (1 if count == 1 else 2), exact(count)
    match noun:
        case "branch":
            return t.plural("{number} branch", "{number} branches", form, number=number)
        case "team":
            return t.plural("{number} team", "{number} teams", form, number=number)
        case "employee":
            return t.plural("{number} employee", "{number} employees", form, number=number)
        case "duty":
            return t.plural("{number} duty", "{number} duties", form, number=number)
        case "contact":
            return t.plural("{number} contact", "{number} contacts", form, number=number)
        case "problem":
            return t.plural("{number} problem", "{number} problems", form, number=number)
        case "rating":
            return t.plural("{number} rating", "{number} ratings", form, number=number)
        case "target":
            return t.plural("{number} target", "{number} targets", form, number=number)
        case _:
            return t.plural("{number} case", "{number} cases", form, number=number)
