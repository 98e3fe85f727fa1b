"""What an agency has to do and who works for it, moved to the agency that takes over."""

from typing import Any

from agencies.models import Agency, GroupMember, User
from agencies.services import accounts
from audit import services as audit
from reporting.choices import PeriodState
from reporting.models import ReportingPeriod
from reporting.periods.services.periods import refresh
from setup.models import AgencyChange
from setup.selectors.agency_changes import LINKS, SHARES, AgencyLink, AgencyShareLink

Moved = dict[str, list[int]]
Rows = list[dict[str, Any]]
Gone = dict[str, Rows]


def move_links(*, change: AgencyChange, by: User | None) -> tuple[Moved, Gone]:
    """Name the successor wherever the agency is named; returns what moved and what was deleted.

    Of lists that have the successor already the agency is taken off. One that is abolished stays
    named, so that the bureau sees what nobody does; it only leaves its groups.
    """
    moved: Moved = {}
    for link in LINKS if change.into else ():
        rows = list(link.rows(change.agency))
        moved[link.key] = _name(link, rows, change.agency, change.into, by)
    gone: Gone = {}
    for shares in SHARES:
        if change.into or shares.model is GroupMember:
            moved[shares.key], gone[shares.key] = _move_shares(shares, change, by)
    return moved, gone


def _move_shares(
    shares: AgencyShareLink, change: AgencyChange, by: User | None
) -> tuple[list[int], Rows]:
    agency, into = change.agency, change.into
    has = shares.model._default_manager.filter(**{shares.field: into}).values_list(shares.owner)
    owners = {pk for (pk,) in has} if into else None
    rows = list(shares.rows(agency))
    off = [r for r in rows if owners is None or getattr(r, f"{shares.owner}_id") in owners]
    fields = [f.attname for f in shares.model._meta.concrete_fields if not f.primary_key]
    gone = [{name: getattr(row, name) for name in fields} for row in off]
    _note(shares, off, agency, None, by)
    shares.these(row.pk for row in off).delete()
    return _name(shares, [row for row in rows if row not in off], agency, into, by), gone


def move_links_back(*, change: AgencyChange, by: User | None) -> None:
    """The caller has seen that all of them still name the successor."""
    for link in (*LINKS, *SHARES):
        rows = list(link.these(change.before["links"].get(link.key, [])))
        _name(link, rows, change.into, change.agency, by)
    for shares in SHARES:
        gone = [shares.model(**row) for row in change.before["gone"].get(shares.key, [])]
        shares.model._default_manager.bulk_create(gone, ignore_conflicts=True)
        _note(shares, gone, None, change.agency, by)


def _name(
    link: AgencyLink, rows: list[Any], old: Agency | None, new: Agency | None, by: User | None
) -> list[int]:
    """Name another agency in these records; returns their keys."""
    keys = [row.pk for row in rows]
    link.these(keys).update(**{link.field: new})
    _note(link, rows, old, new, by)
    return keys


def _note(
    link: AgencyLink, rows: list[Any], old: Agency | None, new: Agency | None, by: User | None
) -> None:
    """One event for each record, by which a past day knows who it was then."""
    owner = getattr(link, "owner", "")
    field = str(link.model._meta.get_field(link.field).verbose_name)  # type: ignore[union-attr]
    said = (link.label if owner else field, old.name if old else "", new.name if new else "")
    found = [getattr(row, owner) if owner else row for row in rows]
    entries = (
        audit.Entry(
            "移交",
            str(one._meta.verbose_name),
            str(getattr(one, "code", one.pk)),
            str(one),
            changes=(said,),
        )
        for one in found
    )
    audit.record_all(entries, by=by)


def move_accounts(
    *, agency: Agency, into: Agency | None, by: User | None, reason: str
) -> list[int]:
    """Give the open accounts to the successor, or close them; returns their keys."""
    users = list(User.objects.filter(agency=agency, is_active=True).order_by("pk"))
    for user in users:
        if into:
            user.agency = into
        else:
            user.is_active = False
        accounts.change_account(user=user, by=by, reason=reason)
    return [user.pk for user in users]


def move_accounts_back(*, agency: Agency, keys: list[int], by: User | None) -> None:
    """Put accounts back that moved or were closed."""
    for user in User.objects.filter(pk__in=keys).order_by("pk"):
        user.agency, user.is_active = agency, True
        accounts.change_account(user=user, by=by, reason="撤回单位变动")


def refresh_open_periods(*, by: User | None) -> None:
    """What is owed follows at once, not only the next morning."""
    for period in ReportingPeriod.objects.filter(state=PeriodState.OPEN).order_by("pk"):
        refresh(period=period, by=by)
