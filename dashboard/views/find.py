"""Redirects from a code to the page of its record."""

import re

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

_CODES = (
    (re.compile(r"^T([0-9]{1,2})$"), "targets:detail", "T{:02d}"),
    (re.compile(r"^P([0-9]{1,3})$"), "projects:detail", "P{}"),
    (re.compile(r"^([0-9]{1,2}-[0-9]{1,2})$"), "tasks:detail", "{}"),
    (re.compile(r"^([0-9]{4}-[0-9]{2,4})$"), "reporting:matter", "{}"),
    (re.compile(r"^R([0-9]{1,6})$"), "reporting:old_risk", "{}"),
    (re.compile(r"^W([0-9]{1,6})$"), "reporting:old_report", "{}"),
)


def find(request: HttpRequest) -> HttpResponse:
    """Redirect from the code of a target, task, project or matter to its page."""
    code = request.GET.get("code", "").strip().upper()
    for pattern, view, form in _CODES:
        if match := pattern.match(code):
            part = match[1]
            value = form.format(int(part)) if part.isdigit() else part
            return HttpResponseRedirect(reverse(view, args=[value]))
    return render(request, "404.html", {"code": code}, status=404)
