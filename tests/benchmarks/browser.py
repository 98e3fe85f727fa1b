"""What a person at a browser waits for, and how much travels to it."""

import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.crypto import get_random_string
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from embedded.chromium import find_chromium
from tests.browser.conftest import OPTIONS

PATIENCE = 180_000.0
"""Milliseconds: everything inline takes half a minute on a busy machine."""
WINDOW_OPENS = 2_500.0
"""Milliseconds in which Chromium starts what a new window needs of its own, on the same cores."""
FIRST_PICTURE = """() => new Promise(done => {
  const seen = () => document.querySelector('figure svg, .js-plotly-plot .main-svg, .main-svg');
  const tell = () => requestAnimationFrame(() => setTimeout(() => done(performance.now())));
  if (seen()) return tell();
  new MutationObserver((_, o) => { if (seen()) { o.disconnect(); tell(); } })
    .observe(document, {childList: true, subtree: true});
})"""
INTERACTIVE = """() => new Promise(done => {
  const seen = () => document.querySelector('.js-plotly-plot .main-svg, .main-svg');
  const tell = () => done(performance.now());
  if (seen()) return tell();
  new MutationObserver((_, o) => { if (seen()) { o.disconnect(); tell(); } })
    .observe(document, {childList: true, subtree: true});
})"""


@dataclass(frozen=True)
class Waiting:
    """Milliseconds until the first chart can be read, and until it can be worked with."""

    first: float
    interactive: float


@dataclass(frozen=True)
class Bytes:
    """Bytes on the wire: all of a first visit, of that what only makes its charts interactive
    (plotly.js and charts.js), and a second visit. `figures`: the charts' data, which a script asks
    for when the picture is there.
    """

    first_visit: int
    plotly: int
    figures: int
    second_visit: int

    @property
    def readable(self) -> int:
        """Until the charts can be read: their pictures come with the page."""
        return self.first_visit - self.plotly - self.figures


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(OPTIONS))
        yield browser
        browser.close()


def context(browser: Browser, address: str, cookie: tuple[str, str]) -> BrowserContext:
    """A new visitor without anything in the cache."""
    made = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    # Whoever signed in has both: without the second a page that is asked again is another one.
    cookies = (cookie, (settings.CSRF_COOKIE_NAME, get_random_string(32)))
    made.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies])
    return made


def waiting(browser: Browser, address: str, path: str, cookie: tuple[str, str]) -> Waiting:
    """Median of five first visits, processor slowed to a quarter."""
    samples = [_wait_once(browser, address, path, cookie) for _ in range(5)]
    return Waiting(
        statistics.median(sample.first for sample in samples),
        statistics.median(sample.interactive for sample in samples),
    )


def _wait_once(browser: Browser, address: str, path: str, cookie: tuple[str, str]) -> Waiting:
    visitor = context(browser, address, cookie)
    page = visitor.new_page()
    page.wait_for_timeout(WINDOW_OPENS)
    visitor.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.add_init_script(
        f"window.firstPicture = ({FIRST_PICTURE})(); window.interactive = ({INTERACTIVE})();"
    )
    page.goto(address + path, wait_until="load", timeout=PATIENCE)
    page.evaluate("document.querySelector('figure')?.scrollIntoView()")
    result = Waiting(page.evaluate("window.firstPicture"), page.evaluate("window.interactive"))
    visitor.close()
    return result


def travelled(browser: Browser, address: str, path: str, cookie: tuple[str, str]) -> Bytes:
    """Bytes of a first and of a second visit, scrolled to the end."""
    visitor = context(browser, address, cookie)
    page = visitor.new_page()
    count = _Counter(visitor.new_cdp_session(page))
    _read(page, address + path)
    first, plotly, figures = count.total, count.plotly, count.figures
    count.total = 0
    _read(page, address + path)
    second = count.total
    visitor.close()
    return Bytes(first, plotly, figures, second)


def _read(page: Page, url: str) -> None:
    page.goto(url, wait_until="networkidle")
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_timeout(1500)


class _Counter:
    """Adds up what the network brings, from the browser's own account of it."""

    def __init__(self, session: CDPSession) -> None:
        self.total = 0
        self.plotly = self.figures = 0
        self._urls: dict[str, str] = {}
        session.on("Network.requestWillBeSent", self._sent)
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")

    def _sent(self, event: dict[str, object]) -> None:
        request = event["request"]
        assert isinstance(request, dict)
        self._urls[str(event["requestId"])] = str(request["url"])

    def _finished(self, event: dict[str, object]) -> None:
        size = int(str(event["encodedDataLength"]).split(".")[0])
        self.total += size
        url = self._urls.get(str(event["requestId"]), "")
        if "plotly" in url or "/charts." in url:
            self.plotly += size
        elif urlsplit(url).path.endswith(".json"):
            self.figures += size
