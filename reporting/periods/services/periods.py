"""Opens and closes reporting periods, and keeps their obligations in line with the plan."""

import datetime
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from agencies.models import User
from audit import services as audit
from reporting.choices import ObligationKind, PeriodState
from reporting.models import Obligation, ReportingPeriod
from reporting.periods.selectors.periods import may_take_back
from reporting.periods.selectors.planned_obligations import PlannedObligation, pending_changes
from reporting.periods.selectors.thresholds import thresholds
from reporting.periods.services.planning import plan_ahead
from reporting.policies import check_can_keep_periods

_FIELDS = {
    ObligationKind.TARGET: "target_id",
    ObligationKind.TASK: "task_id",
    ObligationKind.CONTRIBUTION: "task_id",
    ObligationKind.PROJECT: "project_id",
}
NO_LONGER = "方案或单位调整后，本单位不再填报这一项"
IS_THERE = "这一年度的数据已经取得，或本单位不再填报这一项"
TAKEN_BACK = "提前开放已收回，开放时恢复应报"


@dataclass(frozen=True)
class ChangedObligations:
    """How many obligations were added, dropped and restored."""

    added: int = 0
    dropped: int = 0
    resumed: int = 0

    @property
    def changed(self) -> bool:
        return bool(self.added or self.dropped or self.resumed)

    def __str__(self) -> str:
        counts = (("新增", self.added), ("不再应报", self.dropped), ("恢复应报", self.resumed))
        return "，".join(f"{label}{count}项" for label, count in counts if count) or "没有变化"


def save_period(*, period: ReportingPeriod, by: User | None, reason: str = "") -> None:
    """Plan a period, or change its dates and what it asks for; it is no longer automatic then."""
    check_can_keep_periods(by=by)
    period.is_automatic = False
    with transaction.atomic():
        audit.save(period, by=by, reason=reason)
        if period.state == PeriodState.OPEN:
            refresh(period=period, by=by)


@transaction.atomic
def open_period(*, period: ReportingPeriod, by: User | None) -> ChangedObligations:
    """Open a period (again) and create its obligations; existing entries stay as they are."""
    check_can_keep_periods(by=by)
    # Lock before the state is checked: beat and a person may open the same period at once.
    kept = ReportingPeriod.objects.select_for_update().get(pk=period.pk)
    if timezone.localdate() > kept.closes_on:
        raise ValidationError("关闭日期已过，先改关闭日期再开放")
    if kept.state != PeriodState.OPEN:
        kept.state, kept.opened_at, kept.closed_at = PeriodState.OPEN, timezone.now(), None
        audit.save(kept, by=by, action="开放填报期")
    return refresh(period=kept, by=by)


@transaction.atomic
def take_back(*, period: ReportingPeriod, by: User | None) -> ReportingPeriod:
    """Undo an early opening in which nobody has written anything; its day opens it again.

    Its obligations are marked as no longer owed, and restored at that opening.
    """
    check_can_keep_periods(by=by)
    kept = ReportingPeriod.objects.select_for_update().get(pk=period.pk)
    # Lock the obligations too: nobody may begin one between the check and the update.
    list(kept.obligations.select_for_update().values_list("pk"))
    if not may_take_back(period=kept):
        raise ValidationError("只有提前开放、各单位还没有填写或申请的填报期可以收回")
    obligations = kept.obligations.filter(dropped_on=None)
    obligations.update(dropped_on=timezone.localdate(), dropped_because=TAKEN_BACK)
    kept.state, kept.opened_at = PeriodState.PLANNED, None
    audit.save(kept, by=by, action="收回提前开放")
    return kept


@transaction.atomic
def close_period(*, period: ReportingPeriod, by: User | None) -> ReportingPeriod:
    """Close a period: forms become read-only, except returned and unlocked obligations."""
    check_can_keep_periods(by=by)
    kept = ReportingPeriod.objects.select_for_update().get(pk=period.pk)
    if kept.state != PeriodState.OPEN:
        raise ValidationError("只有开放中的填报期可以关闭")
    kept.state, kept.closed_at = PeriodState.CLOSED, timezone.now()
    audit.save(kept, by=by, action="关闭填报期")
    return kept


def follow_calendar(*, today: datetime.date) -> None:
    """Plan coming periods, open those planned for today or earlier, close those that are over.

    Open ones are refreshed. A period that would open overdue waits for the bureau, which sees it on
    its home page. Each period has a transaction of its own. Idempotent.
    """
    numbers = thresholds()
    plan_ahead(today=today, numbers=numbers)
    for period in ReportingPeriod.objects.exclude(state=PeriodState.CLOSED).order_by("pk"):
        if period.closes_on < today:
            if period.state == PeriodState.OPEN:
                close_period(period=period, by=None)
        elif period.state == PeriodState.OPEN:
            refresh(period=period, by=None)
        elif numbers.whole("OPENS_ITSELF") and period.opens_on <= today <= period.due_on:
            open_period(period=period, by=None)


@transaction.atomic
def refresh(*, period: ReportingPeriod, by: User | None) -> ChangedObligations:
    """Bring the obligations of a period in line with the current plan and agencies.

    New ones are added; submitted and approved ones stay; those no longer owed are marked, never
    deleted, and restored with their content when owed again. Idempotent.
    """
    check_can_keep_periods(by=by)
    # Lock first: two refreshes at once would both add the same obligations.
    kept = ReportingPeriod.objects.select_for_update().get(pk=period.pk)
    if kept.state != PeriodState.OPEN:
        raise ValidationError("只有开放中的填报期可以更新应报事项")
    changes = pending_changes(period=kept)
    added = [_new(period, planned) for planned in sorted(changes.added, key=_order)]
    dropped, resumed = changes.dropped, changes.resumed
    for obligation in dropped:
        obligation.dropped_on = timezone.localdate()
        obligation.dropped_because = IS_THERE if obligation.value_year else NO_LONGER
    for obligation in resumed:
        obligation.dropped_on, obligation.dropped_because = None, ""
    # The unique constraint settles what another transaction has added meanwhile.
    Obligation.objects.bulk_create(added, ignore_conflicts=True)
    Obligation.objects.bulk_update([*dropped, *resumed], ("dropped_on", "dropped_because"))
    if kept.holes != len(changes.holes):
        ReportingPeriod.objects.filter(pk=kept.pk).update(holes=len(changes.holes))
    done = ChangedObligations(len(added), len(dropped), len(resumed))
    if done.changed:
        _record(period, done, by)
    return done


def _new(period: ReportingPeriod, planned: PlannedObligation) -> Obligation:
    subject = {_FIELDS[ObligationKind(planned.kind)]: planned.subject}
    year = planned.year
    return Obligation(
        period=period, agency_id=planned.agency, kind=planned.kind, value_year=year, **subject
    )


def _order(planned: PlannedObligation) -> tuple[str, int, int, int]:
    return planned.kind, planned.subject, planned.agency, -(planned.year or 0)


def _record(period: ReportingPeriod, done: ChangedObligations, by: User | None) -> None:
    counts = (("新增", done.added), ("不再应报", done.dropped), ("恢复应报", done.resumed))
    changes = tuple((label, "", f"{count}项") for label, count in counts if count)
    audit.record(
        audit.Entry("更新应报事项", "填报期", period.code, str(period), changes=changes), by=by
    )
