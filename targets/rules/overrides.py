"""Warning levels that the bureau sets by hand: they replace a judged light, never a missing one."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace

from targets.rules.levels import Level
from targets.rules.lights import Light
from targets.rules.terms import Terms


@dataclass(frozen=True)
class Override:
    """The level that was set for the value of a year, by whom and why; None goes by the rules.

    `is_in_force` is whether the version of the value that was seen then still holds.
    """

    level: Level | None
    reason: str
    year: int
    is_in_force: bool = True
    by: str = ""
    on: datetime.date | None = None


def can_be_overridden(terms: Terms, found: Light) -> bool:
    """A light that the rules give, or a qualitative target, which they leave to the bureau.

    Without data there is nothing to decide: that stays grey.
    """
    return terms.is_qualitative or found.level != Level.GREY


def override_in_force(terms: Terms, found: Light, overrides: Iterable[Override]) -> Override | None:
    """The level set by hand for the value that the light judges; None if the rules hold.

    They hold for a newer value, another version of it, one that waits for review and that of a
    quarter. Of a qualitative target, which has no values, the newest word holds.
    """
    latest = terms.latest
    if not can_be_overridden(terms, found) or (latest and (latest.is_unreviewed or latest.quarter)):
        return None
    known = [row for row in overrides if row.is_in_force]
    if not terms.is_qualitative:
        known = [row for row in known if row.year == found.year]
    newest = max(known, key=lambda row: row.year, default=None)
    return newest if newest and newest.level else None


def overridden(found: Light, override: Override | None) -> Light:
    """The light with the level and the reason that were set by hand, if any."""
    if override is None or override.level is None:
        return found
    return replace(
        found, level=override.level, reason=f"人工判定：{override.reason}", is_by_hand=True
    )
