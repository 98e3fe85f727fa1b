"""The successive values of a year: from the kept versions, only where there are several."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from common.charts import chart_json
from records.asof import AsOf
from targets import charts
from targets.selectors import target_detail
from tests.factories.targets import MilestoneFactory, ObservationFactory

pytestmark = pytest.mark.django_db

D = Decimal
MOMENT = datetime.datetime(2026, 3, 1, 1, tzinfo=datetime.UTC)


@pytest.fixture
def target():
    return MilestoneFactory().target


def version(target, number, value, grade, **more):
    """A version that came in the month of its number."""
    facts = {"year": 2024, "is_current": False, "reason": "最终核实" if number > 1 else ""} | more
    row = ObservationFactory(target=target, version=number, value=D(value), grade=grade, **facts)
    row.recorded_at = MOMENT.replace(month=number)
    row.save(update_fields=["recorded_at"])


def chart_of(target):
    return charts.vintage_chart(target_detail(code=target.code))


def test_one_version_has_no_chart(target):
    version(target, 1, "18.6", "preliminary", is_current=True)
    assert chart_of(target) is None


def test_quarters_are_no_vintages(target):
    version(target, 1, "18.6", "preliminary", is_current=True)
    version(target, 1, "17.0", "department", quarter=1)
    version(target, 2, "17.1", "department", quarter=1, is_current=True)
    assert chart_of(target) is None


class TestSteps:
    @pytest.fixture
    def chart(self, target):
        version(target, 1, "18.6", "preliminary")
        version(target, 2, "18.8", "final")
        version(target, 3, "18.7", "final", reason="第五次经济普查修订", is_current=True)
        return chart_of(target)

    def test_the_title_is_the_finding(self, chart):
        assert chart.title == "数值修订：2024年由18.6%（初步核算）改为18.7%（最终核实）"

    @pytest.mark.parametrize("kind", ["figure", "narrow"])
    def test_each_value_stands_until_the_next(self, chart, kind):
        steps, marks = getattr(chart, kind)["data"]
        assert marks["x"] == ["2026-01-01", "2026-02-01", "2026-03-01"]
        assert marks["y"] == [18.6, 18.8, 18.7]
        assert [color == "#fff" for color in marks["marker"]["color"]] == [True, False, False]
        assert steps["y"] == [18.6, 18.6, 18.8, 18.8, 18.7, 18.7]
        assert steps["x"][1:5] == ["2026-02-01", "2026-02-01", "2026-03-01", "2026-03-01"]

    def test_the_table_has_date_source_version_and_reason(self, chart):
        assert chart.table.rows[2] == (
            "2024年", "第3版", "18.7", "−0.1", "最终核实", "2026-03-01", "现行",
            "区交通运输局公交台账", "第五次经济普查修订",
        )  # fmt: skip
        assert [row[3] for row in chart.table.rows] == ["—", "+0.2", "−0.1"]
        assert [row[6] for row in chart.table.rows] == ["已被取代", "已被取代", "现行"]

    def test_its_workbook_is_beside_it(self, chart, target):
        assert chart.json_url == f"/targets/{target.code}/vintages.json"
        assert chart.data_url == f"/targets/{target.code}/vintages.xlsx"


class TestRetracted:
    """18.6 since January; 19.9 came in February and was taken back on 15 March."""

    BACK = datetime.datetime(2026, 3, 15, 1, tzinfo=datetime.UTC)

    @pytest.fixture
    def taken(self, target):
        version(target, 1, "18.6", "preliminary", is_current=True)
        version(target, 2, "19.9", "final", retracted_at=self.BACK)
        return target

    @pytest.mark.parametrize("kind", ["figure", "narrow"])
    def test_it_has_its_own_mark(self, taken, kind):
        _, marks, gone = getattr(chart_of(taken), kind)["data"]
        assert (marks["x"], marks["y"]) == (["2026-01-01"], [18.6])
        assert (gone["x"], gone["y"]) == (["2026-02-01"], [19.9])
        assert gone["marker"]["symbol"] == "x"
        assert gone["marker"]["color"] == ["#fff"]
        assert "2026年3月15日已撤销" in gone["customdata"][0]

    def test_the_steps_show_what_was_in_force(self, taken):
        steps, *_ = chart_of(taken).figure["data"]
        assert steps["x"][:6] == [
            "2026-01-01", "2026-02-01", "2026-02-01", "2026-03-15", "2026-03-15",
            timezone.localdate().isoformat(),
        ]  # fmt: skip
        assert steps["y"] == [18.6, 18.6, 19.9, 19.9, 18.6, 18.6]

    def test_it_is_named_with_its_day(self, taken):
        chart = chart_of(taken)
        words = [note["text"] for note in chart.figure["layout"]["annotations"]]
        assert "2026年3月15日已撤销" in words
        assert "已撤销" in [note["text"] for note in chart.narrow["layout"]["annotations"]]
        assert "空心叉为已撤销的版本" in chart.note
        assert [row[6] for row in chart.table.rows] == ["现行", "2026-03-15已撤销"]
        assert chart.title == "数值修订：2024年的19.9%（最终核实）已撤销，仍为18.6%（初步核算）"

    def test_what_took_its_place_is_compared_with_what_held(self, taken):
        version(taken, 4, "18.9", "final")
        chart = chart_of(taken)
        assert [row[3] for row in chart.table.rows] == ["—", "+1.3", "+0.3"]
        assert chart.title.endswith("改为18.9%（最终核实），1版已撤销")

    def test_before_it_was_taken_back_it_was_in_force(self, taken):
        asof = AsOf(datetime.date(2026, 3, 1))
        chart = charts.vintage_chart(target_detail(code=taken.code, asof=asof))
        assert chart.title == "数值修订：2024年由18.6%（初步核算）改为19.9%（最终核实）"
        assert [row[6] for row in chart.table.rows] == ["已被取代", "现行"]

    def test_nothing_left(self, target):
        version(target, 1, "18.6", "preliminary", retracted_at=self.BACK)
        version(target, 2, "19.9", "final", retracted_at=self.BACK)
        chart = chart_of(target)
        assert chart.title == "数值修订：2024年的2版数值都已撤销"
        assert len(chart.figure["data"]) == 2
        assert chart.figure["data"][0]["y"][-2:] == [None, None]


def test_another_basis_has_steps_of_its_own(target):
    for basis in ("", "<当量法>"):
        version(target, 1, "18.6", "preliminary", basis=basis)
        version(target, 2, "18.6", "final", basis=basis, is_current=True)
    chart = chart_of(target)
    assert len(chart.figure["data"]) == 4
    assert "<当量法>" not in chart_json(chart)
    assert "转为最终核实，数值未变" in chart.title


class TestLongNamesOfBases:
    """At its end a line is named so that the value after the name has room."""

    LONG = "发电煤耗法（是否为市级分解值待确认）"

    def ends(self, target, *bases):
        for basis in bases:
            version(target, 1, "18.6", "preliminary", basis=basis)
            version(target, 2, "18.8", "final", basis=basis, is_current=True)
        chart = chart_of(target)
        notes = chart.figure["layout"]["annotations"]
        return chart, [note["text"] for note in notes if note["xshift"] == 8]

    def test_one_alone_is_named_by_the_title(self, target):
        chart, ends = self.ends(target, self.LONG)
        assert ends == ["2024年 18.8%"]
        assert chart.title.startswith(f"数值修订：2024年（{self.LONG}）由")
        assert chart.figure["layout"]["margin"]["r"] == 150

    def test_several_are_told_apart_by_their_beginning(self, target):
        chart, ends = self.ends(target, "当量法", self.LONG)
        assert sorted(ends) == ["2024年（发电煤耗法…） 18.8%", "2024年（当量法） 18.8%"]
        assert chart.figure["layout"]["margin"]["r"] == 236


def test_labels_of_the_same_value_stand_apart(target):
    for year in (2023, 2024):
        version(target, 1, "18.6", "preliminary", year=year)
        version(target, 2, "18.8", "final", year=year, is_current=True)
    words = [
        note for note in chart_of(target).figure["layout"]["annotations"] if "年" in note["text"]
    ]
    assert abs(words[0]["yshift"] - words[1]["yshift"]) >= 14
