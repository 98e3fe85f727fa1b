"""How the series of the set go on after it."""

import datetime
from decimal import Decimal

import pytest

from common.quarters import Period
from demo import rules

D = Decimal
TOTAL = D(100)
YEARLY = {
    "annual": [[2024, "18.8", "final"], [2025, "19.2", "preliminary"]],
    "later": {"yearly": "0.6"},
}
QUARTERLY = {
    "annual": [[2024, "72.60", "department"], [2025, "77.10", "department"]],
    "quarterly": [["2025Q4", "77.10", "department"], ["2026Q1", "77.40", "department"]],
    "later": {"yearly": "2.60", "most": "80.00"},
}


def annual(facts, newest):
    return {row.period.year: row for row in rules.annual_values("T18", facts, newest)}


def quarterly(facts, last):
    found = rules.quarterly_values("T18", facts, Period.parse(last))
    return {row.period.code: row.value for row in found}


class TestAnnualValues:
    def test_until_the_next_year_comes_the_set_stands_as_it_is(self):
        rows = annual(YEARLY, 2025)
        assert [(row.value, row.grade, row.former) for row in rows.values()] == [
            (D("18.8"), "final", None),
            (D("19.2"), "preliminary", None),
        ]

    def test_then_the_last_one_becomes_final(self):
        rows = annual(YEARLY, 2026)
        assert rows[2025].grade == "final"
        assert abs(rows[2025].value - D("19.2")) <= D("0.1")
        former = rows[2025].former
        assert (former.value, former.grade) == (D("19.2"), "preliminary")
        assert former.reason == rules.FINAL_REASON
        assert (rows[2026].grade, rows[2026].former) == ("preliminary", None)

    def test_a_later_day_changes_nothing_but_the_newest(self):
        before, after = annual(YEARLY, 2028), annual(YEARLY, 2030)
        assert [before[year] for year in range(2024, 2028)] == [
            after[year] for year in range(2024, 2028)
        ]
        assert after[2028].former.value == before[2028].value

    def test_each_year_adds_its_share_in_the_decimals_of_the_target(self):
        rows = annual(YEARLY, 2030)
        values = [rows[year].value for year in range(2025, 2031)]
        assert values == sorted(values)
        assert abs(values[-1] - D("22.2")) <= D("0.2")
        assert {value.as_tuple().exponent for value in values} == {-1}

    def test_of_what_is_counted_by_quarters_it_is_the_fourth(self):
        assert annual(QUARTERLY, 2026)[2026].value == quarterly(QUARTERLY, "2026Q4")["2026Q4"]

    def test_one_counted_in_another_way_is_not_counted_again(self):
        facts = YEARLY | {"other_basis": [[2026, "30.0", "department", "另一种口径"]]}
        assert list(annual(facts, 2027)) == [2024, 2025, 2027]

    def test_what_slows_down_turns(self):
        rows = annual(YEARLY | {"later": {"yearly": "2.4", "slowing": "1.2"}}, 2031)
        values = {year: row.value for year, row in rows.items()}
        assert values[2027] > values[2025]
        assert values[2031] < values[2028]

    def test_without_a_year_there_is_none(self):
        assert not annual({"annual": [], "later": {"yearly": "1"}}, 2030)


def test_quarters_go_on_to_the_last_and_not_above_the_most():
    found = quarterly(QUARTERLY, "2030Q4")
    assert list(found) == [period.code for period in Period(2030, 4).back(21)]
    values = list(found.values())
    assert values == sorted(values)
    assert abs(found["2026Q2"] - D("78.05")) < D("0.14")
    assert values[-1] == D("80.00")
    assert quarterly(QUARTERLY, "2025Q4") == quarterly(QUARTERLY, "2026Q1")


@pytest.mark.parametrize(
    ("states", "count", "found"),
    [
        ("olm", 0, "olm"),
        ("olm", 2, "olmlm"),
        ("olm", 4, "olmmolm"),
        ("nol", 3, "nolool"),
        ("ood", 2, "ooddd"),
    ],
)
def test_states_come_again_and_what_is_done_stays_done(states, count, found):
    assert rules.later_states(states, count) == found


@pytest.mark.parametrize(
    ("day", "year"),
    [("2026-11-30", 2025), ("2027-04-19", 2025), ("2027-04-20", 2026), ("2031-02-01", 2029)],
)
def test_a_years_values_come_on_20_april(day, year):
    assert rules.newest_year(datetime.date.fromisoformat(day)) == year


def test_final_ones_come_with_those_of_the_next_year():
    came = rules.came_on(period=Period(2025), version=2, reason=rules.FINAL_REASON)
    assert came == rules.came_on(period=Period(2026), version=1, reason="")


class TestLaterProjects:
    FACTS = {
        "started_on": "2023-06", "expected_on": "2027-02", "finished_on": "2027-08",
        "problems": "设备未到货", "status": "under_way",
    }  # fmt: skip

    def known(self, **changes):
        facts = {
            "status": "under_way", "invested_wan": D(60), "works_percent": D(70),
            "works_note": "厂房封顶", "started_on": "2023-06", "completed_on": "",
            "expected_on": "2027-02", "problems": "设备未到货",
        }  # fmt: skip
        return rules.ProjectQuarter(period=Period(2026, 3), **facts | changes)

    def later(self, known, last, total=TOTAL):
        quarters = Period.parse(last).back(Period.parse(last).quarters_since(known.period))
        return list(rules.later_project_quarters(known, self.FACTS, quarters, total))

    def test_go_straight_to_their_end(self):
        rows = self.later(self.known(), "2027Q4")
        assert [row.invested_wan for row in rows] == [70, 80, 90, 100, 100]
        assert [row.works_percent for row in rows] == [78, 85, 93, 100, 100]
        assert [row.status for row in rows] == [*["under_way"] * 3, *["completed"] * 2]
        assert [row.completed_on for row in rows] == ["", "", "", "2027-08", "2027-08"]
        assert {row.works_note for row in rows} == {""}

    def test_what_was_expected_is_moved_when_it_has_passed(self):
        rows = self.later(self.known(), "2027Q4")
        assert [row.expected_on for row in rows] == ["2027-02", "2027-08", "2027-08", "", ""]

    def test_the_newest_names_its_problem_until_the_end(self):
        assert [row.problems for row in self.later(self.known(), "2027Q2")] == [
            "", "", "设备未到货",
        ]  # fmt: skip
        assert self.later(self.known(), "2027Q3")[-1].problems == ""

    def test_without_a_total_the_money_stays_unknown(self):
        assert self.later(self.known(invested_wan=None), "2027Q4", None)[-1].invested_wan is None

    @pytest.mark.parametrize(
        "changes",
        [
            {"status": "completed", "completed_on": "2025-01"},
            {"status": "cancelled", "works_percent": None},
        ],
    )
    def test_what_is_over_stays_as_it_is(self, changes):
        known = self.known(**changes)
        (row,) = self.later(known, "2026Q4")
        assert (row.period.code, row.status, row.problems) == (
            "2026Q4", known.status, known.problems,
        )  # fmt: skip


def test_words_name_the_months_in_which_a_quarter_is_reported():
    text = "{month}开工，{quarter_end}底前（{next_due}）完成{period}"
    assert rules.filled_in(text, Period(2026, 3)) == "10月开工，12月底前（2026-12）完成2026Q3"
    assert rules.filled_in(text, Period(2030, 4)) == "1月开工，3月底前（2031-03）完成2030Q4"
