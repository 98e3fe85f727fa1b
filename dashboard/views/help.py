"""Help, by the reader's role."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.policies import Action, SignedInRequest, requires
from dashboard.selectors.help import help_page as read_help


@require_safe
@requires(Action.OWN_ACCOUNT)
def help_page(request: SignedInRequest) -> HttpResponse:
    return render(request, "dashboard/help.html", {"page": read_help(reader=request.user)})
