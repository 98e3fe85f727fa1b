"""Agencies with what they have to do: it lies above targets, tasks and projects."""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from agencies.models import Agency, AgencyAlias, GroupMember, User, name_on_day
from common.database.annotations import Annotation
from common.database.json_rows import JSONRow
from common.quarters import Period
from dashboard.selectors.agency_reports import AgencyReports
from plan.choices import Share
from plan.models import Retirable
from projects.models import Project, ProjectOwner
from projects.selectors import ProjectRow, project_rows
from records.asof import AsOf, day_of
from reporting.matters.selectors.related import MATTERS_OF_AGENCY
from reporting.periods.selectors.completeness import stands_of, with_stands
from reporting.periods.selectors.opened_periods import judged_periods
from targets.models import Target, TargetAgency
from targets.rules.levels import Level
from targets.selectors import Judged, judged_targets
from tasks.models import Task
from tasks.selectors import (
    NOTHING_OPENED,
    OpenedQuarters,
    TaskFilters,
    TaskRow,
    rows_of,
    task_queryset,
)

Row = TypeVar("Row")

_COUNTS: dict[str, tuple[type[Retirable], str]] = {
    "led_targets_count": (Target, "lead"),
    "shared_targets_count": (Target, "shares__agency"),
    "led_tasks_count": (Task, "lead"),
    "convened_tasks_count": (Task, "convenor"),
    "shared_tasks_count": (Task, "shares__agency"),
    "owned_projects_count": (Project, "owner_rows__agency"),
    "reported_projects_count": (Project, "reporting_agency"),
}
_LIGHTS_IN_ORDER = (Level.RED, Level.ORANGE, Level.GREEN, Level.GREY)
HAS = {
    "lead": Q(led_targets_count__gt=0) | Q(led_tasks_count__gt=0),
    "convenor": Q(convened_tasks_count__gt=0),
    "responsible": Q(shared_targets_count__gt=0) | Q(shared_tasks_count__gt=0),
    "owner": Q(owned_projects_count__gt=0),
    "reporter": Q(reported_projects_count__gt=0),
}


def agencies_with_counts(*, q: str = "", kind: str = "", has: str = "") -> QuerySet[Agency]:
    """Agencies in the plan's order with what each leads, shares, owns and reports, and accounts."""
    found = Agency.objects.in_plan_order().select_related("successor")
    found = found.annotate(
        accounts_count=_counted(User.objects.filter(is_active=True), "agency"),
        **{name: _count(*how) for name, how in _COUNTS.items()},
    )
    if q:
        texts = ("name", "short_name", "full_name", "aliases__text")
        matches = Q()
        for text in texts:
            matches |= Q(**{f"{text}__icontains": q})
        found = found.filter(pk__in=Agency.objects.filter(matches).order_by().values("pk"))
    if kind:
        found = found.filter(kind=kind)
    return found.filter(HAS.get(has, Q()))


@dataclass(frozen=True)
class OtherAgency:
    """Another agency on this one's page: a member, a group, a predecessor."""

    code: str
    name: str


@dataclass(frozen=True)
class AgencyPage:
    """All that the page of one agency shows; the agency itself sees the same."""

    agency: Agency
    period: Period
    today: datetime.date
    reports: AgencyReports | None
    """None of a past day: what was owed then is not kept."""
    aliases: tuple[str, ...]
    members: tuple[OtherAgency, ...]
    groups: tuple[OtherAgency, ...]
    predecessors: tuple[OtherAgency, ...]
    targets: tuple[tuple[Share, Judged], ...]
    tasks: tuple[tuple[Share, TaskRow], ...]
    projects: tuple[tuple[tuple[Share, ...], ProjectRow], ...]

    @property
    def led_targets(self) -> list[Judged]:
        return _of(self.targets, Share.LEAD, Share.CONVENOR)

    @property
    def shared_targets(self) -> list[Judged]:
        return _of(self.targets, Share.RESPONSIBLE)

    @property
    def led_tasks(self) -> list[TaskRow]:
        return _of(self.tasks, Share.LEAD)

    @property
    def convened_tasks(self) -> list[TaskRow]:
        return _of(self.tasks, Share.CONVENOR)

    @property
    def shared_tasks(self) -> list[TaskRow]:
        return _of(self.tasks, Share.RESPONSIBLE)

    @cached_property
    def is_retired(self) -> bool:
        return self.agency.valid_to is not None and self.agency.valid_to < self.today

    @property
    def has_nothing(self) -> bool:
        return not (self.targets or self.tasks or self.projects)

    @property
    def targets_finding(self) -> str:
        """指标6项：二级1项、三级3项、未判定2项."""
        lights = [(row.light.level, row.light.level.label) for _, row in self.targets]
        return _finding("指标", "项", lights)

    @property
    def tasks_finding(self) -> str:
        """任务9项：进展滞后1项、正常推进5项、缺报3项."""
        lights = [(row.light.level, row.light.word) for _, row in self.tasks]
        return _finding("任务", "项", lights)

    @property
    def projects_finding(self) -> str:
        """项目3个：应竣工未竣工2个、已竣工1个."""
        lights = [(row.light.level, row.light.word) for _, row in self.projects]
        return _finding("项目", "个", lights)

    @property
    def sentence(self) -> str:
        """牵头指标3项、任务4项，汇总任务1项，…; parts with nothing are left out."""
        reported = sum(Share.REPORTER in shares for shares, _ in self.projects)
        owned = sum(Share.OWNER in shares for shares, _ in self.projects)
        parts = [
            ("牵头指标", len(self.led_targets), "项"),
            ("责任指标", len(self.shared_targets), "项"),
            ("牵头任务", len(self.led_tasks), "项"),
            ("汇总任务", len(self.convened_tasks), "项"),
            ("责任任务", len(self.shared_tasks), "项"),
            ("作为项目单位的项目", owned, "个"),
            ("负责填报的项目", reported, "个"),
        ]
        said = [f"{label}{count}{unit}" for label, count, unit in parts if count]
        return f"{'，'.join(said)}。" if said else "方案没有给这个单位分工。"


def agency_page(
    *,
    code: str,
    period: Period,
    found: Agency | None = None,
    opened: OpenedQuarters = NOTHING_OPENED,
    asof: AsOf | None = None,
) -> AgencyPage:
    """One agency with everything it leads, shares, owns and reports, in five statements.

    `found` is what `agency_with_reports` or `agency_with_places` gave, where that was asked before.
    As of a past day by what was known of targets, tasks and projects, without the reports.
    Raise Agency.DoesNotExist.
    """
    if found is None:
        found = (
            agency_with_places(code=code) if asof else agency_with_reports(code=code, period=period)
        )
    agency = found
    return AgencyPage(
        agency=agency,
        period=period,
        today=day_of(asof),
        reports=None if asof else AgencyReports(stands_of(agency), judged_periods(period)),
        aliases=ALIASES.of(agency),
        members=MEMBERS.of(agency),
        groups=GROUPS.of(agency),
        predecessors=PREDECESSORS.of(agency),
        targets=_targets(agency, asof),
        tasks=_tasks(agency, period, opened, asof),
        projects=_projects(agency, asof),
    )


def agency_with_reports(*, code: str, period: Period) -> Agency:
    """An agency with names, places and the counts of its reports, in one statement.

    Raise Agency.DoesNotExist.
    """
    return _with_reports(period, timezone.localdate()).get(code=code)


def agency_with_places(*, code: str) -> Agency:
    """The same without its reports. Raise Agency.DoesNotExist."""
    return _with_places().get(code=code)


@lru_cache(maxsize=2)
def _with_reports(period: Period, today: datetime.date) -> QuerySet[Agency]:  # noqa: ARG001
    """Built once a day, which its counts hold: that takes longer than to run it."""
    return with_stands(_with_places(), judged_periods(period))


def _with_places() -> QuerySet[Agency]:
    return Agency.objects.select_related("successor").annotate(
        **ALIASES.column(),
        **MEMBERS.column("group", "member"),
        **GROUPS.column("member", "group"),
        **PREDECESSORS.column(),
        **MATTERS_OF_AGENCY.column(),
    )


def _finding(name: str, unit: str, lights: Sequence[tuple[str, str]]) -> str:
    """What there is of a kind, and how much stands where, the worst first; light and word each."""
    counts = Counter(sorted(lights, key=lambda light: _LIGHTS_IN_ORDER.index(light[0])))
    parts = "、".join(f"{word}{count}{unit}" for (_, word), count in counts.items())
    return f"{name}{len(lights)}{unit}：{parts}"


def _count(model: type[Retirable], path: str) -> Coalesce:
    """How many records in force name the agency there."""
    return _counted(model._default_manager.filter(retired_on=None), path)


def _counted(rows: QuerySet[Any], path: str) -> Coalesce:
    named = rows.filter(**{path: OuterRef("pk")}).order_by().values(path)
    counted = named.annotate(count=Count("pk", distinct=True))
    return Coalesce(Subquery(counted.values("count")), Value(0))


def _places_of(side: str, other: str) -> ArraySubquery:
    rows = GroupMember.objects.filter(**{side: OuterRef("pk")}).order_by(
        f"{other}__position", f"{other}__code"
    )
    return ArraySubquery(rows.values(place=JSONRow(code=f"{other}__code", name=f"{other}__name")))


def _places(rows: Iterable[Mapping[str, str]]) -> tuple[OtherAgency, ...]:
    return tuple(OtherAgency(row["code"], name_on_day(row["name"])) for row in rows)


def _predecessors() -> ArraySubquery:
    rows = Agency.objects.filter(successor=OuterRef("pk")).in_plan_order()
    return ArraySubquery(rows.values(place=JSONRow(code="code", name="name")))


def _aliases() -> ArraySubquery:
    known = AgencyAlias.objects.filter(agency=OuterRef("pk")).order_by("text")
    return ArraySubquery(known.values("text"))


ALIASES = Annotation("alias_texts", _aliases, tuple)
MEMBERS = Annotation("member_places", _places_of, _places)
GROUPS = Annotation("group_places", _places_of, _places)
PREDECESSORS = Annotation("predecessor_places", _predecessors, _places)


def _of(rows: Iterable[tuple[Share, Row]], *shares: Share) -> list[Row]:
    return [row for share, row in rows if share in shares]


def _share_of(record: Target | Task, agency: Agency) -> Share:
    """The foremost of its shares."""
    if record.lead_id == agency.pk:
        return Share.LEAD
    return Share.CONVENOR if record.convenor_id == agency.pk else Share.RESPONSIBLE


def _targets(agency: Agency, asof: AsOf | None) -> tuple[tuple[Share, Judged], ...]:
    shared = Exists(TargetAgency.objects.filter(target=OuterRef("pk"), agency=agency))
    rows = judged_targets(where=Q(lead=agency) | Q(convenor=agency) | Q(shared), asof=asof)
    return tuple((_share_of(row.target, agency), row) for row in rows)


def _tasks(
    agency: Agency, period: Period, opened: OpenedQuarters, asof: AsOf | None
) -> tuple[tuple[Share, TaskRow], ...]:
    filters = TaskFilters(agency=agency.code)
    found = task_queryset(filters=filters, period=period, opened=opened, asof=asof)
    return tuple((_share_of(row.task, agency), row) for row in rows_of(list(found)))


def _projects(
    agency: Agency, asof: AsOf | None
) -> tuple[tuple[tuple[Share, ...], ProjectRow], ...]:
    found = Project.objects.in_force().annotate(**IS_OWNED.column(agency))
    rows = project_rows(found.filter(Q(is_owned=True) | Q(reporting_agency=agency)), asof=asof)
    return tuple((_project_shares(row.project, agency), row) for row in rows)


def _is_owned(agency: Agency) -> Exists:
    return Exists(ProjectOwner.objects.filter(project=OuterRef("pk"), agency=agency))


IS_OWNED = Annotation("is_owned", _is_owned, bool)


def _project_shares(project: Project, agency: Agency) -> tuple[Share, ...]:
    held = (
        (Share.OWNER, IS_OWNED.of(project)),
        (Share.REPORTER, project.reporting_agency_id == agency.pk),
    )
    return tuple(share for share, has in held if has)
