"""Every role opens every page that it can reach: no error, no foreign request, no barrier."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Page

from tests.site import Site

pytestmark = pytest.mark.browser

AXE = next((Path(__file__).parents[1] / "vendor").glob("axe-core-*/axe.min.js"))
ROLES = ("admin", "fgw_r", "ld", "jtj_a", "jtj_s")
NUMBER = re.compile(r"[A-Z]?\d+(-\d+)?")
SEEN_OF_EACH_KIND = 2
DOWNLOADS = (".xlsx", ".csv", ".json", ".txt", "/export/", "/file/")
WIDTHS = {"desk": (1366, 768), "phone": (390, 844), "small": (320, 640)}


def paths_of(page: Page, site: Site) -> Iterator[str]:
    """Addresses of this application that the page links to, without their fragments."""
    for href in page.eval_on_selector_all("a[href]", "links => links.map(l => l.href)"):
        parts = urlsplit(urljoin(page.url, href))
        if parts.netloc == urlsplit(site.address).netloc and not parts.path.endswith(DOWNLOADS):
            yield f"{parts.path}?{parts.query}" if parts.query else parts.path


def kind_of(path: str) -> str:
    """Pages of one kind differ only in codes; of each kind a few are looked at."""
    place, _, query = path.partition("?")
    names = ",".join(sorted(part.partition("=")[0] for part in query.split("&")))
    parts = [
        "*" if NUMBER.fullmatch(part) or (depth > 1 and place.startswith("/agencies/")) else part
        for depth, part in enumerate(place.split("/"))
    ]
    return "/".join(parts) + names


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
    """Serious and critical violations that axe finds."""
    page.evaluate(AXE.read_text(encoding="utf-8") + ";0")
    result = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag22aa']})")
    return [
        f"{found['id']}: {json.dumps([node['target'] for node in found['nodes'][:3]])}"
        for found in result["violations"]
        if found["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize("username", ROLES)
def test_every_page_is_sound(
    username: str, site: Site, page: Page, sign_in: Callable[[Page, str], Page]
):
    sign_in(page, username)
    visited, found = 0, []
    for path in walk(page, site):
        visited += 1
        if "/admin/" not in path:
            found += [f"{path}: {barrier}" for barrier in barriers(page)]
        assert page.title().strip(), path
    assert not found, "\n".join(found)
    assert visited >= 12


@pytest.mark.parametrize("width", ["phone", "small"])
@pytest.mark.parametrize("username", ["admin", "jtj_a"])
def test_no_page_scrolls_sideways(
    username: str, width: str, site: Site, new_page, sign_in: Callable[[Page, str], Page]
):
    wide, high = WIDTHS[width]
    page = sign_in(new_page(viewport={"width": wide, "height": high}), username)
    too_wide = [
        path
        for path in walk(page, site)
        if "/admin/" not in path and page.evaluate("document.documentElement.scrollWidth") > wide
    ]
    assert not too_wide, too_wide
