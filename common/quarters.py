"""Years and quarters: parsing, order, labels."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

_NUMERALS = "一二三四"
_CODE = re.compile(r"((?:19|20|21)[0-9]{2})(?:Q([1-4]))?")
_MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Period:
    """A year, or a quarter of it."""

    year: int
    quarter: int | None = None

    @classmethod
    def parse(cls, code: str) -> Period:
        """2025 or 2026Q3. Raise ValueError otherwise."""
        match = _CODE.fullmatch(code.strip().upper())
        if not match:
            raise ValueError(f"不是时期：{code[:20]}，应如 2025 或 2026Q3")
        return cls(int(match[1]), int(match[2]) if match[2] else None)

    @classmethod
    def quarter_of(cls, day: datetime.date) -> Period:
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def last_closed(cls, day: datetime.date) -> Period:
        """The last quarter that has ended before the day."""
        return cls.quarter_of(day).previous

    @property
    def code(self) -> str:
        return f"{self.year}Q{self.quarter}" if self.quarter else str(self.year)

    @property
    def number(self) -> int:
        """Quarters counted through: the next one's is greater by one."""
        return self.year * 4 + (self.quarter or 0)

    @classmethod
    def numbered(cls, number: int) -> Period:
        """The quarter with this number."""
        year, quarter = divmod(number - 1, 4)
        return cls(year, quarter + 1)

    @property
    def label(self) -> str:
        if self.quarter is None:
            return f"{self.year}年"
        return f"{self.year}年第{_NUMERALS[self.quarter - 1]}季度"

    @property
    def short_label(self) -> str:
        return f"{self.year % 100:02d}Q{self.quarter}" if self.quarter else str(self.year)

    @property
    def end(self) -> datetime.date:
        month = self.quarter * 3 if self.quarter else 12
        return datetime.date(self.year, month, 30 if month in {6, 9} else 31)

    @property
    def previous(self) -> Period:
        if self.quarter is None:
            return Period(self.year - 1)
        if self.quarter == 1:
            return Period(self.year - 1, 4)
        return Period(self.year, self.quarter - 1)

    def quarters_since(self, earlier: Period) -> int:
        """How many quarters lie between an earlier quarter and this one."""
        return self.number - earlier.number

    def is_up_to(self, other: Period) -> bool:
        """Whether this quarter is another one or lies before it."""
        return self.quarters_since(other) <= 0

    def back(self, count: int) -> tuple[Period, ...]:
        """This period and those before it, `count` in all, oldest first."""
        periods = [self]
        while len(periods) < count:
            periods.append(periods[-1].previous)
        return tuple(reversed(periods))


def is_month(text: str) -> bool:
    """True for a month as it is kept: 2026-12."""
    return bool(_MONTH.fullmatch(text))
