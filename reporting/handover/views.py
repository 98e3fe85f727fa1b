"""交接: who has what in hand, handing it over, the handover and its sheet."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from agencies import selectors as agency_selectors
from agencies.choices import Role
from agencies.models import Agency
from agencies.policies import Action, SignedInRequest, requires
from common.web.input_cleaning import keys_of
from reporting.handover import services
from reporting.handover.forms import HandoverForm
from reporting.handover.selectors.handovers import HandoverPage, handover_page, handovers
from reporting.handover.selectors.holdings import Holder, holder, holders, receivers
from reporting.policies import ConflictError, check_can_hand_over


@require_safe
@requires(Action.READ_HANDOVERS)
def handover_list(request: SignedInRequest) -> HttpResponse:
    """Handovers that the reader may read; administrators choose an agency, signers have theirs."""
    if asked := request.GET.get("agency"):
        return redirect("reporting:holders", agency=get_object_or_404(Agency, code=asked).code)
    is_administrator = request.user.has_role(Role.ADMINISTRATOR)
    context = {
        "rows": handovers(reader=request.user),
        "agencies": agency_selectors.account_holders() if is_administrator else (),
        "own": request.user.agency if request.user.has_role(Role.SIGNER) else None,
    }
    return render(request, "reporting/handover/handovers.html", context)


@require_safe
@requires(Action.HAND_OVER)
def holder_list(request: SignedInRequest, agency: str) -> HttpResponse:
    """People of an agency with what each has in hand."""
    found = _agency(request, agency)
    context = {"agency": found, "rows": holders(agency=found)}
    return render(request, "reporting/handover/holders.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.HAND_OVER)
def hand_over(request: SignedInRequest, agency: str, username: str) -> HttpResponse:
    """What will move, before it does; then the deed."""
    found = _agency(request, agency)
    giver = holder(agency=found, username=username)
    if giver is None:
        raise Http404(f"{found}没有账号{username}")
    form = HandoverForm(
        request.POST or None,
        holder=giver,
        people=receivers(agency=found),
        keeps_accounts=request.user.has_role(Role.ADMINISTRATOR) and giver.is_of(found),
    )
    if form.is_valid() and (done := _done(request, found, giver, form)):
        return done
    ticked = keys_of(request.POST.getlist("items")), keys_of(request.POST.getlist("drafts"))
    context = {"agency": found, "holder": giver, "form": form, "ticked": ticked}
    return render(request, "reporting/handover/hand_over.html", context)


@require_safe
@requires(Action.READ_HANDOVERS)
def handover(request: SignedInRequest, number: int) -> HttpResponse:
    context = {"page": _page(request, number)}
    return render(request, "reporting/handover/handover.html", context)


@require_safe
@requires(Action.READ_HANDOVERS)
def sheet(request: SignedInRequest, number: int) -> HttpResponse:
    """交接清单, one table on A4 to be signed by three people."""
    context = {"page": _page(request, number), "printed_at": timezone.now()}
    return render(request, "reporting/handover/sheet.html", context)


def _done(
    request: SignedInRequest, agency: Agency, giver: Holder, form: HandoverForm
) -> HttpResponse | None:
    """The page of the handover; None where it was refused, which the form then says."""
    choice = services.Choice(
        frozenset(keys_of(request.POST.getlist("items"))),
        frozenset(keys_of(request.POST.getlist("drafts"))),
        **form.of_accounts,
    )
    try:
        return redirect(
            services.hand_over(
                agency=agency,
                giver=giver.account,
                receiver=form.chosen,
                choice=choice,
                reason=form.cleaned_data["reason"],
                by=request.user,
            )
        )
    except ConflictError as refusal:
        form.add_error(None, str(refusal))
    except ValidationError as refusal:
        form.add_error(None, refusal)
    return None


def _agency(request: SignedInRequest, code: str) -> Agency:
    found = get_object_or_404(Agency, code=code)
    check_can_hand_over(agency=found, by=request.user)
    return found


def _page(request: SignedInRequest, number: int) -> HandoverPage:
    found = handover_page(reader=request.user, number=number)
    if found is None:
        raise Http404(f"没有第{number}份交接单")
    return found
