"""Sign-in, sign-out and one's own password."""

from typing import Any

from axes.helpers import get_client_ip_address
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from agencies import accounts
from agencies.forms import ChangePasswordForm, SignInForm
from agencies.models import User
from agencies.policies import Action, SignedInRequest, requires
from common.formats import zh_datetime


@login_not_required
@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(_next(request))
    form = SignInForm(request.POST or None)
    if form.is_valid():
        if accounts.too_many_failures(address=get_client_ip_address(request)):
            return locked(request)
        user = authenticate(request, **form.cleaned_data)
        if isinstance(user, User):
            return _enter(request, user)
        is_locked = bool(getattr(request, "axes_locked_out", False))
        accounts.record_failure(username=form.cleaned_data["username"], locked=is_locked)
        if is_locked:
            return locked(request)
        form.add_error(None, _refusal(request))
    return render(request, "agencies/login.html", {"form": form, "next": _asked_for(request)})


def locked(request: HttpRequest, *_: Any) -> HttpResponse:
    """The answer of a lock-out, also for django-axes."""
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    context = {"minutes": minutes, "failures": settings.AXES_FAILURE_LIMIT}
    return render(request, "agencies/locked.html", context, status=429)


@require_POST
@requires(Action.OWN_ACCOUNT)
def sign_out(request: SignedInRequest) -> HttpResponseRedirect:
    accounts.record_sign_out(user=request.user)
    logout(request)
    messages.info(request, "已退出")
    return redirect("login")


@never_cache
@sensitive_post_parameters()
@requires(Action.OWN_ACCOUNT)
def change_password(request: SignedInRequest) -> HttpResponse:
    form = ChangePasswordForm(request.POST or None)
    if form.is_valid():
        try:
            accounts.change_password(
                user=request.user, old=form.cleaned_data["old"], new=form.cleaned_data["new"]
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            update_session_auth_hash(request, request.user)
            messages.success(request, "密码已修改，下次登录请用新密码")
            return redirect(_next(request))
    context = {"form": form, "next": _asked_for(request), "days": settings.PASSWORD_MAX_AGE_DAYS}
    return render(request, "agencies/password.html", context)


def _enter(request: HttpRequest, user: User) -> HttpResponseRedirect:
    last = user.last_login
    login(request, user)
    accounts.record_sign_in(user=user)
    messages.info(request, f"上次登录 {zh_datetime(last)}" if last else "这是这个账号第一次登录")
    return redirect(_next(request))


def _refusal(request: HttpRequest) -> str:
    """Says how many tries are left; the same words whether the account exists or not."""
    left = settings.AXES_FAILURE_LIMIT - getattr(request, "axes_failures_since_start", 0)
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    return f"账号或密码不对，再错{left}次将暂停登录{minutes}分钟"


def _asked_for(request: HttpRequest) -> str:
    """The page of this site that was asked for before signing in, or nothing."""
    url = request.POST.get("next", request.GET.get("next", ""))
    safe = url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return url if safe else ""


def _next(request: HttpRequest) -> str:
    return _asked_for(request) or "home"
