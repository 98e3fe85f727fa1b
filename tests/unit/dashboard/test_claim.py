"""The claim and why: each pattern of the sentence, for any milestone year ahead."""

from decimal import Decimal

import pytest

from dashboard.rules.overview.claim import (
    GoalAhead,
    GoalStanding,
    PlanScope,
    claim,
    going_of,
    judged_as,
    why,
)
from targets.rules import Goal, Judgement, Level, Outlook, Peak, Prospect, Verdict
from targets.rules.words.provenance import Stamp
from tests.unit.dashboard.sentences import plain_text

YEAR = PlanScope(2030, 2025, targets=26, goals=20, aims=24, headlines=6)


def aim(name="甲", going=GoalStanding.LIKELY, **facts):
    return GoalAhead(name, f"/targets/{name}/", going, **{"is_headline": True} | facts)


def said(*aims, outset=YEAR):
    return plain_text(why(aims, outset))


LIKELY, UNCERTAIN, UNLIKELY = (
    aim(),
    aim(going=GoalStanding.UNCERTAIN),
    aim(going=GoalStanding.UNLIKELY),
)
RISING, PENDING, UNKNOWN = (
    aim(going=g) for g in (GoalStanding.RISING, GoalStanding.PENDING, GoalStanding.UNKNOWN)
)


class TestClaim:
    @pytest.mark.parametrize(
        ("aims", "words"),
        [
            ([UNLIKELY, PENDING, UNKNOWN, UNKNOWN], "按现趋势，2030年目标还不能全部实现"),
            ([RISING, LIKELY], "按现趋势，2030年目标还不能全部实现"),
            ([LIKELY, UNKNOWN, PENDING], "2030年目标能否实现，还不能判断"),
            ([LIKELY, UNKNOWN], "按现趋势，2030年目标可以实现"),
            ([LIKELY, LIKELY, UNCERTAIN], "按现趋势，2030年目标能否全部实现还不确定"),
            ([LIKELY, LIKELY, PENDING], "按现趋势，2030年目标能否全部实现还不确定"),
            ([LIKELY, LIKELY], "按现趋势，2030年目标可以实现"),
            ([], "2030年目标能否实现，还不能判断"),
        ],
    )
    def test_the_first_rule_that_applies(self, aims, words):
        assert claim(aims, YEAR) == words

    def test_what_is_only_striven_for_binds_nobody(self):
        striven = aim(going=GoalStanding.UNLIKELY, is_striven=True)
        assert claim([striven, LIKELY], YEAR) == "按现趋势，2030年目标可以实现"

    def test_any_year_ahead(self):
        later = PlanScope(2035, 2030, targets=26)
        assert claim([UNLIKELY], later) == "按现趋势，2035年目标还不能全部实现"

    @pytest.mark.parametrize(
        ("aims", "words"),
        [
            ([UNLIKELY, LIKELY], "按现有数据，2030年目标没有全部实现"),
            ([UNKNOWN, UNKNOWN, LIKELY], "2030年目标是否实现，还不能判断"),
            ([LIKELY, PENDING], "按现有数据，2030年目标是否全部实现还不确定"),
            ([LIKELY], "按现有数据，2030年目标已经实现"),
        ],
    )
    def test_once_the_year_is_over_its_verdicts_count(self, aims, words):
        assert claim(aims, PlanScope(2030, 2030, is_over=True, targets=26)) == words

    def test_without_values_or_a_plan(self):
        empty = PlanScope(2030, 2025, targets=26, has_values=False)
        assert claim([UNKNOWN], empty) == "还不能说进展，先看方案的要求"
        assert claim([], PlanScope(2030, 2025)) == "还没有载入实施方案"


class TestGoing:
    def test_of_a_trend(self):
        goal = Goal(2030, value=Decimal(22))
        going = {p: going_of(Outlook(p, 2030, goal=goal)) for p in Prospect}
        assert going == {
            Prospect.LIKELY: GoalStanding.LIKELY,
            Prospect.UNCERTAIN: GoalStanding.UNCERTAIN,
            Prospect.UNLIKELY: GoalStanding.UNLIKELY,
            Prospect.TOO_LITTLE: GoalStanding.UNKNOWN,
            Prospect.NOT_PROJECTED: GoalStanding.UNKNOWN,
        }
        pending = Outlook(Prospect.NOT_PROJECTED, 2030, goal=Goal(2030, state="pending"))
        assert going_of(pending) == GoalStanding.PENDING

    @pytest.mark.parametrize(
        ("level", "change", "going", "over"),
        [
            (Level.RED, 2, GoalStanding.RISING, GoalStanding.UNLIKELY),
            (Level.ORANGE, "0.9", GoalStanding.RISING, GoalStanding.UNCERTAIN),
            (Level.ORANGE, 0, GoalStanding.UNCERTAIN, GoalStanding.UNCERTAIN),
            (Level.GREEN, -1, GoalStanding.LIKELY, GoalStanding.LIKELY),
            (Level.GREY, None, GoalStanding.UNKNOWN, GoalStanding.UNKNOWN),
        ],
    )
    def test_of_a_peak(self, level, change, going, over):
        percent = None if change is None else Decimal(change)
        peak = Peak(level, "仍在上升", last_change_percent=percent)
        found = Outlook(Prospect.NOT_PROJECTED, 2030, goal=Goal(2030), peak=peak)
        assert going_of(found) == going
        assert judged_as(Judgement(Verdict.TO_RECOGNISE, 2030), peak) == over

    @pytest.mark.parametrize(
        ("verdict", "outcome", "going"),
        [
            (Verdict.ACHIEVED, Verdict.ACHIEVED, GoalStanding.LIKELY),
            (Verdict.PROVISIONAL, Verdict.MISSED, GoalStanding.UNLIKELY),
            (Verdict.PENDING, None, GoalStanding.PENDING),
            (Verdict.MISSING, None, GoalStanding.UNKNOWN),
        ],
    )
    def test_of_a_verdict(self, verdict, outcome, going):
        assert judged_as(Judgement(verdict, 2030, outcome=outcome), None) == going


PEAK = aim(
    "二氧化碳排放",
    GoalStanding.RISING,
    state="仍在上升",
    change="2025年423.80万吨，比上年增长0.9%，增速放缓",
    stamp=Stamp.PRELIMINARY,
)
SLOW = aim("非化石能源比重", GoalStanding.UNCERTAIN, value="19.2%", lag="慢15个月")
SHORT = aim("森林蓄积量", GoalStanding.UNLIKELY, lag="快8个月", lacks="差0.50万立方米")
ENERGY = aim("单位GDP能耗", GoalStanding.PENDING, position=1)
CARBON = aim("单位GDP碳排放", GoalStanding.PENDING, position=2)


class TestWhy:
    def test_all_that_the_district_has_to_know(self):
        assert said(SHORT, CARBON, SLOW, ENERGY, PEAK) == (
            "二氧化碳排放仍在上升：2025年423.80万吨，比上年增长0.9%，增速放缓。"
            "非化石能源比重19.2%，比时序进度慢15个月；"
            "森林蓄积量眼下快8个月，按现趋势2030年仍差0.50万立方米。"
            "单位GDP能耗、单位GDP碳排放的2030年目标市里还没有下达。"
        )

    def test_names_lead_to_the_targets_and_figures_have_their_stamps(self):
        found = why([PEAK], YEAR)
        assert [p.text for p in found if p.url] == ["仍在上升"]
        assert [p.stamp for p in found if p.stamp] == [Stamp.PRELIMINARY]

    def test_what_there_is_none_of_is_dropped(self):
        assert said(SLOW) == "非化石能源比重19.2%，比时序进度慢15个月。"
        assert said(aim("甲", GoalStanding.UNLIKELY, lacks="差3.0个百分点"), LIKELY) == (
            "甲按现趋势2030年仍差3.0个百分点。"
        )

    def test_without_months_the_gap_to_the_goal_that_was_due(self):
        behind = aim("甲", value="2025年18.0%", gap="差2.0个百分点")
        assert said(behind) == "甲2025年18.0%，比2025年目标差2.0个百分点。"

    def test_at_most_four(self):
        many = [aim(f"甲{n}", GoalStanding.UNLIKELY, value="1%", lag="慢2个月") for n in range(6)]
        assert said(PEAK, *many).count("，比时序进度") == 3
        assert "甲3" not in said(PEAK, *many)

    def test_uncertain_ones_are_named_where_they_are_the_reason(self):
        unsure = aim("乙", GoalStanding.UNCERTAIN)
        assert said(unsure, LIKELY) == "乙按现趋势能否达到2030年目标还不确定。"
        assert "乙" not in said(unsure, UNLIKELY, SHORT)

    def test_another_target_where_no_headline_is_the_reason(self):
        other = aim("丙", GoalStanding.UNLIKELY, is_headline=False, lacks="差9.0个百分点")
        assert said(LIKELY, other) == "丙按现趋势2030年仍差9.0个百分点。"

    def test_without_any_reason_what_can_be_said_of_all(self):
        assert said(LIKELY, LIKELY) == "有自己目标的2项中，2项达到或预计可达，没有一项难以达到。"
        assert said(UNKNOWN, UNKNOWN, LIKELY) == "有自己目标的3项中，能看出趋势或结论的只有1项。"
        assert said(UNKNOWN) == "有自己目标的1项中，还没有一项能看出趋势。"

    def test_once_the_year_is_over(self):
        over = PlanScope(2030, 2030, is_over=True, targets=26)
        missed = aim(
            "甲", GoalStanding.UNLIKELY, value="2030年21.8%", gap="差0.2个百分点", lag="慢3个月"
        )
        assert said(missed, outset=over) == "甲2030年21.8%，比2030年目标差0.2个百分点。"

    def test_a_plan_without_any_value_says_what_is_asked_for(self):
        empty = PlanScope(2030, 2025, targets=26, goals=20, aims=24, headlines=6, has_values=False)
        assert said(UNKNOWN, outset=empty) == (
            "26项指标中，20项要求2025年达到，24项要求到2030年达到或保持；"
            "6项主要目标都还没有实际值。第一批年度值审核通过后，这里给出结论。"
        )
        assert said(outset=PlanScope(2030, 2025)) == ""
