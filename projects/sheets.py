"""Projects as workbooks."""

from collections.abc import Sequence
from decimal import Decimal

from common.workbooks.writing import Cell, Sheet
from projects.selectors import ProjectDetail, ProjectRow

LIST_HEAD = (
    "编号", "类别", "项目名称", "项目单位（原文）", "填报责任单位", "计划开工年", "计划竣工年",
    "总投资（万元）", "填报季度", "项目状态", "自开工累计投资（万元）", "投资完成率（%）",
    "形象进度（%）", "实际开工", "实际竣工", "预计竣工", "超期（月）", "预警", "原因", "来源",
)  # fmt: skip
_ONE_PLACE = Decimal("0.1")
REPORT_HEAD = (
    "季度", "项目状态", "自开工累计投资（万元）", "形象进度（%）", "形象进度说明", "实际开工",
    "实际竣工", "预计竣工", "问题和需协调事项", "版本", "现行", "更正原因", "入库日期",
)  # fmt: skip


def list_sheet(rows: Sequence[ProjectRow]) -> Sheet:
    """The list as it stands on the page, numbers as numbers."""
    return Sheet(
        name="项目",
        title="开福区碳达峰实施方案 项目",
        head=LIST_HEAD,
        rows=[_list_row(row) for row in rows],
        is_demo=any(row.latest and row.latest.is_demo for row in rows),
    )


def report_sheet(detail: ProjectDetail) -> Sheet:
    """Every version of every report of one project."""
    return Sheet(
        name=detail.project.code,
        title=f"{detail.project.code} {detail.project.name}",
        head=REPORT_HEAD,
        rows=[
            (
                row.period.label,
                row.get_status_display(),
                row.invested_wan,
                row.works_percent,
                row.works_note,
                row.started_on,
                row.completed_on,
                row.expected_on,
                row.problems,
                row.version,
                row.standing or "是",
                row.reason,
                row.recorded_at.date(),
            )
            for row in detail.versions
        ],
        is_demo=detail.has_demo,
    )


def _list_row(row: ProjectRow) -> tuple[Cell, ...]:
    project, latest = row.project, row.latest
    return (
        project.code,
        project.category.name,
        project.name,
        project.owner_text,
        project.reporting_agency.name if project.reporting_agency else "",
        project.start_year,
        project.end_year,
        project.total_investment_wan,
        latest.period.label if latest else "",
        row.status_word,
        latest.invested_wan if latest else None,
        None if row.completion is None else row.completion.quantize(_ONE_PLACE),
        latest.works_percent if latest else None,
        latest.started_on if latest else "",
        latest.completed_on if latest else "",
        latest.expected_on if latest else "",
        row.overdue or None,
        row.light.word,
        "；".join(filter(None, (row.light.reason, row.past_expected))),
        project.get_origin_display(),
    )
