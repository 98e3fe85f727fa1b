"""The columns of the table for each kind, and the words by which other tables head them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from common.name_matching import name_key
from reporting.rules.enumerations import Kind
from reporting.rules.fields import FORMS

LAST, NONE = "last", "none"
"""Heads of columns that are not written: last quarter's value; code, name, unit and the like."""

NOTHING = "无配合事项"


@dataclass(frozen=True)
class Column:
    """A field as a column; `words` are heads under which it is known besides its label."""

    field: str
    words: tuple[str, ...] = ()


COLUMNS: Mapping[str, tuple[Column, ...]] = {
    Kind.TARGET: (
        Column("value", ("本季度", "本期", "实际值", "完成值", "本季度值", "指标值", "实现程度")),
        Column("grade", ("状态", "数据性质")),
        Column("source", ("来源",)),
        Column("note", ("说明", "原因", "说明(原因)", "说明(原因、措施)", "原因说明")),
    ),
    Kind.TASK: (
        Column("status", ("本季度", "本期", "状态", "进展状态", "推进情况")),
        Column("next_due", ("时限", "下一步完成时限", "办结时限")),
        Column("next_steps", ("下一步", "措施", "下一步工作", "下一步计划")),
        Column("problems", ("问题", "存在的问题", "困难问题")),
        Column("narrative", ("进展", "进展情况", "工作进展", "本季度进展(50—800字)")),
    ),
    Kind.CONTRIBUTION: (
        Column("text", ("本季度", "本期", "配合情况", "进展", "进展情况", "本季度进展")),
    ),
    Kind.PROJECT: (
        Column("no_change", ("无变化",)),
        Column("status", ("状态", "本季度状态", "进展状态")),
        Column("invested_quarter_wan", ("本季度投资", "本季度完成投资(万元)")),
        Column("invested_wan", ("本季度", "本期", "累计完成投资", "累计投资", "累计")),
        Column("works_percent", ("进度", "形象进度(%)")),
        Column("works_note", ("进度说明",)),
        Column("started_on", ("开工", "开工时间", "实际开工时间")),
        Column("completed_on", ("竣工", "竣工时间", "实际竣工时间")),
        Column("expected_on", ("预计竣工时间",)),
        Column("problems", ("问题", "存在问题", "存在的问题")),
    ),
}
_LAST = ("上季度", "上期", "上季度值", "上期值", "上年", "去年")
_NONE = (
    *("编号", "序号", "代码", "名称", "事项", "指标", "指标名称", "任务", "任务名称", "项目"),
    *("项目名称", "单位", "计量单位", "类型", "类别", "责任单位", "牵头单位", "目标值", "疑点"),
    *("指标编号", "任务编号", "项目编号", "备用"),
)


def _words(kind: str) -> dict[str, str]:
    labels = {one.name: one.label for one in FORMS[kind]}
    return {
        name_key(word): column.field
        for column in COLUMNS[kind]
        for word in (labels[column.field], *column.words)
    }


_WORDS = {kind: _words(kind) for kind in COLUMNS}
_OTHER = {name_key(word): LAST for word in _LAST} | {name_key(word): NONE for word in _NONE}
_BY_PLACE = (Kind.TARGET, Kind.TASK, Kind.CONTRIBUTION)
"""Kinds whose columns stand under each other: a head of one serves rows of another by its place."""


def is_heading_word(text: str) -> bool:
    """Whether tables head a column with this word."""
    key = name_key(text)
    return key in _OTHER or any(key in words for words in _WORDS.values())


def heading(row: tuple[str, ...]) -> tuple[str, ...]:
    """The heads of a row of headings as they are looked up."""
    return tuple(map(name_key, row))


def field_under(kind: str, head: str) -> str:
    """The field of a kind under a head; LAST or NONE for what is not written or unknown."""
    if found := _WORDS[kind].get(head) or _OTHER.get(head):
        return found
    if kind in _BY_PLACE:
        for other in _BY_PLACE:
            place = _place(other, _WORDS[other].get(head, ""))
            if place is not None:
                return field_at(kind, place)
    return NONE


def field_at(kind: str, place: int) -> str:
    """The field of a kind in a column of the table; NONE beyond the last."""
    return COLUMNS[kind][place].field if place < len(COLUMNS[kind]) else NONE


def is_column(kind: str, field: str) -> bool:
    """Whether a field of a kind has a column."""
    return _place(kind, field) is not None


def place_of(kind: str, field: str) -> int:
    """The column in which a field of a kind stands; the first for an unknown one."""
    return _place(kind, field) or 0


def _place(kind: str, field: str) -> int | None:
    return next((n for n, one in enumerate(COLUMNS[kind]) if one.field == field), None)
