"""The settlement of a year on a target's page: current verdict, changes, former versions."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from common.database.annotations import Annotation
from common.database.json_rows import JSONRow
from plan.models import Document
from records.asof import AsOf
from targets import rules
from targets.models import JudgingRule, Milestone, Observation, Settlement
from targets.selectors.judging.judged import Judged
from targets.selectors.settling import SettlingRow, goal_of, signature_of, value_of
from targets.selectors.waiting.proposals import asked_of_years, read_asked

_OWN = ("id", "year", "version", "verdict", "grounds", "note", "reason", "recorded_by",
        "proposed_by", "is_demo", "milestone_id", "observation_id")  # fmt: skip
_WAITING = {
    **dict.fromkeys(rules.SETTLED, "年度值已核定，等区发改局审核员判定。"),
    rules.Verdict.PROVISIONAL: "年度值还没有最终核实，核实以后判定。",
    rules.Verdict.BASIS_CHANGED: "实际值的口径与目标不同，确认口径以后判定。",
    rules.Verdict.MISSING: "还没有年度值。",
    rules.Verdict.PENDING: "市里还没有下达目标值。",
    rules.Verdict.TO_RECOGNISE: "没有数值，等区发改局凭文件认定。",
    rules.Verdict.NOT_APPLICABLE: "不适用，不作判定。",
}


@dataclass(frozen=True)
class SettlementVersion:
    """One version of the settlement in words."""

    settlement: Settlement
    signed: rules.Signature

    @property
    def says(self) -> rules.Verdict:
        return self.settlement.says


@dataclass(frozen=True)
class SettlementBox:
    """The milestone of a year of one target with every version of its settlement."""

    row: SettlingRow
    earlier: tuple[SettlementVersion, ...]

    @property
    def title(self) -> str:
        return f"{self.row.year}年判定"

    @property
    def current(self) -> SettlementVersion | None:
        """The current settlement; None if there is none."""
        found = self.row.settlement
        named = self.row.is_named
        return SettlementVersion(found, signature_of(found, is_named=named)) if found else None

    @property
    def unnamed(self) -> SettlementBox:
        """The box for readers who may not read which person settled."""
        earlier = (
            replace(told, signed=replace(told.signed, is_named=False)) for told in self.earlier
        )
        return SettlementBox(replace(self.row, is_named=False), tuple(earlier))

    @property
    def is_outdated(self) -> bool:
        return self.row.state == rules.Settled.OUTDATED

    @property
    def is_due(self) -> bool:
        """Whether a reviewer can settle it at present, for the first time or again."""
        return self.row.can_be_settled or self.row.waits_for_recognition

    @property
    def waiting(self) -> str:
        """Why it is not settled."""
        if self.row.present.year_end is not None:
            return f"{rules.without_value(self.row.terms, self.row.present)}。"
        return _WAITING.get(self.row.present.verdict, "还没有到期。")


def _versions() -> ArraySubquery:
    rows = Settlement.objects.filter(target=OuterRef("pk")).order_by("-version")
    facts = JSONRow(
        **{name: name for name in _OWN},
        recorded_at="recorded_at",
        retracted_at="retracted_at",
        rule="rule__version",
        title="document__title",
        number="document__number",
    )
    return ArraySubquery(rows.values(json=facts))


_VERSIONS = Annotation("settlements_told", _versions, tuple)
_ASKED = Annotation("asked", asked_of_years, read_asked)


def settlement_facts() -> dict[str, Any]:
    """Versions of the settlements and waiting proposals of each year, as a target's annotations."""
    return {**_VERSIONS.column(), **_ASKED.column()}


def settlement_boxes(
    judged: Judged,
    milestones: Sequence[Milestone],
    observations: Sequence[Observation],
    asof: AsOf | None,
) -> tuple[SettlementBox, ...]:
    """The boxes of the settled year and of earlier ones that require something."""
    years = judged.years
    asked = sorted({years.settled, *filter(years.has_ended, years.years)})
    boxes = (_box(judged, milestones, observations, asof, year) for year in asked)
    return tuple(box for box in boxes if box)


def _box(
    judged: Judged,
    milestones: Sequence[Milestone],
    observations: Sequence[Observation],
    asof: AsOf | None,
    year: int,
) -> SettlementBox | None:
    """The box of a year from what the page has read; None if the year requires nothing.

    The versions that a settlement names are those that the page has read.
    """
    goals = {row.pk: row for row in milestones}
    values = {row.pk: row for row in observations}
    told = (row for row in _VERSIONS.of(judged.target) if row["year"] == year)
    had_come = (facts for facts in told if asof is None or _at(facts["recorded_at"]) < asof.until)
    known = [_settlement(judged, facts, goals, values) for facts in had_come]
    current = next((row for row in known if not _was_back(row, asof)), None)
    milestone = _milestone(milestones, year)
    if milestone is None:
        return None
    of_year = (row for row in observations if row.year == year and row.quarter is None)
    annual = [row for row in of_year if row.is_current]
    value = value_of(judged.terms, goal_of(milestone), year, annual, current)
    waits = () if asof else _ASKED.of(judged.target)
    asked = tuple(one for one in waits if one.year == year)
    seen = replace(judged, years=judged.years.showing(year))
    row = SettlingRow(seen, year, milestone, value, current, asked=asked)
    return SettlementBox(
        row, tuple(SettlementVersion(one, signature_of(one)) for one in _but(known, current))
    )


def _milestone(milestones: Iterable[Milestone], year: int) -> Milestone | None:
    """The milestone of the year, else the standing one, else the last number before it (巩固)."""
    counted = [row for row in milestones if row.is_current and not row.is_alternative]
    known = [row for row in counted if row.year in {year, None}]
    kept = [row for row in counted if row.value is not None and (row.year or year) < year]
    return max(known or kept, key=lambda row: row.year or 0, default=None)


def _was_back(row: Settlement, asof: AsOf | None) -> bool:
    back = row.retracted_at
    return back is not None and (asof is None or back < asof.until)


def _but(rows: Iterable[Settlement], current: Settlement | None) -> Iterable[Settlement]:
    for row in rows:
        row.is_current = row is current
        if row is not current:
            yield row


def _settlement(
    judged: Judged,
    facts: Mapping[str, Any],
    goals: Mapping[int, Milestone],
    values: Mapping[int, Observation],
) -> Settlement:
    """The version with its related records set from memory, without a statement."""
    row = Settlement(**{name: facts[name] for name in _OWN})
    row.target = judged.target
    row.milestone = goals[facts["milestone_id"]]
    row.observation = values.get(facts["observation_id"])
    row.rule = JudgingRule(version=facts["rule"]) if facts["rule"] else None
    if facts["title"]:
        row.document = Document(title=facts["title"], number=facts["number"])
    row.recorded_at = _at(facts["recorded_at"])
    row.retracted_at = _at(facts["retracted_at"]) if facts["retracted_at"] else None
    return row


def _at(written: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(written)
