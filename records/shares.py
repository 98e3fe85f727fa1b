"""Agencies read together with their target, task or project, without a statement of their own."""

from dataclasses import dataclass
from typing import Any, TypeVar, cast

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import models

from agencies.models import name_on_day

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True)
class NamedAgency:
    """An agency in the order in which the plan prints it."""

    code: str
    name: str


def with_agencies(records: models.QuerySet[M], rows: str) -> models.QuerySet[M]:
    """The records annotated with their agencies' codes and names; `rows` names the AgencyShare."""
    found = records.annotate(
        agency_codes=ArrayAgg(f"{rows}__agency__code", order_by=f"{rows}__position"),
        agency_names=ArrayAgg(f"{rows}__agency__name", order_by=f"{rows}__position"),
    )
    return cast("models.QuerySet[M]", found)


def agencies_of(record: Any) -> tuple[NamedAgency, ...]:
    """The agencies of a record read by `with_agencies`; with no agency the arrays contain None."""
    pairs = zip(record.agency_codes, record.agency_names, strict=True)
    return tuple(NamedAgency(code, name_on_day(name)) for code, name in pairs if code)
