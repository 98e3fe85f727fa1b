"""A field that cannot be saved says so below it, and never stops the others."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

FORM = "/fill/2026Q3/tasks/5-3/"
SAVED = re.compile(r"已自动保存 \d\d:\d\d:\d\d")


@pytest.fixture
def page(site, new_page, sign_in, watch):
    watch.tolerate("status of 422")
    watch.tolerate("status of 500")
    return sign_in(new_page(), "jtj_a", FORM)


@pytest.fixture
def other(site, new_page, sign_in):
    """Another person of the agency, who sees what is stored and no copy on a computer."""
    return sign_in(new_page(), "jtj_b", "/help/")


def test_a_text_that_is_too_long_stays_with_its_length_and_the_others_are_saved(page, other):
    long = "长" * 30_000
    page.get_by_label("本季度进展", exact=True).fill(long)
    page.get_by_label("存在问题", exact=True).fill("管线未迁改，其余照常。")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-field=narrative] [role=alert]")).to_contain_text("现有30000字")
    expect(page.locator("[data-saved]").first).to_contain_text("其余各栏已保存")
    other.goto(page.url)
    expect(other.get_by_label("存在问题", exact=True)).to_have_value("管线未迁改，其余照常。")
    expect(other.get_by_label("本季度进展", exact=True)).not_to_have_value(long)
    expect(page.get_by_label("本季度进展", exact=True)).to_have_value(long)
    page.get_by_label("本季度进展", exact=True).fill("精简以后的进展。")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-saved]").first).to_have_text(SAVED)
    expect(page.locator("[data-field=narrative] [role=alert]")).to_have_count(0)


def test_what_is_typed_before_the_scripts_run_is_saved_too(site, new_page, sign_in, other):
    late, page = [], sign_in(new_page(), "jtj_a", "/help/")
    page.route("**/js/fill.*", lambda route: late.append(route))
    page.goto(f"{site.address}{FORM}", wait_until="commit")
    page.get_by_label("下一步措施", exact=True).fill("请协调管线迁改。")
    for _ in range(100):
        if late:
            break
        page.wait_for_timeout(50)
    late[0].continue_()
    expect(page.locator("[data-saved]").first).to_have_text(SAVED)
    other.goto(page.url)
    expect(other.get_by_label("下一步措施", exact=True)).to_have_value("请协调管线迁改。")


def test_an_error_of_the_server_at_one_field_does_not_stop_the_others(page, other):
    def answer(route):
        is_bad = "narrative=" in (route.request.post_data or "")
        route.fulfill(status=500, body="<h1>500</h1>") if is_bad else route.continue_()

    page.route("**/save/", answer)
    page.get_by_label("本季度进展", exact=True).fill("这一栏服务器存不了。")
    page.get_by_label("下一步措施", exact=True).fill("这一栏照常保存。")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-field=narrative] [role=alert]")).to_contain_text("没能保存这一栏")
    other.goto(page.url)
    expect(other.get_by_label("下一步措施", exact=True)).to_have_value("这一栏照常保存。")
    page.unroute("**/save/")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-saved]").first).to_have_text(SAVED)
    expect(page.locator("[data-field=narrative] [role=alert]")).to_have_count(0)


def test_a_server_that_is_silent_is_told_while_the_field_waits(page):
    silent = []
    page.route("**/save/", lambda one: one.continue_() if silent else silent.append(one))
    page.get_by_label("存在问题", exact=True).fill("服务器没有回应时写的。")
    page.keyboard.press("Control+s")
    status = page.locator("[data-saved]").first
    expect(status).to_contain_text("服务器8秒没有回应", timeout=12_000)
    silent[0].continue_()
    expect(status).to_have_text(SAVED)
