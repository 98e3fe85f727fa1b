import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db.models import Q

from agencies.models import Agency
from audit.models import AuditEvent
from plan.models import Clause, DataState, Document
from setup import services
from targets import rules
from targets.choices import MilestoneState
from targets.models import Milestone, Target
from targets.selectors import judged_targets
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.targets import (
    AccountingBasisFactory,
    MilestoneFactory,
    ObservationFactory,
    TargetFactory,
)

pytestmark = pytest.mark.django_db


def facts():
    return DataState.current().version, AuditEvent.objects.count()


def test_the_command_loads_everything_and_a_second_run_nothing(db, capsys):
    call_command("load_plan")
    first = capsys.readouterr().out
    assert "指标：新增 26，已有 0" in first
    assert "关联：新增 0，补全 86" in first
    before = facts()
    call_command("load_plan")
    second = capsys.readouterr().out.splitlines()
    assert "项目：新增 0，已有 20" in second
    assert all("新增 0" in line for line in second)
    assert facts() == before


def test_what_users_changed_is_left_alone(plan):
    target = Target.objects.get(code="T18")
    Target.objects.filter(pk=target.pk).update(short_name="公交电动化", baseline_value=30)
    Agency.objects.filter(code="kxj").update(name="区科技和数据局", short_name="区科数局")
    Clause.objects.filter(code="0").update(text="改过的前言")
    steps = [services.load_agencies(by=None), *services.load_text_and_targets(by=None)]
    assert {step.added for step in steps} == {0}
    target.refresh_from_db()
    assert (target.short_name, target.baseline_value) == ("公交电动化", Decimal(30))
    assert Agency.objects.get(code="kxj").short_name == "区科数局"
    assert Clause.objects.get(code="0").text == "改过的前言"


def test_targets_that_an_import_began_are_completed(plan):
    Target.objects.filter(code="T18").delete()
    begun = TargetFactory(code="T18", name="纯电动公交车比例", position=99)
    known = MilestoneFactory(target=begun, value=Decimal(75))
    loaded = services.load_targets(by=None)
    assert str(loaded) == "指标：新增 0，补全 1，已有 25"
    begun.refresh_from_db()
    known.refresh_from_db()
    assert begun.position == 18
    assert begun.definition == "在营公交车中纯电动车占比"
    assert begun.sources.count() == 1
    assert known.document == Document.objects.get(is_plan=True)
    assert begun.milestones.count() == 1


def test_a_code_that_is_used_for_something_else_is_refused(plan):
    Target.objects.filter(code="T18").delete()
    TargetFactory(code="T18", name="用水总量")
    with pytest.raises(
        ValidationError, match="编号T18已用于“用水总量”，与方案的“纯电动公交车比例”不同"
    ):
        services.load_targets(by=None)


def test_targets_need_agencies_and_text(db):
    with pytest.raises(ValidationError, match="单位名单里没有“区发展和改革局”，请先载入单位名单"):
        services.load_targets(by=None)
    services.load_agencies(by=None)
    with pytest.raises(ValidationError, match="方案正文里没有“二”，请先载入方案正文"):
        services.load_targets(by=None)
    assert not Target.objects.exists()


def test_agencies_that_are_there_are_not_doubled(db):
    AgencyFactory(name="区商务局", code="other", is_coordinator=True)
    loaded = services.load_agencies(by=None)
    assert (loaded.added, loaded.kept) == (39, 1)
    assert Agency.objects.get(is_coordinator=True).code == "other"


def test_a_value_of_the_city_with_its_document(plan, admin):
    milestone = Milestone.objects.get(target__code="T02", year=2025)
    entry = {
        "milestone": milestone,
        "number": "长政发〔2023〕2号",
        "title": "通知",
        "effective_from": datetime.date(2023, 1, 13),
        "note": "",
        "by": admin,
    }
    new = services.enter_assigned(value=Decimal(18), **entry)
    assert (new.value, new.state, new.version) == (Decimal(18), MilestoneState.SET, 2)
    assert new.document.title.startswith("长沙市人民政府关于印发")
    assert new.text == "单位GDP二氧化碳排放下降率完成市下达目标任务"
    assert new.basis is None


@pytest.mark.usefixtures("of_2026q3")
def test_a_value_of_the_city_in_another_basis_is_not_compared(plan, admin):
    """Values are of the target's own basis: the goal says so instead of judging by them."""
    milestone = Milestone.objects.get(target__code="T02", year=2025)
    other = AccountingBasisFactory(name="扣除原料用能")
    new = services.enter_assigned(
        milestone=milestone,
        value=Decimal(18),
        number="长政发〔2023〕2号",
        title="通知",
        effective_from=datetime.date(2023, 1, 13),
        note="",
        by=admin,
        basis=other,
    )
    assert (new.basis, new.value) == (other, Decimal(18))
    ObservationFactory(target=milestone.target, year=2025, value=Decimal(19))
    (judged,) = judged_targets(where=Q(code="T02"))
    assert judged.settled.verdict == rules.Verdict.BASIS_CHANGED


def test_a_value_that_the_city_will_not_send(plan, admin):
    milestone = Milestone.objects.get(target__code="T01", year=2030)
    new = services.enter_assigned(
        milestone=milestone,
        value=None,
        number="国发〔2024〕1号",
        title="碳排放双控",
        effective_from=datetime.date(2024, 8, 2),
        note="改为碳排放双控",
        by=admin,
    )
    assert (new.state, new.value) == (MilestoneState.WITHDRAWN, None)
    assert AuditEvent.objects.filter(reason="改为碳排放双控").exists()


def test_only_administrators_load():
    reporter = UserFactory()
    for load in (
        services.load_agencies,
        services.load_text,
        services.load_categories,
        services.load_targets,
        services.load_plan,
        services.link,
    ):
        with pytest.raises(PermissionDenied, match="只能由管理员进行"):
            load(by=reporter)
