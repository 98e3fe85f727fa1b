"""The light of a value as it is reported, before it is approved. Pure."""

from decimal import Decimal

from reporting.rules.facts import Facts

GREEN, ORANGE, RED = "green", "orange", "red"
_NEAR = Decimal("0.10")


def level_of(value: Decimal, facts: Facts, *, is_striven: bool) -> tuple[str, str] | None:
    """Level and words of a comparable value; None where nothing is required.

    Up to a tenth of the requirement short is orange, more is red; a 力争 target is at most orange.
    """
    if facts.required is None:
        return None
    if not facts.misses_requirement(value):
        return GREEN, "达到进度要求"
    lacking = abs(value - facts.required) - facts.tolerance
    if lacking <= _NEAR * abs(facts.required):
        return ORANGE, "差距不超过10%"
    return (ORANGE, "差距超过10%；力争目标最高到二级") if is_striven else (RED, "差距超过10%")
