"""The rows of the overview: newest value, verdict, outlook, owner, place."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest

from common.quarters import Period
from dashboard.selectors.overview.rows import OverviewRow, RowGroupKind, overview_rows
from targets.rules import Actual, Comparison, Goal, GoalState, Grade, Grounds, Nature, Verdict
from targets.rules.levels import Level
from targets.rules.words.provenance import Stamp
from targets.selectors.judging.terms import SettlementInForce
from tests.unit.targets.judged import YEARS, agency, judged

PERIOD = Period(2026, 3)


def row(*args, **more):
    return OverviewRow(judged(*args, **more), PERIOD.end)


def graded(grade, value="19.2", year=2025, **more):
    return Actual(year, Decimal(value), grade, **more)


def settled(one, verdict=Verdict.MISSED, *, is_outdated=False):
    goal = one.judged.terms.goals[0]
    grounds = Grounds(goal, 1, one.judged.terms.latest, 1)
    standing = SettlementInForce(2025, verdict, grounds, is_outdated)
    return OverviewRow(replace(one.judged, standings=(standing,)), one.day)


class TestNewest:
    def test_a_year(self):
        one = row(values=((2025, "19.2"),))
        assert (one.figure, one.unit, one.when) == ("19.2", "%", "2025年")
        assert one.source_url == "/values/T01/2025/"

    def test_a_quarter_drops_the_year_that_is_shown(self):
        quarter = graded(Grade.DEPARTMENT, year=2026, quarter=3)
        one = row(terms={"quarterly": quarter})
        assert (one.when, one.source_url) == ("三季度", "/values/T01/2026Q3/")
        earlier = graded(Grade.DEPARTMENT, quarter=2)
        assert row(terms={"quarterly": earlier}).when == "2025年二季度"

    def test_none(self):
        one = row()
        assert (one.figure, one.when, one.stamp, one.source_url) == ("", "", None, "")
        assert one.no_value == "还没有数值"
        assert row(terms={"kind": "qualitative"}).no_value == "凭材料认定"

    def test_a_long_unit_is_shortened(self):
        assert row(values=((2025, 52),), terms={"unit": "万立方米"}).unit == "万m³"

    @pytest.mark.parametrize(
        ("grade", "stamp"),
        [
            (Grade.FINAL, Stamp.REVIEWED),
            (Grade.DEPARTMENT, Stamp.REVIEWED),
            (Grade.PRELIMINARY, Stamp.PRELIMINARY),
            (Grade.ESTIMATE, Stamp.ESTIMATE),
        ],
    )
    def test_the_stamp_is_that_of_its_card(self, grade, stamp):
        assert row(terms={"actuals": (graded(grade),)}).stamp == stamp

    def test_settled_while_the_verdict_holds(self):
        one = row(values=((2025, "19.2"),))
        assert settled(one).stamp == Stamp.SETTLED
        assert settled(one, is_outdated=True).stamp == Stamp.REVIEWED

    def test_a_quarter_after_a_verdict_is_reviewed(self):
        quarter = graded(Grade.DEPARTMENT, year=2026, quarter=3)
        assert settled(row(values=((2025, 19),), terms={"quarterly": quarter})).stamp == "审"

    def test_what_waits_for_review(self):
        waiting = graded(Grade.FINAL, is_unreviewed=True)
        assert row(terms={"actuals": (waiting,)}).stamp == Stamp.WAITING


class TestVerdict:
    def said(self, one):
        cell = one.verdict
        return cell.words, cell.level, cell.is_hollow, cell.gap, cell.stamp

    def test_settled(self):
        one = settled(row(values=((2025, "19.2"),)))
        assert self.said(one) == ("未达标", Level.RED, False, "差0.8", Stamp.SETTLED)

    def test_met_and_not_settled_yet(self):
        one = row(values=((2025, "20.5"),))
        assert self.said(one) == ("达标", Level.GREEN, False, "待判定", Stamp.REVIEWED)

    def test_to_be_settled_again(self):
        one = settled(row(values=((2025, "20.5"),)), Verdict.ACHIEVED, is_outdated=True)
        assert self.said(one) == ("达标", Level.GREEN, False, "须重新判定", Stamp.SETTLED)

    def test_provisional_is_hollow(self):
        one = row(terms={"actuals": (graded(Grade.PRELIMINARY),)})
        assert self.said(one) == ("初步未达标", Level.ORANGE, True, "差0.8", Stamp.PRELIMINARY)

    def test_striven_for(self):
        one = row(values=((2025, "19.2"),), terms={"is_striven": True})
        assert one.verdict.words == "未达到力争值"

    def test_just_reached_needs_no_distance(self):
        assert settled(row(values=((2025, 20),)), Verdict.ACHIEVED).verdict.gap == ""

    def test_a_band_below_whose_tolerance_is_not_confirmed(self):
        band = (Goal(2025, comparison=Comparison.ABOUT, value=Decimal("15.38")),)
        one = row(values=((2025, "14.9"),), terms={"kind": "about", "goals": band})
        assert self.said(one)[:4] == ("初步未达标", Level.ORANGE, True, "容差待确认")

    def test_above_a_band(self):
        band = (Goal(2025, comparison=Comparison.ABOUT, value=Decimal("15.38")),)
        one = row(values=((2025, "15.9"),), terms={"kind": "about", "goals": band})
        assert settled(one, Verdict.ACHIEVED).verdict.gap == "高于范围"

    @pytest.mark.parametrize(
        ("terms", "words", "level"),
        [
            ({}, "无年度值", Level.GREY),
            ({"goals": (Goal(2025, state=GoalState.PENDING),)}, "目标待市下达", Level.GREY),
            ({"goals": (Goal(2025, nature=Nature.JUDGEMENT),)}, "待认定", Level.GREY),
            ({"goals": (Goal(2030, value=Decimal(75)),)}, "没有2025年目标", None),
            ({"actuals": (graded(Grade.FINAL, basis="旧"),)}, "口径变更待确认", Level.GREY),
        ],
        ids=["no value", "pending", "by papers", "no goal", "basis"],
    )
    def test_not_judged(self, terms, words, level):
        cell = row(terms=terms).verdict
        assert (cell.words, cell.level, cell.gap, cell.stamp) == (words, level, "", None)


class TestOutlook:
    LINE = tuple(zip(range(2020, 2026), map(Decimal, (15, 16, 18, 18, 19, 21)), strict=True))

    def said(self, **more):
        one = row(**more)
        return one.outlook, one.is_outlook_weak, one.is_outlook_strong

    def test_by_the_trend(self):
        assert self.said(values=self.LINE) == ("预计可达", False, False)
        far = ((2025, 20), (2030, 40))
        assert self.said(values=self.LINE, goals=far) == ("难以达到", False, True)
        assert self.said(values=self.LINE[-2:]) == ("数据不足", True, False)

    @pytest.mark.parametrize(
        ("goal", "words", "is_weak"),
        [
            (Goal(2030, state=GoalState.PENDING), "目标待市下达", True),
            (Goal(2030, state=GoalState.WITHDRAWN), "目标不再下达", True),
            (Goal(2030, nature=Nature.JUDGEMENT, comparison=None), "凭材料认定", False),
            (Goal(2030, base_year=2025, entered=Decimal(13)), "等年度值换算", True),
            (Goal(None, nature=Nature.STANDING, value=Decimal(50)), "逐年核对", False),
        ],
    )
    def test_without_a_trend(self, goal, words, is_weak):
        assert self.said(terms={"goals": (goal,)}) == (words, is_weak, False)

    def test_no_goal_at_all(self):
        assert self.said(goals=()) == ("没有目标", True, False)

    def test_a_share_at_its_end(self):
        kept = {"is_share": True}
        assert self.said(values=((2025, 100),), terms=kept)[0] == "已达100%"

    def test_a_peak(self):
        peak = {"kind": "peak_by", "goals": (Goal(2030, Nature.EVENT, Comparison.BY_YEAR),)}
        rising = tuple(zip(range(2021, 2026), (10, 12, 13, 14, 14.5), strict=True))
        falling = tuple(zip(range(2021, 2026), (10, 12, 13, 12, 11), strict=True))
        assert self.said(values=rising, terms=peak) == ("仍在上升", False, False)
        assert self.said(values=falling, terms=peak) == ("疑似达峰", False, False)
        assert self.said(values=rising[:2], terms=peak) == ("数据不足4年", True, False)


def test_who_answers_for_it():
    led = row(target={"lead": agency("fgj", "区发改局")})
    assert (led.owner, led.has_owner) == ("区发改局", True)
    assert (row().owner, row().has_owner) == ("待指定", False)


class TestGroups:
    def groups(self, *rows, **more):
        return {g.kind: [r.code for r in g.rows] for g in overview_rows(rows, PERIOD, **more)}

    def test_each_target_is_in_one(self):
        found = self.groups(
            judged("T01", values=((2025, 21),)),
            judged("T02", values=((2025, 19),)),
            judged("T03"),
            judged("T04", values=((2025, 18),), target={"is_headline": True}),
        )
        assert found == {
            RowGroupKind.HEADLINE: ["T04"],
            RowGroupKind.SHORT: ["T02"],
            RowGroupKind.OPEN: ["T03"],
            RowGroupKind.MET: ["T01"],
        }

    def test_worst_first(self):
        found = self.groups(
            judged("T01", values=((2025, 19),)),
            judged("T02", values=TestOutlook.LINE, goals=((2030, 40),)),
            judged("T03", values=((2025, 17),)),
        )
        assert found == {RowGroupKind.SHORT: ["T03", "T01", "T02"]}

    def test_to_be_settled_again_before_what_stands(self):
        one, other = row("T01", values=((2025, 21),)), row("T02", values=((2025, 21),))
        again = settled(other, Verdict.ACHIEVED, is_outdated=True)
        kept = settled(one, Verdict.ACHIEVED)
        assert self.groups(kept.judged, again.judged) == {RowGroupKind.MET: ["T02", "T01"]}

    def test_a_peak_that_still_rises_falls_short(self):
        goal = Goal(2030, Nature.EVENT, Comparison.BY_YEAR)
        values = tuple(zip(range(2021, 2026), (10, 12, 13, 14, 14.5), strict=True))
        peak = judged("T01", values=values, terms={"kind": "peak_by", "goals": (goal,)})
        assert self.groups(peak) == {RowGroupKind.SHORT: ["T01"]}

    def test_what_they_say_of_themselves(self):
        group, *_ = overview_rows([judged(values=((2025, 21),))], PERIOD)
        assert (group.label, group.note) == ("已达到，或预计可达", "1项，须保持到2030年")

    def test_after_the_last_milestone_year(self):
        later = replace(YEARS, today=datetime.date(2031, 2, 1))
        group, *_ = overview_rows([judged(values=((2030, 23),), years=later)], PERIOD)
        assert (group.rows[0].verdict.words, group.note) == ("达标", "1项，须保持")

    def test_none(self):
        assert overview_rows([], PERIOD) == ()
