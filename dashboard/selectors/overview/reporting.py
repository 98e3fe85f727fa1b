"""What the overview says of the reports of a quarter: one line until their day, then who lacks."""

import datetime
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from dashboard.rules.overview.findings import ReportingDuties, due_words, reporting_finding
from dashboard.selectors.completeness import Completeness
from reporting.periods.selectors.opened_periods import OpenedPeriods


@dataclass(frozen=True)
class LackingAgency:
    """A body that has not reported in time, so many obligations and days."""

    name: str
    url: str
    count: int
    days: int


@dataclass(frozen=True)
class Reporting:
    """How the reports of a quarter stand on a day."""

    reports: Completeness
    due_on: datetime.date | None
    today: datetime.date

    @cached_property
    def duties(self) -> ReportingDuties:
        total = self.reports.total
        return ReportingDuties(
            period=self.reports.period,
            today=self.today,
            due_on=self.due_on,
            owed=total.owed if self.reports.is_open else 0,
            handed_in=total.handed_in,
            late=total.overdue,
            bodies=len(self.lacking),
        )

    @property
    def is_late(self) -> bool:
        """Whether something has not come in time: then it stands above the blocks."""
        return bool(self.lacking)

    @property
    def finding(self) -> str:
        """本季度报送还没有到期：151项已报送40项."""
        return reporting_finding(self.duties)

    @property
    def due(self) -> str:
        """12月7日（周一）截止，还剩7天."""
        return due_words(self.duties) if self.duties.owed else ""

    @property
    def words(self) -> str:
        """通过37项、待审3项、待报111项."""
        return self.reports.total_words if self.duties.owed else ""

    @cached_property
    def lacking(self) -> tuple[LackingAgency, ...]:
        """The bodies that lack something, most obligations first."""
        days = (self.today - self.due_on).days if self.due_on else 0
        found = [row for row in self.reports.rows if row.now.overdue]
        found.sort(key=lambda row: -row.now.overdue)
        return tuple(
            LackingAgency(
                row.agency.short_name, _agency(row.agency.code), row.now.overdue, max(days, 0)
            )
            for row in found
        )

    @property
    def most_left(self) -> str:
        """区发改局18，区工信局12: the bodies from which most is still to come; empty for none."""
        found = sorted(self.reports.rows, key=lambda row: -row.now.awaited)[:3]
        return "，".join(
            f"{row.agency.short_name}{row.now.awaited}" for row in found if row.now.awaited
        )

    @property
    def url(self) -> str:
        return self.reports.address


def reporting_of(
    *, reports: Completeness, opened: OpenedPeriods, today: datetime.date
) -> Reporting:
    """The reports of a quarter with the day by which they come."""
    return Reporting(reports, opened.due.get(reports.period), today)


def _agency(code: str) -> str:
    return reverse("agencies:detail", args=[code])
