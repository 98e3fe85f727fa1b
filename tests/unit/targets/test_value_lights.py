"""The light of a value by itself: of a quarter, of an earlier year, before and after approval."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets import rules
from targets.rules import Actual, Goal, Grade, JudgingRules, Level, Override, Terms
from targets.selectors.page.page_summary import page_summary
from tests.unit.targets.judged import judged
from tests.unit.targets.terms import D, actual, reduction, share
from tests.unit.targets.test_rules_properties import any_terms, quick, signed

FALLEN = share((2025, "19.2"))


def light(terms, year, value, quarter=None):
    return rules.light(terms.ending_with(actual(year, value, quarter=quarter)))


class TestRule:
    @pytest.mark.parametrize(
        ("value", "quarter", "need", "level", "reason"),
        [
            # From 20 in 2025 to 22 in 2030: 20.4 at the end of 2026, 20.3 after three quarters.
            ("20.3", 3, "20.3", Level.GREEN, "达到进度要求"),
            ("20.3", None, "20.4", Level.ORANGE, "差距不超过10%"),
            ("20.3", 4, "20.4", Level.ORANGE, "差距不超过10%"),
            ("19.2", 1, "20.1", Level.ORANGE, "差距不超过10%"),
            ("19.1", 1, "20.1", Level.RED, "未达进度要求且方向相反"),
        ],
    )
    def test_a_quarter_is_held_against_its_own_end(self, value, quarter, need, level, reason):
        found = light(FALLEN, 2026, value, quarter)
        assert (found.level, found.reason, found.required) == (level, reason, D(need))

    def test_a_reduction_that_turns_into_a_rise_is_red_in_a_quarter(self):
        terms = reduction(15, (2024, "15"), (2025, "15"))
        assert light(terms, 2026, "14.9", 1).reason == "不降反升"
        assert light(terms, 2026, "15.1", 1).level == Level.GREEN

    def test_what_is_of_the_year_or_later_falls_away(self):
        terms = share((2023, "19"), (2024, "19.4"), (2025, "18"))
        assert light(terms, 2024, "19.1").reason == "差距不超过10%"
        assert light(terms, 2025, "19.9", 2).reason == "达到进度要求"

    def test_of_another_basis_it_is_not_judged(self):
        other = actual(2026, "30", basis="全社会")
        assert rules.light(FALLEN.ending_with(other)).reason == "口径变更待确认"

    def test_a_band_and_what_is_striven_for(self):
        band = Terms(
            "about", (Goal(None, "standing", "about", value=D(10)),), tolerance_percent=D(2)
        )
        assert [light(band, 2026, value, 2).level for value in ("9.8", "9.6", "9.59")] == [
            Level.GREEN,
            Level.ORANGE,
            Level.RED,
        ]
        striven = replace(share(), is_striven=True)
        assert light(striven, 2026, "10", 2).reason.endswith("力争目标最高到二级")
        assert light(striven.under(JudgingRules(caps_striven=False)), 2026, "10", 2).level == "red"


class TestProperties:
    @quick
    @given(terms=any_terms(least=1))
    def test_the_newest_value_by_itself_has_the_light_of_its_target(self, terms):
        assert rules.light(terms.ending_with(terms.latest)) == rules.light(terms)

    @quick
    @given(terms=any_terms(), value=signed, more=st.integers(0, 3))
    def test_of_a_newer_year_it_is_the_light_with_what_waits(self, terms, value, more):
        newest = terms.newest.year if terms.newest else 2020
        new = actual(newest + more, value, is_unreviewed=True)
        by_itself = rules.light(terms.ending_with(new))
        assert by_itself == rules.light(terms.with_unreviewed([new]))
        assert by_itself == rules.light(terms.with_unreviewed([replace(new, is_unreviewed=False)]))

    @quick
    @given(terms=any_terms(), value=signed, year=st.integers(2021, 2031))
    def test_the_fourth_quarter_is_the_year(self, terms, value, year):
        assert light(terms, year, value, 4) == light(terms, year, value)


class TestTarget:
    def row(self, **facts):
        by_hand = (Override(Level.GREEN, "市里已同意按调整后的口径考核", 2025),)
        return replace(judged(values=((2024, 18), (2025, 10)), **facts), overrides=by_hand)

    def test_a_level_set_by_hand_is_that_of_its_value_alone(self):
        row = self.row()
        assert row.light.is_by_hand
        again = actual(2025, "10", is_unreviewed=True)
        assert row.light_of(again) == row.light
        for other in (
            replace(again, value=D(11)),
            replace(again, quarter=3),
            replace(again, year=2024),
        ):
            assert not row.light_of(other).is_by_hand

    def test_a_peak_is_seen_in_annual_values_only(self):
        values = ((2022, 10), (2023, 11), (2024, 12))
        goals = {"goals": (Goal(2030, "event", "before_year"),), "kind": "peak_by"}
        row = judged(values=values, terms=goals)
        assert row.light_of(actual(2025, "14")).reason == "仍在上升，增速加快"
        assert row.light_of(actual(2025, "14", quarter=3)).level == Level.GREY

    def test_the_page_says_it_of_the_newest_quarter(self):
        quarter = {"quarterly": Actual(2026, D("19.5"), Grade.DEPARTMENT, quarter=3)}
        row = judged(values=((2024, 19), (2025, "19.2")), terms=quarter)
        said = "".join(piece.text for piece in page_summary(row)[-1])
        assert said == (
            "最新：2026年第三季度19.5%（部门统计），当期进度要求20.3%，二级：差距不超过10%。"
            "预警等级和判定以年度值为准。"
        )
        bare = judged(values=((2025, "19.2"),), goals=(), terms=quarter)
        said = "".join(piece.text for piece in page_summary(bare)[-1])
        assert said == "最新：2026年第三季度19.5%（部门统计）。季度值不作判定。"
