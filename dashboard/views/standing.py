"""Parts that overview, wall and print share, read once a request and cached until they change."""

import datetime
from functools import partial

from agencies.choices import Role
from agencies.models import User
from agencies.policies import SignedInRequest
from common.quarters import Period
from dashboard.selectors.completeness import Completeness, completeness
from dashboard.selectors.overview.overview import Overview, overview
from dashboard.selectors.overview.parts import first_day
from dashboard.selectors.overview.reporting import Reporting, reporting_of
from dashboard.views.basis import unreviewed_of
from pages.caching import VersionCache, cached_by_version
from pages.frame import Frame, frame_of
from records.asof import AsOf
from reporting.matters.selectors.on_days import MattersByDay, matters_on_days, reader_scope
from reporting.periods.selectors.opened_periods import OpenedPeriods


def overview_of(request: SignedInRequest, period: Period, opened: OpenedPeriods) -> Overview:
    """The overview of a quarter; each part is computed when a template asks for it."""
    frame = frame_of(request)
    reports = reports_of(frame, period, opened)
    return overview(
        period=period,
        opened=opened.periods,
        asof=frame.asof,
        unreviewed=unreviewed_of(request),
        ledger=ledger_of(request, period, opened),
        waiting=reports.total.waiting if reports else 0,
        kept=VersionCache(frame),
        state=frame.state,
        decides=request.user.has_role(Role.LEADER, Role.REVIEWER),
    )


def ledger_of(
    request: SignedInRequest, period: Period, opened: OpenedPeriods
) -> tuple[MattersByDay, MattersByDay] | None:
    """The matters on the day of comparison and now, read once a request.

    They belong to the page's mark, because they change without the data's version. None where
    waiting values are shown: nothing is compared then.
    """
    frame = frame_of(request)
    if frame.basis.is_submitted:
        return None
    days = (first_day(period, frame.day), frame.day)

    def read() -> tuple[MattersByDay, MattersByDay]:
        # Matters change without the data's version, so their mark is part of the key.
        name = f"matters {days[0]} {opened.ledger} {reader_scope(request.user)}"
        return cached_by_version(frame, name, lambda: _ledger_on(*days, request.user), area="plan")

    return frame.once("ledger", read)


def _ledger_on(
    first: datetime.date, last: datetime.date, reader: User
) -> tuple[MattersByDay, MattersByDay]:
    before, now = matters_on_days(moments=[AsOf(day).until for day in (first, last)], reader=reader)
    return before, now


def standing_mark(
    request: SignedInRequest, period: Period, opened: OpenedPeriods
) -> tuple[object, ...]:
    """The mark of a page with all parts: what it depends on besides the data."""
    ledger = opened.ledger or ledger_of(request, period, opened)
    return opened.mark, reader_scope(request.user), ledger


def reports_of(frame: Frame, period: Period, opened: OpenedPeriods) -> Completeness | None:
    """The completeness of the reports, cached until one changes and read once a request.

    None for a past day.
    """
    if frame.asof:
        return None

    def read() -> Completeness:
        make = partial(completeness, period=period, known=opened)
        return cached_by_version(frame, f"reports {period.code} {opened.mark}", make, area="plan")

    return frame.once("reports", read)


def reporting(frame: Frame, period: Period, opened: OpenedPeriods) -> Reporting | None:
    """The sentences about the reports; None for a past day."""
    found = reports_of(frame, period, opened)
    return reporting_of(reports=found, opened=opened, today=frame.day) if found else None
