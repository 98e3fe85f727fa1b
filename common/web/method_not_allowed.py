"""A request by a method that its address does not accept gets a page with a way on."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template import loader

from common.web.script_requests import refusal, wants_json

SAID = "这个地址只接收页面上按钮的提交，不能直接打开；这次没有执行任何操作"


class MethodNotAllowedMiddleware:
    """Give every 405 its page: an empty one is what a reload or a bookmark of a button leads to."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if answer.status_code != 405 or answer.content:
            return answer
        if wants_json(request):
            said: HttpResponse = refusal("method", SAID, 405)
        else:
            said = HttpResponse(loader.get_template("405.html").render({"said": SAID}), status=405)
        said.headers["Allow"] = answer.headers["Allow"]
        return said
