"""Puts the demonstration set in, and takes it out completely.

No actual value of the district has been published: everything here is invented, carries is_demo
and is shown as such. Where real data exist for a target, task or project, its part is left out.
"""

import datetime
import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from decimal import Decimal
from functools import cache
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from agencies.models import Agency
from audit import services as audit
from common.quarters import Period
from demo import rules
from demo.services.backdating import date_back, date_settlements
from demo.services.matters import forget_matters, raise_matters
from demo.services.reporting import close_period, open_period, release
from demo.services.scene import Scene, scene_on
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
def load(*, day: datetime.date | None = None) -> int:
    """Add the demonstration set as it is on a day, or today.

    0 where it is there already or no plan is loaded.
    """
    if any(_demo(model).exists() for model in _REPORTED):
        return 0
    data, scene = _data(), _scene_on(day or timezone.localdate())
    made = [
        len(Observation.objects.bulk_create(_observations(data["observations"], scene))),
        len(TaskProgress.objects.bulk_create(_task_progress(data["tasks"], scene))),
        len(TaskContribution.objects.bulk_create(_contributions(data["contributions"], scene))),
        len(ProjectProgress.objects.bulk_create(_project_progress(data["projects"], scene))),
        settle(facts=data["settlements"], day=scene.day),
    ]
    if sum(made):
        date_back(models=_REPORTED, until=scene.now)
        date_settlements(until=scene.now)
        open_period(scene=scene, values=_values_on_their_way(scene))
        raise_matters(facts=data["matters"], scene=scene)
        DataState.touch(has_demo=True)
        _record("载入演示数据", sum(made))
    return sum(made)


@transaction.atomic
def remove() -> int:
    """Remove every row of the demonstration set; the plan and all that was entered stay."""
    forget_matters()
    close_period()
    release(facts=_data()["reporting"])
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


def _scene_on(day: datetime.date) -> Scene:
    data = _data()
    return scene_on(facts=data["reporting"], quarters=data["quarters"], day=day)


def _values_on_their_way(scene: Scene) -> dict[str, str]:
    """Code → value of a later quarter that an obligation holds which is not approved yet."""
    facts = _data()["observations"]
    return {
        code: str(list(rules.quarterly_values(code, facts[code], scene.period))[-1].value)
        for code in scene.facts["waiting"]
        if scene.later and facts.get(code, {}).get("quarterly")
    }


def _observations(data: Mapping[str, Any], scene: Scene) -> Iterator[Observation]:
    for target in Target.objects.filter(code__in=data, observations=None):
        facts = data[target.code]
        common = {
            "target": target,
            "source": facts["source"],
            "is_demo": True,
            "recorded_by": _BY,
        }
        yield from _annual(target.code, facts, common, rules.newest_year(scene.day))
        for known in rules.quarterly_values(target.code, facts, scene.period):
            if not scene.holds_back(target.code, known.period):
                yield _observation(known, common)


def _annual(
    code: str, facts: Mapping[str, Any], common: Mapping[str, Any], newest: int
) -> Iterator[Observation]:
    for known in rules.annual_values(code, facts, newest):
        row = _observation(known, common)
        if former := known.former:
            row.version, row.reason = 2, former.reason
            first = {"value": former.value, "grade": former.grade, "is_current": False}
            yield Observation(**common, year=row.year, **first)
        yield row
    for year in facts.get("not_applicable", ()):
        yield Observation(**common, year=year, not_applicable=True, grade=DataGrade.DEPARTMENT)
    for year, value, grade, basis in facts.get("other_basis", ()):
        known_basis, _ = AccountingBasis.objects.get_or_create(name=basis)
        yield Observation(**common, year=year, value=Decimal(value), grade=grade, basis=known_basis)


def _observation(known: rules.DemoValue, common: Mapping[str, Any]) -> Observation:
    of = {"year": known.period.year, "quarter": known.period.quarter}
    return Observation(**common, **of, value=known.value, grade=known.grade)


def _task_progress(data: Mapping[str, Any], scene: Scene) -> Iterator[TaskProgress]:
    for task in Task.objects.filter(code__in=data, progress=None):
        steps = rules.filled_in(data[task.code]["next_steps"], scene.period)
        facts = data[task.code] | {"next_steps": steps}
        former = {code: rest for code, *rest in facts.get("corrections", ())}
        states = rules.later_states(facts["states"], len(scene.later))
        for period, letter in zip((*scene.known, *scene.later), states, strict=True):
            if letter not in _STATES or scene.holds_back(task.code, period):
                continue
            row = _report(task, period, _STATES[letter], facts, is_last=period == scene.period)
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


def _contributions(data: Mapping[str, Any], scene: Scene) -> Iterator[TaskContribution]:
    """Of the last two quarters, whichever they are."""
    agencies = {agency.code: agency for agency in Agency.objects.all()}
    for task in Task.objects.filter(code__in=data, contributions=None):
        for code, agency, text, *former in data[task.code]:
            if agency not in agencies:
                continue
            period = scene.shifted(Period.parse(code))
            common = {
                "task": task,
                "agency": agencies[agency],
                "year": period.year,
                "quarter": period.quarter,
                "is_demo": True,
                "recorded_by": _BY,
            }
            words = rules.filled_in(text, period)
            row = TaskContribution(**common, text=words, nothing=not text)
            if former:
                old, row.reason = former
                row.version = 2
                yield TaskContribution(**common, text=old, is_current=False)
            yield row


def _project_progress(data: Mapping[str, Any], scene: Scene) -> Iterator[ProjectProgress]:
    for project in Project.objects.filter(code__in=data, progress=None):
        facts = data[project.code]
        corrected = {code: rest for code, *rest in facts.get("corrections", ())}
        known = list(rules.project_quarters(facts, scene.known))
        total = project.total_investment_wan
        for found in (
            *known,
            *rules.later_project_quarters(known[-1], facts, scene.later, total),
        ):
            if scene.holds_back(project.code, found.period):
                continue
            row = _project_report(project, found)
            if found.period.code in corrected:
                invested, old, row.reason = corrected[found.period.code]
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
