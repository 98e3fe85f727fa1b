"""One matter: its steps, its files, and redirects from addresses of the two former ledgers."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.policies import Action, SignedInRequest, requires
from audit.notes import mark_noted
from common.files.store import DamagedError
from reporting.choices import MatterStep
from reporting.matters.forms.matters import StepForm
from reporting.matters.selectors.detail_page import MatterPage, draft_of, matter_page
from reporting.matters.selectors.matters import by_old_code, matter_of
from reporting.matters.services import closing, files, matters
from reporting.matters.views.drafting import sent
from reporting.models import Matter, MatterFile
from reporting.policies import REFUSALS, check_can_read_matter, words_of


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.READ)
def matter(request: SignedInRequest, code: str) -> HttpResponse:
    """The matter; a POST takes a step."""
    found = known(request, code)
    page = paged(request, found)
    place = f"step-{code}"
    form = StepForm(
        request.POST or None,
        request.FILES or None,
        steps=page.next_steps,
        draft=draft_of(place=place, reader=request.user) if page.next_steps else None,
    )
    answer = sent(request, place, form, lambda typed: _take(request, found, typed), "已记下")
    if answer:
        return answer
    if form.is_bound:
        page = paged(request, known(request, code))
    context = {"page": page, "matter": page.matter, "form": form, "place": place}
    return render(request, "reporting/matters/matter.html", context)


def _take(request: SignedInRequest, found: Matter, form: StepForm) -> Matter:
    """Take the step chosen in the form."""
    said = form.cleaned_data
    step, text, files = MatterStep(said["do"]), said["note"], said["attached"]
    who: dict[str, Any] = {
        "matter": found,
        "text": text,
        "by": request.user,
        "seen": request.POST.get("seen", ""),
    }
    match step:
        case MatterStep.REPORT_BACK:
            return matters.report_back(**who, files=files)
        case MatterStep.ANSWER:
            return matters.answer(**who, files=files)
        case MatterStep.PROPOSE_CLOSING:
            return closing.propose_closing(**who, files=files)
        case MatterStep.EXTEND:
            return matters.extend(**who, due_on=said["due_on"])
        case MatterStep.TAKE_UP:
            return matters.take_up(**who)
        case MatterStep.DECLINE:
            return matters.decline(**who)
        case _:
            return closing.reopen(**who)


def known(request: SignedInRequest, code: str) -> Matter:
    """The matter of an address. Raises Http404 and PermissionDenied."""
    try:
        found = matter_of(code=code)
    except Matter.DoesNotExist as error:
        raise Http404(f"没有编号为{code}的事项") from error
    check_can_read_matter(matter=found, by=request.user)
    return found


def paged(request: SignedInRequest, found: Matter) -> MatterPage:
    return matter_page(matter=found, reader=request.user, today=timezone.localdate())


@require_POST
@requires(Action.KEEP_MATTERS)
def settle_closing(request: SignedInRequest, code: str) -> HttpResponse:
    """Settle a proposal to close: confirm or refuse another's, or withdraw one's own."""
    found, said = known(request, code), request.POST
    who: dict[str, Any] = {"matter": found, "by": request.user, "seen": said.get("seen", "")}
    try:
        match said.get("take", ""):
            case "close":
                closing.close(**who)
            case "refuse":
                closing.refuse_closing(**who, text=said.get("text", ""))
            case "withdraw":
                closing.withdraw_closing(**who)
    except REFUSALS as refusal:
        messages.error(request, words_of(refusal))
    return redirect(found)


@require_safe
@requires(Action.READ_MATTERS)
@cache_control(private=True, no_store=True)
def file(request: SignedInRequest, number: int) -> HttpResponseBase:
    """Download a file of a step, after its content was checked against its hash."""
    found = get_object_or_404(MatterFile.objects.select_related("file", "note__matter"), pk=number)
    try:
        content = files.open_file(file=found, by=request.user)
    except DamagedError:
        context = {"file": found, "matter": found.note.matter}
        return render(request, "reporting/matters/matter_file_damaged.html", context, status=410)
    answer = FileResponse(
        content, as_attachment=True, filename=found.name, content_type=found.file.content_type
    )
    answer.headers["Content-Encoding"] = "identity"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return mark_noted(answer)


@require_safe
@requires(Action.READ)
def old_risk(request: HttpRequest, number: int) -> HttpResponse:  # noqa: ARG001
    """Redirect the address of a row of the former ledger of risks."""
    return _moved("R", number)


@require_safe
@requires(Action.READ)
def old_new_risk(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Redirect the address for adding a risk."""
    return redirect("reporting:new_matter", permanent=True)


@require_safe
@requires(Action.READ)
def old_report(request: HttpRequest, number: int) -> HttpResponse:  # noqa: ARG001
    """Redirect the address of a former 重大问题."""
    return _moved("W", number)


def _moved(letter: str, number: int) -> HttpResponse:
    try:
        return redirect(by_old_code(letter=letter, number=number), permanent=True)
    except Matter.DoesNotExist as error:
        raise Http404(f"没有原编号为{letter}{number}的事项") from error
