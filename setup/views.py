"""The administrator's pages that lead from an empty system to a complete plan."""

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.policies import Action, SignedInRequest, requires
from setup import selectors, services
from setup.forms import AssignedForm, LinksForm, PlanTextForm
from targets.selectors import reduction_reached
from targets.services import set_served


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
    try:
        steps = services.BY_BUTTON[what](by=request.user)
    except ValidationError as error:
        messages.error(request, "；".join(error.messages))
    else:
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
        try:
            services.enter_assigned(milestone=milestone, by=request.user, **form.entry)
        except ValidationError as error:
            _show(form, error)
        else:
            messages.success(request, f"{milestone.target.code} {milestone.year}年的目标已登记。")
            return redirect("setup:assigned")
    return render(request, "setup/assign.html", {"form": form, "milestone": milestone})


def _show(form: AssignedForm, error: ValidationError) -> None:
    """The service's sentences at the fields of the same name, others above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
