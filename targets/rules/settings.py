"""The thresholds of light and verdict: numbers that the bureau may change, dated."""

from dataclasses import dataclass
from decimal import Decimal

FIRST_VERSION = 1
"""The version of the defaults, which hold until the bureau first changes them."""

REASON_LEAST = 5
"""Characters of the reason of a change."""


@dataclass(frozen=True)
class JudgingRules:
    """One version of the thresholds; the defaults are the published rule and the system's own.

    `near_percent` of the required value may be lacking for 二级, more is 一级. `tolerance_percent`
    is the half width of 左右 where the target has none of its own; the plan gives none.
    `caps_striven` keeps 力争 at 二级. Source: 发改办环资〔2020〕901号.
    """

    version: int = FIRST_VERSION
    near_percent: Decimal = Decimal(10)
    tolerance_percent: Decimal = Decimal(2)
    caps_striven: bool = True

    @property
    def near_words(self) -> str:
        """The near share as it is printed: 10%, 7.5%."""
        return f"{self.near_percent.normalize():f}%"


DEFAULT_RULES = JudgingRules()
