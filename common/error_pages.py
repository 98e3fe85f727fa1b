"""Pages for what went wrong, and the way from a code to its record."""

import logging
import re
import secrets

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template import loader
from django.urls import reverse
from django.utils import timezone

from common.formats import zh_datetime

logger = logging.getLogger(__name__)
_CODES = (
    (re.compile(r"^T(\d{1,2})$"), "targets:detail", "T{:02d}"),
    (re.compile(r"^P(\d{1,3})$"), "projects:detail", "P{}"),
    (re.compile(r"^(\d{1,2}-\d{1,2})$"), "tasks:detail", "{}"),
)


def server_error(request: HttpRequest) -> HttpResponse:
    """Status 500 with a number that the log knows too; touches neither session nor database."""
    number = secrets.token_hex(4).upper()
    logger.error("error %s at %s %s", number, request.method, request.path)
    page = loader.get_template("500.html")
    context = {"number": number, "moment": zh_datetime(timezone.now())}
    return HttpResponse(page.render(context), status=500)


def find(request: HttpRequest) -> HttpResponse:
    """From a code of a target, task or project to its page."""
    code = request.GET.get("code", "").strip().upper()
    for pattern, view, form in _CODES:
        if match := pattern.match(code):
            part = match[1]
            value = form.format(int(part)) if part.isdigit() else part
            return HttpResponseRedirect(reverse(view, args=[value]))
    return render(request, "404.html", {"code": code}, status=404)
