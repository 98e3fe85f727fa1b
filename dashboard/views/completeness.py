from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agencies.policies import Action, can, requires
from common.quarters import Period
from dashboard.forms.periods import PeriodForm
from dashboard.selectors.completeness import completeness
from pages.decorators import accepts_asof
from pages.frame import Frame, frame_of
from reporting.chasing.selectors.opened_asof import opened_asof
from reporting.periods.selectors.opened_periods import OpenedPeriods, opened_periods


@require_safe
@requires(Action.READ)
@accepts_asof
def agency_reports(request: HttpRequest) -> HttpResponse:
    """The completeness of the reports. Never cached, since every report changes it.

    A past day shows only a sentence.
    """
    frame = frame_of(request)
    form = PeriodForm(request.GET or None, frame.day)
    period = form.show(opened_of(frame, form.asked()))
    page = None if frame.asof else completeness(period=period, known=opened_of(frame))
    may_chase = can(request.user, Action.REVIEW)
    context = {"form": form, "period": period, "reports": page, "may_chase": may_chase}
    return render(request, "dashboard/completeness.html", context)


def reporting_opened(frame: Frame, asked: Period | None = None) -> OpenedPeriods:
    """The opened quarters up to the one in the address, else to the newest with reports or duties.

    Read once a request; later calls get the first result.
    """

    def read() -> OpenedPeriods:
        found = opened_periods(last=Period.last_closed(timezone.localdate()), asked=asked)
        frame.know_state(found.state)
        return found

    return frame.once("opened", read)


def opened_of(frame: Frame, asked: Period | None = None) -> OpenedPeriods:
    """The opened quarters of the day that the page shows, now or past; read once a request."""
    asof = frame.asof
    if asof is None:
        return reporting_opened(frame, asked)

    def read() -> OpenedPeriods:
        last = Period.last_closed(asof.day)
        found = opened_asof(moment=asof.until, last=last, asked=asked)
        frame.know_state(found.state)
        return found

    return frame.once("opened then", read)
