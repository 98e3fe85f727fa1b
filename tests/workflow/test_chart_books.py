"""Every chart of every page: its workbook, its table and its figure have the same numbers."""

import json
import re
from decimal import Decimal

import pytest

from agencies.choices import Role
from common.formats import DASH, MINUS
from common.workbooks.writing import DEMO_NOTE
from tests.documents import document
from tests.factories.agencies import UserFactory
from tests.pages import statements, words, workbook

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.any_server,
    pytest.mark.usefixtures("demonstration"),
]

PAGES = {
    "/dashboard/2025/": ["/dashboard/2025/milestones"],
    "/dashboard/2030/": ["/dashboard/2030/outlook"],
    "/dashboard/2030/?group=own": ["/dashboard/2030/outlook"],
    "/projects/": ["/projects/figures/timeline", "/projects/figures/investment"],
    "/projects/?sort=delay": ["/projects/figures/timeline", "/projects/figures/investment"],
    "/projects/P9/": ["/projects/P9/figure"],
    "/targets/T03/": ["/targets/T03/figure", "/targets/T03/vintages"],
    "/targets/T01/": ["/targets/T01/figure"],
    "/targets/T18/": ["/targets/T18/figure"],
}
# A trace of the wide figure, a column of the table, and what the axis makes of it.
DRAWN = {
    "/dashboard/2025/milestones": (0, "x", "完成程度"),
    "/dashboard/2030/outlook": (-1, "x", "完成程度"),
    "/projects/figures/investment": (0, "x", "完成率（%）"),
    "/projects/P9/figure": (0, "y", "累计投资（万元）"),
    "/targets/T03/figure": ("实绩", "y", "实际值（%）"),
    "/targets/T18/figure": ("实绩", "y", "实际值（%）"),
}
INSIDE = {"/dashboard/2025/milestones": (60, 120), "/dashboard/2030/outlook": (80, 120)}


@pytest.fixture
def leader(client):
    client.force_login(UserFactory(roles=[Role.LEADER], agency=None))
    return client


def blocks(page):
    """The charts of a page: where the figure comes from, its table, its workbook."""
    for block in document(page).every("figure.chart"):
        book = block.one("a[download]", holding="下载数据")["href"]
        yield block["data-src"], book, block.table_rows()


def amounts(cell):
    """The numbers of a printed cell."""
    found = re.findall(rf"[{MINUS}-]?\d[\d,]*(?:\.\d+)?", cell)
    return [Decimal(piece.replace(",", "").replace(MINUS, "-")) for piece in found]


@pytest.mark.parametrize("address", PAGES)
def test_the_workbook_is_the_table(leader, address):
    found = list(blocks(leader.get(address)))
    assert [source.partition(".")[0] for source, _, _ in found] == PAGES[address]
    for source, book, (head, *rows) in found:
        assert book == source.replace(".json", ".xlsx")
        titles, lines = workbook(leader.get(book))
        assert titles[1] == DEMO_NOTE
        assert any("数据截至" in line for line in titles)
        assert [words(name) for name in lines[0]] == head
        assert len(lines) == len(rows)
        for row, line in zip(rows, lines, strict=True):
            for cell, stored in zip(row, line.values(), strict=True):
                same(cell, stored)


def same(cell, stored):
    """A number is one in the workbook, too, and shows what is printed around it."""
    if isinstance(stored.value, int | float):
        assert amounts(cell) == [Decimal(str(stored.value))]
        assert stored.data_type == "n"
        around = re.sub(rf"[{MINUS}-]?\d[\d,]*(\.\d+)?", "", cell)
        assert "".join(re.findall(r'"([^"]*)"', stored.number_format.partition(";")[0])) == around
    elif stored.value is None:
        assert cell in {"", DASH}
    else:
        assert words(stored.value) == cell
        assert not re.fullmatch(rf"[{MINUS}-]?\d[\d,]*(\.\d+)?%?", cell)


@pytest.mark.parametrize("address", DRAWN)
def test_the_figure_is_the_workbook(leader, address):
    trace, axis, column = DRAWN[address]
    traces = json.loads(leader.get(f"{address}.json").content)["wide"]["data"]
    chosen = (
        traces[trace]
        if isinstance(trace, int)
        else next(found for found in traces if found.get("name") == trace)
    )
    _, lines = workbook(leader.get(f"{address}.xlsx"))
    values = [line[column].value for line in lines if isinstance(line[column].value, int | float)]
    low, high = INSIDE.get(address, (min(values), max(values)))
    assert len(chosen[axis]) == len(values)
    assert sorted(chosen[axis]) == pytest.approx(
        sorted(min(max(value, low), high) for value in values), abs=0.06
    )


@pytest.mark.parametrize(
    "address",
    ["/targets/T99/figure", "/projects/P99/figure", "/projects/figures/other"],
)
def test_no_chart_no_workbook(leader, address):
    assert leader.get(f"{address}.xlsx").status_code == 404


def test_a_target_without_a_figure_has_no_workbook(leader):
    assert (
        leader.get("/targets/T02/figure.xlsx").status_code
        == leader.get("/targets/T02/figure.json").status_code
    )


@pytest.mark.parametrize("address", DRAWN)
def test_a_past_day_says_itself(leader, address):
    answer = leader.get(f"{address}.xlsx?asof=2026-06-30")
    if answer.status_code == 404:  # nothing was known yet
        assert leader.get(f"{address}.json?asof=2026-06-30").status_code == 404
        return
    titles, _ = workbook(answer)
    assert "按2026年6月30日已掌握的数据" in titles[0]
    assert any("数据截至2026年6月30日" in line for line in titles)
    assert "20260630" in answer["Content-Disposition"]


def test_links_keep_the_day(leader):
    page = leader.get("/dashboard/2030/?asof=2026-11-01")
    for source, book, _ in blocks(page):
        assert source.endswith("?asof=2026-11-01")
        assert book == source.replace(".json", ".xlsx")


def test_what_waits_for_review_is_in_no_workbook(client):
    client.force_login(UserFactory(roles=[Role.REVIEWER]))
    for _, book, _ in blocks(client.get("/dashboard/2030/?basis=submitted")):
        assert "basis" not in book


@pytest.mark.parametrize("address", DRAWN)
def test_a_workbook_costs_few_statements(leader, address):
    assert len(statements(leader, f"{address}.xlsx")) <= 8
