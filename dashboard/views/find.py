"""The search in the header."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from agencies.policies import Action, SignedInRequest, requires
from dashboard.rules.search import LONGEST
from dashboard.selectors.search import address_of_code, search


@require_safe
@requires(Action.READ)
@cache_control(no_store=True)
def find(request: SignedInRequest) -> HttpResponse:
    """A code leads to its page, words to a list by kind; ?kind= shows all of one kind."""
    typed = request.GET.get("q", request.GET.get("code", "")).strip()[:LONGEST]
    kind = request.GET.get("kind", "")
    if not kind and (address := address_of_code(typed=typed, reader=request.user)):
        return HttpResponseRedirect(address)
    page = search(query=typed, reader=request.user, kind=kind)
    return render(request, "dashboard/find.html", {"page": page, "kind": kind})
