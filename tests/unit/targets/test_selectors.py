"""Targets as pages read them: in one statement, exact, with every version."""

from decimal import Decimal

import pytest

from targets.models import Target
from targets.rules import Level, Verdict
from targets.selectors import judged_targets, target_detail
from tests.factories.agencies import AgencyFactory
from tests.factories.plan import DocumentFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory

pytestmark = pytest.mark.django_db

D = Decimal


@pytest.fixture
def target():
    found = TargetFactory(code="T88", accounting_basis="区级口径", baseline_value=D(60))
    MilestoneFactory(target=found, value=D(75))
    return found


def one(code="T88"):
    return next(row for row in judged_targets() if row.target.code == code)


def test_numbers_stay_exact(target):
    ObservationFactory(target=target, value=D("0.1234"))
    assert one().latest.value == D("0.1234")
    assert str(one().terms.goals[0].value) == "75.0000"


@pytest.mark.usefixtures("of_2026q3")
def test_only_what_is_in_force_and_annual_is_judged(target):
    ObservationFactory(target=target, value=D(70), is_current=False)
    ObservationFactory(target=target, value=D(76), version=2, reason="漏报")
    ObservationFactory(target=target, year=2026, quarter=1, value=D(10))
    MilestoneFactory(target=target, value=D(90), version=2, is_current=False)
    found = one()
    assert (found.settled.verdict, found.latest_year) == (Verdict.ACHIEVED, 2025)
    assert found.settled_goal == "≥75%"


def test_all_of_them_in_one_statement(target, django_assert_num_queries):
    for _ in range(5):
        ObservationFactory(target=MilestoneFactory().target)
    with django_assert_num_queries(1):
        rows = judged_targets()
        assert [(row.settled.label, row.light.level, row.target.lead.name) for row in rows]
    with django_assert_num_queries(1):
        assert len(judged_targets(targets=Target.objects.all())) == 6


def test_retired_ones_are_left_out_of_lists(target):
    Target.objects.update(retired_on="2026-01-01")
    assert judged_targets() == []
    assert target_detail(code="T88").target == target


def test_a_value_of_the_base_year_serves_where_the_plan_gives_none(target):
    Target.objects.update(baseline_value=None)
    ObservationFactory(target=target, year=2020, value=D(58), basis="另一口径")
    assert one().terms.baseline_value is None
    ObservationFactory(target=target, year=2020, value=D(61))
    assert one().terms.baseline_value == 61
    assert one().target.baseline_value is None


@pytest.mark.usefixtures("of_2026q3")
def test_the_targets_own_basis_may_be_named_or_not(target):
    ObservationFactory(target=target, year=2024, value=D(74))
    ObservationFactory(target=target, value=D(76), basis="区级口径")
    assert [actual.year for actual in one().terms.series] == [2024, 2025]
    assert one().settled.verdict == Verdict.ACHIEVED


@pytest.mark.usefixtures("of_2026q3")
def test_another_basis_is_not_compared(target):
    ObservationFactory(target=target, year=2024, value=D(74))
    ObservationFactory(target=target, value=D(99), basis="市级口径")
    found = one()
    assert found.settled.verdict == Verdict.BASIS_CHANGED
    assert (found.light.level, found.light.reason) == (Level.GREY, "口径变更待确认")
    assert [actual.year for actual in found.terms.series] == [2025]


def test_one_demonstration_value_marks_its_target(target):
    assert not one().has_demo
    ObservationFactory(target=target, is_demo=True, is_current=False)
    assert one().has_demo
    assert target_detail(code="T88").has_demo


def test_detail_and_list_judge_alike(target):
    ObservationFactory(target=target, year=2024, value=D("70.5"))
    ObservationFactory(target=target, value=D("74.9"), grade="preliminary")
    listed, shown = one(), target_detail(code="T88").judged
    assert listed.terms == shown.terms
    assert listed.settled == shown.settled
    assert listed.light == shown.light


def test_a_new_version_names_its_document_and_keeps_the_old(target):
    target.milestones.update(is_current=False)
    document = DocumentFactory(number="长发改〔2026〕8号")
    MilestoneFactory(
        target=target, value=D(80), version=2, document=document, effective_from="2026-11-01"
    )
    detail = target_detail(code="T88")
    row, old = detail.milestone_rows[0], detail.older_milestones[0]
    assert (row.label, row.text) == ("2025年", "≥80%")
    assert "长发改〔2026〕8号" in row.source
    assert (old.label, old.text) == ("2025年 第1版", "≥75%")


def test_responsible_agencies_in_the_plans_order(target):
    for position, name in ((2, "区乙局"), (1, "区甲局")):
        target.shares.create(agency=AgencyFactory(name=name), position=position)
    assert [agency.name for agency in target_detail(code="T88").responsible] == ["区甲局", "区乙局"]


def test_values_newest_first_with_what_their_year_required(target):
    for year, quarter, value in ((2023, None, 69), (2024, None, 70), (2024, 2, 71)):
        ObservationFactory(target=target, year=year, quarter=quarter, value=D(value))
    rows = target_detail(code="T88").values
    assert [row.observation.period.code for row in rows] == ["2024", "2024Q2", "2023"]
    assert [row.required for row in rows] == ["72.0%", "70.5%", "69.0%"]
    assert [row.gap for row in rows] == ["差2.0个百分点", "高0.5个百分点", "达到"]


def test_an_unknown_code_is_said():
    with pytest.raises(Target.DoesNotExist):
        target_detail(code="T99")
