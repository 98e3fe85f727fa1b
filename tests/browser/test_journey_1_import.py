"""Journey 1: the administrator of an empty system imports annex 1, looking at every step."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_every_page import barriers
from tests.factories.agencies import PASSWORD, AdministratorFactory
from tests.workflow.annexes import ANNEX1

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def entered(live_server, page: Page) -> Page:
    """The page of an administrator who has just signed in to an empty system."""
    AdministratorFactory(username="admin")
    return enter(page, live_server.url)


def enter(page: Page, address: str) -> Page:
    page.goto(f"{address}/login/")
    page.get_by_label("账号").fill("admin")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_load_state()
    return page


def test_annex_1_into_an_empty_system(entered: Page, live_server, new_page):
    page = entered
    expect(page.locator("main")).to_contain_text("导入附件1")
    second = enter(new_page(), live_server.url)

    page.get_by_role("navigation", name="主导航").get_by_role("link", name="导入").click()
    page.get_by_label("附件表格").set_input_files(ANNEX1)
    page.get_by_role("button", name="上传并核对").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("认表头")
    expect(page.get_by_label("C列")).to_have_value("lead")
    assert barriers(page) == []

    page.get_by_role("button", name="表头没有问题，下一步").click()
    musts = page.get_by_role("group").filter(has_text="✕ 必须处理")
    expect(musts).to_have_count(7)
    expect(page.get_by_role("button", name="确认导入")).to_be_disabled()
    footnote = page.get_by_role("group").filter(has_text="像是脚注号").first
    expect(footnote.get_by_role("radio", name="采纳：森林覆盖率稳定在15.38%左右")).to_be_checked()
    assert barriers(page) == []
    for select in page.get_by_label("汇总单位").all():
        expect(select).to_have_value("")
        select.select_option(index=1)
    page.get_by_role("button", name="保存，下一步").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("单位匹配")
    variant = page.get_by_role("group").filter(has_text="“马栏山(长沙)视频文创管理委员会”")
    same = variant.get_by_role("radio", name="同“马栏山（长沙）视频文创园管理委员会”")
    expect(same).not_to_be_checked()
    assert barriers(page) == []
    same.check()
    page.get_by_role("button", name="保存", exact=True).click()
    expect(variant.get_by_role("radio", name="同“马栏山")).to_be_checked()
    page.get_by_role("button", name="全部采纳建议").click()
    expect(variant.get_by_role("radio", name="同“马栏山")).to_be_checked()
    page.get_by_role("button", name="保存，下一步").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("差异预览")
    targets = page.get_by_role("table", name="由总体目标拆出的指标").get_by_role("row")
    expect(targets).to_have_count(7)
    for place, words in enumerate(
        ("较2020年下降15%", "待市下达", "≥22%", "≈15.38%", "≥60万立方米", "达峰"), start=1
    ):
        expect(targets.nth(place)).to_contain_text(f"T0{place}")
        expect(targets.nth(place)).to_contain_text(words)
    assert barriers(page) == []
    second.goto(f"{live_server.url}/tasks/")
    expect(second.locator("main")).not_to_contain_text("培育绿色低碳新兴产业")

    page.get_by_role("button", name="去确认").click()
    expect(page.locator("main")).to_contain_text("总体目标6，任务32")
    assert barriers(page) == []
    page.get_by_role("button", name="确认导入").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已导入")
    assert barriers(page) == []

    page.get_by_role("link", name="看导入后的任务").click()
    expect(page.locator("main")).to_contain_text("培育绿色低碳新兴产业")
    expect(page.locator("main")).to_contain_text("开展绿色公共机构示范建设")
    expect(page.locator("tbody a[href^='/tasks/']")).to_have_count(32)


@pytest.mark.parametrize("width", [390, 320])
def test_no_step_scrolls_sideways_on_a_phone(live_server, new_page, width):
    AdministratorFactory(username="admin")
    page = enter(new_page(viewport={"width": width, "height": 844}), live_server.url)
    page.goto(f"{live_server.url}/manage/import/")
    page.get_by_label("附件表格").set_input_files(ANNEX1)
    page.get_by_role("button", name="上传并核对").click()
    for step in ("认表头", "逐格问题", "单位匹配", "差异预览"):
        if page.get_by_role("heading", level=1).inner_text() != step:
            page.get_by_role("navigation", name="导入步骤").get_by_role("link", name=step).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(step)
        page.wait_for_load_state()  # the width is that of the page with its styles
        assert page.evaluate("document.documentElement.scrollWidth") <= width, step


def test_the_wizard_works_without_scripts(live_server, new_page):
    AdministratorFactory(username="admin")
    page = enter(new_page(java_script_enabled=False), live_server.url)
    page.goto(f"{live_server.url}/manage/import/")
    page.get_by_label("附件表格").set_input_files(ANNEX1)
    page.get_by_role("button", name="上传并核对").click()
    page.get_by_role("button", name="表头没有问题，下一步").click()
    for select in page.get_by_label("汇总单位").all():
        select.select_option(label="暂不指定，由区发改局以后指定")
    page.get_by_role("button", name="保存，下一步").click()
    page.get_by_role("button", name="全部采纳建议").click()
    page.get_by_role("button", name="保存，下一步").click()
    page.get_by_role("button", name="去确认").click()
    page.get_by_role("button", name="确认导入").click()
    assert "已导入" in page.get_by_role("heading", level=1).inner_text()
