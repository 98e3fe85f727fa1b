"""The overview as it is seen: its first screen, the figure over its rows, a phone, no script."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_every_page import barriers
from tests.site import Site

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 640}
LONGEST = 3200
"""So many pixels may a phone's page have; with all that it folds it has twice as many."""
# The middle of each headline row, and of the marks that plotly drew in them, from the board's top.
ROWS = """() => {
  const top = document.querySelector(".board").getBoundingClientRect().top;
  return [...document.querySelectorAll(".board tbody:first-of-type tr:not(.group)")].map(row => {
    const {top: start, bottom} = row.getBoundingClientRect();
    return [start - top, bottom - top];
  });
}"""
PLOT = """() => {
  const top = document.querySelector(".board").getBoundingClientRect().top;
  const room = document.querySelector(".over .chart-live");
  const axis = room._fullLayout.yaxis;
  const start = room.getBoundingClientRect().top - top + axis._offset;
  return [start + axis.d2p(0), start + axis.d2p(axis.range[0]), room.getBoundingClientRect().left];
}"""


@pytest.fixture
def overview(site: Site, page: Page, sign_in) -> Page:
    page.set_viewport_size({"width": 1366, "height": 768})
    sign_in(page, "ld", "/help/")  # which shows the message of a first sign-in
    page.goto(f"{site.address}/dashboard/")
    return page


def test_the_first_screen_ends_with_the_headline_targets(overview):
    rows = overview.locator(".board tbody").first.locator("tr:not(.group)")
    assert rows.count() == 6
    last = rows.last.bounding_box()
    assert last is not None
    assert 748 <= last["y"] + last["height"] <= 768
    assert barriers(overview) == []


def test_the_figure_lies_over_the_rows(overview):
    section = overview.locator("#rows")
    expect(section.locator(".chart-picture svg")).to_be_attached()  # shown until plotly has drawn
    rows = overview.evaluate(ROWS)
    assert {round(end - start, 2) for start, end in rows} == {30}
    section.scroll_into_view_if_needed()
    expect(section).to_have_class(re.compile("is-live"), timeout=30_000)
    head = overview.locator(".board thead").bounding_box()
    board = overview.locator(".board table").bounding_box()
    column = overview.locator(".board td.path").first.bounding_box()
    assert head is not None
    assert board is not None
    assert column is not None
    start, end, left = overview.evaluate(PLOT)
    assert start == pytest.approx(head["height"], abs=0.1)
    assert end == pytest.approx(board["height"], abs=0.1)
    assert left == pytest.approx(column["x"], abs=0.1)
    expect(section.locator(".modebar")).to_have_count(0)
    with overview.expect_download() as saved:
        section.get_by_role("button", name="下载图片").click()
    assert saved.value.suggested_filename.endswith(".png")


def test_another_quarter_is_chosen_without_a_script(site, new_page, sign_in):
    page = new_page(java_script_enabled=False)
    sign_in(page, "ld", "/dashboard/")
    expect(page.locator("#rows .chart-picture svg").first).to_be_visible()
    page.get_by_text("换一个季度或截至日期").click()
    page.get_by_label("时期").select_option("2026Q2")
    page.get_by_role("button", name="切换").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2026年第二季度")


def test_a_value_opens_where_it_comes_from(overview):
    row = overview.get_by_role("row").filter(has_text="非化石能源比重")
    row.get_by_role("link", name="19.2").click()
    expect(overview.get_by_role("dialog")).to_contain_text("19.2")


def test_a_phone_folds_what_needs_nobody_now(site, new_page, sign_in):
    page = new_page(viewport=PHONE, has_touch=True, is_mobile=True)
    sign_in(page, "ld", "/dashboard/")
    assert page.evaluate("document.documentElement.scrollHeight") <= LONGEST
    kept = page.get_by_role("row").filter(has_text="居民气化率")
    expect(kept).to_be_hidden()
    expect(page.get_by_role("row").filter(has_text="垃圾回收利用率")).to_be_visible()
    group = page.locator("tbody").filter(has=page.get_by_text("已达到，或预计可达"))
    group.get_by_label("展开").check()
    expect(kept).to_be_visible()
    expect(kept.locator("img.card-figure")).to_be_visible()
    assert barriers(page) == []
    assert not page.evaluate("'Plotly' in window"), "a phone needs no figure of all rows"


@pytest.mark.parametrize("size", [NARROW, {"width": 800, "height": 900}], ids=("phone", "tablet"))
def test_nothing_scrolls_sideways(site, new_page, sign_in, size):
    page = new_page(viewport=size)
    sign_in(page, "ld", "/dashboard/")
    for box in page.get_by_label("展开").all():
        box.check()
    lines = page.locator(".changed .what > :last-child:not(:first-child)")
    longest = "line => (line.textContent = '目标待下达 → 数据待核定（初步未达标）')"
    lines.evaluate_all(f"lines => lines.forEach({longest})")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
