"""The sheet for the stamp: on screen and on paper."""

import re

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from agencies.policies import Action, SignedInRequest, requires
from common.qr_codes import qr_svg
from reporting.papers.selectors.pages import PaperPage, paper_page

_PLAIN = re.compile(r"[^0-9A-Za-z 　（）\-\u4e00-\u9fff]")


@require_safe
@requires(Action.READ_OWN)
def sheet(request: SignedInRequest, period: str, number: str) -> HttpResponse:
    """A submission, or a quarter, on paper."""
    page = _page(request, period, number)
    issued = page.issued
    asked = urlencode({"code": issued.code, "number": issued.number})
    address = request.build_absolute_uri(f"{reverse('verify')}?{asked}")
    context = {"page": page, "qr": qr_svg(address), "printed_at": timezone.localtime()}
    return render(request, "reporting/papers/sheet.html", context)


@require_safe
@requires(Action.READ_OWN)
def running_line(request: SignedInRequest, period: str, number: str) -> HttpResponse:
    """The line at the foot of each page: a style sheet, since only that writes into the margin."""
    line = _page(request, period, number).running_line
    escaped = _PLAIN.sub(lambda found: f"\\{ord(found[0]):x} ", line)
    rule = f'@page {{ @bottom-left {{ content: "{escaped}"; }} }}\n'
    return HttpResponse(rule, content_type="text/css; charset=utf-8")


def _page(request: SignedInRequest, period: str, number: str) -> PaperPage:
    found = paper_page(reader=request.user, period=period, number=number)
    if found is None:
        raise Http404(f"没有编号为{number}的报送件")
    return found
