"""What the registers of all apps share: the way they are noted, agencies by any spelling."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

from django.db import models

from agencies.models import Agency
from agencies.selectors import known_names
from audit import origin
from audit.models import Way
from common.registers.cells import References
from common.registers.resource import Register, Row

IMPORT_REASON = "Excel导入更正"


class AuditedRegister(Register):
    """A register whose writes the ledger notes as coming from Excel."""

    def acting(self) -> AbstractContextManager[None]:
        return origin.acting(way=Way.EXCEL)


class AgencyReferences(References):
    """Agencies by name, short name or alias, whatever the width of brackets."""

    def __init__(self) -> None:
        names = dict(Agency.objects.in_plan_order().values_list("pk", "name"))
        super().__init__("单位", names)
        self.known = known_names()

    def find(self, text: str) -> Any:
        canonical = self.known.canonical(text)
        return super().find(text if canonical is None else canonical)

    def nearest(self, text: str) -> list[str]:
        return [suggestion.name for suggestion in self.known.nearest(text)]


def instance_of(register: Register, pk: int | None) -> Any:
    """The record that a row changes, or a new one."""
    if pk is None:
        return register.model()
    return register.queryset().get(pk=pk)


def assign(instance: Any, values: dict[str, Any]) -> Any:
    """Set the fields of a record from a row's values."""
    for name, value in values.items():
        setattr(instance, name, value)
    return instance


def ids_in_order(rows: models.QuerySet[Any], owner: str, *order: str) -> dict[int, tuple[int, ...]]:
    """Id of the owner → ids of its agencies, from rows such as those of `AgencyShare`."""
    return _grouped(rows.order_by(owner, *(order or ("position",))).values_list(owner, "agency"))


def linked_ids(model: type[models.Model], relation: str, order: str) -> dict[int, tuple[int, ...]]:
    """Id of a record → ids of those it is linked to, in their order."""
    rows = model._default_manager.exclude(**{relation: None}).order_by(f"{relation}__{order}")
    return _grouped(rows.values_list("pk", relation))


def agencies_in_order(ids: Sequence[int] | None) -> list[Agency] | None:
    """The agencies of these ids, in this order; None if a row does not say."""
    if ids is None:
        return None
    found = Agency.objects.in_bulk(ids)
    return [found[pk] for pk in ids]


def retire_or_restore(
    row: Row, *, retire: Callable[..., Any], restore: Callable[..., Any], by: Any, **record: Any
) -> None:
    """Take a record out of force, or put it back, where a row says so."""
    if "retired_on" not in row.differences:
        return
    day = row.differences["retired_on"]
    if day:
        retire(on=day, by=by, reason=IMPORT_REASON, **record)
    else:
        restore(by=by, reason=IMPORT_REASON, **record)


def _grouped(pairs: Any) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    for owner, member in pairs:
        found[owner] = (*found.get(owner, ()), member)
    return found
