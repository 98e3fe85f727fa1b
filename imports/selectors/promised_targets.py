"""The targets that the sentences of the overall goals promise, set against the register."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from imports import rules
from imports.rules import PromisedTarget
from imports.selectors.entries import GOALS, PlanEntry
from imports.selectors.plan_registers import KnownTarget, Value
from targets.choices import MilestoneState, TargetKind
from targets.rules import REDUCTIONS, GoalState

NEW, THERE, DIFFERENT = "new", "there", "different"


@dataclass(frozen=True)
class MilestoneLine:
    """What one sentence asks of a target by a year, and what the register has for that year."""

    proposal: PromisedTarget
    status: str
    there: Value = None

    @property
    def is_there(self) -> bool:
        return self.status == THERE

    @property
    def is_different(self) -> bool:
        return self.status == DIFFERENT

    @property
    def words(self) -> str:
        """As a table shows it: 2025年 ≥20%."""
        from_city = self.proposal.state == GoalState.PENDING
        if from_city:
            return "待市下达"
        if self.proposal.value is None:
            return "达峰"
        sign = {"at_most": "≤", "below": "<", "about": "≈"}.get(self.proposal.comparison, "≥")
        if self.proposal.kind == TargetKind.REDUCTION:
            sign = f"较{self.proposal.base_year}年下降" if self.proposal.base_year else "下降"
        return f"{sign}{self.proposal.value:f}{self.proposal.unit}"


@dataclass(frozen=True)
class TargetLine:
    """One target of the sentences. `pk` is None if it is to be added."""

    key: str
    code: str
    name: str
    kind: str
    pk: int | None
    milestones: tuple[MilestoneLine, ...]
    goal: PlanEntry
    accepted: bool = True

    @property
    def is_new(self) -> bool:
        return self.pk is None

    @property
    def additions(self) -> tuple[MilestoneLine, ...]:
        return tuple(line for line in self.milestones if line.status == NEW)

    @property
    def kind_label(self) -> str:
        return TargetKind(self.kind).label


def target_lines(
    entries: Iterable[PlanEntry], known: tuple[KnownTarget, ...], refused: Iterable[str] = ()
) -> tuple[TargetLine, ...]:
    """Targets in the order in which plans name them: intensities first, peaks last."""
    found: dict[str, list[tuple[PromisedTarget, PlanEntry]]] = {}
    for entry in entries:
        if entry.register != GOALS or entry.fault:
            continue
        statement, title = str(entry.values["statement"]), str(entry.values["title"])
        for proposal in rules.split_statement(statement, title):
            found.setdefault(proposal.key, []).append((proposal, entry))
    names = {target.code: target.name for target in known}
    by_code = {target.code: target for target in known}
    codes = _free_codes(by_code)
    lines = []
    for key, promised in sorted(found.items(), key=lambda item: _rank(item[1])):
        code = rules.match_target(promised[0][0], names)
        target = by_code.get(code or "")
        lines.append(
            TargetLine(
                key=key,
                code=code or next(codes),
                name=target.name if target else max((p.name for p, _ in promised), key=len),
                kind=rules.kind_of(proposal for proposal, _ in promised),
                pk=target.pk if target else None,
                milestones=_milestones([proposal for proposal, _ in promised], target),
                goal=promised[0][1],
                accepted=key not in set(refused),
            )
        )
    return tuple(lines)


def _rank(promised: list[tuple[PromisedTarget, PlanEntry]]) -> int:
    kind = rules.kind_of(proposal for proposal, _ in promised)
    return 0 if kind in REDUCTIONS else 2 if kind == TargetKind.PEAK_BY else 1


def _free_codes(taken: Iterable[str]) -> Iterator[str]:
    used = set(taken)
    return (code for code in (f"T{n:02d}" for n in range(1, 1000)) if code not in used)


def _milestones(
    proposals: list[PromisedTarget], target: KnownTarget | None
) -> tuple[MilestoneLine, ...]:
    by_year = {proposal.year: proposal for proposal in proposals if proposal.year}
    there = target.milestones if target else {}
    return tuple(
        MilestoneLine(by_year[year], _status(by_year[year], there), there.get(year, ("", None))[1])
        for year in sorted(by_year)
    )


def _status(proposal: PromisedTarget, there: Mapping[int | None, tuple[str, Value]]) -> str:
    if proposal.year not in there:
        return NEW
    state, value = there[proposal.year]
    if proposal.value is None:
        return THERE
    return THERE if state == MilestoneState.SET and value == proposal.value else DIFFERENT
