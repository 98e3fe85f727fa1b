"""The register of projects."""

from decimal import Decimal

import pytest

from agencies.choices import AgencyKind
from audit.models import AuditEvent
from projects.models import Project
from projects.resources import ProjectRegister
from tests.factories.agencies import AdministratorFactory, AgencyFactory, CompanyFactory
from tests.factories.plan import CategoryFactory
from tests.factories.projects import ProjectFactory
from tests.registers import bring_in, refused, table_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return AdministratorFactory(username="admin")


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_what_is_exported_comes_back_without_a_change(admin, kind):
    project = ProjectFactory(code="P16", total_investment_wan=Decimal("32698.00"))
    project.owner_rows.create(agency=CompanyFactory(), position=1)
    ProjectFactory(code="P15", total_investment_wan=None)
    _, rows = table_of(ProjectRegister, kind)
    assert bring_in(ProjectRegister, rows, by=admin).counts["same"] == 2
    assert not AuditEvent.objects.exists()


def test_a_project_beyond_the_annex_is_added(admin):
    CategoryFactory(scope="projects", name="新能源建设工程")
    CompanyFactory(name="长沙北城发展集团有限公司")
    AgencyFactory(name="区城市管理和综合执法局")
    row = {
        "编号": "P21",
        "序号": 21,
        "项目名称": "光伏发电项目",
        "类别": "新能源建设工程",
        "项目单位（原文）": "长沙北城发展集团有限公司",
        "项目单位": "长沙北城发展集团有限公司",
        "填报责任单位": "区城市管理和综合执法局",
        "计划开工年": 2026,
        "计划竣工年": 2028,
        "总投资（万元）": "12,000",
        "来源": "增补",
    }
    assert bring_in(ProjectRegister, [row], by=admin).counts["new"] == 1
    project = Project.objects.get(code="P21")
    assert project.total_investment_wan == Decimal(12000)
    assert project.reporting_agency.name == "区城市管理和综合执法局"
    assert [owner.name for owner in project.owners.all()] == ["长沙北城发展集团有限公司"]
    backwards = row | {"编号": "P22", "序号": 22, "计划竣工年": 2025}
    assert refused(ProjectRegister, [backwards], by=admin) == ["第2行 计划竣工年不能早于计划开工年"]


def test_a_company_does_not_report(admin):
    ProjectFactory(code="P3")
    company = CompanyFactory(kind=AgencyKind.STATE_COMPANY)
    row = {"编号": "P3", "填报责任单位": company.name}
    [problem] = refused(ProjectRegister, [row], by=admin)
    assert problem == f"第2行 填报责任单位：{company.name}是国企，不能作为填报责任单位"
    assert Project.objects.get().reporting_agency is None
