"""July 2027: one target, two years; filled in side by side, one approved, the other returned."""

import datetime
import re
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from agencies.choices import Role
from reporting.models import Obligation, ReportingPeriod
from reporting.periods.services import periods
from targets.models import Observation
from tests.browser.test_journey_4_returned import enter, sound
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.plan import PlanDocumentFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.workflow.test_reporting_flow import attach

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
JULY = datetime.date(2027, 7, 5)
NEW, OLD = "2026年度（初步）", "2025年度（最终）"


@pytest.fixture
def scene(clock):
    """2027Q2 is open; 2025 of T01 is preliminary. jtj_a fills in, fgw_r reviews."""
    clock.move_to(JULY)
    agency = AgencyFactory(name="区交通运输局", code="jtj")
    bureau = AgencyFactory(name="区发展和改革局", code="fgj")
    UserFactory(username="jtj_a", name="王芳", agency=agency)
    UserFactory(username="fgw_r", name="李敏", agency=bureau, roles=[Role.REVIEWER])
    PlanDocumentFactory()
    target = TargetFactory(code="T01", name="绿色出行比例", lead=agency, frequency="annual")
    MilestoneFactory(target=target, year=2030, value=Decimal(65))
    for year, value, grade in ((2024, "65.0", "final"), (2025, "66.0", "preliminary")):
        ObservationFactory(target=target, year=year, value=Decimal(value), grade=grade)
    period = ReportingPeriod.objects.create(
        year=2027, quarter=2, asks_annual=True, opens_on=JULY,
        due_on=datetime.date(2027, 7, 23), closes_on=datetime.date(2027, 9, 30),
    )  # fmt: skip
    periods.open_period(period=period, by=None)
    for row in period.obligations.all():
        attach(row)


def obligation(year: int) -> Obligation:
    return Obligation.objects.get(value_year=year)


def test_two_years_of_one_target(scene, live_server, new_page):
    agency = enter(new_page(), live_server.url, "jtj_a")
    fill_in_two_tabs(agency, live_server.url)
    hand_in(agency)
    decide(enter(new_page(), live_server.url, "fgw_r"))
    comes_back(agency, live_server.url)


def fill_in_two_tabs(page: Page, address: str) -> None:
    """Each tab has its year; what one saves is not in the other, also after a reload."""
    sound(page)
    page.goto(f"{address}/fill/2027Q2/targets/T01/")
    sound(page)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name=OLD).click(modifiers=["ControlOrMeta"])
    other = opened.value
    page.get_by_role("link", name=NEW).click()
    write(page, NEW, "66.8", "初步核算")
    write(other, OLD, "66.2", "最终核实")
    for tab, year, value in ((page, NEW, "66.8"), (other, OLD, "66.2")):
        tab.reload()
        expect(tab.locator("h1")).to_contain_text(year)
        expect(tab.locator("#id_value")).to_have_value(value)
    sound(page)
    other.close()
    page.goto(f"{address}/fill/2027Q2/grid/")
    row = page.get_by_role("row", name=f"T01@2025 绿色出行比例 {OLD}")
    expect(row.get_by_label("T01@2025 数值（%）")).to_have_value("66.2")
    sound(page)


def write(page: Page, year: str, value: str, grade: str) -> None:
    expect(page.locator("h1")).to_have_text(f"绿色出行比例 {year}")
    expect(page.get_by_role("combobox", name="数据属于")).to_have_count(0)
    page.locator("#id_value").fill(value)
    page.get_by_label(grade).check()
    page.keyboard.press("Tab")
    expect(page.locator("[data-saved]")).to_have_text(re.compile(r"已自动保存 \d\d:\d\d:\d\d"))
    expect(page.get_by_label("参考")).to_contain_text("较上年")


def hand_in(page: Page) -> None:
    page.get_by_role("link", name="本季度待填").first.click()
    page.get_by_role("link", name="检查并报送").click()
    sound(page)
    page.get_by_label("联系电话").fill("0731-84550001")
    page.get_by_label("我已核对以上内容").check()
    page.get_by_role("button", name=re.compile("^报送区发改局")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("已报送2项")
    sound(page)


def decide(page: Page) -> None:
    page.locator(".queue").get_by_role("link", name=NEW).click()
    expect(page.locator("#item")).to_contain_text("2025")
    sound(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").first).to_contain_text("已通过T01@2026")
    page.goto(f"{page.url.partition('/review/')[0]}/review/2027Q2/targets/T01@2025/")
    page.get_by_label("审核意见").fill("请附统计部门的最终核实文件")
    page.get_by_role("button", name="退回修改").click()
    expect(page.get_by_role("status").first).to_contain_text("已退回T01@2025")
    values = Observation.objects.filter(is_current=True, year__gte=2025).order_by("year")
    assert [(row.year, str(row.value), row.grade) for row in values.all()] == [
        (2025, "66.0000", "preliminary"), (2026, "66.8000", "preliminary"),
    ]  # fmt: skip


def comes_back(page: Page, address: str) -> None:
    page.goto(f"{address}/my/?period=2027Q2")
    top = page.get_by_role("region", name=re.compile("^在您这里"))
    expect(top).to_contain_text("请附统计部门的最终核实文件")
    sound(page)
    top.locator("li.back a").click()
    expect(page.locator("h1")).to_have_text(f"绿色出行比例 {OLD}")
    assert (obligation(2026).state, obligation(2025).state) == ("approved", "returned")
