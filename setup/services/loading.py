"""The steps of loading the published plan, in their order."""

from collections.abc import Callable, Mapping

from django.db import transaction

from agencies.models import User
from imports.services.direct_import import import_file
from plan import services as plan
from projects import services as projects
from projects.models import Project
from setup.rules import LoadResult
from setup.services.links import link_targets
from setup.services.published_plan import ANNEXES, FOLDER
from setup.services.registers import (
    load_agencies,
    load_calendar,
    load_categories,
    load_documents,
    load_text,
)
from setup.services.targets import load_targets
from tasks import services as tasks
from tasks.models import Task


def load_plan(*, by: User | None) -> list[LoadResult]:
    """The whole published plan. What is there already is left alone."""
    steps = [load_agencies(by=by), *load_text_and_targets(by=by), *load_annexes(by=by)]
    if any(step.changed for step in steps):
        steps.append(link(by=by))
    return [*steps, load_calendar(by=by)]


@transaction.atomic
def load_text_and_targets(*, by: User | None) -> list[LoadResult]:
    """Everything that the text gives: clauses, cited documents, categories and targets."""
    return [load_text(by=by), load_documents(by=by), load_categories(by=by), load_targets(by=by)]


def load_annexes(*, by: User | None) -> list[LoadResult]:
    """The two annex workbooks, each where its register is empty."""
    steps = []
    for model, what, name in ((Task, "任务", ANNEXES[0]), (Project, "项目", ANNEXES[1])):
        before = model.objects.count()
        if not before:
            import_file(data=(FOLDER / name).read_bytes(), filename=name, by=by)
        steps.append(LoadResult(what, model.objects.count() - before, before))
    return steps


@transaction.atomic
def link(*, by: User | None) -> LoadResult:
    """Tie tasks, projects and goals to their clauses, and to the targets that they serve."""
    changed = plan.link_clauses(by=by) + tasks.link_clauses(by=by) + projects.link_clauses(by=by)
    changed += projects.assign_owners_that_report(by=by)
    changed += link_targets(by=by)
    return LoadResult("关联", added=0, completed=changed)


def load_text_and_link(*, by: User | None) -> list[LoadResult]:
    """What the text gives, tied to the tasks and projects that are there already."""
    return [*load_text_and_targets(by=by), link(by=by)]


def link_only(*, by: User | None) -> list[LoadResult]:
    """The links, for annexes that were imported after the text."""
    return [link(by=by)]


def load_agencies_only(*, by: User | None) -> list[LoadResult]:
    """The agencies, as a step of its own, and the days on which they work."""
    return [load_agencies(by=by), load_calendar(by=by)]


BY_BUTTON: Mapping[str, Callable[..., list[LoadResult]]] = {
    "agencies": load_agencies_only,
    "text": load_text_and_link,
    "links": link_only,
}
"""Steps that the administrator's checklist offers, by the last part of their address."""
