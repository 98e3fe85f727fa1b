"""A value of a target as it is reported, and its light before anyone has approved it."""

from common.quarters import Period
from reporting.answers.rules.answers import Answers, TargetAnswers
from targets.rules import Actual, Grade, Level, Light
from targets.selectors import Judged

USUAL_GRADE = Grade.DEPARTMENT
"""As an approval writes it where none was given."""


def actual_of(answers: TargetAnswers, period: Period) -> Actual:
    """The value of a form as the rules know it: it waits for review."""
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
    """The light of a reported value, as it will be once approved; None where it is not judged.

    `now` is the reporting period, of which a value is that names none.
    """
    if judged is None or not isinstance(answers, TargetAnswers) or answers.reported is None:
        return None
    light = judged.light_of(actual_of(answers, answers.value_period or now))
    return None if light.level == Level.GREY else light
