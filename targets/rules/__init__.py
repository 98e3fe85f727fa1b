"""How a target is judged. Pure: decimals and words in, decimals and words out."""

from targets.rules.facts import Actual, Goal, Level, Terms, Verdict
from targets.rules.judgement import (
    Judgement,
    Light,
    completion,
    goal_at,
    judge,
    light,
    limits,
    meets,
    shortfall,
)
from targets.rules.pace import Pace, Peak, pace, peak
from targets.rules.trajectory import needs_baseline, required
from targets.rules.wording import (
    change,
    difference,
    distance_words,
    gap_words,
    goal_value,
    grade,
    pace_sentence,
    plain,
    unit_of,
    verdict_sentence,
    with_unit,
)

__all__ = [
    "Actual",
    "Goal",
    "Judgement",
    "Level",
    "Light",
    "Pace",
    "Peak",
    "Terms",
    "Verdict",
    "change",
    "completion",
    "difference",
    "distance_words",
    "gap_words",
    "goal_at",
    "goal_value",
    "grade",
    "judge",
    "light",
    "limits",
    "meets",
    "needs_baseline",
    "pace",
    "pace_sentence",
    "peak",
    "plain",
    "required",
    "shortfall",
    "unit_of",
    "verdict_sentence",
    "with_unit",
]
