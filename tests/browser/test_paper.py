"""Ctrl+P of any page: the sheet fits, the furniture of the screen is gone, nothing stays folded."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_print import BOX, printed

pytestmark = pytest.mark.browser

FURNITURE = (".top", ".crumb", ".btn", ".filters", ".chart-live", ".chart-table")


def sheets(page) -> set[str]:
    """Which way the sheets of the printed page lie."""
    return {
        "broad" if float(wide) > float(high) else "upright"
        for wide, high in BOX.findall(printed(page))
    }


def test_a_broad_list_lies_on_its_side_and_an_item_stands(site, page, sign_in):
    sign_in(page, "ld", "/targets/")
    assert sheets(page) == {"broad"}
    page.goto(f"{site.address}/targets/T03/")
    assert sheets(page) == {"upright"}


@pytest.mark.parametrize("path", ["/targets/", "/targets/T03/", "/projects/", "/changes/"])
def test_what_only_a_screen_can_use_is_gone(site, page, sign_in, path):
    sign_in(page, "ld", path)
    page.emulate_media(media="print")
    for one in FURNITURE:
        assert page.locator(one).locator("visible=true").count() == 0, one
    expect(page.locator(".demo")).to_be_visible()
    expect(page.locator(".on-paper")).to_contain_text("打印：孙领导")
    assert page.locator("h1").is_visible()


def test_the_hour_is_that_of_printing_and_what_was_folded_is_told(site, page, sign_in):
    sign_in(page, "fgw_r", "/review/")
    page.goto(page.locator(".queue .nm a").first.evaluate("link => link.href"))
    folded = page.locator("main details:not([open], .phrases, .aim)")
    assert folded.count()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert folded.count() == 0
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", page.locator("[data-now]").text_content())
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert folded.count()
