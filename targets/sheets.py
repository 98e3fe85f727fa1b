"""Targets as workbooks."""

from collections.abc import Sequence

from django.utils import timezone

from common.workbooks.writing import Cell, Sheet
from targets import rules
from targets.selectors import Judged, TargetDetail, years_among

LIST_HEAD = (
    "编号", "指标", "领域", "约束性", "单位", "牵头单位", "基期", "基期值",
    "{settled}年目标", "{settled}年实际", "数据状态", "{settled}年判定", "差距",
    "最新时期", "最新值", "最新值数据状态", "预警等级", "原因", "{ahead}年目标",
)  # fmt: skip
VALUE_HEAD = (
    "时期", "实际值", "单位", "进度要求", "差距", "数据状态", "口径", "数据来源",
    "版本", "现行", "更正原因", "备注", "入库日期",
)  # fmt: skip


def list_sheet(rows: Sequence[Judged]) -> Sheet:
    """The list as it stands on the page, numbers as numbers."""
    years = years_among(rows, timezone.localdate())
    heads = LIST_HEAD if years.looks_ahead else LIST_HEAD[:-1]
    return Sheet(
        name="指标",
        title="开福区碳达峰实施方案 指标",
        head=tuple(h.format(settled=years.settled, ahead=years.ahead) for h in heads),
        rows=[_list_row(row) for row in rows],
        is_demo=any(row.has_demo for row in rows),
    )


def value_sheet(detail: TargetDetail) -> Sheet:
    """Every version of every value of one target."""
    return Sheet(
        name=detail.target.code,
        title=f"{detail.target.code} {detail.target.name}",
        head=VALUE_HEAD,
        rows=[
            (
                row.observation.period.label,
                row.observation.value,
                detail.target.unit,
                row.need,
                row.gap,
                row.observation.get_grade_display(),
                row.observation.basis_name,
                row.observation.source,
                row.observation.version,
                row.observation.standing or "是",
                row.reason,
                row.observation.note,
                timezone.localdate(row.observation.recorded_at),
            )
            for row in detail.values
        ],
        is_demo=detail.has_demo,
    )


def _list_row(row: Judged) -> tuple[Cell, ...]:
    target, judged = row.target, row.settled
    return (
        target.code,
        target.name,
        target.category.name if target.category else "总体目标",
        target.get_commitment_display(),
        target.unit,
        target.lead.name if target.lead else "",
        target.baseline_year,
        row.terms.baseline_value,
        row.settled_goal,
        _settled_value(row),
        rules.grade(judged.actual) if judged.actual else "",
        judged.label,
        row.settled_gap,
        *newest_cells(row),
        row.light_words,
        "：".join(filter(None, (row.way_goal, row.light.reason))),
        *((row.ahead_goal,) if row.years.looks_ahead else ()),
    )


def _settled_value(row: Judged) -> Cell:
    """As printed, so that the gap beside it is the difference from the goal."""
    actual = row.settled.actual
    if actual is None or actual.value is None:
        return None
    return rules.shown_actual(row.terms, actual, row.settled.goal)


def newest_cells(row: Judged) -> tuple[Cell, Cell, Cell]:
    """Period, number and 数据状态 of the newest value in force; empty without one."""
    newest = row.newest
    if newest is None or newest.actual.value is None:
        return "", None, ""
    return newest.when, rules.shown_actual(row.terms, newest.actual), newest.grade
