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
        assert "按现有数据，2030年目标没有全部实现" in said
        assert "2030年21.8%，比2030年目标差0.2个百分点" in said
        assert "2030年展望" not in said
        assert "外推2" not in said

    @pytest.mark.parametrize("page", [OVERVIEW, WALL])
    def test_the_row_is_of_2030(self, leader, page):
        row = (
            document(leader.get(page)).one("td.newest"),
            document(leader.get(page)).one("td.verdict"),
        )
        assert row[0].text == "21.8%2030年初"
        assert row[1].text.startswith("初步未达标")
        assert "2030年目标" in said_on(leader.get(page))

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
    def test_the_newest_year_is_said_before_that_of_2025(self, leader, page):
        keep(2026)
        said = said_on(leader.get(page))
        assert "2030年目标能否实现，还不能判断" in said
        assert "19.6%，比时序进度慢19个月" in said

    @pytest.mark.parametrize("page", [OVERVIEW, WALL])
    def test_the_row_is_of_2026(self, leader, page):
        keep(2026)
        assert document(leader.get(page)).one("td.newest").text == "19.6%2026年审"

    def test_the_list_leads_to_the_year(self, leader):
        keep(2026)
        assert "/dashboard/2026/" in leader.get("/targets/").content.decode()

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
