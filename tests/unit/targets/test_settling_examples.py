"""Each kind of target and each trap of the plan's numbers, worked by hand."""

from dataclasses import replace

import pytest

from targets import rules
from targets.rules import Goal, JudgingRules, Level, Prospect, Terms, Verdict
from tests.unit.targets.terms import TODAY, D, actual, reduction, share


def judge(terms, year=2025, today_year=2026):
    return rules.judge(terms, year, today_year=today_year)


def annual(first, *values, grade="final", **more):
    return tuple(actual(first + n, value, grade, **more) for n, value in enumerate(values))


def outlook(terms):
    return rules.outlook(terms, 2030, today_year=2026)


AT_LEAST = share(
    *((2020 + n, v) for n, v in enumerate(("16.8", "17.2", "17.7", "18.3", "18.8", "19.2"))),
)
BELOW = Terms(
    "below",
    (Goal(2025, comparison="below", value=D("1.3")),),
    annual(2022, "1.36", "1.34", "1.32", "1.30"),
    pace="step",
    decimals=2,
)
AT_MOST = Terms(
    "at_most",
    (Goal(2025, comparison="at_most", value=D("1.3")),),
    annual(2022, "1.36", "1.34", "1.32", "1.30"),
    pace="step",
    decimals=2,
)
ABOUT = Terms(
    "about",
    (
        Goal(2025, comparison="about", value=D("15.38")),
        Goal(2030, comparison="about", value=D("15.38")),
    ),
    annual(2022, "15.37", "15.38", "15.39", "15.38"),
    pace="hold",
    unit="%",
    decimals=2,
)
REDUCTION = reduction(
    15, *((2021 + n, v) for n, v in enumerate(("2.92", "6.05", "9.21", "12.48", "15.60")))
)
COVERAGE = Terms(
    "full_coverage",
    (Goal(2025, comparison="equal", value=D(100)),),
    annual(2022, "96", "98.5", "99.9", "100"),
    unit="%",
    is_share=True,
)
PEAK = Terms(
    "peak_by",
    (Goal(2030, nature="event", comparison="by_year"),),
    annual(2021, "401.0", "409.3", "415.2", "420.0", "423.8"),
    pace="manual",
    unit="万吨",
)
ASSIGNED = Terms(
    "assigned",
    (Goal(2025, state="pending"), Goal(2030, state="pending")),
    annual(2021, "3.10", "6.40", "9.80", "13.00", "16.10"),
    pace="assigned",
    unit="%",
)
QUALITATIVE = Terms("qualitative", (Goal(2025, nature="judgement", comparison=""),), pace="manual")
STRIVEN = replace(AT_LEAST, is_striven=True, goals=(Goal(2025, value=D(50)),), baseline_value=None)


class TestEachKind:
    @pytest.mark.parametrize(
        ("terms", "verdict", "level", "prospect"),
        [
            (AT_LEAST, Verdict.MISSED, Level.ORANGE, Prospect.UNCERTAIN),
            (BELOW, Verdict.MISSED, Level.ORANGE, Prospect.NOT_PROJECTED),
            (AT_MOST, Verdict.ACHIEVED, Level.GREEN, Prospect.NOT_PROJECTED),
            (ABOUT, Verdict.ACHIEVED, Level.GREEN, Prospect.LIKELY),
            (REDUCTION, Verdict.ACHIEVED, Level.GREEN, Prospect.LIKELY),
            (COVERAGE, Verdict.ACHIEVED, Level.GREEN, Prospect.NOT_PROJECTED),
            (PEAK, Verdict.NOT_APPLICABLE, Level.GREY, Prospect.NOT_PROJECTED),
            (ASSIGNED, Verdict.PENDING, Level.GREY, Prospect.NOT_PROJECTED),
            (QUALITATIVE, Verdict.TO_RECOGNISE, Level.GREY, Prospect.NOT_PROJECTED),
            (STRIVEN, Verdict.FELL_SHORT, Level.ORANGE, Prospect.UNLIKELY),
        ],
    )
    def test_verdict_light_and_outlook(self, terms, verdict, level, prospect):
        assert judge(terms).verdict == verdict
        assert rules.light(terms).level == level
        assert outlook(terms).prospect == prospect

    @pytest.mark.parametrize(
        "terms", [AT_LEAST, BELOW, ABOUT, REDUCTION, COVERAGE, PEAK, ASSIGNED, QUALITATIVE, STRIVEN]
    )
    def test_each_says_one_sentence(self, terms):
        for words in (
            rules.verdict_sentence(terms, judge(terms)),
            rules.outlook_sentence(terms, outlook(terms), today=TODAY),
        ):
            assert words.endswith("。")
            assert words.count("。") == 1
            assert "None" not in words

    @pytest.mark.parametrize(
        "terms", [AT_LEAST, BELOW, AT_MOST, ABOUT, REDUCTION, COVERAGE, ASSIGNED, STRIVEN]
    )
    def test_without_values_nothing_is_lit_met_or_projected(self, terms):
        empty = replace(terms, actuals=(), baseline_value=None)
        assert rules.light(empty).level == Level.GREY
        assert judge(empty).verdict in {Verdict.MISSING, Verdict.PENDING}
        assert outlook(empty).projection is None


class TestTraps:
    def test_1_rates_compound(self):
        """12.48 in 2024 and 3.56 in 2025: 1 − 0.8752 · 0.9644 = 15.5957, not 16.04."""
        assert rules.chain([D("12.48"), D("3.56")]).quantize(D("0.0001")) == D("15.5957")

    def test_2_price_bases_are_bridged_by_rates_never_by_values(self):
        """吨标煤/万元 at prices of 2020 and of 2025 stand side by side, they are not a series."""
        terms = Terms(
            "at_most",
            (Goal(2030, comparison="at_most", value=D("0.4000")),),
            (
                *annual(2023, "0.4620", "0.4510", "0.4400", basis="2020年价"),
                *annual(2026, "0.3900", basis="2025年价"),
            ),
            basis="2020年价",
        )
        assert [a.year for a in terms.series] == [2026]
        assert rules.light(terms).reason == "口径变更待确认"
        assert rules.outlook(terms, 2030, today_year=2027).projection is None

    def test_3_a_mixed_basis_would_turn_missed_into_achieved(self):
        """13.3 as promised is short of 15; 17.3 after deductions is of another basis."""
        terms = replace(reduction(15, (2025, "13.3")), basis="不扣除")
        other = actual(2025, "17.3", basis="扣除原料用能和非化石能源")
        for actuals in ((*terms.actuals, other), (other, *terms.actuals)):
            assert judge(replace(terms, actuals=actuals)).verdict == Verdict.MISSED
        assert judge(replace(terms, actuals=(other,))).verdict == Verdict.BASIS_CHANGED

    def test_4_a_revision_is_a_question_not_a_flip(self):
        then = rules.grounds_of(share(), Goal(2025, value=D(20)), 1, actual(2025, "20.1"), 1)
        now = replace(then, actual=actual(2025, "19.8"), observation_version=2)
        assert rules.is_outdated(then, now)

    def test_5_a_value_that_never_comes(self):
        """单位GDP能耗 of 2030 after the turn to 碳排放双控."""
        terms = replace(REDUCTION, goals=(*REDUCTION.goals, Goal(2030, state="withdrawn")))
        assert judge(terms, 2030, 2031).verdict == Verdict.NOT_APPLICABLE
        assert (outlook(terms).prospect, outlook(terms).reason) == (
            Prospect.NOT_PROJECTED,
            "目标不再下达",
        )

    def test_7_a_number_of_the_city_does_not_settle_the_district(self):
        terms = replace(AT_LEAST, basis="区级", actuals=annual(2025, "21", basis="市级口径"))
        assert judge(terms).verdict == Verdict.BASIS_CHANGED

    def test_8_the_forest_measured_anew(self):
        """54.11 of the new series says nothing of 15.38; unmarked it is above the band."""
        marked = replace(ABOUT, actuals=annual(2025, "54.11", basis="林草湿与三调融合"))
        assert judge(marked).verdict == Verdict.BASIS_CHANGED
        unmarked = judge(replace(ABOUT, actuals=annual(2025, "54.11")))
        assert (unmarked.verdict, unmarked.is_above_band) == (Verdict.ACHIEVED, True)

    def test_9_last_years_value_and_a_newer_one_settle_nothing(self):
        assert judge(share((2024, "21"), (2026, "21"))).verdict == Verdict.MISSING

    def test_10_nothing_new_was_built(self):
        terms = replace(COVERAGE, actuals=(actual(2025, None, not_applicable=True),))
        assert judge(terms).verdict == Verdict.NOT_APPLICABLE
        assert rules.light(terms).level == Level.GREY
        assert outlook(terms).prospect == Prospect.TOO_LITTLE

    def test_11_a_rise_is_a_negative_reduction(self):
        assert rules.light(reduction(15, (2021, "-0.1"))).reason == "不降反升"
        assert rules.chain([D(3), D(-1)]) == D("2.03")

    @pytest.mark.parametrize(
        ("comparison", "today", "verdict"),
        [
            ("before_year", 2029, Verdict.AHEAD),
            ("before_year", 2030, Verdict.TO_RECOGNISE),
            ("by_year", 2030, Verdict.AHEAD),
            ("by_year", 2031, Verdict.TO_RECOGNISE),
        ],
    )
    def test_12_before_a_year_and_by_a_year(self, comparison, today, verdict):
        terms = replace(PEAK, goals=(Goal(2030, nature="event", comparison=comparison),))
        assert judge(terms, 2030, today).verdict == verdict


class TestRulesOfTheirTime:
    def test_a_light_of_the_past_keeps_its_rule(self):
        """19.2 of 20 is 4 % short: 二级 at 10 %, 一级 at 3 %."""
        past, now = JudgingRules(), JudgingRules(2, near_percent=D(3))
        assert rules.light(AT_LEAST.under(past)).level == Level.ORANGE
        assert rules.light(AT_LEAST.under(now)).level == Level.RED
        assert judge(AT_LEAST.under(past)) == judge(AT_LEAST.under(now))
