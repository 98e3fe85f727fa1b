"""The sentences at the top of a target's page, as the years go by."""

import datetime
from dataclasses import replace

import pytest

from targets.selectors.page.page_summary import page_summary
from tests.unit.targets.judged import YEARS, judged

VALUES = [(year, 17 + (year - 2021) * 0.5) for year in range(2021, 2026)]


def said(day, values=tuple(VALUES)):
    years = replace(YEARS, today=datetime.date.fromisoformat(day))
    row = judged(values=[(year, f"{value:.1f}") for year, value in values], years=years)
    return ["".join(piece.text for piece in line) for line in page_summary(row)]


def test_before_the_last_milestone_the_pace_and_the_outlook():
    lines = said("2026-11-30")
    assert any("年均" in line for line in lines)
    assert any("2030年目标22%以上" in line for line in lines)


@pytest.mark.parametrize("day", ["2031-02-01", "2036-01-01"])
def test_after_the_last_milestone_that_nothing_more_is_asked_for(day):
    lines = said(day, [*VALUES, (2030, 22.4)])
    assert "2030年" in lines[0]
    assert "方案没有提出2030年以后的目标。" in lines
    assert not any("外推" in line or "年均" in line for line in lines)
