"""Pages for what went wrong, and the way from a code to its record."""

import logging
import re
import secrets

from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template import loader
from django.urls import reverse
from django.utils import timezone

from common.formats import zh_datetime
from common.web.scripted import refusal, wants_json

logger = logging.getLogger(__name__)
_CODES = (
    (re.compile(r"^T([0-9]{1,2})$"), "targets:detail", "T{:02d}"),
    (re.compile(r"^P([0-9]{1,3})$"), "projects:detail", "P{}"),
    (re.compile(r"^([0-9]{1,2}-[0-9]{1,2})$"), "tasks:detail", "{}"),
    (re.compile(r"^([0-9]{4}-[0-9]{2,4})$"), "reporting:matter", "{}"),
    (re.compile(r"^R([0-9]{1,6})$"), "reporting:old_risk", "{}"),
    (re.compile(r"^W([0-9]{1,6})$"), "reporting:old_report", "{}"),
)


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


def find(request: HttpRequest) -> HttpResponse:
    """From a code of a target, task, project or matter to its page."""
    code = request.GET.get("code", "").strip().upper()
    for pattern, view, form in _CODES:
        if match := pattern.match(code):
            part = match[1]
            value = form.format(int(part)) if part.isdigit() else part
            return HttpResponseRedirect(reverse(view, args=[value]))
    return render(request, "404.html", {"code": code}, status=404)
