"""What the rules know beside the answers, and what they find. Pure."""

import datetime
from collections.abc import Callable, Iterable
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
    """An error blocks the submission; a doubt needs a reason in the field why_<code>.

    `remedy` is the text that a convert button writes into the field; empty where there is none.
    An obligation has at most one doubt of a code, so that each reason answers one question.
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
        """Where a doubt is answered: why_W1."""
        return f"{REASON}{self.code}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationFacts:
    """What the caller knows about an obligation. Values in the target's unit, money in 万元."""

    period: Period
    """The reporting period."""
    today: datetime.date
    evidence: int = 0
    """Number of files attached to the item, those taken over from last quarter included."""
    previous: Answers | None = None
    """The answers that hold for the period before: approved, else submitted. For a project that
    was settled without a report, made from its recorded progress."""
    before_previous: Answers | None = None

    target_kind: str = ""
    """TargetKind value: qualitative asks for no number."""
    unit: str = ""
    """As printed behind a number: %, 万吨; empty for a ratio."""
    decimals: int = 1
    is_share: bool = False
    """A part of a whole in %: 0 to 100."""
    is_reduction: bool = False
    """The value says by how much something fell: 15 is a fall of 15%."""
    is_annual: bool = False
    is_cumulative: bool = False
    """The value never falls but by a correction."""
    basis: str = ""
    """Accounting basis of history, requirement and provisional value."""
    bases: BasisNames | None = None
    """The register of accounting bases; None where it is not asked."""
    history: tuple[Decimal, ...] = ()
    """Earlier values of the same basis and frequency, oldest first, none of the reported period
    itself or later."""
    last_period: Period | None = None
    """The period of the last value of the history; None is taken for the one just before."""
    goal: Goal | None = None
    """What the reported period requires; None where nothing is."""
    tolerance: Tolerance = DEFAULT_TOLERANCE
    """Half the width of a goal that is 左右."""
    provisional: Decimal | None = None
    """The provisional value of the same period that a final one would replace."""
    twin: Decimal | None = None
    """Of a stock, the value in force of the year whose fourth quarter is reported, or the reverse:
    both are that of the year's end."""
    base_year: int | None = None
    """The year since which a cumulative reduction compounds; None for other values."""
    rates: tuple[AnnualRate, ...] = ()
    """Published yearly rates of other years, of the basis of the history."""

    total_investment_wan: Decimal | None = None
    start_year: int | None = None
    end_year: int | None = None
    """Planned years of the project."""
    previous_cumulative_wan: Decimal | None = None
    """Invested since the start of works up to the end of the period before."""

    @property
    def required(self) -> Decimal | None:
        """The required value for the reported period; None where there is none."""
        return self.goal.value if self.goal else None

    @property
    def is_qualitative(self) -> bool:
        return self.target_kind == TargetKind.QUALITATIVE

    def misses_requirement(self, value: Decimal) -> bool:
        """Whether a value is worse than required; False where nothing is required."""
        return self.goal is not None and not meets(self.goal, value, self.tolerance)

    def has_other_basis(self, answers: TargetAnswers) -> bool:
        """Whether a value is of another accounting basis than all it would be compared with."""
        return answers.basis != "" and plain(answers.basis) != plain(self.basis)

    def comparable(self, answers: TargetAnswers) -> Decimal | None:
        """The reported value, None where there is none or its basis is another."""
        return None if self.has_other_basis(answers) else answers.reported

    def year_of(self, answers: TargetAnswers) -> int | None:
        """The year that a value is of; None for a quarter."""
        own = answers.value_period or self.period
        return None if own.quarter else own.year

    def twin_period(self, answers: TargetAnswers) -> Period:
        """What `twin` is of: 2025Q4 beside an annual value of 2025, 2025 beside one of 2025Q4."""
        own = answers.value_period or self.period
        return Period(own.year, None if own.quarter else 4)

    @property
    def previous_status(self) -> str:
        """The status that a task or project had in the period before; empty where unknown."""
        known = self.previous
        return known.status if isinstance(known, TaskAnswers | ProjectAnswers) else ""


class FieldMessage(NamedTuple):
    """What a rule says about a field."""

    field: str
    message: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table. The test takes the answers of its kinds and yields what it finds."""

    code: str
    level: str
    label: str
    kinds: tuple[str, ...]
    test: Callable[[Any, ObligationFacts, Thresholds], Iterable[FieldMessage]]
