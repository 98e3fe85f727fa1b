"""Journey 6: the quarter as a workbook, out and back; a form is opened only for a conflict."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories.workbooks import answered

pytestmark = pytest.mark.browser

START = "/fill/2026Q3/excel/"
ON_THE_WEB = "土壤污染状况详查完成八成，受污染耕地安全利用面积新增120亩，完成年度任务的九成。"
IN_THE_FILE = "土壤污染状况详查完成九成，受污染耕地安全利用面积新增150亩，完成年度任务的九成。"


def test_a_quarter_goes_out_and_comes_back_as_drafts(site, page, sign_in):
    sign_in(page, "jtj_a", START)
    with page.expect_download() as file:
        page.get_by_role("button", name="下载本季度填报表").click()
    data = file.value.path().read_bytes()
    page.goto(f"{site.address}/fill/2026Q3/tasks/5-2/")
    page.get_by_label("本季度进展", exact=True).fill(ON_THE_WEB)
    page.keyboard.press("Control+s")
    expect(page.locator("[data-saved]")).to_have_text(re.compile("已自动保存"))

    key = "2026Q3:task:5-"
    data = answered(
        data,
        "任务",
        {
            (f"{key}2", "本季度进展"): IN_THE_FILE,
            (f"{key}3", "本季度状态"): "基本正常",
            (f"{key}3", "下一步措施"): "四季度完成剩余淘汰任务",
        },
    )
    page.goto(f"{site.address}{START}")
    sent = {"name": "填报表(1).xlsx", "mimeType": "application/octet-stream", "buffer": data}
    page.get_by_label("填好的填报表").set_input_files(files=[sent])
    page.get_by_role("button", name="上传并核对").click()

    expect(page.locator(".say")).to_contain_text("1格冲突要您选，1格看不懂在下面改好")
    expect(page.locator("[data-live=summary]")).to_have_text(
        "可写入1格：新填1；还有冲突1格没选、看不懂1格"
    )
    page.get_by_label("5-3 本季度状态").select_option("正常推进")
    summary = page.locator("[data-live=summary]")
    expect(summary).to_have_text("可写入2格：新填1、改好1；还有冲突1格没选")
    page.reload()
    expect(page.get_by_label("5-3 本季度状态")).to_have_value("on_track")
    page.get_by_role("button", name="写入2格草稿").click()
    expect(page.locator(".say")).to_contain_text("已写入2格草稿，涉及1项。还有1格没有写入")
    page.goto(f"{site.address}/fill/2026Q3/tasks/5-2/")
    expect(page.get_by_label("本季度进展", exact=True)).to_have_value(ON_THE_WEB)
