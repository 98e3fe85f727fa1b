from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agencies.policies import Action, requires
from common.quarters import Period
from dashboard.forms.periods import PeriodForm
from dashboard.selectors.one_page import one_page
from dashboard.views.completeness import opened_of
from plan.asof import AsOf, day_of
from plan.asof_pages import accepts_asof, asof_of
from plan.caching import made_once
from reporting.selectors.matters import ledger_mark
from reporting.selectors.opened import Opened


@dataclass(frozen=True)
class Sheet:
    """What the sheet says, and the notes below it."""

    html: SafeString
    notes: SafeString
    is_dense: bool


@require_safe
@requires(Action.READ)
@accepts_asof
@never_cache
def one_sheet(request: HttpRequest) -> HttpResponse:
    """The A4 page for the leaders; it says when and by whom it was printed, so no browser keeps it.

    What it says is the same for all of them. The ledger of risks changes without the data.
    """
    asof = asof_of(request)
    opened = opened_of(request, PeriodForm(request.GET or None, day_of(asof)).asked())
    period = opened.shown
    mark = None if asof else ledger_mark()
    name = f"sheet {period.code} {opened.codes} {mark}"
    context = {
        "sheet": made_once(request, name, lambda: _sheet(period, opened, asof)),
        "period": period,
        "opened": opened,
        "today": day_of(asof),
        "is_past": asof is not None,
        "printed_at": timezone.now(),
    }
    return render(request, "dashboard/print.html", context)


def _sheet(period: Period, opened: Opened, asof: AsOf | None) -> Sheet:
    page = one_page(period=period, opened=opened.periods, asof=asof)
    html, notes = (
        render_to_string(f"dashboard/{name}.html", {"page": page})
        for name in ("_sheet", "_sheet_notes")
    )
    return Sheet(html, notes, page.is_dense)
