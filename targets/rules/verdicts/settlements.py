"""The grounds of a settlement, and whether they still hold. A verdict never changes by itself."""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from targets.rules.judging_rules import DEFAULT_TOLERANCE, FIRST_VERSION
from targets.rules.terms import Actual, Goal, Terms
from targets.rules.verdicts.judgement import Judgement, judge
from targets.rules.verdicts.verdicts import Verdict


class Settled(StrEnum):
    """The state of settlement of a milestone year."""

    OPEN = "open"
    STANDS = "stands"
    OUTDATED = "outdated"

    @property
    def label(self) -> str:
        return _SETTLED_LABELS[self]


_SETTLED_LABELS = {
    Settled.OPEN: "待判定",
    Settled.STANDS: "已判定",
    Settled.OUTDATED: "须重新判定",
}


@dataclass(frozen=True)
class Grounds:
    """The versions that a verdict rests on, with their values.

    A recognition has no actual. `base` is the value by which a goal with its own base year was
    converted. The tolerance counts for 左右 only. A version is None where nothing was current.
    """

    goal: Goal | None
    milestone_version: int | None
    actual: Actual | None = None
    observation_version: int | None = None
    tolerance_percent: Decimal | None = None
    rule_version: int = FIRST_VERSION
    base: Actual | None = None
    base_version: int | None = None
    is_missed: bool = False
    is_tolerance_confirmed: bool = True


class GroundKind(StrEnum):
    """Which of the grounds has changed, in the words of the page."""

    VALUE = "实际值"
    MILESTONE = "阶段目标"
    RULE = "左右容差"
    BASE = "换算所依据的年度值"


@dataclass(frozen=True)
class GroundChange:
    """One changed ground: its numbers, its versions, and the difference.

    `difference` is after − before, in the unit (percent of the goal for a tolerance); None if one
    of the two is not a number.
    """

    ground: GroundKind
    before: Decimal | None
    after: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        if self.before is None or self.after is None:
            return None
        return self.after - self.before


def is_outdated(then: Grounds, now: Grounds) -> bool:
    """Whether a settlement has to be reviewed; the verdict itself stays."""
    return bool(ground_changes(then, now))


def ground_changes(then: Grounds, now: Grounds) -> tuple[GroundChange, ...]:
    """What has changed since a settlement: value, milestone, tolerance, base of the goal.

    A new version counts even with the same number: the one settled by is no longer current. A new
    version of the rules counts where it changes how the goal is judged, that is by the tolerance of
    左右; the near share and the cap of 力争 concern the light only. A miss by a tolerance that no
    document has confirmed is not a missed goal.

    Source: 方案 五.
    """
    found = []
    if (then.actual, then.observation_version) != (now.actual, now.observation_version):
        found.append(
            GroundChange(
                GroundKind.VALUE,
                then.actual.value if then.actual else None,
                now.actual.value if now.actual else None,
            )
        )
    if (then.goal, then.milestone_version) != (now.goal, now.milestone_version):
        found.append(
            GroundChange(
                GroundKind.MILESTONE,
                then.goal.value if then.goal else None,
                now.goal.value if now.goal else None,
            )
        )
    is_open = then.is_missed and not now.is_tolerance_confirmed
    if _is_band(then) and _is_band(now) and (is_open or tolerance(then) != tolerance(now)):
        found.append(GroundChange(GroundKind.RULE, tolerance(then), tolerance(now)))
    if (then.base, then.base_version) != (now.base, now.base_version):
        values = (grounds.base.value if grounds.base else None for grounds in (then, now))
        found.append(GroundChange(GroundKind.BASE, *values))
    return tuple(found)


def tolerance(grounds: Grounds) -> Decimal:
    """The tolerance that applies, in percent."""
    return grounds.tolerance_percent or DEFAULT_TOLERANCE.percent


def grounds_of(
    terms: Terms,
    goal: Goal | None,
    milestone_version: int | None,
    actual: Actual | None = None,
    observation_version: int | None = None,
    base_version: int | None = None,
) -> Grounds:
    """The grounds that terms under a version of the rules give for a goal and a value.

    `base_version` is that of the value that the goal is stated against, if it has its own base
    year.
    """
    base = terms.base_of(goal) if goal and base_version is not None else None
    if goal is not None:
        goal = goal.on_base(base.value if base else None, terms.decimals)
    return Grounds(
        goal,
        milestone_version,
        actual,
        observation_version,
        terms.tolerance_percent if goal and goal.is_band else None,
        terms.judging.version,
        base,
        base_version if base else None,
        is_tolerance_confirmed=terms.is_tolerance_confirmed or not (goal and goal.is_band),
    )


def _is_band(grounds: Grounds) -> bool:
    return grounds.goal is not None and grounds.goal.is_band


def settled_judgement(
    terms: Terms, year: int, verdict: Verdict, grounds: Grounds, *, today_year: int
) -> Judgement:
    """The settled verdict with the current numbers: a verdict never replaces a value.

    Changes of its grounds are in the note (`ground_changes`). A value that waits for review is not
    current: with a verdict the value that settled it is shown.
    """
    verdict = Verdict.settled(is_met=verdict == Verdict.ACHIEVED, is_striven=terms.is_striven)
    found = judge(terms, year, today_year=today_year)
    if found.is_unreviewed and grounds.actual is not None:
        bases = [grounds.base] if grounds.base else []
        then = replace(terms, actuals=(*bases, grounds.actual))
        found = judge(then, year, today_year=today_year)
    return replace(found, verdict=verdict, outcome=verdict)
