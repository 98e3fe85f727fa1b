"""Trend and outlook, against numbers computed by hand or published."""

import math
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from targets import rules
from targets.rules import FirstPublished, Goal, Prospect, Scale, Terms
from targets.rules.trends.trend import QUANTILES
from tests.unit.targets.terms import TODAY, D, actual, cents, reduction, share

SIX = (
    (2020, "16.8"),
    (2021, "17.2"),
    (2022, "17.7"),
    (2023, "18.3"),
    (2024, "18.8"),
    (2025, "19.2", "preliminary"),
)


def at_2030(terms):
    return rules.outlook(terms, 2030, today_year=2026)


def below(t, freedom):
    """The share of Student's t that lies below t: Abramowitz and Stegun 26.7.3 and 26.7.4."""
    angle = math.atan(t / math.sqrt(freedom))
    sine, cosine = math.sin(angle), math.cos(angle)
    if freedom % 2:
        term, total = cosine, 0.0
        for k in range(3, freedom + 1, 2):
            total += term
            term *= cosine * cosine * (k - 1) / k
        between = 2 / math.pi * (angle + sine * total)
    else:
        term, total = 1.0, 0.0
        for k in range(2, freedom + 1, 2):
            total += term
            term *= cosine * cosine * (k - 1) / k
        between = sine * total
    return 0.5 + between / 2


class TestQuantiles:
    @pytest.mark.parametrize(
        ("freedom", "published"),
        [(1, "3.078"), (2, "1.886"), (4, "1.533"), (8, "1.397"), (15, "1.341"), (30, "1.310")],
    )
    def test_are_those_of_a_published_table(self, freedom, published):
        """Biometrika Tables for Statisticians, vol. 1, 1966."""
        assert rules.quantile(freedom) == D(published)

    @pytest.mark.parametrize("freedom", range(1, 31))
    def test_nine_of_ten_lie_below_by_the_distribution_itself(self, freedom):
        t, half = float(QUANTILES[freedom - 1]), 0.0005
        assert below(t - half, freedom) <= 0.9 <= below(t + half, freedom)

    def test_beyond_the_table_the_interval_is_rather_too_wide(self):
        assert rules.quantile(31) == rules.quantile(400) == D("1.310")


class TestTrend:
    def test_four_points_by_hand(self):
        """Step 4/3, s² = (1/9 + 4/9 + 1/9)/2 = 1/3; in 2026 s² (2 + 4/3) = 10/9, t = 1.886."""
        line = rules.fit([(2021, D(1)), (2022, D(2)), (2023, D(4)), (2024, D(5))])
        assert (line.step, cents(line.variance, "1e-9")) == (Fraction(4, 3), D("0.333333333"))
        at = line.at(2026)
        assert (cents(at.expected), cents(at.low), cents(at.high)) == (
            D("7.6667"),
            D("5.6786"),
            D("9.6547"),
        )

    def test_six_points_by_hand(self):
        """Step 0.48, s² = 0.028/4; in 2030 s² (5 + 25/5) = 0.07, t = 1.533."""
        at = rules.trend(share(*SIX)).at(2030)
        assert (cents(at.expected), cents(at.low), cents(at.high)) == (
            D("21.6000"),
            D("21.1944"),
            D("22.0056"),
        )

    def test_three_points_are_too_few(self):
        assert rules.fit([(2021, D(1)), (2022, D(2)), (2023, D(4))]) is None

    def test_even_steps_are_no_wider_than_rounding_makes_them(self):
        """Steps of printed numbers: s = 0.1/√6; in 2030 0.1²/6 · (6 + 36/3) = 0.03, t = 1.886."""
        values = [(2021 + n, D("0.3") * (17 + n)) for n in range(4)]
        exact = rules.fit(values).at(2030)
        assert exact.low == exact.expected == exact.high == D("7.8")
        printed = rules.fit(values, unit=D("0.1")).at(2030)
        assert (printed.expected, cents(printed.high)) == (D("7.8"), D("8.1267"))

    def test_gaps_between_years_count_as_years(self):
        """Step 1; 5/5, 2/2, 3/3 deviate by nothing, and one that went ahead by 1 in two years."""
        line = rules.fit([(2015, D(10)), (2020, D(15)), (2022, D(17)), (2025, D(20))])
        assert line.at(2030).expected == 25
        assert line.variance == 0
        uneven = rules.fit([(2015, D(10)), (2020, D(15)), (2022, D(18)), (2025, D(20))])
        assert cents(uneven.variance) == cents((D(1) / 2 + D(1) / 3) / 2)

    def test_equal_yearly_rates_are_straight(self):
        """3 % a year for ten years are 26.2576 %, not the 28.x of a line through the rates."""
        values = [(2020 + n, (1 - D("0.97") ** n) * 100) for n in range(1, 6)]
        at = rules.fit(values, scale=Scale.REDUCTION).at(2030)
        assert cents(at.expected) == cents(at.low) == cents(at.high) == D("26.2576")
        assert cents(rules.trend(reduction(15, *values)).at(2030).expected) == D("26.2576")

    def test_a_reduction_of_all_is_not_compounded(self):
        values = [(2021, D(70)), (2022, D(80)), (2023, D(90)), (2024, D(100))]
        assert rules.fit(values, scale=Scale.REDUCTION).scale == Scale.PLAIN

    def test_a_share_stays_between_nothing_and_all(self):
        """90 after 50: odds 9 after 1, so that as much again is 98.78, not 130."""
        values = [(2021, D(50)), (2022, D("67.5")), (2023, D("81.25")), (2024, D(90))]
        at = rules.fit(values, scale=Scale.SHARE).at(2027)
        assert cents(at.expected) == D("98.7805")
        assert 0 < at.low < at.high < 100
        terms = share(*((year, str(value)) for year, value in values), is_share=True)
        assert rules.trend(terms).scale == Scale.SHARE
        quantity = replace(terms, is_share=False, unit="万立方米")
        assert rules.trend(quantity).at(2030).high > 100

    def test_a_share_that_was_nothing_once_is_taken_as_it_is(self):
        down = share((2022, "40"), (2023, "28"), (2024, "17"), (2025, "0"), is_share=True)
        assert rules.trend(down).scale == Scale.PLAIN
        assert rules.trend(down).at(2030).low == 0

    def test_what_is_going_to_be_revised_widens_the_interval(self):
        """r² = 0.3² of one revision: 0.07 + 0.09 = 0.16, and 1.533 · 0.4 to either side."""
        first = (FirstPublished(2023, D("18.0")),)
        at = rules.trend(share(*SIX, first_published=first)).at(2030)
        assert (cents(at.low), cents(at.high)) == (D("20.9868"), D("22.2132"))
        settled = (*SIX[:5], (2025, "19.2", "final"))
        assert rules.trend(share(*settled, first_published=first)).revision == 0

    def test_one_value_a_year_counts(self):
        twice = (*SIX[:3], (2022, "30", "estimate"))
        assert rules.trend(share(*twice)) is None


class TestOutlook:
    @pytest.mark.parametrize(
        ("goal", "prospect"),
        [
            ("21.19", Prospect.LIKELY),
            ("21.20", Prospect.UNCERTAIN),
            ("22.00", Prospect.UNCERTAIN),
            ("22.01", Prospect.UNLIKELY),
        ],
    )
    def test_the_whole_interval_decides(self, goal, prospect):
        terms = share(*SIX, goals=((2025, 20), (2030, goal)))
        assert at_2030(terms).prospect == prospect

    def test_lower_is_better_and_the_index_turns_round(self):
        values = tuple(actual(2021 + n, v) for n, v in enumerate(("1.5", "1.4", "1.35", "1.25")))
        found = at_2030(Terms("below", (Goal(2030, comparison="below", value=D("1.3")),), values))
        assert found.prospect == Prospect.LIKELY
        assert 100 < found.index.low < found.index.expected < found.index.high

    def test_a_band_is_kept_by_its_lower_side(self):
        terms = Terms(
            "about",
            (Goal(2030, comparison="about", value=D("15.38")),),
            tuple(actual(2021 + n, v) for n, v in enumerate(("15.37", "15.37", "15.38", "15.39"))),
            pace="hold",
            unit="%",
        )
        assert at_2030(terms).prospect == Prospect.LIKELY
        assert at_2030(terms).index.expected == 100
        falling = replace(
            terms,
            actuals=tuple(
                actual(2021 + n, v) for n, v in enumerate(("15.4", "15.2", "15.1", "14.9"))
            ),
        )
        assert at_2030(falling).prospect == Prospect.UNLIKELY

    def test_the_goal_of_the_year_itself_is_no_floor(self):
        goal, is_floor = rules.goal_ahead(share(), 2030)
        assert (goal.value, is_floor) == (22, False)
        goal, is_floor = rules.goal_ahead(share(), 2028)
        assert (goal.value, goal.year, is_floor) == (20, 2028, True)
        assert rules.goal_ahead(share(), 2025)[1] is False
        assert rules.goal_ahead(share(goals=((2030, 22),)), 2025) == (None, False)

    def test_the_index_is_a_share_of_the_goal(self):
        index = at_2030(share(*SIX)).index
        assert (
            cents(index.expected, "0.01"),
            cents(index.low, "0.01"),
            cents(index.high, "0.01"),
        ) == (
            D("98.18"),
            D("96.34"),
            D("100.03"),
        )

    def test_without_an_own_goal_the_one_before_is_a_floor(self):
        found = at_2030(share(*SIX, goals=((2025, 20),)))
        assert (found.goal, found.is_floor) == (Goal(2030, value=D(20)), True)
        assert found.prospect == Prospect.LIKELY

    @pytest.mark.parametrize(
        ("more", "reason"),
        [
            (
                {"goals": (Goal(None, nature="standing", value=D(50)),)},
                "长期要求，逐年按年度值核对",
            ),
            ({"pace": "step"}, "要求分阶段生效，逐年按年度值核对"),
            (
                {"is_flow": True, "is_share": True, "goals": (Goal(2030, value=D(100)),)},
                "当年新增部分须全部达到，逐年按年度值核对",
            ),
            (
                {"is_share": True, "goals": (Goal(2030, value=D(100)),)},
                "目标为全部达到，还差80.8个百分点",
            ),
        ],
    )
    def test_no_trend_leads_to_what_is_kept_or_not(self, more, reason):
        found = at_2030(replace(share(*SIX), **more))
        assert (found.prospect, found.reason) == (Prospect.NOT_PROJECTED, reason)
        assert (found.trend, found.projection) == (None, None)

    @pytest.mark.parametrize(
        ("last", "goal", "reason"),
        [
            ("98.2", 100, "接近上限，还差1.8个百分点"),
            ("90", 100, "接近上限，还差10.0个百分点"),
            ("89.9", 100, "目标为全部达到，还差10.1个百分点"),
            ("100", 100, "已达100%，须保持"),
            ("100", 75, "已达100%，须保持"),
        ],
    )
    def test_a_share_at_its_end_has_neither_interval_nor_word(self, last, goal, reason):
        values = ((2022, "80"), (2023, "88"), (2024, "95"), (2025, last))
        found = at_2030(share(*values, goals=((2030, goal),), is_share=True))
        assert (found.prospect, found.reason) == (Prospect.NOT_PROJECTED, reason)

    def test_a_percentage_that_is_no_share_is_projected(self):
        values = ((2022, "80"), (2023, "88"), (2024, "95"), (2025, "98.2"))
        assert at_2030(share(*values, goals=((2030, 100),))).projection is not None

    @pytest.mark.parametrize(
        ("values", "reason"),
        [
            ((), "还没有年度值，满4个才作外推"),
            (SIX[:3], "只有3个年度值，满4个才作外推"),
        ],
    )
    def test_too_little_says_how_much_there_is(self, values, reason):
        found = at_2030(share(*values))
        assert (found.prospect, found.reason) == (Prospect.TOO_LITTLE, reason)
        assert found.projection is None
        assert rules.outlook_sentence(share(*values), found, today=TODAY) == (
            f"2030年目标22%以上，数据不足（{reason}）。"
        )

    @pytest.mark.parametrize(
        ("goals", "year", "reason"),
        [
            ((), 2030, "方案没有提出2030年目标"),
            ((Goal(2030, state="pending"),), 2030, "目标待市下达"),
            ((Goal(2030, state="withdrawn"),), 2030, "目标不再下达"),
            ((Goal(2030, nature="judgement"),), 2030, "由区发改局凭材料认定"),
            ((Goal(2025, value=D(20)),), 2025, "2025年按年度值判定"),
        ],
    )
    def test_what_is_not_projected_says_why(self, goals, year, reason):
        terms = replace(share(*SIX), goals=goals)
        found = rules.outlook(terms, year, today_year=2026)
        assert (found.prospect, found.reason) == (Prospect.NOT_PROJECTED, reason)

    def test_a_goal_that_cannot_be_converted_yet_is_not_projected(self):
        goal = Goal(2030, base_year=2025, entered=D("13.5"))
        found = at_2030(replace(reduction(15), goals=(goal,)))
        assert found.reason == "还没有2025年的年度值，不能换算"

    @pytest.mark.parametrize(
        ("year", "today", "values", "is_over"),
        [
            (2025, 2026, SIX[:5], True),
            (2025, 2025, SIX[:5], False),
            (2025, 2025, SIX, True),
            (2026, 2025, SIX, False),
        ],
    )
    def test_a_year_is_over_with_its_value_or_its_end(self, year, today, values, is_over):
        terms = share(*values, goals=((year, 25),))
        found = rules.outlook(terms, year, today_year=today)
        assert (found.reason == f"{year}年按年度值判定") is is_over

    def test_a_share_near_its_end_is_projected_to_a_lower_goal(self):
        values = ((2022, "80"), (2023, "88"), (2024, "95"), (2025, "98.2"))
        found = at_2030(share(*values, goals=((2030, 75),), is_share=True))
        assert found.projection is not None

    def test_another_basis_is_neither_compared_nor_joined(self):
        terms = replace(share(*SIX), basis="旧口径")
        moved = replace(terms, actuals=(*terms.actuals, actual(2026, "30", basis="新口径")))
        found = rules.outlook(moved, 2030, today_year=2027)
        assert (found.prospect, found.reason) == (Prospect.NOT_PROJECTED, "口径变更待确认")
        mixed = replace(terms, actuals=(*terms.actuals[:3], actual(2022, 9, basis="新口径")))
        assert at_2030(mixed).prospect == Prospect.TOO_LITTLE

    @pytest.mark.parametrize(
        ("values", "reason"),
        [
            (
                (380, 400, 395, 390),
                "最高值在2023年，此后2个年度值未再突破；最高值之后已连降2年，疑似达峰，待认定",
            ),
            ((380, 390, 401, 409), "最高值在2025年，即最近一年；仍在上升，增速放缓"),
            ((380, 390), "数据不足4年，不判断"),
        ],
    )
    def test_a_peak_is_never_projected(self, values, reason):
        goal = Goal(2030, nature="event", comparison="by_year")
        terms = Terms(
            "peak_by", (goal,), tuple(actual(2022 + n, value) for n, value in enumerate(values))
        )
        found = at_2030(terms)
        assert (found.prospect, found.projection, found.reason) == (
            Prospect.NOT_PROJECTED,
            None,
            reason,
        )
        assert (
            rules.outlook_sentence(terms, found, today=TODAY)
            == f"目标2030年达峰，不作外推：{reason}。"
        )

    def test_the_sentence_has_the_numbers_of_the_chart(self):
        terms = share(*SIX)
        assert rules.outlook_sentence(terms, at_2030(terms), today=TODAY) == (
            "2030年目标22%以上，按2020—2025年趋势预计21.6%（80%区间21.2%—22.01%），"
            "不确定（外推，不是承诺）。"
        )
        floor = share(*SIX, goals=((2025, 20),))
        said = rules.outlook_sentence(floor, at_2030(floor), today=TODAY)
        assert said.startswith("2030年目标20%以上（巩固），")

    @settings(deadline=None)
    @given(
        values=st.lists(st.decimals("0", "100", places=2), min_size=4, max_size=8),
        digits=st.sampled_from([-3, 1, 3]),
        order=st.randoms(use_true_random=False),
    )
    def test_neither_unit_nor_order_changes_a_prospect(self, values, digits, order):
        factor = D(1).scaleb(digits)
        actuals = [actual(2018 + n, value) for n, value in enumerate(values)]
        terms = replace(share(), unit="万吨", decimals=4, actuals=tuple(actuals))
        scaled = replace(
            terms,
            decimals=4 - digits,
            baseline_value=terms.baseline_value * factor,
            goals=tuple(replace(goal, value=goal.value * factor) for goal in terms.goals),
            actuals=tuple(replace(a, value=a.value * factor) for a in actuals),
        )
        order.shuffle(actuals)
        shuffled = replace(terms, actuals=tuple(actuals))
        found = at_2030(terms)
        assert at_2030(scaled).prospect == found.prospect
        assert at_2030(shuffled) == found
        assert found.projection.low <= found.projection.expected <= found.projection.high
