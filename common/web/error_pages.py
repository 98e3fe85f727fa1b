"""Pages for what went wrong."""

import logging
import secrets

from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils import timezone

from common.formats import zh_datetime
from common.web.script_requests import refusal, wants_json

logger = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Status 400 in words; touches neither session nor database, nor what was sent."""
    if isinstance(exception, RequestDataTooBig | TooManyFilesSent | TooManyFieldsSent):
        said = "一次提交的内容太多，分几次提交"
    else:
        said = str(exception) if isinstance(exception, BadRequest) else "提交的内容读不出来"
    if wants_json(request):
        return refusal("bad_request", said, 400)
    return HttpResponse(loader.get_template("400.html").render({"said": said}), status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Status 500 with a number that the log knows too; touches neither session nor database."""
    number = secrets.token_hex(4).upper()
    logger.error("error %s at %s %s", number, request.method, request.path)
    page = loader.get_template("500.html")
    context = {"number": number, "moment": zh_datetime(timezone.now())}
    return HttpResponse(page.render(context), status=500)
