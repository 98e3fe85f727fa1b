"""Values that describe targets, milestones and observations, as the database stores them.

Their Chinese labels are in targets/choices.py.
"""

from enum import StrEnum


class Kind(StrEnum):
    """The nine kinds of target."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    BELOW = "below"
    ABOUT = "about"
    REDUCTION = "reduction"
    FULL_COVERAGE = "full_coverage"
    PEAK_BY = "peak_by"
    ASSIGNED = "assigned"
    QUALITATIVE = "qualitative"


class Course(StrEnum):
    """The shape of the required line between baseline and milestones."""

    LINEAR = "linear"
    GEOMETRIC = "geometric"
    HOLD = "hold"
    STEP = "step"
    ASSIGNED = "assigned"
    MANUAL = "manual"


class GoalState(StrEnum):
    """Whether a milestone has its number."""

    SET = "set"
    PENDING = "pending"
    WITHDRAWN = "withdrawn"


class Nature(StrEnum):
    """How a milestone is judged."""

    NUMBER = "number"
    EVENT = "event"
    JUDGEMENT = "judgement"
    STANDING = "standing"


class Comparison(StrEnum):
    """Boundary words as in law: 以上 includes the number, 低于 does not (民法典第1259条)."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    BELOW = "below"
    ABOUT = "about"
    EQUAL = "equal"
    BY_YEAR = "by_year"
    BEFORE_YEAR = "before_year"


class GapMethod(StrEnum):
    """What a shortfall is a share of: the required value, or the change required to date."""

    LEVEL = "level"
    CHANGE = "change"

    @property
    def label(self) -> str:
        return "按要求值" if self == GapMethod.LEVEL else "按应有进展"


class Grade(StrEnum):
    """The data grade: how final a value is."""

    ESTIMATE = "estimate"
    DEPARTMENT = "department"
    PRELIMINARY = "preliminary"
    FINAL = "final"

    @property
    def label(self) -> str:
        return _GRADE_LABELS[self]


_GRADE_LABELS = {
    Grade.ESTIMATE: "测算",
    Grade.DEPARTMENT: "部门统计",
    Grade.PRELIMINARY: "初步核算",
    Grade.FINAL: "最终核实",
}

REDUCTIONS = frozenset({Kind.REDUCTION, Kind.ASSIGNED})
"""Kinds whose values state a fall; the city-assigned kind only where its unit is %."""
LOWER_IS_BETTER = frozenset({Comparison.AT_MOST, Comparison.BELOW})
NUMBERED = frozenset({Nature.NUMBER, Nature.STANDING})
"""Natures judged by a value; the others are recognised by a document."""
SLOPED = frozenset({Course.LINEAR, Course.GEOMETRIC})
SETTLED_GRADES = frozenset({Grade.FINAL, Grade.DEPARTMENT})
PROVISIONAL_GRADES = frozenset(Grade) - SETTLED_GRADES

# A page looks up hundreds of these values: a dictionary takes a tenth of calling the enumeration.
GOAL_STATES = {one.value: one for one in GoalState}
NATURES = {one.value: one for one in Nature}
COMPARISONS = {one.value: one for one in Comparison}
GRADES = {one.value: one for one in Grade}
