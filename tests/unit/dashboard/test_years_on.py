"""The pages of later years: what they lead with, and that no column keeps the year of today."""

import datetime
from decimal import Decimal

import pytest

from agencies.choices import Role
from targets.choices import Pace
from targets.selectors import judged_targets
from targets.sheets import list_sheet
from tests.documents import document
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.plan import DocumentFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory

pytestmark = pytest.mark.django_db

OVERVIEW, WALL, SHEET = "/dashboard/", "/dashboard/wall/", "/dashboard/print/"
IN_2027, IN_2031 = datetime.date(2027, 3, 15), datetime.date(2031, 2, 24)
VALUES = {2025: "19.2", 2026: "19.6", 2029: "21.5", 2030: "21.8"}


@pytest.fixture
def bureau():
    return AgencyFactory(code="fgj", short_name="区发改局")


@pytest.fixture
def leader(client, bureau):
    DocumentFactory(is_plan=True, base_year=2020, milestone_years=[2025, 2030])
    made = TargetFactory(
        code="T03", name="非化石能源消费比重", short_name="非化石能源比重", is_headline=True,
        decimals=1, baseline_value=Decimal("16.8"), pace=Pace.LINEAR, lead=bureau,
    )  # fmt: skip
    for year, goal in ((2025, 20), (2030, 22)):
        MilestoneFactory(target=made, year=year, value=Decimal(goal))
    for year, value in VALUES.items():
        grade = "preliminary" if year == 2030 else "final"
        ObservationFactory(target=made, year=year, value=Decimal(value), grade=grade)
    client.force_login(UserFactory(roles=[Role.LEADER], agency=None, name="孙领导"))
    return client


def said_on(page):
    """What a reader sees, without spaces."""
    return document(page).text


def keep(until):
    made = judged_targets()[0].target
    made.observations.filter(year__gt=until).delete()


class TestIn2031:
    @pytest.fixture(autouse=True)
    def day(self, clock):
        clock.move_to(IN_2031)

    @pytest.mark.parametrize("page", [OVERVIEW, WALL, SHEET])
    def test_the_verdict_of_2030_leads(self, leader, page):
        said = said_on(leader.get(page))
        assert "1项指标中，2030年目标数据待核定1项（初步达标0、初步未达标1）。" in said
        assert "2025年目标" not in said
        assert "2030年展望" not in said
        assert "外推" not in said

    def test_the_card_is_of_2030(self, leader):
        assert "2030≥22%，差0.2" in said_on(leader.get(OVERVIEW))

    def test_the_sheet_has_the_columns_of_2030_and_no_outlook(self, leader):
        rows = document(leader.get(SHEET)).table_rows()
        assert rows[0][3:9] == ["2020", "2029", "2030", "2030目标", "判定", "最新"]
        assert rows[0][9:] == ["牵头"]
        assert rows[1][3:7] == ["16.8", "21.5", "21.8○", "≥22"]
        said = said_on(leader.get(SHEET))
        assert "“最新”未注时期的为2030年值" in said
        assert "'29＝2029年" in said
        assert "2030年数值：初步核算1项" in said

    def test_a_year_to_peak_fits_the_column_of_goals(self, leader):
        carbon = TargetFactory(code="T06", kind="peak_by", unit="万吨")
        MilestoneFactory(
            target=carbon, year=2030, value=None, nature="event", comparison="before_year"
        )
        row = next(r for r in document(leader.get(SHEET)).table_rows() if r[0] == "T06")
        assert row[6] == "2030年前"

    def test_the_list_has_one_milestone_year(self, leader):
        page = leader.get("/targets/")
        assert "共1项，2030年目标已到期" in said_on(page)
        heads = document(page).table_rows()[0]
        assert heads[2:5] == ["2030年目标", "2030年实际", "2030年判定"]
        assert heads[5:] == ["最新值", "预警等级", "牵头单位"]
        assert "2030年判定" in said_on(page)
        sheet = list_sheet(judged_targets())
        assert sheet.head[-1] == "原因"
        assert sheet.head[8:10] == ("2030年目标", "2030年实际")
        assert len(sheet.rows[0]) == len(sheet.head)

    def test_the_page_of_an_agency_has_the_goal_of_2030(self, leader):
        rows = document(leader.get("/agencies/fgj/")).table_rows()
        assert ["T03", "非化石能源比重", "≥22%"] in [row[:3] for row in rows]
        assert ["牵头（1）", "2030年目标"] in [row[:2] for row in rows]


class TestIn2027:
    @pytest.fixture(autouse=True)
    def day(self, clock):
        clock.move_to(IN_2027)

    @pytest.mark.parametrize("page", [OVERVIEW, WALL, SHEET])
    def test_the_year_that_ended_is_beside_the_verdict_of_2025(self, leader, page):
        keep(2026)
        said = said_on(leader.get(page))
        assert "1项指标中，2025年目标未达标1项。" in said
        assert "2026年进度：1项有年度值，达到要求0项，二级1项" in said

    @pytest.mark.parametrize("page", [OVERVIEW, WALL])
    def test_the_card_is_of_2026(self, leader, page):
        keep(2026)
        assert "2026≥20.4%，差0.8" in said_on(leader.get(page))

    def test_overview_and_list_lead_to_the_year(self, leader):
        keep(2026)
        for page in (OVERVIEW, "/targets/"):
            assert "/dashboard/2026/" in leader.get(page).content.decode()

    def test_what_the_light_asks_for_stands_beside_it(self, leader):
        keep(2026)
        listed = document(leader.get("/targets/")).rows()[0]
        assert listed[2].text == "≥20%"
        assert listed[5].text == "19.6%2026年，最终核实"
        assert listed[6].text == "二级2026年要求≥20.4%"
        sheet = list_sheet(judged_targets())
        cells = dict(zip(sheet.head, sheet.rows[0], strict=True))
        assert cells["原因"] == "2026年要求≥20.4%：差距不超过10%"
        agency = document(leader.get("/agencies/fgj/")).table_rows()
        assert ["T03", "非化石能源比重", "2026年要求≥20.4%"] in [row[:3] for row in agency]

    def test_the_page_of_the_target_says_where_2026_stands(self, leader):
        keep(2026)
        said = said_on(leader.get("/targets/T03/"))
        assert "2025年目标20%以上，实际19.2%（最终核实），未达标，差0.8个百分点。" in said
        assert "2026年实际19.6%（最终核实），当年进度要求20.4%以上，差0.8个百分点，二级：" in said
