from dataclasses import dataclass, replace

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agencies.policies import Action, SignedInRequest, requires
from dashboard import charts
from dashboard.charts.paths import PRINT
from dashboard.forms.periods import PeriodForm
from dashboard.selectors.overview.leaders_sheet import LeadersSheet
from dashboard.views.completeness import opened_of
from dashboard.views.standing import overview_of, reporting, standing_mark
from pages.caching import cached_by_version
from pages.decorators import accepts_asof
from pages.frame import frame_of

DENSE = 21.28
"""The row height below which the dense layout is used."""


@dataclass(frozen=True)
class PrintedSheet:
    """The content of the sheet, its notes, and the version of the judging rules."""

    html: SafeString
    notes: SafeString
    rule: int
    is_dense: bool


@require_safe
@requires(Action.READ)
@accepts_asof
@never_cache
def one_sheet(request: SignedInRequest) -> HttpResponse:
    """The A4 sheet for the leaders. Browsers must not cache it: it states its time and its reader.

    Its content is cached for all readers who may see the same; the key contains the matters, which
    change without the data's version.
    """
    frame = frame_of(request)
    opened = opened_of(frame, PeriodForm(request.GET or None, frame.day).asked())
    period = opened.shown

    def make() -> PrintedSheet:
        return _sheet(
            LeadersSheet(overview_of(request, period, opened), reporting(frame, period, opened))
        )

    name = f"sheet {period.code} {standing_mark(request, period, opened)}"
    context = {
        "sheet": cached_by_version(frame, name, make),
        "period": period,
        "opened": opened,
        "today": frame.day,
        "is_past": frame.asof is not None,
        "printed_at": timezone.now(),
    }
    return render(request, "dashboard/print.html", context)


def _sheet(page: LeadersSheet) -> PrintedSheet:
    size = replace(PRINT, row=DENSE) if page.is_dense else PRINT
    shown = {"page": page, "figure": charts.paths_chart(page.groups, page.years, size)}
    html, notes = (
        render_to_string(f"dashboard/{name}.html", shown) for name in ("_sheet", "_sheet_notes")
    )
    return PrintedSheet(html, notes, page.rule.version, page.is_dense)
