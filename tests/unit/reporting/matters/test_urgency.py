"""In which order matters stand."""

import datetime
import itertools

import pytest

from reporting.choices import RiskLevel
from reporting.matters.rules.urgency import LEVELS, Urgency, urgency_key

TODAY = datetime.date(2026, 11, 30)
RAISED = datetime.date(2026, 10, 20)


def urgency(**facts):
    return Urgency(**({"today": TODAY, "raised_on": RAISED} | facts))


def day(text):
    return datetime.date.fromisoformat(text)


IN_ORDER = [
    urgency(due_on=day("2026-10-31"), has_handler=False),
    urgency(due_on=day("2026-10-31"), level="low"),
    urgency(has_handler=False, level="high"),
    urgency(has_handler=False, level="low"),
    urgency(level="high", due_on=day("2026-12-15")),
    urgency(level="high", due_on=day("2026-12-31")),
    urgency(level="middle", due_on=TODAY),
    urgency(level="low"),
    urgency(due_on=day("2026-12-31")),
    urgency(raised_on=day("2026-01-28")),
    urgency(),
]


@pytest.mark.parametrize(("first", "then"), list(itertools.pairwise(IN_ORDER)))
def test_what_is_more_urgent_stands_before(first, then):
    assert urgency_key(first) < urgency_key(then)


@pytest.mark.parametrize(
    ("due", "over"), [("2026-11-29", True), ("2026-11-30", False), ("2026-12-01", False)]
)
def test_the_day_itself_is_still_in_time(due, over):
    assert urgency(due_on=day(due)).is_overdue is over


def test_the_rule_knows_the_levels_of_the_ledger():
    assert list(LEVELS) == RiskLevel.values
