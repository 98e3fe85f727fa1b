"""Where a number comes from: beside the page by a click or by keyboard, a page without either."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_every_page import barriers

pytestmark = pytest.mark.browser

NUMBER = "a[data-value][href='/values/T10/2025/']"
PANEL = "aside.panel"


def test_a_number_opens_its_card_and_esc_gives_the_focus_back(site, page, sign_in):
    sign_in(page, "ld", "/targets/T10/")
    number = page.locator(f"#values {NUMBER}")
    number.focus()
    page.keyboard.press("Enter")
    panel = page.locator(PANEL)
    expect(panel).to_be_focused()
    expect(panel).to_have_accessible_name("99.20%的来历")
    expect(panel).to_contain_text("判定后实际值由99.10%（部门统计，第1版）改为99.20%")
    expect(number).to_have_attribute("aria-expanded", "true")
    assert page.url == f"{site.address}/targets/T10/"
    assert panel.bounding_box()["width"] == 520
    assert barriers(page) == []
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(number).to_be_focused()
    assert number.get_attribute("aria-expanded") is None


def test_tab_goes_through_the_card_and_on_and_the_page_stays_usable(site, page, sign_in):
    sign_in(page, "ld", "/targets/")
    page.locator(NUMBER).first.click()
    panel = page.locator(PANEL)
    expect(panel).to_be_focused()
    page.keyboard.press("Tab")
    expect(panel.get_by_role("link", name="单独打开")).to_be_focused()
    page.keyboard.press("Tab")
    expect(panel.get_by_role("button", name="关闭")).to_be_focused()
    links = panel.locator("a, button:visible").count()
    for _ in range(links):
        page.keyboard.press("Tab")
    assert page.evaluate("!document.querySelector('aside.panel').contains(document.activeElement)")

    # another number takes the place of the first, closing gives the focus to that one
    other = page.locator("a[data-value][href='/values/T21/2025/']").first
    other.click()
    expect(panel).to_have_count(1)
    expect(panel).to_contain_text("29.8")
    panel.get_by_role("button", name="关闭").click()
    expect(other).to_be_focused()


def test_the_card_has_a_page_with_what_comes_next(site, page, sign_in):
    sign_in(page, "fgw_r", "/targets/T10/")
    page.locator(f"#values {NUMBER}").click()
    page.locator(PANEL).get_by_role("link", name="单独打开").click()
    expect(page).to_have_url(f"{site.address}/values/T10/2025/")
    expect(page.get_by_role("heading", level=1)).to_have_text("99.20%是怎么来的")
    expect(page.get_by_role("heading", name="接下来")).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("link", name="提出重新判定").click()
    expect(page).to_have_url(re.compile("/dashboard/2025/#T10$"))


def test_on_a_phone_the_card_is_the_page(site, new_page, sign_in):
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    sign_in(page, "ld", "/targets/T10/")
    page.locator(f"#values {NUMBER}").tap()
    expect(page).to_have_url(f"{site.address}/values/T10/2025/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert barriers(page) == []
    page.go_back()
    expect(page).to_have_url(f"{site.address}/targets/T10/")


def test_without_scripts_the_link_opens_the_page(site, new_page, sign_in):
    page = new_page(java_script_enabled=False)
    sign_in(page, "ld", "/targets/T10/")
    page.locator(f"#values {NUMBER}").click()
    expect(page).to_have_url(f"{site.address}/values/T10/2025/")
    expect(page.locator("dl.steps dt")).to_have_text(
        ["原文", "口径", "版本", "报送", "佐证", "填报", "审核", "判定"]
    )


def test_a_past_day_goes_along(site, page, sign_in):
    sign_in(page, "ld", "/targets/T10/?asof=2026-05-01")
    number = page.locator("#values a[data-value][href='/values/T10/2025/?asof=2026-05-01']")
    expect(number).to_have_text("99.10")
    number.click()
    expect(page.locator(PANEL)).to_contain_text("99.10%")
    expect(page.locator(PANEL)).not_to_contain_text("99.20")
