"""Finds obligations by the parts of their address: period, kind and code."""

import datetime
from collections.abc import Iterable
from typing import Protocol, TypeVar

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
    """The obligations at an address, of all agencies; empty for an impossible address.

    T01@2026 is the value of one year; T01, the address used before values had their year, any
    year's.
    """
    own = _KINDS.get(kind)
    plain, _, year = code.partition("@")
    try:
        when, of = Period.parse(period), Period.parse(year) if "@" in code else None
    except ValueError:
        return Obligation.objects.none()
    if own is None or when.quarter is None or (of and of.quarter):
        return Obligation.objects.none()
    found = Obligation.objects.filter(
        period__year=when.year, period__quarter=when.quarter, kind=own, **{_CODES[own]: plain}
    )
    return found.filter(value_year=of.year) if of else found


def candidates_at(*, period: str, kind: str, code: str, reader: User) -> QuerySet[Obligation]:
    """The obligations at an address, the reader's among them, unordered, with related rows loaded.

    A contribution's address means each reader's own; other obligations may belong to another
    agency, which the policies check. Empty for an impossible address.
    """
    found = at_address(period=period, kind=kind, code=code)
    own = _KINDS.get(kind)
    if own == ObligationKind.CONTRIBUTION:
        found = found.filter(agency=reader.agency_id)
    subject = _CODES[own].partition("__")[0] if own else "target"
    return found.select_related("period", "agency", subject)


def obligations_at(*, period: str, kind: str, code: str, reader: User) -> QuerySet[Obligation]:
    """The obligations at an address, the one that the reader's agency owes now first."""
    found = candidates_at(period=period, kind=kind, code=code, reader=reader)
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


class _Row(Protocol):
    """The attributes by which `owed_by` chooses among the obligations of an address."""

    pk: int
    agency_id: int
    dropped_on: datetime.date | None
    value_year: int | None


R = TypeVar("R", bound=_Row)


def owed_by(rows: Iterable[R], agency: int | None) -> R:
    """The obligation at an address that an agency owes now, else the first.

    Raises Obligation.DoesNotExist, and MultipleObjectsReturned where the address would fit the
    values of several years.
    """

    def rank(row: R) -> tuple[bool, bool]:
        return row.agency_id != agency, row.dropped_on is not None

    ordered = sorted(rows, key=lambda row: (*rank(row), row.pk))
    if not ordered:
        raise Obligation.DoesNotExist
    if len({row.value_year for row in ordered if rank(row) == rank(ordered[0])}) > 1:
        raise Obligation.MultipleObjectsReturned
    return ordered[0]


def obligation_key(*, period: str, kind: str, code: str, reader: User) -> int:
    """The primary key of the reader's obligation.

    Choosing in Python costs less than ordering in the database. Raises like `owed_by`.
    """
    rows = candidates_at(period=period, kind=kind, code=code, reader=reader)
    names = ("pk", "agency_id", "dropped_on", "value_year")
    key: int = owed_by(rows.order_by().values_list(*names, named=True), reader.agency_id).pk
    return key
