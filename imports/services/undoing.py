"""Taking an import back: old values return, what it added goes, unless something rests on it."""

from collections import Counter
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, ForeignObjectRel, Model
from django.utils import timezone

from agencies.models import User
from agencies.policies import check_can_manage
from audit import services as audit
from audit.models import Way
from audit.origin import acting
from imports.choices import ImportState
from imports.models import ImportRun
from imports.services.confirming import run_entry
from imports.services.locking import locked
from imports.services.record_changes import (
    SHARES,
    TABLES,
    RecordChange,
    change_of_json,
    share_rows,
    stored_values,
    write_shares,
)
from imports.services.writing import entry_of
from plan.models import DataState

_NAMED = 5


class UndoRefusedError(ValidationError):
    """Something rests on what the import did; the message says what."""


def undo(*, run: ImportRun, by: User | None, version: int | None = None) -> ImportRun:
    """Take a confirmed import back. Raises UndoRefusedError where later work rests on it."""
    check_can_manage(by)
    with transaction.atomic(), acting(way=Way.ANNEX):
        DataState.touch()
        run = locked(run=run, version=version, states=(ImportState.CONFIRMED,))
        changes = [change_of_json(data=data) for data in run.changes]
        entries: list[audit.Entry] = []
        for register in TABLES:
            entries += _restore(register, [c for c in changes if c.register == register])
        for register in reversed(list(TABLES)):
            own = [c for c in changes if c.register == register and c.created]
            entries += _remove(register, own)
        run.state, run.undone_at = ImportState.UNDONE, timezone.now()
        run.version += 1
        run.save(update_fields=["state", "undone_at", "version"])
        audit.record_all([run_entry(run=run, action="撤销导入"), *entries], by=by)
    return run


def _restore(register: str, changes: list[RecordChange]) -> list[audit.Entry]:
    """Give changed records their old values; every record must still be as it was left."""
    if not changes:
        return []
    model = TABLES[register].model
    keys = [change.pk for change in changes]
    found = model._base_manager.select_for_update().in_bulk(keys)
    lists = share_rows(register=register, pks=keys) if TABLES[register].shares else {}
    refused = [words for change in changes if (words := _moved_on(change, found, lists))]
    if refused:
        raise UndoRefusedError(f"不能撤销：{_listed(refused)}。请先改回，或在对应页面单独修改。")
    entries, names, old_lists = [], set(), {}
    for change in changes:
        if change.created:
            continue
        instance = found[change.pk]
        for name, (old, _) in change.fields.items():
            if name == SHARES:
                old_lists[change.pk] = list(old) if isinstance(old, list) else []
                continue
            field = instance._meta.get_field(name)
            setattr(instance, name, field.to_python(old))  # type: ignore[union-attr]
            names.add(name)
        entries.append(entry_of(action="撤销修改", instance=instance))
    if names:
        edited = [found[change.pk] for change in changes if not change.created]
        model._base_manager.bulk_update(edited, sorted(names))
    write_shares(register=register, lists=old_lists)
    return entries


def _moved_on(change: RecordChange, found: dict[int, Model], lists: dict[int, list[int]]) -> str:
    """What happened to a record after the import, in words; empty if nothing did."""
    instance = found.get(change.pk)
    if instance is None:
        return f"{change.label}已不存在"
    names = [name for name in change.fields if name != SHARES]
    now = stored_values(instance=instance, names=names)
    differing = [
        str(instance._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        for name in names
        if now[name] != change.fields[name][1]
    ]
    if SHARES in change.fields and lists[change.pk] != change.fields[SHARES][1]:
        differing.append("责任单位")
    return f"{change.label}在导入之后改过{'、'.join(differing)}" if differing else ""


def _remove(register: str, changes: list[RecordChange]) -> list[audit.Entry]:
    """Delete what the import added; whatever still refers to it forbids that."""
    if not changes:
        return []
    model = TABLES[register].model
    keys = [change.pk for change in changes]
    found = model._base_manager.in_bulk(keys)
    if TABLES[register].shares is not None:
        write_shares(register=register, lists={key: [] for key in keys})
    if resting := _resting_on(model, keys):
        words = [f"{found[pk]}已有{'、'.join(what)}" for pk, what in resting.items()]
        raise UndoRefusedError(f"不能撤销：{_listed(words)}。")
    entries = [entry_of(action="撤销新增", instance=found[key]) for key in keys]
    # Nothing refers to them, so the rows go in one statement, without a search for what does.
    rows = model._base_manager.filter(pk__in=keys)
    rows._raw_delete(rows.db)
    return entries


def _resting_on(model: type[Model], keys: list[int]) -> dict[int, list[str]]:
    """Key → what other records refer to it, in words."""
    found: dict[int, list[str]] = {}
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or relation.many_to_many:
            continue
        name = relation.field.name
        rows = (
            relation.related_model._base_manager.filter(**{f"{name}__in": keys})
            .values_list(name)
            .annotate(number=Count("pk"))
            .order_by(name)
        )
        for key, number in rows:
            found.setdefault(key, []).append(
                f"{relation.related_model._meta.verbose_name}{number}条"
            )
    return found


def _listed(words: Iterable[str]) -> str:
    """The first few, and how many more there are."""
    counted = list(Counter(words))
    more = f"等{len(counted)}处" if len(counted) > _NAMED else ""
    return "；".join(counted[:_NAMED]) + more
