"""The wall of the meeting room: it turns, refreshes and ends by itself; nothing is cut off."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request, Response, expect

from tests.browser.test_every_page import barriers
from tests.site import Site

pytestmark = pytest.mark.browser

WALL = "/dashboard/wall/"
A_SLIDE, A_ROUND = 20_100, 3 * 20_000 + 500
SHOWN = ".slide:not([hidden])"
HOUR = 3_600_000
LONGEST = "目标待下达 → 数据待核定（初步未达标）"
CUT = """() => [...document.querySelectorAll(
    '.slide:not([hidden]), .slide:not([hidden]) :is(td, .block, .wt, .blocks, .wt2)')]
  .filter(one => one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1)
  .map(one => one.textContent.trim().slice(0, 40))"""

BESIDE = """() => {
  const figure = document.querySelector('.slide:not([hidden]) .wfig svg');
  const edge = name => figure.closest('.wb').querySelector(name).getBoundingClientRect().bottom;
  return figure ? Math.abs(figure.getBoundingClientRect().bottom - edge('table')) : 0;
}"""


@pytest.fixture
def wall(site: Site, page: Page, sign_in) -> Page:
    """The wall with a clock that stands still until a test moves it."""
    sign_in(page, "ld", "/help/")
    page.clock.install()
    whole_answer(page, WALL, lambda: page.goto(site.address + WALL))
    return page


def whole_answer(page: Page, path: str, act: Callable[[], object]) -> Response:
    """What the page's script got from the path, when its last byte was there."""

    def is_it(request: Request) -> bool:
        return request.url.endswith(path) and request.resource_type == "fetch"

    with page.expect_event("requestfinished", is_it) as got:
        act()
    answer = got.value.response()
    assert answer is not None
    return answer


def shown(page: Page) -> str | None:
    return page.locator(SHOWN).get_attribute("aria-label")


def next_round(page: Page, path: str = WALL) -> Response:
    return whole_answer(page, path, lambda: page.clock.fast_forward(A_ROUND))


def test_it_turns_by_itself_and_by_keys(wall):
    names = wall.locator(".slide").evaluate_all("all => all.map(s => s.getAttribute('aria-label'))")
    assert len(names) == 3
    assert shown(wall) == names[0]
    wall.clock.fast_forward(A_SLIDE)
    assert shown(wall) == names[1]
    wall.keyboard.press("Space")
    expect(wall.get_by_role("button", name="继续")).to_be_visible()
    wall.clock.fast_forward(3 * A_SLIDE)
    assert shown(wall) == names[1]
    wall.keyboard.press("ArrowLeft")
    wall.keyboard.press("ArrowLeft")
    assert shown(wall) == names[2]
    wall.keyboard.press("Space")
    wall.clock.fast_forward(A_SLIDE)
    assert shown(wall) == names[0]
    wall.get_by_role("button", name="第3页").click()
    assert shown(wall) == names[2]
    wall.keyboard.press("Escape")
    expect(wall).to_have_url(re.compile(r"/dashboard/\?period="))


def test_after_a_round_it_asks_again_and_takes_what_is_new(wall, site):
    assert next_round(wall).status == 304
    html = wall.request.get(site.address + WALL).text()
    claim = wall.locator(".claim").inner_text()
    wall.route(
        site.address + WALL,
        lambda route: route.fulfill(
            body=html.replace(claim, "又有新的数"),
            headers={"ETag": '"new"', "Content-Type": "text/html"},
        ),
    )
    next_round(wall)
    expect(wall.locator(".claim")).to_have_text("又有新的数")
    assert wall.locator(SHOWN).count() == 1


def test_without_the_server_it_goes_on_and_says_so(wall, watch):
    watch.tolerate("Failed to load resource")
    wall.route("**/*", lambda route: route.abort())
    wall.clock.fast_forward(A_ROUND)
    expect(wall.get_by_role("status")).to_contain_text("没有连上服务器")
    assert wall.locator(SHOWN).count() == 1


def test_an_answer_that_stops_midway_does_not_end_the_rounds(wall):
    wall.evaluate("""() => {
      const whole = Response.prototype.text;
      Response.prototype.text = async function () {
        Response.prototype.text = whole;
        await this.text();
        throw new DOMException("signal timed out", "TimeoutError");
      };
    }""")
    next_round(wall)
    assert next_round(wall).status == 304


def test_it_stays_signed_in_for_a_working_day_and_no_longer(wall):
    assert next_round(wall, "/session/").request.method == "POST"
    wall.clock.fast_forward(10 * HOUR)
    wall.wait_for_load_state("networkidle")
    posts = []
    wall.on("request", lambda one: posts.append(one) if one.method == "POST" else None)
    next_round(wall)
    assert posts == []
    wall.keyboard.press("ArrowRight")
    assert next_round(wall, "/session/").request.method == "POST"


def test_when_the_session_ends_nothing_internal_stays_on_the_wall(wall, watch):
    watch.tolerate("403")
    wall.context.clear_cookies()
    wall.clock.fast_forward(A_ROUND)
    expect(wall.get_by_role("heading", name="展示已结束")).to_be_visible()
    expect(wall.locator(".slide")).to_have_count(0)
    wall.get_by_role("link", name="重新登录").click()
    expect(wall).to_have_url(re.compile(r"/login/\?next=/dashboard/wall/"))


@pytest.mark.parametrize(
    ("width", "height"), [(3840, 2160), (1920, 1080), (1366, 768), (1280, 720)]
)
def test_nothing_is_cut_off(site, new_page, sign_in, width, height):
    page = new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
    sign_in(page, "ld", WALL)
    for place in range(page.locator(".slide").count()):
        page.get_by_role("button", name=f"第{place + 1}页").click()
        assert page.evaluate(CUT) == []
        assert page.evaluate(BESIDE) < 1
        assert barriers(page) == []


def test_what_says_more_than_usual_is_set_smaller(wall):
    """Five changes in the longest words there are, as after the city's goals have come."""
    lines = wall.locator(".changed .what > :last-child:not(:first-child)")
    lines.evaluate_all(
        "(lines, words) => lines.forEach(line => (line.textContent = words))", LONGEST
    )
    for name in ("第2页", "第1页"):
        wall.get_by_role("button", name=name).click()
    assert wall.evaluate(CUT) == []
    expect(wall.locator(".changed")).to_contain_text(LONGEST)


def test_who_wants_no_motion_sees_none(site, new_page, sign_in):
    page = new_page(reduced_motion="reduce")
    sign_in(page, "ld", "/help/")
    page.clock.install()
    page.goto(site.address + WALL)
    page.get_by_role("button", name="暂停").wait_for()
    first = shown(page)
    page.clock.fast_forward(A_SLIDE)
    assert shown(page) != first
    assert page.evaluate("document.getAnimations().length") == 0


@pytest.mark.parametrize(
    "options",
    [{"java_script_enabled": False}, {"viewport": {"width": 390, "height": 844}}],
    ids=["no script", "phone"],
)
def test_without_script_and_on_a_phone_all_slides_stand_below_each_other(
    site, new_page, sign_in, options
):
    page = new_page(**options)
    sign_in(page, "ld", WALL)
    for slide in page.locator(".slide").all():
        expect(slide).to_be_visible()
    expect(page.get_by_role("button", name="暂停")).to_be_hidden()
