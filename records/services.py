"""The register of issued papers: written by whoever issues one, asked by whoever holds one."""

import datetime
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from agencies.models import User
from agencies.rules import Limit
from audit import services as audit
from audit.models import AuditEvent
from records.choices import CodeState
from records.models import IssuedCode
from records.rules import check_code, possible_codes

LOOKED_UP = Limit(20, datetime.timedelta(minutes=15))
"""So many codes that nobody has issued, and an account waits."""
_LOOK_UP = "核验"


class TooManyLookUpsError(Exception):
    """The account has asked for too many codes that do not exist."""

    def __init__(self, ends: datetime.datetime) -> None:
        minutes = -((timezone.now() - ends) // datetime.timedelta(minutes=1))
        super().__init__(f"查不到的次数太多，请{minutes}分钟后再试")


@dataclass(frozen=True, kw_only=True)
class NewPaper:
    """A paper to be registered; `content` is what its checksum is made of, its number among it."""

    content: bytes
    number: str
    label: str
    owner: str
    is_demo: bool = False


@transaction.atomic(savepoint=False)
def issue(*, papers: Sequence[NewPaper], by: User | None) -> list[IssuedCode]:
    """Register papers in three statements; their codes in the same order."""
    now = timezone.now()
    sums = [hashlib.sha256(paper.content).hexdigest() for paper in papers]
    known = IssuedCode.objects.filter(code__in=[c for one in sums for c in possible_codes(one)])
    taken = set(known.values_list("code", flat=True))
    issued = []
    for paper, sha256 in zip(papers, sums, strict=True):
        code = check_code(sha256, taken)
        taken.add(code)
        issued.append(
            IssuedCode(
                code=code,
                sha256=sha256,
                number=paper.number,
                label=paper.label,
                owner=paper.owner,
                issued_at=now,
                issued_by=by.display_name if by else "",
                is_demo=paper.is_demo,
            )
        )
    IssuedCode.objects.bulk_create(issued)
    audit.record_all((_entry(one, "签发编号", "") for one in issued), by=by)
    return issued


@transaction.atomic(savepoint=False)
def replace(*, issued: IssuedCode, newer: IssuedCode, by: User | None) -> None:
    """Mark a paper as replaced by a newer one; also one that had been withdrawn before.

    What it had replaced itself then names the newer one: a reader asks for the newest.
    """
    IssuedCode.objects.filter(replaced_by=issued).update(replaced_by=newer)
    issued.replaced_by = newer
    _end(issued, CodeState.REPLACED, by, reason=f"由{newer.number}替代")


@transaction.atomic(savepoint=False)
def withdraw(*, issued: IssuedCode, by: User | None) -> None:
    """Mark a paper as withdrawn: nothing of it stands any more, and nothing takes its place."""
    _end(issued, CodeState.WITHDRAWN, by)


def look_up(*, code: str, number: str, by: User) -> IssuedCode | None:
    """The issued paper of a check code, else of a number; None, kept in the ledger, for none.

    A number without version finds its newest one. Raises TooManyLookUpsError after too many that
    do not exist.
    """
    misses = AuditEvent.objects.filter(
        object_type=_LOOK_UP,
        object_code=by.username,
        succeeded=False,
        at__gt=timezone.now() - 2 * LOOKED_UP.within,
    )
    ends = LOOKED_UP.wait_ends(misses.values_list("at", flat=True))
    if ends and ends > timezone.now():
        raise TooManyLookUpsError(ends)
    asked = Q(code=code) if code else _numbered(number)
    found = IssuedCode.objects.select_related("replaced_by").filter(asked).order_by("-pk").first()
    if found is None:
        entry = audit.Entry(
            _LOOK_UP, _LOOK_UP, by.username, object_name=code or number, succeeded=False
        )
        audit.record(entry, by=by)
    return found


def _numbered(number: str) -> Q:
    """The number with its version, or without it: then all its versions."""
    return Q(number=number) | Q(number__regex=rf"^{re.escape(number)}-[0-9]+$")


def _end(issued: IssuedCode, state: CodeState, by: User | None, reason: str = "") -> None:
    was = issued.get_state_display()
    issued.state, issued.ended_at = state, timezone.now()
    issued.save(update_fields=["state", "ended_at", "replaced_by"])
    audit.record_all([_entry(issued, state.label, was, reason)], by=by)


def _entry(issued: IssuedCode, action: str, was: str, reason: str = "") -> audit.Entry:
    return audit.Entry(
        action,
        "签发编号",
        issued.number,
        issued.label,
        changes=(("状态", was, issued.get_state_display()), ("校验码", "", issued.spelled)),
        reason=reason,
    )
