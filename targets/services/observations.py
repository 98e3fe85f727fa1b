"""Actual values: versions, of which one for each period and basis is in force."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from django.core.exceptions import ValidationError

from agencies.models import User
from common.quarters import Period
from records import versions
from targets.models import Observation, Settlement, Target
from targets.rules import REDUCTIONS

FACTS = (
    "value",
    "not_applicable",
    "grade",
    "source",
    "numerator",
    "denominator",
    "annual_rate",
    "note",
)
FRACTION = ("numerator", "denominator")
_WHAT = "实际值"
_PERCENT = (Decimal(0), Decimal(100))


def record_observations(
    *,
    observations: Sequence[Observation],
    by: User | None,
    complete: versions.Complete[Observation] | None = None,
) -> list[Observation]:
    """Put actual values (unsaved) in force, all or none, in statements that hardly grow.

    A different value for the same period and basis is a correction: it becomes a new version, asks
    for a reason, and the old one stays. Returns those that were new or different; raises
    ValidationError. `complete` takes over what the giver was not asked for from the value in force.
    """
    for row in observations:
        row.basis_id = row.basis_id or row.target.accounting_basis_id
    return versions.record(_SERIES, rows=observations, by=by, complete=complete)


def retract_observations(
    *, rows: Sequence[Observation], by: User | None, reason: str
) -> list[Observation]:
    """Take values in force back; the ones before them hold again and are returned.

    A retracted value stays readable. Raises ValidationError if one is not in force any more, or
    a settlement in force rests on it: that is taken back first.
    """
    resting = Settlement.objects.filter(observation__in=rows, is_current=True)
    settled = [str(row) for row in resting.select_related("target")]
    if settled:
        raise ValidationError(f"{'、'.join(settled)}的判定依据这个数值，先撤销判定，再撤销数值")
    return versions.retract(_SERIES, rows=rows, by=by, reason=reason)


def take_over(*, new: Observation, known: Observation, names: Iterable[str]) -> None:
    """Give a value the facts of the one that it replaces; a fraction stays with what it makes."""
    if "value" in names:
        new.value = known.value
    stays = new.value == known.value
    for name in names:
        if stays or name not in FRACTION:
            setattr(new, name, getattr(known, name))


def check_can_record(*, by: User | None) -> None:
    """Raise PermissionDenied with a sentence; the bureau's reviewers and administrators may."""
    versions.check_can_record(by=by, what=_WHAT)


def check_observation(*, observation: Observation, target: Target) -> None:
    """Raise ValidationError in the words of the field that is wrong."""
    observation.clean_fields(exclude=["target", "basis"])
    check_rate(rate=observation.annual_rate, quarter=observation.quarter, target=target)
    check_meaning(observation=observation, target=target)


class Reported(NamedTuple):
    """What of an actual value its target has a say in."""

    year: int
    quarter: int | None
    value: Decimal | None
    not_applicable: bool = False


def check_meaning(
    *, observation: Observation | Reported, target: Target, now: Period | None = None
) -> None:
    """The part of the check that looks beyond single fields, for those that are checked already.

    Callers that check many pass the running quarter.
    """
    if observation.not_applicable == (observation.value is not None):
        raise _error("value", "要么填写数值，要么注明不适用")
    versions.check_period(observation.year, observation.quarter, what=_WHAT, now=now)
    versions.check_in_force(target, field="target", what=_WHAT)
    if target.values_of is not None:
        raise _error("target", f"数值取自{target.values_of}，在那项指标里填")
    if observation.value is not None:
        check_range(value=observation.value, target=target)


def check_rate(*, rate: Decimal | None, quarter: int | None, target: Target) -> None:
    """Raise ValidationError: a rate is below 100 % and belongs to a year of a reduction."""
    if rate is None:
        return
    is_reduction = target.unit == "%" and target.kind in REDUCTIONS
    if quarter is not None or not is_reduction:
        raise _error("annual_rate", "当年降低率只用于累计降低率的年度值，这一行留空")
    if rate >= _PERCENT[1]:
        raise _error("annual_rate", "当年降低率须小于100%")


def check_range(*, value: Decimal, target: Target) -> None:
    """Raise ValidationError: a share lies between 0 and 100, only a reduction may be negative."""
    if target.kind in REDUCTIONS:
        return
    if value < _PERCENT[0]:
        raise _error("value", f"{target.name}不能为负数")
    if target.unit == "%" and value > _PERCENT[1]:
        raise _error("value", f"{target.name}是百分比，须在0至100之间")


def _error(field: str, sentence: str) -> ValidationError:
    return ValidationError({field: sentence})


_SERIES = versions.Series(
    model=Observation,
    owner="target",
    key=("target_id", "year", "quarter", "basis_id"),
    facts=FACTS,
    check=lambda row: check_observation(observation=row, target=row.target),
    related=("basis",),
)
