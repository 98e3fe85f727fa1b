"""One number wherever it stands: tests of a plan, whatever plan the class is given.

The pages are asked as a reader asks for them; what their words and links say is compared, never
what the code behind them counted.
"""

import json
import re
from decimal import Decimal

import pytest

from agencies.choices import Role
from tests.documents import document
from tests.factories.agencies import UserFactory
from tests.pages import workbook

D = Decimal
COURSE = {"正常推进", "已完成"}


def amount(words):
    """The first number of a text: −1,234.5 of −1,234.5万元; None of a dash."""
    found = re.search(r"[−-]?\d[\d,]*(\.\d+)?", words)
    return D(found[0].replace(",", "").replace("−", "-")) if found else None


def same(words, value):
    """Whether a text shows this value, rounded half up to the places that it has."""
    shown = amount(words)
    if shown is None or value is None:
        return shown is None and value is None
    half = D(1).scaleb(shown.as_tuple().exponent) / 2
    return abs(shown - D(str(value))) <= half


def addresses(element):
    return [(link["href"], link.text) for link in element.every("a")]


class OneNumber:
    """Subclasses give the plan by a fixture of this name."""

    @pytest.fixture
    def reader(self, client, plan):
        """A signed-in leader, who asks for pages and workbooks."""
        client.force_login(UserFactory(roles=[Role.LEADER], agency=None))
        return Reader(client)

    @pytest.fixture
    def overview(self, reader):
        return reader.page("/dashboard/")

    @pytest.mark.parametrize("query", ["", "?period=2026Q1", "?period=2025Q1"])
    def test_each_cell_of_the_heat_map_leads_to_its_tasks(self, reader, query):
        page = reader.page(f"/dashboard/{query}")
        links = page.one("table.heat").every("a")
        assert links
        for link in links:
            words = link["title"]
            quarter = re.search(r"\d{4}年第.季度", words)[0]
            listed = reader.table(link["href"])
            on_course, total = map(int, re.search(r"(\d+)/(\d+)", words).groups())
            lacking = {word: re.search(rf"{word}(\d+)", words) for word in ("缺报", "待报")}
            states = [row[quarter] for row in listed]
            assert len(states) == total, words
            assert sum(state in COURSE for state in states) == on_course, words
            for word, found in lacking.items():
                assert states.count(word) == int(found[1] if found else 0), words

    def test_the_lists_of_tasks_and_their_workbook(self, reader):
        listed = [row[next(reversed(row))] for row in reader.table("/tasks/")]
        exported = [row["状态"] for row in reader.book("/tasks/export.xlsx")]
        assert sorted(exported) == sorted(listed)

    def test_projects_sum_up_to_their_workbook(self, reader, overview):
        rows = reader.book("/projects/export.xlsx")
        done = [row for row in rows if row["项目状态"] == "已竣工"]
        assert f"{len(rows)}个项目：" in overview.text
        assert f"已竣工{len(done)}" in overview.text or not done
        said = re.search(r"累计完成投资([\d,.]+)", overview.text)
        assert same(said[1] if said else "", self.sum_of(rows, "自开工累计投资（万元）"))
        assert len(reader.codes("/projects/")) == len(rows)
        for address, words in addresses(reader.page("/projects/").one("p.say")):
            assert len(reader.codes("/projects/" + address)) == int(amount(words)), words

    def test_the_late_projects_are_those_of_the_list(self, reader, overview):
        listed = {row["编号"]: row for row in reader.book("/projects/export.xlsx")}
        late = {code: row["超期（月）"] for code, row in listed.items() if row["超期（月）"]}
        shown = self.table_of(overview, "超期的项目").rows() if late else []
        assert {cells[0].one("i").text: amount(cells[1].text) for cells in shown} == late

    def test_the_chart_of_2025_its_table_and_the_export(self, reader):
        page = reader.page("/dashboard/2025/")
        rows = reader.twin(page, "milestones-2025")
        figure = reader.figure("/dashboard/2025/milestones.json")
        exported = {row["编号"]: row for row in reader.book("/targets/export.xlsx")}
        settled = [r for r in exported.values() if r["2025年实际"] is not None and r["差距"]]
        assert {cells[0][:3] for cells in rows} <= set(exported)
        for cells in rows:
            row = exported[cells[0][:3]]
            assert same(cells[1], row["2025年实际"])
            assert [cells[2], *cells[4:]] == [
                row["2025年目标"], row["差距"], row["2025年判定"], row["数据状态"],
            ]  # fmt: skip
        title = page.one("#milestones-2025").one("h2").text
        met = sum(re.search("^已达标|初步达标", cells[5]) is not None for cells in rows)
        assert title == f"有数据的{len(rows)}项指标中，{met}项达到或初步达到2025年目标"
        assert len(settled) >= len(rows)
        self.check_dots(figure, rows, index=3)

    def test_the_chart_of_2030_its_table_and_the_export(self, reader):
        page = reader.page("/dashboard/2030/")
        if "outlook-2030" not in [chart["id"] for chart in page.every("figure.chart")]:
            return
        rows = reader.twin(page, "outlook-2030")
        listed = {row["编号"]: row for row in reader.book("/targets/export.xlsx")}
        told = {row["编号"]: row for row in reader.book("/dashboard/2030/export.xlsx")}
        assert sorted(told) == sorted(cells[0][:3] for cells in rows)
        for cells in rows:
            row, book = listed[cells[0][:3]], told[cells[0][:3]]
            assert amount(cells[2]) is None or same(cells[2], row["最新值"])
            assert amount(cells[6]) is None or same(cells[6], book["外推值"])
            assert [cells[5], *cells[10:13]] == [
                book["2030年目标"], book["展望"], book["今后年均需"], book["近年年均"],
            ]  # fmt: skip
        drawn = reader.figure("/dashboard/2030/outlook.json")["wide"]["data"][-1]["x"]
        known = [value for cells in rows if (value := amount(cells[8])) is not None]
        for value, place in zip(known, drawn, strict=True):
            assert float(min(max(value, D(80)), D(120))) == pytest.approx(place, abs=0.05)

    def test_each_targets_chart_table_page_and_workbook(self, reader):
        for code in reader.codes("/targets/"):
            page = reader.page(f"/targets/{code}/")
            charts = [c for c in page.every("figure.chart") if c["id"] == f"trajectory-{code}"]
            if not charts:
                continue
            rows = reader.twin(page, f"trajectory-{code}")
            actual = {cells[0]: cells[1] for cells in rows}
            drawn = reader.trace(f"/targets/{code}/figure.json", "实绩")
            book = {
                (row["时期"], row["实际值"])
                for row in reader.book(f"/targets/{code}/data.xlsx")
                if row["现行"] == "是"
            }
            for year, words in actual.items():
                if amount(words) is None:
                    continue
                assert same(words, drawn[year]), (code, year)
                assert any(when == year and same(words, value) for when, value in book), code
            baseline = set(drawn) - {year for year, words in actual.items() if amount(words)}
            assert len(baseline - {y for y, w in actual.items() if amount(w) == 0}) <= 1, code

    @staticmethod
    def table_of(page, caption):
        found = [
            t for t in page.every("table") if any(caption in c.text for c in t.every("caption"))
        ]
        assert len(found) == 1, caption
        return found[0]

    @staticmethod
    def sum_of(rows, name):
        values = [D(str(row[name])) for row in rows if row[name] is not None]
        return sum(values) if values else None

    @staticmethod
    def check_dots(figure, rows, *, index):
        """Each dot of a chart stands where its row of the table says, or at the axis's end."""
        dots = figure["wide"]["data"][-1]
        assert len(dots["x"]) == len(rows)
        for place, cells in enumerate(rows):
            shown = min(max(amount(cells[index]), D(60)), D(120))
            assert same(str(shown), dots["x"][place]), cells[0]
        words = [label["text"] for label in figure["wide"]["layout"]["annotations"]]
        written = {amount(text) for text in words}
        for cells in rows:
            assert amount(cells[1]) in written, cells


class Reader:
    """What a signed-in user reads, each address once."""

    def __init__(self, client):
        self.client = client
        self._answers = {}

    def answer(self, address):
        if address not in self._answers:
            self._answers[address] = self.client.get(address)
        return self._answers[address]

    def page(self, address):
        return document(self.answer(address))

    def codes(self, address):
        """The codes of the rows that a list shows."""
        return [cell.text for cell in self.page(address).one("#main").every("td.code")]

    def table(self, address):
        """The rows of a list by its head's words."""
        return [
            dict(zip(head, (cell.text for cell in line), strict=False))
            for table in self.page(address).every("table.list")
            for head in [[cell.text for cell in table.rows("thead")[0]]]
            for line in table.rows()
            if line[0].name == "td"
        ]

    def book(self, address):
        """The rows of a workbook by its head's words."""
        _, rows = workbook(self.answer(address))
        return [{name: cell.value for name, cell in row.items()} for row in rows]

    def figure(self, address):
        return json.loads(self.answer(address).content)

    def trace(self, address, name):
        """Year → value of a line of both drawings of a chart, which have to be the same."""
        drawings = [self.figure(address)[which]["data"] for which in ("wide", "narrow")]
        wide, narrow = (
            {f"{x}年": y for line in lines if line.get("name") == name
             for x, y in zip(line["x"], line["y"], strict=True)}
            for lines in drawings
        )  # fmt: skip
        assert wide == narrow
        return wide

    def twin(self, page, identity):
        """The rows of a chart's table as words."""
        chart = page.one(f"#{identity}")
        return [[cell.text for cell in row] for row in chart.one("details.chart-table").rows()]

    def last_change(self, code):
        """Change of the newest value against the one before, in percent."""
        drawn = self.trace(f"/targets/{code}/figure.json", "实绩")
        old, new = (D(str(drawn[year])) for year in sorted(drawn)[-2:])
        return (new - old) / old * 100
