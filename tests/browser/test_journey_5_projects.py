"""Journey 5: a project that is late and over its sum, and two that are settled with one click."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from reporting.models import Obligation
from tests.browser.test_every_page import barriers
from tests.factories.agencies import PASSWORD, AgencyFactory, UserFactory
from tests.factories.projects import ProjectFactory, ProjectProgressFactory
from tests.factories.reporting import ObligationFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PROJECTS = (
    (16, "新河水厂提标改造工程", 2024, 32698, "under_way", 29650),
    (17, "凤嘴泵站改造工程", 2023, 4200, "completed", 4200),
    (20, "金霞污水处理厂提标扩容工程", 2023, 91209, "completed", 91209),
)
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def owed():
    """P16 under way, P17 and P20 completed a quarter ago, all of them owed by one agency."""
    agency = AgencyFactory(name="区城市管理和综合执法局", code="cgj")
    UserFactory(username="cgj_a", name="吴涛", agency=agency)
    for number, name, end, total, status, invested in PROJECTS:
        project = ProjectFactory(
            number=number, name=name, end_year=end, total_investment_wan=Decimal(total),
            reporting_agency=agency,
        )  # fmt: skip
        ProjectProgressFactory(
            project=project, quarter=2, status=status, invested_wan=Decimal(invested),
            started_on="2023-05", completed_on="2024-11" if status == "completed" else "",
        )  # fmt: skip
        ObligationFactory(kind="project", project=project, agency=agency)
    return agency


def enter(page: Page, address: str) -> Page:
    page.goto(f"{address}/login/")
    page.get_by_label("账号").fill("cgj_a")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.locator(".facts span").first).to_have_text("区城市管理和综合执法局")
    return page


def kept(page: Page) -> None:
    """Everything typed is with the server."""
    page.keyboard.press("Tab")
    saved = page.locator("[data-saved][data-state=kept]")
    expect(saved).to_have_text(re.compile(r"已自动保存 \d\d:\d\d:\d\d"))


def test_a_late_project_is_doubted_stopped_and_passes(owed, live_server, page: Page, tmp_path):
    enter(page, live_server.url)
    page.get_by_role("link", name="新河水厂提标改造工程").click()
    expect(page.locator("main")).to_contain_text("已超过计划完成年")
    page.get_by_label("本季度投资").fill("10,350")
    page.get_by_label("累计投资", exact=True).fill("40000")
    kept(page)
    doubt = page.locator("[data-findings=invested_wan] .doubt").first
    expect(doubt).to_contain_text("总投资")
    expect(page.locator("td[data-live=share]")).to_have_text("122.3%")
    doubt.get_by_role("textbox", name="原因").fill("拆迁补偿并入本项目，概算调整已报批")
    page.get_by_label("已竣工").check()
    page.get_by_label("形象进度", exact=True).fill("100")
    kept(page)
    assert barriers(page) == []

    form = page.url
    page.goto(f"{form}?check=1")
    expect(page).to_have_title(re.compile("^错误：P16"))
    summary = page.locator(".errors")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("竣工")
    expect(page.locator("#id_why_W5")).to_have_value("拆迁补偿并入本项目，概算调整已报批")
    summary.get_by_role("link", name=re.compile("实际竣工")).click()
    expect(page.get_by_label("实际竣工")).to_be_focused()
    assert barriers(page) == []

    page.get_by_label("实际竣工").fill("2026.09")
    proof = tmp_path / "竣工验收.pdf"
    proof.write_bytes(b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
    page.locator("#id_files").set_input_files(proof)
    expect(page.locator("#evidence")).to_contain_text("竣工验收.pdf")
    kept(page)
    page.goto(f"{form}?check=1")
    expect(page.locator(".errors")).to_have_count(0)
    expect(page.locator("#evidence")).to_contain_text("竣工验收.pdf")
    row = Obligation.objects.get(project__number=16)
    assert (row.texts["status"], row.texts["completed_on"]) == ("completed", "2026.09")
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


@pytest.mark.parametrize("has_script", [True, False])
def test_settled_projects_are_done_in_one_step(owed, live_server, new_page, has_script):
    page = enter(new_page(java_script_enabled=has_script), live_server.url)
    expect(page.get_by_role("checkbox")).to_have_count(2)
    for code in ("P17", "P20"):
        page.get_by_role("checkbox", name=re.compile(code)).check()
    page.get_by_role("button", name="填“本季度无变化”").click()
    expect(page.locator(".messages")).to_contain_text("已有2项填为“本季度无变化”")
    texts = {row.subject_code: row.texts for row in Obligation.objects.with_subjects()}
    assert texts == {"P16": {}, "P17": {"no_change": "1"}, "P20": {"no_change": "1"}}
    page.get_by_role("link", name="凤嘴泵站改造工程").click()
    expect(page.get_by_label("本季度无变化")).to_be_checked()


def test_without_a_script_the_buttons_do_the_same(owed, live_server, new_page):
    page = enter(new_page(java_script_enabled=False), live_server.url)
    page.get_by_role("link", name="新河水厂提标改造工程").click()
    page.get_by_label("本季度投资").fill("1,200")
    page.get_by_role("button", name="把合计填入累计投资").click()
    expect(page.get_by_label("累计投资", exact=True)).to_have_value("30850")
    expect(page.locator("main")).to_contain_text("≈3.09亿元")
    page.get_by_role("button", name="保存，下一项 P17").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("凤嘴泵站改造工程")
