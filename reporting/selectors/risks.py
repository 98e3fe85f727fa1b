"""Important matters and risks as the pages list them."""

import datetime
from dataclasses import dataclass

from django.db.models import Case, Count, F, IntegerField, Max, Q, QuerySet, Value, When

from agencies.choices import Role
from agencies.models import User
from reporting.choices import HANDED_IN, MatterState, RiskLevel, RiskState
from reporting.models import Matter, Obligation, Risk
from tasks.models import Task

_ABOUT = ("target", "task", "project")


def matters_for(*, user: User, state: str = "") -> QuerySet[Matter]:
    """All matters for reviewers, those of the own agency for others; waiting ones first."""
    rows = Matter.objects.select_related("agency", *_ABOUT)
    if not user.has_role(Role.REVIEWER):
        rows = rows.filter(agency=user.agency_id)
    if state:
        rows = rows.filter(state=state)
    waiting = Case(When(state=MatterState.REPORTED, then=Value(0)), default=Value(1))
    return rows.annotate(waits=waiting).order_by("waits", "-reported_at", "-pk")


def waiting_matters() -> int:
    """How many matters wait for the bureau."""
    return Matter.objects.filter(state=MatterState.REPORTED).count()


def ledger_mark() -> tuple[int, datetime.datetime | None]:
    """Another after each change of the ledger, in one statement: no risk is ever deleted."""
    found = Risk.objects.aggregate(number=Count("pk"), last=Max("changed_at"))
    return found["number"], found["last"]


@dataclass(frozen=True)
class RiskCounts:
    """How many risks there are in each state, and how many are overdue."""

    open: int
    controlled: int
    closed: int
    overdue: int

    @property
    def sentence(self) -> str:
        """台账共5项：未化解3、已控制1、已销号1，其中逾期1。"""
        total = self.open + self.controlled + self.closed
        if not total:
            return "台账还没有登记风险。"
        counts = {"未化解": self.open, "已控制": self.controlled, "已销号": self.closed}
        parts = "、".join(f"{word}{count}" for word, count in counts.items() if count)
        said = f"台账共{total}项：{parts}"
        return f"{said}，其中逾期{self.overdue}。" if self.overdue else f"{said}。"


def risks(*, state: str = "", level: str = "", agency: str = "") -> QuerySet[Risk]:
    """The ledger: open ones first, worst and most urgent first."""
    rows = Risk.objects.select_related("agency", "matter", *_ABOUT)
    if state:
        rows = rows.filter(state=state)
    if level:
        rows = rows.filter(level=level)
    if agency:
        rows = rows.filter(agency__code=agency)
    return rows.annotate(
        by_state=_rank("state", RiskState.values), by_level=_rank("level", RiskLevel.values)
    ).order_by("by_state", "by_level", F("due_on").asc(nulls_last=True), "pk")


def risk_counts(*, today: datetime.date) -> RiskCounts:
    """The counts of the whole ledger in one statement."""
    late = Q(due_on__lt=today) & ~Q(state=RiskState.CLOSED)
    found = Risk.objects.aggregate(
        **{state.value: Count("pk", filter=Q(state=state)) for state in RiskState},
        overdue=Count("pk", filter=late),
    )
    return RiskCounts(**found)


@dataclass(frozen=True)
class Problem:
    """An open problem of a report that no row of the ledger names yet."""

    obligation: Obligation
    text: str


def open_problems(*, limit: int = 20) -> list[Problem]:
    """Problems of the newest reports handed in that have no row in the ledger, newest first."""
    rows = (
        Obligation.objects.owed()
        .with_subjects()
        .filter(risks=None, state__in=HANDED_IN, content__problems__text__regex=r"\S{4}")
        .exclude(content__problems__text__in=("没有", "暂无", "无"))
        .order_by("-period__year", "-period__quarter", "-edited_at")[:limit]
    )
    return [Problem(row, row.texts["problems"]) for row in rows]


def subject_of(record: Matter | Risk) -> str:
    """T18 纯电动公交车比例, or nothing."""
    about = record.target or record.task or record.project
    if about is None:
        return ""
    return f"{about.code} {about.title if isinstance(about, Task) else about.name}"


def _rank(field: str, values: list[str]) -> Case:
    return Case(
        *(When(**{field: value}, then=Value(place)) for place, value in enumerate(values)),
        output_field=IntegerField(),
    )
