"""The newest value in force, of a year or a quarter, as every page, sentence and workbook says it.

A quarter is shown with its period and judges nothing: verdicts, paces and lights go by years.
"""

from dataclasses import dataclass

from targets.rules.facts import Actual, Terms
from targets.rules.printing import actual_figure, actual_words, unit_of

UNREVIEWED = "含待审核"


def grade(actual: Actual) -> str:
    """数据状态 in words, and that a value waits for review."""
    return actual.grade.label + (f"，{UNREVIEWED}" if actual.is_unreviewed else "")


@dataclass(frozen=True)
class Newest:
    """A value, its unit, its period and its 数据状态, each in words."""

    actual: Actual
    figure: str
    unit: str
    is_own_basis: bool = True

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
        """部门统计; that another basis is meant stands beside it."""
        return grade(self.actual) + ("" if self.is_own_basis else "，口径不同")

    @property
    def note(self) -> str:
        """2026年第三季度，部门统计: what stands beside the value."""
        return f"{self.when}，{self.grade}"

    @property
    def is_quarter(self) -> bool:
        return self.actual.quarter is not None

    @property
    def words(self) -> str:
        """2026年第三季度31.2%（部门统计）."""
        return f"{self.when}{self.text}（{self.grade}）"


def newest_of(terms: Terms) -> Newest | None:
    """The newest value of the terms; None where there is none."""
    found = terms.newest_value
    if found is None:
        return None
    own = terms.is_own_basis(found)
    return Newest(found, actual_figure(terms, found), unit_of(terms), own)


def newer_quarter(terms: Terms) -> Newest | None:
    """The same where it is of a quarter after the newest year."""
    return newest_of(terms) if has_newer_quarter(terms) else None


def has_newer_quarter(terms: Terms) -> bool:
    """Whether a quarter is newer than the newest year."""
    return terms.newest_value is not terms.latest


def annual_name(terms: Terms) -> str:
    """What the newest annual value is called: 最新值 only where no quarter is newer."""
    return "最新年度值" if has_newer_quarter(terms) else "最新值"


def latest_sentence(terms: Terms, year: int) -> str:
    """The newest values of a year and a quarter where the plan sets no goal for a year."""
    latest, quarter = terms.latest, newer_quarter(terms)
    said = [f"{latest.year}年为{actual_words(terms, latest)}（{grade(latest)}）"] if latest else []
    said += [f"{quarter.when}为{quarter.text}（{quarter.grade}）"] if quarter else []
    return f"{'，'.join(said) or '还没有数值'}。方案没有提出{year}年目标。"
