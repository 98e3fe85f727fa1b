"""Which targets tasks and projects serve, and which more their texts speak of."""

from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Prefetch

from projects.models import Project, ProjectTarget
from targets.models import ServedTarget, Target
from targets.rules import proposed_targets
from tasks.models import Task, TaskTarget


@dataclass(frozen=True)
class LinkProposal:
    """A target that a record is not linked with, and the phrase of the plan that speaks of it."""

    key: str
    target: Target
    quote: str


@dataclass(frozen=True)
class LinkRow:
    """One task or project with its links and what is proposed."""

    record: Task | Project
    links: tuple[ServedTarget, ...]
    proposals: tuple[LinkProposal, ...]

    @property
    def name(self) -> str:
        return self.record.title if isinstance(self.record, Task) else self.record.name


@dataclass(frozen=True)
class LinksPage:
    rows: tuple[LinkRow, ...]
    unserved: tuple[Target, ...]

    @property
    def proposals(self) -> tuple[LinkProposal, ...]:
        return tuple(proposal for row in self.rows for proposal in row.proposals)

    @property
    def linked(self) -> int:
        """How many tasks and projects serve a target."""
        return sum(bool(row.links) for row in self.rows)


def link_rows() -> tuple[LinkRow, ...]:
    """The tasks, then the projects in force; five statements."""
    return links_page().rows


def links_page() -> LinksPage:
    """All rows, and the targets that nothing serves; five statements."""
    targets = {target.code: target for target in Target.objects.in_force().order_by("position")}
    to_tasks = TaskTarget.objects.select_related("target")
    to_projects = ProjectTarget.objects.select_related("target")
    records: list[Task | Project] = [
        *Task.objects.in_force().prefetch_related(Prefetch("links", to_tasks)),
        *Project.objects.in_force().prefetch_related(Prefetch("links", to_projects)),
    ]
    rows = tuple(_row(record, targets) for record in records)
    served = {link.target.code for row in rows for link in row.links}
    return LinksPage(rows, tuple(t for code, t in targets.items() if code not in served))


def served_record(code: str) -> Task | Project:
    """The task or project of a code. Raises Project.DoesNotExist."""
    try:
        return Task.objects.get(code=code)
    except ObjectDoesNotExist:
        return Project.objects.get(code=code)


def _row(record: Task | Project, targets: dict[str, Target]) -> LinkRow:
    links: tuple[ServedTarget, ...] = tuple(record.links.all())
    linked = {link.target.code for link in links}
    names = {code: target.name for code, target in targets.items() if code not in linked}
    proposals = tuple(
        LinkProposal(f"{record.code}:{found.target}", targets[found.target], found.quote)
        for found in proposed_targets(record.words, names)
    )
    return LinkRow(record, links, proposals)
