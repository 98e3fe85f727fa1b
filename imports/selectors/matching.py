"""Which category and which row of the plan a row of the table speaks of."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from common.name_matching import name_key
from imports.selectors.entries import PROJECTS, TASKS, PlanEntry
from imports.selectors.plan_registers import KnownCategory, PlanRegister, PlanRow, Value


@dataclass(frozen=True)
class CategoryChange:
    """A category to be added (no pk) or renamed."""

    number: int
    name: str
    pk: int | None = None


class CategoryMatcher:
    """Numbers of the table's categories; by name first, then by the number printed before it."""

    def __init__(self, known: tuple[KnownCategory, ...]) -> None:
        self._by_key = {name_key(category.name): category for category in known}
        self._by_number = {category.number: category for category in known}
        self._names = {category.pk: category.name for category in known}
        self.changes: list[CategoryChange] = []

    def find(self, name: str, number: int | None) -> KnownCategory:
        """The category of a row; a new or renamed one is noted once."""
        category = self._by_key.get(name_key(name))
        return category or self._noted(name, number)

    def seen(self, name: str, number: int | None) -> KnownCategory | None:
        """The same for a row that does not enter the plan: nothing is noted."""
        return self._by_key.get(name_key(name)) or self._by_number.get(number or 0)

    def before(self, category: KnownCategory) -> str:
        """The name before this table: rows of a renamed category have not moved."""
        return self._names.get(category.pk, category.name)

    def _noted(self, name: str, number: int | None) -> KnownCategory:
        there = self._by_number.get(number) if number else None
        if there is None:
            number = number or max(self._by_number, default=0) + 1
            category = KnownCategory(0, number, name)
            self.changes.append(CategoryChange(number, name))
        else:
            category = replace(there, name=name)
            self.changes.append(CategoryChange(there.number, name, there.pk))
        self._by_key[name_key(name)] = self._by_number[category.number] = category
        return category


class RowMatcher:
    """The rows of one register by number and by name; tasks are numbered in each category."""

    def __init__(self, kind: str, register: PlanRegister) -> None:
        self._kind = kind
        places = {category.name: category.number for category in register.categories}
        self._by_number: dict[tuple[int, int], PlanRow] = {}
        self._by_name: dict[tuple[int, str], PlanRow] = {}
        self._last: dict[int, int] = {}
        self.anywhere: dict[str, PlanRow] = {}
        for row in register.rows:
            place = places[str(row.values["category"])] if kind == TASKS else 0
            key = name_key(name_of(row.values))
            self._by_number[place, row.number] = row
            self._by_name.setdefault((place, key), row)
            self.anywhere.setdefault(key, row)
            self._last[place] = max(self._last.get(place, 0), row.number)

    def find(self, entry: PlanEntry, category: KnownCategory | None) -> tuple[PlanRow | None, int]:
        """The row that is meant, and the number; where none is printed the name decides."""
        place = category.number if category and self._kind == TASKS else 0
        number = entry.number
        if number is None:
            same = self._by_name.get((place, name_key(entry.name)))
            number = same.number if same else self._last.get(place, 0) + 1
        self._last[place] = max(self._last.get(place, 0), number)
        return self._by_number.get((place, number)), number


def name_of(values: Mapping[str, Value]) -> str:
    """A task and a goal have a title, a project has a name."""
    return str(values.get("name") or values.get("title") or "")


def code_of(register: str, number: int, category: KnownCategory | None) -> str:
    """The address of a row: 5-1, P16; goals are known by their number alone."""
    if register == TASKS:
        return f"{category.number}-{number}" if category else ""
    return f"P{number}" if register == PROJECTS else str(number)
