"""Warning levels set by the bureau: they replace a judged light, never a missing one."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace

from targets.rules.levels import Level
from targets.rules.lights import Light
from targets.rules.terms import Terms


@dataclass(frozen=True)
class Override:
    """The level set for the value of a year, with person and reason; None returns to the rules.

    `is_in_force`: whether the version of the value that was judged by hand is still current.
    """

    level: Level | None
    reason: str
    year: int
    is_in_force: bool = True
    by: str = ""
    on: datetime.date | None = None


def can_be_overridden(terms: Terms, found: Light) -> bool:
    """Whether the rules give a light, or the target is qualitative, which they leave to the bureau.

    Without data there is nothing to decide: the light stays grey.
    """
    return terms.is_qualitative or found.level != Level.GREY


def override_in_force(terms: Terms, found: Light, overrides: Iterable[Override]) -> Override | None:
    """The override of the value that the light judges; None if the rules decide.

    The rules decide for a newer value, another version of it, a value that waits for review, and
    that of a quarter. For a qualitative target, which has no values, the newest override counts.
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
    """The light with the level and the reason of the override, if any."""
    if override is None or override.level is None:
        return found
    return replace(
        found, level=override.level, reason=f"人工判定：{override.reason}", is_by_hand=True
    )
