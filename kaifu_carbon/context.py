"""Template context for the frame of every page."""

import datetime
import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from agencies.choices import Role
from agencies.models import User
from pages.frame import frame_of


@dataclass(frozen=True)
class NavItem:
    label: str
    url: str
    current: bool
    counts_proposals: bool = False
    counts_matters: bool = False
    """Whether the number of those that wait for the bureau stands beside it."""


_OWN = ("本季度待填", "reporting:home")
_PAST = ("我的历史", "reporting:past")
_MATTERS = ("事项", "reporting:matters")
_PLAN = (("看板", "dashboard:overview"), ("指标", "targets:list"), ("任务", "tasks:list"),
         ("项目", "projects:list"), _MATTERS, ("帮助", "help"))  # fmt: skip
_PROPOSALS = ("提请事项", "targets:proposals")
_CHASE = ("催报", "reporting:chase_now")
_IMPORT = ("导入", "imports:list")
_PERIODS = ("填报期", "reporting:periods")
_ITEMS = {
    Role.ADMINISTRATOR: (_IMPORT, ("方案数据", "setup:checklist"), ("单位", "agencies:list"),
                         ("账号", "agencies:users"), _PERIODS,
                         ("看板", "dashboard:overview"), ("留痕", "audit:history")),
    Role.REVIEWER: (("审核", "reporting:queue"), _PROPOSALS, _CHASE, ("看板", "dashboard:overview"),
                    ("指标", "targets:list"), ("任务", "tasks:list"), ("项目", "projects:list"),
                    _MATTERS, ("留痕", "audit:history")),
    Role.LEADER: (("看板", "dashboard:overview"), ("指标", "targets:list"),
                  ("任务", "tasks:list"), ("项目", "projects:list"), _MATTERS,
                  ("单位", "agencies:list"), ("方案", "plan:text")),
    Role.REPORTER: (_OWN, _PAST, *_PLAN),
    Role.SIGNER: (("待我审核", "reporting:signing"), _OWN, *_PLAN),
}  # fmt: skip


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Names, navigation and state for base.html; the one query is of the data state."""
    user = getattr(request, "user", None)
    frame = frame_of(request)
    state = SimpleLazyObject(lambda: frame.state)
    return {
        "system_name": settings.SYSTEM_NAME,
        "system_short_name": settings.SYSTEM_SHORT_NAME,
        "contact": settings.CONTACT,
        "contact_phone": settings.CONTACT_PHONE,
        "today": today(),
        "nav": navigation(user, request.path) if isinstance(user, User) else (),
        "data_state": state,
        "demo": SimpleLazyObject(lambda: bool(state.has_demo)),
        "asked": frame.asked,
        "basis": frame.basis,
    }


def today() -> datetime.date:
    return timezone.localdate()


def navigation(user: User, path: str) -> tuple[NavItem, ...]:
    """At most nine items: those of the first role in the order of duty, and one's own agency.

    Who has more gives up those that other pages link to anyway.
    """
    held = [role for role in _ORDER if user.has_role(role)]
    if not held:
        return ()
    names = list(_ITEMS[held[0]])
    if _OWN not in names and any(_OWN in _ITEMS[role] for role in held):
        spare = [item for item in names if item[1] in _LINKED_ANYWAY]
        names = [_OWN, *(item for item in names if len(names) < _MOST or item != spare[-1])]
    items = [(label, reverse(name)) for label, name in names]
    place = _place(path)
    best = max((url for _, url in items if place.startswith(url)), key=len, default=None)
    proposals, matters = reverse(_PROPOSALS[1]), reverse(_MATTERS[1])
    counts = user.has_role(Role.REVIEWER)
    return tuple(
        NavItem(label, url, url == best, url == proposals, counts and url == matters)
        for label, url in items
    )


def _place(path: str) -> str:
    """The page of the navigation to which an address below another one belongs."""
    if path.startswith(_FORMS):
        return reverse("reporting:home")
    if path.startswith(_RULES):
        return reverse(_PERIODS[1])
    if path.startswith(_CHANGES):
        return reverse("agencies:list")
    if path.startswith(_LEDGER):
        return reverse(_MATTERS[1])
    if path.startswith(_DIFFERENCES):
        return reverse("dashboard:overview")
    return reverse(_CHASE[1]) if _CHASING.match(path) else path


_ORDER = (Role.ADMINISTRATOR, Role.REVIEWER, Role.LEADER, Role.REPORTER, Role.SIGNER)
_LINKED_ANYWAY = ("agencies:list", "plan:text", "reporting:chase_now")
_MOST = 9
_FORMS = "/fill/"
_RULES = "/manage/rules/"
_CHANGES = "/plan/manage/agencies/"
_DIFFERENCES = "/changes/"
_LEDGER = "/risks/"
_CHASING = re.compile(r"/review/\w+/remind/")
