"""Whatever the numbers, a row is drawn, and inside its drawing."""

import datetime
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.charts.axis import Axis
from dashboard.charts.canvas import RowCanvas
from dashboard.charts.paths import PAGE
from dashboard.charts.series_rows import draw_row
from dashboard.selectors.overview.rows import OverviewRow
from targets.rules import Course, GoalState, Grade, Kind
from tests.unit.dashboard.drawn import PERIOD
from tests.unit.targets.judged import YEARS, judged
from tests.unit.targets.terms import D, actual
from tests.unit.targets.test_rules_properties import any_terms, signed

WAYS = [Course.LINEAR, Course.GEOMETRIC, Course.HOLD, Course.STEP, Course.ASSIGNED]


@st.composite
def any_row(draw):
    """A target of any kind on any day, a quarter as its newest value, goals that wait."""
    terms = draw(any_terms())
    kept = draw(st.sets(st.sampled_from([0, 1])))
    goals = tuple(
        goal if place in kept else replace(goal, value=None, state=GoalState.PENDING)
        for place, goal in enumerate(terms.goals)
    )
    quarter = draw(st.none() | signed)
    terms = replace(
        terms,
        goals=draw(st.sampled_from([terms.goals, goals, ()])),
        kind=draw(st.sampled_from([terms.kind, Kind.REDUCTION, Kind.PEAK_BY, Kind.ASSIGNED])),
        pace=draw(st.sampled_from(WAYS)),
        is_share=draw(st.booleans()),
        quarterly=None if quarter is None else actual(2026, quarter, Grade.DEPARTMENT, quarter=2),
    )
    year, plan_years = draw(st.integers(2021, 2036)), draw(st.sampled_from([YEARS.plan_years, ()]))
    years = replace(YEARS, today=datetime.date(year, 5, 1), plan_years=plan_years)
    return replace(judged(), terms=terms, years=years)


@settings(max_examples=300, deadline=None)
@given(one=any_row())
def test_it_lies_inside(one):
    axis = Axis.of(one.years, PAGE)
    sheet = RowCanvas(axis)
    row = OverviewRow(one, PERIOD.end)
    draw_row(sheet, row, 15)
    assert row.verdict.words
    assert row.outlook
    assert len(row.order) == 6
    first, last = axis.span
    for trace in sheet.traces():
        if trace["type"] == "bar":
            ends = [b + x for b, x in zip(trace["base"], trace["x"], strict=True)]
            assert min(trace["base"]) >= first
            assert max(ends) <= axis.end + D("0.001")
        xs = [x for x in trace["x"] if x is not None]
        assert trace["type"] == "bar" or all(first - 0.01 <= x <= last + 0.5 for x in xs)
        assert all(-3 <= y <= 33 for y in trace["y"] if y is not None)
