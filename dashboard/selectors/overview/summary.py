"""What the overview says first: the claim, the score, the three blocks."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from common.formats import zh_date, zh_day
from common.quarters import Period
from dashboard.rules.changes.snapshots import Snapshot
from dashboard.rules.overview.changes_block import ChangesBlock, Span, changes_block, not_compared
from dashboard.rules.overview.decisions_block import (
    DecisionsBlock,
    LastDecision,
    PendingDecision,
    decisions_block,
)
from dashboard.rules.overview.phrases import Phrase
from dashboard.rules.overview.score import ScoreLine
from dashboard.rules.overview.worst_cases import WorstCase, more_words, worst_three
from dashboard.selectors.overview.parts import OverviewParts
from dashboard.selectors.overview.target_facts import year_list
from dashboard.selectors.overview.worst_cases import (
    project_cases,
    task_cases,
)
from reporting.matters.rules.computed import ComputedMatter, WaitsFor
from reporting.matters.selectors.computed import computed_matters
from reporting.matters.selectors.lines import MatterLine, NextActor
from reporting.matters.selectors.matters import open_among
from tasks.rules.progress import BEHIND


def slow_tasks_list() -> str:
    """The tasks that are behind or stand still by their newest report."""
    return f"{reverse('tasks:list')}?status={BEHIND}"


def overdue_list() -> str:
    """The projects that should be completed and are not."""
    return f"{reverse('projects:list')}?overdue=yes"


@dataclass(frozen=True)
class Summary:
    """The claim and why, the score, the three blocks, the title over the rows."""

    claim: str
    why: tuple[Phrase, ...]
    score: tuple[ScoreLine, ...]
    worst: tuple[WorstCase, ...]
    worst_more: tuple[Phrase, ...]
    changes: ChangesBlock
    decisions: DecisionsBlock
    rows_finding: str


def summary_of(page: OverviewParts) -> Summary:
    """What the overview says first."""
    facts = page.facts
    late = sum(row.overdue > 0 for row in page.projects.rows)
    slow = sum(one.is_slow for one in page.histories)
    more = more_words(
        _counted("未达标指标", facts.missed, "项", year_list(facts.years.settled, "missed")),
        _counted("超期项目", late, "个", overdue_list()),
        _counted("滞后或停滞任务", slow, "项", slow_tasks_list()),
    )
    return Summary(
        claim=facts.claim,
        why=facts.why,
        score=facts.score,
        worst=worst_three(
            facts.cases, tuple(project_cases(page.projects.rows)), tuple(task_cases(page.histories))
        ),
        worst_more=more,
        changes=_changes(page),
        decisions=_decisions(page),
        rows_finding=facts.rows_finding,
    )


def _changes(page: OverviewParts) -> ChangesBlock:
    span = _span(page)
    if page.ledger is None:
        return not_compared(span)
    return changes_block(page.comparison, span, page.facts.names)


def _counted(words: str, count: int, unit: str, url: str) -> Phrase:
    return Phrase(f"{words}{count}{unit}", url) if count else Phrase("")


def _decisions(page: OverviewParts) -> DecisionsBlock:
    """What waits for a leader: what nobody answers for, then the matters that were raised."""
    unled = [one.task for one in page.histories if one.task.reporting_agency is None]
    found = [*page.facts.listed, *computed_matters((), page.projects.rows, unled)]
    url = f"{reverse('reporting:matters')}?show={NextActor.LEADER}" if page.decides else ""
    if page.ledger is None:
        return decisions_block(tuple(_listed(found)), url=url, is_whole=False)
    held = open_among(page.ledger[1], today=page.today)
    waiting = (*_listed(found), *(_raised(line, page.today) for line in held.waiting))
    return decisions_block(waiting, url=url, last=_last(held.last))


def _listed(found: Iterable[ComputedMatter]) -> Iterator[PendingDecision]:
    for one in found:
        if one.waits_for == WaitsFor.LEADER:
            yield PendingDecision(
                one.tag, one.title, one.url, one.note, is_ownerless=one.is_ownerless
            )


def _raised(line: MatterLine, today: datetime.date) -> PendingDecision:
    """协调 P13 资金平衡方案待审定, 区人居环境局提出, 2026年12月10日."""
    due = line.due_on
    return PendingDecision(
        tag=line.kind.label,
        title=_title(line),
        url=_address(line),
        note=f"{line.raiser}提出" if line.raiser else "",
        due="" if due is None else zh_day(due) if due.year == today.year else zh_date(due),
        due_on=due,
    )


def _last(line: MatterLine | None) -> LastDecision | None:
    if line is None or line.word is None:
        return None
    return LastDecision(line.word.day, _title(line), _address(line))


def _title(line: MatterLine) -> str:
    return f"{line.about} {line.title}".strip()


def _address(line: MatterLine) -> str:
    return reverse("reporting:matter", args=[line.code])


def _span(page: OverviewParts) -> Span:
    """From the quarter before to the one shown, where that is the newest, else to the day."""
    first = page.period.previous
    is_newest = page.period == Period.last_closed(page.today)
    query = {"start": first.code}
    if page.before.day != page.period.end:
        query = {"start": "day", "start_day": page.before.day.isoformat()}
    if page.asof is not None:
        query |= {"end": "day", "end_day": page.today.isoformat()}
    is_default = is_newest and page.asof is None
    address = reverse("changes:page")
    earlier = {"start": first.previous.code, "end": first.code}
    return Span(
        first=first,
        last=page.period if is_newest else None,
        day=page.today,
        url=address if is_default else f"{address}?{urlencode(query)}",
        earlier_url=f"{address}?{urlencode(earlier)}",
        waiting=page.waiting,
        has_before=page.ledger is not None and _has_reports(page.snapshot_then),
    )


def _has_reports(then: Snapshot) -> bool:
    return (
        any(one.terms.newest_value for one in then.targets)
        or any(one.report for one in then.tasks)
        or any(one.report for one in then.projects)
    )
