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
from tests.factories.tasks import TaskFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAVED = re.compile(r"已自动保存 \d\d:\d\d:\d\d")
BLOCK = (
    "编号\t本季度\t数据状态\t本季度进展\r\n"
    "T14\t１，２３４.5\t初步核算\t\r\n"
    "T12\t#DIV/0!\t\t\r\n"
    "T13\t1\t\t\r\n"
    '5-1\t正常推进\t\t"第一行\n第二行"\r\n'
    "合计\t3\t\t\r\n"
)


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
    task = TaskFactory(code="5-1", lead=agency)
    return [*found, ObligationFactory(agency=agency, kind="task", task=task)]


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


def cell(page: Page, code: str, column: str = "数值"):
    return page.get_by_label(re.compile(f"^{code} {column}"))


def saved(page: Page):
    return page.locator("[data-saved]")


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
    expect(saved(table)).to_have_text(SAVED)
    table.keyboard.press("Control+z")
    expect(cell(table, "T12")).to_have_value("")
    table.keyboard.press("ArrowRight")
    expect(cell(table, "T12", "数据状态")).to_be_focused()
    expect(table.locator("[data-here]")).to_have_text("T12 数据状态：")
    table.keyboard.press("Control+s")
    expect(saved(table)).to_have_attribute("data-state", "kept")
    assert (texts(rows[0])["value"], texts(rows[1])["value"]) == ("70", "")
    assert texts(rows[0])["availability"] == "new"
    assert barriers(table) == []


def test_a_block_is_shown_before_it_is_written(table: Page, rows):
    cell(table, "T11").click()
    paste(table, BLOCK)
    banner = table.locator("[data-paste]")
    expect(banner).to_contain_text("粘贴了6行×4列，按编号对上4行，将写入4格：新填4格")
    expect(banner).to_contain_text("1格读不懂")
    expect(table.locator("[data-code=T12] [data-column=value]")).to_contain_text("#DIV/0!")
    expect(table.locator("[data-code=T14] [data-column=value]")).to_contain_text("１，２３４.5")
    expect(table.get_by_label("第6行是哪一项")).to_be_visible()
    assert all(texts(row) == {} for row in rows)
    table.reload()
    expect(banner).to_contain_text("将写入4格")
    table.keyboard.press("Escape")
    expect(banner).to_be_hidden()
    cell(table, "T11").click()
    paste(table, BLOCK)
    banner.get_by_role("button", name="应用4格").click()
    expect(saved(table)).to_contain_text("已写入4格")
    assert texts(rows[3])["grade"] == "preliminary"
    assert texts(rows[5]) == {"status": "on_track", "narrative": "第一行\n第二行"}
    assert texts(rows[1]) == texts(rows[2]) == {}
    expect(cell(table, "5-1", "本季度进展")).to_have_value("第一行\n第二行")
    table.keyboard.press("Control+z")
    expect(saved(table)).to_contain_text("已退回4格")
    expect(cell(table, "T14")).to_have_value("")
    assert (texts(rows[3])["value"], texts(rows[5])["narrative"]) == ("", "")


def test_a_cell_that_another_changed_is_chosen(table: Page, rows):
    other = UserFactory(name="刘强", agency=rows[0].agency)
    cell(table, "T11").click()
    paste(table, "78\r\n79\r\n")
    expect(table.locator("[data-paste]")).to_be_visible()
    entries.save(pk=rows[0].pk, edits={"value": FieldEdit("77")}, by=other)
    table.keyboard.press("Enter")
    clash = table.locator("[data-conflict=value]").first
    expect(clash).to_contain_text("刘强")
    assert (texts(rows[0])["value"], texts(rows[1])["value"]) == ("77", "79")
    clash.get_by_role("button", name="用我的").click()
    expect(saved(table)).to_have_text(SAVED)
    assert texts(rows[0])["value"] == "78"


def test_what_is_typed_is_there_again(table: Page, rows, watch, live_server):
    watch.tolerate("ERR_FAILED")
    table.route("**/save/", lambda route: route.abort())
    cell(table, "T11").fill("70")
    table.keyboard.press("Enter")
    expect(saved(table)).to_contain_text("内容已存在本机")
    again = table.context.new_page()
    table.close(run_before_unload=False)
    again.goto(f"{live_server.url}/fill/2026Q3/grid/")
    expect(cell(again, "T11")).to_have_value("70")
    expect(saved(again)).to_have_text(SAVED)
    assert texts(rows[0])["value"] == "70"


def test_phones_are_sent_elsewhere(rows, live_server, new_page):
    phone = enter(new_page(viewport={"width": 390, "height": 844}), live_server.url, "jtj_a")
    phone.goto(f"{live_server.url}/fill/2026Q3/grid/")
    expect(phone.locator("main")).to_contain_text("请在电脑上使用表格模式")
    expect(phone.locator("table").first).to_be_hidden()


def test_without_a_script_each_row_is_a_form(rows, live_server, new_page):
    page = enter(new_page(java_script_enabled=False), live_server.url, "jtj_a")
    page.goto(f"{live_server.url}/fill/2026Q3/grid/")
    cell(page, "T11").fill("70")
    page.locator("[data-code=T11]").get_by_role("button", name="保存").click()
    expect(page.locator("main")).to_contain_text("已保存T11")
    expect(cell(page, "T11")).to_have_value("70")
