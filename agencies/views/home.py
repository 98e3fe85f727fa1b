"""The first page after signing in, by role."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from agencies.choices import Role
from agencies.policies import Action, SignedInRequest, requires
from agencies.services import notices

# The first role in this order decides.
LANDING = (
    (Role.ADMINISTRATOR, "setup:checklist"),
    (Role.REVIEWER, "reporting:start"),
    (Role.LEADER, "dashboard:overview"),
    (Role.REPORTER, "reporting:home"),
    (Role.SIGNER, "reporting:home"),
)
TO_SIGN = "?tab=sign"


@requires(Action.OWN_ACCOUNT)
def home(request: SignedInRequest) -> HttpResponse | HttpResponseRedirect:
    for role, page in LANDING:
        if request.user.has_role(role):
            return redirect(reverse(page) + (TO_SIGN if role == Role.SIGNER else ""))
    return render(request, "agencies/no_role.html")


@require_POST
@requires(Action.OWN_ACCOUNT)
def read_notice(request: SignedInRequest) -> HttpResponseRedirect:
    notices.mark_read(by=request.user)
    return redirect("home")
