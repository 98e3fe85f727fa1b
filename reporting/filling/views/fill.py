"""The form of one obligation: shown, saved without a script, reopened for a correction."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from agencies.policies import Action, SignedInRequest, can, requires
from common.web.addresses import own_address
from reporting.answers.selectors.checking import checked_by_key
from reporting.answers.selectors.contributions import contributions_of
from reporting.answers.selectors.last_figures import goal_words
from reporting.answers.selectors.reference import TargetReference, reference_of
from reporting.filling.charts import trend_picture
from reporting.filling.selectors.evidence import evidence_block
from reporting.filling.selectors.form import FormPage, form_page
from reporting.filling.selectors.form_fields import ContestedField
from reporting.filling.selectors.obligation_details import (
    ObligationDetails,
    obligation_with_details,
)
from reporting.filling.selectors.presence import moment
from reporting.filling.services import corrections, entries
from reporting.filling.services.entries import FieldEdit, SavedObligation, typed_edits
from reporting.filling.views.evidence import take_along
from reporting.filling.views.fill_buttons import accepted, given_up, reworked
from reporting.filling.views.years import check_is_one, offers_years
from reporting.models import Obligation
from reporting.periods.selectors.thresholds import thresholds
from reporting.policies import ConflictError, check_can_read
from reporting.rules.fields import REPLY


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.READ_OWN)
@offers_years("reporting:fill")
def fill(request: SignedInRequest, period: str, kind: str, code: str) -> HttpResponse:
    """The form of one obligation; a POST saves what is typed and does what its button says."""
    obligation = _obligation(request, period, kind, code)
    if request.method != "POST":
        return _shown(request, obligation)
    edits = typed_edits(data=request.POST)
    try:
        edits = given_up(request, obligation, edits)
        changed = reworked(request, obligation, edits)
        saved = entries.save(pk=obligation.pk, edits=changed, by=request.user)
        accepted(request)
        take_along(request, obligation)
    except ConflictError as refusal:
        messages.error(request, str(refusal))
        lost = {name: edit.text for name, edit in edits.items()}
        return _shown(request, obligation, lost=lost, status=409)
    except ValidationError as refusal:
        messages.error(request, "；".join(refusal.messages))
        return redirect(_here(request))
    if saved.conflicts or saved.unsaved:
        return _asked_again(request, _obligation(request, period, kind, code), saved, edits)
    return _onward(request, obligation)


@require_POST
@requires(Action.REPORT)
@offers_years("reporting:fill")
def correct(request: SignedInRequest, period: str, kind: str, code: str) -> HttpResponse:
    """更正: reopen an approved obligation, with the reason."""
    obligation = _obligation(request, period, kind, code)
    try:
        reason = request.POST.get("reason", "")
        corrections.correct(pk=obligation.pk, reason=reason, by=request.user)
        messages.success(request, "已打开更正。改好后重新报送；审核通过以前，原来的数据继续有效。")
    except (ConflictError, ValidationError) as refusal:
        messages.error(request, _words(refusal))
    return redirect(obligation)


@require_POST
@requires(Action.REPORT)
@offers_years("reporting:fill")
def drop(request: SignedInRequest, period: str, kind: str, code: str) -> HttpResponse:
    """放弃更正: restore what was approved."""
    obligation = _obligation(request, period, kind, code)
    try:
        corrections.drop_correction(pk=obligation.pk, by=request.user)
        messages.success(request, "已放弃更正，恢复为审核通过的内容。")
    except (ConflictError, ValidationError) as refusal:
        messages.error(request, _words(refusal))
    return redirect(obligation)


def _obligation(request: SignedInRequest, period: str, kind: str, code: str) -> Obligation:
    obligation = obligation_with_details(period=period, kind=kind, code=code, reader=request.user)
    if obligation is None:
        raise Http404(f"{period}没有编号为{code}的填报事项")
    check_can_read(obligation=obligation, by=request.user)
    check_is_one(obligation, code)
    return obligation


def _shown(
    request: SignedInRequest,
    obligation: Obligation,
    *,
    contests: Mapping[str, ContestedField] | None = None,
    lost: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    limits = thresholds()
    page = form_page(
        checked=checked_by_key(obligations=[obligation], limits=limits)[obligation.pk],
        reader=request.user,
        limits=limits,
        shows_errors="check" in request.GET,
        typed={name: one.mine for name, one in (contests or {}).items()},
        contests=contests,
    )
    context = {
        "page": page,
        "obligation": obligation,
        "may_edit": page.may_edit,
        "evidence": evidence_block(obligation=obligation, limit_mb=limits.whole("EVIDENCE_MB")),
        "lost": _lost(page, lost or {}),
        "way_back": _way_back(request),
        **_reference(page),
        "may_read_history": can(request.user, Action.READ_HISTORY),
    }
    return render(request, f"reporting/filling/fill_{obligation.kind}.html", context, status=status)


def _reference(page: FormPage) -> dict[str, Any]:
    reference = reference_of(checked=page.checked)
    context: dict[str, Any] = {"reference": reference}
    if page.checked.judged:
        context["goal"] = goal_words(page.checked.judged, page.obligation.goal_year)
    if isinstance(reference, TargetReference) and reference.trend:
        context["trend"] = trend_picture(reference.trend, page.obligation.name)
    return context | {"contributions": contributions_of(obligation=page.obligation)}


def _asked_again(
    request: SignedInRequest,
    obligation: Obligation,
    saved: SavedObligation,
    edits: Mapping[str, FieldEdit],
) -> HttpResponse:
    """The form again, with conflicts and texts that could not be stored."""
    for one in saved.unsaved:
        messages.error(request, f"{one.label}：{one.message}")
    lost = {one.field: edits[one.field].text for one in saved.unsaved if one.field in edits}
    lost |= {one.field: one.mine for one in saved.conflicts if one.field.startswith(REPLY)}
    status = 409 if saved.conflicts else 422
    return _shown(request, obligation, contests=_contests(saved), lost=lost, status=status)


def _lost(page: FormPage, texts: Mapping[str, str]) -> list[tuple[str, str]]:
    """Label and text of what could not be saved and differs from what is stored."""
    stored = page.obligation.texts
    return [
        (
            page.fields[name].label
            if name in page.fields
            else entries.label_of(obligation=page.obligation, name=name),
            text,
        )
        for name, text in texts.items()
        if text.strip() and text != stored.get(name, "")
    ]


def _contests(saved: SavedObligation) -> dict[str, ContestedField]:
    return {
        one.field: ContestedField(one.mine, one.theirs, one.by, moment(iso=one.at), one.version)
        for one in saved.conflicts
    }


def _onward(request: SignedInRequest, obligation: Obligation) -> HttpResponseRedirect:
    """Where the button leads: back, to the next obligation, or to this page."""
    where = request.POST.get("go", "")
    after = ObligationDetails(obligation).next
    if where == "next" and after:
        return redirect(after.url)
    if where in {"back", "next"}:
        messages.success(request, f"已保存{obligation.subject_code} {obligation.name}。")
        return redirect(
            _way_back(request) or f"{reverse('reporting:home')}?period={obligation.period.code}"
        )
    messages.success(request, "已保存。")
    return redirect(_here(request))


def _here(request: HttpRequest) -> str:
    return request.get_full_path()


def _way_back(request: HttpRequest) -> str:
    """The page from which the form was opened, such as the check page; own addresses only."""
    return own_address(request.GET.get("next", ""))


def _words(refusal: ConflictError | ValidationError) -> str:
    return "；".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)
