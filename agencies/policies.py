"""Who may do what: one table for views, navigation and tests."""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from agencies.choices import Role
from agencies.models import User


class Action(StrEnum):
    """What a person does with a page or a button, in the words of the refusal."""

    OWN_ACCOUNT = "使用自己的账号"
    READ = "查看方案、指标、任务、项目和看板"
    READ_OWN = "查看本单位的事项"
    READ_SOURCES = "查看报送回执和佐证材料"
    READ_HISTORY = "查看留痕"
    EDIT_PLAN = "维护方案数据"
    ASSIGN = "指定填报责任单位和汇总单位"
    IMPORT_ANNEX = "导入附件"
    MANAGE_AGENCIES = "维护单位"
    MANAGE_ACCOUNTS = "维护账号"
    USE_REGISTERS = "使用登记册"
    REPORT = "填报和报送"
    HAND_OVER = "办理交接"
    READ_HANDOVERS = "查看交接单"
    REVIEW = "审核填报"
    KEEP_PERIODS = "维护填报期和填报规则"
    READ_MATTERS = "查看需要决定和协调的事项"
    RAISE_MATTERS = "提出事项"
    KEEP_MATTERS = "登记和办理事项"
    SETTLE = "判定阶段目标"
    KEEP_RULES = "维护判定规则"
    DECIDE = "查看和确认提请事项"
    SEE_SETTLERS = "查看判定人"
    ENTER_BASE = "提出基期值"


_ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})

# OWN_ACCOUNT is everybody's who is signed in, whatever the roles.
ALLOWED: Mapping[Action, frozenset[Role]] = {
    Action.OWN_ACCOUNT: frozenset(Role),
    Action.READ: frozenset(Role),
    Action.READ_OWN: frozenset({Role.REPORTER, Role.SIGNER, Role.REVIEWER}),
    Action.READ_SOURCES: frozenset({Role.REPORTER, Role.SIGNER, Role.REVIEWER, Role.LEADER}),
    Action.READ_HISTORY: frozenset({Role.REVIEWER, Role.ADMINISTRATOR}),
    Action.EDIT_PLAN: _ADMINISTRATOR,
    Action.ASSIGN: frozenset({Role.REVIEWER, Role.ADMINISTRATOR}),
    Action.IMPORT_ANNEX: _ADMINISTRATOR,
    Action.MANAGE_AGENCIES: _ADMINISTRATOR,
    Action.MANAGE_ACCOUNTS: _ADMINISTRATOR,
    Action.USE_REGISTERS: _ADMINISTRATOR,
    Action.REPORT: frozenset({Role.REPORTER, Role.SIGNER}),
    Action.HAND_OVER: frozenset({Role.SIGNER, Role.ADMINISTRATOR}),
    Action.READ_HANDOVERS: frozenset({Role.REPORTER, Role.SIGNER, Role.ADMINISTRATOR}),
    Action.REVIEW: frozenset({Role.REVIEWER}),
    Action.KEEP_PERIODS: frozenset({Role.REVIEWER, Role.ADMINISTRATOR}),
    Action.READ_MATTERS: frozenset(Role),
    Action.RAISE_MATTERS: frozenset({Role.REPORTER, Role.SIGNER, Role.REVIEWER}),
    Action.KEEP_MATTERS: frozenset({Role.REVIEWER}),
    Action.SETTLE: frozenset({Role.REVIEWER}),
    Action.KEEP_RULES: frozenset({Role.REVIEWER, Role.ADMINISTRATOR}),
    Action.DECIDE: frozenset({Role.REVIEWER, Role.ADMINISTRATOR}),
    Action.SEE_SETTLERS: frozenset({Role.REVIEWER, Role.LEADER, Role.ADMINISTRATOR}),
    Action.ENTER_BASE: frozenset({Role.REVIEWER, Role.ADMINISTRATOR}),
}

View = Callable[..., HttpResponseBase]


class SignedInRequest(HttpRequest):
    """A request behind `requires`: its user is one of ours."""

    user: User


def can(user: object, *what: Action | Role) -> bool:
    """True for an active account that holds a role for one of the actions, or one of the roles."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return Action.OWN_ACCOUNT in what or user.has_role(*_roles(what))


def check(user: object, *what: Action | Role) -> None:
    """Raise PermissionDenied with a sentence that names the roles which may."""
    if not can(user, *what):
        held = (user.role_labels if isinstance(user, User) else "") or "没有角色"
        deed = next((f"“{item}”" for item in what if isinstance(item, Action)), "这个页面")
        raise PermissionDenied(f"{deed}由{_labels(_roles(what))}使用，您的账号是：{held}。")


def requires(*what: Action | Role) -> Callable[[View], View]:
    """Let only these into a view. Every view carries it: a test walks the addresses."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            check(request.user, *what)
            return view(request, *args, **kwargs)

        guarded.required = what  # type: ignore[attr-defined]
        return guarded

    return decorate


def check_can_manage(by: User | None) -> None:
    """Raise PermissionDenied with a sentence. Commands (None) may: the operator runs them."""
    if by is not None and not by.has_role(Role.ADMINISTRATOR):
        raise PermissionDenied("这项操作只能由管理员进行，请联系本系统管理员")


def check_can_assign(by: User | None) -> None:
    """Raise PermissionDenied unless the bureau names who reports. Commands (None) may."""
    if by is not None:
        check(by, Action.ASSIGN)


def _roles(what: Iterable[Action | Role]) -> frozenset[Role]:
    return frozenset().union(
        *(ALLOWED[item] if isinstance(item, Action) else {item} for item in what)
    )


def _labels(roles: frozenset[Role]) -> str:
    return "、".join(role.label for role in Role if role in roles)
