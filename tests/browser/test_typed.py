"""Whatever is typed or chosen in a form survives a closed tab, an ended session, a lost network.

CI looks at the pages of SAMPLE. The long run sets KAIFU_EVERY_FORM, and goes over one page of each
kind that each role can reach. tests/workflow/test_typed_controls.py finds a control that no script
looks after, tests/unit/reporting/typed an address whose form is not parked.
"""

import os
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.test_every_page import kind_of, walk
from tests.site import Site

pytestmark = pytest.mark.browser

ROLES = ("admin", "fgw_r", "ld", "jtj_a", "jtj_s")
SAMPLE = (
    ("admin", "/manage/users/new/"),
    ("fgw_r", "/review/?period=2026Q3"),
    ("jtj_a", "/my/2026Q3/time/"),
)
TIME = "/my/2026Q3/time/"
WORDS = "等统计部门的数据，预计下月中旬提供"

# Types into the first control of each type of each form.
TYPE = """() => {
  for (const form of document.querySelectorAll("form[data-item^=f-]")) {
    const met = new Set(["hidden", "submit", "button", "file", "password", "fieldset"]);
    for (const one of form.elements) {
      const {type} = one;
      if (!one.name || one.disabled || one.readOnly || met.has(type)) continue;
      if (one.options && one.options.length < 2) continue;
      if (["checkbox", "radio"].includes(type)) one.checked = !one.checked;
      else if (one.options) {
        for (const option of one.options) option.selected = !option.defaultSelected;
      } else if (type === "number") one.value = "12";
      else if (type === "date") one.value = "2026-12-15";
      else if (type === "month") one.value = "2026-12";
      else one.value = "走查时写的内容";
      met.add(type);
      for (const name of ["input", "change"]) one.dispatchEvent(new Event(name, {bubbles: true}));
    }
  }
}"""
# What stands in each form.
READ = """() => {
  const valueOf = one => one.options ? [...one.selectedOptions].map(option => option.value).join()
    : ["checkbox", "radio"].includes(one.type) ? one.checked : one.value;
  const forms = [...document.querySelectorAll("form[data-item^=f-]")];
  return forms.map(form => [...form.elements]
    .filter(one => one.name && !["hidden", "submit"].includes(one.type))
    .map(one => [one.name, valueOf(one)]));
}"""
HAS_COPIES = "Object.keys(localStorage).some(key => key.includes('/f-'))"


def paths_for(page: Page, site: Site, username: str) -> list[str]:
    """The addresses to look at for a role, one of each kind."""
    if not os.environ.get("KAIFU_EVERY_FORM"):
        return [path for name, path in SAMPLE if name == username]
    paths = [path for path in walk(page, site) if "/admin/" not in path]
    return list({kind_of(path): path for path in paths}.values())


def eventually(page: Page, script: str, wanted: object, seconds: float = 5) -> bool:
    """Whether a script gives what is wanted; the policy of pages forbids waiting inside of them."""
    end = time.monotonic() + seconds
    while page.evaluate(script) != wanted and time.monotonic() < end:
        page.wait_for_timeout(50)
    return bool(page.evaluate(script) == wanted)


def enter(page: Page, site: Site, username: str) -> None:
    page.locator("input[name=username]").fill(username)
    page.locator("input[name=password]").fill(site.passwords[username])
    page.locator("form:has(input[name=password]) button[type=submit]").click()
    page.wait_for_url(lambda url: urlsplit(url).path != "/login/")


@pytest.mark.parametrize("username", ROLES if os.environ.get("KAIFU_EVERY_FORM") else dict(SAMPLE))
def test_every_form_keeps_what_is_typed(
    username: str, site: Site, new_page: Callable[..., Page], sign_in: Callable[..., Page]
) -> None:
    page, lost = sign_in(new_page(), username), []
    for path in paths_for(page, site, username):
        page.goto(site.address + path)
        before = page.evaluate(READ)
        page.evaluate(TYPE)
        typed = page.evaluate(READ)
        if typed == before:
            assert path not in dict(SAMPLE).values()
            continue
        if not eventually(page, HAS_COPIES, True):
            lost.append(f"{path}: no copy")
            continue
        page.wait_for_timeout(200)  # all fields have their copies
        again = page.context.new_page()
        page.close()
        page = again
        page.goto(site.address + path)
        if not eventually(page, READ, typed):
            lost.append(f"{path}: closed tab")
        page.context.clear_cookies(name="sessionid")
        page.goto(site.address + path)
        enter(page, site, username)
        if not eventually(page, READ, typed):
            lost.append(f"{path}: ended session")
        page.evaluate("localStorage.clear()")
    assert not lost


def test_a_press_waits_for_network_and_sign_in_and_then_goes_through(
    site: Site, page: Page, sign_in: Callable[..., Page], watch
) -> None:
    watch.tolerate("ERR_INTERNET_DISCONNECTED")
    sign_in(page, "jtj_a", TIME)
    reason = page.get_by_label("理由")
    reason.fill(WORDS)
    page.get_by_label("延至").fill("2026-12-15")
    assert eventually(page, HAS_COPIES, True)
    page.context.set_offline(True)
    page.locator("main form button[type=submit]").click()
    note = page.locator("[data-typed-note]")
    expect(note).to_contain_text("没有连上服务器，还没有提交；内容已存在本机")
    page.get_by_role("button", name="退出").click()
    panel = page.get_by_role("alertdialog")
    expect(panel).to_contain_text("处未保存")
    panel.get_by_role("button", name="先不退出").click()
    page.context.set_offline(False)
    page.reload()
    expect(note).to_contain_text("已恢复本机暂存的")
    expect(reason).to_have_value(WORDS)
    page.context.clear_cookies(name="sessionid")
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_role("alertdialog", name="登录已过期")).to_be_visible()
    page.locator("#session-password").fill(site.passwords["jtj_a"])
    page.get_by_role("button", name="登录，继续填写").click()
    expect(page.locator("main")).to_contain_text("已提出，区发改局决定后")
    page.goto(site.address + TIME)
    expect(page.locator("form[data-item]")).to_have_count(1)
    assert eventually(page, HAS_COPIES, False)


def test_the_words_follow_a_copy_that_comes_late(
    site: Site, page: Page, sign_in: Callable[..., Page], watch
) -> None:
    watch.tolerate("ERR_FAILED")
    sign_in(page, "jtj_a", TIME)
    asked: list[Route] = []
    page.route("**/session/", lambda route: asked.append(route))
    page.get_by_label("理由").fill(WORDS)
    page.get_by_label("延至").fill("2026-12-15")
    page.locator("main form button[type=submit]").click()
    note = page.locator("[data-typed-note]")
    while len(asked) < 2:  # the key of the copies, then the press
        page.wait_for_timeout(50)
    asked[1].abort()
    expect(note).to_contain_text("还没有提交；先不要关闭这个页面")
    asked[0].continue_()
    expect(note).to_contain_text("还没有提交；内容已存在本机")
    page.unroute_all()
    page.evaluate("localStorage.clear()")
