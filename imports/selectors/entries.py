"""The rows of a reading as they are to stand in the plan, after all answers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from imports.annex.results import AnnexReading, CellProblem, ProjectRow, TaskRow
from imports.selectors.agencies import AgencyDecisions
from imports.selectors.plan_registers import Value
from imports.selectors.problems import UNKNOWN, AnsweredValues, CellAnswers, answered_values

GOALS, TASKS, PROJECTS = "goals", "tasks", "projects"
UNASSIGNED = "later"
BY_PLACE = "numbered_by_place"
"""Numbers that no table prints do not tell what a row is: its name does."""


@dataclass(frozen=True)
class PlanEntry:
    """One goal, task or project of the table; agencies are named. `fault`: why it cannot enter."""

    register: str
    row: int
    number: int | None
    category: str | None
    category_number: int | None
    values: Mapping[str, Value]
    fault: str = ""
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return str(self.values.get("name") or self.values.get("title") or "")


@dataclass(frozen=True)
class AnsweredReading:
    """A reading with its answers: what enters the plan and what is still open."""

    entries: tuple[PlanEntry, ...]
    spellings: tuple[str, ...]
    undecided: tuple[str, ...]
    open: tuple[CellProblem, ...]


def apply_answers(
    reading: AnnexReading,
    answers: CellAnswers,
    agencies: AgencyDecisions,
    reporters: Mapping[str, str],
) -> AnsweredReading:
    """Apply the answers of the wizard to what was read."""
    changed = answered_values(reading, answers)
    faults: dict[int, str] = {}
    for problem in changed.open:
        if problem.severity == "error" and problem.row:
            faults.setdefault(problem.row, problem.message)
    notes: dict[int, list[str]] = {}
    for problem in reading.problems:
        if problem.severity != "error" and problem.row and problem.code != UNKNOWN:
            notes.setdefault(problem.row, []).append(problem.message)
    by_place = any(problem.code == BY_PLACE for problem in reading.problems)
    entries = []
    for row in reading.rows:
        if row.row not in changed.skipped:
            entry = _entry(row, changed, agencies, reporters, faults.get(row.row, ""))
            number = None if by_place else entry.number
            entries.append(replace(entry, number=number, notes=tuple(notes.get(row.row, ()))))
    spellings = tuple(dict.fromkeys(name for row in reading.rows for name in _spellings(row)))
    return AnsweredReading(
        entries=tuple(entries),
        spellings=spellings,
        undecided=tuple(name for name in spellings if not agencies.is_settled(name)),
        open=changed.open,
    )


def _spellings(row: TaskRow | ProjectRow) -> tuple[str, ...]:
    if isinstance(row, TaskRow):
        return (*row.leads, *row.responsible)
    return (*row.owners, *row.responsible)


def _entry(
    row: TaskRow | ProjectRow,
    changed: AnsweredValues,
    agencies: AgencyDecisions,
    reporters: Mapping[str, str],
    fault: str,
) -> PlanEntry:
    """The fault of an unreadable row stays until one of its cells was given another value."""
    own = {name: value for (number, name), value in changed.values.items() if number == row.row}
    if row.unreadable and not own and not fault:
        fault = "这一行读不出来"
    if isinstance(row, ProjectRow):
        entry = _project(row, own, agencies, reporters)
    elif row.kind == "goal":
        entry = _goal(row, own, agencies)
    else:
        entry = _task(row, own, agencies, changed.convenors.get(row.row))
    return replace(entry, fault=fault or entry.fault)


def _goal(row: TaskRow, own: Mapping[str, object], agencies: AgencyDecisions) -> PlanEntry:
    leads, responsible = _bodies(row, own, agencies)
    return PlanEntry(
        GOALS,
        row.row,
        _number(own.get("number", row.number)),
        None,
        None,
        {
            "title": str(own.get("category", row.category) or ""),
            "statement": str(own.get("title", row.title)),
            "lead": leads[0] if leads else None,
            "responsible": (*leads[1:], *responsible),
        },
    )


def _task(
    row: TaskRow, own: Mapping[str, object], agencies: AgencyDecisions, convenor: str | None
) -> PlanEntry:
    leads, responsible = _bodies(row, own, agencies)
    category = own.get("category", row.category)
    values: dict[str, Value] = {
        "title": str(own.get("title", row.title)),
        "lead": leads[0] if leads else None,
        "responsible": (*leads[1:], *responsible),
    }
    if convenor and not leads:
        values["convenor"] = agencies.name_of(convenor) or convenor
    return PlanEntry(
        TASKS,
        row.row,
        _number(own.get("number", row.number)),
        str(category) if category else None,
        row.category_number,
        values,
        fault="" if category else "没有领域，不知道归到哪一类",
    )


def _bodies(
    row: TaskRow, own: Mapping[str, object], agencies: AgencyDecisions
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    leads = agencies.names_of(_list(own.get("lead", own.get("leads", row.leads))))
    responsible = agencies.names_of(_list(own.get("responsible", row.responsible)))
    return leads, tuple(name for name in responsible if name not in leads[1:])


def _project(
    row: ProjectRow,
    own: Mapping[str, object],
    agencies: AgencyDecisions,
    reporters: Mapping[str, str],
) -> PlanEntry:
    category = own.get("category", row.category)
    start, end = _years(own, row)
    amount = own.get("total_investment_wan", row.total_investment_wan)
    owners = agencies.names_of(_list(own.get("owners", row.owners)))
    responsible = agencies.names_of(_list(own.get("responsible", row.responsible)))
    printed = row.cells.get("owners", ("", ""))[1] or "、".join(row.owners)
    values: dict[str, Value] = {
        "name": str(own.get("name", row.name)),
        "owner_text": "、".join(_list(own["owners"])) if "owners" in own else printed,
        "owners": owners,
        "content": str(own.get("content", row.content) or ""),
        "start_year": start,
        "end_year": end,
        "total_investment_wan": amount,  # type: ignore[dict-item]
    }
    if reporter := _reporter(row, (*responsible, *owners), agencies, reporters):
        values["reporting_agency"] = reporter
    return PlanEntry(
        PROJECTS,
        row.row,
        _number(own.get("number", row.number)),
        str(category) if category else None,
        row.category_number,
        values,
        fault="" if category else "没有类别，不知道归到哪一类",
    )


def _reporter(
    row: ProjectRow,
    bodies: tuple[str, ...],
    agencies: AgencyDecisions,
    reporters: Mapping[str, str],
) -> str | None:
    """The body that was chosen, else the first of the row that can hold accounts."""
    chosen = reporters.get(str(row.row))
    if chosen == UNASSIGNED:
        return None
    if chosen:
        return agencies.name_of(chosen)
    return next((name for name in bodies if agencies.can_report(name)), None)


def _years(own: Mapping[str, object], row: ProjectRow) -> tuple[int | None, int | None]:
    years = own.get("years")
    if isinstance(years, tuple):
        return years[0], years[1]
    start, end = own.get("start_year", row.start_year), own.get("end_year", row.end_year)
    return (
        start if isinstance(start, int) else None,
        end if isinstance(end, int) else None,
    )


def _list(value: object) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, tuple) else ()


def _number(value: object) -> int | None:
    """The last number of “5-1” or “3.2”; None if none is printed."""
    digits = "".join(c if c.isdecimal() else " " for c in str(value or "")).split()
    return int(digits[-1]) if digits else None
