"""The milestones of a past year: shown to everybody, settled by the bureau's reviewers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST

from agencies.policies import Action, SignedInRequest, can, requires
from common.charts import Chart
from common.web.refusals import refusal_on_form
from common.workbooks.writing import workbook_response
from dashboard.charts import milestone_chart
from dashboard.forms.settled import MilestoneFilter, RecogniseForm, RetractForm, SettleForm
from dashboard.selectors.years.settled import (
    Milestones,
    ProposedRow,
    asked_by,
    milestones_of,
    milestones_page,
)
from dashboard.sheets import settled_sheet
from dashboard.views.years.known import check_known
from pages.caching import cached_by_version, unchanged_answers_304
from pages.charts import chart_views
from pages.frame import frame_of
from targets import services
from targets.models import Proposal, Settlement
from targets.rules import JudgingRules, MilestoneYears
from targets.selectors import settled_year
from targets.selectors.settling import WAS_SETTLED, recognisable
from targets.services import Pick


@dataclass(frozen=True)
class SettledPart:
    """The list of milestones with its summary, filters and chart."""

    html: SafeString
    has_chart: bool
    years: MilestoneYears
    judging: JudgingRules | None
    asked: tuple[ProposedRow, ...]


_MARK = re.compile(r"\d{1,18}-\d{1,18}")


@unchanged_answers_304
def settled(request: SignedInRequest, year: int) -> HttpResponse:
    """Cached for readers of the same roles and agency, who may settle and open the same."""
    query, reader = request.GET.urlencode(), request.user
    may_settle = can(reader, Action.SETTLE) and not frame_of(request).asof
    name = f"settled {year} {query} {reader.roles} {reader.agency_id}"
    part = cached_by_version(
        frame_of(request), name, lambda: _part(request, year, may_settle=may_settle), area="targets"
    )
    context = {
        "part": part,
        "year": year,
        "title": _title(year),
        "query": query,
        "may_settle": may_settle,
        "groups": asked_by(part.asked, reader=reader) if may_settle else (),
    }
    return render(request, "dashboard/settled.html", context)


def export(request: HttpRequest, year: int) -> HttpResponse:
    sheet = settled_sheet(_filter(request, year).chosen())
    return workbook_response(sheet, name=_title(year), as_of=frame_of(request).past_day)


@require_POST
@requires(Action.SETTLE)
def settle(request: SignedInRequest, year: int) -> HttpResponse:
    """List the milestones to settle with their numbers; propose them once confirmed."""
    marks = request.POST.getlist("pick")
    form = None
    if "confirm" in request.POST:
        form = SettleForm(request.POST, is_again="again" in request.POST)
        if form.is_valid() and (said := _proposed(request, form, marks, year)):
            messages.success(request, said)
            return redirect("dashboard:year", year)
    rows = milestones_of(settled_year(year=year)).picked(marks)
    if not rows or len(rows) != len(set(marks)):
        sentence = "勾选的数值或目标刚刚变了，核对后再勾选" if marks else "先勾选要判定的指标"
        messages.error(request, sentence)
        return redirect("dashboard:year", year)
    form = form or SettleForm(None, is_again=any(row.is_again for row in rows))
    context = {"form": form, "rows": rows, "year": year, "title": _title(year)}
    return render(request, "dashboard/settle.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.SETTLE)
def recognise(request: SignedInRequest, year: int, number: int) -> HttpResponse:
    """Settle a milestone without a number by a document."""
    milestone = get_object_or_404(recognisable(year=year), pk=number)
    form = RecogniseForm(
        request.POST if request.method == "POST" else None,
        is_again=WAS_SETTLED.of(milestone),
        is_striven=milestone.target.is_striven,
    )
    if form.is_valid():
        try:
            asked = services.propose_recognition(
                milestone=milestone, by=request.user, **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            what = f"{milestone.target.code}的{year}年目标"
            messages.success(request, _message("认定", what, asked))
            return redirect("dashboard:year", year)
    context = {"form": form, "milestone": milestone, "title": _title(year)}
    return render(request, "dashboard/recognise.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.SETTLE)
def retract(request: SignedInRequest, year: int, number: int) -> HttpResponse:
    """Retract a current settlement, with the reason."""
    known = Settlement.objects.select_related("target", "observation")
    settlement = get_object_or_404(known, pk=number, year=year, is_current=True)
    form = RetractForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusal_on_form(form):
            asked = services.propose_retraction(
                settlement=settlement, by=request.user, reason=form.cleaned_data["reason"]
            )
            messages.success(request, _message("撤销", f"{settlement}的判定", asked))
            return redirect("dashboard:year", year)
    context = {"form": form, "row": settlement, "title": _title(year)}
    return render(request, "dashboard/settled_retract.html", context)


def _title(year: int) -> str:
    return f"{year}年判定"


def _part(request: HttpRequest, year: int, *, may_settle: bool) -> SettledPart:
    form = _filter(request, year)
    page = form.chosen()
    chart = "" if form.is_narrowed else _chart(request, form.page)
    shown = {
        "form": form,
        "page": page,
        "chart": chart,
        "all": form.page,
        "found": f"共{len(page.rows)}项",
        "reset": request.path,
        "may_settle": may_settle,
    }
    html = render_to_string("dashboard/_settled.html", shown)
    return SettledPart(html, bool(chart), form.page.years, form.page.judging, form.page.asked)


def _chart(request: HttpRequest, page: Milestones) -> str:
    """The chart as HTML, the same for every reader; empty where there is none."""

    def drawn() -> str:
        chart = milestone_chart(page.drawn)
        return render_to_string("components/chart.html", {"chart": chart}) if chart else ""

    return cached_by_version(frame_of(request), f"settled chart {page.year}", drawn, area="targets")


def _filter(request: HttpRequest, year: int) -> MilestoneFilter:
    reader, asof = request.user, frame_of(request).asof
    page = milestones_page(year=year, reader=reader, asof=asof)  # type: ignore[arg-type]
    check_known(page.years, year)
    return MilestoneFilter(request.GET, page)


def _figure(request: HttpRequest, year: int) -> Chart | None:
    page = milestones_of(settled_year(year=year, asof=frame_of(request).asof))
    check_known(page.years, year)
    return milestone_chart(page.drawn) if page.year == year else None


figure, figure_data = chart_views(_figure, area="targets")


def _proposed(request: SignedInRequest, form: SettleForm, marks: list[str], year: int) -> str:
    """The message of what was done; None, with an error in the form, where it was refused."""
    keys = [mark.split("-") for mark in marks if _MARK.fullmatch(mark)]
    reason, note = form.cleaned_data.get("reason", ""), form.cleaned_data["note"]
    picks = [Pick(int(first), int(second), year, reason, note) for first, second in keys]
    try:
        asked = services.propose_settlements(picks=picks, by=request.user)
    except ValidationError as error:
        form.add_error(None, ValidationError(error.messages))
        return ""
    return _message("判定", "、".join(row.target.code for row in asked) or f"{len(picks)}项", asked)


def _message(verb: str, what: str, asked: Sequence[Proposal]) -> str:
    """Whether the action waits for a second person, or is effective at once."""
    if asked:
        return f"已提出{verb}{what}，等另一位审核员确认后生效。"
    return f"已{verb}{what}，结论已进入看板，记入留痕。"
