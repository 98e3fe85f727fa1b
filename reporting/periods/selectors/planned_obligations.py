"""What each agency owes in a period by the current plan."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.urls import reverse

from agencies.choices import COMPANY_KINDS, GROUP_KINDS
from agencies.models import Agency
from common.database.json_rows import JSONRow
from common.quarters import Period
from projects.choices import ProjectStatus
from projects.models import Project, ProjectProgress
from reporting.choices import WITH_REPORTER, ObligationKind
from reporting.models import Obligation, ReportingPeriod
from reporting.rules.value_years import Known, owed_years
from targets.choices import Frequency, TargetKind
from targets.models import Observation, Target
from targets.rules.enumerations import SETTLED_GRADES
from targets.selectors.judging.years import years_facts, years_of
from tasks.models import Task

_SETTLED = (ProjectStatus.COMPLETED, ProjectStatus.CANCELLED)


@dataclass(frozen=True)
class PlannedObligation:
    """One obligation by the keys of its agency and subject."""

    agency: int
    kind: str
    subject: int
    year: int | None = None
    """For an annual target the year of the value."""

    @classmethod
    def of(cls, obligation: Obligation) -> "PlannedObligation":
        row = obligation
        return cls(row.agency_id, row.kind, row.subject.pk, row.value_year)


@dataclass(frozen=True)
class MissingReporter:
    """A subject that no agency reports, so that the bureau has to name one."""

    kind: str
    code: str
    name: str
    why: str
    agency: str = ""
    """Code of the body that cannot report, if any."""

    @property
    def url(self) -> str:
        """The page where a reporter can be named, or that shows who leads."""
        if self.agency:
            return reverse("agencies:detail", args=[self.agency])
        page = {
            ObligationKind.TARGET: "targets:convenor",
            ObligationKind.TASK: "tasks:convenor",
            ObligationKind.PROJECT: "projects:reporter",
        }[ObligationKind(self.kind)]
        return reverse(page, args=[self.code])


@dataclass(frozen=True)
class PlannedObligations:
    """The obligations of a period, and the subjects without a reporting agency."""

    owed: frozenset[PlannedObligation]
    holes: tuple[MissingReporter, ...]


def planned_obligations(*, period: ReportingPeriod) -> PlannedObligations:
    """What is owed in a period, in four statements.

    `value_years` gives the years of annual targets; the period decides on contributions and settled
    projects. Groups stand for their members.
    """
    bodies = _Bodies(period)
    owed: set[PlannedObligation] = set()
    holes: dict[MissingReporter, None] = {}
    for subject in _subjects(period):
        found = bodies.of(subject.agency) if subject.agency else []
        owed.update(
            PlannedObligation(body, subject.kind, subject.pk, subject.year) for body in found
        )
        if not found:
            holes[_missing_reporter(subject, bodies)] = None
    return PlannedObligations(frozenset(_once(owed)), tuple(holes))


@dataclass(frozen=True)
class PendingChanges:
    """The changes that bring a period in line with the current plan."""

    added: frozenset[PlannedObligation]
    dropped: tuple[Obligation, ...]
    resumed: tuple[Obligation, ...]
    holes: tuple[MissingReporter, ...]


def pending_changes(*, period: ReportingPeriod) -> PendingChanges:
    """What opening or refreshing a period would add, drop and restore; five statements.

    What an agency submitted before it was merged is not asked of its successor again.
    """
    found = planned_obligations(period=period)
    known = {PlannedObligation.of(one): one for one in period.obligations.with_subjects()}
    answered = {
        replace(planned, agency=obligation.agency.successor_id)
        for planned, obligation in known.items()
        if obligation.agency.successor_id and obligation.state not in WITH_REPORTER
    }
    wanted = found.owed - answered
    dropped = (
        obligation
        for planned, obligation in known.items()
        if planned not in found.owed
        and obligation.dropped_on is None
        and obligation.state in WITH_REPORTER
        and not obligation.is_correction
    )
    resumed = (one for planned, one in known.items() if planned in wanted and one.dropped_on)
    return PendingChanges(wanted - known.keys(), tuple(dropped), tuple(resumed), found.holes)


def _once(owed: Iterable[PlannedObligation]) -> Iterator[PlannedObligation]:
    """Drop contributions to a task from the agency that leads it."""
    found = set(owed)
    leads = {(row.agency, row.subject) for row in found if row.kind == ObligationKind.TASK}
    for row in found:
        if row.kind != ObligationKind.CONTRIBUTION or (row.agency, row.subject) not in leads:
            yield row


@dataclass(frozen=True)
class _Subject:
    """One thing to report, with the agency that the plan or the bureau names for it."""

    kind: str
    pk: int
    code: str
    name: str
    agency: int | None
    year: int | None = None


def _subjects(period: ReportingPeriod) -> Iterator[_Subject]:
    for target, year in _targets(period):
        who = target.lead_id or target.convenor_id
        yield _Subject(ObligationKind.TARGET, target.pk, target.code, target.name, who, year)
    tasks: QuerySet[Any] = (
        Task.objects.in_force()
        .annotate(
            sharing=ArrayAgg(
                "shares__agency",
                filter=Q(shares__isnull=False),
                order_by="shares__position",
                default=Value([]),
            )
        )
        .order_by("category__number", "number")
    )
    for task in tasks:
        who = task.lead_id or task.convenor_id
        yield _Subject(ObligationKind.TASK, task.pk, task.code, task.title, who)
        for agency in task.sharing if period.asks_contributions else ():
            yield _Subject(ObligationKind.CONTRIBUTION, task.pk, task.code, task.title, agency)
    for project in _projects(period):
        who = project.reporting_agency_id
        yield _Subject(ObligationKind.PROJECT, project.pk, project.code, project.name, who)


def _targets(period: ReportingPeriod) -> Iterator[tuple[Target, int | None]]:
    """Quarterly targets, and annual ones once for each year that is owed; one statement."""
    values = Observation.objects.filter(target=OuterRef("pk"), quarter=None, is_current=True)
    settled = values.filter(Q(grade__in=SETTLED_GRADES) | Q(not_applicable=True))
    asks = ReportingPeriod.objects.filter(asks_annual=True, is_backfill=False)
    found: QuerySet[Any] = (
        Target.objects.in_force()
        .filter(values_of=None)
        .annotate(
            years=_array(values, "year"),
            settled=_array(settled, "year"),
            asking=ArraySubquery(asks.values(json=JSONRow(year="year", quarter="quarter"))),
            **years_facts(),
        )
    )
    for target in found:
        if target.frequency == Frequency.QUARTERLY:
            yield target, None
            continue
        asking = {Period(**row) for row in target.asking} - {period.period}
        for year in owed_years(
            period=period.period,
            asking=asking | ({period.period} if period.asks_annual else set()),
            since=years_of(target, period.due_on).first,
            known=Known(frozenset(target.years), frozenset(target.settled)),
            is_counted=target.kind != TargetKind.QUALITATIVE,
        ):
            yield target, year


def _array(rows: QuerySet[Any], name: str) -> ArraySubquery:
    return ArraySubquery(rows.order_by().values(name))


def _projects(period: ReportingPeriod) -> Iterable[Project]:
    found = Project.objects.in_force()
    if period.asks_settled:
        return found
    last = ProjectProgress.objects.filter(project=OuterRef("pk"), is_current=True).order_by(
        "-year", "-quarter"
    )
    found = found.annotate(last=Subquery(last.values("status")[:1]))
    return found.filter(Q(last=None) | ~Q(last__in=_SETTLED))


def _missing_reporter(subject: _Subject, bodies: "_Bodies") -> MissingReporter:
    """What has to be done so that an agency reports it."""
    if subject.agency is None:
        why = (
            "没有填报责任单位"
            if subject.kind == ObligationKind.PROJECT
            else "没有牵头单位，须指定汇总单位"
        )
        return MissingReporter(subject.kind, subject.code, subject.name, why)
    agency = bodies.agencies[subject.agency]
    if agency.kind in GROUP_KINDS:
        # One line for the group, however many tasks it shares in.
        return MissingReporter(
            subject.kind, "", agency.name, "是群体，还没有登记能填报的成员", agency.code
        )
    why = "是企业，不设账号" if agency.kind in COMPANY_KINDS else "已停用，没有承继单位"
    return MissingReporter(
        subject.kind, subject.code, subject.name, f"{agency.name}{why}", agency.code
    )


class _Bodies:
    """Agencies that can report on the period's last working day: successors, members of groups."""

    def __init__(self, period: ReportingPeriod) -> None:
        self._day = period.due_on
        members = ArrayAgg(
            "memberships__member", filter=Q(memberships__isnull=False), default=Value([])
        )
        rows: QuerySet[Any] = Agency.objects.annotate(member_ids=members)
        self.agencies = {row.pk: row for row in rows}

    def of(self, key: int, depth: int = 0) -> list[int]:
        """Who reports in the place of an agency; empty for a company or an empty group."""
        agency = self.agencies[key]
        if depth > len(self.agencies):
            return []
        if agency.valid_to and agency.valid_to < self._day:
            return self.of(agency.successor_id, depth + 1) if agency.successor_id else []
        if agency.kind in GROUP_KINDS:
            return [body for member in agency.member_ids for body in self.of(member, depth + 1)]
        return [] if agency.kind in COMPANY_KINDS else [key]
