"""Matters: the list, one of them, the ledger of risks, and where their old addresses lead."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from agencies.policies import Action, SignedInRequest, can, requires
from common.incoming import key_of
from common.sheets import workbook_response
from reporting import sheets
from reporting.forms.matters import LedgerFilterForm, MatterFilterForm, MatterForm, RegisterForm
from reporting.models import Matter, Obligation
from reporting.policies import check_can_read_matter, reads_whole_matter
from reporting.selectors import matters as selectors
from reporting.services import matters

PAGE_SIZE = 50
_ABOUT = ("target", "task", "project")


@require_safe
@requires(Action.READ_MATTERS)
def matter_list(request: SignedInRequest) -> HttpResponse:
    form = MatterFilterForm(request.GET)
    show = form.cleaned_data["show"] if form.is_valid() else ""
    found = selectors.matters(reader=request.user, show=show)
    pages = Paginator(found.lines, PAGE_SIZE)
    context = {
        "form": form,
        "page": pages.get_page(request.GET.get("page")),
        "found": f"共{pages.count}项",
        "today": timezone.localdate(),
        "may_raise": can(request.user, Action.RAISE_MATTERS),
    }
    return render(request, "reporting/matters.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.RAISE_MATTERS)
def new_matter(request: SignedInRequest) -> HttpResponse:
    """Agencies report, reviewers register: by itself or from a report's problem (?item=)."""
    is_bureau = can(request.user, Action.KEEP_MATTERS)
    kind = RegisterForm if is_bureau else MatterForm
    source = _source(request) if is_bureau else Matter()
    form = kind(
        request.POST or None, instance=source, initial={"about": request.GET.get("about", "")}
    )
    if form.is_valid():
        save = matters.register if is_bureau else matters.report
        try:
            matter = save(matter=form.instance, by=request.user)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, "已登记，办理情况显示在本页")
            return redirect(matter)
    return render(request, "reporting/matter_form.html", {"form": form, "is_bureau": is_bureau})


@require_safe
@requires(Action.READ)
def matter(request: SignedInRequest, code: str) -> HttpResponse:
    try:
        found = selectors.matter_of(code=code)
    except Matter.DoesNotExist as error:
        raise Http404(f"没有编号为{code}的事项") from error
    check_can_read_matter(matter=found, by=request.user)
    is_whole = reads_whole_matter(matter=found, by=request.user)
    context = {
        "matter": found,
        "notes": selectors.notes_of(matter=found) if is_whole else (),
        "about": selectors.subject_of(found),
        "today": timezone.localdate(),
    }
    return render(request, "reporting/matter.html", context)


@require_safe
@requires(Action.READ)
def old_risk(request: HttpRequest, number: int) -> HttpResponse:  # noqa: ARG001
    """Where the row of the ledger of risks is that had this number."""
    return redirect(get_object_or_404(Matter, risk_number=number), permanent=True)


@require_safe
@requires(Action.READ)
def old_report(request: HttpRequest, number: int) -> HttpResponse:  # noqa: ARG001
    """Where the 重大问题 is that had this number."""
    return redirect(get_object_or_404(Matter, report_number=number), permanent=True)


@require_safe
@requires(Action.READ)
def ledger(request: HttpRequest) -> HttpResponse:
    form = LedgerFilterForm(request.GET)
    pages = Paginator(selectors.ledger(**_chosen(form)), PAGE_SIZE)
    may_keep = can(request.user, Action.KEEP_MATTERS)
    today = timezone.localdate()
    context = {
        "form": form,
        "page": pages.get_page(request.GET.get("page")),
        "found": f"共{pages.count}项",
        "counts": selectors.ledger_counts(today=today),
        "today": today,
        "may_keep": may_keep,
        "problems": selectors.open_problems() if may_keep else (),
        "query": request.GET.urlencode(),
    }
    return render(request, "reporting/ledger.html", context)


@require_safe
@requires(Action.READ)
def ledger_export(request: HttpRequest) -> HttpResponse:
    rows = selectors.ledger(**_chosen(LedgerFilterForm(request.GET)))
    return workbook_response(sheets.ledger_sheet(rows), name="重点风险台账")


def _chosen(form: LedgerFilterForm) -> dict[str, str]:
    return form.cleaned_data if form.is_valid() else {}


def _source(request: HttpRequest) -> Matter:
    """What the new matter is made from, filled in as far as it is known."""
    key = key_of(request.GET.get("item", ""))
    if key is None:
        return Matter()
    row = get_object_or_404(Obligation.objects.with_subjects(), pk=key)
    known = {name: getattr(row, name) for name in _ABOUT}
    text, measures = row.texts.get("problems", ""), row.texts.get("next_steps", "")
    return Matter(
        obligation=row, agency=row.agency, title=text[:120], text=text, measures=measures, **known
    )
