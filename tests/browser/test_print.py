"""The one page for the leaders: exactly one sheet of A4, whatever stands on it, and legible."""

import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.db import connections
from django.test import Client
from playwright.sync_api import Page, expect

from agencies.choices import Role
from tests.browser.test_every_page import barriers
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.matters import RiskFactory
from tests.factories.plan import CategoryFactory
from tests.factories.projects import ProjectFactory, ProjectProgressFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.factories.tasks import TaskFactory, TaskProgressFactory
from tests.pages import text

pytestmark = pytest.mark.browser

SHEET = "/dashboard/print/"
PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")
BOX = re.compile(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]")
A4 = (595, 842)
SMALLEST_PT = 6.5
SHEET_MM, SPARE_MM = 277, 5
TARGETS = ".k tbody tr:not(.g)"


@pytest.fixture
def beside_the_loop() -> Iterator[None]:
    """Close the connection that Django keeps apart while Playwright runs; it comes before db."""
    yield
    connections.close_all()


def printed(page: Page) -> bytes:
    return page.pdf(prefer_css_page_size=True, print_background=True)


def is_one_sheet(pdf: bytes) -> bool:
    boxes = {(round(float(w)), round(float(h))) for w, h in BOX.findall(pdf)}
    return len(PAGE.findall(pdf)) == 1 and boxes == {A4}


def smallest_text(page: Page) -> float:
    """The smallest size of a text on the sheet, in pt."""
    return page.evaluate(
        """() => Math.min(...[...document.querySelectorAll(".a4 *")]
          .filter(one => [...one.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
          .map(one => parseFloat(getComputedStyle(one).fontSize) * 0.75))"""
    )


def height_on_paper(page: Page) -> float:
    """The height of the sheet's text, in mm."""
    page.emulate_media(media="print")
    height: float = page.evaluate("document.querySelector('.a4').getBoundingClientRect().height")
    page.emulate_media(media="null")
    return height * 25.4 / 96


def show(page: Page, address: str, html: str) -> None:
    """The sheet as the application makes it of the test's own data, with the site's styles."""
    page.route(
        f"{address}{SHEET}", lambda route: route.fulfill(body=html, content_type="text/html")
    )
    page.goto(f"{address}{SHEET}")


def sheet_of_tests() -> str:
    client = Client()
    client.force_login(UserFactory(roles=[Role.LEADER], agency=None, name="欧阳" * 10))
    return text(client.get(SHEET))


def longest(targets: int) -> None:
    """A plan whose every name is as long as its field lets it be."""
    lead = AgencyFactory(short_name="开福区人民政府" * 4)
    for number in range(targets):
        target = TargetFactory(
            code=f"T{number + 1:02d}", short_name="新建大型公共建筑" * 3,
            name="可再生能源" * 12, unit="吨标准煤每万元地区生产总值" + "每年" * 3, lead=lead,
            commitment="striven", baseline_value=Decimal("12345.67"), decimals=2,
        )  # fmt: skip
        for year in (2025, 2030):
            MilestoneFactory(target=target, year=year, value=Decimal("123456.78"))
        for year in range(2021, 2027):
            ObservationFactory(
                target=target, year=year, value=Decimal("123456.78"), grade="preliminary"
            )
    for number in range(10):
        field = CategoryFactory(number=number + 1, short_name="绿色低碳发展" * 3)
        task = TaskFactory(category=field, lead=lead)
        TaskProgressFactory(task=task, status="stalled", problems="用地指标没有落实，" * 40)
    for _ in range(6):
        RiskFactory(title="资金未落实" * 24, level="high", agency=lead)
        ProjectProgressFactory(
            project=ProjectFactory(name="提标改造工程" * 10, start_year=2019, end_year=2020),
            status="under_way",
            problems="设备延期" * 60,
        )


def test_with_the_demonstration_data_it_is_one_legible_sheet(site, page, sign_in):
    sign_in(page, "ld", "/dashboard/")
    page.get_by_role("link", name="打印一页纸").click()
    expect(page).to_have_url(re.compile(r"/dashboard/print/\?period=\d{4}Q\d$"))
    expect(page.locator(TARGETS)).to_have_count(26)
    expect(page.locator(".a4 header")).to_contain_text("演示数据")
    assert is_one_sheet(printed(page))
    assert smallest_text(page) >= SMALLEST_PT
    assert barriers(page) == []
    assert height_on_paper(page) <= SHEET_MM - SPARE_MM


def test_the_figure_lies_on_the_rows(site, page, sign_in):
    sign_in(page, "ld", SHEET)
    page.emulate_media(media="print")
    table, figure = (page.locator(one).bounding_box() for one in (".k", ".pb figure svg"))
    assert figure["y"] == pytest.approx(table["y"], abs=0.5)
    assert figure["height"] == pytest.approx(table["height"], abs=1)


def test_every_verdict_has_a_shape_and_a_word(site, page, sign_in):
    sign_in(page, "ld", SHEET)
    found = page.eval_on_selector_all(
        ".k td.v", "cells => cells.map(c => [c.querySelector('use')?.getAttribute('href') ?? '',"
        " c.textContent.trim()])",
    )  # fmt: skip
    assert all(word for _, word in found)
    assert {shape for shape, _ in found} >= {"#green", "#red", "#grey", "#green-hollow"}
    one_shape = {word: {s for s, w in found if w == word} for _, word in found}
    assert all(len(shapes) == 1 for shapes in one_shape.values())


def test_an_empty_plan_is_one_sheet(site, page, beside_the_loop, db):
    show(page, site.address, sheet_of_tests())
    expect(page.locator(".a4")).to_contain_text("还没有载入方案")
    assert is_one_sheet(printed(page))


@pytest.mark.parametrize("targets", [26, 30, 34])
def test_the_longest_names_and_texts_are_one_sheet(site, page, beside_the_loop, db, targets):
    longest(targets)
    show(page, site.address, sheet_of_tests())
    expect(page.locator(TARGETS)).to_have_count(min(targets, 30))
    expect(page.locator(".k2 tbody tr")).to_have_count(6 + 4)
    assert is_one_sheet(printed(page))
    assert smallest_text(page) >= SMALLEST_PT
    assert page.evaluate("document.querySelector('.a4').scrollWidth") <= 794


def test_a_button_prints_and_the_hour_is_that_of_printing(site, page, sign_in):
    sign_in(page, "ld", SHEET)
    page.evaluate("window.print = () => (window.asked = true)")
    page.get_by_role("button", name="打印").click()
    assert page.evaluate("window.asked")
    hour = page.locator("[data-printed]")
    before = hour.inner_text()
    page.evaluate("performance.now = () => 3_600_000 + 60_000")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert hour.inner_text() > before
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", hour.inner_text())
