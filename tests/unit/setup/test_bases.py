"""The administrator's pages of the register of accounting bases."""

from decimal import Decimal

import pytest

from audit.models import AuditEvent
from targets.models import AccountingBasis, BasisChange, Milestone, Observation
from tests.factories.plan import DocumentFactory
from tests.factories.targets import (
    AccountingBasisFactory,
    MilestoneFactory,
    ObservationFactory,
    TargetFactory,
)
from tests.pages import statements, words

pytestmark = pytest.mark.django_db
BASES = "/plan/manage/bases/"


@pytest.fixture
def as_admin(client, admin):
    client.force_login(admin)
    return client


@pytest.fixture
def own():
    return AccountingBasisFactory(name="在营公交车")


@pytest.fixture
def other():
    return AccountingBasisFactory(name="含出租车")


@pytest.fixture
def target(own):
    return TargetFactory(code="T18", name="纯电动公交车比例", accounting_basis=own)


@pytest.fixture
def clash(target, own, other):
    ObservationFactory(target=target, basis=own, value=Decimal(78))
    ObservationFactory(target=target, basis=other, value=Decimal(80))


def page(response):
    return words(response.content.decode())


def test_lists_entries_with_their_use_and_what_has_none(as_admin, target, other):
    ObservationFactory(target=target)
    MilestoneFactory(target=target, basis=target.accounting_basis)
    without = TargetFactory(code="T19", name="新能源车辆比例")
    for year in (2025, 2030):
        MilestoneFactory(target=without, year=year)
    found = page(as_admin.get(BASES))
    assert "在营公交车——不限111修改" in found
    assert "T19新能源车辆比例02选口径" in found


def test_statements_do_not_grow(as_admin, target, other):
    few = len(statements(as_admin, BASES))
    for number in range(9):
        basis = AccountingBasisFactory(name=f"口径{number}", document=DocumentFactory())
        ObservationFactory(target=TargetFactory(accounting_basis=basis))
        TargetFactory()
    assert len(statements(as_admin, BASES)) == few


def test_an_entry_is_added_and_named_anew(as_admin, target):
    ObservationFactory(target=target)
    added = {"name": "含网约车", "measures": "注册地在区内的", "valid_from": "2026"}
    assert as_admin.post(f"{BASES}add/", added).status_code == 302
    assert AccountingBasis.objects.get(name="含网约车").years == "2026年起"
    assert AuditEvent.objects.latest("pk").object_type == "口径"
    known = target.accounting_basis
    as_admin.post(f"{BASES}{known.pk}/", {"name": "在营公交车（区级）"})
    assert Observation.objects.get().basis_id == "在营公交车（区级）"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": "在营 公交车"}, "登记册里已有“在营公交车”，只差空格或括号的是同一个口径"),
        ({"name": ""}, "名称"),
        ({"name": "新", "valid_from": "2026", "valid_to": "2025"}, "不能早于起始年"),
    ],
)
def test_what_is_wrong_is_said_at_the_form(as_admin, own, typed, sentence):
    response = as_admin.post(f"{BASES}add/", typed)
    assert response.status_code == 200
    assert sentence in page(response)
    assert AccountingBasis.objects.count() == 1


def test_a_merge_says_what_it_does_before_it_does_it(as_admin, clash, target, own, other):
    MilestoneFactory(target=target, year=2030, basis=other)
    typed = {"into": own.pk, "reason": "同一口径", "step": "preview"}
    shown = page(as_admin.post(f"{BASES}{other.pk}/merge/", typed))
    assert "1个数值、1个阶段目标（连同旧版本）改为“在营公交车”" in shown
    assert "T182025年：保留80%，撤销78%" in shown
    assert not BasisChange.objects.exists()
    as_admin.post(f"{BASES}{other.pk}/merge/", typed | {"step": "confirm"})
    assert Observation.objects.get(is_current=True).value == Decimal(80)
    change = BasisChange.objects.get()
    assert "含出租车→在营公交车" in page(as_admin.get(BASES))
    as_admin.post(f"{BASES}undo/{change.pk}/")
    assert Observation.objects.filter(is_current=True).count() == 2
    assert page(as_admin.post(f"{BASES}undo/{change.pk}/", follow=True)).count("不能撤销") == 1


def test_one_that_nothing_uses_is_merged_by_name_and_not_split(as_admin, own, target, other):
    listed = as_admin.get(BASES).content.decode()
    assert f"{BASES}{own.pk}/split/" in listed
    assert f"{BASES}{other.pk}/split/" not in listed
    typed = {"into": own.pk, "reason": "同一口径", "step": "preview"}
    shown = page(as_admin.post(f"{BASES}{other.pk}/merge/", typed))
    assert "只是它的名称以后按“在营公交车”认" in shown


def test_a_split_moves_the_years_that_are_named(as_admin, target, own, other):
    for year in (2024, 2025):
        ObservationFactory(target=target, year=year)
        MilestoneFactory(target=target, year=year + 5, basis=own)
    typed = {
        "into": other.pk, "targets": [target.pk], "first": "2025", "last": "2029",
        "moves_targets": "on", "reason": "计入出租车",
    }  # fmt: skip
    shown = page(as_admin.post(f"{BASES}{own.pk}/split/", typed))
    assert "1个数值、1个阶段目标（连同旧版本）和指标T18改为“含出租车”" in shown
    as_admin.post(f"{BASES}{own.pk}/split/", typed | {"step": "confirm"})
    found = Observation.objects.order_by("year").values_list("basis", flat=True)
    assert list(found) == [own.name, other.name]
    goals = Milestone.objects.order_by("year").values_list("basis", flat=True)
    assert list(goals) == [other.name, own.name]
    target.refresh_from_db()
    assert target.accounting_basis_id == other.name


def test_a_target_without_one_gets_its_basis(as_admin, own):
    ObservationFactory(target=TargetFactory(code="T19"))
    as_admin.post(f"{BASES}of/T19/", {"basis": own.pk, "reason": "补登记"})
    assert Observation.objects.get().basis_id == own.name
    assert "没有口径的指标" not in page(as_admin.get(BASES))


def test_what_stands_in_the_way_is_said(as_admin, own):
    target = TargetFactory(code="T19")
    ObservationFactory(target=target)
    ObservationFactory(target=target, basis=own)
    shown = page(as_admin.post(f"{BASES}of/T19/", {"basis": own.pk}))
    assert "既有没注明口径的数值" in shown
