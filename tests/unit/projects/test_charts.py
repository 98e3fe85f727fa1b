import datetime
from decimal import Decimal

import pytest

from projects import charts, selectors
from projects.choices import ProjectStatus
from tests.factories.projects import ProjectFactory, ProjectProgressFactory

pytestmark = pytest.mark.django_db

D = Decimal
TODAY = datetime.date(2026, 11, 22)
DAY = 86_400_000


@pytest.fixture(autouse=True)
def today(clock):
    clock.move_to(TODAY)


@pytest.fixture
def overview():
    """P9 late by 23 months, P13 by 11 and never reported, P15 without a total, P3 completed."""
    ProjectProgressFactory(
        project=ProjectFactory(number=9, total_investment_wan=D(300000)),
        invested_wan=D(213000), started_on="2023-05", expected_on="2027-06", is_demo=True,
    )  # fmt: skip
    ProjectFactory(number=13, end_year=2025, total_investment_wan=D(180000))
    ProjectFactory(number=15, end_year=2026, total_investment_wan=None)
    ProjectProgressFactory(
        project=ProjectFactory(number=3, total_investment_wan=D(30000)),
        status=ProjectStatus.COMPLETED, invested_wan=D(30000),
    )  # fmt: skip
    return selectors.projects_overview()


class TestTimeline:
    def test_the_title_is_the_finding(self, overview):
        chart = charts.timeline_chart(overview)
        assert chart.title == "3个项目没有竣工，其中2个已超过计划完成年"
        assert chart.alt.endswith("最长的是P9，超期23个月")
        assert chart.demo

    def test_plan_is_an_outline_actual_runs_to_today(self, overview):
        planned, actual, ahead, expected = charts.timeline_chart(overview).figure["data"]
        assert planned["base"] == ["2023-01-01"] * 3
        assert planned["x"] == [730 * DAY, 1095 * DAY, 1460 * DAY]
        assert actual["base"] == ["2023-05-01"]
        assert actual["x"] == [(TODAY - datetime.date(2023, 5, 1)).days * DAY]
        assert ahead["x"][:2] == ["2026-11-22", "2027-06-30"]
        assert expected["x"] == ["2027-06-30"]

    def test_delays_stand_at_the_end_of_their_rows(self, overview):
        chart = charts.timeline_chart(overview)
        notes = chart.figure["layout"]["annotations"]
        texts = [note["text"].removeprefix("<b>").removesuffix("</b>") for note in notes]
        assert texts == ["今天", "超期23个月", "超期11个月"]
        assert [row[-1] for row in chart.table.rows] == ["超期23个月", "超期11个月", "未到期"]

    def test_a_phone_gets_codes_and_its_own_margins(self, overview):
        chart = charts.timeline_chart(overview)
        assert chart.narrow["layout"]["yaxis"]["ticktext"] == ["P9", "P13", "P15"]
        assert chart.figure["layout"]["yaxis"]["ticktext"][0].startswith("P9 ")

    def test_nothing_open_is_no_chart(self):
        assert charts.timeline_chart(selectors.projects_overview()) is None


class TestInvestment:
    def test_shares_and_amounts_least_first(self, overview):
        chart = charts.investment_chart(overview)
        bars = chart.figure["data"][0]
        assert bars["x"] == [71, 100]
        assert chart.table.rows[0][1:] == ("213,000", "300,000", "71.0")
        assert chart.table.rows[2][1:] == ("还没有填报", "180,000", "—")
        assert "合计 510,000 万元（3个项目，P15未列投资）" in chart.subtitle
        assert chart.title == "填报投资的2个项目累计完成243,000万元，占其总投资的73.6%"

    def test_a_missing_investment_is_words_and_no_bar(self, overview):
        notes = charts.investment_chart(overview).figure["layout"]["annotations"]
        assert "还没有填报" in [note["text"] for note in notes]

    def test_no_totals_is_no_chart(self):
        ProjectFactory(total_investment_wan=None)
        assert charts.investment_chart(selectors.projects_overview()) is None


class TestQuarters:
    def test_one_column_a_quarter(self):
        project = ProjectFactory(number=16, total_investment_wan=D(32698))
        for quarter, invested in ((1, D(28000)), (2, None), (3, D(30850))):
            ProjectProgressFactory(project=project, quarter=quarter, invested_wan=invested)
        chart = charts.quarters_chart(selectors.project_detail(code="P16"))
        assert chart.title == "到2026年第三季度累计完成投资30,850万元，占总投资的94.3%"
        assert chart.figure["data"][0]["y"] == [28000, 30850]
        assert chart.table.rows == (
            ("2026年第一季度", "28,000", "—", "85.6"),
            ("2026年第二季度", "—", "—", "—"),
            ("2026年第三季度", "30,850", "—", "94.3"),
        )
        assert [note["text"] for note in chart.figure["layout"]["annotations"]][1:] == [
            "85.6%",
            "94.3%",
        ]

    def test_what_a_quarter_added_is_the_difference_to_the_one_before(self):
        project = ProjectFactory(number=16, total_investment_wan=None)
        for quarter, invested in ((1, D(28000)), (2, D(28950))):
            ProjectProgressFactory(project=project, quarter=quarter, invested_wan=invested)
        chart = charts.quarters_chart(selectors.project_detail(code="P16"))
        assert chart.table.rows[1] == ("2026年第二季度", "28,950", "950", "—")
        assert "完成率" not in chart.subtitle

    def test_nothing_reported_is_no_chart(self):
        ProjectFactory(number=16)
        assert charts.quarters_chart(selectors.project_detail(code="P16")) is None
