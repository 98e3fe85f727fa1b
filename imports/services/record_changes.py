"""The registers that an import writes to, and their values as they are kept for undoing it."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Model

from agencies.models import Agency, AgencyAlias
from plan.models import Category, Goal, GoalAgency
from projects.models import Project, ProjectOwner
from targets.models import Milestone, Target, TargetAgency
from tasks.models import Task, TaskAgency

SHARES = "@shares"
Raw = str | int | bool | list[Any] | dict[str, Any] | None


@dataclass(frozen=True)
class RegisterTable:
    """A model with its ordered agencies: share model, its foreign key, the field in an entry."""

    model: type[Model]
    shares: Any = None
    owner: str = ""
    listed: str = ""


TABLES: Mapping[str, RegisterTable] = {
    "agencies": RegisterTable(Agency),
    "aliases": RegisterTable(AgencyAlias),
    "categories": RegisterTable(Category),
    "goals": RegisterTable(Goal, GoalAgency, "goal", "responsible"),
    "tasks": RegisterTable(Task, TaskAgency, "task", "responsible"),
    "projects": RegisterTable(Project, ProjectOwner, "project", "owners"),
    "targets": RegisterTable(Target, TargetAgency, "target", "responsible"),
    "milestones": RegisterTable(Milestone),
}
"""In the order in which rows may be added; they are removed in the opposite order."""


@dataclass(frozen=True)
class RecordChange:
    """One record that an import added or changed: attribute → (before, after)."""

    register: str
    pk: int
    label: str
    created: bool
    fields: Mapping[str, tuple[Raw, Raw]]

    def as_json(self) -> dict[str, Any]:
        return {
            "register": self.register,
            "pk": self.pk,
            "label": self.label,
            "created": self.created,
            "fields": {name: list(values) for name, values in self.fields.items()},
        }


def change_of_json(*, data: Mapping[str, Any]) -> RecordChange:
    """The change that `as_json` stored."""
    fields = {name: (values[0], values[1]) for name, values in data["fields"].items()}
    return RecordChange(data["register"], data["pk"], data["label"], data["created"], fields)


def stored_values(*, instance: Model, names: Iterable[str] | None = None) -> dict[str, Raw]:
    """Stored values of a record by attribute, in the forms of JSON; all of them by default."""
    fields = {field.attname: field for field in instance._meta.concrete_fields}
    wanted = fields.keys() if names is None else names
    return {
        name: json_value(value=getattr(instance, name))
        for name in wanted
        if not fields[name].primary_key
    }


def json_value(*, value: Any) -> Raw:
    """A value in a form of JSON that is the same before and after a round trip to the database."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, datetime.date | datetime.datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return list(value)
    return str(value) if isinstance(value, str) else value


def created(*, register: str, instance: Model, shares: Iterable[int] = ()) -> RecordChange:
    """The change of a record that was added, with all its values."""
    fields: dict[str, tuple[Raw, Raw]] = {
        name: (None, value) for name, value in stored_values(instance=instance).items()
    }
    if TABLES[register].shares is not None:
        fields[SHARES] = ([], list(shares))
    return RecordChange(register, instance.pk, str(instance), True, fields)


def share_rows(*, register: str, pks: Iterable[int]) -> dict[int, list[int]]:
    """Record → its agencies in order, for a register that has such lists."""
    table = TABLES[register]
    found: dict[int, list[int]] = {pk: [] for pk in pks}
    rows = (
        table.shares.objects.filter(**{f"{table.owner}__in": found})
        .order_by("position", "pk")
        .values_list(table.owner, "agency")
    )
    for owner, agency in rows:
        found[owner].append(agency)
    return found


def write_shares(*, register: str, lists: Mapping[int, list[int]], fresh: bool = False) -> None:
    """Make these the agencies of the records; `fresh` where the records have none yet."""
    table = TABLES[register]
    if not lists:
        return
    if not fresh:
        table.shares.objects.filter(**{f"{table.owner}__in": list(lists)}).delete()
    table.shares.objects.bulk_create(
        table.shares(**{f"{table.owner}_id": owner}, agency_id=agency, position=position)
        for owner, agencies in lists.items()
        for position, agency in enumerate(agencies, start=1)
    )
