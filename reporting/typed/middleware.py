"""Handles requests whose session has ended, keeps the forms they carry, and says which arrived."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve, reverse
from django.utils.html import format_html
from django.views.csrf import csrf_failure as plain_csrf_failure

from agencies.models import User
from common.web.addresses import own_address
from common.web.script_requests import refusal, wants_json
from reporting.typed.services import parking
from reporting.typed.services.parking import TypedForm

PARKED = "登录已过期。您刚才填写的内容已暂存30分钟，由您本人登录后恢复"
RESTORED = "已恢复您登录前填写的内容"
SENT = "typed_form"
"""What the page's script calls the form, in the form and in the cookie that says it has arrived."""

_NOT_TYPED = re.compile(rf"csrfmiddlewaretoken|{parking.FIELD}|{SENT}|.*password.*")
_NEVER_PARKED = {"login", "logout", "session", "password", "reporting:park", "reporting:parked"}
_ITEM = re.compile(r"[\w-]{1,40}")
_SECONDS = 600


class SignInMiddleware(LoginRequiredMiddleware):
    """Without a session scripts are refused with JSON, forms parked, others sent to sign-in."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        if wants_json(request):
            return refusal("signed_out", "登录已过期", 401)
        answer: HttpResponseBase = super().handle_no_permission(request, view_func)
        return _parked(request) or answer


class TypedFormsMiddleware:
    """Gives a parked form back in the first request of its user after sign-in; tells the page's
    script that a form was accepted, so that its copy on the computer can go."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if request.method != "POST" or match is None:
            return response
        if match.view_name == "login":
            return _restored(request) or response
        if SENT in request.POST and isinstance(request.user, User):
            _tell_arrival(request, request.user, response)
        return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Park a form whose CSRF token is out of date, because its user signed out meanwhile."""
    if wants_json(request):
        return refusal("csrf", "页面打开得太久，系统无法确认这次提交来自您", 403)
    return _parked(request) or plain_csrf_failure(request, reason, "403_csrf.html")


def _parked(request: HttpRequest) -> HttpResponse | None:
    match = request.resolver_match
    if request.method != "POST" or match is None or match.view_name in _NEVER_PARKED:
        return None
    held = str(request.POST.get(parking.FIELD, ""))
    texts = {n: t for n, t in request.POST.lists() if not _NOT_TYPED.fullmatch(n)}
    item = str(request.POST.get(SENT, ""))
    key = parking.park(token=held, form=TypedForm(_page(request), request.path, texts, item))
    if not key:
        return None
    messages.warning(request, PARKED)
    return redirect_to_login(reverse("reporting:parked", args=[key]))


def _page(request: HttpRequest) -> str:
    """The page on which the form stood; its own address where the browser does not tell."""
    parts = urlsplit(request.headers.get("Referer", ""))
    if parts.netloc != request.get_host():
        return request.path
    return own_address(f"{parts.path}?{parts.query}" if parts.query else parts.path) or request.path


def _restored(request: HttpRequest) -> HttpResponse | None:
    if not isinstance(request.user, User):
        return None
    key = _key(str(request.POST.get("next", "")))
    if not key:
        _tell_waiting(request, request.user)
        return None
    found = parking.restore(key=key, by=request.user)
    if found is None:
        messages.warning(request, "没有可以恢复的内容：已超过30分钟，或属于另一个账号")
        return HttpResponseRedirect(reverse("home"))
    if not found.is_done:
        return None
    messages.success(request, RESTORED)
    return HttpResponseRedirect(found.url)


def _tell_waiting(request: HttpRequest, user: User) -> None:
    if count := len(parking.waiting(by=user)):
        way = reverse("reporting:park")
        said = "上次退出前有{}处内容没有提交，30分钟内可以<a href='{}'>找回</a>"
        messages.warning(request, format_html(said, count, way))


def _key(path: str) -> str:
    try:
        match: Any = resolve(path)
    except Resolver404:
        return ""
    return str(match.kwargs["key"]) if match.view_name == "reporting:parked" else ""


def _tell_arrival(request: HttpRequest, user: User, response: HttpResponse) -> None:
    """3: accepted, the answer led on; else answered by a page, which has the form again or not."""
    item, status = str(request.POST[SENT]), response.status_code // 100
    told: Any = messages.get_messages(request)  # no interface tells what this request has added
    is_refused = any(one.level >= messages.ERROR for one in told._queued_messages)
    if not _ITEM.fullmatch(item) or is_refused:
        return
    if status == 3 and response.headers.get("Location", "").startswith(reverse("login")):
        return  # parked
    if status == 3 and (key := str(request.POST.get("parked", ""))):
        parking.drop(key=key, by=user)
    response.set_cookie(
        SENT,
        f"{item}.{status}",
        max_age=_SECONDS,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
