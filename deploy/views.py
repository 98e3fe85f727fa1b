from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

from audit import origin
from deploy.checks import proxy


@login_not_required
@never_cache
def seen(_request: HttpRequest, token: str) -> JsonResponse:
    """For doctor: the address that the ledger would give this caller."""
    if not proxy.is_token(token):
        raise Http404
    return JsonResponse({"address": origin.current().address})
