"""The only way to write the ledger."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db import models, transaction

from audit import origin
from audit.models import AuditEvent
from common.database.constraints import explained
from common.formats import zh_datetime

Change = tuple[str, str, str]


@dataclass(frozen=True)
class Entry:
    """One event to be recorded. Changes are (field label, old text, new text)."""

    action: str
    object_type: str
    object_code: str
    object_name: str = ""
    changes: tuple[Change, ...] = ()
    reason: str = ""
    succeeded: bool = True


def record(entry: Entry, *, by: origin.Actor | None) -> AuditEvent:
    """Add one event to the ledger."""
    event = _event(entry, by)
    event.save(force_insert=True)
    return event


def record_all(entries: Iterable[Entry], *, by: origin.Actor | None) -> None:
    """Add many events in one statement a thousand."""
    events = [_event(entry, by) for entry in entries]
    collected = _collected.get()
    if collected is None:
        AuditEvent.objects.bulk_create(events, batch_size=1000)
    else:
        collected.extend(events)


@contextmanager
def batched() -> Iterator[None]:
    """Collect what `record_all` adds within the block and write it in one statement at its end.

    To be used inside a transaction: what fails in the block is rolled back and leaves no event.
    """
    events: list[AuditEvent] = []
    token = _collected.set(events)
    try:
        yield
    finally:
        _collected.reset(token)
    AuditEvent.objects.bulk_create(events, batch_size=1000)


_collected: ContextVar[list[AuditEvent] | None] = ContextVar("audit_collected", default=None)


def save(
    instance: models.Model,
    *,
    by: origin.Actor | None,
    reason: str = "",
    action: str = "",
    also: tuple[Change, ...] = (),
) -> AuditEvent | None:
    """Check and save one record and record what changed, in one transaction.

    `also` are changes that no field shows, such as lists of agencies. Returns None, and writes
    nothing, where nothing changed. Raises ValidationError with the words of the model.
    """
    with transaction.atomic():
        stored = _locked(instance)
        before = snapshot(stored) if stored else {}
        known = _share_related(stored, instance) if stored else ()
        instance.full_clean(exclude=known, validate_constraints=False)
        entry = entry_of(instance, before, action=action, reason=reason, also=also)
        if entry is None:
            return None
        with explained(type(instance)):
            instance.save()
        return record(replace(entry, object_code=_code(instance)), by=by)


def _locked(instance: models.Model) -> models.Model | None:
    """The record as it is stored, with what it refers to; None for a new one."""
    if instance._state.adding:
        return None
    relations = [f.name for f in instance._meta.concrete_fields if f.is_relation]
    rows = type(instance)._base_manager.select_related(*relations)
    return rows.select_for_update(of=("self",)).get(pk=instance.pk)


def _share_related(stored: models.Model, instance: models.Model) -> set[str]:
    """Fields that refer to the same record as before: they are neither read nor checked again."""
    same = {
        f
        for f in instance._meta.concrete_fields
        if isinstance(f, models.ForeignKey)
        and getattr(stored, f.attname) == getattr(instance, f.attname)
    }
    for f in same:
        if not f.is_cached(instance):
            f.set_cached_value(instance, f.get_cached_value(stored, default=None))
    return {f.name for f in same}


def entry_of(
    instance: models.Model,
    before: Mapping[str, str],
    *,
    action: str = "",
    reason: str = "",
    also: tuple[Change, ...] = (),
) -> Entry | None:
    """The event of a change from `before` to now; None if nothing changed."""
    after = snapshot(instance)
    changes = tuple(
        (label, before.get(label, ""), value)
        for label, value in after.items()
        if before.get(label, "") != value
    ) + tuple(change for change in also if change[1] != change[2])
    if not changes:
        return None
    return Entry(
        action=action or ("修改" if before else "新增"),
        object_type=str(instance._meta.verbose_name),
        object_code=_code(instance),
        object_name=str(instance)[:200],
        changes=changes,
        reason=reason,
    )


def snapshot(instance: models.Model) -> dict[str, str]:
    """Field label → text of each field, in the words of the reader; missing is the empty text."""
    return {
        str(f.verbose_name): _as_text(instance, f)
        for f in instance._meta.concrete_fields
        if not f.primary_key and f.name not in _SILENT
    }


def _code(instance: models.Model) -> str:
    return str(getattr(instance, "code", None) or instance.pk)


_SILENT = {
    "password", "password_changed_at", "last_login", "created_at", "updated_at",
    "closed_at", "notice", "is_notice_mailed",
}  # fmt: skip
_YES_NO = {True: "是", False: "否", None: ""}


def _as_text(instance: models.Model, f: models.Field[Any, Any]) -> str:
    if f.choices:
        return str(getattr(instance, f"get_{f.name}_display")())
    if f.is_relation:
        related = getattr(instance, f.name) if getattr(instance, f.attname) is not None else None
        return "" if related is None else str(related)
    value = getattr(instance, f.name)
    if isinstance(value, list):
        labels = dict(getattr(getattr(f, "base_field", None), "flatchoices", ()))
        return "、".join(str(labels.get(item, item)) for item in value)
    if isinstance(f, models.BooleanField):
        return _YES_NO[value]
    if isinstance(value, datetime.datetime):
        return zh_datetime(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value)


def _event(entry: Entry, by: origin.Actor | None) -> AuditEvent:
    where = origin.current()
    return AuditEvent(
        actor_id=by.pk if by else None,
        actor_name=by.display_name if by else "",
        agency_name=by.agency_name if by else "",
        address=where.address,
        way=where.way,
        action=entry.action,
        object_type=entry.object_type,
        object_code=entry.object_code[:80],
        object_name=entry.object_name[:200],
        changes=[list(change) for change in entry.changes],
        reason=entry.reason,
        succeeded=entry.succeeded,
    )
