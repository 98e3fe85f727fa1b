"""The last earlier figure of an obligation, its last return and the goal that its target has."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Case, CharField, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Cast, Coalesce

from common.database.annotations import Annotation
from common.database.json_rows import JSONRow
from projects.choices import ProjectStatus
from projects.models import ProjectProgress
from reporting.choices import DecisionKind, ObligationKind
from reporting.models import Decision, Obligation, ObligationQuerySet
from targets import rules
from targets.choices import Frequency, TargetKind
from targets.models import Observation
from targets.selectors import Judged
from tasks.models import TaskContribution, TaskProgress

_SETTLED = {ProjectStatus.COMPLETED, ProjectStatus.CANCELLED}


def with_last(obligations: ObligationQuerySet) -> ObligationQuerySet:
    """The obligations with what was last approved before and the last return, in one statement."""
    return obligations.annotate(**LAST.column(), **LAST_RETURN.column())


def is_settled(obligation: Obligation) -> bool:
    """Whether its project is completed or cancelled. The obligation was read by `with_last`."""
    last = LAST.of(obligation)
    return obligation.kind == ObligationKind.PROJECT and bool(last) and last["status"] in _SETTLED


def is_annual(obligation: Obligation) -> bool:
    """Whether its target has only annual values; one told by its attainment has none."""
    target = obligation.target
    if target is None or target.kind == TargetKind.QUALITATIVE:
        return False
    return target.frequency == Frequency.ANNUAL


def goal_words(judged: Judged, year: int) -> str:
    """2030年 ≥22%: the next goal; past the last goal, that one as a floor."""
    dated = sorted((goal for goal in judged.terms.goals if goal.year), key=lambda g: g.year or 0)
    standing = judged.terms.standing_goal
    found = next((goal for goal in dated if (goal.year or 0) >= year), None)
    goal = found or (dated[-1] if dated else standing)
    if goal is None:
        return "方案没有数值目标"
    text = rules.goal_value(judged.terms, goal)
    if not goal.year:
        return f"长期要求 {text}"
    return text if str(goal.year) in text else f"{goal.year}年 {text}"


def _last_figure() -> Case:
    value = Cast("value", CharField())
    invested = Cast("invested_wan", CharField())
    # An annual value takes the newest up to its own year: the preliminary one, until the final
    # exists.
    upto = Coalesce(OuterRef("value_year"), OuterRef("period__year"))
    values = (
        _newest(Observation, "target")
        .filter(year__lte=upto)
        .values(json=JSONRow(year="year", quarter="quarter", value=value, none="not_applicable"))
    )
    progress = _newest(ProjectProgress, "project").values(
        json=JSONRow(year="year", quarter="quarter", value=invested, status="status")
    )
    tasks = _newest(TaskProgress, "task").values(json=JSONRow(status="status"))
    shares = _newest(TaskContribution, "task").filter(agency=OuterRef("agency"))
    said = shares.values(json=JSONRow(nothing="nothing", text="text"))
    return Case(
        When(kind=ObligationKind.TARGET, then=Subquery(values[:1])),
        When(kind=ObligationKind.TASK, then=Subquery(tasks[:1])),
        When(kind=ObligationKind.CONTRIBUTION, then=Subquery(said[:1])),
        When(kind=ObligationKind.PROJECT, then=Subquery(progress[:1])),
    )


def _last_return() -> Subquery:
    returns = Decision.objects.filter(
        obligation=OuterRef("pk"),
        kind__in=[DecisionKind.RETURNED, DecisionKind.SENT_BACK],
        undone_at=None,
    ).order_by("-decided_at")
    facts = {"comment": "comment", "by": "by_name", "agency": "by_agency", "at": "decided_at"}
    return Subquery(returns.values(json=JSONRow(**facts))[:1])


def _read_object(found: Mapping[str, Any] | None) -> Mapping[str, Any]:
    return found or {}


def _newest(model: Any, subject: str) -> Any:
    """Current records before an obligation's period, newest first; annual values at year's end."""
    before = Q(year__lt=OuterRef("period__year")) | Q(
        year=OuterRef("period__year"), quarter__lt=OuterRef("period__quarter")
    )
    rows = model.objects.filter(before, is_current=True, **{subject: OuterRef(subject)})
    return rows.order_by("-year", F("quarter").desc(nulls_first=True))


LAST = Annotation("last", _last_figure, _read_object)
LAST_RETURN = Annotation("last_return", _last_return, _read_object)
