"""Writes to accounts: sign-in and sign-out, passwords, opening and closing."""

import datetime
import secrets
from collections.abc import Sequence

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from agencies.choices import Role
from agencies.models import FormerPassword, User
from agencies.policies import check_can_manage
from agencies.services import sign_ins
from audit import services as audit
from audit.models import AuditEvent

FIRST_ADMINISTRATOR = "admin"
"""Made with the demonstration accounts, and none of them once it has a password of its own."""

_LETTERS = "abcdefghijkmnpqrstuvwxyz"
_CAPITALS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_DIGITS = "23456789"
_WAITING = "已暂停登录"
CODE_LASTS = datetime.timedelta(minutes=30)


def random_password(*, length: int = 12) -> str:
    """A password without letters that look alike, of all the kinds that are asked for."""
    kinds = (_LETTERS, _CAPITALS, _DIGITS)
    chosen = [secrets.choice(kind) for kind in kinds]
    chosen += [secrets.choice("".join(kinds)) for _ in range(length - len(kinds))]
    secrets.SystemRandom().shuffle(chosen)
    return "".join(chosen)


@transaction.atomic
def open_account(
    *, user: User, by: User | None, password: str = "", must_change: bool = True, reason: str = ""
) -> str:
    """Add a new account and return its first password, which is stored nowhere in clear."""
    check_can_manage(by)
    password = password or random_password()
    user.set_password(password)
    user.must_change_password = must_change
    audit.save(user, by=by, reason=reason)
    return password


@transaction.atomic
def open_administrator(*, username: str, name: str) -> str:
    """Add an administrator by command and return the one-time password."""
    user = User(username=username, name=name, roles=[Role.ADMINISTRATOR.value])
    return open_account(user=user, by=None, reason="由命令建立的管理员")


@transaction.atomic
def close_demonstration() -> list[User]:
    """Close the demonstration accounts; raise ValidationError where no administrator were left."""
    open_ones = list(User.objects.filter(is_demo=True, is_active=True).order_by("username"))
    for user in open_ones:
        user.is_active = False
        change_account(user=user, by=None, reason="不再试用")
    return open_ones


@transaction.atomic
def change_account(*, user: User, by: User | None, reason: str = "") -> AuditEvent | None:
    """Save a changed account; None if nothing changed. A closed one keeps no address."""
    check_can_manage(by)
    before = User.objects.select_for_update().get(pk=user.pk)
    if before.has_role(Role.ADMINISTRATOR) and not user.has_role(Role.ADMINISTRATOR):
        _check_not_last_administrator(user, by)
    if not user.is_active:
        user.phone = user.email = ""
        user.closed_at = timezone.now() if before.is_active else before.closed_at
    return audit.save(user, by=by, reason=reason, action=_action(before, user))


@transaction.atomic
def reset_password(*, user: User, by: User | None, reason: str = "") -> str:
    """Give an account a one-time password, shown once; the next sign-in has to change it."""
    check_can_manage(by)
    password = random_password()
    _replace_password(user, password, must_change=True)
    sign_ins.forget(user=user)  # a wait ends with the password it was for
    audit.record(_entry("重置密码", user, reason=reason), by=by)
    return password


@transaction.atomic
def let_in(*, user: User, by: User | None) -> str:
    """End the waits of an account. Return a code, shown once, for who has to wait again at once.

    While somebody goes on guessing, the code lets one sign-in pass from any browser.
    """
    check_can_manage(by)
    code = random_password(length=10)
    sign_ins.forget(user=user)
    sign_ins.new_code(user=user, code=code, lasts=CODE_LASTS)
    audit.record(_entry("放行登录", user), by=by)
    return code


def change_password(*, user: User, old: str, new: str, caller: sign_ins.Caller) -> None:
    """Replace one's own password. Raise ValidationError, by field, with what to do; WaitError.

    A wrong old password stays in the ledger, so only the change itself is one transaction.
    """
    try:
        sign_ins.attempt(
            account=user,
            caller=caller,
            check=lambda: user if user.check_password(old) else None,
        )
    except sign_ins.WrongPasswordError as error:
        audit.record(_entry("修改密码", user, succeeded=False), by=user)
        raise ValidationError({"old": f"现在的密码不对，{error.left_words}"}) from error
    except sign_ins.WaitError:
        audit.record(_entry("修改密码", user, reason=_WAITING, succeeded=False), by=user)
        raise
    check_new_password(user=user, new=new)
    with transaction.atomic():
        _replace_password(user, new, must_change=False)
        audit.record(_entry("修改密码", user), by=user)


def check_new_password(*, user: User, new: str) -> None:
    """Raise ValidationError if a password is too plain or was one of the last five."""
    try:
        validate_password(new, user)
    except ValidationError as error:
        raise ValidationError({"new": error.messages}) from error
    former = user.former_passwords.values_list("encoded", flat=True)
    recent = former[: settings.FORMER_PASSWORDS - 1]
    if any(check_password(new, encoded) for encoded in (user.password, *recent)):
        raise ValidationError({"new": f"最近{settings.FORMER_PASSWORDS}次用过的密码不能再用"})


def record_sign_in(*, user: User) -> None:
    """Note a sign-in in the ledger."""
    audit.record(_entry("登录", user), by=user)


def record_sign_out(*, user: User) -> None:
    """Note a sign-out in the ledger."""
    audit.record(_entry("退出", user), by=user)


def record_failure(*, username: str, waits: bool = False) -> None:
    """Note a failed sign-in; what cannot be an account may be a password and is not kept."""
    shown = sign_ins.possible_account(username=username) or "（不是账号）"
    reason = _WAITING if waits else ""
    audit.record(audit.Entry("登录失败", "账号", shown, reason=reason, succeeded=False), by=None)


def _replace_password(user: User, password: str, *, must_change: bool) -> None:
    FormerPassword.objects.create(user=user, encoded=user.password)
    user.set_password(password)
    user.must_change_password = must_change
    user.password_changed_at = timezone.now()
    user.is_demo = user.is_demo and user.username != FIRST_ADMINISTRATOR
    written = ["password", "must_change_password", "password_changed_at", "is_demo"]
    user.save(update_fields=written)


def _check_not_last_administrator(user: User, by: User | None) -> None:
    if by is not None and by.pk == user.pk:
        raise ValidationError("不能停用自己的账号或去掉自己的管理员角色，请由另一位管理员操作")
    others = User.objects.filter(is_active=True, roles__contains=[Role.ADMINISTRATOR])
    if not others.exclude(pk=user.pk).exists():
        raise ValidationError("至少要留一个启用的管理员账号")


def _action(before: User, after: User) -> str:
    if before.is_active == after.is_active:
        return "修改"
    return "启用账号" if after.is_active else "停用账号"


def _entry(
    action: str, user: User, *, reason: str = "", succeeded: bool = True,
    changes: Sequence[audit.Change] = (),
) -> audit.Entry:  # fmt: skip
    return audit.Entry(action, "账号", user.username, str(user), tuple(changes), reason, succeeded)
