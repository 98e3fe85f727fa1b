"""Yearly rates inside cumulative reductions; numbers computed by hand."""

from dataclasses import replace

import pytest
from django.urls import reverse

from targets import rules
from targets.choices import Pace, TargetKind
from targets.models import Observation
from targets.rules import AnnualRate, Goal, Terms
from targets.services import record_observations
from tests.factories.cast import make_cast
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.unit.targets.terms import D, actual

# 1 − 0.97ⁿ: five years of 3 % are 14.13 %, not 15.
CHAINED = (
    (2021, "3"),
    (2022, "5.91"),
    (2023, "8.7327"),
    (2024, "11.470719"),
    (2025, "14.12659743"),
)


def reduction(*values, **facts):
    terms = Terms(
        "reduction",
        (Goal(2025, value=D(15)),),
        tuple(actual(year, value) for year, value in values),
        pace="geometric",
        unit="%",
        decimals=2,
        baseline_year=2020,
        baseline_value=D(0),
    )
    return replace(terms, **facts)


def found(terms):
    return [
        (rate.first_year, rate.year, round(rate.percent, 3)) for rate in rules.yearly_rates(terms)
    ]


def test_five_years_of_three_percent():
    terms = reduction(*CHAINED)
    assert found(terms) == [(year, year, D("3.000")) for year in range(2021, 2026)]
    assert rules.chained_sentence(rules.yearly_rates(terms)) == (
        "各年降低率连乘为14.13%；逐年相加会得15.00%，多出0.87个百分点，所以不能相加。"
    )


def test_fifteen_percent_needs_3_198_a_year():
    (need,) = rules.needed_rates(reduction())
    assert (need.year, round(need.percent, 3)) == (2025, D("3.198"))


def test_years_without_a_value_get_the_even_rate():
    # From 3 % to 8.7327 % in two years is 3 % a year.
    assert found(reduction(CHAINED[0], CHAINED[2])) == [
        (2021, 2021, D("3.000")),
        (2022, 2023, D("3.000")),
    ]


def test_a_rise_is_negative():
    # From 5 to 4 %: 0.96 / 0.95 = 1.0105.
    assert found(reduction((2021, "5"), (2022, "4")))[1] == (2022, 2022, D("-1.053"))


def test_bases_are_never_chained():
    # 7.3 % of another basis follows 2.7 % of the own one: it stands by itself from 2020 on.
    terms = reduction((2021, "2.7"))
    other = actual(2023, "7.3", basis="扣除原料用能和非化石能源")
    terms = replace(terms, actuals=(*terms.actuals, other))
    assert found(terms) == [(2021, 2023, D("2.495"))]


@pytest.mark.parametrize("facts", [{"pace": "linear"}, {"baseline_year": None}])
def test_other_targets_have_none(facts):
    assert rules.yearly_rates(reduction(*CHAINED, **facts)) == ()
    assert rules.needed_rates(reduction(**facts)) == ()


def test_the_assigned_reduction_has_them_and_the_assigned_amount_has_not():
    terms = reduction(*CHAINED, kind="assigned", pace="assigned")
    assert len(rules.yearly_rates(terms)) == 5
    assert rules.yearly_rates(replace(terms, unit="万吨")) == ()


@pytest.mark.parametrize("value", ["100", "120"])
def test_nothing_is_left_of_a_hundred(value):
    assert found(reduction((2021, value), (2022, "3"))) == [(2021, 2022, D("1.511"))]


def test_one_rate_has_no_sentence():
    assert rules.chained_sentence(rules.yearly_rates(reduction(CHAINED[0]))) == ""


def published(*percents, first=2021, basis=""):
    return [AnnualRate(first + n, D(percent), basis) for n, percent in enumerate(percents)]


@pytest.mark.parametrize(
    ("stated", "rates", "sentence"),
    [
        ("14.13", published(*["3"] * 5), "各年降低率连乘为14.13%，与填报的累计14.13%一致。"),
        (
            "15",
            published(*["3"] * 5),
            "各年降低率连乘为14.13%，与填报的累计15.00%不一致，相差0.87个百分点"
            "；填报值是逐年相加的，应当连乘。",
        ),
        ("15", published("3", "3", "3", "3"), "缺2025年的年度降低率，不能核对累计降低率。"),
    ],
)
def test_published_rates_are_chained_against_the_cumulative_value(stated, rates, sentence):
    terms = reduction((2025, stated))
    told = rules.published_sentence(terms, rates)
    assert told == f"按公布的年度降低率核对到2025年：{sentence}"


def test_the_value_that_differs_is_named_before_newer_ones_that_agree():
    # 0.97 × 0.96 = 0.9312: 6.88 % after two years, not 7.
    terms = reduction((2021, "3"), (2022, "7"), (2023, "9.67"))
    told = rules.published_sentence(terms, published("3", "4", "3"))
    assert told.startswith(
        "按公布的年度降低率核对到2022年：各年降低率连乘为6.88%，与填报的累计7.00%"
    )


def test_published_rates_of_another_basis_are_left_out():
    terms = reduction(CHAINED[0])
    assert rules.published_sentence(terms, published("3", basis="扣除原料用能")) == ""
    assert rules.published_sentence(replace(terms, pace="linear"), published("3")) == ""


def test_published_stands_beside_derived_of_its_own_year():
    rows = rules.rate_rows(reduction(CHAINED[0], CHAINED[2]), published("3.1", "2.9", "3"))
    assert [
        (r.first_year, r.year, r.derived and round(r.derived, 2), r.published) for r in rows
    ] == [
        (2021, 2021, D("3.00"), D("3.1")),
        (2022, 2022, None, D("2.9")),
        (2023, 2023, None, D("3")),
        (2022, 2023, D("3.00"), None),
    ]


@pytest.mark.django_db
def test_a_corrected_rate_is_a_new_version_and_a_report_keeps_it():
    target = TargetFactory(code="T01", kind=TargetKind.REDUCTION)
    facts = {"target": target, "year": 2021, "grade": "final", "source": "统计公报"}

    def keep(new, known):
        new.annual_rate = known.annual_rate

    def record(value, complete=None, **more):
        row = Observation(**facts, value=D(value), **more)
        (new,) = record_observations(observations=[row], by=None, complete=complete)
        return new.version, new.annual_rate

    assert record("3", annual_rate=D("3.1")) == (1, D("3.1"))
    assert record("3", annual_rate=D("3.2"), reason="公报订正") == (2, D("3.2"))
    assert record("3.3", complete=keep, reason="核定") == (3, D("3.2"))


@pytest.mark.django_db
def test_the_page_shows_them(client):
    client.force_login(make_cast()["孙领导"])
    target = TargetFactory(
        code="T01", kind=TargetKind.REDUCTION, pace=Pace.GEOMETRIC, decimals=2, baseline_value=D(0)
    )
    MilestoneFactory(target=target, value=D(15))
    for year, value in CHAINED:
        ObservationFactory(target=target, year=year, value=round(D(value), 4), annual_rate=D("3.2"))
    text = client.get(reverse("targets:detail", args=["T01"])).content.decode()
    assert "各年降低率连乘为14.13%" in text
    assert "3.198%" in text
    # 1 − 0.968⁵ = 15.01 %
    assert (
        "按公布的年度降低率核对到2025年：各年降低率连乘为15.01%，与填报的累计14.13%不一致" in text
    )
    other = TargetFactory(code="T02")
    assert 'id="rates"' not in client.get(other.get_absolute_url()).content.decode()
