"""The reminders due on a day: one summary for each agency and each reviewer."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from agencies.choices import Role
from agencies.models import Agency, User
from reporting.chasing import rules
from reporting.chasing.selectors.chased_obligations import ChasedObligation, chased_obligations
from reporting.choices import ObligationState, PeriodState, Tier
from reporting.models import Reminder, ReportingPeriod
from reporting.periods.rules.thresholds import Thresholds
from reporting.periods.rules.working_days import WorkingDays
from reporting.periods.selectors.calendar import working_days
from reporting.periods.selectors.thresholds import thresholds


@dataclass(frozen=True)
class DueReminder:
    """One reminder to send, with the keys of all stages it covers: the first one is its own."""

    period: ReportingPeriod
    tier: str
    keys: tuple[str, ...]
    text: str
    codes: tuple[str, ...]
    agency: Agency | None = None
    user: User | None = None


@dataclass(frozen=True)
class _Day:
    """What the reminders of a day depend on."""

    today: datetime.date
    calendar: WorkingDays
    numbers: Thresholds
    contact: str


def due_reminders(
    *, today: datetime.date, contact: str, periods: Iterable[ReportingPeriod]
) -> tuple[DueReminder, ...]:
    """What has to be sent on a working day for open periods; none on other days. Six statements.

    Reminders already sent are left out. Of several missed stages only the last is sent.
    """
    calendar = working_days()
    if not calendar.is_working(today):
        return ()
    day = _Day(today, calendar, thresholds(), contact)
    found = chased_obligations(periods=[row for row in periods if row.state == PeriodState.OPEN])
    agencies = Agency.objects.in_bulk({obligation.agency for obligation in found})
    reviewers = list(User.objects.filter(is_active=True, roles__contains=[Role.REVIEWER]))
    sent = _sent(found)
    groups: dict[tuple[ReportingPeriod, int], list[ChasedObligation]] = {}
    for obligation in found:
        groups.setdefault((obligation.period, obligation.agency), []).append(obligation)
    due = [
        *(
            _of_agency(period, agencies[key], own, day, sent)
            for (period, key), own in groups.items()
        ),
        *_of_reviewers(found, reviewers, day, sent),
    ]
    return tuple(one for one in due if one)


def _sent(found: Iterable[ChasedObligation]) -> frozenset[str]:
    """Keys of the reminders sent in these periods, including those of merged stages."""
    rows = Reminder.objects.filter(period__in={obligation.period.pk for obligation in found})
    keys: set[str] = set()
    for key, said in rows.values_list("key", "items"):
        keys.add(key)
        keys.update(said.get("keys", ()) if isinstance(said, dict) else ())
    return frozenset(keys)


def _of_agency(
    period: ReportingPeriod,
    agency: Agency,
    own: list[ChasedObligation],
    day: _Day,
    sent: frozenset[str],
) -> DueReminder | None:
    """One summary of all that is outstanding, if a stage is reached that was not reminded yet."""
    stages = {
        f"{period.code} {agency.code} {stage.step} {when}": stage
        for when, stage in _stages(period, own, day)
    }
    new = sorted(stages.keys() - sent, key=lambda key: (-stages[key].rank, key))
    if not new:
        return None
    missing = [obligation for obligation in own if obligation.is_missing]
    returned = [obligation for obligation in own if obligation.is_unanswered]
    owing = rules.OutstandingCodes(
        agency.short_name,
        str(period),
        tuple((obligation.day, obligation.label) for obligation in missing),
        tuple((obligation.binding, obligation.label) for obligation in returned),
        sum(obligation.state == ObligationState.SIGNING for obligation in missing),
    )
    text = rules.reminder_text(owing=owing, today=day.today, contact=day.contact)
    return DueReminder(
        period,
        Tier(stages[new[0]].tier),
        tuple(new),
        text,
        tuple(obligation.label for obligation in (*missing, *returned)),
        agency=agency,
    )


def _stages(
    period: ReportingPeriod, own: list[ChasedObligation], day: _Day
) -> Iterator[tuple[datetime.date, rules.ReminderStage]]:
    """Day and stage of each group of obligations with the same due day."""
    if not period.is_backfill:
        for due in {obligation.due for obligation in own if obligation.is_missing}:
            stage = rules.stage_of(
                due=due, today=day.today, calendar=day.calendar, thresholds=day.numbers
            )
            if stage:
                yield due, stage
    for answer in {obligation.binding for obligation in own if obligation.is_unanswered}:
        if answer and answer <= day.today:
            yield answer, rules.RETURNED


def _of_reviewers(
    found: Iterable[ChasedObligation], reviewers: Iterable[User], day: _Day, sent: frozenset[str]
) -> Iterator[DueReminder]:
    """What waits too long, to each reviewer who may decide on it.

    The key contains the newest submission day that has waited too long, so that a reviewer is
    reminded again when more obligations have.
    """
    waiting = [
        obligation
        for obligation in found
        if obligation.is_waiting and obligation.sent and _too_long(obligation, day)
    ]
    by_period: dict[ReportingPeriod, list[ChasedObligation]] = {}
    for obligation in waiting:
        by_period.setdefault(obligation.period, []).append(obligation)
    for period, rows in by_period.items():
        for user in reviewers:
            mine = [obligation for obligation in rows if user.pk not in obligation.editors]
            newest = max((obligation.sent for obligation in mine if obligation.sent), default=None)
            key = f"{period.code} {user.username} review {newest}"
            if newest is None or key in sent:
                continue
            codes = tuple(dict.fromkeys(obligation.label for obligation in mine))
            days = day.numbers.whole("REVIEW_DAYS")
            text = rules.review_reminder_text(period=str(period), codes=codes, days=days)
            yield DueReminder(period, Tier.REVIEW, (key,), text, codes, user=user)


def _too_long(obligation: ChasedObligation, day: _Day) -> bool:
    assert obligation.sent is not None  # noqa: S101 - filtered
    return rules.waits_too_long(
        since=obligation.sent, today=day.today, calendar=day.calendar, thresholds=day.numbers
    )
