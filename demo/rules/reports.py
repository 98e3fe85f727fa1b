"""What tasks and projects report in the quarters around the one that the set describes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from common.quarters import Period
from projects.rules import Status as ProjectStatus

WHOLE, _ALL = Decimal(1), Decimal(100)
_ON_TRACK = {
    1: "印发年度工作要点，任务分解到科室和属地，明确了各季度节点。",
    2: "半年调度：重点事项完成过半，没有发现影响年度目标的问题。",
    3: "对照年度目标查漏补缺，未完成的事项逐项明确了责任人和时限。",
    4: "年度任务按计划收口，完成总结和台账归档。",
}
_EARLIER = {
    "lagging": "部分工作落后于季度安排，已明确整改措施和时限。",
    "stalled": "主要工作停滞，已提请区发展和改革局协调。",
    "not_started": "正在开展前期准备，还没有实质性启动。",
    "done": "年度任务已经完成，转入日常巩固。",
}
_NEED_A_PROBLEM = {"lagging", "stalled"}
_UNNAMED_PROBLEM = "阶段性工作没有达到季度进度安排"


@dataclass(frozen=True)
class TaskWords:
    """What a task's report says in a quarter."""

    narrative: str
    problems: str
    next_steps: str
    next_due: str


def task_words(
    facts: Mapping[str, Any], status: str, period: Period, *, is_last: bool
) -> TaskWords:
    """The set's own words for the present quarter, the usual ones of the trade before."""
    usual = _EARLIER.get(status) or _ON_TRACK[period.quarter or 4]
    problems = (facts["problems"] or _UNNAMED_PROBLEM) if status in _NEED_A_PROBLEM else ""
    return TaskWords(
        narrative=facts["narrative"] if is_last else usual,
        problems=problems,
        next_steps=facts["next_steps"],
        next_due=filled_in("{next_due}", period) if is_last else "",
    )


def filled_in(text: str, period: Period) -> str:
    """Words of the set with the quarter and the months in which it is reported: 10月, 12月."""
    end = _following(period).end
    return text.format(
        period=period.code,
        month=f"{end.month - 2}月",
        quarter_end=f"{end.month}月",
        next_due=f"{end:%Y-%m}",
    )


@dataclass(frozen=True)
class ProjectQuarter:
    """The state of a project at the end of a quarter; money in 万元, works in %."""

    period: Period
    status: str
    invested_wan: Decimal | None
    works_percent: Decimal | None
    works_note: str
    started_on: str
    completed_on: str
    expected_on: str
    problems: str


def project_quarters(
    facts: Mapping[str, Any], quarters: tuple[Period, ...]
) -> Iterator[ProjectQuarter]:
    """Straight from the start to the present (or to completion); still while suspended."""
    last = quarters[-1]
    start = _quarter(facts["started_on"])
    end = _quarter(facts["completed_on"]) or last
    share = Decimal(0)
    for period in quarters:
        cancelled = facts["status"] == ProjectStatus.CANCELLED
        done = bool(facts["completed_on"]) and _index(period) >= _index(end)
        begun = start is not None and _index(period) >= _index(start)
        if period.code not in facts.get("suspended", ()):
            share = _share(start, end, period) if begun and start else Decimal(0)
        yield ProjectQuarter(
            period=period,
            status=_status(facts, period, last=last, begun=begun, done=done),
            invested_wan=None if cancelled else _part(facts["invested_wan"], share, WHOLE),
            works_percent=None if cancelled else _part(facts["works_percent"], share, WHOLE),
            works_note=facts.get("works_note", "") if period == last else "",
            started_on=facts["started_on"] if begun else "",
            completed_on=facts["completed_on"] if done else "",
            expected_on="" if done else facts["expected_on"],
            problems=facts["problems"] if period == last else "",
        )


def later_project_quarters(
    known: ProjectQuarter,
    facts: Mapping[str, Any],
    quarters: tuple[Period, ...],
    total_wan: Decimal | None,
) -> Iterator[ProjectQuarter]:
    """From the last quarter of the set straight to the end: all works, the whole investment."""
    if known.works_percent is None or known.completed_on:
        yield from (replace(known, period=period) for period in quarters)
        return
    end = _quarter(facts["finished_on"]) or known.period
    expected = _quarter(facts["expected_on"]) or end
    for period in quarters:
        done = _index(period) >= _index(end)
        share = _later_share(known.period, end, period)
        yield ProjectQuarter(
            period=period,
            status="completed" if done else "under_way",
            invested_wan=_towards(known.invested_wan, total_wan, share),
            works_percent=_towards(known.works_percent, _ALL, share),
            works_note="",
            started_on=facts["started_on"],
            completed_on=facts["finished_on"] if done else "",
            expected_on="" if done else facts[_promised(expected, period)],
            problems=facts["problems"] if period == quarters[-1] and not done else "",
        )


def _promised(expected: Period, period: Period) -> str:
    """What is expected at first, until the month has passed."""
    return "expected_on" if _index(expected) > _index(period) else "finished_on"


def _later_share(known: Period, end: Period, period: Period) -> Decimal:
    return min(Decimal(_index(period) - _index(known)) / (_index(end) - _index(known)), WHOLE)


def _towards(known: Decimal | None, end: Decimal | None, share: Decimal) -> Decimal | None:
    if known is None or end is None:
        return known
    return (known + (end - known) * share).quantize(WHOLE, ROUND_HALF_UP)


def _status(
    facts: Mapping[str, Any], period: Period, *, last: Period, begun: bool, done: bool
) -> str:
    if facts["status"] == ProjectStatus.CANCELLED:
        return "cancelled" if period == last else "not_started"
    if done:
        return "completed"
    if period.code in facts.get("suspended", ()):
        return "suspended"
    return "under_way" if begun else "not_started"


def _share(start: Period, end: Period, period: Period) -> Decimal:
    length = max(_index(end) - _index(start), 1)
    return min(Decimal(_index(period) - _index(start) + 1) / (length + 1), Decimal(1))


def _part(amount: str | None, share: Decimal, step: Decimal) -> Decimal | None:
    return None if amount is None else (Decimal(amount) * share).quantize(step, ROUND_HALF_UP)


def _quarter(month: str) -> Period | None:
    if not month:
        return None
    year, _, number = month.partition("-")
    return Period(int(year), (int(number) + 2) // 3)


def _following(period: Period) -> Period:
    year, quarter = period.year, period.quarter or 4
    return Period(year + 1, 1) if quarter == 4 else Period(year, quarter + 1)


def _index(period: Period) -> int:
    return period.year * 4 + (period.quarter or 4)
