"""The judging rules on their page, and the lights that others would change."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from targets import rules
from targets.models import JudgingRule, RuleProposal, Target
from targets.selectors.judging.judged import Judged

_IN_FORCE = "现行"


@dataclass(frozen=True)
class LightChange:
    """A target whose light differs under other rules."""

    target: Target
    before: rules.Light
    after: rules.Light


@dataclass(frozen=True)
class RuleVersion:
    """One version of the rules: since when, by whom, why; `standing` says whether it is current."""

    values: rules.JudgingRules
    standing: str
    row: JudgingRule | None = None

    @property
    def holds(self) -> bool:
        return self.standing == _IN_FORCE


@dataclass(frozen=True)
class RuleBook:
    """The version of a day with all others, newest first."""

    in_force: rules.JudgingRules
    versions: tuple[RuleVersion, ...]
    pending: RuleProposal | None = None
    """Another method that waits for a second person."""

    @property
    def last_version(self) -> int:
        return self.versions[0].values.version

    @property
    def offers_change(self) -> bool:
        """Whether the gap is still measured by level and nobody has proposed otherwise."""
        return self.in_force.method == rules.GapMethod.LEVEL and self.pending is None


def rule_book(*, day: datetime.date) -> RuleBook:
    """Every version of the rules and what is proposed; the defaults are the first."""
    rows = list(JudgingRule.objects.order_by("-version"))
    holding = next((row for row in rows if row.valid_from <= day), None)
    in_force = holding.values if holding else rules.JudgingRules()
    versions = [
        RuleVersion(row.values, _standing(row, rows, day, in_force.version), row) for row in rows
    ]
    first = RuleVersion(
        rules.JudgingRules(), _IN_FORCE if holding is None else f"到{_until(rows)}为止"
    )
    return RuleBook(in_force, (*versions, first), pending_rules())


def pending_rules() -> RuleProposal | None:
    """The version that waits for a second person; None if there is none."""
    return RuleProposal.objects.filter(decided_at=None).first()


def lights_changed(
    rows: Iterable[Judged], *, before: rules.JudgingRules, after: rules.JudgingRules
) -> list[LightChange]:
    """The targets whose level would differ, in the order of the plan."""
    pairs = ((row.target, _light(row, before), _light(row, after)) for row in rows)
    return [LightChange(*pair) for pair in pairs if pair[1].level != pair[2].level]


def _light(row: Judged, judging: rules.JudgingRules) -> rules.Light:
    """The light under a given version, whichever the row was read under."""
    terms = row.terms.with_tolerance(row.target.tolerance_percent).under(judging)
    return replace(row, terms=terms).light


def _standing(
    row: JudgingRule, rows: Sequence[JudgingRule], day: datetime.date, in_force: int
) -> str:
    if row.version == in_force:
        return _IN_FORCE
    sooner = [
        other
        for other in rows
        if other.version > row.version and other.valid_from <= max(row.valid_from, day)
    ]
    if not sooner:
        return "尚未生效"
    over = min(other.valid_from for other in sooner)
    if over <= row.valid_from:
        return "没有生效，被以后的版本代替"
    return f"到{_before(over)}为止"


def _until(rows: Sequence[JudgingRule]) -> str:
    """The last day of the defaults."""
    return _before(min(row.valid_from for row in rows))


def _before(day: datetime.date) -> str:
    last = day - datetime.timedelta(days=1)
    return f"{last.year}年{last.month}月{last.day}日"
