from django.http import HttpResponse
from django.shortcuts import render

from agencies.policies import Action, SignedInRequest, requires
from plan import selectors


@requires(Action.READ)
def text(request: SignedInRequest) -> HttpResponse:
    """The whole plan; ?clause=3-5-3&quote=… marks the quoted words."""
    page = selectors.plan_text(
        code=request.GET.get("clause", "")[:20], quote=request.GET.get("quote", "")[:200]
    )
    return render(request, "plan/text.html", {"plan": page})
