"""The titles over rows, tasks, projects and reports: each states what was found."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from common.formats import zh_date_weekday
from common.quarters import Period
from dashboard.rules.changes.change import short_period


@dataclass(frozen=True)
class HeadlineTarget:
    """A headline target as the title over the rows counts it: met, behind, waiting or a peak.

    `peak` is 碳排放仍在上升, `lag` 慢15个月 or 差0.8个百分点.
    """

    is_met: bool = False
    is_missed: bool = False
    is_pending: bool = False
    lag: str = ""
    peak: str = ""


def rows_finding(rows: Sequence[HeadlineTarget], *, year: int, has_values: bool) -> str:
    """6项主要目标：3项达到或初步达到2025年要求，1项慢15个月，1项等市下达，碳排放仍在上升."""
    if not has_values:
        return "还没有实际值，只画目标"
    if not rows:
        return "各项指标的进展"
    judged = [row for row in rows if not row.peak]
    met = sum(row.is_met for row in judged)
    behind = [row for row in judged if row.is_missed]
    pending = sum(row.is_pending for row in judged)
    left = len(judged) - met - len(behind) - pending
    said = (
        f"{met}项达到或初步达到{year}年要求" if met else "",
        _behind(behind, year),
        f"{pending}项等市下达" if pending else "",
        f"{left}项还不能判断" if left else "",
        *(row.peak for row in rows if row.peak),
    )
    return f"{len(rows)}项主要目标：{'，'.join(filter(None, said))}"


def _behind(rows: Sequence[HeadlineTarget], year: int) -> str:
    if len(rows) == 1 and rows[0].lag:
        return f"1项{rows[0].lag}"
    return f"{len(rows)}项没有达到{year}年要求" if rows else ""


def tasks_finding(*, total: int, slow: int, reported: bool, period: Period) -> str:
    """任务：4项滞后或停滞; by the newest report of each."""
    if not total:
        return "还没有任务"
    if not reported:
        return f"任务：{short_period(period, period.end)}还没有进展"
    return f"任务：{slow}项滞后或停滞" if slow else "任务：没有滞后或停滞的"


def projects_finding(*, total: int, overdue: int, unassigned: int) -> str:
    """7个项目超期，其中4个没有填报单位."""
    if not total:
        return "还没有项目"
    if not overdue:
        return "没有项目超期"
    if not unassigned:
        return f"{overdue}个项目超期"
    whose = "都" if unassigned == overdue else f"其中{unassigned}个"
    return f"{overdue}个项目超期，{whose}没有填报单位"


@dataclass(frozen=True)
class ReportingDuties:
    """What is owed of a quarter and has come; `late` have not come in time."""

    period: Period
    today: datetime.date
    due_on: datetime.date | None
    owed: int = 0
    handed_in: int = 0
    late: int = 0
    bodies: int = 0

    @property
    def is_over(self) -> bool:
        return self.due_on is not None and self.due_on < self.today


def reporting_finding(duties: ReportingDuties) -> str:
    """本季度报送还没有到期：151项已报送40项; after the day what is missing."""
    name = short_period(duties.period, duties.today)
    if not duties.owed:
        return f"{name}没有开放填报"
    count = f"{duties.owed}项已报送{duties.handed_in}项"
    if duties.late:
        return f"{name}报送缺{duties.late}项，涉及{duties.bodies}个单位"
    if duties.is_over or duties.due_on is None:
        return f"{name}报送：{count}"
    return f"{name}报送还没有到期：{count}"


def due_words(duties: ReportingDuties) -> str:
    """12月7日（周一）截止，还剩7天; 12月7日（周一）截止，已过3天; empty if no day is known."""
    if duties.due_on is None:
        return ""
    day = zh_date_weekday(duties.due_on)
    if duties.due_on.year == duties.today.year:
        day = day.partition("年")[2]
    left = (duties.due_on - duties.today).days
    if left == 0:
        return f"{day}截止，就是今天"
    return f"{day}截止，{f'还剩{left}天' if left > 0 else f'已过{-left}天'}"
