"""Matters computed from the data: never stored, gone once they are done.

Pure: from facts of targets, tasks and projects to the rows of the list.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, takewhile

_COUNTS = "零一两三四五六七八九十"
_CODES_SHOWN = 8
_STEM_LEAST = 2
NO_LEAD = "方案没有列牵头单位"


class WaitsFor(StrEnum):
    """Who has to act next."""

    LEADER = "leader"
    BUREAU = "bureau"


class ComputedKind(StrEnum):
    """What is missing, in the order of the list."""

    TARGET_LEADS = "target_leads"
    PROJECT_REPORTERS = "project_reporters"
    TASK_CONVENORS = "task_convenors"
    CITY_GOALS = "city_goals"
    VERDICT = "verdict"
    TOLERANCE = "tolerance"

    @property
    def tag(self) -> str:
        """指定, 向上, 重判, 容差."""
        return _TAGS[self]

    @property
    def waits_for(self) -> WaitsFor:
        return WaitsFor.BUREAU if self in _BY_BUREAU else WaitsFor.LEADER

    @property
    def is_ownerless(self) -> bool:
        """Whether it asks for a handler to be named, so that it has none to show."""
        return self.tag == "指定"


_TAGS = {
    ComputedKind.TARGET_LEADS: "指定",
    ComputedKind.PROJECT_REPORTERS: "指定",
    ComputedKind.TASK_CONVENORS: "指定",
    ComputedKind.CITY_GOALS: "向上",
    ComputedKind.VERDICT: "重判",
    ComputedKind.TOLERANCE: "容差",
}
_BY_BUREAU = {ComputedKind.VERDICT, ComputedKind.TOLERANCE}


@dataclass(frozen=True)
class UnledTarget:
    """A target without a lead agency. `behind` is its gap where it was missed: 差5.2个百分点."""

    code: str
    name: str
    field: str
    field_label: str
    source: str = ""
    behind: str = ""


@dataclass(frozen=True)
class ComputedMatter:
    """A row of the list; its address leads to the page where it is done.

    `since` is its beginning in words: no day of it is stored.
    """

    kind: ComputedKind
    title: str
    note: str
    codes: tuple[str, ...]
    since: str
    url: str = ""

    @property
    def tag(self) -> str:
        return self.kind.tag

    @property
    def waits_for(self) -> WaitsFor:
        return self.kind.waits_for

    @property
    def is_ownerless(self) -> bool:
        return self.kind.is_ownerless

    @property
    def about(self) -> str:
        """The code of its subject, where the title does not contain it."""
        return self.codes[0] if self.waits_for == WaitsFor.BUREAU else ""


def target_leads(rows: Iterable[UnledTarget]) -> tuple[ComputedMatter, ...]:
    """垃圾三项指标（T21—T23）的牵头单位: a row for each category, missed ones first."""
    fields = [tuple(found) for _, found in groupby(rows, key=lambda row: row.field)]
    fields.sort(key=lambda found: not any(row.behind for row in found))
    return tuple(_leads(found) for found in fields)


def _leads(rows: Sequence[UnledTarget]) -> ComputedMatter:
    codes = tuple(row.code for row in rows)
    worst = next((row for row in rows if row.behind), rows[0])
    said = [f"{worst.code}{worst.behind}"] if worst.behind else []
    said += [f"数据来源：{worst.source}"] if worst.source else []
    note = f"{NO_LEAD}；{'，'.join(said)}" if said else NO_LEAD
    title = f"{_named(rows)}（{code_words(codes)}）的牵头单位"
    return ComputedMatter(ComputedKind.TARGET_LEADS, title, note, codes, "方案印发起")


def _named(rows: Sequence[UnledTarget]) -> str:
    """垃圾三项指标, by what the names have in common, else by the category; one by its name."""
    if len(rows) == 1:
        return rows[0].name
    alike = takewhile(
        lambda signs: len(set(signs)) == 1, zip(*(row.name for row in rows), strict=False)
    )
    stem = "".join(signs[0] for signs in alike)
    head = stem if len(stem) >= _STEM_LEAST else rows[0].field_label
    return f"{head}{_count(len(rows))}项指标"


def project_reporters(
    codes: Sequence[str], overdue: Sequence[str] = ()
) -> tuple[ComputedMatter, ...]:
    """12个项目的填报责任单位, with the number of overdue ones."""
    if not codes:
        return ()
    note = "附件没有列填报责任单位"
    if overdue:
        note = f"{len(overdue)}个已超期：{_listed(overdue)}"
    title = f"{_some(codes, '个项目')}的填报责任单位"
    found = ComputedMatter(ComputedKind.PROJECT_REPORTERS, title, note, tuple(codes), "方案导入起")
    return (found,)


def task_convenors(codes: Sequence[str]) -> tuple[ComputedMatter, ...]:
    """7项任务的汇总单位."""
    if not codes:
        return ()
    title = f"{_some(codes, '项任务')}的汇总单位"
    note = NO_LEAD if len(codes) == 1 else f"{NO_LEAD}：{_listed(codes)}"
    return (ComputedMatter(ComputedKind.TASK_CONVENORS, title, note, tuple(codes), "方案导入起"),)


def city_goals(pending: Iterable[tuple[str, int]]) -> tuple[ComputedMatter, ...]:
    """市级目标下达 from (code, year): T02、T08的2025年目标，T01、T02的2030年目标."""
    found = sorted(pending, key=lambda goal: goal[1])
    if not found:
        return ()
    by_year = [
        f"{'、'.join(code for code, _ in goals)}的{year}年目标"
        for year, goals in groupby(found, key=lambda goal: goal[1])
    ]
    codes = tuple(sorted({code for code, _ in found}))
    note = f"市里还没有下达：{'，'.join(by_year)}"
    return (ComputedMatter(ComputedKind.CITY_GOALS, "市级目标下达", note, codes, "方案印发起"),)


def verdict(code: str, name: str, year: int, change: str) -> ComputedMatter:
    """居民气化率2025年重新判定; `change` names what has changed since."""
    title = f"{name}{year}年目标重新判定"
    return ComputedMatter(ComputedKind.VERDICT, title, change, (code,), "判定以后有变动")


def tolerance(code: str, name: str, percent: str, is_missed: bool) -> ComputedMatter:
    """森林覆盖率“左右”的容差确认; the percentage is the one used until then."""
    weight = "，确认以前低于容差的只作初步判断" if is_missed else ""
    note = f"现按±{percent}%，还没有依据文件{weight}"
    return ComputedMatter(
        ComputedKind.TOLERANCE, f"{name}“左右”的容差确认", note, (code,), "方案导入起"
    )


def code_words(codes: Sequence[str]) -> str:
    """T08、T09；T21—T23: three or more in a row become a range."""
    numbers = [int("".join(filter(str.isdigit, code)) or 0) for code in codes]
    is_run = len(codes) > 2 and "-" not in codes[0]
    if is_run and numbers == list(range(numbers[0], numbers[0] + len(codes))):
        return f"{codes[0]}—{codes[-1]}"
    return _listed(codes)


def _some(codes: Sequence[str], unit: str) -> str:
    return codes[0] if len(codes) == 1 else f"{len(codes)}{unit}"


def _listed(codes: Sequence[str]) -> str:
    shown = "、".join(codes[:_CODES_SHOWN])
    return f"{shown}等" if len(codes) > _CODES_SHOWN else shown


def _count(number: int) -> str:
    return _COUNTS[number] if number < len(_COUNTS) else str(number)
