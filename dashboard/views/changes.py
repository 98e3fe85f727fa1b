"""The page of changes between two quarter ends or days."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from agencies.policies import Action, SignedInRequest, requires
from common.workbooks.writing import workbook_response
from dashboard.forms.changes import SpanForm, page_of, read_filters
from dashboard.rules.changes.comparison import Comparison
from dashboard.selectors.changes.comparison import changes
from dashboard.selectors.changes.page import ChangeFilters, ChangesPage
from dashboard.sheets import changes_sheet
from pages.caching import answers_304_while_same, cached_by_version
from pages.frame import frame_of
from records.asof import AsOf
from reporting.matters.selectors.on_days import MattersByDay, matters_on_days, reader_scope

Made = TypeVar("Made")


@dataclass(frozen=True)
class ShownChanges:
    """The comparison as filtered for the page."""

    actions: SafeString
    html: SafeString


@require_safe
@requires(Action.READ)
@answers_304_while_same(lambda request: _concerns(request))
def changes_page(request: SignedInRequest) -> HttpResponse:
    span = _span(request)

    def make() -> ShownChanges:
        context = {"span": span, "page": _page(request, span)}
        return ShownChanges(
            render_to_string("dashboard/_changes_actions.html", context),
            render_to_string("dashboard/_changes.html", context),
        )

    is_plain = read_filters(request.GET) == ChangeFilters()
    part = _kept(request, "shown", make) if is_plain else make()
    return render(request, "dashboard/changes.html", {"span": span, "part": part})


@require_safe
@requires(Action.READ)
def export(request: SignedInRequest) -> HttpResponse:
    span = _span(request)
    page = _page(request, span)
    name = f"变化_{span.first.day:%Y%m%d}至{span.last.day:%Y%m%d}"
    return workbook_response(changes_sheet(page), name=name)


def _span(request: HttpRequest) -> SpanForm:
    form = partial(SpanForm, request.GET, timezone.localdate())
    return frame_of(request).once("span", form)


def _concerns(request: SignedInRequest) -> tuple[MattersByDay, MattersByDay]:
    """The matters on both days, read once a request: they change without the data's version."""

    def read() -> tuple[MattersByDay, MattersByDay]:
        span = _span(request)
        moments = [AsOf(end.day).until for end in (span.first, span.last)]
        first, last = matters_on_days(moments=moments, reader=request.user)
        return first, last

    return frame_of(request).once("concerns", read)


def _page(request: SignedInRequest, span: SpanForm) -> ChangesPage:
    concerns, days = _concerns(request), (span.first.day, span.last.day)

    def make() -> Comparison:
        return changes(first=days[0], last=days[1], concerns=concerns)

    return page_of(_kept(request, "compared", make), request.GET, span)


def _kept(request: SignedInRequest, name: str, make: Callable[[], Made]) -> Made:
    """Cached for the two quarters shown by default only; other days are rarely asked for.

    The key contains the matters and what the reader may see of them, besides the data.
    """
    if _span(request).query:
        return make()
    return cached_by_version(
        frame_of(request), f"changes {name} {reader_scope(request.user)} {_concerns(request)}", make
    )
