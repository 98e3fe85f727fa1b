"""Pages of the dashboard as workbooks."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils import timezone

from common.formats import zh_date
from common.workbooks.writing import Cell, Sheet
from dashboard.selectors.changes.page import ChangesPage
from dashboard.selectors.years.outlook import AheadRow, Outlooks
from dashboard.selectors.years.progress import Progress, ProgressRow
from dashboard.selectors.years.settled import MilestoneRow, Milestones
from targets import rules
from targets.sheets import newest_cells

OUTLOOK_HEAD = (
    "编号", "指标", "类别", "单位", "最新时期", "最新值", "最新值数据状态", "{}年目标", "外推值",
    "80%区间下限", "80%区间上限", "完成程度（目标＝100）", "展望", "今后年均需", "近年年均",
    "历年最快", "原因", "结论",
)  # fmt: skip


def outlook_sheet(page: Outlooks) -> Sheet:
    """The outlook as it stands on the page, numbers as numbers."""
    said = f"{page.year}年展望（{page.method.rstrip('。')}）"
    return _sheet_of_year(page, "展望", said, OUTLOOK_HEAD, map(_outlook_row, page.rows))


def _sheet_of_year(
    page: Outlooks | Milestones | Progress,
    name: str,
    said: str,
    head: Iterable[str],
    rows: Iterable[tuple[Cell, ...]],
) -> Sheet:
    """The sheet of a page about one year, whose number stands in name and head."""
    return Sheet(
        name=f"{page.year}年{name}",
        title=f"开福区碳达峰实施方案 {said}",
        head=tuple(words.format(page.year) for words in head),
        rows=list(rows),
        is_demo=page.has_demo,
    )


def _outlook_row(row: AheadRow) -> tuple[Cell, ...]:
    at, target = row.outlook.projection, row.judged.target

    def value(number: Decimal | None) -> Decimal | None:
        return None if number is None else rules.shown(row.terms, number)

    return (
        target.code,
        target.name,
        row.group_label,
        target.unit,
        *newest_cells(row.judged),
        row.goal,
        value(at.expected if at else None),
        value(at.low if at else None),
        value(at.high if at else None),
        _completion(row.terms, row.outlook.index.expected) if row.outlook.index else None,
        row.word,
        row.needed,
        row.recent,
        row.best,
        row.reason,
        row.sentence,
    )


def _completion(terms: rules.Terms, index: Decimal | None, *, is_met: bool | None = None) -> Cell:
    """A number as a number; in words that a reduction was none, or that a limit was not kept."""
    words = rules.index_words(terms, index, is_met=is_met)
    if index is None or words == rules.NOT_QUITE:
        return words
    return rules.completion_shown(index)


SETTLED_HEAD = (
    "编号", "指标", "类别", "单位", "{}年实际", "{}年目标", "差距", "数据状态", "结论", "判定",
    "判定人", "判定日期", "依据", "完成程度（目标＝100）", "说明", "最新时期", "最新值",
    "最新值数据状态",
)  # fmt: skip


def settled_sheet(page: Milestones) -> Sheet:
    """The milestones of a year as they stand on the page, numbers as numbers."""
    rows = map(_settled_row, page.rows)
    return _sheet_of_year(page, "判定", page.finding, SETTLED_HEAD, rows)


def _settled_row(row: MilestoneRow) -> tuple[Cell, ...]:
    target, known, shown = row.row.judged.target, row.settlement, row.shown
    return (
        target.code,
        target.name,
        row.group.label,
        target.unit,
        row.value,
        row.goal,
        row.gap,
        row.grade,
        row.word,
        row.standing,
        row.settled_by,
        timezone.localdate(known.recorded_at) if known else None,
        row.grounds,
        None if shown.shortfall is None else _completion(row.terms, shown.index, is_met=shown.met),
        row.sentence,
        *newest_cells(row.row.judged),
    )


PROGRESS_HEAD = (
    "编号", "指标", "单位", "{}年进度要求", "{}年实际", "差距", "数据状态", "预警等级", "原因",
    "牵头单位", "说明",
)  # fmt: skip


def progress_sheet(page: Progress) -> Sheet:
    """A year between milestones as it stands on the page, numbers as numbers."""
    rows = map(_progress_row, page.rows)
    return _sheet_of_year(page, "进度", page.finding, PROGRESS_HEAD, rows)


def _progress_row(row: ProgressRow) -> tuple[Cell, ...]:
    target, lead = row.judged.target, row.judged.target.reporting_agency
    return (
        target.code,
        target.name,
        target.unit,
        row.required,
        row.number,
        row.gap,
        row.grade,
        row.level_words,
        row.light.reason,
        lead.name if lead else "",
        row.sentence,
    )


CHANGES_HEAD = (
    "方向", "类别", "对象类型", "编号", "名称", "原来", "现在", "差", "承办或牵头", "依据",
)  # fmt: skip


def changes_sheet(page: ChangesPage) -> Sheet:
    """The changes as they stand on the page, with what was not compared above them."""
    found = page.comparison
    span = f"{zh_date(found.first)}至{zh_date(found.last)}"
    notes = (found.unchanged, found.invested_words, found.not_compared)
    return Sheet(
        name="变化",
        title=f"开福区碳达峰实施方案 变化（{span}）",
        head=CHANGES_HEAD,
        rows=[
            (
                row.direction.label,
                row.kind.label,
                row.thing.room.label,
                row.thing.code,
                row.thing.name,
                row.before,
                row.after,
                row.difference,
                row.body,
                row.basis,
            )
            for row in page.rows
        ],
        lines=(found.head, *filter(None, notes)),
    )
