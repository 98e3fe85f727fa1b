"""The newest current value, of a year or a quarter, as every page, sentence and workbook prints it.

A quarter is shown with its period and judges nothing: verdicts, paces and lights use annual values.
"""

import datetime
from dataclasses import dataclass

from targets.rules.terms import Actual, Terms
from targets.rules.words.formatting import actual_figure, actual_words, unit_of

UNREVIEWED = "含待审核"
STALE_YEARS = 2
"""Full years after its period from which a value counts as old: final values take two years."""


def grade(actual: Actual) -> str:
    """数据状态 in words, with a note if the value waits for review."""
    return actual.grade.label + (f"，{UNREVIEWED}" if actual.is_unreviewed else "")


def stale_words(value: Actual, today: datetime.date) -> str:
    """已2年多未更新, for a newest value that is years old; else empty."""
    end = value.period.end
    years = today.year - end.year - ((today.month, today.day) <= (end.month, end.day))
    return f"已{years}年多未更新" if years >= STALE_YEARS else ""


def graded(value: Actual, today: datetime.date) -> str:
    """数据状态 of the newest value, with its age if it is old: 初步核算，已2年多未更新."""
    return "，".join(filter(None, (grade(value), stale_words(value, today))))


def aged(value: Actual, today: datetime.date) -> str:
    """（2025年数，已2年多未更新）, after what rests on the newest value; empty if not old."""
    age = stale_words(value, today)
    return f"（{value.period.label}数，{age}）" if age else ""


@dataclass(frozen=True)
class Newest:
    """A value, its unit, its period, its 数据状态 and its age if old, each in words."""

    actual: Actual
    figure: str
    unit: str
    is_own_basis: bool = True
    age: str = ""

    @property
    def text(self) -> str:
        """31.2%."""
        return self.figure + self.unit

    @property
    def when(self) -> str:
        """2025年, 2026年第三季度."""
        return self.actual.period.label

    @property
    def grade(self) -> str:
        """部门统计, with a note if the value is on another basis."""
        other = "" if self.is_own_basis else "口径不同"
        return "，".join(filter(None, (grade(self.actual), other, self.age)))

    @property
    def note(self) -> str:
        """2026年第三季度，部门统计: the note next to the value."""
        return f"{self.when}，{self.grade}"

    @property
    def is_quarter(self) -> bool:
        return self.actual.quarter is not None

    @property
    def words(self) -> str:
        """2026年第三季度31.2%（部门统计）."""
        return f"{self.when}{self.text}（{self.grade}）"


def newest_of(terms: Terms, *, today: datetime.date) -> Newest | None:
    """The newest value of the terms on a day; None if there is none."""
    found = terms.newest_value
    if found is None:
        return None
    own = terms.is_own_basis(found)
    age = stale_words(found, today)
    return Newest(found, actual_figure(terms, found), unit_of(terms), own, age)


def newer_quarter(terms: Terms, *, today: datetime.date) -> Newest | None:
    """The newest value, if it is of a quarter after the newest annual one; else None."""
    return newest_of(terms, today=today) if has_newer_quarter(terms) else None


def has_newer_quarter(terms: Terms) -> bool:
    """Whether a quarter is newer than the newest annual value."""
    return terms.newest_value is not terms.latest


def annual_name(terms: Terms) -> str:
    """The name of the newest annual value: 最新值 unless a quarter is newer."""
    return "最新年度值" if has_newer_quarter(terms) else "最新值"


def latest_sentence(terms: Terms, year: int, *, today: datetime.date) -> str:
    """The newest annual and quarterly values, for a year without a goal in the plan."""
    latest, quarter = terms.latest, newer_quarter(terms, today=today)
    said = []
    if latest:
        said = [f"{latest.year}年为{actual_words(terms, latest)}（{graded(latest, today)}）"]
    said += [f"{quarter.when}为{quarter.text}（{quarter.grade}）"] if quarter else []
    return f"{'，'.join(said) or '还没有数值'}。方案没有提出{year}年目标。"
