"""Journey 3: a slip of the decimal point is seen, converted, and everything typed is kept."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

FORM = "/fill/2026Q3/targets/T18/"
SAVED = re.compile(r"已自动保存 \d\d:\d\d:\d\d")


def saved(page):
    status = page.locator("[data-saved]")
    expect(status).to_have_text(SAVED)
    return status


def test_a_slip_is_doubted_converted_saved_and_found_again(site, page, sign_in):
    sign_in(page, "jtj_a")
    expect(page).to_have_url(f"{site.address}/my/")
    expect(page.locator("main")).to_contain_text(re.compile("还剩\\d+天|逾期|今天"))
    page.goto(site.address + FORM)
    value = page.get_by_label("数值")
    value.fill("0.786")
    page.keyboard.press("Tab")
    doubt = page.locator("[data-findings=value] .doubt").first
    expect(doubt).to_contain_text("1/100")
    doubt.get_by_role("button", name="换算为 78.6").click()
    expect(value).to_have_value("78.6")
    saved(page)
    expect(page.locator("td[data-live=change]")).to_have_text("+0.70")
    expect(page.locator("[data-judged]")).to_contain_text("达到进度要求")
    expect(page.locator("[data-findings=value]")).not_to_contain_text("1/100")
    page.reload()
    expect(value).to_have_value("78.6")


def test_what_is_no_number_is_kept_and_stops_only_the_submission(site, page, sign_in):
    sign_in(page, "jtj_a", FORM)
    value = page.get_by_label("数值")
    value.fill("abc")
    page.keyboard.press("Tab")
    saved(page)
    expect(page.locator("[data-findings=value]")).to_contain_text("数字")
    page.reload()
    expect(value).to_have_value("abc")
    page.goto(f"{site.address}/my/")
    page.get_by_role("link", name="检查并报送").first.click()
    expect(page).to_have_title(re.compile("^错误："))
    summary = page.locator(".errors")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name=re.compile("T18.*数字")).click()
    expect(page).to_have_url(re.compile(FORM))
    expect(value).to_be_focused()
    value.fill("78.6")
    page.keyboard.press("Control+s")
    saved(page)


def test_a_reason_is_saved_like_any_field(site, page, sign_in):
    sign_in(page, "jtj_a", FORM)
    page.get_by_label("数值").fill("7.86")
    page.keyboard.press("Tab")
    doubt = page.locator("[data-findings=value] .doubt").first
    expect(doubt).to_be_visible()
    name = doubt.locator("[data-answer]").first.get_attribute("data-answer")
    doubt.get_by_label("属实，原因如下").check()
    reason = page.locator(f"[name={name}]")
    expect(reason).to_be_focused()
    reason.fill("统计口径改为全部营运车辆")
    page.keyboard.press("Control+s")
    saved(page)
    page.reload()
    expect(reason).to_have_value("统计口径改为全部营运车辆")
    page.get_by_label("数值").fill("78.6")
    page.keyboard.press("Control+s")
    expect(doubt).to_be_hidden()


def test_by_keyboard_and_with_a_way_back_from_emptying(site, page, sign_in):
    sign_in(page, "jtj_a", FORM)
    note = page.get_by_label("备注")
    note.fill("七月新购120辆纯电动车上线")
    page.keyboard.press("Control+s")
    saved(page)
    note.fill("")
    page.get_by_role("button", name="撤销").click()
    expect(note).to_have_value("七月新购120辆纯电动车上线")
    page.locator("input[name=grade]").first.check()
    page.get_by_role("button", name="清空").last.click()
    expect(page.locator("input[name=grade]:checked")).to_have_count(0)
    page.get_by_role("button", name="撤销").click()
    expect(page.locator("input[name=grade]").first).to_be_checked()
    # Enter in a line saves and presses no button of the form
    page.get_by_label("数据来源").fill("区交通运输局台账")
    page.keyboard.press("Enter")
    saved(page)
    expect(page).to_have_url(site.address + FORM)
    page.keyboard.press("Control+Enter")
    expect(page).not_to_have_url(site.address + FORM)
    page.goto(site.address + FORM)
    expect(page.get_by_label("数据来源")).to_have_value("区交通运输局台账")
