"""Puts the demonstration set in, and takes it out completely.

No actual value of the district has been published: everything here is invented, carries is_demo
and is shown as such. Where real data exist for a target, task or project, its part is left out.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from decimal import Decimal
from functools import cache
from typing import Any

from django.conf import settings
from django.db import models, transaction

from agencies.models import Agency
from audit import services as audit
from common.quarters import Period
from demo import rules
from demo.services.dating import date_back
from demo.services.reporting import Scene, close_period, open_period, release
from demo.services.settling import forget_document, settle
from plan.models import DataState, Recorded
from projects.models import Project, ProjectProgress
from targets.choices import DataGrade
from targets.models import AccountingBasis, LightOverride, Observation, Settlement, Target
from tasks.choices import TaskStatus
from tasks.models import Task, TaskContribution, TaskProgress

_STATES = {
    "o": TaskStatus.ON_TRACK,
    "l": TaskStatus.LAGGING,
    "s": TaskStatus.STALLED,
    "n": TaskStatus.NOT_STARTED,
    "d": TaskStatus.DONE,
}
_REPORTED: tuple[type[Recorded], ...] = (
    Observation,
    TaskProgress,
    TaskContribution,
    ProjectProgress,
)
_BY = "演示"


@transaction.atomic
def load() -> int:
    """Add the demonstration set; 0 where it is there already or no plan is loaded."""
    if any(_demo(model).exists() for model in _REPORTED):
        return 0
    data = _data()
    quarters = tuple(Period.parse(code) for code in data["quarters"])
    scene = _scene()
    made = [
        len(Observation.objects.bulk_create(_observations(data["observations"]))),
        len(TaskProgress.objects.bulk_create(_task_progress(data["tasks"], quarters))),
        len(TaskContribution.objects.bulk_create(_contributions(data["contributions"]))),
        len(ProjectProgress.objects.bulk_create(_project_progress(data["projects"], quarters))),
        settle(facts=data["settlements"]),
    ]
    if sum(made):
        date_back(models=_REPORTED)
        open_period(scene=scene)
        DataState.touch(has_demo=True)
        _record("载入演示数据", sum(made))
    return sum(made)


@transaction.atomic
def remove() -> int:
    """Remove every row of the demonstration set; the plan and all that was entered stay."""
    close_period()
    release(scene=_scene())
    marked: tuple[type[models.Model], ...] = (LightOverride, Settlement, *_REPORTED)
    removed = sum(_demo(model).delete()[0] for model in marked)
    forget_document(facts=_data()["settlements"])
    _forget_bases(_data()["observations"])
    if removed or DataState.current().has_demo:
        DataState.touch(has_demo=False)
        _record("删除演示数据", removed)
    return removed


def _forget_bases(data: Mapping[str, Any]) -> None:
    """Accounting bases that only the demonstration used and nobody has described."""
    names = {row[-1] for facts in data.values() for row in facts.get("other_basis", ())}
    unused = AccountingBasis.objects.filter(
        observations=None, milestones=None, targets=None, measures=""
    )
    unused.filter(name__in=names).delete()


def _demo(model: type[models.Model]) -> models.QuerySet[Any]:
    return model._base_manager.filter(is_demo=True)


def _record(action: str, rows: int) -> None:
    audit.record(audit.Entry(action, "演示数据", "demo", f"{rows}行"), by=None)


@cache
def _data() -> dict[str, Any]:
    path = settings.BASE_DIR / "fixtures" / "demo.json"
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def _scene() -> Scene:
    return Scene(_data()["reporting"])


def _observations(data: Mapping[str, Any]) -> Iterator[Observation]:
    for target in Target.objects.filter(code__in=data, observations=None):
        facts = data[target.code]
        common = {
            "target": target,
            "source": facts["source"],
            "is_demo": True,
            "recorded_by": _BY,
        }
        yield from _annual(facts, common)
        for code, value, grade in facts.get("quarterly", ()):
            period = Period.parse(code)
            if _scene().holds_back(target.code, period):
                continue
            yield Observation(
                **common,
                year=period.year,
                quarter=period.quarter,
                value=Decimal(value),
                grade=grade,
            )


def _annual(facts: Mapping[str, Any], common: Mapping[str, Any]) -> Iterator[Observation]:
    corrected = {year: rest for year, *rest in facts.get("corrections", ())}
    for year, value, grade in facts["annual"]:
        row = Observation(**common, year=year, value=Decimal(value), grade=grade)
        if year in corrected:
            old, old_grade, row.reason = corrected[year]
            row.version = 2
            yield Observation(
                **common, year=year, value=Decimal(old), grade=old_grade, is_current=False
            )
        yield row
    for year in facts.get("not_applicable", ()):
        yield Observation(**common, year=year, not_applicable=True, grade=DataGrade.DEPARTMENT)
    for year, value, grade, basis in facts.get("other_basis", ()):
        known, _ = AccountingBasis.objects.get_or_create(name=basis)
        yield Observation(**common, year=year, value=Decimal(value), grade=grade, basis=known)


def _task_progress(data: Mapping[str, Any], quarters: tuple[Period, ...]) -> Iterator[TaskProgress]:
    for task in Task.objects.filter(code__in=data, progress=None):
        facts = data[task.code]
        former = {code: rest for code, *rest in facts.get("corrections", ())}
        for period, letter in zip(quarters, facts["states"], strict=True):
            if letter not in _STATES or _scene().holds_back(task.code, period):
                continue
            row = _report(task, period, _STATES[letter], facts, is_last=period == quarters[-1])
            if period.code in former:
                old, row.reason = former[period.code]
                row.version = 2
                first = _report(task, period, _STATES[old], facts, is_last=False)
                first.is_current = False
                yield first
            yield row


def _report(
    task: Task, period: Period, status: TaskStatus, facts: Mapping[str, Any], *, is_last: bool
) -> TaskProgress:
    words = rules.task_words(facts, status, period, is_last=is_last)
    name, value, unit = facts["quantity"] if is_last and "quantity" in facts else ("", None, "")
    return TaskProgress(
        task=task,
        year=period.year,
        quarter=period.quarter or 1,
        status=status,
        narrative=words.narrative,
        problems=words.problems,
        next_steps=words.next_steps,
        next_due=words.next_due,
        coordination=facts.get("coordination", "") if is_last else "",
        quantity_name=name,
        quantity_value=None if value is None else Decimal(value),
        quantity_unit=unit,
        is_demo=True,
        recorded_by=_BY,
    )


def _contributions(data: Mapping[str, Any]) -> Iterator[TaskContribution]:
    agencies = {agency.code: agency for agency in Agency.objects.all()}
    for task in Task.objects.filter(code__in=data, contributions=None):
        for code, agency, text, *former in data[task.code]:
            if agency not in agencies:
                continue
            period = Period.parse(code)
            common = {
                "task": task,
                "agency": agencies[agency],
                "year": period.year,
                "quarter": period.quarter,
                "is_demo": True,
                "recorded_by": _BY,
            }
            row = TaskContribution(**common, text=text, nothing=not text)
            if former:
                old, row.reason = former
                row.version = 2
                yield TaskContribution(**common, text=old, is_current=False)
            yield row


def _project_progress(
    data: Mapping[str, Any], quarters: tuple[Period, ...]
) -> Iterator[ProjectProgress]:
    for project in Project.objects.filter(code__in=data, progress=None):
        facts = data[project.code]
        known = {code: rest for code, *rest in facts.get("corrections", ())}
        for found in rules.project_quarters(facts, quarters):
            if _scene().holds_back(project.code, found.period):
                continue
            row = _project_report(project, found)
            if found.period.code in known:
                invested, old, row.reason = known[found.period.code]
                row.invested_wan, row.version = Decimal(invested), 2
                first = _project_report(project, found)
                first.invested_wan, first.is_current = Decimal(old), False
                yield first
            yield row


def _project_report(project: Project, found: rules.ProjectQuarter) -> ProjectProgress:
    facts = {field.name: getattr(found, field.name) for field in fields(found)}
    period = facts.pop("period")
    return ProjectProgress(
        project=project,
        year=period.year,
        quarter=period.quarter,
        is_demo=True,
        recorded_by=_BY,
        **facts,
    )
