"""Yearly rates inside cumulative reductions; numbers computed by hand."""

from dataclasses import replace

import pytest
from django.urls import reverse

from targets import rules
from targets.choices import Pace, TargetKind
from targets.rules import Goal, Terms
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


@pytest.mark.django_db
def test_the_page_shows_them(client):
    client.force_login(make_cast()["孙领导"])
    target = TargetFactory(
        code="T01", kind=TargetKind.REDUCTION, pace=Pace.GEOMETRIC, decimals=2, baseline_value=D(0)
    )
    MilestoneFactory(target=target, value=D(15))
    for year, value in CHAINED:
        ObservationFactory(target=target, year=year, value=round(D(value), 4))
    text = client.get(reverse("targets:detail", args=["T01"])).content.decode()
    assert "各年降低率连乘为14.13%" in text
    assert "3.198%" in text
    other = TargetFactory(code="T02")
    assert 'id="rates"' not in client.get(other.get_absolute_url()).content.decode()
