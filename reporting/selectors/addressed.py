"""Owed items by the parts of their address: period, kind and code."""

from django.db.models import BooleanField, Case, QuerySet, Value, When

from agencies.models import User
from common.quarters import Period
from reporting.choices import ObligationKind
from reporting.models import Obligation
from reporting.models.obligations import KIND_PATHS

_KINDS = {path: kind for kind, path in KIND_PATHS.items()}
_CODES = {
    ObligationKind.TARGET: "target__code",
    ObligationKind.TASK: "task__code",
    ObligationKind.CONTRIBUTION: "task__code",
    ObligationKind.PROJECT: "project__code",
}


def at_address(*, period: str, kind: str, code: str) -> QuerySet[Obligation]:
    """Items of an address, whoever owes them. None for an address that cannot be."""
    own = _KINDS.get(kind)
    try:
        when = Period.parse(period)
    except ValueError:
        return Obligation.objects.none()
    if own is None or when.quarter is None:
        return Obligation.objects.none()
    return Obligation.objects.filter(
        period__year=when.year, period__quarter=when.quarter, kind=own, **{_CODES[own]: code}
    )


def candidates(*, period: str, kind: str, code: str, reader: User) -> QuerySet[Obligation]:
    """Items of an address among which the reader's is, in no order, with all they refer to.

    A contribution's address is every agency's own; other items may belong to somebody else, which
    the policies tell. None for an address that cannot be.
    """
    found = at_address(period=period, kind=kind, code=code)
    own = _KINDS.get(kind)
    if own == ObligationKind.CONTRIBUTION:
        found = found.filter(agency=reader.agency_id)
    subject = _CODES[own].partition("__")[0] if own else "target"
    return found.select_related("period", "agency", subject)


def addressed(*, period: str, kind: str, code: str, reader: User) -> QuerySet[Obligation]:
    """Those items, the one that the reader's agency owes now first."""
    found = candidates(period=period, kind=kind, code=code, reader=reader)
    is_own = Case(
        When(agency=reader.agency_id, then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
    is_owed = Case(
        When(dropped_on=None, then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
    return found.order_by(is_own.desc(), is_owed.desc(), "pk")


def item_key(*, period: str, kind: str, code: str, reader: User) -> int:
    """The key of the first of them: chosen here, which costs less than ordering in the database.

    Raises Obligation.DoesNotExist.
    """
    rows = candidates(period=period, kind=kind, code=code, reader=reader)
    found = [
        (agency != reader.agency_id, gone is not None, key)
        for agency, gone, key in rows.order_by().values_list("agency_id", "dropped_on", "pk")
    ]
    if not found:
        raise Obligation.DoesNotExist
    return min(found)[2]
