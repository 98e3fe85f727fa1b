"""Journey 8: two people fill in one item; nothing of either is lost."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

FORM = "/fill/2026Q3/tasks/5-3/"
SAVED = re.compile(r"已自动保存 \d\d:\d\d:\d\d")


@pytest.fixture
def two(site, new_page, sign_in):
    """王芳 and 刘强 of one agency, each with the same form open."""
    return [sign_in(new_page(), username, FORM) for username in ("jtj_a", "jtj_b")]


def type_into(page, label, text):
    page.get_by_label(label, exact=True).fill(text)
    page.keyboard.press("Control+s")


def saved(page):
    expect(page.locator("[data-saved]")).to_have_text(SAVED)


def test_each_sees_that_the_other_is_there(two):
    first, second = two
    expect(second.locator("[data-present]")).to_contain_text("也在填写本项（")
    first.reload()
    expect(first.locator("[data-present]")).to_contain_text("也在填写本项（")


def test_different_fields_are_both_kept_and_shown_to_both(site, two):
    first, second = two
    type_into(first, "本季度进展", "完成主干道绿色照明改造12公里。")
    saved(first)
    type_into(second, "存在问题", "部分路段管线未迁改。")
    saved(second)
    for page in two:
        page.reload()
        expect(page.get_by_label("本季度进展")).to_have_value("完成主干道绿色照明改造12公里。")
        expect(page.get_by_label("存在问题")).to_have_value("部分路段管线未迁改。")


def test_what_the_other_wrote_comes_into_an_untouched_field(two):
    first, second = two
    type_into(first, "下一步措施", "四季度完成剩余3公里。")
    saved(first)
    second.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(second.get_by_label("下一步措施")).to_have_value("四季度完成剩余3公里。")
    expect(second.locator("[data-field=next_steps] [data-note]")).to_contain_text("更新")


@pytest.mark.parametrize(
    ("choice", "kept"), [("用我的", "乙写的进展"), (re.compile("^用(?!我的)"), "甲写的进展")]
)
def test_of_two_texts_for_one_field_one_is_chosen_and_both_are_in_the_history(
    site, two, new_page, sign_in, choice, kept
):
    first, second = two
    type_into(first, "本季度进展", "甲写的进展")
    saved(first)
    type_into(second, "本季度进展", "乙写的进展")
    panel = second.locator("[data-conflict=narrative]")
    expect(panel).to_contain_text("甲写的进展")
    expect(panel).to_contain_text("乙写的进展")
    expect(panel).to_contain_text(re.compile(r"的（\d\d:\d\d）"))
    expect(panel.locator("ins").first).to_be_visible()
    panel.get_by_role("button", name=choice).click()
    expect(panel).to_be_hidden()
    for page in (second, first):
        expect(page.locator("[data-saved]")).not_to_have_text("正在保存…")
        page.reload()
        expect(page.get_by_label("本季度进展")).to_have_value(kept)
    history = sign_in(new_page(), "fgw_r", "/history/?object=2026Q3+5-3")
    for text in ("甲写的进展", "乙写的进展"):
        expect(history.locator("main")).to_contain_text(text)


def test_two_texts_are_put_together(two):
    first, second = two
    type_into(first, "存在问题", "管线未迁改")
    saved(first)
    type_into(second, "存在问题", "资金未到位")
    panel = second.locator("[data-conflict=problems]")
    panel.get_by_role("button", name="合在一起").click()
    panel.get_by_label("合在一起的文字").fill("管线未迁改；资金未到位")
    panel.get_by_role("button", name="用这段文字").click()
    saved(second)
    first.reload()
    expect(first.get_by_label("存在问题")).to_have_value("管线未迁改；资金未到位")


def test_a_button_waits_for_the_choice(two):
    first, second = two
    type_into(first, "下一步措施", "甲的措施")
    saved(first)
    second.get_by_label("下一步措施").fill("乙的措施")
    second.keyboard.press("Control+Enter")
    expect(second.locator("[data-conflict=next_steps]")).to_be_visible()
    expect(second).to_have_url(re.compile(FORM))


def test_two_windows_of_one_person_are_no_two_editors(site, page, sign_in):
    first = sign_in(page, "jtj_a", FORM)
    second = first.context.new_page()
    second.goto(site.address + FORM)
    type_into(first, "存在问题", "管线未迁改")
    saved(first)
    expect(second.get_by_label("存在问题", exact=True)).to_have_value("管线未迁改")
    type_into(second, "存在问题", "管线未迁改，资金未到位")
    saved(second)
    expect(second.locator("[data-conflict=problems]")).to_be_hidden()
    expect(first.get_by_label("存在问题", exact=True)).to_have_value("管线未迁改，资金未到位")
