"""What the overview says first: the claim, the score, the three blocks."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from common.quarters import Period
from dashboard.rules.changed import ChangesBlock, Span, changes_block, not_compared
from dashboard.rules.decided import Decision, DecisionsBlock, decisions_block
from dashboard.rules.phrases import Phrase
from dashboard.rules.score import ScoreLine
from dashboard.rules.snapshots import Snapshot
from dashboard.rules.worst import Worst, more_words, worst_three
from dashboard.selectors.target_facts import year_list
from dashboard.selectors.worst import (
    NO_LEAD,
    first_sentence,
    project_cases,
    task_cases,
    task_owner,
)
from projects.rules import end_of_month
from reporting.rules.listed_matters import ListedMatter, WaitsFor
from reporting.selectors.listed_matters import listed_matters
from tasks.rules import BEHIND
from tasks.selectors import Told, month_words

if TYPE_CHECKING:
    from dashboard.selectors.overview import Overview


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
    worst: tuple[Worst, ...]
    worst_more: tuple[Phrase, ...]
    changes: ChangesBlock
    decisions: DecisionsBlock
    rows_finding: str


def summary_of(page: "Overview") -> Summary:
    """What the overview says first."""
    facts = page.facts
    late = sum(row.overdue > 0 for row in page.projects.rows)
    slow = sum(one.is_slow for one in page.told)
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
            facts.cases, tuple(project_cases(page.projects.rows)), tuple(task_cases(page.told))
        ),
        worst_more=more,
        changes=_changes(page),
        decisions=decisions_block(tuple(_waiting(page)), url=reverse("reporting:matters")),
        rows_finding=facts.rows_finding,
    )


def _changes(page: "Overview") -> ChangesBlock:
    span = _span(page)
    if page.ledger is None:
        return not_compared(span)
    return changes_block(page.comparison, span, page.facts.names)


def _counted(words: str, count: int, unit: str, url: str) -> Phrase:
    return Phrase(f"{words}{count}{unit}", url) if count else Phrase("")


def _waiting(page: "Overview") -> Iterator[Decision]:
    yield from listed(page.facts.listed)
    unled = [one.task for one in page.told if one.task.reporting_agency is None]
    yield from listed(listed_matters((), page.projects.rows, unled))
    yield from coordinated(page.told)


def _span(page: "Overview") -> Span:
    """From the quarter before to the one shown, where that is the newest, else to the day."""
    first = page.period.previous
    is_newest = page.period == Period.last_closed(page.today)
    query = {"start": first.code}
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


def coordinated(told: Iterable[Told]) -> Iterator[Decision]:
    """Tasks whose newest report names whom it needs."""
    for one in told:
        newest = one.newest
        if newest is None or not newest.coordination.strip():
            continue
        problem = first_sentence(newest.problems) or one.task.title
        owner = task_owner(one) or NO_LEAD
        yield Decision(
            tag="协调",
            title=f"{one.task.code} {problem}",
            url=one.task.get_absolute_url(),
            note=f"{owner}提出，需{newest.coordination.strip()}",
            due=month_words(newest.next_due),
            due_on=end_of_month(newest.next_due),
        )


def listed(found: Sequence[ListedMatter]) -> Iterator[Decision]:
    """The computed matters that wait for a leader."""
    for one in found:
        if one.waits_for == WaitsFor.LEADER:
            yield Decision(one.tag, one.title, one.url, one.note, is_ownerless=one.is_ownerless)
