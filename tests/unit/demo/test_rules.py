from decimal import Decimal

import pytest

from common.quarters import Period
from demo import rules

D = Decimal
QUARTERS = tuple(Period.parse(code) for code in ("2024Q3", "2024Q4", "2025Q1", "2025Q2"))
FACTS = {
    "status": "under_way", "started_on": "2024-10", "completed_on": "", "expected_on": "2026-12",
    "invested_wan": "300", "works_percent": "90", "works_note": "主体封顶",
    "problems": "方案待批",
}  # fmt: skip


def quarters(**facts):
    return list(rules.project_quarters(FACTS | facts, QUARTERS))


def test_investment_runs_straight_from_the_start_to_the_present():
    found = quarters()
    assert [row.status for row in found] == ["not_started", *["under_way"] * 3]
    assert [row.invested_wan for row in found] == [D(0), D(100), D(200), D(300)]
    assert [row.started_on for row in found] == ["", *["2024-10"] * 3]
    assert [row.problems for row in found] == ["", "", "", "方案待批"]
    assert [row.works_note for row in found] == ["", "", "", "主体封顶"]


def test_nothing_changes_after_the_completion():
    found = quarters(status="completed", completed_on="2025-01")
    assert [row.status for row in found] == ["not_started", "under_way", "completed", "completed"]
    assert [row.invested_wan for row in found] == [D(0), D(150), D(300), D(300)]
    assert [row.expected_on for row in found][-1] == ""


def test_a_cancelled_project_has_no_money():
    found = quarters(status="cancelled", started_on="", invested_wan=None, works_percent=None)
    assert [row.status for row in found] == [*["not_started"] * 3, "cancelled"]
    assert {row.invested_wan for row in found} == {None}


def test_nothing_is_built_while_it_stands_still():
    found = quarters(suspended=["2025Q1"])
    assert [row.status for row in found][2:] == ["suspended", "under_way"]
    assert [row.invested_wan for row in found] == [D(0), D(100), D(100), D(300)]


@pytest.mark.parametrize("status", ["on_track", "lagging", "stalled", "not_started", "done"])
@pytest.mark.parametrize("quarter", [1, 2, 3, 4])
def test_earlier_quarters_have_words_for_every_status(status, quarter):
    facts = {"narrative": "现在的说法", "problems": "", "next_steps": "继续推进"}
    words = rules.task_words(facts, status, Period(2025, quarter), is_last=False)
    assert words.narrative
    assert words.narrative != "现在的说法"
    assert bool(words.problems) == (status in {"lagging", "stalled"})
    assert words.next_due == ""


def test_the_present_quarter_has_its_own_words():
    facts = {"narrative": "现在的说法", "problems": "手续未办完", "next_steps": "继续推进"}
    words = rules.task_words(facts, "lagging", Period(2026, 3), is_last=True)
    assert words == rules.TaskWords("现在的说法", "手续未办完", "继续推进", "2026-12")
