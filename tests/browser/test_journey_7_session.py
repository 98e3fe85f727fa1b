"""Journey 7: the network goes, the session ends; nothing typed is lost, with scripts or without."""

import json
import re
import time

import pytest
from playwright.sync_api import expect

from tests.site import Site, web_server

pytestmark = pytest.mark.browser

FORM = "/fill/2026Q3/tasks/5-2/"
TEXT = "本季度完成公交场站充电设施改造，新增直流快充桩四十八台，覆盖六个片区。" * 6
SAVED = re.compile(r"已自动保存 \d\d:\d\d:\d\d")
AWAY = "未能保存到服务器，内容已存在本机，联网后自动重试"
IDLE = 12
TYPED = """(box, text) => {
  box.value = text;
  box.dispatchEvent(new InputEvent("input", {bubbles: true}));
}"""


@pytest.fixture(scope="module")
def short(site):
    """The same site by a second server whose sessions end soon."""
    environment = {**site.environment, "KAIFU_IDLE_SECONDS": str(IDLE)}
    with web_server(environment) as (address, web):
        yield Site(address, web.pid, site.passwords, environment)


@pytest.fixture
def enter(short):
    def signed_in(page, username="jtj_a", public=False, following=FORM):
        page.goto(f"{short.address}/login/?next={following}")
        page.get_by_label("账号").fill(username)
        page.get_by_label("密码", exact=True).fill(short.passwords[username])
        if public:
            page.get_by_label("公用电脑").check()
        page.get_by_role("button", name="登录").click()
        page.wait_for_load_state()
        return page

    return signed_in


def narrative(page):
    return page.get_by_label("本季度进展")


def status(page):
    return page.locator("[data-saved]")


def copies(page):
    return page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('kaifu/'))")


def sign_in_over_the_page(page, short, username="jtj_a"):
    page.locator("#session-username").fill(username)
    page.locator("#session-password").fill(short.passwords[username])
    page.get_by_role("button", name="登录，继续填写").click()


def test_text_typed_without_a_network_is_kept_and_sent_when_it_is_back(site, page, sign_in, watch):
    watch.tolerate("ERR_INTERNET_DISCONNECTED")
    sign_in(page, "jtj_a", FORM)
    # the key that seals copies is fetched first; a page without it says that there is no copy
    expect(page.locator("form[data-no-copy]")).to_have_count(0)
    page.context.set_offline(True)
    narrative(page).fill(TEXT)
    expect(status(page)).to_have_text(AWAY, timeout=10_000)
    assert len(copies(page)) == 1
    page.context.set_offline(False)
    expect(status(page)).to_have_text(SAVED, timeout=10_000)
    assert copies(page) == []
    page.reload()
    expect(narrative(page)).to_have_value(TEXT)


def test_a_local_copy_of_an_earlier_visit_is_sent(site, page, sign_in, watch):
    watch.tolerate("ERR_FAILED")
    sign_in(page, "jtj_a", FORM)
    page.route("**/save/", lambda route: route.abort())
    page.get_by_label("存在问题").fill("断网时写的问题")
    expect(status(page)).to_have_text(AWAY, timeout=10_000)
    page.on("dialog", lambda dialog: dialog.accept())
    page.close()
    again = page.context.new_page()
    again.goto(site.address + FORM)
    expect(again.get_by_label("存在问题")).to_have_value("断网时写的问题")
    expect(status(again)).to_have_text(SAVED)
    assert copies(again) == []


def test_a_local_copy_cannot_be_read_without_the_sign_in_of_its_owner(site, page, sign_in, watch):
    watch.tolerate("ERR_FAILED")
    sign_in(page, "jtj_a", FORM)
    page.route("**/save/", lambda route: route.abort())
    page.get_by_label("存在问题").fill("只有本人能看的问题")
    expect(status(page)).to_have_text(AWAY, timeout=10_000)
    (place,) = copies(page)
    kept = page.evaluate("place => localStorage.getItem(place)", place)
    assert "只有本人" not in kept
    assert set(json.loads(kept)) == {"iv", "data", "at"}
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/login/")
    assert copies(page) == [place]
    page.unroute("**/save/")
    sign_in(page, "jtj_b", FORM)
    expect(page.get_by_label("存在问题")).not_to_have_value("只有本人能看的问题")
    page.get_by_role("button", name="退出").click()
    sign_in(page, "jtj_a", FORM)
    expect(page.get_by_label("存在问题")).to_have_value("只有本人能看的问题")
    expect(status(page)).to_have_text(SAVED)


def test_a_copy_over_plain_http_goes_with_signing_out(site, page, sign_in, watch):
    watch.tolerate("ERR_FAILED")
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', {get: () => false})")
    sign_in(page, "jtj_a", FORM)
    page.route("**/save/", lambda route: route.abort())
    page.get_by_label("存在问题").fill("没有加密时写的问题")
    expect(status(page)).to_have_text(AWAY, timeout=10_000)
    assert len(copies(page)) == 1
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/login/")
    assert copies(page) == []


def test_nothing_is_kept_on_a_public_computer(short, page, enter, watch):
    watch.tolerate("ERR_FAILED")
    enter(page, public=True)
    page.route("**/save/", lambda route: route.abort())
    narrative(page).fill("公用电脑上写的")
    expect(status(page)).to_contain_text("先不要关闭这个页面", timeout=10_000)
    assert copies(page) == []
    page.unroute("**/save/")
    page.keyboard.press("Control+s")
    expect(status(page)).to_have_text(SAVED)


def test_a_warning_comes_before_the_end_and_staying_is_one_click(short, page, enter):
    enter(page)
    panel = page.get_by_role("alertdialog")
    expect(panel).to_be_visible(timeout=1000 * IDLE)
    expect(panel).to_contain_text("登录即将过期")
    expect(page.get_by_role("button", name="继续填写", exact=True)).to_be_focused()
    page.get_by_role("button", name="继续填写", exact=True).click()
    expect(panel).to_be_hidden()


def test_typing_counts_as_activity(short, page, enter):
    enter(page)
    end = time.monotonic() + 1.5 * IDLE
    count = 0
    while time.monotonic() < end:
        count += 1
        narrative(page).fill(f"{TEXT}{count}")
        page.keyboard.press("Control+s")
        expect(status(page)).to_have_text(SAVED)
        page.wait_for_timeout(2000)
    expect(page.locator("[data-session]")).to_be_hidden()
    page.reload()
    expect(narrative(page)).to_have_value(f"{TEXT}{count}")


def test_after_the_end_one_signs_in_over_the_page_and_nothing_is_lost(short, page, enter, watch):
    watch.tolerate("401")
    watch.tolerate("422")
    enter(page)
    cover = page.get_by_role("alertdialog", name="登录已过期")
    expect(cover).to_be_visible(timeout=2000 * IDLE)
    narrative(page).evaluate(TYPED, TEXT)  # the page is covered: an input method may still write
    page.evaluate("window.stays = true")
    page.locator("#session-password").fill("wrong")
    page.keyboard.press("Enter")
    expect(cover).to_contain_text("账号或密码不对")
    sign_in_over_the_page(page, short)
    expect(cover).to_be_hidden()
    expect(status(page)).to_have_text(SAVED)
    assert page.evaluate("window.stays") is True
    expect(narrative(page)).to_have_value(TEXT)
    page.reload()
    expect(narrative(page)).to_have_value(TEXT)


def test_another_person_gets_a_page_of_their_own(site, page, sign_in, watch):
    watch.tolerate("401")
    sign_in(page, "jtj_a", FORM)
    page.context.clear_cookies(name="sessionid")
    before = narrative(page).input_value()
    narrative(page).fill("王芳没有存上的文字")
    expect(page.get_by_role("alertdialog", name="登录已过期")).to_be_visible()
    sign_in_over_the_page(page, site, "jtj_b")
    expect(page.locator(".who")).to_contain_text("刘强")
    expect(narrative(page)).to_have_value(before)
    assert len(copies(page)) == 1  # it waits for its own author
    page.get_by_role("button", name="退出").click()
    sign_in(page, "jtj_a", FORM)
    expect(narrative(page)).to_have_value("王芳没有存上的文字")
    expect(status(page)).to_have_text(SAVED)
    assert copies(page) == []


def test_signed_in_again_in_another_window_the_page_just_goes_on(site, page, sign_in, watch):
    watch.tolerate("403")
    sign_in(page, "jtj_a", FORM)
    other = page.context.new_page()
    other.goto(f"{site.address}/help/")
    other.get_by_role("button", name="退出").click()
    sign_in(other, "jtj_a")
    narrative(page).fill("另一窗口重新登录以后写的")
    page.keyboard.press("Control+s")
    expect(status(page)).to_have_text(SAVED)
    expect(page.locator("[data-session]")).to_be_hidden()


def test_without_scripts_a_form_sent_too_late_comes_back_with_the_sign_in(short, new_page, enter):
    page = new_page(java_script_enabled=False)
    enter(page)
    narrative(page).fill("没有脚本时写的进展")
    time.sleep(IDLE + 2)
    page.get_by_role("button", name="保存并返回").click()
    expect(page).to_have_url(re.compile("/login/"))
    expect(page.locator("main")).to_contain_text("已暂存")
    page.get_by_label("账号").fill("jtj_a")
    page.get_by_label("密码", exact=True).fill(short.passwords["jtj_a"])
    page.get_by_role("button", name="登录").click()
    expect(page.locator("main")).to_contain_text("已恢复您登录前填写的内容")
    expect(narrative(page)).to_have_value("没有脚本时写的进展")
