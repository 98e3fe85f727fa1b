"""Database errors that a reload or a corrected value cures get a page in words."""

import logging
from collections.abc import Callable

from django.db import DataError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader

from common.web.script_requests import refusal, wants_json

logger = logging.getLogger(__name__)
_MOMENTARY = {"55P03", "57014", "40P01", "40001"}
"""A lock that was not got in time, a statement that took too long, a deadlock, a clash."""

BUSY = "别人正在保存这里的内容，您这次没有保存，稍等几秒再试"
UNSTORABLE = "有一栏的内容存不下，什么也没有保存，检查数字和文字的长短后再试"


class DatabaseErrorsMiddleware:
    """Status 503 for a transient error, 400 for a value that no column can hold."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, OperationalError) and _code(error) in _MOMENTARY:
            logger.warning("busy: %s %s: %s", request.method, request.path, _code(error))
            answer = _said(request, "busy", BUSY, 503)
            answer.headers["Retry-After"] = "3"
            return answer
        if isinstance(error, DataError):
            logger.error("unstorable: %s %s: %s", request.method, request.path, _code(error))
            return _said(request, "unstorable", UNSTORABLE, 400)
        return None


def _code(error: Exception) -> str:
    """The SQLSTATE; it alone, because the message may hold what was sent."""
    return str(getattr(error.__cause__, "pgcode", ""))


def _said(request: HttpRequest, code: str, words: str, status: int) -> HttpResponse:
    if wants_json(request):
        return refusal(code, words, status)
    page = loader.get_template("busy.html")
    return HttpResponse(page.render({"said": words, "is_busy": code == "busy"}), status=status)
