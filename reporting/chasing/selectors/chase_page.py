"""The chase page: agencies with their outstanding obligations, worst first."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from agencies.choices import Role
from agencies.models import Agency, User
from common.database.json_rows import JSONRow
from common.quarters import Period
from reporting.chasing import rules
from reporting.chasing.selectors.chased_obligations import ChasedObligation, chased_obligations
from reporting.choices import ObligationState, Tier
from reporting.models import Reminder, ReportingPeriod, TimeRequest
from reporting.periods.rules.punctuality import Punctuality, punctuality
from reporting.periods.rules.thresholds import Thresholds
from reporting.periods.rules.working_days import WorkingDays
from reporting.periods.selectors.calendar import working_days
from reporting.periods.selectors.thresholds import thresholds
from tasks.rules.awaited import is_missing, word, words

LONGEST_TEXT = 12
"""Number of codes in a text for a WeChat group; the others become …."""
_TIERS: Mapping[str, str] = {
    Tier.AHEAD: "临近截止",
    Tier.DUE: "今天截止",
    Tier.BLUE: "蓝色",
    Tier.ORANGE: "橙色",
    Tier.RED: "红色",
    Tier.RETURNED: "退回未改",
}


@dataclass(frozen=True)
class Contact:
    """A reporter or signer of an agency."""

    name: str
    phone: str
    last_login: datetime.datetime | None
    signs: bool


@dataclass(frozen=True)
class ChasedAgency:
    """One agency with its outstanding obligations."""

    agency: Agency
    missing: tuple[ChasedObligation, ...]
    returned: tuple[ChasedObligation, ...]
    due: datetime.date
    stage: rules.ReminderStage | None
    punctuality: Punctuality
    contacts: tuple[Contact, ...]
    requests: int
    last_reminder: dict[str, Any] | None
    today: datetime.date

    @property
    def overdue(self) -> int:
        return sum(is_missing(obligation.day, self.today) for obligation in self.missing)

    @property
    def lacking(self) -> tuple[str, ...]:
        """缺报3项, 待报2项."""
        return words(len(self.missing) - self.overdue, self.overdue, "项")

    @property
    def named(self) -> tuple[tuple[ChasedObligation, str], ...]:
        """Missing obligations, each with its word."""
        return tuple((obligation, word(obligation.day, self.today)) for obligation in self.missing)

    @property
    def drafts(self) -> int:
        return sum(obligation.state == ObligationState.DRAFT for obligation in self.missing)

    @property
    def signing(self) -> int:
        return sum(obligation.state == ObligationState.SIGNING for obligation in self.missing)

    @property
    def signers(self) -> str:
        """The signers for whom finished obligations wait."""
        return "、".join(contact.name for contact in self.contacts if contact.signs)

    @property
    def tier_words(self) -> str:
        """未到期, 临近截止, 蓝色, …"""
        return _TIERS[self.stage.tier] if self.stage else "未到期"

    @property
    def days_late(self) -> int:
        """Calendar days since the due day; 0 before it."""
        return max((self.today - self.due).days, 0)

    @property
    def last_login(self) -> datetime.datetime | None:
        """The last sign-in of anybody of the agency."""
        found = [contact.last_login for contact in self.contacts if contact.last_login]
        return max(found, default=None)

    @property
    def reminded_words(self) -> str:
        """蓝色催报 11月30日; empty where no reminder was sent."""
        if not self.last_reminder:
            return ""
        at = parse_datetime(self.last_reminder["at"])
        day = timezone.localtime(at) if at else None
        when = f" {day.month}月{day.day}日" if day else ""
        return f"{Tier(self.last_reminder['tier']).label}{when}"

    def owing(self, period: ReportingPeriod) -> rules.OutstandingCodes:
        """The codes that its reminder texts list."""
        return rules.OutstandingCodes(
            self.agency.short_name,
            str(period),
            tuple((obligation.day, obligation.label) for obligation in self.missing),
            tuple((obligation.binding, obligation.label) for obligation in self.returned),
            self.signing,
        )


@dataclass(frozen=True)
class ChasePage:
    """The whole page."""

    period: ReportingPeriod
    today: datetime.date
    rows: tuple[ChasedAgency, ...]
    complete: int
    punctuality: Punctuality
    calendar: WorkingDays
    missing_years: tuple[int, ...]

    @property
    def lacking(self) -> tuple[str, ...]:
        """缺报 and 待报 of all agencies, and how much was returned to them."""
        overdue = sum(row.overdue for row in self.rows)
        missing = sum(len(row.missing) for row in self.rows)
        returned = sum(len(row.returned) for row in self.rows)
        back = (f"退回未改{returned}项",) if returned else ()
        return (*words(missing - overdue, overdue, "项"), *back)

    @property
    def order_day(self) -> datetime.date:
        """The day that a supervision sheet printed today sets for overdue obligations."""
        return self.calendar.after(self.today, rules.SUPERVISION_DAYS)

    def chosen(self, codes: Iterable[str]) -> tuple[ChasedAgency, ...]:
        """The rows of these agencies; all where none is named."""
        wanted = set(codes)
        return tuple(row for row in self.rows if not wanted or row.agency.code in wanted)


def chase_page(*, code: str, today: datetime.date | None = None) -> ChasePage:
    """A period's chase page, five statements. Raises ReportingPeriod.DoesNotExist, ValueError."""
    today, of = today or timezone.localdate(), Period.parse(code)
    period = ReportingPeriod.objects.get(year=of.year, quarter=of.quarter or 0)
    found, calendar, numbers = chased_obligations(periods=[period]), working_days(), thresholds()
    by_agency: dict[int, list[ChasedObligation]] = {}
    for obligation in found:
        by_agency.setdefault(obligation.agency, []).append(obligation)
    behind = {key: own for key, own in by_agency.items() if any(x.is_outstanding for x in own)}
    rows = [
        _row(agency, behind[agency.pk], today, calendar, numbers)
        for agency in _agencies(period, behind)
    ]
    return ChasePage(
        period,
        today,
        tuple(sorted(rows, key=_worst_first)),
        len(by_agency) - len(behind),
        punctuality((obligation.handed for obligation in found), today),
        calendar,
        calendar.missing_years(today, max(period.closes_on, today)),
    )


def _agencies(period: ReportingPeriod, keys: Iterable[int]) -> QuerySet[Any]:
    """Agencies with contacts, last reminder and number of time requests."""
    users = User.objects.filter(
        agency=OuterRef("pk"), is_active=True, roles__overlap=[Role.REPORTER, Role.SIGNER]
    ).order_by("username")
    last = Reminder.objects.filter(agency=OuterRef("pk"), period=period).order_by("-sent_at", "-pk")
    asked = TimeRequest.objects.filter(agency=OuterRef("pk")).order_by().values("agency")
    return Agency.objects.filter(pk__in=keys).annotate(
        people=ArraySubquery(
            users.values(json=JSONRow(name="name", phone="phone", at="last_login", roles="roles"))
        ),
        reminded=Subquery(last.values(json=JSONRow(tier="tier", at="sent_at"))[:1]),
        asked=Subquery(asked.annotate(times=Count("pk")).values("times")),
    )


def _row(
    agency: Any,
    own: list[ChasedObligation],
    today: datetime.date,
    calendar: WorkingDays,
    numbers: Thresholds,
) -> ChasedAgency:
    missing = tuple(obligation for obligation in own if obligation.is_missing)
    returned = tuple(obligation for obligation in own if obligation.is_unanswered)
    first = min((obligation.due for obligation in missing), default=None)
    answer = min((row.binding for row in returned if row.binding), default=None)
    stages = []
    if first and not own[0].period.is_backfill:
        stages = [rules.stage_of(due=first, today=today, calendar=calendar, thresholds=numbers)]
    if answer and answer <= today:
        stages.append(rules.RETURNED)
    due = first or answer or own[0].due
    people = tuple(
        Contact(
            one["name"],
            one["phone"],
            parse_datetime(one["at"]) if one["at"] else None,
            Role.SIGNER in one["roles"],
        )
        for one in agency.people
    )
    return ChasedAgency(
        agency=agency,
        missing=missing,
        returned=returned,
        due=due,
        stage=max((one for one in stages if one), key=lambda one: one.rank, default=None),
        punctuality=punctuality((obligation.handed for obligation in own), today),
        contacts=people,
        requests=agency.asked or 0,
        last_reminder=agency.reminded,
        today=today,
    )


def _worst_first(row: ChasedAgency) -> tuple[int, int, int]:
    rank = row.stage.rank if row.stage else 0
    return -rank, -len(row.missing) - len(row.returned), row.agency.position
