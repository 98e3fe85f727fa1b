import io
import json
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from agencies.choices import Role
from audit.models import AuditEvent
from plan.choices import CategoryScope
from projects.choices import ProjectOrigin, ProjectStatus
from projects.models import Project
from tests.factories.agencies import (
    AdministratorFactory,
    AgencyAliasFactory,
    AgencyFactory,
    CompanyFactory,
    UserFactory,
)
from tests.factories.plan import CategoryFactory
from tests.factories.projects import ProjectFactory, ProjectProgressFactory

pytestmark = pytest.mark.django_db

D = Decimal


@pytest.fixture
def reader(client):
    client.force_login(UserFactory(roles=[Role.LEADER], agency=None))
    return client


@pytest.fixture
def admin(client):
    client.force_login(AdministratorFactory())
    return client


def text(page):
    return page.content.decode()


def shown(page):
    return [row.project.code for row in page.context["page"]]


@pytest.fixture
def three():
    """P9 late and reported by an agency, P15 without a total, P3 completed."""
    agency = AgencyFactory(code="gxj", name="区工业和信息化局", short_name="区工信局")
    late = ProjectFactory(
        number=9, name="科技产业园", total_investment_wan=D(300000), reporting_agency=agency
    )
    ProjectProgressFactory(
        project=late, invested_wan=D(213000), started_on="2023-05", expected_on="2027-06"
    )
    ProjectFactory(number=15, end_year=2035, total_investment_wan=None, name="社区创建")
    done = ProjectFactory(number=3, name="智能工厂", owner_text="湖南华建新材料科技有限公司")
    ProjectProgressFactory(project=done, status=ProjectStatus.COMPLETED, invested_wan=D(30000))
    return late


class TestList:
    def test_late_ones_first_with_sums_that_name_what_is_left_out(self, reader, three):
        page = reader.get("/projects/")
        assert shown(page) == ["P9", "P15", "P3"]
        for piece in (
            "合计 330,000 万元（2个项目，P15未列投资）",
            "应竣工未竣工",
            "71.0%",
            "区工信局",
            "待指定",
            "243,000",
        ):
            assert piece in text(page)

    @pytest.mark.parametrize(
        ("query", "codes"),
        [
            ("sort=number", ["P3", "P9", "P15"]),
            ("overdue=yes", ["P9"]),
            ("status=completed", ["P3"]),
            ("status=missing", ["P15"]),
            ("agency=gxj", ["P9"]),
            ("agency=none", ["P15", "P3"]),
            ("q=华建", ["P3"]),
            ("q=p15", ["P15"]),
            ("agency=unknown&status=x", ["P9", "P15", "P3"]),
            ("status=suspended", []),
        ],
    )
    def test_is_narrowed(self, reader, three, query, codes):
        assert shown(reader.get(f"/projects/?{query}")) == codes

    def test_says_why_it_is_empty(self, reader):
        assert "项目由管理员从附件2导入" in text(reader.get("/projects/"))

    def test_goes_out_as_a_workbook_with_numbers(self, reader, three):
        answer = reader.get("/projects/export.xlsx?sort=number")
        sheet = load_workbook(io.BytesIO(answer.content)).active
        head, *rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
        found = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
        assert list(found) == ["P3", "P9", "P15"]
        assert found["P9"]["总投资（万元）"] == 300000
        assert found["P9"]["投资完成率（%）"] == 71
        assert found["P9"]["超期（月）"] >= 23
        assert found["P15"]["总投资（万元）"] is None
        assert found["P15"]["项目状态"] == "未填报"

    @pytest.mark.parametrize("name", ["timeline", "investment"])
    def test_charts_come_by_themselves_with_the_same_filters(self, reader, three, name):
        chart = next(c for c in reader.get("/projects/").context["charts"] if name in c.id)
        whole = json.loads(reader.get(f"/projects/figures/{name}.json").content)
        assert whole == json.loads(json.dumps(chart.document))
        assert reader.get(f"/projects/figures/{name}.json?q=nothing").status_code == 404

    def test_an_unknown_chart_is_not_found(self, reader, three):
        assert reader.get("/projects/figures/other.json").status_code == 404


class TestDetail:
    def test_shows_nodes_money_owners_and_who_reports(self, reader, three):
        page = reader.get("/projects/P9/")
        for piece in ("2023年5月", "2027年6月", "213,000万元", "区工业和信息化局"):
            assert piece in text(page)
        assert page.context["chart"].document == json.loads(
            reader.get("/projects/P9/figure.json").content
        )
        assert "填报责任单位待指定" in text(reader.get("/projects/P15/"))

    def test_old_versions_stay_in_the_page_and_the_workbook(self, reader):
        project = ProjectFactory(number=7, import_notes=["全角破折号按年份起止读取"])
        ProjectProgressFactory(project=project, invested_wan=D(100), is_current=False)
        ProjectProgressFactory(
            project=project, invested_wan=D(12345), version=2, reason="按决算更正"
        )
        words = text(reader.get("/projects/P7/"))
        for piece in ("按决算更正", "<del>100</del>", "12,345", "全角破折号按年份起止读取"):
            assert piece in words
        sheet = load_workbook(io.BytesIO(reader.get("/projects/P7/export.xlsx").content)).active
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
        assert [(row[2], row[9], row[10], row[11]) for row in rows] == [
            (12345, 2, "是", "按决算更正"),
            (100, 1, "已被取代", None),
        ]

    def test_nothing_reported_has_no_chart_and_says_who_will(self, reader):
        ProjectFactory(number=7)
        assert "还没有填报投资" in text(reader.get("/projects/P7/"))
        assert reader.get("/projects/P7/figure.json").status_code == 404

    @pytest.mark.parametrize("address", ["", "export.xlsx", "figure.json"])
    def test_an_unknown_code_is_not_found(self, reader, address):
        assert reader.get(f"/projects/P99/{address}").status_code == 404


class TestReporter:
    def test_a_reviewer_names_the_agency(self, client):
        project, agency = ProjectFactory(number=2), AgencyFactory(name="区住房和城乡建设局")
        client.force_login(UserFactory(roles=[Role.REVIEWER]))
        page = client.post(
            "/projects/P2/reporter/", {"reporting_agency": agency.pk, "reason": "企业不设账号"}
        )
        assert page.status_code == 302
        project.refresh_from_db()
        assert project.reporting_agency == agency
        event = AuditEvent.objects.get(object_code="P2")
        assert event.changes == [["填报责任单位", "", "区住房和城乡建设局"]]

    def test_a_company_is_not_offered(self, admin):
        project = ProjectFactory(number=2)
        page = admin.post("/projects/P2/reporter/", {"reporting_agency": CompanyFactory().pk})
        assert page.context["form"].errors["reporting_agency"]
        project.refresh_from_db()
        assert project.reporting_agency is None


class TestAdd:
    def fields(self, **more):
        category = CategoryFactory(scope=CategoryScope.PROJECTS)
        return {
            "name": "沙坪500千伏变电站改扩建工程",
            "category": category.pk,
            "origin": ProjectOrigin.BODY,
            "owner_text": "区发改局、湖南电网公司",
            "start_year": "2023",
            "end_year": "2025",
            "total_investment_wan": "",
            "reason": "方案三（二）4",
        } | more

    def test_takes_the_next_number_and_knows_its_owners(self, admin):
        ProjectFactory(number=20)
        bureau = AgencyFactory(name="区发展和改革局")
        AgencyAliasFactory(agency=bureau, text="区发改局")
        page = admin.post("/projects/new/", self.fields(), follow=True)
        assert page.redirect_chain == [("/projects/P21/", 302)]
        project = Project.objects.get(code="P21")
        assert (project.origin, project.total_investment_wan) == (ProjectOrigin.BODY, None)
        assert [row.agency for row in project.owner_rows.all()] == [bureau]
        assert "湖南电网公司不在单位名录里，只保留原文" in text(page)
        assert AuditEvent.objects.get(object_code="P21").reason == "方案三（二）4"

    def test_an_amount_is_taken_as_people_type_it(self, admin):
        admin.post("/projects/new/", self.fields(total_investment_wan="１,234.5"))
        assert Project.objects.get().total_investment_wan == D("1234.5")

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"total_investment_wan": "约三千"}, "不是数字"),
            ({"total_investment_wan": "1.234"}, "最多填2位小数"),
            ({"end_year": "2022"}, "计划竣工年不能早于计划开工年"),
            ({"total_investment_wan": "0"}, "总投资须大于0"),
            ({"reason": ""}, "请写明"),
            ({"name": ""}, "请写明"),
        ],
    )
    def test_what_cannot_be_is_refused_at_its_field(self, admin, wrong, words):
        page = admin.post("/projects/new/", self.fields(**wrong))
        assert page.status_code == 200
        assert page.context["form"].errors
        if words != "请写明":
            assert words in text(page)
        assert "错误：" in text(page)
        assert not Project.objects.exists()
