"""待我审核: the agency's own signer reads, sends back or signs."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from agencies.policies import Action, SignedInRequest, requires
from common.web.input_cleaning import key_of
from reporting.answers.selectors.unread_reminders import unread_reminders
from reporting.policies import ConflictError, words_of
from reporting.submitting import services as submissions
from reporting.submitting.selectors.signing import signing_page
from reporting.submitting.views.submit import chosen_items

_COMMENT = "comment_"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.REPORT)
def signing(request: SignedInRequest) -> HttpResponse:
    """The list; a POST signs the ticked obligations, or sends the pressed button's one back."""
    if request.method != "POST":
        return _shown(request)
    try:
        back = key_of(request.POST.get("back", ""))
        if back is not None:
            return _send_back(request, back)
        sent = submissions.sign(pks=chosen_items(request), by=request.user)
    except (ConflictError, ValidationError) as refusal:
        messages.error(request, words_of(refusal))
        return _shown(request, typed=True)
    return redirect("reporting:receipt", sent.period.code, sent.full_number)


def _send_back(request: SignedInRequest, pk: int) -> HttpResponse:
    comment = request.POST.get(f"{_COMMENT}{pk}", "")
    row = submissions.send_back(pk=pk, comment=comment, by=request.user)
    messages.success(request, f"已把{row.subject_code} {row.name}退回填报员。")
    return redirect("reporting:signing")


def _shown(request: SignedInRequest, *, typed: bool = False) -> HttpResponse:
    """The page; after a refusal with what was typed and ticked."""
    page = signing_page(
        reader=request.user,
        ticked=chosen_items(request) if typed else None,
        comments=_comments(request),
    )
    return render(
        request,
        "reporting/submitting/signing.html",
        {"page": page, "notices": unread_reminders(reader=request.user)},
    )


def _comments(request: SignedInRequest) -> dict[int, str]:
    """Obligation key → comment as typed."""
    found = {name.removeprefix(_COMMENT): str(text) for name, text in request.POST.items()
             if name.startswith(_COMMENT)}  # fmt: skip
    keys = {key_of(name): text for name, text in found.items()}
    return {key: text for key, text in keys.items() if key is not None}
