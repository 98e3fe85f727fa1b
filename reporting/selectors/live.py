"""The numbers beside the fields that follow from what is typed."""

from dataclasses import dataclass
from decimal import Decimal

from common.formats import number, signed
from reporting.rules.answers import ProjectAnswers, TargetAnswers
from reporting.selectors.checking import Checked

POINTS = "个百分点"


@dataclass(frozen=True)
class Live:
    """The value as it is read, change against last quarter, distance to what is required, share of
    the investment: as printed; empty where the number does not exist."""

    value: str = ""
    change: str = ""
    distance: str = ""
    share: str = ""


def live_numbers(*, checked: Checked) -> Live:
    """What follows from an item's answers as they stand."""
    answers = checked.answers
    if isinstance(answers, TargetAnswers):
        return _target(checked, answers)
    if isinstance(answers, ProjectAnswers):
        return Live(share=_share(checked, answers))
    return Live()


def _target(checked: Checked, answers: TargetAnswers) -> Live:
    facts, value = checked.facts, answers.value
    before = facts.previous.value if isinstance(facts.previous, TargetAnswers) else None
    return Live(
        "" if value is None else number(value, facts.decimals),
        _difference(checked, value, before),
        _difference(checked, value, facts.required),
    )


def _difference(checked: Checked, value: Decimal | None, other: Decimal | None) -> str:
    if value is None or other is None:
        return ""
    facts = checked.facts
    unit = POINTS if facts.unit == "%" else facts.unit
    return f"{signed(value - other, facts.decimals)} {unit}".strip()


def _share(checked: Checked, answers: ProjectAnswers) -> str:
    total = checked.facts.total_investment_wan
    if not total or answers.invested_wan is None:
        return ""
    return f"{number(answers.invested_wan / total * 100, 1)}%"
