"""Tasks as workbooks."""

from collections.abc import Sequence

from common.quarters import Period
from common.sheets import Sheet
from tasks.selectors import TaskRow

HEAD = (
    "编号", "领域", "任务", "牵头单位", "汇总单位", "责任单位数", "季度", "状态", "预警",
)  # fmt: skip
LEVELS = {"green": "绿", "orange": "橙", "red": "红", "grey": "灰"}


def list_sheet(rows: Sequence[TaskRow], period: Period) -> Sheet:
    """The list as it stands on the page."""
    return Sheet(
        name="任务",
        title=f"开福区碳达峰实施方案 任务（{period.label}）",
        head=HEAD,
        rows=[
            (
                row.task.code,
                row.task.category.name,
                row.task.title,
                row.task.lead.name if row.task.lead else "",
                row.task.convenor.name if row.task.convenor else "",
                row.responsible_count,
                period.label,
                row.light.word,
                LEVELS[row.light.level],
            )
            for row in rows
        ],
        is_demo=any(row.is_demo for row in rows),
    )
