"""Journey 2: annex 2, the same file again, a changed one, and back."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pressing import press
from tests.browser.test_every_page import barriers
from tests.browser.test_journey_1_import import enter
from tests.factories.agencies import AdministratorFactory
from tests.workflow import annexes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def upload(page: Page, address: str, file) -> None:
    page.goto(f"{address}/manage/import/")
    page.get_by_label("附件表格").set_input_files(file)
    page.get_by_role("button", name="上传并核对").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("认表头")


def onward(page: Page, button: str, heading: str) -> None:
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def test_annex_2_again_changed_and_taken_back(live_server, page: Page, tmp_path):
    AdministratorFactory(username="admin")
    enter(page, live_server.url)
    upload(page, live_server.url, annexes.ANNEX2)
    onward(page, "表头没有问题，下一步", "逐格问题")
    main = page.locator("main")
    expect(main).to_contain_text("采纳：2021-2023")
    expect(main).to_contain_text("总投资写的是“——”，按没有数据读入")
    for rows in ("5—11", "12—13", "14—17", "18—23"):
        expect(main).to_contain_text(f"第{rows}行类别是合并单元格")
    empty = page.get_by_role("group").filter(has_text="建设内容为空")
    expect(empty).to_have_count(2)
    expect(empty.get_by_role("radio", name="留空，待补")).to_have_count(2)
    expect(main).to_contain_text("30×10⁴")
    assert barriers(page) == []
    onward(page, "全部采纳建议", "逐格问题")
    onward(page, "保存，下一步", "单位匹配")

    firm = page.get_by_role("group").filter(has_text="“湖南壹城环保科技有限公司”")
    expect(firm.get_by_role("radio", name="企业，不设账号")).not_to_be_checked()
    onward(page, "全部采纳建议", "单位匹配")
    onward(page, "保存，下一步", "单位匹配")
    expect(main).to_contain_text("还有14个项目没有指定填报责任单位")
    expect(page.get_by_role("button", name="确认导入")).to_be_disabled()
    page.get_by_label("建筑垃圾资源化利用项目的填报责任单位").select_option("区人居环境局")
    page.get_by_label("其余未选的项目都设为").select_option("区农业农村局")
    assert barriers(page) == []
    onward(page, "保存，下一步", "差异预览")
    onward(page, "去确认", "确认")
    page.get_by_role("button", name="确认导入").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已导入")

    page.get_by_role("link", name="看导入后的项目").click()
    expect(main).to_contain_text("915,822")
    expect(main).to_contain_text("P15")
    expect(page.locator("tbody a[href^='/projects/P']")).to_have_count(20)

    upload(page, live_server.url, annexes.ANNEX2)
    page.goto(page.url.replace("header", "differences"))
    expect(main).to_contain_text("未变20")
    expect(page.get_by_role("button", name="确认导入")).to_be_disabled()
    page.get_by_role("button", name="放弃这次导入").click()

    name, data = annexes.changed(annexes.ANNEX2, {"G3": "7500"})
    (tmp_path / name).write_bytes(data)
    upload(page, live_server.url, tmp_path / name)
    page.goto(page.url.replace("header", "differences"))
    expect(main).to_contain_text("修改1")
    expect(main).to_contain_text("7,214 → 7,500")
    onward(page, "去确认", "确认")
    press(page, "确认导入")
    page.goto(f"{live_server.url}/projects/P1/")
    expect(main).to_contain_text("7,500")

    page.goto(f"{live_server.url}/manage/import/")
    page.get_by_role("row").nth(1).get_by_role("link").click()
    page.get_by_role("button", name="撤销本次导入").click()
    expect(main).to_contain_text("已撤销导入")
    page.goto(f"{live_server.url}/projects/P1/")
    expect(main).to_contain_text("7,214")
    page.goto(f"{live_server.url}/history/?object=P1")
    history = page.locator("main").inner_text()
    assert all(action in history for action in ("新增", "修改", "撤销修改"))
