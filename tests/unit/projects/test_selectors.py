import datetime
from decimal import Decimal

import pytest

from projects import selectors
from projects.choices import ProjectStatus
from projects.models import ProjectProgress
from projects.sheets import list_sheet
from tests.factories.agencies import AgencyFactory, CompanyFactory
from tests.factories.plan import ClauseFactory
from tests.factories.projects import ProjectFactory, ProjectProgressFactory
from tests.factories.targets import TargetFactory

pytestmark = pytest.mark.django_db

D = Decimal
TODAY = datetime.date(2026, 11, 22)


@pytest.fixture(autouse=True)
def today(clock):
    clock.move_to(TODAY)


def of(number, **more):
    return ProjectFactory(number=number, **more)


class TestList:
    def test_the_longest_delay_comes_first_and_the_completed_last(self):
        of(1, end_year=2024)
        of(2, end_year=2025)
        ProjectProgressFactory(project=of(3, end_year=2024), status=ProjectStatus.COMPLETED)
        of(4, end_year=2027)
        of(5, end_year=2023, start_year=2022)
        of(6, retired_on="2026-01-01")
        rows = selectors.project_rows()
        assert [(row.project.number, row.overdue) for row in rows] == [
            (5, 35), (1, 23), (2, 11), (4, 0), (3, 0),
        ]  # fmt: skip

    def test_says_how_many_stand_where_and_how_many_of_them_are_late(self):
        for number, years_end, status in (
            (1, 2024, ProjectStatus.UNDER_WAY),
            (2, 2027, ProjectStatus.UNDER_WAY),
            (3, 2024, ProjectStatus.COMPLETED),
            (4, 2024, ProjectStatus.COMPLETED),
            (5, 2024, ProjectStatus.COMPLETED),
        ):
            ProjectProgressFactory(project=of(number, end_year=years_end), status=status)
        found = selectors.projects_overview()
        assert found.standing == "5个项目：已竣工3，在建2（超期1）"
        assert [row.project.number for row in found.late_rows] == [1]

    def test_the_newest_current_report_counts(self):
        project = of(1)
        ProjectProgressFactory(project=project, quarter=2, invested_wan=D(1))
        ProjectProgressFactory(project=project, year=2025, quarter=4, invested_wan=D(2))
        ProjectProgressFactory(project=project, invested_wan=D(3), is_current=False)
        ProjectProgressFactory(project=project, invested_wan=D(15000), version=2, reason="决算")
        row = selectors.project_rows()[0]
        assert (row.latest.invested_wan, row.completion) == (D(15000), D(50))
        stored = ProjectProgress.objects.get(version=2)
        for field in stored._meta.concrete_fields:
            assert getattr(row.latest, field.attname) == getattr(stored, field.attname), field
        assert (row.status_word, row.completion_text) == ("在建", "投资完成率50.0%")

    def test_what_is_missing_is_said_and_never_zero(self):
        of(1)
        ProjectProgressFactory(project=of(2), invested_wan=None)
        ProjectProgressFactory(project=of(3, total_investment_wan=None), invested_wan=None)
        rows = sorted(selectors.project_rows(), key=lambda row: row.project.number)
        assert [row.completion for row in rows] == [None] * 3
        assert [row.missing_investment for row in rows] == [
            "还没有填报",
            "未报投资",
            "未列总投资",
        ]
        assert rows[0].status_word == "未填报"

    def test_costs_one_statement_whatever_the_number(self, django_assert_num_queries):
        for _ in range(3):
            ProjectProgressFactory(project=ProjectFactory(reporting_agency=AgencyFactory()))
        with django_assert_num_queries(1):
            selectors.project_rows()
        for _ in range(30):
            ProjectProgressFactory(project=ProjectFactory(reporting_agency=AgencyFactory()))
        with django_assert_num_queries(1):
            rows = selectors.project_rows()
            assert all(
                row.project.category.name and row.light and row.latest.project for row in rows
            )
        assert len(rows) == 33


class TestOverview:
    def test_adds_up_and_names_what_has_no_total(self):
        of(1, total_investment_wan=D(7214), end_year=2025)
        of(15, total_investment_wan=None, end_year=2026, reporting_agency=AgencyFactory())
        done = of(3, total_investment_wan=D(30000))
        ProjectProgressFactory(
            project=done, status=ProjectStatus.COMPLETED, invested_wan=D(29000), is_demo=True
        )
        found = selectors.projects_overview()
        assert found.sums.sentence == "合计 37,214 万元（2个项目，P15未列投资）"
        assert (found.total, found.completed, found.overdue) == (3, 1, 1)
        assert (found.overdue_not_reported, found.unassigned) == (1, 2)
        assert (found.sums.invested_wan, found.has_demo) == (D(29000), True)
        assert found.worst.project.number == 1
        assert [row.project.number for row in found.open_rows] == [1, 15]

    def test_of_nothing(self):
        found = selectors.projects_overview()
        assert (found.total, found.worst, found.sums.invested_wan) == (0, None, None)

    def test_charts_have_their_rows_in_their_order(self):
        of(1, end_year=None, start_year=None)
        for number, invested in ((2, 20000), (3, 10000)):
            ProjectProgressFactory(
                project=of(number, end_year=2022 + number, total_investment_wan=D(40000)),
                invested_wan=D(invested),
            )
        of(4, end_year=2023, total_investment_wan=None)
        rows = selectors.project_rows()
        assert [row.project.number for row in selectors.timeline_rows(rows)] == [4, 2, 3]
        assert [row.project.number for row in selectors.investment_rows(rows)] == [3, 2, 1]


class TestDetail:
    def test_holds_everything_about_one_project(self):
        agency, company = AgencyFactory(), CompanyFactory(name="长沙供水有限公司")
        project = of(
            16, name="新河水厂提标改造工程", total_investment_wan=D(32698),
            owner_text="市水业集团（长沙供水有限公司）", reporting_agency=agency,
            clause=ClauseFactory(code="a2-16", heading="", text="序号：16\n类别：基础设施"),
        )  # fmt: skip
        project.owner_rows.create(agency=company, position=1)
        project.targets.add(TargetFactory(code="T10"), TargetFactory(retired_on="2026-01-01"))
        ProjectProgressFactory(
            project=project, quarter=2, invested_wan=D(29650), started_on="2023-05"
        )
        ProjectProgressFactory(
            project=project, invested_wan=D(30850), works_percent=D(96), works_note="设备调试",
            started_on="2023-05", expected_on="2026-12",
        )  # fmt: skip
        detail = selectors.project_detail(code="P16")
        assert [owner.name for owner in detail.owners] == ["长沙供水有限公司"]
        assert [row.target.code for row in detail.served] == ["T10"]
        assert detail.sentence == (
            "计划2023—2024年；2026年第三季度末在建，应竣工未竣工，超期23个月，预计2026年12月竣工。"
        )
        assert "累计完成30,850万元，投资完成率94.3%" in detail.investment_sentence
        start, end = detail.nodes
        assert (start.planned, start.actual) == ("2023年", "2023年5月")
        assert (end.planned, end.actual, end.expected) == ("2024年", "", "2026年12月")
        assert ("形象进度", "96.0%，设备调试") in detail.latest_pairs
        assert detail.quote == "序号：16　类别：基础设施"

    def test_an_expected_completion_that_has_passed_is_remarked(self, clock):
        clock.move_to(datetime.date(2027, 5, 10))
        ProjectProgressFactory(project=of(2, end_year=2024), expected_on="2027-02")
        ProjectProgressFactory(project=of(3, end_year=2028), expected_on="2027-02")
        late, due = (selectors.project_detail(code=code) for code in ("P2", "P3"))
        said = "预计2027年2月竣工已过3个月"
        assert late.sentence.endswith(f"末在建，应竣工未竣工，超期29个月，{said}，须更新。")
        assert due.sentence.endswith(f"末在建，{said}，须更新。")
        assert late.node_line.marks[-1].words == "预计竣工2027年2月（已过）"
        assert list_sheet([late.row]).rows[0][-2] == f"超期29个月；{said}"

    def test_a_completed_one_says_when(self):
        project = of(1)
        ProjectProgressFactory(
            project=project, status=ProjectStatus.COMPLETED, completed_on="2024-11"
        )
        detail = selectors.project_detail(code="P1")
        assert detail.sentence.endswith("2026年第三季度末已竣工（2024年11月）。")

    def test_one_that_was_never_reported(self):
        of(1, end_year=2024)
        of(2, start_year=None, end_year=None, total_investment_wan=None)
        first, second = (selectors.project_detail(code=code) for code in ("P1", "P2"))
        assert first.sentence == "计划2023—2024年；还没有填报，到期已23个月，没有竣工的记录。"
        assert second.sentence == "方案未列计划年限；还没有填报。"
        assert second.investment_sentence == "方案未列总投资，不计入投资合计。"
        assert "由指定的填报责任单位填报" in first.no_investment_text
