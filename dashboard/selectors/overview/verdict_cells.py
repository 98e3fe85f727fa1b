"""Cells of a target on the overview: verdict, outlook, and how official its number is."""

from dataclasses import dataclass

from dashboard.rules.overview.schedule_lag import tight
from targets import rules
from targets.rules import GoalState, Prospect, Settled, Verdict
from targets.rules.enumerations import NUMBERED
from targets.rules.levels import Level
from targets.rules.words.provenance import Stamp, stamp_of
from targets.selectors import Judged

_VERDICTS = {
    Verdict.ACHIEVED: "达标",
    Verdict.PENDING: "目标待市下达",
    Verdict.MISSING: "无年度值",
    Verdict.TO_RECOGNISE: "待认定",
}


@dataclass(frozen=True)
class VerdictCell:
    """The verdict of the settled year in a cell; without a level there is no mark.

    `gap` is the distance from the goal, or what is still to be done.
    """

    words: str
    level: Level | None = None
    is_hollow: bool = False
    gap: str = ""
    stamp: Stamp | None = None


def verdict(judged: Judged) -> VerdictCell:
    """Of the milestone year that is settled, or being settled."""
    found = judged.settled
    if found.goal is None:
        return VerdictCell(f"没有{found.year}年目标")
    said = found.preliminary_words if found.is_provisional else found.verdict.label
    return VerdictCell(
        _VERDICTS.get(found.verdict, said),
        found.level,
        found.is_provisional,
        _gap(judged),
        _stamp_of_verdict(judged),
    )


def _gap(judged: Judged) -> str:
    """差0.8, 低于下限0.17, or what has to be done before it counts."""
    found = judged.settled
    if judged.is_outdated:
        return Settled.OUTDATED.label
    if found.waits_for_tolerance:
        return "容差待确认"
    if found.verdict == Verdict.ACHIEVED and judged.standing is None:
        return Settled.OPEN.label
    words = judged.settled_gap.split("，")[0]
    return "" if words == rules.REACHED else tight(judged.terms, words)


def _stamp_of_verdict(judged: Judged) -> Stamp | None:
    """The stamp of the verdict; None if there is no verdict."""
    found = judged.settled
    if judged.standing is not None:
        return Stamp.SETTLED
    if found.outcome is None or found.actual is None:
        return None
    return stamp(found.actual, is_settled=False)


def stamp(actual: rules.Actual, *, is_settled: bool) -> Stamp:
    """How far a value may be quoted, one that waits for review not at all."""
    if actual.is_unreviewed:
        return Stamp.WAITING
    return stamp_of(actual.grade, is_settled=is_settled)


def outlook(judged: Judged) -> str:
    """Of the milestone year ahead, in few words: 难以达到, 逐年核对, 仍在上升."""
    found, goal = judged.outlook, judged.outlook.goal
    if found.peak is not None:
        return found.peak.word
    if goal is None:
        return "没有目标"
    if goal.value is None:
        return _without_number(judged.terms, goal)
    if found.prospect != Prospect.NOT_PROJECTED:
        return found.prospect.label.removeprefix("按现趋势")
    why, _, then = found.reason.partition("，")
    return "逐年核对" if then.startswith("逐年") else why.removeprefix(f"{found.year}年")


def _without_number(terms: rules.Terms, goal: rules.Goal) -> str:
    if goal.waits_for_base:
        return "等年度值换算"
    return f"目标{rules.goal_value(terms, goal)}" if goal.state != GoalState.SET else "凭材料认定"


def is_weak(found: rules.Outlook) -> bool:
    """Whether nothing can be said for want of data or a goal; papers may still say it."""
    goal = found.goal
    if found.peak is not None:
        return found.peak.level == Level.GREY
    is_by_papers = goal is not None and goal.nature not in NUMBERED
    return found.prospect == Prospect.TOO_LITTLE or not (
        is_by_papers or (goal is not None and goal.is_number)
    )
