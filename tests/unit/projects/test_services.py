import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from audit.models import AuditEvent
from plan import services as plan
from plan.models import DataState
from projects import services
from targets.services import set_served
from tests.factories.agencies import (
    AdministratorFactory,
    AgencyFactory,
    CompanyFactory,
    GroupFactory,
    UserFactory,
)
from tests.factories.plan import CategoryFactory
from tests.factories.projects import ProjectFactory
from tests.factories.targets import TargetFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return AdministratorFactory()


def facts():
    return DataState.current().version, AuditEvent.objects.count()


def with_owners(*owners, **fields):
    project = ProjectFactory(**fields)
    for position, owner in enumerate(owners, start=1):
        project.owner_rows.create(agency=owner, position=position)
    return project


def test_a_project_is_saved_with_its_owners(admin):
    one, two = AgencyFactory.create_batch(2)
    project = ProjectFactory.build(
        category=CategoryFactory(scope="projects"), number=15, code="P15"
    )
    event = services.save_project(project=project, owners=[two, one], by=admin)
    assert (event.action, event.object_code) == ("新增", "P15")
    assert [row.agency for row in project.owner_rows.all()] == [two, one]
    before = facts()
    assert services.save_project(project=project, owners=[two, one], by=admin) is None
    assert facts() == before


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("end_year", 2022, "计划竣工年不能早于计划开工年"),
        ("total_investment_wan", Decimal(0), "总投资须大于0，未列投资时留空"),
        ("number", 101, "序号"),
    ],
)
def test_impossible_values_get_a_sentence(admin, field, value, sentence):
    ProjectFactory(number=101)
    project = ProjectFactory(number=102)
    setattr(project, field, value)
    with pytest.raises(ValidationError, match=sentence):
        services.save_project(project=project, by=admin)


def test_a_missing_investment_is_no_zero(admin):
    project = ProjectFactory()
    project.total_investment_wan = None
    event = services.save_project(project=project, by=admin)
    assert ["总投资（万元）", "30000", ""] in event.changes


def test_who_reports_a_project(admin):
    project, agency = ProjectFactory(), AgencyFactory()
    event = services.assign_reporting_agency(project=project, agency=agency, by=admin)
    assert event.changes == [["填报责任单位", "", agency.name]]
    assert services.assign_reporting_agency(project=project, agency=agency, by=admin) is None
    services.assign_reporting_agency(project=project, agency=None, by=admin)
    project.refresh_from_db()
    assert project.reporting_agency is None


@pytest.mark.parametrize(
    ("factory", "kind"), [(CompanyFactory, "企业"), (GroupFactory, "群体（街道）")]
)
def test_companies_and_groups_do_not_report(admin, factory, kind):
    agency = factory()
    with pytest.raises(ValidationError) as caught:
        services.assign_reporting_agency(project=ProjectFactory(), agency=agency, by=admin)
    assert caught.value.messages == [f"{agency.name}是{kind}，不能作为填报责任单位"]


def test_an_owner_that_can_report_is_named_others_stay_open(admin):
    bureau, group = AgencyFactory(), GroupFactory()
    own = with_owners(bureau)
    with_group = with_owners(bureau, group)
    firm = with_owners(CompanyFactory())
    two = with_owners(bureau, AgencyFactory())
    named = with_owners(bureau, reporting_agency=AgencyFactory())
    kept = named.reporting_agency
    assert services.assign_owners_that_report(by=admin) == 2
    for project in (own, with_group, firm, two, named):
        project.refresh_from_db()
    assert own.reporting_agency == with_group.reporting_agency == bureau
    assert firm.reporting_agency is None
    assert two.reporting_agency is None
    assert named.reporting_agency == kept
    assert services.assign_owners_that_report(by=admin) == 0


def test_projects_find_their_rows_of_annex_2(admin):
    text = "计划\n一、任务\n附件2 表\n\t序号\n\t名称\n\n\t3\n\t甲工程\n"
    plan.load_text(text=text, by=admin)
    project, other = ProjectFactory(number=3), ProjectFactory(number=4)
    assert services.link_clauses(by=admin) == 1
    project.refresh_from_db()
    other.refresh_from_db()
    assert project.clause.address == "附件2 第3项"
    assert other.clause is None


def test_targets_retiring_and_restoring(admin):
    project, target = ProjectFactory(), TargetFactory(code="T26")
    event = set_served(record=project, targets=[target], by=admin)
    assert event.changes == [["相关指标", "", "T26"]]
    assert set_served(record=project, targets=[target], by=admin) is None
    plan.retire(record=project, on=datetime.date(2026, 11, 1), by=admin, reason="项目取消")
    plan.restore(record=project, by=admin)
    assert list(AuditEvent.objects.filter(object_code=project.code).values_list("action", flat=True)
                .order_by("pk")) == ["修改", "停用", "恢复"]  # fmt: skip


def test_only_administrators_write():
    reporter, project = UserFactory(), ProjectFactory()
    day = datetime.date(2026, 11, 1)
    for write in (
        lambda: services.save_project(project=project, by=reporter),
        lambda: services.add_project(project=project, by=reporter),
        lambda: set_served(record=project, targets=[], by=reporter),
        lambda: plan.retire(record=project, on=day, by=reporter, reason="-"),
        lambda: plan.restore(record=project, by=reporter),
        lambda: services.link_clauses(by=reporter),
    ):
        with pytest.raises(PermissionDenied, match="只能由管理员进行"):
            write()
