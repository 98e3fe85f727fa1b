"""One newest value wherever it stands: tests of a plan, whatever plan the class is given.

What every page and workbook prints of a target is compared with what its approved values say.
"""

import re
from decimal import Decimal

import pytest
from django.utils import timezone

from agencies.choices import Role
from common.quarters import Period
from records.asof import AsOf, as_they_stood
from targets.models import Observation, Target
from tests.factories.agencies import UserFactory
from tests.workflow.one_number import OneNumber, Reader, same
from tests.workflow.one_overview import rows_of

D = Decimal
LIST, AHEAD, SETTLED = "/targets/", "/dashboard/2030/", "/dashboard/2025/"


class Expected:
    """The newest values as they follow from the records, counted apart from the code."""

    def __init__(self, day=None, waiting=()):
        self.day = day
        self.waiting = {target: (Period.parse(code), D(value)) for target, code, value in waiting}

    def __iter__(self):
        for target in Target.objects.in_force():
            yield target, self.of(target)

    def of(self, target):
        """Period and value; None if there is none."""
        held = Observation.objects.filter(target=target.holder_id)
        rows = as_they_stood(held, AsOf(self.day) if self.day else None)
        own = {None, target.accounting_basis_id}
        known = [
            (row.period.end, row.quarter is None, row.basis_id in own, row)
            for row in rows
            if row.is_current
            and row.value is not None
            and (row.quarter is None or row.basis_id in own)
        ]
        newest = max(known, key=lambda found: found[:3], default=None)
        found = (newest[3].period, newest[3].value) if newest else None
        waits = self.waiting.get(target.code)
        return waits if waits and (found is None or waits[0].end > found[0].end) else found


class OneNewest:
    """Subclasses give the plan by a fixture of this name, and days and what waits for review."""

    DAYS = (None,)
    WAITING = ()

    @pytest.fixture
    def reader(self, client, plan):
        client.force_login(UserFactory(roles=[Role.REVIEWER]))
        return Reader(client)

    def asked(self):
        """What is added to an address, with what is to be read there."""
        for day in self.DAYS:
            tail = f"?asof={day}" if day else ""
            yield tail, Expected(timezone.datetime.fromisoformat(day).date() if day else None)
        yield "?basis=submitted", Expected(waiting=self.WAITING)

    def approved(self):
        return (each for each in self.asked() if "basis" not in each[0])

    def test_there_are_quarters_to_show(self, reader):
        assert any(found and found[0].quarter for _, found in Expected())

    def test_list_outlook_and_page(self, reader):
        for tail, expected in self.asked():
            listed = {row["编号"]: row["最新值"] for row in reader.table(LIST + tail)}
            ahead = {
                row["编号"]: row["最新值"] for row in reader.table(AHEAD + tail) if row["编号"]
            }
            for target, found in expected:
                head = reader.page(f"/targets/{target.code}/{tail}").one("main").one(".head")
                self.check(listed[target.code], found)
                self.check(ahead[target.code], found)
                if found:
                    self.check(head.one("span", holding="最新值").text, found)

    def test_agencies(self, reader):
        leads = Target.objects.in_force().exclude(lead=None)
        for tail, expected in self.approved():
            for code in sorted(set(leads.values_list("lead__code", flat=True))):
                page = reader.page(f"/agencies/{code}/{tail}")
                shown = {
                    cells[0].text: cells[3].text
                    for table in page.every("table")
                    for cells in table.rows()
                    if re.fullmatch(r"T\d+", cells[0].text)
                }
                for target in leads.filter(lead__code=code):
                    self.check(shown[target.code], expected.of(target))

    def test_rows_of_overview_and_wall(self, reader):
        for tail, expected in self.asked():
            for address in [f"/dashboard/{tail}"] + ["/dashboard/wall/"] * (not tail):
                rows = rows_of(reader.page(address))
                assert rows
                for code, row in rows.items():
                    self.check_row(row, expected.of(Target.objects.get(code=code)), expected.day)

    @staticmethod
    def check_row(row, found, day):
        """The value and its period; the year of the quarter that is shown is not said."""
        if found is None:
            assert not row["value"]
            return
        period, value = found
        assert same(row["value"], value), row
        words = period.label.replace("第", "")
        shown = Period.last_closed(day or timezone.localdate())
        if period.quarter:
            words = words.removeprefix(f"{shown.year}年")
        assert words in row["newest"], row

    def test_print(self, reader):
        """On the sheet too; of a large plan it has the worst of each group."""
        for tail, expected in self.approved():
            table = OneNumber.table_of(reader.page(f"/dashboard/print/{tail}"), "项指标的最新值")
            cells = {row[0].text: row[5].text for row in table.rows() if len(row) == 10}
            assert cells
            for code, shown in cells.items():
                found = expected.of(Target.objects.get(code=code))
                assert same(shown, found[1]) if found else shown == "—", code

    def test_2025(self, reader):
        for tail, expected in self.approved():
            page = reader.page(SETTLED + tail)
            for row in page.every("tr.fig[id]"):
                target = Target.objects.get(code=row["id"])
                found, said = expected.of(target), self.said_below(page, row)
                newer = re.search(r"最新值：(.*?)(依据|原文|报送|$)", said)
                if found and found[0] != Period(2025):
                    self.check(newer[1], found)
                elif newer:
                    raise AssertionError(f"{target.code}: {newer[0]}")

    @staticmethod
    def said_below(page, row):
        lines = page.every("tr")
        return lines[lines.index(row) + 1].text

    def test_workbooks(self, reader):
        for tail, expected in self.approved():
            books = ("/targets/export.xlsx", f"{AHEAD}export.xlsx", f"{SETTLED}export.xlsx")
            for address in books:
                for row in reader.book(address + tail):
                    found = expected.of(Target.objects.get(code=row["编号"]))
                    assert (row["最新时期"] or "") == (found[0].label if found else ""), address
                    assert same(
                        str(row["最新值"] if row["最新值"] is not None else "—"), found and found[1]
                    ), address

    def test_what_is_pasted_calls_no_older_value_the_newest(self, reader):
        """最新值 in a sentence is followed by the newest value, or says what a year has done."""
        for tail, expected in self.approved():
            for address in (SETTLED, AHEAD):
                for line in reader.page(address + tail).every("tr.said"):
                    name = line.text.partition("：")[0]
                    for said in re.findall(r"最新值([\d.,]+[^（]*（[^，]*)", line.text):
                        target = Target.objects.get(name=name)
                        period, value = expected.of(target)
                        assert same(said, value), line.text
                        assert said.endswith(period.label), line.text

    @staticmethod
    def check(words, found, *, in_order=True):
        """Whether a text begins with the value and names its period."""
        if found is None:
            assert words.startswith("—"), words
            return
        period, value = found
        before, label, after = words.removeprefix("最新值").partition(period.label)
        assert label, (words, found)
        assert same(before if in_order else after, value), (words, found)
