"""What is printed reproduces what was judged, for any numbers."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from targets import rules
from targets.rules import Goal, Terms
from tests.unit.targets.terms import D, actual, share

many = settings(max_examples=300, deadline=None)
KINDS = {
    "at_least": "at_least",
    "at_most": "at_most",
    "below": "below",
    "equal": "full_coverage",
    "about": "about",
}
SENTENCE = re.compile(
    r"2025年目标(?P<goal>.+?)(?:（左右暂?按.+?，(?P<low>[\d.,]+).*?—(?P<high>[\d.,]+).*?）)?"
    r"，实际(?P<value>[−\d.,]+)(?:%|万吨)?（最终核实），"
    r"(?P<verdict>已达标|未达标|初步未达标，容差待确认)(?:，(?P<tail>.+))?。"
)
NUMBER = re.compile(r"[\d,]+(?:\.\d+)?")


def number(text):
    return D(text.replace(",", "").replace("−", "-"))


def one(comparison, goal, value, decimals, unit="%"):
    return Terms(
        KINDS[comparison],
        (Goal(2025, comparison=comparison, value=D(goal)),),
        (actual(2025, value),),
        unit=unit,
        decimals=decimals,
        tolerance_percent=D(2),
    )


@st.composite
def near(draw):
    """A goal with a value that misses or keeps it by little."""
    decimals = draw(st.integers(0, 2))
    goal = draw(st.decimals("1", "150", places=draw(st.integers(0, decimals))))
    off = draw(st.decimals("-60", "60", places=2)) * D(10) ** draw(st.integers(-5, 0))
    comparison = draw(st.sampled_from(sorted(KINDS)))
    unit = draw(st.sampled_from(["%", "万吨", "无量纲"]))
    return one(comparison, goal, goal + off, decimals, unit)


def keeps(comparison, value, goal, low):
    """Whether a reader who has only the printed numbers would say that it is kept."""
    if comparison == "about":
        return value >= low
    return {"below": value < goal, "at_most": value <= goal}.get(comparison, value >= goal)


class TestReproduced:
    @many
    @given(terms=near())
    @example(terms=one("at_least", 20, "19.96", 1))
    @example(terms=one("at_least", 15, "14.996", 2))
    @example(terms=one("below", "1.3", "1.299", 2, "无量纲"))
    @example(terms=one("equal", 100, "99.96", 1))
    def test_a_sentence_says_what_its_numbers_say(self, terms):
        goal = terms.goals[0]
        judged = rules.judge(terms, 2025, today_year=2026)
        said = rules.verdict_sentence(terms, judged)
        found = SENTENCE.fullmatch(said)
        assert found, said
        value, printed = number(found["value"]), number(NUMBER.search(found["goal"])[0])
        low = number(found["low"]) if found["low"] else None
        kept = keeps(goal.comparison, value, printed, low)
        assert kept == (found["verdict"] == "已达标"), said
        limit = low if low is not None else printed
        if (size := NUMBER.search(found["tail"] or "")) and "未低于" not in said:
            assert number(size[0]) == abs(value - limit) > 0, said
        elif goal.comparison != "about":
            assert value == limit, said

    @many
    @given(terms=near())
    def test_so_do_the_cells_of_a_row(self, terms):
        judged = rules.judge(terms, 2025, today_year=2026)
        goal, gap = judged.goal, rules.gap_words(terms, judged)
        value = number(rules.actual_figure(terms, judged.actual, goal))
        if goal.comparison == "about":
            return
        printed = number(NUMBER.search(rules.goal_value(terms, goal))[0])
        assert keeps(goal.comparison, value, printed, None) == judged.met
        assert not re.search(r"[差低高]0(?:\.0+)?(?!\.?\d)", gap)
        assert (gap in {"达到", f"未低于{rules.plain(value)}"}) == (value == printed)

    @many
    @given(terms=near())
    def test_a_degree_of_completion_is_100_where_it_is_reached(self, terms):
        judged = rules.judge(terms, 2025, today_year=2026)
        if judged.index is not None:
            shown = rules.completion_shown(judged.index)
            assert (shown > 100, shown < 100) == (judged.index > 100, judged.index < 100)
            cell = rules.index_words(terms, judged.index, is_met=judged.met)
            assert (cell != "不足100" and number(cell) >= 100) == judged.met


class TestCases:
    @pytest.mark.parametrize(
        ("terms", "value", "gap"),
        [
            (one("at_least", 20, "19.96", 1), "19.96%", "差0.04个百分点"),
            (one("at_least", 15, "14.996", 2), "14.996%", "差0.004个百分点"),
            (one("below", "1.3", "1.299", 2, "无量纲"), "1.299", "低0.001"),
            (one("equal", 100, "99.96", 1), "99.96%", "差0.04个百分点"),
            (one("at_least", 20, "19.25", 1), "19.3%", "差0.7个百分点"),
            (one("at_least", "15.375", "15.42", 1), "15.4%", "高0.025个百分点"),
            (one("at_least", 51, "50.96", 1, "万立方米"), "50.96万立方米", "差0.04万立方米"),
        ],
    )
    def test_as_many_digits_as_the_difference_needs(self, terms, value, gap):
        judged = rules.judge(terms, 2025, today_year=2026)
        assert rules.actual_words(terms, judged.actual) == value
        assert rules.gap_words(terms, judged) == gap
        assert f"实际{value}" in rules.verdict_sentence(terms, judged)

    def test_a_value_is_also_kept_apart_from_what_its_time_requires(self):
        terms = share((2025, "20.6"), (2026, "20.38"), pace="linear")
        assert rules.required(terms, 2026) == D("20.4")
        assert rules.actual_words(terms, terms.latest) == "20.38%"
        assert rules.with_unit(terms, D("20.38")) == "20.4%"

    def test_a_band_is_printed_as_it_is_judged(self):
        terms = one("about", "15.38", "15.10", 2)
        said = rules.verdict_sentence(terms, rules.judge(terms, 2025, today_year=2026))
        assert "15.38%左右（左右暂按±2%，15.07%—15.69%）" in said

    def test_two_values_that_differ_are_never_printed_alike(self):
        terms = share((2025, "19.20"))
        then, now = (
            rules.Grounds(terms.goals[0], 1, actual(2025, value), version)
            for version, value in ((1, "19.21"), (2, "19.24"))
        )
        said = rules.change_words(terms, rules.ground_changes(then, now)[0], then, now)
        assert said.startswith("实际值由19.21%（")
        assert "改为19.24%（" in said
        assert said.endswith("，提高0.03个百分点")


class TestWords:
    def test_each_comparison_in_a_sentence(self):
        terms = share()
        said = {
            comparison: rules.goal_words(terms, Goal(2025, comparison=comparison, value=D("20.0")))
            for comparison in KINDS
        }
        assert said == {
            "at_least": "20%以上",
            "at_most": "不超过20%",
            "below": "低于20%",
            "equal": "20%",
            "about": "20%左右",
        }

    @pytest.mark.parametrize(
        ("unit", "amount", "words"),
        [
            ("%", "0.5", "提高0.50个百分点"),
            ("%", "-0.5", "下降0.50个百分点"),
            ("%", "0.004", "基本持平"),
            ("%", "0", "持平"),
            ("万吨", "1.2", "增加1.20万吨"),
            ("万吨", "-1.2", "减少1.20万吨"),
            ("无量纲", "-0.02", "下降0.02"),
        ],
    )
    def test_rates_rise_and_quantities_grow(self, unit, amount, words):
        assert rules.yearly_step(share(unit=unit), D(amount)) == words

    def test_a_step_that_has_to_be_made_is_never_nothing(self):
        assert rules.needed_step(share(), D("0.004")) == "提高0.004个百分点"

    def test_a_standing_goal_says_so_and_names_the_year_of_the_value(self):
        standing = Goal(None, nature=rules.Nature.STANDING, value=D(50))
        terms = share((2025, "52"), goals=(), kind="at_least")
        terms = Terms("at_least", (standing,), terms.actuals, unit="%", decimals=1)
        said = rules.verdict_sentence(terms, rules.judge(terms, 2025, today_year=2026))
        assert said == "长期要求50%以上，2025年实际52.0%（最终核实），已达标，高2.0个百分点。"

    def test_what_is_just_reached_is_said_once(self):
        terms = one("equal", 100, "100", 1)
        said = rules.verdict_sentence(terms, rules.judge(terms, 2025, today_year=2026))
        assert said == "2025年目标100%，实际100.0%（最终核实），已达标。"
