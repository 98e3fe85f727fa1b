"""Targets as pages and charts read them."""

from targets.selectors.detail import TargetDetail, target_detail
from targets.selectors.judged import (
    AHEAD_YEAR,
    SETTLED_YEAR,
    Judged,
    judged_targets,
    lights,
    terms_of,
)

__all__ = [
    "AHEAD_YEAR",
    "SETTLED_YEAR",
    "Judged",
    "TargetDetail",
    "judged_targets",
    "lights",
    "target_detail",
    "terms_of",
]
