"""The bureau's pages of periods and the calendar."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.policies import Action, SignedInRequest, requires
from common.formats import zh_date
from common.quarters import Period
from common.web.input_cleaning import key_of
from common.web.refusals import refusal_as_message
from reporting.models import ReportingPeriod
from reporting.periods.forms import HolidaysForm, PeriodForm, proposed, typed
from reporting.periods.rules.rhythm import (
    asks_annual,
    earlier_periods,
    is_backfill,
    next_period,
    usual_dates,
)
from reporting.periods.selectors import calendar as calendars
from reporting.periods.selectors.change_previews import is_moved_back, preview_move, preview_opening
from reporting.periods.selectors.confirmations import confirmations
from reporting.periods.selectors.periods import (
    known_periods,
    missing_obligations,
    period_page,
    period_rows,
)
from reporting.periods.selectors.thresholds import thresholds
from reporting.periods.services import calendar as calendar_services
from reporting.periods.services import periods as services

_GET_POST = require_http_methods(["GET", "POST"])


@require_safe
@requires(Action.KEEP_PERIODS)
def period_list(request: HttpRequest) -> HttpResponse:
    rows, today = period_rows(), timezone.localdate()
    known, calendar = known_periods(rows), calendars.working_days()
    numbers = thresholds()
    last = max((row.period.closes_on for row in rows), default=today)
    context = {
        "rows": rows,
        "coming": next_period(today=today, known=known, thresholds=numbers),
        "prompts": confirmations(
            today=today, periods=[row.period for row in rows], years=calendar.years, numbers=numbers
        ),
        "earlier": earlier_periods(today=today, known=known),
        "missing_years": calendar.missing_years(today, max(last, today)),
    }
    return render(request, "reporting/periods/periods.html", context)


@_GET_POST
@requires(Action.KEEP_PERIODS)
def period_new(request: SignedInRequest) -> HttpResponse:
    """Plan the quarter named in the address, with the dates that follow from the settings."""
    of, today = _quarter(request.GET.get("quarter", "")), timezone.localdate()
    calendar, numbers = calendars.working_days(), thresholds()
    dates = usual_dates(period=of, today=today, calendar=calendar, thresholds=numbers)
    period = proposed(ReportingPeriod(year=of.year, quarter=of.quarter or 0), dates)
    period.is_backfill = is_backfill(of, today)
    period.asks_annual = asks_annual(of, numbers)
    return _period_form(request, period, "建立填报期")


@_GET_POST
@requires(Action.KEEP_PERIODS)
def period_edit(request: SignedInRequest, code: str) -> HttpResponse:
    return _period_form(request, _period(code), "保存")


def _period_form(request: SignedInRequest, period: ReportingPeriod, submit: str) -> HttpResponse:
    form = PeriodForm(request.POST or None, initial=typed(period))
    if request.method == "POST" and form.is_valid():
        days = {name: form.cleaned_data[name] for name in ("due_on", "closes_on")}
        if is_moved_back(period=period, **days) and "confirmed" not in request.POST:
            context = {
                "form": form,
                "period": period,
                "moving": preview_move(period=period, **days),
            }
            return render(request, "reporting/periods/period_move.html", context | days)
        try:
            services.save_period(period=form.fill(period), by=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, f"{period}填报期已保存")
            return redirect("reporting:period", code=period.code)
    calendar = calendars.working_days()
    years = calendar.missing_years(period.opens_on, period.closes_on)
    context = {"form": form, "period": period, "submit": submit, "missing_years": years}
    return render(request, "reporting/periods/period_form.html", context)


@require_safe
@requires(Action.KEEP_PERIODS)
def period_detail(request: HttpRequest, code: str) -> HttpResponse:
    try:
        page = period_page(code=code)
    except (ReportingPeriod.DoesNotExist, ValueError) as error:
        raise Http404(f"没有{code}填报期") from error
    return render(request, "reporting/periods/period.html", {"page": page, "period": page.period})


@_GET_POST
@requires(Action.KEEP_PERIODS)
def period_open(request: SignedInRequest, code: str) -> HttpResponse:
    """Open a period, after a preview of what agencies will owe."""
    period = _period(code)
    if request.method == "POST":
        return _taken(request, period, services.open_period, "已开放")
    context = {"period": period, "opening": preview_opening(period=period)}
    return render(request, "reporting/periods/period_open.html", context)


@require_POST
@requires(Action.KEEP_PERIODS)
def period_refresh(request: SignedInRequest, code: str) -> HttpResponse:
    """Bring the obligations of a period in line with the plan."""
    return _taken(request, _period(code), services.refresh, "应报事项已更新")


def _taken(
    request: SignedInRequest,
    period: ReportingPeriod,
    take: Callable[..., services.ChangedObligations],
    said: str,
) -> HttpResponse:
    with refusal_as_message(request):
        done = take(period=period, by=request.user)
        messages.success(request, f"{period}{said}：{done}")
    return redirect("reporting:period", code=period.code)


@require_POST
@requires(Action.KEEP_PERIODS)
def period_take_back(request: SignedInRequest, code: str) -> HttpResponse:
    """Undo an early opening."""
    with refusal_as_message(request):
        period = services.take_back(period=_period(code), by=request.user)
        messages.success(request, f"{period}的提前开放已收回，{zh_date(period.opens_on)}自动开放")
    return redirect("reporting:period", code=code)


@_GET_POST
@requires(Action.KEEP_PERIODS)
def period_close(request: SignedInRequest, code: str) -> HttpResponse:
    """Close a period, after a list of what is still missing."""
    period = _period(code)
    if request.method == "POST":
        with refusal_as_message(request):
            services.close_period(period=period, by=request.user)
            messages.success(request, f"{period}填报期已关闭并锁定")
        return redirect("reporting:period", code=code)
    context = {
        "period": period,
        "obligations": list(missing_obligations(period=period)),
        "moving": preview_move(period=period, due_on=period.due_on, closes_on=period.closes_on),
    }
    return render(request, "reporting/periods/period_close.html", context)


@_GET_POST
@requires(Action.KEEP_PERIODS)
def calendar(request: SignedInRequest) -> HttpResponse:
    """The holidays of a year, and a field to paste those of another one."""
    year = _year(request.GET.get("year", ""))
    form = HolidaysForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            days = calendar_services.days_of(text=form.cleaned_data["text"], year=year)
            event = calendar_services.set_year(year=year, days=days, by=request.user)
        except ValidationError as error:
            form.add_error("text", error.messages)
        else:
            said = f"已登记{year}年的{len(days)}天" if event else "没有改动"
            messages.success(request, said)
            return redirect(f"{request.path}?year={year}")
    years = {*calendars.entered_years(), timezone.localdate().year + 1, year}
    context = {"form": form, "year": year, "years": sorted(years)}
    context["days"] = calendars.special_days(year=year)
    return render(request, "reporting/periods/calendar.html", context)


def _period(code: str) -> ReportingPeriod:
    of = _quarter(code)
    return get_object_or_404(ReportingPeriod, year=of.year, quarter=of.quarter)


def _quarter(code: str) -> Period:
    try:
        found = Period.parse(code)
    except ValueError as error:
        raise Http404(str(error)) from error
    if found.quarter is None:
        raise Http404(f"{code}不是季度")
    return found


def _year(text: str) -> int:
    if not text:
        return timezone.localdate().year
    year = key_of(text) or 0
    if not 2021 <= year <= 2060:
        raise Http404(f"没有{text[:20]}年")
    return year
