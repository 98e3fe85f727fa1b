"""Versioned records, one current version per key: the write core of every kind."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import F, Max, QuerySet, Window, prefetch_related_objects
from django.utils import timezone

from agencies.choices import Role
from agencies.models import User
from audit import services as audit
from common.database.annotations import Annotation
from common.database.constraints import explained
from common.quarters import Period
from plan.models import DataState, Recorded, Retirable

V = TypeVar("V", bound=Recorded)
Key = tuple[Any, ...]
Complete = Callable[[V, V], None]
_BATCH = 1000
_QUARTERS = (None, 1, 2, 3, 4)
# The event itself records the time and the person.
_NOT_LOGGED = ("recorded_at", "recorded_by", "retracted_at")


@dataclass(frozen=True)
class Series(Generic[V]):
    """How the versions of one kind of record are kept.

    `owner` is the relation to the subject, whose row is locked; `key` identifies a record among
    versions; `facts` are the fields that a correction changes; `check` raises ValidationError in
    users' words; `related` are further related records.
    """

    model: type[V]
    owner: str
    key: tuple[str, ...]
    facts: tuple[str, ...]
    check: Callable[[V], None]
    related: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return str(self.model._meta.verbose_name)

    def key_of(self, row: V) -> Key:
        return tuple(getattr(row, name) for name in self.key)


@dataclass(frozen=True)
class _Change(Generic[V]):
    """A version to write, the current one that it replaces, and the last version number."""

    new: V
    old: V | None
    last: int


def record(
    series: Series[V],
    *,
    rows: Sequence[V],
    by: User | None,
    complete: Complete[V] | None = None,
    are_locked: bool = False,
) -> list[V]:
    """Record unsaved versions as current; all or nothing, in a constant number of statements.

    `are_locked`: the caller has locked the subjects already. `complete` is called before the check
    with a version and the current one that it replaces, to take over facts that the caller's form
    did not ask for.

    Returns those that were new or different. A different one for the same key is a correction and
    needs a reason. Raises ValidationError before anything is written.
    """
    check_can_record(by=by, what=series.label)
    if not rows:
        return []
    with _one_transaction():
        # Lock before any read: of two concurrent corrections the second must follow the first's
        # version.
        if not are_locked:
            _lock_owners(series, rows)
        _read_related(series, rows)
        known = _known(series, rows)
        changes: dict[Key, _Change[V]] = {}
        for row in rows:
            key = series.key_of(row)
            if key in changes:
                raise ValidationError({series.owner: f"{row}在同一批里出现了不止一次"})
            old = known.get(key)
            if complete and old is not None and old.is_current:
                complete(row, old)
            series.check(row)
            change = _change(series, row, old)
            if change:
                changes[key] = change
        _write(series, list(changes.values()), by)
    return [change.new for change in changes.values()]


def retract(series: Series[V], *, rows: Sequence[V], by: User | None, reason: str) -> list[V]:
    """Retract current versions; the versions before them, if any, become current again.

    Returns those that are current again. Retracted ones stay readable and keep their numbers.
    """
    check_can_record(by=by, what=series.label)
    if not reason.strip():
        raise ValidationError({"reason": "撤销要写明原因"})
    if not rows:
        return []
    with _one_transaction():
        _lock_owners(series, rows)
        _read_related(series, rows)
        standing = _standing(series, rows)
        retracted, reinstated = [], []
        for row in rows:
            current, *before = standing.get(series.key_of(row)) or [row]
            if current.pk != row.pk or not current.is_current:
                raise ValidationError(f"{row}第{row.version}版不是现行版本，不能撤销")
            retracted.append(current)
            reinstated += before[:1]
        _write_retraction(series, retracted, reinstated, by=by, reason=reason)
    return reinstated


def check_can_record(*, by: User | None, what: str) -> None:
    """Raise PermissionDenied except for the bureau's reviewers and administrators."""
    if by is not None and not by.has_role(Role.ADMINISTRATOR, Role.REVIEWER):
        raise PermissionDenied(f"{what}由区发改局审核员或管理员录入")


def check_period(year: int, quarter: int | None, *, what: str, now: Period | None = None) -> None:
    """Raise ValidationError if there is no such quarter, or it has not begun.

    Callers that check many pass the current quarter.
    """
    if quarter not in _QUARTERS:
        raise ValidationError({"quarter": "季度只能是1至4"})
    now = now or Period.quarter_of(timezone.localdate())
    if (year, quarter or 1) > (now.year, now.quarter):
        sentence = f"{Period(year, quarter).label}还没有开始，不能登记{what}"
        raise ValidationError({"year": sentence})


def check_in_force(owner: Retirable, *, field: str, what: str) -> None:
    """Raise ValidationError if the target, task or project is retired."""
    if owner.retired_on is not None:
        code = getattr(owner, "code", owner)
        raise ValidationError({field: f"{code}已停用，不再登记{what}"})


@contextmanager
def _one_transaction() -> Iterator[None]:
    """Join the caller's transaction if there is one: all is checked before the first write."""
    if connection.in_atomic_block:
        yield
    else:
        with transaction.atomic():
            yield


def _lock_owners(series: Series[V], rows: Sequence[V]) -> None:
    """Lock the subjects in one order, against deadlocks, and give each row its locked subject."""
    field = series.model._meta.get_field(series.owner)
    owners = field.related_model._base_manager.select_for_update().order_by("pk")  # type: ignore[union-attr]
    locked = owners.in_bulk({getattr(row, f"{series.owner}_id") for row in rows})
    for row in rows:
        setattr(row, series.owner, locked[getattr(row, f"{series.owner}_id")])


def _read_related(series: Series[V], rows: Sequence[V]) -> None:
    if series.related:
        prefetch_related_objects(rows, *series.related)


def _scope(series: Series[V], rows: Sequence[V]) -> QuerySet[V]:
    """All versions of the subjects and years of these rows."""
    owner = f"{series.owner}_id"
    return series.model._default_manager.select_related(series.owner, *series.related).filter(
        **{f"{owner}__in": {getattr(row, owner) for row in rows}},
        year__in={row.year for row in rows},
    )


def _known(series: Series[V], rows: Sequence[V]) -> Mapping[Key, V]:
    """For each key its current version, else any other, annotated with _LAST, the last number."""
    found = (
        _scope(series, rows)
        .annotate(**_LAST.column(series.key))
        .order_by(*series.key, "-is_current")
        .distinct(*series.key)
    )
    return {series.key_of(row): row for row in found}


def _last(key: Sequence[str]) -> Window:
    return Window(Max("version"), partition_by=[F(name) for name in key])


_LAST = Annotation("last", _last, int)


def _standing(series: Series[V], rows: Sequence[V]) -> Mapping[Key, list[V]]:
    """For each key its versions that are not retracted, newest first."""
    found: dict[Key, list[V]] = {}
    for row in _scope(series, rows).filter(retracted_at=None).order_by("-version"):
        found.setdefault(series.key_of(row), []).append(row)
    return found


def _change(series: Series[V], row: V, known: V | None) -> _Change[V] | None:
    """The change that a new version makes; None if the same values are current."""
    if known is None:
        return _Change(row, None, 0)
    last = _LAST.of(known)
    if not known.is_current:
        # The version number shows that earlier ones exist, so that readers need the reason.
        row.reason = row.reason.strip() or f"第{last}版已撤销"
        return _Change(row, None, last)
    if all(getattr(known, name) == getattr(row, name) for name in series.facts):
        return None
    if not row.reason.strip():
        raise ValidationError({"reason": f"{known}已有{series.label}，更正要写明原因"})
    return _Change(row, known, last)


def _write(series: Series[V], changes: Sequence[_Change[V]], by: User | None) -> None:
    if not changes:
        return
    for change in changes:
        change.new.version = change.last + 1
        change.new.is_current = True
        change.new.recorded_by = by.display_name if by else ""
    replaced = [change.old.pk for change in changes if change.old]
    with transaction.atomic(savepoint=False), explained(series.model):
        # Before the inserts: a unique constraint allows one current version per key.
        if replaced:
            series.model._base_manager.filter(pk__in=replaced).update(is_current=False)
        news = (change.new for change in changes)
        series.model._base_manager.bulk_create(news, batch_size=_BATCH)
        audit.record_all((_entry_of(change) for change in changes), by=by)
        # In this transaction: no page may see new values under the old version of the data.
        _touch(series, [change.new for change in changes])


def _write_retraction(
    series: Series[V],
    retracted: Sequence[V],
    reinstated: Sequence[V],
    *,
    by: User | None,
    reason: str,
) -> None:
    before = {row.pk: audit.snapshot(row) for row in (*retracted, *reinstated)}
    now = timezone.now()
    for row in retracted:
        row.is_current, row.retracted_at = False, now
    for row in reinstated:
        row.is_current = True
    entries = [
        _entry(row, before[row.pk], action=action, reason=reason)
        for action, rows in (("撤销", retracted), ("恢复", reinstated))
        for row in rows
    ]
    every = series.model._base_manager
    with transaction.atomic(savepoint=False):
        # These first: a unique constraint allows one current version per key.
        pks = [row.pk for row in retracted]
        every.filter(pk__in=pks).update(is_current=False, retracted_at=now)
        if reinstated:
            every.filter(pk__in=[row.pk for row in reinstated]).update(is_current=True)
        audit.record_all(entries, by=by)
        _touch(series, retracted)


def _touch(series: Series[V], rows: Sequence[V]) -> None:
    owners = {getattr(row, f"{series.owner}_id") for row in rows}
    DataState.touch(series.model._meta.app_label, only=owners)


def _entry_of(change: _Change[V]) -> audit.Entry:
    before = audit.snapshot(change.old) if change.old else {}
    action = "更正" if change.old else "录入"
    return _entry(change.new, before, action=action, reason=change.new.reason)


def _entry(row: Recorded, before: Mapping[str, str], *, action: str, reason: str) -> audit.Entry:
    """The audit event: the changed facts first, then the details of the version."""
    found = audit.entry_of(row, before, action=action, reason=reason)
    if found is None:
        raise AssertionError("a version always differs from the one before it")
    silent = {str(row._meta.get_field(name).verbose_name) for name in _NOT_LOGGED}  # type: ignore[union-attr]
    own = {str(field.verbose_name) for field in Recorded._meta.get_fields()}  # type: ignore[union-attr]
    said = [change for change in found.changes if change[0] not in silent]
    return replace(found, changes=tuple(sorted(said, key=lambda change: change[0] in own)))
