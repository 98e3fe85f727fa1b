"""The admin site: the administrators' registers, behind our own sign-in."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from agencies.policies import Action, can, check
from common.formats import DASH

_ORDER = ("agencies", "plan", "targets", "tasks", "projects")


class RegisterSite(admin.AdminSite):
    site_header = site_title = index_title = "登记册"
    enable_nav_sidebar = False
    empty_value_display = DASH
    index_template = "admin/registers/index.html"

    def has_permission(self, request: HttpRequest) -> bool:
        return can(request.user, Action.USE_REGISTERS)

    @login_not_required
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # noqa: ARG002
        """There is one page to sign in; who is signed in and comes here may not use registers."""
        if request.user.is_authenticated:
            check(request.user, Action.USE_REGISTERS)
            return redirect("admin:index")
        return redirect_to_login(request.GET.get("next", request.path))

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:  # noqa: ARG002
        return redirect("home")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:  # noqa: ARG002
        return redirect("password")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The groups in the order of the plan: who, what was promised, what is reached."""
        apps = self._build_app_dict(request, app_label).values()
        return sorted(apps, key=lambda app: _ORDER.index(app["app_label"]))
