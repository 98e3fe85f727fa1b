"""A warning level set by hand: for one value, by the bureau, with its reason, in versions."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from agencies.models import User
from records import versions
from targets.choices import OverrideLevel, TargetKind
from targets.models import LightOverride, Observation, Target
from targets.policies import check_can_override
from targets.rules import REASON_LEAST

_WHAT = "人工判定"


@transaction.atomic
def override_light(
    *,
    target: Target,
    observation: Observation | None,
    level: str,
    reason: str,
    by: User | None,
) -> LightOverride | None:
    """Set the level of the light of a value, or have it go by the rules again; None if it does.

    `observation` is the annual value that was seen, None for a qualitative target. Raises
    ValidationError where it is not in force any more, or no reason is given.
    """
    check_can_override(by=by)
    if level not in OverrideLevel.values:
        raise ValidationError({"level": "选择预警等级"})
    if len(reason.strip()) < REASON_LEAST:
        raise ValidationError({"reason": f"写明理由（至少{REASON_LEAST}个字）"})
    row = LightOverride(
        target=target,
        year=observation.year if observation else timezone.localdate().year,
        observation_id=observation.pk if observation else None,
        level=level,
        reason=reason.strip(),
        is_demo=bool(observation and observation.is_demo),
    )
    written = versions.record(_SERIES, rows=[row], by=by)
    return written[0] if written else None


def _check(row: LightOverride) -> None:
    versions.check_in_force(row.target, field="target", what=_WHAT)
    value = row.observation
    if value is None:
        if row.target.kind != TargetKind.QUALITATIVE:
            raise ValidationError("还没有年度值，预警等级不能判定")
    elif (
        value.target_id != row.target.holder_id or value.quarter is not None or not value.is_current
    ):
        raise ValidationError("数值刚刚更新，看过新的数值再判定")
    row.clean_fields(exclude=["target", "observation"])


_SERIES = versions.Series(
    model=LightOverride,
    owner="target",
    key=("target_id", "year"),
    facts=("level", "observation_id", "reason"),
    check=_check,
    related=("observation",),
)
