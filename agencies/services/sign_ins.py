"""Every password check is counted: on signing in, also within a page, and on changing it."""

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from agencies import devices
from agencies.models import EntryCode, SignInFailure, User
from agencies.rules import DEVICE, KEPT, FailureCounter, LockoutStatus, Wait, lockout_status
from agencies.services import notices
from common.web.client_address import network_of

_ACCOUNT = re.compile(r"[a-z][a-z0-9_-]{0,29}")
_KNOWN_ONLY = "{}分钟内只接受以前登录过这个账号的浏览器；用别的浏览器，在登录页填管理员给的放行码"
_SENTENCES = {
    FailureCounter.HERE: "密码输错次数太多，请{}分钟后再试",
    FailureCounter.ACCOUNT: f"有人反复输错这个账号的密码，{_KNOWN_ONLY}",
    FailureCounter.ADDRESS: f"您所在的网络输错密码次数太多，{_KNOWN_ONLY}",
}


@dataclass(frozen=True)
class Caller:
    """Who is trying to sign in: address, the browser's cookies, the code from an administrator."""

    address: str | None
    cookies: Mapping[str, str]
    code: str = ""


class WaitError(Exception):
    """Too many failures: the password was not even looked at, or is not any more."""

    def __init__(self, wait: Wait) -> None:
        super().__init__(wait)
        self.takes_code = wait.counter is not FailureCounter.HERE
        self.minutes = -((timezone.now() - wait.ends) // datetime.timedelta(minutes=1))
        self.sentence = _SENTENCES[wait.counter].format(self.minutes)


class WrongPasswordError(Exception):
    """The account or the password is wrong."""

    def __init__(self, left: int) -> None:
        here = FailureCounter.HERE.value
        minutes = here.within // datetime.timedelta(minutes=1)
        self.left_words = f"再错{left}次将暂停登录{minutes}分钟"
        super().__init__(self.left_words)


def attempt(*, account: User | str, caller: Caller, check: Callable[[], User | None]) -> User:
    """The account whose password `check` finds right. Raise WaitError or WrongPasswordError.

    Requests of the same moment may each look at a password, as many as the processes answer.
    """
    user = _user(account)
    attempted = SignInFailure(
        account=possible_account(username=user.username if user else str(account)),
        address=network_of(caller.address),
        device=devices.device_of(caller.cookies, user) if user else "",
    )
    before = _before(attempted)
    if any(one.ends_device and one.device == attempted.device for one in before):
        attempted.device = ""
    then = _standing(before, attempted)
    code = _code_given(user, caller)
    if wait := then.wait(known=bool(attempted.device or code)):
        raise WaitError(wait)
    found = check()
    if found is None:
        raise _failed(user, attempted, before, then)
    if any(one.account == attempted.account for one in before):
        _failures(attempted.account).filter(address=attempted.address).delete()
    if code:
        code.delete()
    return found


def possible_account(*, username: str) -> str:
    """What was typed; empty if it cannot be an account, for it may be a password."""
    return username if _ACCOUNT.fullmatch(username) else ""


def forget(*, user: User) -> None:
    """Reset the counters of an account."""
    _failures(user.username).delete()


def new_code(*, user: User, code: str, lasts: datetime.timedelta) -> None:
    """Allow one sign-in with this code, as if its browser were known."""
    values = {"digest": _digest(code), "until": timezone.now() + lasts}
    EntryCode.objects.update_or_create(user=user, defaults=values)


def sweep() -> None:
    """Delete what no longer counts. What ended a browser's trust stays as long as its cookie."""
    now = timezone.now()
    old = Q(at__lt=now - KEPT, ends_device=False) | Q(at__lt=now - devices.MAX_AGE)
    SignInFailure.objects.filter(old).delete()
    EntryCode.objects.filter(until__lt=now).delete()


def _user(account: User | str) -> User | None:
    if isinstance(account, User):
        return account
    return User.objects.filter(username=account).first()


def _failures(account: str) -> QuerySet[SignInFailure]:
    return SignInFailure.objects.filter(account=account, ends_device=False)


def _before(attempted: SignInFailure) -> list[SignInFailure]:
    """Earlier failures of account and address, and the one that ended trust in the device."""
    counted = Q(address=attempted.address)
    if attempted.account:
        counted |= Q(account=attempted.account)
    counted &= Q(at__gt=attempted.at - KEPT)
    if attempted.device:
        counted |= Q(device=attempted.device, ends_device=True)
    return list(SignInFailure.objects.filter(counted))


def _standing(failures: Sequence[SignInFailure], attempted: SignInFailure) -> LockoutStatus:
    return lockout_status(
        failures, account=attempted.account, address=attempted.address, now=attempted.at
    )


def _failed(
    user: User | None, attempted: SignInFailure, before: list[SignInFailure], then: LockoutStatus
) -> Exception:
    """Record a wrong password and its consequences for the browser, the account and the caller."""
    failures = [*before, attempted]
    own = [one.at for one in failures if attempted.device and one.device == attempted.device]
    attempted.ends_device = DEVICE.counted(own, attempted.at) >= DEVICE.failures
    attempted.save(force_insert=True)
    now = _standing(failures, attempted)
    if (
        user
        and user.is_active
        and now.has(FailureCounter.ACCOUNT)
        and not then.has(FailureCounter.ACCOUNT)
    ):
        notices.notify_of_guessing(user=user)
    wait = now.wait(known=bool(attempted.device))
    return WaitError(wait) if wait else WrongPasswordError(now.left)


def _code_given(user: User | None, caller: Caller) -> EntryCode | None:
    if user is None or not caller.code:
        return None
    valid = EntryCode.objects.filter(user=user, until__gt=timezone.now()).first()
    fits = valid and constant_time_compare(valid.digest, _digest(caller.code))
    return valid if fits else None


def _digest(code: str) -> str:
    return salted_hmac("agencies.sign_ins", code.strip()).hexdigest()
