"""Sign-in, sign-out and one's own password."""

import base64
from typing import Any, TypeVar

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from agencies import devices
from agencies.forms import ChangePasswordForm, SignInForm
from agencies.models import User
from agencies.policies import Action, SignedInRequest, requires
from agencies.services import accounts, sign_ins
from agencies.services.sign_ins import Caller, WaitError, WrongPasswordError
from agencies.sessions import SessionStore, remember_last_visit
from common.formats import zh_datetime
from common.web.addresses import own_address
from common.web.client_address import client_address
from common.web.script_requests import passive, refusal

Answer = TypeVar("Answer", bound=HttpResponse)
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
            _enter(request, user, form)
            messages.info(request, said)
            return _remembered(redirect(_next(request)), user, form)
    except WaitError as error:
        return _waiting(request, form, error)
    return _asking(request, form)


@login_not_required
@passive
@never_cache
@sensitive_post_parameters("password")
def session(request: HttpRequest) -> HttpResponse:
    """For the script of a form: who is signed in, and how long still.

    A POST stays signed in, or signs in again in place; tries are counted as on the page.
    """
    if request.method == "POST" and "password" in request.POST:
        return _entered_in_place(request, SignInForm(request.POST))
    if request.method == "POST" and isinstance(request.session, SessionStore):
        request.session.stay_awake()
    return JsonResponse(_who(request))


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
                user=request.user,
                old=form.cleaned_data["old"],
                new=form.cleaned_data["new"],
                caller=_caller(request),
            )
        except ValidationError as error:
            form.add_error(None, error)
        except WaitError as error:
            form.add_error("old", error.sentence)
        else:
            update_session_auth_hash(request, request.user)
            messages.success(request, "密码已修改，下次登录请用新密码")
            return redirect(_next(request))
    context = {"form": form, "next": _asked_for(request), "days": settings.PASSWORD_MAX_AGE_DAYS}
    return render(request, "agencies/password.html", context)


def _entered(request: HttpRequest, form: SignInForm) -> User | None:
    """The account of the credentials; None with the reason in the form. Raise WaitError."""
    if not form.is_valid():
        return None
    username, password = form.cleaned_data["username"], form.cleaned_data["password"]
    try:
        return sign_ins.attempt(
            account=username,
            caller=_caller(request, code=form.cleaned_data["code"]),
            check=lambda: _checked(request, username, password),
        )
    except WaitError:
        accounts.record_failure(username=username, waits=True)
        raise
    except WrongPasswordError as error:
        accounts.record_failure(username=username)
        form.asks_code = bool(form.cleaned_data["code"])
        form.add_error(None, f"账号或密码不对，{error.left_words}")
        return None


def _checked(request: HttpRequest, username: str, password: str) -> User | None:
    user = authenticate(request, username=username, password=password)
    return user if isinstance(user, User) else None


def _caller(request: HttpRequest, code: str = "") -> Caller:
    return Caller(client_address(request), request.COOKIES, code)


def _enter(request: HttpRequest, user: User, form: SignInForm) -> None:
    before = user.last_login
    login(request, user)
    remember_last_visit(request.session, before)
    accounts.record_sign_in(user=user)
    request.session[PUBLIC_COMPUTER] = form.cleaned_data["is_public"]


def _remembered(answer: Answer, user: User, form: SignInForm) -> Answer:
    """The browser will be known by its cookie; nothing stays on one that others use."""
    (devices.forget if form.cleaned_data["is_public"] else devices.remember)(answer, user)
    return answer


def _entered_in_place(request: HttpRequest, form: SignInForm) -> JsonResponse:
    try:
        user = _entered(request, form)
    except WaitError as error:
        return refusal("locked", error.sentence, 429)
    if user is None:
        said = [str(error) for errors in form.errors.values() for error in errors]
        return refusal("refused", "；".join(said), 422)
    _enter(request, user, form)
    return _remembered(JsonResponse(_who(request)), user, form)


def _draft_key(request: HttpRequest, user: User | None) -> str:
    """What seals drafts on a computer: the same at each sign-in, and none on a public one."""
    if user is None or request.session.get(PUBLIC_COMPUTER):
        return ""
    digest = salted_hmac("agencies.drafts", str(user.pk), algorithm="sha256").digest()
    return base64.b64encode(digest).decode()


def _waiting(request: HttpRequest, form: SignInForm, error: WaitError) -> HttpResponse:
    """The password was not looked at: where a code helps, the page asks for it."""
    if not error.takes_code:
        return render(request, "agencies/locked.html", {"minutes": error.minutes}, status=429)
    form.asks_code = True
    form.add_error(None, error.sentence)
    return _asking(request, form, status=429)


def _asking(request: HttpRequest, form: SignInForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "next": _asked_for(request)}
    return render(request, "agencies/login.html", context, status=status)


def _who(request: HttpRequest) -> dict[str, Any]:
    user = request.user if isinstance(request.user, User) else None
    left = request.session.seconds_left if isinstance(request.session, SessionStore) else 0
    return {
        "user": user.pk if user else None,
        "name": user.display_name if user else "",
        "left": left,
        "csrf": get_token(request),
        "key": _draft_key(request, user),
    }


def _asked_for(request: HttpRequest) -> str:
    """The page of this site that was asked for before signing in, or nothing."""
    return own_address(request.POST.get("next", request.GET.get("next", "")))


def _next(request: HttpRequest) -> str:
    return _asked_for(request) or "home"
