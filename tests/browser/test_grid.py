"""表格模式 as somebody at a keyboard uses it."""

import re

import pytest
from playwright.sync_api import Page, expect

from reporting.filling.services import entries
from reporting.filling.services.entries import FieldEdit
from reporting.models import Obligation
from tests.browser.test_every_page import barriers
from tests.browser.test_journey_9_submit import enter
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.reporting import ObligationFactory
from tests.factories.targets import TargetFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAVED = re.compile(r"已自动保存 \d\d:\d\d:\d\d")


@pytest.fixture
def rows():
    """Four targets that take entries, between them one that does not, and a task."""
    agency = AgencyFactory(name="区交通运输局", code="jtj")
    UserFactory(username="jtj_a", name="王芳", agency=agency)
    targets = [
        TargetFactory(code=f"T{number}", position=number, lead=agency, frequency="quarterly")
        for number in range(11, 16)
    ]
    found = [ObligationFactory(agency=agency, target=target) for target in targets]
    Obligation.objects.filter(pk=found[2].pk).update(state="submitted")
    return [*found, ObligationFactory(agency=agency, kind="task")]


@pytest.fixture
def table(rows, live_server, page: Page) -> Page:
    enter(page, live_server.url, "jtj_a")
    page.goto(f"{live_server.url}/fill/2026Q3/grid/")
    return page


def paste(page: Page, text: str) -> None:
    page.evaluate(
        """text => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          document.activeElement.dispatchEvent(
            new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        text,
    )


def texts(row) -> dict[str, str]:
    return Obligation.objects.get(pk=row.pk).texts


def cell(page: Page, code: str, column: str = "本季度"):
    return page.get_by_label(re.compile(f"^{code} {column}"))


def test_keys_move_undo_and_save(table: Page, rows):
    cell(table, "T11").click()
    table.keyboard.type("70")
    table.keyboard.press("Enter")
    expect(cell(table, "T12")).to_be_focused()
    table.keyboard.type("71")
    table.keyboard.press("ArrowDown")
    expect(cell(table, "T14")).to_be_focused()  # T13 takes no entries
    table.keyboard.type("999")
    table.keyboard.press("Escape")
    expect(cell(table, "T14")).to_have_value("")
    expect(table.locator("[data-saved]")).to_have_text(SAVED)
    assert texts(rows[0])["value"] == "70"
    table.keyboard.press("Control+z")
    expect(cell(table, "T12")).to_have_value("")
    table.keyboard.press("Tab")
    expect(cell(table, "T12", "数据状态")).to_be_focused()
    table.keyboard.press("Control+s")
    expect(table.locator("[data-saved]")).to_have_text(SAVED)
    expect(table.locator("[data-saved]")).not_to_have_text("正在保存…")
    assert texts(rows[1])["value"] == ""
    assert barriers(table) == []


def test_a_block_is_shown_before_it_is_written(table: Page, rows):
    cell(table, "T11").click()
    paste(table, "70.5\t初步核算\r\n很多\t\r\n1\t\r\n１，２３４\t测算\r\n")
    panel = table.locator("[data-paste]")
    expect(panel).to_contain_text("将写入 3 行×2 列")
    expect(panel).to_contain_text("T12：“很多”不是数字")
    expect(panel).to_contain_text("T13：“1”没有可以填的格子")
    assert all(texts(row) == {} for row in rows)
    panel.get_by_role("button", name="取消").click()
    expect(cell(table, "T11")).to_have_value("")
    paste(table, "70.5\t初步核算\r\n")
    panel.get_by_role("button", name="应用").click()
    expect(table.locator("[data-saved]")).to_have_text(SAVED)
    assert (texts(rows[0])["value"], texts(rows[0])["grade"]) == ("70.5", "preliminary")
    assert texts(rows[1]) == {}
    table.keyboard.press("Control+z")
    expect(cell(table, "T11")).to_have_value("")
    expect(cell(table, "T11", "数据状态")).to_have_value("")


def test_a_cell_that_another_changed_is_chosen(table: Page, rows):
    other = UserFactory(name="刘强", agency=rows[0].agency)
    entries.save(pk=rows[0].pk, edits={"value": FieldEdit("77")}, by=other)
    cell(table, "T11").fill("78")
    table.keyboard.press("Enter")
    clash = table.locator(".clash")
    expect(clash).to_contain_text("刘强")
    assert texts(rows[0])["value"] == "77"
    clash.get_by_role("button", name="用我的").click()
    expect(table.locator("[data-saved]")).to_have_text(SAVED)
    assert texts(rows[0])["value"] == "78"


def test_while_the_server_is_away_nothing_is_lost(table: Page, rows, watch):
    watch.tolerate("ERR_FAILED")
    table.route("**/grid/", lambda route: route.abort())
    cell(table, "T11").fill("70")
    table.keyboard.press("Enter")
    expect(table.locator("[data-saved]")).to_contain_text("未能保存到服务器")
    table.unroute("**/grid/")
    table.get_by_role("button", name="保存").click()
    expect(table.locator("[data-saved]")).to_have_text(SAVED)
    assert texts(rows[0])["value"] == "70"


def test_phones_are_sent_to_the_forms(rows, live_server, new_page):
    phone = enter(new_page(viewport={"width": 390, "height": 844}), live_server.url, "jtj_a")
    phone.goto(f"{live_server.url}/fill/2026Q3/grid/")
    expect(phone.locator("main")).to_contain_text("请在电脑上使用表格模式")
    expect(phone.locator("table")).to_be_hidden()


def test_without_a_script_the_table_is_a_form(rows, live_server, new_page):
    page = enter(new_page(java_script_enabled=False), live_server.url, "jtj_a")
    page.goto(f"{live_server.url}/fill/2026Q3/grid/")
    cell(page, "T11").fill("70")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("main")).to_contain_text("已保存1项")
    expect(cell(page, "T11")).to_have_value("70")
