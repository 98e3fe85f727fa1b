"""The pictures of README and user guide, taken from the running system: scripts/pictures.

They show the demonstration on the day of the tests, so that they change with the pages alone.
"""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from embedded.chromium import find_chromium
from tests.clock import CLOCK, start_of_run
from tests.servers import ROOT, RunServers
from tests.site import Site, serving

FOLDER = ROOT / "docs" / "pictures"
QUALITY = 60
SETTLED_MS = 1500
"""Until charts stand where their pictures stood."""


@dataclass(frozen=True)
class Picture:
    """A page as somebody sees it; `part` where only that of it is shown."""

    name: str
    username: str
    address: str
    width: int = 1366
    height: int = 768
    part: str = ""

    @property
    def path(self) -> Path:
        return FOLDER / f"{self.name}.webp"

    def take(self, page: Page, site: Site) -> None:
        page.goto(f"{site.address}{self.address}", wait_until="networkidle")
        page.wait_for_timeout(SETTLED_MS)
        options: dict[str, object] = {"format": "webp", "quality": QUALITY}
        box = page.locator(self.part).bounding_box() if self.part else None
        if box:
            options |= {"clip": box | {"scale": 1}, "captureBeyondViewport": True}
        taken = page.context.new_cdp_session(page).send("Page.captureScreenshot", options)
        self.path.write_bytes(base64.b64decode(taken["data"]))


PICTURES = (
    Picture("overview", "ld", "/dashboard/"),
    Picture("sheet", "ld", "/dashboard/print/", width=1000, height=1200, part=".a4"),
    Picture("filling", "jtj_a", "/fill/2026Q3/targets/T15/"),
    Picture("review", "fgw_r", "/review/2026Q3/targets/T17/"),
)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with running() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        for picture in PICTURES:
            picture.take(signed_in(browser, picture, site), site)


@contextmanager
def running() -> Iterator[Site]:
    """A system with plan and demonstration, on the day of the tests; gone afterwards."""
    CLOCK.move_to(start_of_run())
    servers = RunServers()
    try:
        settings = {"DJANGO_SETTINGS_MODULE": "tests.settings"}
        with serving(servers.home, servers.addresses, **settings) as site:
            yield site
    finally:
        servers.stop()


def signed_in(browser: Browser, picture: Picture, site: Site) -> Page:
    page = browser.new_page(
        viewport={"width": picture.width, "height": picture.height}, locale="zh-CN"
    )
    page.goto(f"{site.address}/login/")
    page.get_by_label("账号").fill(picture.username)
    page.get_by_label("密码", exact=True).fill(site.passwords[picture.username])
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/login/" not in url)
    return page


if __name__ == "__main__":
    main()
