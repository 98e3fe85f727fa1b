"""What the rules need besides the answers, and the findings they return. Pure."""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from common.quantities import plain
from common.quarters import Period
from reporting.answers.rules.answers import Answers, ProjectAnswers, TargetAnswers, TaskAnswers
from reporting.periods.rules.thresholds import Thresholds
from reporting.rules.fields import REASON
from targets.rules import DEFAULT_TOLERANCE, AnnualRate, Goal, Tolerance, meets
from targets.rules import Kind as TargetKind
from targets.rules.series.accounting import BasisNames

ERROR, DOUBT = "error", "doubt"


@dataclass(frozen=True, slots=True)
class Finding:
    """An error, which blocks the submission, or a doubt, which needs a reason in why_<code>.

    `remedy` is the text that the convert button writes into the field; empty for no button. An
    obligation has at most one doubt of a code, so that each reason answers one question.
    """

    code: str
    level: str
    field: str
    message: str
    remedy: str = ""

    @property
    def is_error(self) -> bool:
        return self.level == ERROR

    @property
    def reason_field(self) -> str:
        """The field that answers a doubt: why_W1."""
        return f"{REASON}{self.code}"


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another task of the same agency in the same period. `is_open`: still with the agency."""

    code: str
    narrative: str
    is_before: bool
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationFacts:
    """What the caller knows about an obligation. Values are in the target's unit, money in 万元."""

    period: Period
    """The reporting period."""
    today: datetime.date
    evidence: int = 0
    """Number of files attached to the obligation, including those reused from last quarter."""
    previous: Answers | None = None
    """The answers valid for the previous period: approved, else submitted. For a project that was
    settled without a report they are made from its recorded progress.
    """
    before_previous: Answers | None = None
    siblings: tuple[Sibling, ...] = ()
    """Of a task, in the order of the plan, those with a text."""
    returned: Mapping[str, str] | None = None
    """The texts that came back without remarks at fields; None where there was no such return."""
    returned_evidence: int = 0
    """Number of files that came back with them."""

    target_kind: str = ""
    """TargetKind value: qualitative asks for no number."""
    unit: str = ""
    """As printed after a number: %, 万吨; empty for a ratio."""
    decimals: int = 1
    is_share: bool = False
    """Whether the value is a part of a whole in %: 0 to 100."""
    is_reduction: bool = False
    """Whether the value states a fall: 15 is a fall of 15%."""
    is_annual: bool = False
    is_cumulative: bool = False
    """Whether the value falls only by a correction."""
    basis: str = ""
    """Accounting basis of the history, the requirement and the provisional value."""
    bases: BasisNames | None = None
    """The register of accounting bases; None where it is not needed."""
    history: tuple[Decimal, ...] = ()
    """Earlier values of the same basis and frequency, oldest first, before the reported period."""
    last_period: Period | None = None
    """The period of the last value of the history; None means the period just before."""
    goal: Goal | None = None
    """What the reported period requires; None where there is no requirement."""
    tolerance: Tolerance = DEFAULT_TOLERANCE
    """Half the width of a 左右 goal."""
    provisional: Decimal | None = None
    """The provisional value of the same period that a final one would replace."""
    twin: Decimal | None = None
    """For a stock, the current annual value of the year whose fourth quarter is reported, or the
    reverse: both are values of the year's end.
    """
    base_year: int | None = None
    """The year since which a cumulative reduction compounds; None for other values."""
    rates: tuple[AnnualRate, ...] = ()
    """Published yearly rates of other years, on the basis of the history."""

    total_investment_wan: Decimal | None = None
    start_year: int | None = None
    end_year: int | None = None
    """The year in which the project is planned to be completed."""
    previous_cumulative_wan: Decimal | None = None
    """Invested from the start of works to the end of the previous period."""

    @property
    def required(self) -> Decimal | None:
        """The required value for the reported period; None where there is none."""
        return self.goal.value if self.goal else None

    @property
    def is_qualitative(self) -> bool:
        return self.target_kind == TargetKind.QUALITATIVE

    def misses_requirement(self, value: Decimal) -> bool:
        """Whether a value is worse than required; False where there is no requirement."""
        return self.goal is not None and not meets(self.goal, value, self.tolerance)

    def has_other_basis(self, answers: TargetAnswers) -> bool:
        """Whether the value has another accounting basis than those it would be compared with."""
        return answers.basis != "" and plain(answers.basis) != plain(self.basis)

    def comparable(self, answers: TargetAnswers) -> Decimal | None:
        """The reported value; None where there is none or its basis is another."""
        return None if self.has_other_basis(answers) else answers.reported

    def year_of(self, answers: TargetAnswers) -> int | None:
        """The year that the value belongs to; None for a quarter."""
        own = answers.value_period or self.period
        return None if own.quarter else own.year

    def twin_period(self, answers: TargetAnswers) -> Period:
        """The period of `twin`: 2025Q4 for an annual value of 2025, 2025 for one of 2025Q4."""
        own = answers.value_period or self.period
        return Period(own.year, None if own.quarter else 4)

    @property
    def previous_status(self) -> str:
        """The status of the task or project in the previous period; empty where unknown."""
        known = self.previous
        return known.status if isinstance(known, TaskAnswers | ProjectAnswers) else ""


class FieldMessage(NamedTuple):
    """What a rule reports about a field."""

    field: str
    message: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table of rules. `test` takes the answers of its kinds and yields messages."""

    code: str
    level: str
    label: str
    kinds: tuple[str, ...]
    test: Callable[[Any, ObligationFacts, Thresholds], Iterable[FieldMessage]]
