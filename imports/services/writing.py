"""Rows of a difference into the registers: a constant number of statements for each register."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils import timezone

from agencies.choices import AliasSource
from agencies.models import Agency, AgencyAlias
from audit import services as audit
from common.name_matching import name_key
from imports.selectors.differences import (
    CHANGED,
    NEW,
    Difference,
    FieldChange,
    Retirement,
    RowDifference,
)
from imports.selectors.entries import GOALS, PROJECTS, TASKS
from imports.selectors.matching import CategoryChange
from imports.selectors.plan_registers import Value
from imports.services.record_changes import (
    SHARES,
    TABLES,
    Raw,
    RecordChange,
    created,
    share_rows,
    stored_values,
    write_shares,
)
from plan.models import Category, Goal, Retirable
from projects.models import Project
from tasks.models import Task

_AGENCY_FIELDS = {"lead", "convenor", "reporting_agency"}
RETIRED = "retired_on"
_RETIRABLE: Mapping[str, type[Retirable]] = {GOALS: Goal, TASKS: Task, PROJECTS: Project}


@dataclass
class WriteLog:
    """What was done so far: the changes for undoing it and the events for the ledger."""

    changes: list[RecordChange] = field(default_factory=list)
    entries: list[audit.Entry] = field(default_factory=list)

    def added(self, register: str, instance: Model, shares: Iterable[int] = ()) -> None:
        """Note a new record; its event names every value that it has."""
        self.changes.append(created(register=register, instance=instance, shares=shares))
        entry = audit.entry_of(instance, {})
        if entry is not None:
            self.entries.append(entry)

    def added_plainly(self, register: str, instance: Model, shares: Iterable[int] = ()) -> None:
        """Note a new record whose event names it alone: its values refer to other records."""
        self.changes.append(created(register=register, instance=instance, shares=shares))
        self.entries.append(entry_of(action="新增", instance=instance))

    def edited(
        self, register: str, instance: Model, name: str, old: Raw, new: Raw, action: str = "修改"
    ) -> None:
        """Note one field of a record that was changed."""
        label = str(instance._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        fields: dict[str, tuple[Raw, Raw]] = {name: (old, new)}
        self.changes.append(RecordChange(register, instance.pk, str(instance), False, fields))
        words = (label, str(old or ""), str(new or ""))
        self.entries.append(entry_of(action=action, instance=instance, changes=(words,)))


@dataclass(frozen=True)
class RelatedRecords:
    """Records by name, for the foreign keys of the rows."""

    agencies: Mapping[str, int]
    categories: Mapping[str, Category]


def write_agencies(*, difference: Difference, written: WriteLog) -> dict[str, int]:
    """Add the agencies and spellings that were decided; name → key of every agency."""
    places = Agency.objects.values_list("name", "pk", "position")
    known = {name: pk for name, pk, _ in places}
    last = max((position for *_, position in places), default=0)
    new = [
        Agency(
            name=agency.name,
            short_name=agency.short_name,
            code=agency.code,
            kind=agency.kind,
            position=last + number,
        )
        for number, agency in enumerate(difference.agencies, start=1)
    ]
    for agency in Agency.objects.bulk_create(new):
        written.added("agencies", agency)
        known[agency.name] = agency.pk
    aliases = [
        AgencyAlias(agency_id=known[name], text=text, key=name_key(text), source=AliasSource.IMPORT)
        for text, name in difference.aliases
    ]
    for alias in AgencyAlias.objects.bulk_create(aliases):
        written.changes.append(created(register="aliases", instance=alias))
    written.entries += [
        audit.Entry("新增", "单位别名", name, text, (("别名", "", text),))
        for text, name in difference.aliases
    ]
    return known


def write_categories(
    *, scope: str, changes: Sequence[CategoryChange], written: WriteLog
) -> dict[str, Category]:
    """Add and rename categories; name → category of the whole scope."""
    known = {category.pk: category for category in Category.objects.filter(scope=scope)}
    renamed = []
    for change in changes:
        if change.pk is not None:
            category = known[change.pk]
            written.edited("categories", category, "name", category.name, change.name)
            category.name = change.name
            renamed.append(category)
    Category.objects.bulk_update(renamed, ["name"])
    new = [
        Category(scope=scope, number=change.number, name=change.name)
        for change in changes
        if change.pk is None
    ]
    for category in Category.objects.bulk_create(new):
        known[category.pk] = category
        written.added("categories", category)
    return {category.name: category for category in known.values()}


def write_rows(
    *, register: str, rows: Iterable[RowDifference], names: RelatedRecords, written: WriteLog
) -> None:
    """Add the new rows of a register and change those that differ."""
    own = [row for row in rows if row.register == register]
    _add(register, [row for row in own if row.state == NEW], names, written)
    _change(register, [row for row in own if row.state == CHANGED], names, written)


def _add(
    register: str, rows: list[RowDifference], names: RelatedRecords, written: WriteLog
) -> None:
    if not rows:
        return
    table = TABLES[register]
    instances, lists = [], []
    for row in rows:
        instance = table.model(number=row.number)
        if isinstance(instance, Task | Project):
            instance.code = row.code
        if isinstance(instance, Project):
            instance.import_notes = list(row.notes)
        instances.append(instance)
        lists.append(_assign(instance, row.changes, table.listed, names))
    table.model._base_manager.bulk_create(instances)
    shares = {i.pk: own for i, own in zip(instances, lists, strict=True)}
    write_shares(register=register, lists=shares, fresh=True)
    for row, instance in zip(rows, instances, strict=True):
        record = created(register=register, instance=instance, shares=shares[instance.pk])
        written.changes.append(record)
        written.entries.append(_entry("新增", instance, row.changes))


def _change(
    register: str, rows: list[RowDifference], names: RelatedRecords, written: WriteLog
) -> None:
    if not rows:
        return
    table = TABLES[register]
    keys = [row.pk for row in rows if row.pk]
    found = table.model._base_manager.select_for_update().in_bulk(keys)
    shares = share_rows(register=register, pks=keys)
    lists: dict[int, list[int]] = {}
    attributes: set[str] = set()
    for row in rows:
        if row.pk is None:
            continue
        instance = found[row.pk]
        touched = [_attribute(change.field) for change in row.changes
                   if change.field != table.listed]  # fmt: skip
        if row.restores:
            touched.append(RETIRED)
        before = stored_values(instance=instance, names=touched)
        own = _assign(instance, row.changes, table.listed, names)
        if row.restores and isinstance(instance, Retirable):
            instance.retired_on = None
        attributes |= set(touched)
        after = stored_values(instance=instance, names=touched)
        fields: dict[str, tuple[Raw, Raw]] = {n: (before[n], after[n]) for n in touched}
        if any(change.field == table.listed for change in row.changes):
            fields[SHARES] = (list(shares[row.pk]), list(own))
            lists[row.pk] = own
        written.changes.append(RecordChange(register, row.pk, str(instance), False, fields))
        written.entries.append(_entry("恢复" if row.restores else "修改", instance, row.changes))
    if attributes:
        table.model._base_manager.bulk_update(found.values(), sorted(attributes))
    write_shares(register=register, lists=lists)


def _attribute(name: str) -> str:
    """The attribute that holds a field's value: foreign keys are kept by their number."""
    return f"{name}_id" if name in _AGENCY_FIELDS or name == "category" else name


def _assign(
    instance: Any, changes: Iterable[FieldChange], listed: str, names: RelatedRecords
) -> list[int]:
    """Set the new values; returns the agencies of the list where it is among them."""
    own: list[int] = []
    for change in changes:
        value = change.new
        if change.field == listed:
            own = [names.agencies[name] for name in value or ()]  # type: ignore[union-attr]
        elif change.field in _AGENCY_FIELDS:
            setattr(instance, f"{change.field}_id", names.agencies[str(value)] if value else None)
        elif change.field == "category":
            instance.category = names.categories[str(value)]
        else:
            setattr(instance, change.field, value)
    return own


def _entry(action: str, instance: Model, changes: Iterable[FieldChange]) -> audit.Entry:
    words = tuple((c.label, in_words(value=c.old), in_words(value=c.new)) for c in changes)
    return entry_of(action=action, instance=instance, changes=words)


def entry_of(
    *, action: str, instance: Model, changes: tuple[audit.Change, ...] = ()
) -> audit.Entry:
    """The event of one record, without asking the database for what it refers to."""
    return audit.Entry(
        action=action,
        object_type=str(instance._meta.verbose_name),
        object_code=str(getattr(instance, "code", "") or instance.pk),
        object_name=str(instance)[:200],
        changes=changes,
    )


def in_words(*, value: Value) -> str:
    """A value as the ledger prints it."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "、".join(value)
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def retire(*, retirements: Iterable[Retirement], written: WriteLog) -> None:
    """Take out of force what the administrator ticked; all that was reported on it stays."""
    chosen = tuple(retirements)
    today = timezone.localdate()
    for register, model in _RETIRABLE.items():
        keys = [one.pk for one in chosen if one.register == register]
        if not keys:
            continue
        found = list(model._base_manager.select_for_update().filter(pk__in=keys))
        for instance in found:
            instance.retired_on = today
            written.edited(register, instance, RETIRED, None, today.isoformat(), action="停用")
        model._base_manager.bulk_update(found, [RETIRED])
