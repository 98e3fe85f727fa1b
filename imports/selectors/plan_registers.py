"""What an import needs to know of the plan as it stands: one statement for each register."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q

from agencies.choices import COMPANY_KINDS, GROUP_KINDS
from agencies.models import Agency
from common.name_matching import KnownNames
from plan.choices import CategoryScope
from plan.models import Category, Goal
from targets.models import Target

Value = str | int | Decimal | tuple[str, ...] | list[str] | None
"""A field's value in the words of a table; agencies by name, lists of them as tuples."""


@dataclass(frozen=True)
class KnownAgency:
    """What an import asks of an agency."""

    pk: int
    name: str
    short_name: str
    code: str
    kind: str
    position: int

    @property
    def can_report(self) -> bool:
        return self.kind not in GROUP_KINDS and self.kind not in COMPANY_KINDS


@dataclass(frozen=True)
class KnownAgencies:
    """The register of agencies by name, in the plan's order, and every spelling of them."""

    by_name: Mapping[str, KnownAgency]
    names: KnownNames

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(agency.code for agency in self.by_name.values())


@dataclass(frozen=True)
class PlanRow:
    """A goal, task or project as the plan has it; agencies are named, not numbered."""

    pk: int
    code: str
    number: int
    values: Mapping[str, Value]
    retired: bool


@dataclass(frozen=True)
class KnownCategory:
    pk: int
    number: int
    name: str


@dataclass(frozen=True)
class PlanRegister:
    """The rows of one register with the categories that they stand in."""

    rows: tuple[PlanRow, ...] = ()
    categories: tuple[KnownCategory, ...] = ()


@dataclass(frozen=True)
class KnownTarget:
    """A target with its current milestones: year → (state, value)."""

    pk: int
    code: str
    name: str
    milestones: Mapping[int | None, tuple[str, Value]] = field(default_factory=dict)


def known_agencies() -> KnownAgencies:
    """The whole register with its spellings, in one statement."""
    rows = (
        Agency.objects.in_plan_order()
        .annotate(spellings=ArrayAgg("aliases__text", filter=~Q(aliases=None), default=[]))
        .values_list(
            "pk", "name", "short_name", "code", "kind", "position", "full_name", "spellings",
            "successor__name",
        )
    )  # fmt: skip
    by_name, spellings, groups = {}, [], []
    successors = {name: successor for _, name, *_, successor in rows if successor}
    for pk, name, short_name, code, kind, position, full_name, aliases, _ in rows:
        by_name[name] = KnownAgency(pk, name, short_name, code, kind, position)
        heir = _heir(name, successors)
        spellings += [(text, heir) for text in (name, short_name, full_name, *aliases) if text]
        if kind in GROUP_KINDS:
            groups.append(name)
    return KnownAgencies(by_name, KnownNames.of(spellings, groups))


def _heir(name: str, successors: Mapping[str, str]) -> str:
    """Who has taken over what a table says of an agency; itself where nobody has."""
    seen = {name}
    while (heir := successors.get(name, name)) not in seen:
        name = heir
        seen.add(name)
    return name


def goals() -> PlanRegister:
    """The overall goals of annex 1 as they stand."""
    rows = Goal.objects.annotate(names=_names("shares")).values(
        "pk", "number", "title", "statement", "lead__name", "names", "retired_on"
    )
    return PlanRegister(
        tuple(
            PlanRow(
                row["pk"],
                str(row["pk"]),
                row["number"],
                {
                    "title": row["title"],
                    "statement": row["statement"],
                    "lead": row["lead__name"],
                    "responsible": tuple(row["names"]),
                },
                row["retired_on"] is not None,
            )
            for row in rows
        )
    )


def tasks() -> PlanRegister:
    """The tasks with their categories, those without tasks too."""
    rows = _in_categories(
        CategoryScope.TASKS, "tasks", "tasks__shares", ("title", "lead__name", "convenor__name")
    )
    return _register(
        rows,
        "tasks",
        lambda row: {
            "category": row["name"],
            "title": row["tasks__title"],
            "lead": row["tasks__lead__name"],
            "convenor": row["tasks__convenor__name"],
            "responsible": tuple(row["names"]),
        },
    )


def projects() -> PlanRegister:
    """The projects with their categories, those without projects too."""
    plain = ("owner_text", "content", "start_year", "end_year", "total_investment_wan",
             "import_notes")  # fmt: skip
    rows = _in_categories(
        CategoryScope.PROJECTS,
        "projects",
        "projects__owner_rows",
        ("name", "reporting_agency__name", "origin", *plain),
    )
    return _register(
        rows,
        "projects",
        lambda row: {
            "category": row["name"],
            "name": row["projects__name"],
            "owners": tuple(row["names"]),
            "reporting_agency": row["projects__reporting_agency__name"],
            "origin": row["projects__origin"],
            **{name: row[f"projects__{name}"] for name in plain},
        },
    )


def _names(path: str) -> ArrayAgg:
    return ArrayAgg(
        f"{path}__agency__name",
        order_by=f"{path}__position",
        filter=~Q(**{path: None}),
        default=[],
    )


def _in_categories(
    scope: str, relation: str, shares: str, names: tuple[str, ...]
) -> list[dict[str, Any]]:
    common = ("pk", "code", "number", "retired_on")
    return list(
        Category.objects.filter(scope=scope)
        .order_by("number", f"{relation}__number")
        .annotate(names=_names(shares))
        .values("pk", "number", "name", "names", *(f"{relation}__{n}" for n in common + names))
    )


def _register(
    rows: list[dict[str, Any]], relation: str, values: Callable[[dict[str, Any]], dict[str, Value]]
) -> PlanRegister:
    categories = {row["pk"]: KnownCategory(row["pk"], row["number"], row["name"]) for row in rows}
    return PlanRegister(
        tuple(
            PlanRow(
                row[f"{relation}__pk"],
                row[f"{relation}__code"],
                row[f"{relation}__number"],
                values(row),
                row[f"{relation}__retired_on"] is not None,
            )
            for row in rows
            if row[f"{relation}__pk"] is not None
        ),
        tuple(categories.values()),
    )


def targets() -> tuple[KnownTarget, ...]:
    """Every target with its current milestones, in one statement."""
    found: dict[int, KnownTarget] = {}
    milestones: dict[int, dict[int | None, tuple[str, Value]]] = {}
    rows = Target.objects.order_by("position", "code").values_list(
        "pk",
        "code",
        "name",
        "milestones__year",
        "milestones__state",
        "milestones__value",
        "milestones__is_current",
        "milestones__is_alternative",
    )
    for pk, code, name, year, state, value, current, alternative in rows:
        own = milestones.setdefault(pk, {})
        found[pk] = KnownTarget(pk, code, name, own)
        if current and not alternative:
            own[year] = (state, value)
    return tuple(found.values())
