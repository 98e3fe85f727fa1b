"""Handles requests whose session has ended, and keeps the forms they carry."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve, reverse
from django.views.csrf import csrf_failure as plain_csrf_failure

from agencies.models import User
from common.web.script_requests import refusal, wants_json
from reporting.filling.services import parking
from reporting.filling.services.entries import typed_edits

PARKED = "登录已过期。您刚才填写的内容已暂存30分钟，由您本人登录后恢复"
RESTORED = "已恢复您登录前填写的内容"


class SignInMiddleware(LoginRequiredMiddleware):
    """Without a session scripts are refused with JSON, forms parked, others sent to sign-in."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        if wants_json(request):
            return refusal("signed_out", "登录已过期", 401)
        answer: HttpResponseBase = super().handle_no_permission(request, view_func)
        return _parked(request) or answer


class RestoringMiddleware:
    """Saves a parked form in the first request of its user after sign-in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if request.method == "POST" and match is not None and match.view_name == "login":
            return _restored(request) or response
        return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Park a form whose CSRF token is out of date, because its user signed out meanwhile."""
    if wants_json(request):
        return refusal("csrf", "页面打开得太久，系统无法确认这次提交来自您", 403)
    return _parked(request) or plain_csrf_failure(request, reason, "403_csrf.html")


def _parked(request: HttpRequest) -> HttpResponse | None:
    match = request.resolver_match
    if request.method != "POST" or match is None or match.namespace != "reporting":
        return None
    held = str(request.POST.get(parking.FIELD, ""))
    key = parking.park(token=held, edits=typed_edits(data=request.POST), path=request.path)
    if not key:
        return None
    messages.warning(request, PARKED)
    return redirect_to_login(reverse("reporting:parked", args=[key]))


def _restored(request: HttpRequest) -> HttpResponse | None:
    key = _key(str(request.POST.get("next", "")))
    if not key or not isinstance(request.user, User):
        return None
    found = parking.restore(key=key, by=request.user)
    if found is None:
        messages.warning(request, "没有可以恢复的内容：已超过30分钟，或属于另一个账号")
        return HttpResponseRedirect(reverse("home"))
    if not found.is_done:
        return None
    messages.success(request, RESTORED)
    return HttpResponseRedirect(found.url)


def _key(path: str) -> str:
    try:
        match: Any = resolve(path)
    except Resolver404:
        return ""
    return str(match.kwargs["key"]) if match.view_name == "reporting:parked" else ""
