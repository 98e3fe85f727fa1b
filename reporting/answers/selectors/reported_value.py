"""A reported value of a target, and its light before it is approved."""

from common.quarters import Period
from reporting.answers.rules.answers import Answers, TargetAnswers
from targets.rules import Actual, Grade, Level, Light
from targets.selectors import Judged

USUAL_GRADE = Grade.DEPARTMENT
"""The grade that an approval writes where the form has none."""


def actual_of(answers: TargetAnswers, period: Period) -> Actual:
    """The value of a form as the rules take it: waiting for review."""
    return Actual(
        period.year,
        answers.value,
        Grade(answers.grade or USUAL_GRADE),
        answers.basis,
        not_applicable=answers.value is None,
        is_unreviewed=True,
        quarter=period.quarter,
    )


def light_of(judged: Judged | None, answers: Answers, now: Period) -> Light | None:
    """The light that a reported value will have once approved; None where it is not judged.

    `now` is the reporting period, which a value without a period of its own belongs to.
    """
    if judged is None or not isinstance(answers, TargetAnswers) or answers.reported is None:
        return None
    light = judged.light_of(actual_of(answers, answers.value_period or now))
    return None if light.level == Level.GREY else light
