"""A real Chromium that watches for errors and for requests that leave this machine."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import psycopg2
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from embedded.chromium import find_chromium
from tests.clock import CLOCK
from tests.site import Site, serving

# Playwright keeps an event loop in this thread, where Django would refuse its database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

HERE = {"127.0.0.1", "localhost"}
INLINE = {"data", "blob", "about"}
OPTIONS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

# Chromium has the machine's clock: its pages read that of the tests.
DATES = """ahead => {
  const Machine = Date, now = () => Machine.now() + ahead;
  globalThis.Date = new Proxy(Machine, {
    apply: () => String(new Machine(now())),
    construct: (_, given, made) => Reflect.construct(Machine, given.length ? given : [now()], made),
    get: (_, name) => name === "now" ? now : Machine[name],
  });
}"""


@dataclass
class Watch:
    """What the pages of one test complained of."""

    complaints: list[str] = field(default_factory=list)
    tolerated: list[str] = field(default_factory=list)

    def tolerate(self, words: str) -> None:
        """Expect complaints with these words, such as "404" where the test asks for one."""
        self.tolerated.append(words)

    def attach(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"console: {message.text} ({message.location.get('url')})")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in INLINE and address.hostname not in HERE:
            self.complaints.append(f"request to another host: {request.url}")

    def unexpected(self) -> list[str]:
        return [
            complaint
            for complaint in self.complaints
            if not any(words in complaint for words in self.tolerated)
        ]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = find_chromium()
    if program is None:
        missing = "no Chromium found: install chromium or set CHROMIUM"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(missing)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=list(OPTIONS))
        yield chromium
        chromium.close()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Fails the test at its end when a page complained."""
    watcher = Watch()
    yield watcher
    assert watcher.unexpected() == []


@pytest.fixture
def new_page(browser: Browser, watch: Watch) -> Iterator[Callable[..., Page]]:
    """Opens a page in a context of its own; keywords go to Playwright's new_context."""
    contexts = []

    def open_page(**options: Any) -> Page:
        usual: dict[str, Any] = {
            "viewport": {"width": 1366, "height": 768},
            "locale": "zh-CN",
            "timezone_id": "Asia/Shanghai",
        }
        context = browser.new_context(**(usual | options))
        context.add_init_script(f"({DATES})({round(CLOCK.ahead * 1000)})")
        contexts.append(context)
        page = context.new_page()
        watch.attach(page)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """One page at 1366×768."""
    return new_page()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The application as users meet it, with plan and demonstration data, in its own database."""
    given = os.environ["DATABASE_URL"]
    name = f"site_{os.getpid()}"
    connection = psycopg2.connect(given)
    connection.autocommit = True
    connection.cursor().execute(f"CREATE DATABASE {name}")
    connection.close()
    parts = urlsplit(given)
    addresses = {
        "DATABASE_URL": parts._replace(path=f"/{name}").geturl(),
        "CELERY_BROKER_URL": os.environ["CELERY_BROKER_URL"],
    }
    settings = {"DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"]}
    with serving(tmp_path_factory.mktemp("site"), addresses, **settings) as served:
        yield served


@pytest.fixture
def sign_in(site: Site) -> Callable[..., Page]:
    """Signs a page in as one of the demonstration accounts, through the form, and opens `path`.

    Without one the page is that of the person's role.
    """

    def enter(page: Page, username: str, path: str = "") -> Page:
        page.goto(f"{site.address}/login/{'?' + urlencode({'next': path}) if path else ''}")
        page.get_by_label("账号").fill(username)
        page.get_by_label("密码", exact=True).fill(site.passwords[username])
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(lambda url: urlsplit(url).path != "/login/")
        return page

    return enter
