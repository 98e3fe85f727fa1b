"""The open obligations of an agency, and how they pass to the agency that takes over."""

import datetime
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, UniqueConstraint
from django.utils import timezone

from agencies.choices import Role
from agencies.models import Agency, User
from reporting.choices import WAITING, WITH_REPORTER, ObligationState, PeriodState
from reporting.models import Obligation

_UNDER_WAY = (ObligationState.SIGNING, ObligationState.RETURNED, *WAITING)


@dataclass(frozen=True)
class TransferPlan:
    """Open obligations by what happens to them when another agency takes over.

    `joined` pairs an obligation with the successor's for the same subject. `kept` stay with the old
    agency: they are with the bureau, or are corrections, and the successor has its own.
    """

    moved: tuple[Obligation, ...] = ()
    joined: tuple[tuple[Obligation, Obligation], ...] = ()
    kept: tuple[Obligation, ...] = ()

    @property
    def all(self) -> tuple[Obligation, ...]:
        return (*self.moved, *(own for own, _ in self.joined), *self.kept)


def open_obligations(*, agency: Agency) -> QuerySet[Obligation]:
    """Unfinished obligations of an agency: in open periods, in progress or unlocked."""
    running = (
        Q(period__state=PeriodState.OPEN)
        | Q(state__in=_UNDER_WAY)
        | Q(unlocked_until__gte=timezone.localdate())
        | ~Q(correction_reason="")
    )
    found = Obligation.objects.owed().with_subjects().filter(running, agency=agency)
    return found.exclude(state=ObligationState.APPROVED).in_plan_order()


def plan_transfer(*, obligations: Iterable[Obligation], into: Agency) -> TransferPlan:
    """How an agency's open obligations pass to a successor; one statement."""
    obligations = list(obligations)
    theirs = Obligation.objects.filter(
        agency=into, period__in={obligation.period_id for obligation in obligations}
    )
    known = {_subject_of(obligation): obligation for obligation in theirs.with_subjects()}
    pairs = [(obligation, known.get(_subject_of(obligation))) for obligation in obligations]
    return TransferPlan(
        tuple(own for own, there in pairs if there is None),
        tuple((own, there) for own, there in pairs if there and _is_unreported(own)),
        tuple(own for own, there in pairs if there and not _is_unreported(own)),
    )


def waits_for_signer(
    *, obligations: Iterable[Obligation], signers: QuerySet[User]
) -> list[Obligation]:
    """Obligations in 待单位审核, where none of these accounts is an active signer."""
    waiting = [obligation for obligation in obligations if obligation.is_signing]
    is_signed = signers.filter(is_active=True, roles__contains=[Role.SIGNER]).exists()
    return [] if is_signed else waiting


def touched_since(
    *, done: dict[str, Any], into: Agency, moment: datetime.datetime
) -> list[Obligation]:
    """The successor's obligations that somebody has written to or decided on since the transfer."""
    keys = [*done["moved"], *(one["items"][1] for one in done["joined"])]
    later = Q(edited_at__gt=moment) | Q(submitted_at__gt=moment) | Q(decided_at__gt=moment)
    found = Obligation.objects.with_subjects().filter(later, pk__in=keys, agency=into)
    return list(found.in_plan_order())


def _is_unreported(obligation: Obligation) -> bool:
    """Whether it is still with the agency and is not the correction of an approved report."""
    return obligation.state in WITH_REPORTER and not obligation.is_correction


def _subject_of(obligation: Obligation) -> Hashable:
    """The identity of an obligation without its agency, as in the unique constraint."""
    return tuple(getattr(obligation, name) for name in _SUBJECT)


_SUBJECT = tuple(
    Obligation._meta.get_field(name).attname  # type: ignore[union-attr]
    for one in Obligation._meta.constraints
    if isinstance(one, UniqueConstraint) and one.name == "obligation_once"
    for name in one.fields
    if name != "agency"
)
