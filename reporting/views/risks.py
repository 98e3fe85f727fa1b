"""Important matters, and the ledger of risks that grows from them."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from agencies.policies import Action, SignedInRequest, can, requires
from common.incoming import key_of
from common.sheets import workbook_response
from reporting import sheets
from reporting.choices import MatterState
from reporting.forms.risks import (
    AnswerForm,
    MatterFilterForm,
    MatterForm,
    RiskFilterForm,
    RiskForm,
)
from reporting.models import Matter, Obligation, Risk
from reporting.policies import ConflictError
from reporting.selectors import risks as selectors
from reporting.services import matters, risks

PAGE_SIZE = 50
_ABOUT = ("agency", "target", "task", "project")


@require_safe
@requires(Action.READ_OWN)
def matter_list(request: SignedInRequest) -> HttpResponse:
    form = MatterFilterForm(request.GET)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    pages = Paginator(selectors.matters_for(user=request.user, state=state), PAGE_SIZE)
    context = {
        "form": form,
        "page": pages.get_page(request.GET.get("page")),
        "found": f"共{pages.count}项",
        "is_bureau": can(request.user, Action.REVIEW),
    }
    return render(request, "reporting/matters.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.READ_OWN)
def new_matter(request: SignedInRequest) -> HttpResponse:
    form = MatterForm(request.POST or None, initial={"about": request.GET.get("about", "")})
    if form.is_valid():
        try:
            matter = matters.report(matter=form.instance, by=request.user)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, "已报告区发改局，答复显示在本页")
            return redirect("reporting:matter", number=matter.pk)
    return render(request, "reporting/matter_form.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.READ_OWN)
def matter(request: SignedInRequest, number: int) -> HttpResponse:
    """One matter; reviewers answer it here."""
    found = get_object_or_404(Matter.objects.select_related(*_ABOUT), pk=number)
    matters.check_can_read(matter=found, by=request.user)
    form = AnswerForm(request.POST or None)
    if form.is_valid():
        try:
            matters.answer(pk=found.pk, text=form.cleaned_data["answer"], by=request.user)
        except (ValidationError, ConflictError) as error:
            form.add_error(None, str(error) if isinstance(error, ConflictError) else error)
        else:
            messages.success(request, "已答复，报告单位在自己的页面看到")
            return redirect("reporting:matter", number=number)
    context = {
        "matter": found,
        "form": form,
        "risks": found.risks.all(),
        "about": selectors.subject_of(found),
        "may_answer": can(request.user, Action.REVIEW) and found.state == MatterState.REPORTED,
    }
    return render(request, "reporting/matter.html", context)


@require_safe
@requires(Action.READ)
def risk_list(request: HttpRequest) -> HttpResponse:
    form = RiskFilterForm(request.GET)
    pages = Paginator(selectors.risks(**_chosen(form)), PAGE_SIZE)
    may_keep = can(request.user, Action.KEEP_RISKS)
    today = timezone.localdate()
    context = {
        "form": form,
        "page": pages.get_page(request.GET.get("page")),
        "found": f"共{pages.count}项",
        "counts": selectors.risk_counts(today=today),
        "today": today,
        "may_keep": may_keep,
        "problems": selectors.open_problems() if may_keep else (),
        "query": request.GET.urlencode(),
    }
    return render(request, "reporting/risks.html", context)


@require_safe
@requires(Action.READ)
def risks_export(request: HttpRequest) -> HttpResponse:
    rows = selectors.risks(**_chosen(RiskFilterForm(request.GET)))
    return workbook_response(sheets.risk_sheet(rows), name="重点风险台账")


@require_safe
@requires(Action.READ)
def risk(request: HttpRequest, number: int) -> HttpResponse:
    found = get_object_or_404(Risk.objects.select_related(*_ABOUT, "matter"), pk=number)
    context = {
        "risk": found,
        "about": selectors.subject_of(found),
        "may_keep": can(request.user, Action.KEEP_RISKS),
        "today": timezone.localdate(),
    }
    return render(request, "reporting/risk.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.KEEP_RISKS)
def new_risk(request: SignedInRequest) -> HttpResponse:
    """A new row: by itself, from a matter (?matter=), or from a report's problem (?item=)."""
    source = _source(request)
    form = RiskForm(request.POST or None, instance=source or Risk())
    if form.is_valid():
        try:
            made = _add(request, form.instance)
        except ConflictError as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, "已列入重点风险台账")
            return redirect("reporting:risk", number=made.pk)
    return render(request, "reporting/risk_form.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.KEEP_RISKS)
def change_risk(request: SignedInRequest, number: int) -> HttpResponse:
    found = get_object_or_404(Risk.objects.select_related(*_ABOUT), pk=number)
    form = RiskForm(request.POST or None, instance=found)
    if form.is_valid():
        try:
            risks.save_risk(risk=form.instance, by=request.user)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, "已保存")
            return redirect("reporting:risk", number=number)
    return render(request, "reporting/risk_form.html", {"form": form, "risk": found})


def _chosen(form: RiskFilterForm) -> dict[str, str]:
    return form.cleaned_data if form.is_valid() else {}


def _source(request: HttpRequest) -> Risk | None:
    """What the new row is made from, filled in as far as it is known."""
    if (key := key_of(request.GET.get("matter", ""))) is not None:
        matter = get_object_or_404(Matter.objects.select_related(*_ABOUT), pk=key)
        known = {name: getattr(matter, name) for name in _ABOUT}
        return Risk(matter=matter, title=matter.title, text=matter.text, **known)
    if (key := key_of(request.GET.get("item", ""))) is not None:
        row = get_object_or_404(Obligation.objects.with_subjects(), pk=key)
        known = {name: getattr(row, name) for name in _ABOUT}
        text = row.texts.get("problems", "")
        measures = row.texts.get("next_steps", "")
        return Risk(obligation=row, title=text[:120], text=text, measures=measures, **known)
    return None


def _add(request: SignedInRequest, made: Risk) -> Risk:
    if made.matter_id and made.matter and made.matter.state == MatterState.REPORTED:
        return matters.take_into_ledger(pk=made.matter_id, risk=made, text="", by=request.user)
    risks.save_risk(risk=made, by=request.user)
    return made
