"""A reading with its answers set against the plan: what every page of the wizard rests on."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from imports.annex.results import AnnexReading, CellProblem, UnknownAgency
from imports.selectors import plan_registers
from imports.selectors.agencies import AgencyDecisions, NewAgency
from imports.selectors.differences import Difference, compare
from imports.selectors.entries import GOALS, PROJECTS, TASKS, AnsweredReading, apply_answers
from imports.selectors.plan_registers import PlanRegister
from imports.selectors.problems import CellAnswers, ProblemLine, asks_convenor, problem_lines
from imports.selectors.promised_targets import TargetLine, target_lines


@dataclass(frozen=True)
class Answers:
    """What was answered so far, as it is kept with the run."""

    cells: CellAnswers = field(default_factory=dict)
    agencies: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    reporters: Mapping[str, str] = field(default_factory=dict)
    retire: tuple[str, ...] = ()
    refused_targets: tuple[str, ...] = ()

    @classmethod
    def of(cls, answers: Mapping[str, Any], agencies: Mapping[str, Any]) -> "Answers":
        return cls(
            cells=answers.get("cells", {}),
            agencies=agencies,
            reporters=answers.get("reporters", {}),
            retire=tuple(answers.get("retire", ())),
            refused_targets=tuple(answers.get("refused_targets", ())),
        )


@dataclass(frozen=True)
class Preview:
    """What an import would do, and what is still to be answered before it may."""

    reading: AnnexReading
    answers: Answers
    agencies: AgencyDecisions
    answered: AnsweredReading
    difference: Difference
    targets: tuple[TargetLine, ...]
    registers: Mapping[str, PlanRegister]

    @cached_property
    def unknown(self) -> tuple[UnknownAgency, ...]:
        """Spellings that the register did not know when the plan was last looked at."""
        known = self.agencies.known.names
        return tuple(
            one for one in self.reading.unknown_agencies if known.canonical(one.spelling) is None
        )

    @cached_property
    def unreported(self) -> tuple[int, ...]:
        """Rows of projects for which nobody is named to report and nothing was said about it."""
        kept = {
            row.pk: row.values.get("reporting_agency")
            for register in (self.registers.get(PROJECTS),)
            if register
            for row in register.rows
        }
        pks = {row.row: row.pk for row in self.difference.rows}
        return tuple(
            entry.row
            for entry in self.answered.entries
            if entry.register == PROJECTS
            and not entry.values.get("reporting_agency")
            and not kept.get(pks.get(entry.row) or 0)
            and str(entry.row) not in self.answers.reporters
        )

    @cached_property
    def open_problems(self) -> tuple[CellProblem, ...]:
        """Errors and questions without an answer; a convenor named before is an answer."""
        rows = {row.row: row for row in self.reading.rows}
        return tuple(
            problem
            for problem in self.answered.open
            if not (
                problem.row in self.convened and asks_convenor(problem, rows.get(problem.row or 0))
            )
        )

    @cached_property
    def lines(self) -> tuple[ProblemLine, ...]:
        """All problems with what they offer."""
        return problem_lines(self.reading, self.answers.cells, self.agencies, self.convened)

    @cached_property
    def convened(self) -> dict[int, str]:
        """Row of a task → convenor that the bureau named before."""
        convenors = {row.pk: row.values["convenor"] for row in self._register(TASKS).rows}
        return {
            row.row: str(convenors[row.pk])
            for row in self.difference.rows
            if row.register == TASKS and row.pk and convenors.get(row.pk)
        }

    def _register(self, name: str) -> PlanRegister:
        return self.registers.get(name, PlanRegister())

    @cached_property
    def counts(self) -> dict[str, int]:
        """Rows by what becomes of them; rows with an open error count where none could be read."""
        counts = self.difference.counts
        read = {row.row for row in self.reading.rows}
        lost = {p.row for p in self.open_problems if p.severity == "error" and p.row} - read
        return counts | {"unreadable": counts["unreadable"] + len(lost)}

    @property
    def adds_targets(self) -> bool:
        """Whether a sentence promises something that the register does not have."""
        return any(line.is_new or line.additions for line in self.targets)

    @property
    def changes_nothing(self) -> bool:
        wanted = any(line.accepted and (line.is_new or line.additions) for line in self.targets)
        return self.difference.is_empty and not wanted and not self.answers.retire


def _in_order_of_table(
    agencies: AgencyDecisions, spellings: tuple[str, ...]
) -> tuple[NewAgency, ...]:
    """New agencies as the table names them first: the store of answers keeps no order."""
    place = {agencies.name_of(spelling): n for n, spelling in reversed([*enumerate(spellings)])}
    return tuple(
        new
        for new in sorted(agencies.new, key=lambda new: place.get(new.name, -1))
        if new.name in place
    )


def build_preview(reading: AnnexReading, answers: Answers) -> Preview:
    """Read the plan as it stands, in one statement for each register, and compare."""
    agencies = AgencyDecisions(plan_registers.known_agencies(), answers.agencies)
    settled = apply_answers(reading, answers.cells, agencies, answers.reporters)
    registers: dict[str, PlanRegister] = {}
    targets: tuple[TargetLine, ...] = ()
    if reading.table == TASKS:
        registers = {GOALS: plan_registers.goals(), TASKS: plan_registers.tasks()}
        targets = target_lines(settled.entries, plan_registers.targets(), answers.refused_targets)
    elif reading.table == PROJECTS:
        registers = {PROJECTS: plan_registers.projects()}
    difference = compare(settled.entries, registers) if registers else Difference((), (), ())
    return Preview(
        reading=reading,
        answers=answers,
        agencies=agencies,
        answered=settled,
        difference=replace(
            difference,
            agencies=_in_order_of_table(agencies, settled.spellings),
            aliases=agencies.aliases(settled.spellings),
        ),
        targets=targets,
        registers=registers,
    )
