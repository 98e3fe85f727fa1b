"""The outlook: the rules' numbers by group, as chart, table, workbook and page."""

import io
import json
from decimal import Decimal

import openpyxl
import pytest

from agencies.choices import Role
from common.charts import chart_json
from dashboard.charts import outlook_chart, outlook_table
from dashboard.forms.outlook import OutlookFilter
from dashboard.selectors.years.outlook import OutlookGroup, outlooks_of
from targets.charts.parts import LIGHT_COLORS
from targets.rules import Goal, Prospect
from targets.selectors import OutlookRow
from tests.documents import document
from tests.factories.agencies import UserFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.pages import text
from tests.unit.targets.judged import YEARS, judged

D = Decimal
STRAIGHT = [(2021, "17"), (2022, "18"), (2023, "19"), (2024, "20")]
# Step 1, s² = 6/2, so that 2030 is 19 ± 1.886 · √(3 · (6 + 12)) = 19 ± 13.8592.
ROUGH = [(2021, "10"), (2022, "12"), (2023, "11"), (2024, "13")]
FLAT = [(year, "15") for year in range(2021, 2025)]
OWN = ((2030, 20),)


def page_of(*rows):
    return outlooks_of((OutlookRow(row, row.outlook) for row in rows), YEARS)


@pytest.fixture
def page():
    pending = (Goal(2030, state="pending"),)
    peak = {"kind": "peak_by", "goals": (Goal(2030, nature="event", comparison="by_year"),)}
    return page_of(
        judged("T01", goals=OWN, values=STRAIGHT),
        judged("T02", goals=OWN, values=ROUGH),
        judged("T03", goals=OWN, values=FLAT),
        judged("T04", goals=OWN, values=STRAIGHT[1:]),
        judged("T05", goals=OWN, values=FLAT, target={"commitment": "striven"}),
        judged("T06", goals=((2025, 10),), values=FLAT),
        judged("T07", values=FLAT, terms={"goals": pending}),
        judged("T08", values=[(2022, "9"), *FLAT[2:], (2025, "15.5")], terms=peak),
    )


def row_of(page, code):
    return next(row for row in page.rows if row.code == code)


def test_each_target_is_in_one_group_and_the_worst_comes_first(page):
    found = {group.label: [row.code for row in group.rows] for group in page.groups}
    assert found[OutlookGroup.OWN.label(YEARS)] == ["T03", "T02", "T01", "T04"]
    assert found[OutlookGroup.FLOOR.label(YEARS)] == ["T06"]
    assert found[OutlookGroup.PEAK.label(YEARS)] == ["T08"]
    assert sum(group.number for group in page.groups) == 8


def test_the_title_counts_what_has_a_number_of_its_own(page):
    assert page.finding == "2030年：1项预计可达，1项不确定，1项按现趋势难以达到"
    assert page.method == "按2021—2024年趋势外推，不是承诺；满4个年度值才作外推。"
    assert [(c.label, c.number) for c in page.prospects] == [
        ("预计可达", 1), ("不确定", 1), ("按现趋势难以达到", 1), ("数据不足", 1),
    ]  # fmt: skip


def test_without_a_projection_the_title_says_so():
    assert page_of(judged()).finding == "2030年：还没有可作外推的指标"
    assert outlook_chart(page_of(judged())) is None
    assert page_of().method == "按年度值趋势外推，不是承诺；满4个年度值才作外推。"


def test_a_straight_series_is_as_wide_as_rounding_makes_it(page):
    """s = 0.1/√6, and 1.886 · √(0.01/6 · 18) = 0.3267 of 26."""
    row = row_of(page, "T01")
    assert (row.expected, row.between) == ("26.0%", "25.7%—26.3%")
    assert [value.quantize(D("0.01")) for value in row.index] == [
        D("128.37"), D("130.00"), D("131.63"),
    ]  # fmt: skip


def test_the_interval_is_that_computed_by_hand(page):
    row = row_of(page, "T02")
    assert (row.expected, row.between) == ("19.0%", "5.1%—32.9%")
    assert [value.quantize(D("0.01")) for value in row.index] == [
        D("25.70"), D("95.00"), D("164.30"),
    ]  # fmt: skip
    assert row.word == "不确定"
    assert (row.needed, row.recent) == ("提高1.40个百分点", "提高1.00个百分点")
    assert row.best == "2022年提高2.00个百分点"


def test_three_values_are_too_few_and_it_says_why(page):
    row = row_of(page, "T04")
    assert row.outlook.prospect == Prospect.TOO_LITTLE
    assert row.index is None
    assert "只有3个年度值，满4个才作外推" in row.sentence


def test_a_floor_is_to_be_kept_and_a_pending_one_waits(page):
    assert (row_of(page, "T06").goal, row_of(page, "T06").needed) == ("≥10%（巩固）", "须保持")
    assert (row_of(page, "T07").word, row_of(page, "T07").reason) == ("目标待下达", "目标待市下达")


def test_a_peak_has_no_projection_but_a_direction(page):
    row = row_of(page, "T08")
    assert (row.index, row.word) == (None, "看方向")
    assert "最高值在2025年" in row.sentence


class TestChart:
    @pytest.mark.parametrize("wide", [True, False])
    def test_bars_are_the_interval_inside_the_axis(self, page, wide):
        chart = outlook_chart(page)
        bars, marks = (chart.figure if wide else chart.narrow)["data"]
        places = [row.code for row in page.projected]
        at = places.index("T02")
        assert bars["base"][at] == 80
        assert bars["base"][at] + bars["x"][at] == 120
        assert marks["x"][at] == 95
        assert marks["x"][places.index("T01")] == 120
        assert bars["x"][places.index("T01")] == 0

    def test_a_prospect_wears_no_light(self, page):
        chart = outlook_chart(page)
        drawn = json.dumps([chart.figure, chart.narrow])
        assert not [color for color in LIGHT_COLORS.values() if color in drawn]

    def test_the_table_has_every_target_and_the_reason(self, page):
        rows = {row[0][:3]: row for row in outlook_table(page).rows}
        assert len(rows) == len(page.rows)
        assert rows["T02"][6:11] == (
            "19.0%", "5.1%—32.9%", "95.0", "25.7—164.3", "不确定",
        )  # fmt: skip
        assert rows["T07"][14] == "目标待市下达"

    def test_names_cannot_put_tags_into_it(self):
        row = judged(goals=OWN, values=FLAT, target={"short_name": "<img src=x>"})
        assert "<img" not in chart_json(outlook_chart(page_of(row)))


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({"prospect": "likely"}, ["T01", "T06"]),
        ({"group": "own", "prospect": "likely"}, ["T01"]),
        ({"group": "peak"}, ["T08"]),
    ],
)
def test_filters(page, query, codes):
    assert [row.code for row in OutlookFilter(query, page).chosen().rows] == codes


def test_an_unknown_filter_lets_all_pass(page):
    assert OutlookFilter({"prospect": "x"}, page).chosen().rows == page.rows


@pytest.mark.django_db
@pytest.mark.usefixtures("of_2026q3")
class TestPage:
    @pytest.fixture
    def leader(self, client):
        client.force_login(UserFactory(roles=[Role.LEADER], agency=None))
        return client

    @staticmethod
    def plan(count=1):
        for _ in range(count):
            target = MilestoneFactory(target=TargetFactory(), year=2030, value=D(80)).target
            for year in range(2021, 2026):
                ObservationFactory(target=target, year=year, value=D(60 + year - 2021))
        return target

    def test_without_a_plan_it_says_so(self, leader):
        assert "还没有指标" in text(leader.get("/dashboard/2030/"))
        assert leader.get("/dashboard/2030/outlook.json").status_code == 404

    def test_it_says_what_the_overview_says(self, leader):
        target = self.plan()
        page = text(leader.get("/dashboard/2030/"))
        finding = "2030年：1项按现趋势难以达到"
        assert finding in page
        assert document(leader.get("/dashboard/")).one("td.ahead").text == "难以达到"
        assert f"{target.name}：2030年目标80%以上，按2021—2025年趋势预计69.0%" in page
        assert "不是承诺；满4个年度值才作外推" in page

    def test_the_filter_stays_in_every_address(self, leader):
        self.plan()
        page = text(leader.get("/dashboard/2030/?prospect=unlikely&other=1"))
        assert "/dashboard/2030/outlook.json?prospect=unlikely" in page
        assert "/dashboard/2030/export.xlsx?prospect=unlikely" in page
        assert "没有符合条件的指标" in text(leader.get("/dashboard/2030/?prospect=likely"))

    def test_numbers_are_numbers_in_the_workbook(self, leader):
        target = self.plan()
        answer = leader.get("/dashboard/2030/export.xlsx")
        rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)
        row = next(row for row in rows if row[0] == target.code)
        assert row[8:13] == (69, 68.8, 69.2, 86.3, "按现趋势难以达到")

    def test_statements_do_not_grow(self, leader, django_assert_max_num_queries):
        self.plan()
        with django_assert_max_num_queries(8):
            leader.get("/dashboard/2030/")
        self.plan(9)
        with django_assert_max_num_queries(8):
            assert "10项按现趋势难以达到" in text(leader.get("/dashboard/2030/"))


def test_a_reduction_that_is_none_is_drawn_before_the_axis():
    """Since the own base year 2024 nothing was reduced, and nothing is by the trend."""
    rising = [
        (year, str(value)) for year, value in zip(range(2021, 2025), (10, 9, 8, 7), strict=True)
    ]
    goal = Goal(2030, base_year=2024, entered=D("10"))
    terms = {"kind": "reduction", "pace": "geometric", "goals": (goal,)}
    page = page_of(judged("T01", values=rising, terms=terms))
    assert page.rows[0].index == (0, 0, 0)
    assert outlook_table(page).rows[0][8:10] == ("不降反升", "不降反升—不降反升")
