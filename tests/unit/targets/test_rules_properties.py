"""What holds of the rules for any numbers, and the edges of each kind counted by hand."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from targets import rules
from targets.rules import Goal, JudgingRules, Level, Terms, Verdict
from tests.unit.targets.terms import D, actual, reduction, share

quick = settings(max_examples=50, deadline=None)
numbers = st.decimals("0.1", "150", places=2)
signed = st.decimals("-50", "150", places=2)
COMPARISONS = ("at_least", "equal", "at_most", "below", "about")
WORST_LAST = (Level.GREEN, Level.ORANGE, Level.RED)
KINDS = {"at_least": "at_least", "equal": "full_coverage", "about": "about"}


@st.composite
def any_terms(draw, least=0):
    """A target of any kind with a number, its goals of 2025 and 2030 and any annual values."""
    comparison = draw(st.sampled_from(COMPARISONS))
    values = draw(st.lists(signed, min_size=least, max_size=7))
    return Terms(
        KINDS.get(comparison, comparison),
        tuple(Goal(year, comparison=comparison, value=draw(numbers)) for year in (2025, 2030)),
        tuple(
            actual(2020 + n, value, draw(st.sampled_from(["final", "preliminary"])))
            for n, value in enumerate(values)
        ),
        pace=draw(st.sampled_from(["linear", "hold", "step"])),
        is_striven=draw(st.booleans()),
        baseline_year=2020,
        baseline_value=draw(st.none() | signed),
    )


def scaled(terms, factor):
    def times(value):
        return None if value is None else value * factor

    return replace(
        terms,
        decimals=terms.decimals - factor.adjusted(),
        baseline_value=times(terms.baseline_value),
        goals=tuple(replace(goal, value=times(goal.value)) for goal in terms.goals),
        actuals=tuple(replace(found, value=times(found.value)) for found in terms.actuals),
    )


class TestProperties:
    @quick
    @given(
        terms=any_terms(),
        factor=st.sampled_from([D("0.0001"), D("0.01"), D(10), D(10000)]),
    )
    def test_the_unit_changes_neither_light_nor_verdict(self, terms, factor):
        other = scaled(terms, factor)
        one, two = rules.light(terms), rules.light(other)
        assert (one.level, one.reason, one.year) == (two.level, two.reason, two.year)
        for year in (2025, 2030):
            found, again = (rules.judge(t, year, today_year=2031) for t in (terms, other))
            assert (found.label, found.met, found.is_above_band) == (
                again.label,
                again.met,
                again.is_above_band,
            )

    @quick
    @given(terms=any_terms(), order=st.permutations(range(9)))
    def test_neither_goals_nor_values_need_an_order(self, terms, order):
        other = replace(
            terms,
            goals=terms.goals[::-1],
            actuals=tuple(terms.actuals[n] for n in order if n < len(terms.actuals)),
        )
        assert rules.light(terms) == rules.light(other)
        assert rules.judge(terms, 2025, today_year=2031) == rules.judge(
            other, 2025, today_year=2031
        )
        assert [rules.required(terms, year) for year in range(2019, 2033)] == [
            rules.required(other, year) for year in range(2019, 2033)
        ]

    @quick
    @given(terms=any_terms())
    def test_without_data_there_is_neither_light_nor_verdict(self, terms):
        empty = replace(terms, actuals=())
        assert rules.light(empty).level == Level.GREY
        assert rules.light(empty).reason
        assert rules.judge(empty, 2025, today_year=2031).verdict == Verdict.MISSING

    @quick
    @given(terms=any_terms(least=1), better=st.decimals("0", "60", places=2))
    def test_a_better_value_never_has_a_worse_light(self, terms, better):
        if terms.kind == "about":
            terms = replace(terms, is_striven=False)
        last = terms.actuals[-1]
        gain = -better if terms.lower_is_better else better
        improved = replace(
            terms, actuals=(*terms.actuals[:-1], replace(last, value=last.value + gain))
        )
        before, after = rules.light(terms), rules.light(improved)
        if before.level == Level.GREY:
            assert after.level == Level.GREY
        else:
            assert WORST_LAST.index(after.level) <= WORST_LAST.index(before.level)

    @quick
    @given(terms=any_terms(least=1))
    def test_striving_caps_the_light_and_nothing_else(self, terms):
        firm, striven = (rules.light(replace(terms, is_striven=flag)) for flag in (False, True))
        if firm.level == Level.RED:
            assert striven.level == Level.ORANGE
            assert "力争目标最高到二级" in striven.reason
        else:
            assert striven == firm

    @quick
    @given(terms=any_terms(least=1))
    def test_a_provisional_value_looks_as_it_would_be_settled(self, terms):
        final, preliminary = (
            rules.judge(
                replace(
                    terms, actuals=tuple(replace(found, grade=grade) for found in terms.actuals)
                ),
                2025,
                today_year=2031,
            )
            for grade in ("final", "preliminary")
        )
        assert preliminary.verdict not in {Verdict.ACHIEVED, Verdict.MISSED}
        assert (final.met, final.shortfall) == (preliminary.met, preliminary.shortfall)

    @quick
    @given(
        first=st.decimals("1", "60", places=1),
        more=st.decimals("0", "30", places=1),
        pace=st.sampled_from(["linear", "geometric"]),
    )
    def test_quarter_by_quarter_the_requirement_never_falls(self, first, more, pace):
        terms = share(goals=((2025, first), (2030, first + more)), pace=pace, baseline_value=D(0))
        line = [
            rules.required_at(terms, year, quarter)
            for year in range(2021, 2032)
            for quarter in (1, 2, 3, 4)
        ]
        assert line == sorted(line)
        assert rules.required_at(terms, 2025, 4) == first


class TestEdgesOfTheTenth:
    """10 % of the required value may lack for 二级, the tenth included, one digit more is 一级."""

    @pytest.mark.parametrize(
        ("terms", "value", "level"),
        [
            # ≥20: a tenth of 20 is 2, so 18 is the edge.
            (share(goals=((2025, 20),)), "20", Level.GREEN),
            (share(goals=((2025, 20),)), "19.999", Level.ORANGE),
            (share(goals=((2025, 20),)), "18", Level.ORANGE),
            (share(goals=((2025, 20),)), "17.999", Level.RED),
            # A reduction of 15: a tenth is 1.5, so 13.5 is the edge.
            (reduction(15), "15", Level.GREEN),
            (reduction(15), "14.999", Level.ORANGE),
            (reduction(15), "13.5", Level.ORANGE),
            (reduction(15), "13.499", Level.RED),
            # 力争 50: the same edge at 45, but what lies below it stays 二级.
            (share(goals=((2025, 50),), is_striven=True), "50", Level.GREEN),
            (share(goals=((2025, 50),), is_striven=True), "45", Level.ORANGE),
            (share(goals=((2025, 50),), is_striven=True), "17", Level.ORANGE),
        ],
    )
    def test_more_is_better(self, terms, value, level):
        terms = replace(terms, actuals=(actual(2025, value),))
        assert rules.light(terms).level == level

    @pytest.mark.parametrize(
        ("comparison", "value", "level"),
        [
            # 1.3 and a tenth of it, 0.13, end at 1.43. 低于 does not include the number itself.
            ("at_most", "1.3", Level.GREEN),
            ("below", "1.2999", Level.GREEN),
            ("below", "1.3", Level.ORANGE),
            ("below", "1.43", Level.ORANGE),
            ("below", "1.4301", Level.RED),
            ("at_most", "1.3001", Level.ORANGE),
            ("at_most", "1.43", Level.ORANGE),
            ("at_most", "1.4301", Level.RED),
        ],
    )
    def test_less_is_better(self, comparison, value, level):
        goal = Goal(2025, comparison=comparison, value=D("1.3"))
        terms = Terms(comparison, (goal,), (actual(2025, value),), pace="step")
        assert rules.light(terms).level == level

    def test_within_the_way_the_tenth_is_of_that_years_requirement(self):
        """2023 asks for 16.8 + 3.2 · 3/5 = 18.72, printed 18.7; a tenth less is 16.83."""
        assert rules.light(share((2023, "16.83"))).level == Level.ORANGE
        assert rules.light(share((2023, "16.829"))).level == Level.RED
        assert rules.light(share((2023, "18.70"))).level == Level.GREEN
        assert rules.light(share((2023, "18.699"))).level == Level.ORANGE

    def test_standing_still_is_not_the_wrong_way(self):
        """The same value as the year before: only a change for the worse is 不降反升."""
        assert rules.light(share((2024, "19.2"), (2025, "19.2"))).level == Level.ORANGE
        assert rules.light(reduction(15, (2024, "15"), (2025, "15"))).level == Level.GREEN
        assert rules.light(reduction(15, (2024, "15"), (2025, "14.9"))).reason == "不降反升"

    def test_the_gap_is_the_share_of_the_requirement(self):
        """(20 − 19.2) ÷ 20 = 4 %, as 晴雨表 counts it."""
        assert rules.light(share((2025, "19.2"))).gap == D("0.04")
        assert rules.light(share((2025, "21"))).gap == D("-0.05")


class TestBefore2026:
    """绿色完整社区 “2026年之前50%以上”: strictly read it ends with 2025, both readings stand."""

    STRICT = Goal(2026, comparison="before_year", value=D(50))
    LATER = Goal(2026, value=D(50))

    def terms(self, goal, *values):
        return Terms("at_least", (goal,), tuple(actual(*value) for value in values), unit="%")

    @pytest.mark.parametrize(
        ("goal", "today_year", "verdict"),
        [
            (STRICT, 2025, Verdict.AHEAD),
            (STRICT, 2026, Verdict.ACHIEVED),
            (LATER, 2026, Verdict.AHEAD),
            (LATER, 2027, Verdict.MISSED),
        ],
    )
    def test_the_year_that_settles(self, goal, today_year, verdict):
        terms = self.terms(goal, (2025, "50"), (2026, "49.9"))
        assert rules.judge(terms, 2026, today_year=today_year).verdict == verdict

    def test_a_value_of_2026_comes_too_late(self):
        terms = self.terms(self.STRICT, (2025, "49.9"), (2026, "60"))
        assert rules.judge(terms, 2026, today_year=2027).verdict == Verdict.MISSED
        alone = self.terms(self.STRICT, (2026, "60"))
        assert rules.judge(alone, 2026, today_year=2027).verdict == Verdict.MISSING

    def test_the_line_ends_with_the_last_year_that_keeps_it(self):
        """From 0 in 2020: strictly 50 in 2025, else 50 · 5/6 = 41.67."""
        base = {"baseline_year": 2020, "baseline_value": D(0)}
        strict, later = (replace(self.terms(g), **base) for g in (self.STRICT, self.LATER))
        assert rules.required(strict, 2025) == 50
        assert rules.required(strict, 2026) == 50
        assert rules.required(later, 2025) == D("41.7")


class TestPublished:
    def test_a_setting_of_its_time_moves_the_edge(self):
        """5 % of 20 is 1: 19 is still 二级, 18.999 is 一级; before the change both were 二级."""
        stricter = JudgingRules(2, near_percent=D(5))
        for value, level in (("19", Level.ORANGE), ("18.999", Level.RED)):
            terms = share((2025, value))
            assert rules.light(terms.under(stricter)).level == level
            assert rules.light(terms.under(JudgingRules())).level == Level.ORANGE
