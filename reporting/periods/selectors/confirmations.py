"""What the bureau has to confirm so that the coming quarters open on the right day."""

import datetime
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.urls import reverse

from common.formats import zh_date, zh_day
from common.quarters import Period
from reporting.models import ReportingPeriod
from reporting.periods.rules.rhythm import following, is_reporting_quarter, next_period
from reporting.periods.rules.thresholds import Thresholds

AHEAD = datetime.timedelta(days=45)
"""So long before a quarter's end: by then the next year's holidays have been announced."""
SOON = datetime.timedelta(days=20)
"""So long before an automatically planned period opens."""


@dataclass(frozen=True)
class Confirmation:
    """One thing to confirm: `label` is the link, `why` the explanation next to it."""

    label: str
    url: str
    why: str = ""


def confirmations(
    *,
    today: datetime.date,
    periods: Iterable[ReportingPeriod],
    years: Collection[int],
    numbers: Thresholds,
) -> tuple[Confirmation, ...]:
    """What has to be confirmed on a day; `years` are those whose holidays are entered."""
    known = {row.period: row for row in periods}
    if not known:
        return (_unplanned(next_period(today=today, known=frozenset(), thresholds=numbers)),)
    missing = [
        one for one in _near(today) if one not in known and is_reporting_quarter(one, numbers)
    ]
    lacking = {_opening_year(one) for one in missing} - {*years}
    wanted = [
        one
        for one in missing
        if _opening_year(one) not in lacking
        and (one.end < today or not numbers.whole("PLAN_AHEAD"))
    ]
    planned = [row for row in reversed(known.values()) if row.is_planned]
    return (
        *(_holidays(year) for year in sorted(lacking)),
        *(_unplanned(one) for one in wanted),
        *(found for row in planned for found in _planned(row, today, numbers)),
    )


def _near(today: datetime.date) -> Iterator[Period]:
    """The quarter that has ended, and the current one shortly before its end."""
    ended = Period.last_closed(today)
    yield ended
    if following(ended).end - today <= AHEAD:
        yield following(ended)


def _opening_year(period: Period) -> int:
    return (period.end + datetime.timedelta(days=1)).year


def _holidays(year: int) -> Confirmation:
    return Confirmation(
        f"登记{year}年放假",
        f"{reverse('reporting:calendar')}?year={year}",
        "登记以后，系统才建立并按时开放这一年的填报期",
    )


def _unplanned(of: Period) -> Confirmation:
    return Confirmation(
        f"建立{of.label}填报期", f"{reverse('reporting:period_new')}?quarter={of.code}"
    )


def _planned(
    row: ReportingPeriod, today: datetime.date, numbers: Thresholds
) -> Iterator[Confirmation]:
    """A planned period that missed its day, has to be opened by hand, or opens soon."""
    edit = reverse("reporting:period_edit", args=(row.code,))
    if row.due_on < today:
        why = f"没有按时开放，截止日期{zh_date(row.due_on)}已过"
        yield Confirmation(f"改{row}填报期的日期", edit, why)
    elif row.opens_on <= today:
        url = reverse("reporting:period_open", args=(row.code,))
        yield Confirmation(f"开放{row}填报期", url, f"定于{zh_day(row.opens_on)}开放")
    elif row.is_automatic and row.opens_on - today <= SOON:
        itself = "自动开放" if numbers.whole("OPENS_ITSELF") else "可以开放"
        why = f"系统建立，{zh_day(row.opens_on)}{itself}，{zh_day(row.due_on)}截止"
        yield Confirmation(f"核对{row}填报期", edit, why)
