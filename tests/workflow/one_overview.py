"""One overview wherever it stands: page, wall, print, lists, changes and workbooks say the same.

Of a plan, whatever plan the class is given; the pages are read as a reader reads them.
"""

import re

import pytest

from agencies.choices import Role
from tests.factories.agencies import UserFactory
from tests.workflow.one_number import Reader, amount, same

PAGE, WALL, PRINT = "/dashboard/", "/dashboard/wall/", "/dashboard/print/"
LIST, AHEAD, CHANGES = "/targets/export.xlsx", "/dashboard/2030/export.xlsx", "/changes/"
NO_GOAL = "没有2025年目标"
VERDICTS = {
    "达标": "已达标", "无年度值": "数据缺失", "目标待市下达": "目标待下达", "待认定": "定性待认定",
}  # fmt: skip
"""What the page says in fewer words than the workbook."""
PROSPECTS = {"预计可达", "难以达到", "不确定", "数据不足"}
CODE = re.compile(r"^(T\d+|P\d+|\d+-\d+)")


class OneOverview:
    """Subclasses give the plan by a fixture of this name, and the days that are asked for."""

    DAYS = (None,)

    @pytest.fixture
    def reader(self, client, plan):
        client.force_login(UserFactory(roles=[Role.REVIEWER]))
        return Reader(client)

    @property
    def tails(self):
        """What is added to an address: a past day, or what waits for review."""
        return [*(f"?asof={day}" if day else "" for day in self.DAYS), "?basis=submitted"]

    def surfaces(self, reader):
        """What shows all of it, for each of them; the wall has neither past days nor reports."""
        for tail in self.tails:
            addresses = (PAGE, PRINT) if tail else (PAGE, PRINT, WALL)
            if "basis" in tail:
                addresses = (PAGE,)
            yield tail, [reader.page(address + tail) for address in addresses]

    def test_the_claim(self, reader):
        for _, (page, *others) in self.surfaces(reader):
            for part in (".claim", ".because"):
                assert all(page.one(part).text in other.text for other in others)

    def test_the_score(self, reader):
        """The four numbers of a year are those of its lists, and no target is in two of them."""
        for _, (page, *others) in self.surfaces(reader):
            score = score_of(page)
            assert all(score_of(other) == score for other in others)
            for year, *cells in score_table(page).rows():
                listed = []
                for link in (link for cell in cells for link in cell.every("a")):
                    codes = codes_at(reader, link["href"])
                    assert len(codes) == int(link.one("b").text), link["href"]
                    listed += codes
                assert len(set(listed)) == len(listed)
                assert len(listed) == int(re.search(r"年(\d+)项", year.text)[1])

    def test_the_rows(self, reader):
        """Every target is counted; its row has the value, verdict and outlook of the workbooks."""
        for tail, (page, *_) in self.surfaces(reader):
            if "basis" in tail:
                continue
            book = {row["编号"]: row for row in reader.book(LIST + tail)}
            ahead = {row["编号"]: row["展望"] for row in reader.book(AHEAD + tail)}
            rows = rows_of(page)
            counts = [amount(group.one("small").text) for group in page.every("tr.group")]
            assert sum(counts) == len(book)
            assert set(rows) <= set(book)
            for code, row in rows.items():
                known = book[code]
                assert same(row["value"], known["最新值"]), code
                if row["verdict"] == NO_GOAL:
                    assert known["2025年目标"] == "—", code
                else:
                    verdict = VERDICTS.get(row["verdict"], row["verdict"])
                    assert verdict in known["2025年判定"], code
                if row["ahead"] in PROSPECTS:
                    assert row["ahead"] in ahead[code], code

    def test_the_walls_rows_are_those_of_the_page(self, reader):
        page, wall = rows_of(reader.page(PAGE)), rows_of(reader.page(WALL))
        named = reader.page(WALL).one("ul.rest").text
        assert wall
        for code, row in page.items():
            assert wall[code] == row if code in wall else row["name"] in named

    def test_the_sheets_rows_are_those_of_the_page(self, reader):
        for tail, (page, *others) in self.surfaces(reader):
            rows = rows_of(page)
            for sheet in others[:1]:
                printed = table_of(sheet, "项指标的最新值").rows()
                found = {cells[0].text: cells for cells in printed if len(cells) == 10}
                assert found, tail
                for code in found.keys() & rows.keys():
                    value = amount(rows[code]["value"])
                    assert amount(found[code][5].text) == value, code

    def test_the_blocks(self, reader):
        """The wall's are the page's; what each line leads to has as many rows as it says."""
        page, wall = reader.page(PAGE), reader.page(WALL)
        for part in (".changed", ".decide"):
            assert wall.one(part).text == page.one(part).text
        for _, (page, *_) in self.surfaces(reader):
            for link in page.every(".block")[0].one("p.more").every("a"):
                assert len(codes_at(reader, link["href"])) == amount(link.text), link["href"]

    def test_changes_are_on_their_page(self, reader):
        """All that are named, and as many as are said."""
        block = reader.page(PAGE).one(".changed")
        listed = reader.page(CHANGES).one("#main").text
        for item in block.every("li"):
            said = [piece.text for piece in item.every("span") if "→" in piece.text]
            said = said[-1:] or [CODE.sub("", link.text) for link in item.every("a")]
            for words in said:
                assert words in listed, item.line
        for link in (link for link in block.every("a") if "全部变化" in link.text):
            assert f"{amount(link.text)}处变化" in reader.page(link["href"]).one("#main").text

    def test_projects_and_tasks(self, reader):
        """The titles count what the workbooks show, on page and wall."""
        page, wall = reader.page(PAGE), reader.page(WALL)
        for word in ("个项目超期", "没有项目超期", "项滞后或停滞", "没有滞后或停滞的"):
            titles = [title.text for title in page.every("h2") if word in title.text]
            assert titles == [title.text for title in wall.every("h2") if word in title.text]
        late = sum((row["超期（月）"] or 0) > 0 for row in reader.book("/projects/export.xlsx"))
        assert (f"{late}个项目超期" in wall.text) == (late > 0)


def codes_at(reader, address):
    """What a list shows; on the page of a year a reviewer settles some of it a second time."""
    return [*dict.fromkeys(reader.codes(address))]


def score_table(page):
    return table_of(page, "各阶段目标达到情况")


def score_of(page):
    """The numbers of each year; nothing where there is none to count."""
    return {
        cells[0].text[:4]: [amount(cell.text) for cell in cells[1:]]
        for cells in score_table(page).rows()
        if len(cells) == 5
    }


def table_of(page, caption):
    found = [t for t in page.every("table") if any(caption in c.text for c in t.every("caption"))]
    assert len(found) == 1, caption
    return found[0]


def rows_of(page):
    """What stands in the cells of each target's row, without the gap, which the wall leaves out,
    and without the stamps."""
    found = {}
    for line in page.every("tr"):
        if line.every("td.newest"):
            found[line.one("i").text] = {
                "name": line.one("th").one("a").text,
                "value": "".join(piece.text for piece in line.one("td.newest").every("b")),
                "newest": line.one("td.newest").text,
                "verdict": _without(line.one("td.verdict"), ".gap", ".stamp"),
                "ahead": "".join(cell.text for cell in line.every("td.ahead")),
                "owner": line.one("td.owner").text,
            }
    return found


def _without(cell, *parts):
    """The cell's text without what follows its words."""
    text = cell.text
    for piece in (piece for selector in parts for piece in cell.every(selector)):
        text = "".join(text.rpartition(piece.text)[::2])
    return text
