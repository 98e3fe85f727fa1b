"""What each agency owes in a period, by the plan as it is now."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, Subquery

from agencies.choices import COMPANY_KINDS, GROUP_KINDS
from agencies.models import Agency, GroupMember
from projects.choices import ProjectStatus
from projects.models import Project, ProjectProgress
from reporting.choices import ObligationKind
from reporting.models import Obligation, ReportingPeriod
from targets.choices import DataGrade, Frequency
from targets.models import Observation, Target
from tasks.models import Task, TaskAgency

_SETTLED = (ProjectStatus.COMPLETED, ProjectStatus.CANCELLED)


@dataclass(frozen=True)
class Owed:
    """One item by the keys of its agency and subject."""

    agency: int
    kind: str
    subject: int

    @classmethod
    def of(cls, obligation: Obligation) -> "Owed":
        return cls(obligation.agency_id, obligation.kind, obligation.subject.pk)


@dataclass(frozen=True)
class Hole:
    """Something that nobody owes, and what the bureau has to name."""

    code: str
    name: str
    why: str


@dataclass(frozen=True)
class Duties:
    """All that is owed in a period, and what nobody can be asked for."""

    owed: frozenset[Owed]
    holes: tuple[Hole, ...]


def duties(*, period: ReportingPeriod) -> Duties:
    """What is owed in a period, in six statements.

    Annual targets are owed only where the period asks for them and the year's value is not final;
    contributions and settled projects as the period says. Groups stand for their members.
    """
    names = _Names(period)
    owed: set[Owed] = set()
    for kind, code, name, agencies, subject, why in _subjects(period):
        bodies = [body for agency in agencies if agency for body in names.bodies(agency)]
        owed.update(Owed(body, kind, subject) for body in bodies)
        if not bodies and (not agencies or kind != ObligationKind.CONTRIBUTION or any(agencies)):
            names.holes.append(Hole(code, name, why))
    return Duties(frozenset(_once(owed)), tuple(names.holes))


def _once(owed: Iterable[Owed]) -> Iterator[Owed]:
    """Who leads a task does not also share in it."""
    found = set(owed)
    leads = {(row.agency, row.subject) for row in found if row.kind == ObligationKind.TASK}
    for row in found:
        if row.kind != ObligationKind.CONTRIBUTION or (row.agency, row.subject) not in leads:
            yield row


Subject = tuple[str, str, str, list[int | None], int, str]


def _subjects(period: ReportingPeriod) -> Iterator[Subject]:
    for target in _targets(period):
        who = [target.lead_id or target.convenor_id]
        code, name = target.code, target.name
        yield ObligationKind.TARGET, code, name, who, target.pk, "没有牵头单位，须指定汇总单位"
    tasks = {task.pk: task for task in Task.objects.in_force()}
    for task in tasks.values():
        who = [task.lead_id or task.convenor_id]
        code, name = task.code, task.title
        yield ObligationKind.TASK, code, name, who, task.pk, "没有牵头单位，须指定汇总单位"
    if period.asks_contributions:
        for share in TaskAgency.objects.filter(task__retired_on=None).order_by("pk"):
            task = tasks[share.task_id]
            code, name = task.code, task.title
            why = "责任单位是群体，没有登记成员"
            yield ObligationKind.CONTRIBUTION, code, name, [share.agency_id], task.pk, why
    for project in _projects(period):
        who = [project.reporting_agency_id]
        code, name = project.code, project.name
        yield ObligationKind.PROJECT, code, name, who, project.pk, "没有填报责任单位"


def _targets(period: ReportingPeriod) -> Iterable[Target]:
    found = Target.objects.in_force()
    if not period.asks_annual:
        return found.filter(frequency=Frequency.QUARTERLY)
    year = period.year if period.quarter == 4 else period.year - 1
    final = Observation.objects.filter(
        Q(grade=DataGrade.FINAL) | Q(not_applicable=True),
        target=OuterRef("pk"),
        year=year,
        quarter=None,
        is_current=True,
    )
    return found.filter(Q(frequency=Frequency.QUARTERLY) | ~Exists(final))


def _projects(period: ReportingPeriod) -> Iterable[Project]:
    found = Project.objects.in_force()
    if period.asks_settled:
        return found
    last = ProjectProgress.objects.filter(project=OuterRef("pk"), is_current=True).order_by(
        "-year", "-quarter"
    )
    return found.annotate(last=Subquery(last.values("status")[:1])).exclude(last__in=_SETTLED)


class _Names:
    """Agencies that can report on the period's last day of work: successors, members of groups."""

    def __init__(self, period: ReportingPeriod) -> None:
        self._day = period.due_on
        self._agencies = {agency.pk: agency for agency in Agency.objects.all()}
        self._members: dict[int, list[int]] = {}
        for group, member in GroupMember.objects.values_list("group", "member"):
            self._members.setdefault(group, []).append(member)
        self.holes: list[Hole] = []

    def bodies(self, key: int, depth: int = 0) -> list[int]:
        """Who reports in the place of an agency; nobody for a company or an empty group."""
        agency = self._agencies[key]
        if depth > len(self._agencies):
            return []
        if agency.valid_to and agency.valid_to < self._day:
            return self.bodies(agency.successor_id, depth + 1) if agency.successor_id else []
        if agency.kind in GROUP_KINDS:
            members = self._members.get(key, [])
            return [body for member in members for body in self.bodies(member, depth + 1)]
        return [] if agency.kind in COMPANY_KINDS else [key]
