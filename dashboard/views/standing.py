"""What overview, wall and print show alike, read once a request and kept until it changes."""

import datetime

from django.http import HttpRequest

from agencies.choices import Role
from agencies.models import User
from agencies.policies import SignedInRequest
from common.quarters import Period
from dashboard.selectors.completeness import Completeness, completeness
from dashboard.selectors.overview.overview import Overview, first_day, overview
from dashboard.selectors.overview.reporting import Reporting, reporting_of
from dashboard.views.basis import unreviewed_of
from pages.asof import asof_of
from pages.basis import basis_of
from pages.caching import Kept, data_state, made_once
from records.asof import AsOf, day_of
from reporting.matters.selectors.concerns import Concerns, concerns_on, scope_of
from reporting.periods.selectors.opened import Opened


def overview_of(request: SignedInRequest, period: Period, opened: Opened) -> Overview:
    """The overview of a quarter; each of its parts is read when a template asks for it."""
    reports = reports_of(request, period, opened)
    return overview(
        period=period,
        opened=opened.periods,
        asof=asof_of(request),
        unreviewed=unreviewed_of(request),
        ledger=ledger_of(request, period, opened),
        waiting=reports.total.waiting if reports else 0,
        kept=Kept(request),
        state=data_state(request),
        decides=request.user.has_role(Role.LEADER, Role.REVIEWER),
    )


def ledger_of(
    request: SignedInRequest, period: Period, opened: Opened
) -> tuple[Concerns, Concerns] | None:
    """The ledger on the day of comparison and now, read once for its mark: it changes without the
    version of the data.

    None where values are shown that wait for review: nothing is compared then.
    """
    if basis_of(request).is_submitted:
        return None
    found: tuple[Concerns, Concerns] | None = getattr(request, "_ledger", None)
    if found is None:
        today = day_of(asof_of(request))
        days = (first_day(period, today), today)
        name = f"matters {days[0]} {opened.ledger} {scope_of(request.user)}"
        found = made_once(request, name, lambda: _ledger_on(*days, request.user), of="plan")
        request._ledger = found  # type: ignore[attr-defined]
    return found


def _ledger_on(
    first: datetime.date, last: datetime.date, reader: User
) -> tuple[Concerns, Concerns]:
    before, now = concerns_on(moments=[AsOf(day).until for day in (first, last)], reader=reader)
    return before, now


def standing_mark(request: SignedInRequest, period: Period, opened: Opened) -> tuple[object, ...]:
    """What a page that says all of it depends on besides the data."""
    ledger = opened.ledger or ledger_of(request, period, opened)
    return opened.mark, scope_of(request.user), ledger


def reports_of(request: HttpRequest, period: Period, opened: Opened) -> Completeness | None:
    """The agencies' reports, made once until one of them changes, and asked once a request; not
    known of a past day."""
    if asof_of(request):
        return None
    found: Completeness | None = getattr(request, "_reports", None)
    if found is None:
        name = f"reports {period.code} {opened.mark}"
        found = made_once(
            request, name, lambda: completeness(period=period, known=opened), of="plan"
        )
        request._reports = found  # type: ignore[attr-defined]
    return found


def reporting(request: HttpRequest, period: Period, opened: Opened) -> Reporting | None:
    """What is said of them; None of a past day."""
    found = reports_of(request, period, opened)
    today = day_of(asof_of(request))
    return reporting_of(reports=found, opened=opened, today=today) if found else None
