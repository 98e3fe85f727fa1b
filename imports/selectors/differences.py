"""What an import would change, row by row and field by field, and what the table no longer has."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from django.core.exceptions import ValidationError
from django.db.models import Field, Model
from rapidfuzz import fuzz

from common.name_matching import name_key
from imports.selectors.agencies import NewAgency
from imports.selectors.entries import GOALS, PROJECTS, TASKS, PlanEntry
from imports.selectors.matching import CategoryChange, CategoryMatcher, RowMatcher, code_of, name_of
from imports.selectors.plan_registers import PlanRegister, PlanRow, Value
from plan.models import Category, Goal
from projects.choices import ProjectOrigin
from projects.models import Project
from tasks.models import Task

NEW, CHANGED, SAME, UNREADABLE = "new", "changed", "same", "unreadable"
STATE_LABELS = {NEW: "新增", CHANGED: "修改", SAME: "未变", UNREADABLE: "读不出"}
MODELS: Mapping[str, type[Model]] = {GOALS: Goal, TASKS: Task, PROJECTS: Project}
_ANOTHER_NAME = 34
_BY_THE_BUREAU = {"convenor", "reporting_agency"}


@dataclass(frozen=True)
class FieldChange:
    """A field's value before and after, in the words of the plan."""

    field: str
    label: str
    old: Value
    new: Value


@dataclass(frozen=True)
class RowDifference:
    """One row of the table against the plan."""

    register: str
    row: int
    state: str
    name: str
    number: int
    code: str = ""
    category: str | None = None
    pk: int | None = None
    changes: tuple[FieldChange, ...] = ()
    restores: bool = False
    reason: str = ""
    warning: str = ""
    notes: tuple[str, ...] = ()

    @property
    def is_changed(self) -> bool:
        return self.state == CHANGED


@dataclass(frozen=True)
class Retirement:
    """What stands in the plan and no longer in the table."""

    register: str
    pk: int
    code: str
    name: str

    @property
    def key(self) -> str:
        return f"{self.register}.{self.pk}"


@dataclass(frozen=True)
class Difference:
    """All that an import would do. Nothing is written before it is confirmed."""

    rows: tuple[RowDifference, ...]
    categories: tuple[CategoryChange, ...]
    retirements: tuple[Retirement, ...]
    agencies: tuple[NewAgency, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        states = Counter(row.state for row in self.rows)
        return {
            **{state: states[state] for state in STATE_LABELS},
            "retirable": len(self.retirements),
        }

    @property
    def is_empty(self) -> bool:
        changed = any(row.state in (NEW, CHANGED) for row in self.rows)
        return not (changed or self.categories or self.agencies or self.aliases)


def compare(entries: tuple[PlanEntry, ...], registers: Mapping[str, PlanRegister]) -> Difference:
    """Set the rows of a table against the registers that they belong to."""
    scope = TASKS if TASKS in registers else PROJECTS
    categories = CategoryMatcher(registers[scope].categories)
    known = {name: RowMatcher(name, register) for name, register in registers.items()}
    rows = [_row(entry, known[entry.register], categories) for entry in entries]
    return Difference(
        rows=tuple(_without_doubles(rows)),
        categories=tuple(categories.changes),
        retirements=_retirements(rows, registers),
    )


def _row(entry: PlanEntry, known: RowMatcher, categories: CategoryMatcher) -> RowDifference:
    fault = entry.fault or _fault(entry)
    look_up = categories.seen if fault else categories.find
    category = look_up(entry.category, entry.category_number) if entry.category else None
    there, number = known.find(entry, category)
    difference = RowDifference(
        register=entry.register,
        row=entry.row,
        state=UNREADABLE,
        name=entry.name,
        number=number,
        code=code_of(entry.register, number, category),
        category=category.name if category else None,
        pk=there.pk if there else None,
        notes=entry.notes,
    )
    if fault:
        return replace(difference, reason=fault)
    values = dict(entry.values)
    if category and (there is None or there.values["category"] != categories.before(category)):
        values["category"] = category.name
    changes = _changes(entry.register, there, values)
    restores = bool(there and there.retired)
    state = NEW if there is None else CHANGED if changes or restores else SAME
    warning = _warning(entry, there, known)
    return replace(difference, state=state, changes=changes, restores=restores, warning=warning)


def _changes(
    register: str, there: PlanRow | None, values: Mapping[str, Value]
) -> tuple[FieldChange, ...]:
    """Old and new of each field that differs; what the bureau named itself stays."""
    old = there.values if there else {}
    values = dict(values)
    for name in _BY_THE_BUREAU & values.keys():
        if old.get(name):
            del values[name]
    if register == TASKS and values.get("lead") and old.get("convenor"):
        values["convenor"] = None
    return tuple(
        FieldChange(name, _label(register, name), old.get(name), value)
        for name, value in values.items()
        if not _equal(old.get(name), value)
    )


def _equal(old: Value, new: Value) -> bool:
    return old == new or (not old and not new and old != 0 and new != 0)


@cache
def _label(register: str, name: str) -> str:
    return str(MODELS[register]._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _fault(entry: PlanEntry) -> str:
    """Why the database would refuse a row, in words."""
    model = MODELS[entry.register]
    if not entry.name:
        return f"没有{_label(entry.register, 'name' if entry.register == PROJECTS else 'title')}"
    for name, value in entry.values.items():
        field = model._meta.get_field(name)
        if not isinstance(field, Field) or field.is_relation or value in (None, ""):
            continue
        if field.max_length and len(str(value)) > field.max_length:
            return f"{field.verbose_name}有{len(str(value))}字，超过{field.max_length}字"
        try:
            field.clean(value, None)
        except ValidationError as error:
            return f"{field.verbose_name}：{error.messages[0]}"
    if entry.category and len(entry.category) > (Category._meta.get_field("name").max_length or 0):
        return f"类别名称“{entry.category[:20]}…”太长"
    return _project_fault(entry.values) if entry.register == PROJECTS else ""


def _project_fault(values: Mapping[str, Value]) -> str:
    start, end = values["start_year"], values["end_year"]
    if isinstance(start, int) and isinstance(end, int) and end < start:
        return f"计划竣工年{end}早于计划开工年{start}"
    total = values["total_investment_wan"]
    if isinstance(total, Decimal) and total <= 0:
        return f"总投资是{total:f}，须大于0；没有列投资时请留空"
    return ""


def _warning(entry: PlanEntry, there: PlanRow | None, known: RowMatcher) -> str:
    """A number that now stands for something else is probably a renumbered table."""
    key = name_key(entry.name)
    if there is None or name_key(name_of(there.values)) == key:
        return ""
    if other := known.anywhere.get(key):
        return f"“{entry.name}”原来的编号是{other.code}，请核对序号是否排错"
    if fuzz.ratio(key, name_key(name_of(there.values))) < _ANOTHER_NAME:
        return f"同一编号原来是“{name_of(there.values)}”，请核对是不是同一项"
    return ""


def _without_doubles(rows: list[RowDifference]) -> list[RowDifference]:
    """Two rows for one number cannot both enter; the second says with which row it collides."""
    first: dict[tuple[str, str], RowDifference] = {}
    kept = []
    for row in rows:
        if row.state == UNREADABLE:
            kept.append(row)
            continue
        earlier = first.setdefault((row.register, row.code), row)
        if earlier is not row:
            reason = f"编号{row.code}与第{earlier.row}行重复"
            row = replace(row, state=UNREADABLE, reason=reason, changes=())
        kept.append(row)
    return kept


def _retirements(
    rows: list[RowDifference], registers: Mapping[str, PlanRegister]
) -> tuple[Retirement, ...]:
    """Rows in force that the table no longer has; projects that were added by hand stay out."""
    found = {(row.register, row.pk) for row in rows}
    present = {row.register for row in rows}
    return tuple(
        Retirement(register, row.pk, row.code, name_of(row.values))
        for register, known in registers.items()
        for row in known.rows
        if register in present
        and not row.retired
        and (register, row.pk) not in found
        and row.values.get("origin", ProjectOrigin.ANNEX) == ProjectOrigin.ANNEX
    )
