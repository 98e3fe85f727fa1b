"""What is recorded in the ledger whatever the view: exports and refused accesses."""

import datetime
from pathlib import PurePosixPath
from typing import TypeVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from audit import services
from audit.models import AuditEvent
from audit.origin import Actor, current

R = TypeVar("R", bound=HttpResponseBase)
REFUSED = "拒绝访问"
ONE_AN = datetime.timedelta(hours=1)
_FILES = {".xlsx", ".csv", ".docx", ".pdf", ".zip"}
_FORBIDDEN, _NOT_FOUND = 403, 404


def mark_noted(response: R) -> R:
    """Mark a response that its view has already recorded, in more detail than here."""
    response._is_noted = True  # type: ignore[attr-defined]
    return response


def note_request(request: HttpRequest, response: HttpResponseBase, *, by: Actor) -> None:
    """Record an export, with success or failure; and an access that was refused, once an hour."""
    if response.status_code == _FORBIDDEN:
        _note_refusal(request, by)
    elif _is_export(request, response) and not getattr(response, "_is_noted", False):
        query = request.GET.urlencode()
        done = response.status_code < 400
        changes = (("条件", "", query),) if query else ()
        services.record(_entry("导出", request, changes=changes, succeeded=done), by=by)


def _is_export(request: HttpRequest, response: HttpResponseBase) -> bool:
    if response.status_code == _NOT_FOUND or request.method == "HEAD":
        return False
    is_file = PurePosixPath(request.path).suffix in _FILES
    return is_file or response.headers.get("Content-Disposition", "").startswith("attachment")


def _note_refusal(request: HttpRequest, by: Actor) -> None:
    """One for an account, an address and an object within an hour."""
    entry = _entry(REFUSED, request, succeeded=False)
    known = AuditEvent.objects.filter(
        at__gte=timezone.now() - ONE_AN,
        action=REFUSED,
        object_type=entry.object_type,
        object_code=entry.object_code[:80],
        actor_id=by.pk,
        address=current().address,
    )
    if not known.exists():
        services.record(entry, by=by)


def _entry(
    action: str, request: HttpRequest, *, changes: tuple[services.Change, ...] = (), succeeded: bool
) -> services.Entry:
    path = request.path
    return services.Entry(action, "页面", path[:80], path, changes, succeeded=succeeded)
