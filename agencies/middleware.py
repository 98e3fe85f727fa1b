from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from agencies.models import User
from agencies.sessions import SessionStore
from common.web.script_requests import refusal, wants_json

_OPEN = frozenset({"password", "logout", "login", "session", "help"})


class AccountMiddleware:
    """Keeps the session of a working person awake; asks for a new password when one is due."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: Any, kwargs: Any  # noqa: ARG002
    ) -> HttpResponse | None:  # fmt: skip
        user = request.user
        if not isinstance(user, User):
            return None
        if isinstance(request.session, SessionStore) and not getattr(view, "is_passive", False):
            request.session.stay_awake()
        match = request.resolver_match
        if user.password_due and match is not None and match.view_name not in _OPEN:
            if wants_json(request):
                return refusal("password", "密码已到期：在另一个窗口修改后，内容会继续保存", 403)
            query = {"next": request.get_full_path()} if request.method == "GET" else {}
            return HttpResponseRedirect(f"{reverse('password')}?{urlencode(query)}")
        return None
