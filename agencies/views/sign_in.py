"""Sign-in, sign-out and one's own password."""

from typing import Any

from axes.helpers import get_client_ip_address
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from agencies.forms import ChangePasswordForm, SignInForm
from agencies.models import User
from agencies.policies import Action, SignedInRequest, requires
from agencies.services import accounts
from agencies.sessions import SessionStore
from common.addresses import own_address
from common.formats import zh_datetime
from common.scripted import passive, refusal, wants_json

PUBLIC_COMPUTER = "is_public_computer"
"""In the session: others use this computer, nothing is kept on it."""


@login_not_required
@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(_next(request))
    form = SignInForm(request.POST or None)
    try:
        if user := _entered(request, form):
            last = user.last_login
            said = f"上次登录 {zh_datetime(last)}" if last else "这是这个账号第一次登录"
            _enter(request, user, is_public=form.cleaned_data["is_public"])
            messages.info(request, said)
            return redirect(_next(request))
    except _LockedError:
        return locked(request)
    return render(request, "agencies/login.html", {"form": form, "next": _asked_for(request)})


@login_not_required
@passive
@never_cache
@sensitive_post_parameters("password")
def session(request: HttpRequest) -> HttpResponse:
    """For the script of a form: who is signed in, and how long still.

    A POST stays signed in, or signs in again in place; tries are counted as on the page.
    """
    if request.method == "POST" and "password" in request.POST:
        form = SignInForm(request.POST)
        try:
            user = _entered(request, form)
        except _LockedError:
            return locked(request)
        if user is None:
            said = [str(error) for errors in form.errors.values() for error in errors]
            return refusal("refused", "；".join(said), 422)
        _enter(request, user, is_public=form.cleaned_data["is_public"])
    elif request.method == "POST" and isinstance(request.session, SessionStore):
        request.session.stay_awake()
    return JsonResponse(_who(request))


def locked(request: HttpRequest, *_: Any) -> HttpResponse:
    """The answer of a lock-out, also for django-axes."""
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    if wants_json(request):
        return refusal("locked", f"错误次数太多，暂停登录{minutes}分钟", 429)
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


class _LockedError(Exception):
    """Too many failures: the credentials were not even looked at."""


def _entered(request: HttpRequest, form: SignInForm) -> User | None:
    """The account of the credentials; None with the reason in the form."""
    if not form.is_valid():
        return None
    if accounts.too_many_failures(address=get_client_ip_address(request)):
        raise _LockedError
    username, password = form.cleaned_data["username"], form.cleaned_data["password"]
    user = authenticate(request, username=username, password=password)
    if isinstance(user, User):
        return user
    is_locked = bool(getattr(request, "axes_locked_out", False))
    accounts.record_failure(username=username, locked=is_locked)
    if is_locked:
        raise _LockedError
    form.add_error(None, _refusal(request))
    return None


def _enter(request: HttpRequest, user: User, *, is_public: bool) -> None:
    login(request, user)
    accounts.record_sign_in(user=user)
    request.session[PUBLIC_COMPUTER] = is_public


def _who(request: HttpRequest) -> dict[str, Any]:
    user = request.user if isinstance(request.user, User) else None
    left = request.session.seconds_left if isinstance(request.session, SessionStore) else 0
    return {
        "user": user.pk if user else None,
        "name": user.display_name if user else "",
        "left": left,
        "csrf": get_token(request),
    }


def _refusal(request: HttpRequest) -> str:
    """Says how many tries are left; the same words whether the account exists or not."""
    left = settings.AXES_FAILURE_LIMIT - getattr(request, "axes_failures_since_start", 0)
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    return f"账号或密码不对，再错{left}次将暂停登录{minutes}分钟"


def _asked_for(request: HttpRequest) -> str:
    """The page of this site that was asked for before signing in, or nothing."""
    return own_address(request.POST.get("next", request.GET.get("next", "")))


def _next(request: HttpRequest) -> str:
    return _asked_for(request) or "home"
