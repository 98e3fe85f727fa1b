"""The overview's counts: made once, from judged targets."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest

from common.quarters import Period
from dashboard.selectors.earlier_overview import overview
from dashboard.selectors.targets import targets_overview
from targets.rules import Actual, Goal, Grade, Level, Verdict
from tests.unit.targets.judged import YEARS, category, judged

D = Decimal


def provisional(value):
    return (Actual(2025, D(value), Grade.PRELIMINARY),)


ROWS = [
    judged("T01", values=[(2022, "18"), (2025, "21")], target={"is_headline": True}),
    judged("T02", values=[(2025, "10")], target={"category": category(5, name="交通")}),
    judged(
        "T03",
        terms={"actuals": provisional("20")},
        target={"category": category(5, "projects", "生活")},
    ),
    judged("T04", terms={"actuals": provisional("19")}),
    judged("T05"),
    judged("T06", goals=(), target={"is_headline": True}),
]


@pytest.fixture
def found():
    return targets_overview(rows=ROWS)


def words(phrases):
    return "".join(phrase.text for phrase in phrases)


def test_every_target_is_counted_once(found):
    assert sum(len(group.rows) for group in found.strip) == len(ROWS)
    assert [(group.verdict, len(group.rows)) for group in found.strip] == [
        (Verdict.ACHIEVED, 1),
        (Verdict.MISSED, 1),
        (Verdict.PROVISIONAL, 2),
        (Verdict.MISSING, 1),
        (Verdict.NOT_APPLICABLE, 1),
    ]


def test_the_sentence_counts_what_the_strip_shows(found):
    assert words(found.sentence) == (
        "6项指标中，2025年目标已达标1项、未达标1项，数据待核定2项（初步达标1、初步未达标1）"
        "、数据缺失1项、不适用1项。"
    )
    linked = [phrase.url for phrase in found.sentence if phrase.url]
    assert linked == [group.url for group in found.strip]
    assert linked[0] == "/targets/?verdict=achieved"


def test_what_is_only_striven_for_is_counted_apart_while_preliminary():
    terms = {"actuals": provisional("19"), "is_striven": True}
    found = targets_overview(rows=[*ROWS, judged("T07", terms=terms)])
    assert "数据待核定3项（初步达标1、初步未达标1、初步未达到力争值1）" in words(found.sentence)


def test_concerns_are_the_two_worst_shortfalls(found):
    assert [phrase.text for phrase in found.concerns] == ["T02差10.0个百分点", "T04差1.0个百分点"]
    assert found.concerns[0].url == "/targets/T02/"


def test_fields_with_the_same_number_stay_apart(found):
    by_label = {row.label: row for row in found.by_category}
    assert len(by_label) == 3
    traffic = next(row for label, row in by_label.items() if "交通" in label)
    assert [(level, count) for level, count, _ in traffic.counts] == [
        (Level.GREEN, 0), (Level.ORANGE, 0), (Level.RED, 1), (Level.GREY, 0),
    ]  # fmt: skip
    assert traffic.counts[2][2] == "/targets/?category=05&level=red"
    living = next(row for label, row in by_label.items() if "生活" in label)
    assert living.counts[0][2] == "/targets/?category=p05&level=green"


def test_headline_cards_say_value_verdict_and_reason(found):
    first, empty = found.kpis
    assert (first.value, first.unit, first.when, first.word) == ("21.0", "%", "2025年", "三级")
    assert first.verdict == "2025 ≥20%，已达标"
    assert first.spark.values == (D(18), D(21))
    assert (empty.value, empty.spark, empty.why) == ("", None, "没有数值目标")


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (judged("T01"), "2025 ≥20%，缺数据"),
        (judged("T01", terms={"actuals": provisional("20")}), "2025 ≥20%，初步达标"),
        (judged("T01", terms={"actuals": provisional("19.2")}), "2025 ≥20%，差0.8"),
    ],
)  # fmt: skip
def test_verdicts_of_cards(row, verdict):
    row.target.is_headline = True
    card = targets_overview(rows=[row]).kpis[0]
    assert verdict in card.verdict


def test_a_card_that_waits_for_the_city():
    row = judged(
        values=[(2025, "16")],
        target={"is_headline": True},
        terms={"kind": "assigned", "goals": (Goal(2025, state="pending"),)},
    )
    card = targets_overview(rows=[row]).kpis[0]
    assert (card.verdict, card.level, card.word) == ("目标待市下达", "grey", "未判定")


def test_a_band_needs_no_year_and_a_unit_stands_once():
    about = judged(
        values=[(2025, "15.38")],
        target={"is_headline": True},
        terms={"kind": "about", "goals": (Goal(2025, comparison="about", value=D("15.38")),)},
    )
    stock = judged(
        values=[(2025, "52.3")],
        goals=((2025, 51),),
        target={"is_headline": True, "unit": "万立方米"},
        terms={"unit": "万立方米"},
    )
    cards = targets_overview(rows=[about, stock]).kpis
    assert [card.verdict for card in cards] == ["15.38%左右，已达标", "2025 ≥51，已达标"]
    assert cards[1].unit == "万立方米"


def test_a_card_shows_a_newer_quarter_and_what_its_light_judges():
    quarter = Actual(2026, D("21.5"), Grade.DEPARTMENT, quarter=3)
    row = judged(values=[(2025, 18)], target={"is_headline": True}, terms={"quarterly": quarter})
    card = targets_overview(rows=[row]).kpis[0]
    assert (card.value, card.when) == ("21.5", "2026年第三季度")
    assert card.says == "2026年第三季度21.5%（部门统计），预警等级按2025年值"
    assert (card.word, card.verdict) == ("二级", "2025年18.0%，要求≥20%，差2.0")


def on(day):
    return replace(YEARS, today=datetime.date.fromisoformat(day))


class TestOneYearAtATime:
    """From 2027 on a card says 2026 of a value of 2026, and not the goal of 2025."""

    BASE = {"baseline_value": D("16.8"), "decimals": 1}

    def card(self, day, *values, **terms):
        row = judged(
            values=values, target={"is_headline": True}, terms=self.BASE | terms, years=on(day)
        )
        card = targets_overview(rows=[row]).kpis[0]
        return card.value, card.when, card.verdict, card.spark.goal if card.spark else None

    @pytest.mark.parametrize(
        ("day", "values", "when", "verdict", "goal"),
        [
            ("2026-11-30", [(2024, 19), (2025, "19.2")], "2025年", "2025 ≥20%，差0.8", D(20)),
            ("2027-03-15", [(2025, "19.2"), (2026, "19.6")], "2026年",
             "2026 ≥20.4%，差0.8", D("20.4")),
            ("2027-03-15", [(2025, "19.2"), (2026, "20.4")], "2026年",
             "2026 ≥20.4%，达到", D("20.4")),
            ("2028-02-29", [(2025, "19.2"), (2026, "20.4")], "2026年",
             "2026 ≥20.4%，达到", D("20.4")),
            ("2030-12-31", [(2028, "21.2"), (2029, "21.5")], "2029年",
             "2029 ≥21.6%，差0.1", D("21.6")),
            ("2031-01-01", [(2028, "21.2"), (2029, "21.5")], "2029年", "2030 ≥22%，缺数据", D(22)),
            ("2031-02-24", [(2029, "21.5"), (2030, "21.8")], "2030年", "2030 ≥22%，差0.2", D(22)),
        ],
    )  # fmt: skip
    def test_a_card_names_the_year_of_its_value(self, day, values, when, verdict, goal):
        assert self.card(day, *values)[1:] == (when, verdict, goal)

    def test_where_a_quarter_stands_above_the_year_says_its_value(self):
        quarter = Actual(2027, D("20.6"), Grade.DEPARTMENT, quarter=3)
        found = self.card("2028-02-29", (2025, "19.2"), (2026, "19.6"), quarterly=quarter)
        assert found[:3] == ("20.6", "2027年第三季度", "2026年19.6%，要求≥20.4%，差0.8")

    def test_what_cannot_be_compared_says_why(self):
        other = Actual(2026, D(30), Grade.FINAL, basis="市级口径")
        found = self.card("2027-03-15", actuals=(other,), basis="区级口径")
        assert found[2] == "2026年：口径变更待确认"

    def test_concerns_and_progress_are_of_the_year_that_ended_last(self):
        values = {
            "T01": [(2025, 19), (2026, "20.2")],
            "T02": [(2025, 21), (2026, 18)],
            "T03": [(2025, 18)],
        }
        day = on("2027-03-15")
        rows = [judged(c, values=v, terms=self.BASE, years=day) for c, v in values.items()]
        found = targets_overview(rows=rows)
        assert words(found.concerns) == "T022026年差2.4个百分点T012026年差0.2个百分点"
        assert found.progress.finding == (
            "2026年进度：2项有年度值，达到要求0项，二级1项、一级1项；1项没有年度值"
        )
        assert targets_overview(rows=ROWS).progress is None

    def test_in_2031_goals_to_be_kept_are_counted(self):
        values = {"T01": [(2030, 21)], "T02": [(2030, 19)], "T03": [(2026, 21)]}
        rows = [
            judged(code, goals=((2025, 20),), values=known, years=on("2031-02-24"))
            for code, known in values.items()
        ]
        rows.append(judged("T04", values=[(2030, 23)], years=on("2031-02-24")))
        rows.append(judged("T05", goals=(), years=on("2031-02-24")))
        assert words(targets_overview(rows=rows).sentence) == (
            "5项指标中，2030年目标已达标2项、未达标1项、数据缺失1项、不适用1项。"
        )

    def test_an_older_concern_names_its_year(self):
        row = judged("T03", values=[(2025, 18)], terms=self.BASE, years=on("2028-02-29"))
        assert words(targets_overview(rows=[row]).concerns) == "T032025年差2.0个百分点"


def test_a_card_of_a_peak_shows_the_change():
    peak = judged(
        values=[(2022, "380"), (2023, "390"), (2024, "401"), (2025, "409.02")],
        target={"is_headline": True, "unit": "万吨"},
        terms={
            "kind": "peak_by",
            "unit": "万吨",
            "goals": (Goal(2030, nature="event", comparison="by_year"),),
        },
    )
    card = targets_overview(rows=[peak]).kpis[0]
    assert (card.value, card.unit, card.when) == ("+2.0", "%", "较上年，2025年")
    assert card.says == "2025年409.0万吨（最终核实）"
    assert card.verdict == "2030年达峰，仍在上升"


@pytest.mark.django_db
@pytest.mark.usefixtures("of_2026q3")
def test_an_empty_system_says_so_everywhere(django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        page = overview(period=Period(2026, 3))
        assert page.is_empty
        assert page.targets.settled_finding == "还没有指标有2025年的年度值"
        assert page.tasks_finding == "0项任务：2026年第三季度还没有进展"
        assert page.investment_finding == "项目投资：还没有填报"
        assert page.concerns == ()
