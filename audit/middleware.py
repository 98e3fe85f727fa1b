from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from audit import notes, origin
from audit.models import Way
from common.web.client_address import client_address


class NotesMiddleware:
    """Exports and refused accesses are in the ledger.

    It is the last: what others answer before a view is asked, such as the way to the sign-in, a
    token that is out of date or a password that is due, is no refusal of an object.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "_has_come_through", False) and request.user.is_authenticated:
            notes.note_request(request, response, by=request.user)  # type: ignore[arg-type]
        return response

    def process_view(self, request: HttpRequest, *_: object) -> None:
        request._has_come_through = True  # type: ignore[attr-defined]


class RequestOriginMiddleware:
    """Events recorded while a request is answered carry its address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with origin.acting(address=client_address(request), way=Way.WEB):
            return self.get_response(request)
