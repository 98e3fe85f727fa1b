"""The thresholds of lights and verdicts: dated versions that the bureau may change."""

from dataclasses import dataclass
from decimal import Decimal

from targets.rules.enumerations import GapMethod

FIRST_VERSION = 1
"""The version of the defaults, used until the bureau first changes them."""

REASON_LEAST = 5
"""Least number of characters in the reason of a change."""


@dataclass(frozen=True)
class JudgingRules:
    """One version of the thresholds; the defaults are the published rule and the system's own.

    A shortfall of up to `near_percent` (of the required value, or by `method` of the change
    required to date) is 二级, more is 一级. `tolerance_percent` is the half width of 左右 for
    targets without their own; the plan gives none. `caps_striven` keeps 力争 at 二级;
    `needs_second` requires a second person for each verdict.

    Source: 发改办环资〔2020〕901号, whose share is one of a reduction, which begins at nothing.
    """

    version: int = FIRST_VERSION
    near_percent: Decimal = Decimal(10)
    tolerance_percent: Decimal = Decimal(2)
    caps_striven: bool = True
    method: GapMethod = GapMethod.LEVEL
    needs_second: bool = True

    @property
    def near_words(self) -> str:
        """The near share as printed: 10%, 7.5%."""
        return f"{self.near_percent.normalize():f}%"

    @property
    def gap_words(self) -> str:
        """In short, what the near share is a share of."""
        return "差距" if self.method == GapMethod.LEVEL else "缺口占应有进展"

    @property
    def gap_formula(self) -> str:
        """The formula of the gap, where space is short."""
        by_level = self.method == GapMethod.LEVEL
        return "缺口÷要求值" if by_level else "缺口÷应有进展（缺基期值的÷要求值）"

    @property
    def method_words(self) -> str:
        """The formula of the gap in words."""
        return _METHOD_WORDS[self.method]


_METHOD_WORDS = {
    GapMethod.LEVEL: "差距＝（进度要求−实际值）÷进度要求",
    GapMethod.CHANGE: (
        "差距＝（进度要求−实际值）÷（进度要求−基期值）；缺口不超过一个末位数的算二级；"
        "缺基期值、基期值已达到要求、分阶段生效和长期要求的，除以进度要求。"
        "10%原用于降低率（基期为0），用于其他指标是本系统规则"
    ),
}

DEFAULT_RULES = JudgingRules()


@dataclass(frozen=True)
class Tolerance:
    """Half the width of 左右 in percent of the goal; its ends are rounded to `decimals`."""

    percent: Decimal = DEFAULT_RULES.tolerance_percent
    decimals: int = 2


DEFAULT_TOLERANCE = Tolerance()
