"""What of tasks and projects differs between two days."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from common.formats import number, zh_month
from common.quarters import Period
from common.repeated_texts import repeated_texts
from dashboard.rules.changes.change import (
    Change,
    Direction,
    Kind,
    approved,
    is_correction,
    short_period,
)
from dashboard.rules.changes.snapshots import (
    ChangedObject,
    ProjectReportSnapshot,
    ProjectSnapshot,
    ReportSnapshot,
    TaskReportSnapshot,
    TaskSnapshot,
)
from projects.rules import CLOSED, month_of
from projects.rules import Status as ProjectStatus
from tasks.rules.progress import NOTHING_SAID
from tasks.rules.progress import Status as TaskStatus

NOTHING_APPROVED, TAKEN_BACK = "没有核定", "已撤销"
_TASKS = {
    TaskStatus.STALLED: 0,
    TaskStatus.LAGGING: 1,
    TaskStatus.NOT_STARTED: 1,
    TaskStatus.ON_TRACK: 2,
    TaskStatus.DONE: 3,
}
_PROJECTS = {
    ProjectStatus.SUSPENDED: 0,
    ProjectStatus.NOT_STARTED: 1,
    ProjectStatus.UNDER_WAY: 2,
    ProjectStatus.COMPLETED: 3,
}
"""Cancelled has no rank: that is neither better nor worse."""
_EARLIER, _LATER = Period(2000, 1), Period(2000, 2)


def task_changes(
    before: TaskSnapshot, after: TaskSnapshot, *, expected: Period, day: datetime.date
) -> Iterator[Change]:
    """The status of a task and its problems; `expected` is the quarter last reported before."""
    old, new = before.report, after.report
    if new != old:
        yield from _task_status(after.thing, old, new, expected, day)
        yield from _problems(after.thing, old, new, day)


def _task_status(
    thing: ChangedObject,
    old: TaskReportSnapshot | None,
    new: TaskReportSnapshot | None,
    expected: Period,
    day: datetime.date,
) -> Iterator[Change]:
    if old is None or new is None:
        first = old.status.label if old else NOTHING_APPROVED
        last = new.status.label if new else TAKEN_BACK
        yield _appeared(Kind.TASK, thing, new, first, last, day)
    elif old.status != new.status:
        step = _TASKS[new.status] - _TASKS[old.status]
        words = old.status.label, new.status.label
        yield _stepped(Kind.TASK, thing, (old, new), words, step, day)
    elif old.period.end < expected.end < new.period.end:
        first = f"{short_period(expected, day)}{NOTHING_APPROVED}"
        yield _appeared(Kind.TASK, thing, new, first, new.status.label, day)


def project_changes(
    before: ProjectSnapshot, after: ProjectSnapshot, *, day: datetime.date
) -> Iterator[Change]:
    """State, dates and problems of a project; that investment grows as expected is no change."""
    old, new, thing = before.report, after.report, after.thing
    if new != old:
        yield from _project_status(thing, old, new, day)
        yield from _problems(thing, _still_open(old), _still_open(new), day)
    if old and new and new != old:
        yield from _expected(thing, old, new, day)
        yield from _investment(thing, old, new, day)
    if after.overdue and not before.overdue:
        late = f"超期{after.overdue}个月"
        yield Change(
            Kind.PROJECT,
            Direction.WORSE,
            thing,
            "没有超期",
            late,
            "按计划竣工年",
            weight=Decimal(after.overdue),
        )


def _project_status(
    thing: ChangedObject,
    old: ProjectReportSnapshot | None,
    new: ProjectReportSnapshot | None,
    day: datetime.date,
) -> Iterator[Change]:
    if old is None or new is None:
        first = old.status.label if old else NOTHING_APPROVED
        last = new.status.label if new else TAKEN_BACK
        yield _appeared(Kind.PROJECT, thing, new, first, last, day)
    elif old.status != new.status:
        has_rank = old.status in _PROJECTS and new.status in _PROJECTS
        step = _PROJECTS[new.status] - _PROJECTS[old.status] if has_rank else 0
        words = old.status.label, new.status.label
        yield _stepped(Kind.PROJECT, thing, (old, new), words, step, day)


def _still_open(report: ProjectReportSnapshot | None) -> ProjectReportSnapshot | None:
    """What stood in the way of a project that is completed or given up is no problem any more."""
    return replace(report, problems="") if report and report.status in CLOSED else report


def _expected(
    thing: ChangedObject, old: ProjectReportSnapshot, new: ProjectReportSnapshot, day: datetime.date
) -> Iterator[Change]:
    first, last = month_of(old.expected_on), month_of(new.expected_on)
    if first is None or last is None or first == last:
        return
    months = (last.year - first.year) * 12 + last.month - first.month
    words = f"预计{zh_month(first)}竣工", zh_month(last)
    verb = "推迟" if months > 0 else "提前"
    said = f"{verb}{abs(months)}个月"
    yield _stepped(Kind.PROJECT, thing, (old, new), words, -months, day, said)


def _investment(
    thing: ChangedObject, old: ProjectReportSnapshot, new: ProjectReportSnapshot, day: datetime.date
) -> Iterator[Change]:
    """Investment that was corrected, or that shrank; it is counted from the start of a project."""
    first, last = old.invested_wan, new.invested_wan
    if first is None or last is None or first == last:
        return
    if last > first and not is_correction(old, new):
        return
    words = f"累计投资{_money(first)}", _money(last)
    said = f"{'增加' if last > first else '减少'}{_money(abs(last - first))}"
    yield _stepped(Kind.PROJECT, thing, (old, new), words, 0, day, said)


def invested(pairs: Iterable[tuple[ProjectSnapshot, ProjectSnapshot]]) -> tuple[int, Decimal]:
    """How many projects have invested more, and how much in all."""
    grown = [
        new.invested_wan - old.invested_wan
        for old, new in ((before.report, after.report) for before, after in pairs)
        if old and new and not is_correction(old, new)
        if old.invested_wan is not None and new.invested_wan is not None
        if new.invested_wan > old.invested_wan
    ]
    return len(grown), sum(grown, Decimal(0))


def _appeared(
    kind: Kind,
    thing: ChangedObject,
    new: ReportSnapshot | None,
    first: str,
    last: str,
    day: datetime.date,
) -> Change:
    """What was not approved before, or is not any more."""
    if new is None:
        return Change(kind, Direction.CORRECTED, thing, first, last, "报告已撤销")
    return Change(kind, Direction.FILLED, thing, first, last, approved(new, day))


def _stepped(
    kind: Kind,
    thing: ChangedObject,
    reports: tuple[ReportSnapshot, ReportSnapshot],
    words: tuple[str, str],
    step: int,
    day: datetime.date,
    difference: str = "",
) -> Change:
    old, new = reports
    is_back = new.period.end < old.period.end
    corrected = is_correction(old, new)
    direction = Direction.CORRECTED if corrected or is_back else Direction.of(step)
    return Change(
        kind,
        direction,
        thing,
        *words,
        "报告已撤销" if is_back else approved(new, day, corrected=corrected),
        difference=difference,
        weight=Decimal(abs(step)),
    )


def _problems(
    thing: ChangedObject, old: ReportSnapshot | None, new: ReportSnapshot | None, day: datetime.date
) -> Iterator[Change]:
    """A problem that was not named before, or is not named any more."""
    if new is None:
        return
    texts = [(_EARLIER, old.problems if old else ""), (_LATER, new.problems)]
    run = next(iter(repeated_texts(texts, nothing=NOTHING_SAID)), None)
    if run is None or run.times > 1:
        return
    basis = f"{short_period(new.period, day)}填报"
    text = run.text.strip().rstrip("。")
    if run.is_last:
        yield Change(Kind.CONCERN, Direction.PROBLEM, thing, "", text, basis)
    else:
        yield Change(Kind.CONCERN, Direction.BETTER, thing, text, "不再列为问题", basis)


def _money(amount: Decimal) -> str:
    return f"{number(amount, 0)}万元"
