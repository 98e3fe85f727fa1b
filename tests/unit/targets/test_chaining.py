"""Annual rates and the cumulative one, against numbers computed by hand or published."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from targets import rules
from targets.rules import AnnualRate, Verdict
from tests.unit.targets.terms import D, cents, reduction


class TestChain:
    def test_three_percent_five_times(self):
        """方案 asks for 15; five years of 3 % are 14.13 %: short, not met."""
        made = rules.chain([D(3)] * 5)
        assert made == D("14.1265974300")
        terms = reduction(15, (2025, made))
        assert rules.judge(terms, 2025, today_year=2026).verdict == Verdict.MISSED

    def test_fifteen_in_five_years_needs(self):
        assert cents(rules.annual_rate(D(15), 5), "0.001") == D("3.198")
        assert rules.annual_rate(D(3), 1) == 3
        assert rules.annual_rate(D(0), 5) == 0

    def test_the_required_line_has_that_rate_every_year(self):
        line = [rules.required(reduction(15, decimals=9), year) for year in range(2020, 2026)]
        rates = [rules.rate_between(*pair) for pair in itertools.pairwise(line)]
        assert {cents(rate, "0.001") for rate in rates} == {D("3.198")}
        assert cents(rules.chain(rates), "1e-9") == 15

    def test_a_rise_gives_back(self):
        assert rules.chain([D(10), D(-10)]) == 1
        assert rules.chain([]) == 0
        assert rules.rate_between(D(100), D(100)) is None

    @pytest.mark.parametrize(
        ("stated", "agrees", "is_sum", "words"),
        [
            ("14.13", True, False, "各年降低率连乘为14.13%，与填报的累计14.13%一致。"),
            (
                "15",
                False,
                True,
                "各年降低率连乘为14.13%，与填报的累计15.00%不一致，相差0.87个百分点；"
                "填报值是逐年相加的，应当连乘。",
            ),
            (
                "13",
                False,
                False,
                "各年降低率连乘为14.13%，与填报的累计13.00%不一致，相差1.13个百分点。",
            ),
        ],
    )
    def test_the_stated_reduction_is_checked(self, stated, agrees, is_sum, words):
        rates = [AnnualRate(year, D(3)) for year in range(2021, 2026)]
        found = rules.check_chain(rates, D(stated), base_year=2020, year=2025)
        assert (found.agrees, found.is_sum) == (agrees, is_sum)
        assert rules.chain_sentence(found) == words

    def test_agreement_ends_where_rounding_cannot_explain_it(self):
        """Five rates of 3.00 mean 2.995 to 3.005: 14.1045 to 14.1487, stated to half a cent."""
        rates = [AnnualRate(year, D(3)) for year in range(2021, 2026)]
        stated = ["14.09", "14.10", "14.15", "14.16"]
        agrees = [
            rules.check_chain(rates, D(text), base_year=2020, year=2025).agrees for text in stated
        ]
        assert agrees == [False, True, True, False]

    @pytest.mark.parametrize(
        ("years", "problem"),
        [
            ((2021, 2022, 2024), "缺2023年的年度降低率"),
            ((2021, 2022, 2023, 2023, 2024), "2023年的年度降低率重复或不在2020—2024年之内"),
            ((2020, 2021, 2022, 2023, 2024), "2020年的年度降低率重复或不在2020—2024年之内"),
        ],
    )
    def test_a_chain_has_every_year_once(self, years, problem):
        rates = [AnnualRate(year, D(3)) for year in years]
        found = rules.check_chain(rates, D(12), base_year=2020, year=2024)
        assert (found.compounded, found.agrees, found.problem) == (None, False, problem)
        assert rules.chain_sentence(found) == f"{problem}，不能核对累计降低率。"

    def test_rates_of_two_bases_are_not_chained(self):
        """2.7, 0.1 and 0.5 as first published are 3.28 %; by the new basis 7.3 %."""
        rates = [AnnualRate(2021, D("2.7")), AnnualRate(2022, D("0.1")), AnnualRate(2023, D("0.5"))]
        found = rules.check_chain(rates, D("3.3"), base_year=2020, year=2023, decimals=1)
        assert found.agrees
        assert cents(found.compounded, "0.01") == D("3.28")
        mixed = [*rates, AnnualRate(2024, D("3.8"), basis="扣除原料用能和非化石能源")]
        found = rules.check_chain(mixed, D("11"), base_year=2020, year=2024)
        assert found.problem == "各年降低率口径不同"

    @settings(deadline=None)
    @given(st.lists(st.decimals("-5", "15", places=2), min_size=1, max_size=10))
    def test_order_does_not_matter_and_the_sum_is_never_less(self, rates):
        assert cents(rules.chain(rates), "1e-12") == cents(rules.chain(rates[::-1]), "1e-12")
        if all(rate >= 0 for rate in rates):
            assert rules.chain(rates) <= sum(rates)
