"""核验: whether a paper is what was issued, and the newest. Reads the register, no contents."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agencies.policies import Action, SignedInRequest, requires
from dashboard.forms.verify import VerifyForm
from records import services as register
from records.models import IssuedCode


@never_cache
@require_safe
@requires(Action.OWN_ACCOUNT)
def verify(request: SignedInRequest) -> HttpResponse:
    """A form for a code or a number; a QR code asks by its address, as the form does."""
    form = VerifyForm(request.GET if "code" in request.GET else None)
    context: dict[str, object] = {
        "form": form,
        "found": None,
        "is_answered": False,
        "is_other": False,
    }
    if form.is_valid():
        code, number = form.asked
        try:
            found = register.look_up(code=code, number=number, by=request.user)
        except register.TooManyLookUpsError as error:
            form.add_error("code", str(error))
        else:
            context |= {"found": found, "is_answered": True, "is_other": _is_other(found, number)}
    return render(request, "dashboard/verify.html", context)


def _is_other(found: IssuedCode | None, number: str) -> bool:
    """Whether the code was issued for another number than the one printed beside it."""
    if found is None or not number:
        return False
    return number not in {found.number, found.number.rpartition("-")[0]}
