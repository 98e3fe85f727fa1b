"""Every role opens every page that it can reach: no error, no foreign request, no barrier."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.site import Site

pytestmark = pytest.mark.browser

AXE = next((Path(__file__).parents[1] / "vendor").glob("axe-core-*/axe.min.js"))
ROLES = ("admin", "fgw_r", "ld", "jtj_a", "jtj_s")
CODE = re.compile(r"[A-Z]?\d+(-\d+)?|[A-Z][A-Z0-9_]+")
NAME = re.compile(r"(?<=^/agencies/)[^/]+|(?<=^/manage/users/)(?!new/)[^/]+")
SEEN_OF_EACH_KIND = 1
KEPT_FILTERS = "_changelist_filters"
DOWNLOADS = (".xlsx", ".csv", ".json", ".txt", "/export/", "/file/")
# Only violations come in detail: a list of every element that passed takes longer than the check.
# Nothing is preloaded: that is for audio alone, and writes imported sheets into the page, which the
# policy refuses.
VIOLATIONS = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag22aa"];
  const options = {runOnly: tags, resultTypes: ["violations"], preload: false};
  const {violations} = await axe.run(document, options);
  return violations
    .filter(({impact}) => ["serious", "critical"].includes(impact))
    .map(({id, nodes}) => `${id}: ${JSON.stringify(nodes.slice(0, 3).map(one => one.target))}`);
}"""
DESK: ViewportSize = {"width": 1366, "height": 768}
PHONES = ((390, 844), (320, 640))
UPRIGHT, BROAD = 680, 1032  # what the margins leave of A4, in px


def paths_of(page: Page, site: Site) -> Iterator[str]:
    """Addresses of this application that the page links to, without their fragments."""
    for href in page.eval_on_selector_all(
        "a[href]:not([download])", "links => links.map(l => l.href)"
    ):
        parts = urlsplit(urljoin(page.url, href))
        if parts.netloc == urlsplit(site.address).netloc and not parts.path.endswith(DOWNLOADS):
            yield f"{parts.path}?{parts.query}" if parts.query else parts.path


def kind_of(path: str) -> str:
    """Pages of one kind differ only in codes and names; of each kind a few are looked at."""
    place, _, query = path.partition("?")
    parts = ["*" if CODE.fullmatch(part) else part for part in NAME.sub("*", place).split("/")]
    return "/".join(parts) + ("?" if query and KEPT_FILTERS not in query else "")


def walk(page: Page, site: Site) -> Iterator[str]:
    """Visit pages from the first one on, and yield the address of each."""
    waiting, met, kinds = [urlsplit(page.url).path], set[str](), dict[str, int]()
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(path)
        if path in met or kinds.get(kind, 0) >= SEEN_OF_EACH_KIND or "logout" in path:
            continue
        met.add(path)
        kinds[kind] = kinds.get(kind, 0) + 1
        response = page.goto(site.address + path)
        assert response is not None
        assert response.status == 200, f"{path}: {response.status}"
        waiting += paths_of(page, site)
        yield path


def barriers(page: Page) -> list[str]:
    """Serious and critical violations that axe finds, once the page has its style sheets."""
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe())
    found: list[str] = page.evaluate(VIOLATIONS)
    return found


@cache
def axe() -> str:
    return AXE.read_text(encoding="utf-8") + ";0"


def too_wide(page: Page) -> list[int]:
    """The widths of phones at which the page scrolls sideways."""
    found = []
    for width, height in PHONES:
        page.set_viewport_size({"width": width, "height": height})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(width)
    page.set_viewport_size(DESK)
    return found


def paper(page: Page) -> int:
    """The width of the sheet on which the page would be printed."""
    broad = page.evaluate("getComputedStyle(document.body).page") == "broad"
    return BROAD if broad else UPRIGHT


def wider_than_paper(page: Page) -> list[int]:
    """The width of the page where its sheet has less: Chromium would print it smaller."""
    page.emulate_media(media="print")
    sheet = paper(page)
    page.set_viewport_size({"width": sheet, "height": DESK["height"]})
    width = page.evaluate("document.documentElement.scrollWidth")
    page.emulate_media(media="null")
    page.set_viewport_size(DESK)
    return [width] if width > sheet else []


@pytest.mark.parametrize("username", ROLES)
def test_every_page_is_sound(
    username: str, site: Site, page: Page, sign_in: Callable[[Page, str], Page]
):
    sign_in(page, username)
    kinds, found = set[str](), []
    for path in walk(page, site):
        assert page.title().strip(), path
        if "/admin/" in path or kind_of(path) in kinds:
            continue
        kinds.add(kind_of(path))
        found += [f"{path}: {barrier}" for barrier in barriers(page)]
        found += [f"{path}: scrolls sideways at {width} px" for width in too_wide(page)]
        found += [f"{path}: {width} px wide on paper" for width in wider_than_paper(page)]
    assert not found, "\n".join(found)
    assert len(kinds) >= 10
