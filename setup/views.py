"""The administrator's pages that lead from an empty system to a complete plan."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.models import Agency
from agencies.policies import Action, SignedInRequest, requires
from common.web.refusals import refusal_as_message, refusal_on_form
from setup import selectors, services
from setup.choices import AgencyChangeKind
from setup.forms import (
    AgencyChangeForm,
    AssignedForm,
    BasisForm,
    LinksForm,
    MergeForm,
    OwnBasisForm,
    PlanTextForm,
    SplitForm,
)
from setup.models import AgencyChange
from targets.models import AccountingBasis, BasisChange, Target
from targets.selectors import accounting, reduction_reached
from targets.services import assign_basis, merge, save_basis, set_served, split, undo


@require_GET
@requires(Action.EDIT_PLAN)
def checklist(request: SignedInRequest) -> HttpResponse:
    return render(request, "setup/checklist.html", {"checklist": selectors.checklist()})


@require_POST
@requires(Action.EDIT_PLAN)
def load(request: SignedInRequest, what: str) -> HttpResponse:
    """One step of the published plan, by a button."""
    if what not in services.BY_BUTTON:
        raise Http404
    with refusal_as_message(request):
        steps = services.BY_BUTTON[what](by=request.user)
        messages.success(request, "；".join(str(step) for step in steps))
    return redirect("setup:checklist")


@require_http_methods(["GET", "POST"])
@requires(Action.EDIT_PLAN)
def text(request: SignedInRequest) -> HttpResponse:
    form = PlanTextForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            loaded = services.load_text(text=form.cleaned_data["text"], by=request.user)
            linked = services.link(by=request.user)
        except ValidationError as error:
            form.add_error("text", error)
        else:
            messages.success(request, f"{loaded}；{linked}")
            return redirect("setup:checklist")
    return render(request, "setup/text.html", {"form": form})


@require_GET
@requires(Action.EDIT_PLAN)
def baselines(request: SignedInRequest) -> HttpResponse:
    """What is known of the base years; each is entered on the page of its target."""
    return render(request, "setup/baselines.html", {"rows": selectors.baseline_rows()})


@require_http_methods(["GET", "POST"])
@requires(Action.EDIT_PLAN)
def links(request: SignedInRequest) -> HttpResponse:
    """Which targets tasks and projects serve; what the text proposes is accepted here."""
    if request.method == "POST":
        made = services.accept_proposals(chosen=request.POST.getlist("accept"), by=request.user)
        messages.success(request, f"已关联{made}项。" if made else "没有改动。")
        return redirect("setup:links")
    return render(request, "setup/links.html", {"page": selectors.links_page()})


@require_http_methods(["GET", "POST"])
@requires(Action.EDIT_PLAN)
def link_by_hand(request: SignedInRequest, code: str) -> HttpResponse:
    try:
        record = selectors.served_record(code)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    form = LinksForm(request.POST or None, record=record)
    if request.method == "POST" and form.is_valid():
        event = set_served(record=record, by=request.user, **form.cleaned_data)
        messages.success(request, f"{record.code}的相关指标已保存。" if event else "没有改动。")
        return redirect("setup:links")
    return render(request, "setup/link_by_hand.html", {"form": form, "record": record})


@require_GET
@requires(Action.EDIT_PLAN)
def assigned(request: SignedInRequest) -> HttpResponse:
    context = {
        "pending": selectors.pending_milestones(),
        "assigned": selectors.assigned_milestones(),
    }
    return render(request, "setup/assigned.html", context)


@require_http_methods(["GET", "POST"])
@requires(Action.EDIT_PLAN)
def assign(request: SignedInRequest, number: int) -> HttpResponse:
    milestone = get_object_or_404(selectors.pending_milestones(), pk=number)
    reached = reduction_reached(milestone=milestone)
    form = AssignedForm(request.POST or None, milestone=milestone, reached=reached)
    if request.method == "POST" and form.is_valid():
        with refusal_on_form(form):
            services.enter_assigned(milestone=milestone, by=request.user, **form.entry)
            messages.success(request, f"{milestone.target.code} {milestone.year}年的目标已登记。")
            return redirect("setup:assigned")
    return render(request, "setup/assign.html", {"form": form, "milestone": milestone})


@require_GET
@requires(Action.EDIT_PLAN)
def bases(request: SignedInRequest) -> HttpResponse:
    """The register, the targets that have no basis, and what was merged or split."""
    context = {
        "bases": accounting.bases_with_use(),
        "without": accounting.without_basis(),
        "changes": accounting.changes_to_undo(),
    }
    return render(request, "setup/bases.html", context)


@require_http_methods(["GET", "POST"])
@requires(Action.EDIT_PLAN)
def basis(request: SignedInRequest, number: int | None = None) -> HttpResponse:
    """A new entry of the register, or one that is there."""
    known = get_object_or_404(AccountingBasis, pk=number) if number else None
    form = BasisForm(request.POST or None, instance=known)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        with refusal_on_form(form):
            save_basis(basis=form.instance, by=request.user, reason=reason)
            messages.success(request, f"口径“{form.instance.name}”已保存。")
            return redirect("setup:bases")
    return render(request, "setup/basis.html", {"form": form, "known": known})


@require_http_methods(["GET", "POST"])
@requires(Action.EDIT_PLAN)
def basis_merge(request: SignedInRequest, number: int) -> HttpResponse:
    known = get_object_or_404(AccountingBasis, pk=number)
    return _move(request, MergeForm(request.POST or None, basis=known), merge)


@require_http_methods(["GET", "POST"])
@requires(Action.EDIT_PLAN)
def basis_split(request: SignedInRequest, number: int) -> HttpResponse:
    known = get_object_or_404(AccountingBasis, pk=number)
    return _move(request, SplitForm(request.POST or None, basis=known), split)


def _move(
    request: SignedInRequest, form: MergeForm | SplitForm, act: Callable[..., object]
) -> HttpResponse:
    """What would change is shown before it is confirmed."""
    moved = None
    if request.method == "POST" and form.is_valid():
        moved = accounting.moving(**form.moved)
        if request.POST.get("step") == "confirm":
            with refusal_on_form(form):
                act(basis=form.basis, by=request.user, **form.entry)
                messages.success(request, f"口径“{form.basis.name}”已{form.verb}。")
                return redirect("setup:bases")
    return render(request, "setup/basis_move.html", {"form": form, "moved": moved})


@require_POST
@requires(Action.EDIT_PLAN)
def basis_undo(request: SignedInRequest, number: int) -> HttpResponse:
    change = get_object_or_404(BasisChange, pk=number)
    with refusal_as_message(request):
        undo(change=change, by=request.user)
        messages.success(request, f"已退回到变动以前：{change.from_name}")
    return redirect("setup:bases")


@require_http_methods(["GET", "POST"])
@requires(Action.EDIT_PLAN)
def basis_of_target(request: SignedInRequest, code: str) -> HttpResponse:
    """Which basis is a target's own."""
    target = get_object_or_404(Target, code=code)
    form = OwnBasisForm(request.POST or None, initial={"basis": target.accounting_basis})
    if request.method == "POST" and form.is_valid():
        with refusal_on_form(form):
            assign_basis(target=target, by=request.user, **form.cleaned_data)
            messages.success(request, f"{target.code}的口径已登记。")
            return redirect("setup:bases")
    return render(request, "setup/basis_of_target.html", {"form": form, "target": target})


@require_GET
@requires(Action.MANAGE_AGENCIES)
def agency_changes(request: SignedInRequest) -> HttpResponse:
    """更名, 合并 and 撤销, what is still to come first; each can be taken back here."""
    context = {"rows": selectors.change_rows()}
    return render(request, "setup/agency_changes.html", context)


@require_http_methods(["GET", "POST"])
@requires(Action.MANAGE_AGENCIES)
def agency_change(request: SignedInRequest, code: str, kind: str) -> HttpResponse:
    """What would move is shown before it is confirmed."""
    if kind not in AgencyChangeKind.values:
        raise Http404
    agency = get_object_or_404(Agency, code=code)
    form = AgencyChangeForm(request.POST or None, agency=agency, kind=AgencyChangeKind(kind))
    preview = None
    if request.method == "POST" and form.is_valid():
        preview = selectors.preview(form.instance)
        if request.POST.get("step") == "confirm":
            with refusal_on_form(form):
                change = services.record(change=form.instance, by=request.user, **form.document)
                said = "已登记，到期执行" if change.is_planned else "已执行"
                messages.success(request, f"{change}：{said}。")
                return redirect("setup:agency_changes")
    context = {"form": form, "agency": agency, "preview": preview}
    return render(request, "setup/agency_change.html", context)


@require_POST
@requires(Action.MANAGE_AGENCIES)
def agency_change_back(request: SignedInRequest, number: int) -> HttpResponse:
    change = get_object_or_404(AgencyChange, pk=number)
    with refusal_as_message(request):
        services.take_back(change=change, by=request.user)
        messages.success(request, f"“{change}”已撤回。")
    return redirect("setup:agency_changes")
