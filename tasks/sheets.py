"""Tasks as workbooks."""

from collections.abc import Sequence

from django.utils import timezone

from common.quarters import Period
from common.workbooks.writing import Cell, Sheet
from plan.models import Recorded
from targets.rules.levels import Level
from tasks.models import TaskContribution, TaskProgress
from tasks.selectors import TaskDetail, TaskRow

PROGRESS_HEAD = (
    "进展", "量化进展", "量化数值", "量化单位", "存在问题", "需要协调的单位", "下一步措施",
    "完成时限",
)  # fmt: skip
HEAD = (
    "编号", "领域", "任务", "牵头单位", "汇总单位", "责任单位数", "季度", "状态", "预警",
    *PROGRESS_HEAD,
)  # fmt: skip
VERSION_HEAD = ("版本", "现行", "更正原因", "入库日期")
REPORT_HEAD = ("季度", "状态", *PROGRESS_HEAD, *VERSION_HEAD)
CONTRIBUTION_HEAD = ("季度", "单位", "配合情况", *VERSION_HEAD)
LEVELS = {Level.GREEN: "绿", Level.ORANGE: "橙", Level.RED: "红", Level.GREY: "灰"}
NOTHING = "本季度无配合事项"


def list_sheet(rows: Sequence[TaskRow], period: Period) -> Sheet:
    """The list as it stands on the page, with what was reported."""
    return Sheet(
        name="任务",
        title=f"开福区碳达峰实施方案 任务（{period.label}）",
        head=HEAD,
        rows=[_list_row(row, period) for row in rows],
        is_demo=any(row.is_demo for row in rows),
    )


def detail_sheets(detail: TaskDetail) -> tuple[Sheet, Sheet]:
    """Every version of every report of one task, and of every contribution to it."""
    title = str(detail.task)
    reports = [
        (row.period.label, row.get_status_display(), *_progress(row), *_version(row))
        for row in detail.versions
    ]
    contributions = [
        (row.period.label, row.agency.name, _contribution(row), *_version(row))
        for row in detail.contributions
    ]
    return (
        Sheet("任务进展", title, REPORT_HEAD, reports, is_demo=detail.is_demo),
        Sheet("配合情况", title, CONTRIBUTION_HEAD, contributions, is_demo=detail.is_demo),
    )


def _list_row(row: TaskRow, period: Period) -> tuple[Cell, ...]:
    task = row.task
    return (
        task.code,
        task.category.name,
        task.title,
        task.lead.name if task.lead else "",
        task.convenor.name if task.convenor else "",
        row.responsible_count,
        period.label,
        row.light.word,
        LEVELS[row.light.level],
        *(_progress(row.progress) if row.progress else [None] * len(PROGRESS_HEAD)),
    )


def _progress(row: TaskProgress) -> tuple[Cell, ...]:
    return (
        row.narrative,
        row.quantity_name,
        row.quantity_value,
        row.quantity_unit,
        row.problems,
        row.coordination,
        row.next_steps,
        row.next_due,
    )


def _contribution(row: TaskContribution) -> str:
    return NOTHING if row.nothing else row.text


def _version(row: Recorded) -> tuple[Cell, ...]:
    return (
        row.version,
        row.standing or "是",
        row.reason,
        timezone.localdate(row.recorded_at),
    )
