from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from audit import origin
from audit.models import Way
from common.client_address import client_address


class RequestOriginMiddleware:
    """Events recorded while a request is answered carry its address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with origin.acting(address=client_address(request), way=Way.WEB):
            return self.get_response(request)
