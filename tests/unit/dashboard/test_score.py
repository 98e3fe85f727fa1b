"""The score: each target once, in four groups a year, each number with its list."""

from decimal import Decimal

import pytest

from dashboard.rules.overview.phrases import Phrase
from dashboard.rules.overview.score import (
    AheadGroup,
    ScoredTarget,
    SettledGroup,
    ahead_group,
    ahead_line,
    progress_words,
    settled_group,
    settled_line,
)
from targets.rules import Goal, Judgement, Level, Outlook, Peak, Prospect, Verdict

GOAL = Goal(2025, value=Decimal(20))


def address(year, group):
    return f"/{year}/{group}"


@pytest.mark.parametrize(
    ("verdict", "group"),
    [
        (Verdict.ACHIEVED, "met"),
        (Verdict.MISSED, "missed"),
        (Verdict.FELL_SHORT, "missed"),
        (Verdict.PROVISIONAL, "open"),
        (Verdict.BASIS_CHANGED, "open"),
        (Verdict.PENDING, "open"),
        (Verdict.TO_RECOGNISE, "open"),
        (Verdict.MISSING, "none"),
        (Verdict.NOT_APPLICABLE, "none"),
        (Verdict.AHEAD, None),
    ],
)
def test_each_verdict_has_its_group(verdict, group):
    assert settled_group(Judgement(verdict, 2025, GOAL)) == group
    assert settled_group(Judgement(verdict, 2025)) is None


def test_each_prospect_has_its_group():
    def of(prospect, **facts):
        return ahead_group(Outlook(prospect, 2030, **{"goal": GOAL} | facts))

    assert of(Prospect.LIKELY) == "likely"
    assert of(Prospect.UNLIKELY) == "unlikely"
    assert of(Prospect.UNCERTAIN) == of(Prospect.NOT_PROJECTED) == "open"
    assert of(Prospect.TOO_LITTLE) == "none"
    assert of(Prospect.LIKELY, is_floor=True) == "kept"
    assert of(Prospect.NOT_PROJECTED, goal=Goal(None, nature="standing")) == "kept"
    assert of(Prospect.NOT_PROJECTED, goal=None) is None
    assert of(Prospect.NOT_PROJECTED, peak=Peak(Level.RED, "仍在上升")) == "open"
    assert of(Prospect.NOT_PROJECTED, peak=Peak(Level.GREY, "数据不足")) == "none"


def test_of_a_plan_without_any_value_nothing_is_open():
    pending = Judgement(Verdict.PENDING, 2025, GOAL)
    assert settled_group(pending, has_values=False) == "none"
    unknown = Outlook(Prospect.NOT_PROJECTED, 2030, goal=GOAL)
    assert ahead_group(unknown, has_values=False) == "none"


def test_the_settled_year():
    units = [
        *[ScoredTarget(SettledGroup.MET, is_ready=place < 2) for place in range(6)],
        *[ScoredTarget(SettledGroup.MISSED) for _ in range(2)],
        ScoredTarget(SettledGroup.MISSED, is_striven=True),
        *[ScoredTarget(SettledGroup.OPEN, is_early=place < 4) for place in range(7)],
        *[ScoredTarget(SettledGroup.NONE) for _ in range(4)],
    ]
    line = settled_line(2025, units, address)
    assert (line.year, line.note, line.more) == (2025, "20项有目标", None)
    assert [(c.label, c.count, c.note, c.url) for c in line.cells] == [
        ("达标", 6, "含待判定2", "/2025/met"),
        ("未达标", 3, "含力争1", "/2025/missed"),
        ("待定", 7, "初步4", "/2025/open"),
        ("无数据", 4, "", "/2025/none"),
    ]
    assert line.cells[1].units == ("r", "r", "o")


def test_how_the_year_after_it_went():
    assert progress_words(2026, met=15, behind=5) == "2026年达到进度要求15项，未达到5项"
    assert progress_words(2026, met=0, behind=0) == "2026年还没有可比的年度值"
    more = Phrase(progress_words(2026, met=1, behind=0), "/dashboard/2026/progress/")
    assert settled_line(2025, [], address, more=more).more == more


def test_the_year_ahead_counts_its_own_goals_and_says_what_has_to_be_kept():
    own = [AheadGroup.LIKELY, AheadGroup.LIKELY, AheadGroup.UNLIKELY, AheadGroup.OPEN]
    units = [*map(ScoredTarget, own), ScoredTarget(AheadGroup.UNLIKELY, is_striven=True)]
    units += [ScoredTarget(AheadGroup.KEPT) for _ in range(12)]
    line = ahead_line(2030, units, address, earlier=2025)
    assert line.note == "5项，按现趋势"
    assert (line.more.text, line.more.url) == ("另有12项须保持2025年水平", "/2030/kept")
    assert [(c.label, c.count, c.note) for c in line.cells] == [
        ("达标", 2, "预计可达"), ("未达标", 2, "难以达到"), ("待定", 1, ""), ("无数据", None, ""),
    ]  # fmt: skip
    assert line.cells[1].units == ("b", "ff")


def test_where_nothing_is_known_all_stand_under_no_data():
    line = ahead_line(2030, [ScoredTarget(AheadGroup.NONE)] * 12, address, earlier=None)
    assert [(c.count, c.url) for c in line.cells] == [
        (None, ""), (None, ""), (None, ""), (12, "/2030/none"),
    ]  # fmt: skip
    assert (line.note, line.more) == ("12项有目标", None)
