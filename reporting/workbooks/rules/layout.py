"""The sheets of the quarter as a workbook: columns, keys of rows, what a cell means. Pure.

Written and read by this one table. A reader finds a sheet by its headings, a column by its heading
and a row by its key, since office programs and people move all of them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from common.quantities import UnreadableError
from common.quarters import Period
from reporting.answers.rules import readers
from reporting.answers.rules.options import label
from reporting.rules.enumerations import Availability, Kind
from reporting.rules.fields import CHOICE, FORMS, MONTH, TICKED, Field
from reporting.rules.fields import field as field_of

TARGET, TASK, CONTRIBUTION, PROJECT = (
    Kind.TARGET.value, Kind.TASK.value, Kind.CONTRIBUTION.value, Kind.PROJECT.value,
)  # fmt: skip
QUALITATIVE = "qualitative"
"""The form of a target without a number; the other forms are called as their kinds."""

GUIDE, TARGETS, TASKS, CONTRIBUTIONS, PROJECTS, BACKFILL, STAMP = (
    "说明", "指标", "任务", "配合", "项目", "补录", "报送件",
)  # fmt: skip
BACKFILL_DUE = "补录，不计逾期"
KEY, CODE, NAME, HINT = "key", "code", "name", "hint"
KEY_HEADING = "_key"
SAME = "与上季度相同"
"""Stands for last quarter's value; the reader looks it up."""


@dataclass(frozen=True)
class Column:
    """One column. `fields`: form → the field that its cells hold; a reference column has none."""

    name: str
    heading: str
    width: int
    fields: Mapping[str, str] = field(default_factory=dict)

    def field(self, form: str) -> Field | None:
        """The field of its cell in a row of the form; None where the cell is never written."""
        known = self.fields.get(form)
        return field_of(kind_of(form), known) if known else None


@dataclass(frozen=True)
class Sheet:
    """One sheet of rows. The last column holds the keys and is hidden."""

    name: str
    title: str
    columns: tuple[Column, ...]
    forms: tuple[str, ...]

    def column(self, name: str) -> Column:
        return next(one for one in self.columns if one.name == name)

    def place(self, name: str) -> int:
        """The number of a column, from 0."""
        return next(n for n, one in enumerate(self.columns) if one.name == name)


def _row(*columns: Column, hint: int) -> tuple[Column, ...]:
    return (*columns, Column(HINT, "提示", hint), Column(KEY, KEY_HEADING, 0))


def _ref(name: str, heading: str, width: int) -> Column:
    return Column(name, heading, width)


_CODE = _ref(CODE, "编号", 6)

SHEETS: Mapping[str, Sheet] = {
    one.name: one
    for one in (
        Sheet(TARGETS, "指标", _row(
            _CODE,
            _ref(NAME, "指标", 28),
            _ref("unit", "单位", 6),
            _ref("goal", "目标", 13),
            _ref("last", "上季度值", 10),
            _ref("required", "本季度要求", 11),
            Column("value", "本季度值", 13, {TARGET: "value", QUALITATIVE: "attainment"}),
            Column("grade", "数据状态", 11, {TARGET: "grade"}),
            _ref("period", "数据属于", 13),
            Column("source", "数据来源", 21, {TARGET: "source", QUALITATIVE: "source"}),
            Column("note", "说明", 27, {TARGET: "note", QUALITATIVE: "note"}),
            hint=18,
        ), (TARGET, QUALITATIVE)),
        Sheet(TASKS, "牵头任务", _row(
            _CODE,
            _ref(NAME, "任务", 21),
            _ref("last_status", "上季度状态", 11),
            _ref("last", "上季度进展", 25),
            Column("status", "本季度状态", 13, {TASK: "status"}),
            Column("narrative", "本季度进展", 39, {TASK: "narrative"}),
            Column("problems", "存在问题", 19, {TASK: "problems"}),
            Column("next_steps", "下一步措施", 20, {TASK: "next_steps"}),
            Column("next_due", "完成时限", 12, {TASK: "next_due"}),
            hint=15,
        ), (TASK,)),
        Sheet(CONTRIBUTIONS, "配合事项", _row(
            _CODE,
            _ref(NAME, "任务", 28),
            _ref("lead", "牵头单位", 18),
            _ref("last", "上季度", 46),
            Column("text", "本季度配合情况", 60, {CONTRIBUTION: "text"}),
            hint=16,
        ), (CONTRIBUTION,)),
        Sheet(PROJECTS, "项目", _row(
            _CODE,
            _ref(NAME, "项目", 22),
            _ref("total", "总投资", 9),
            _ref("last_status", "上季度状态", 11),
            _ref("last", "上季度累计", 10),
            Column("status", "本季度状态", 13, {PROJECT: "status"}),
            Column("invested_quarter_wan", "本季度完成投资", 10,
                   {PROJECT: "invested_quarter_wan"}),
            Column("invested_wan", "累计完成投资", 10, {PROJECT: "invested_wan"}),
            Column("works_percent", "形象进度", 8, {PROJECT: "works_percent"}),
            Column("works_note", "形象进度说明", 16, {PROJECT: "works_note"}),
            Column("started_on", "实际开工", 10, {PROJECT: "started_on"}),
            Column("completed_on", "实际竣工", 10, {PROJECT: "completed_on"}),
            Column("expected_on", "预计竣工", 10, {PROJECT: "expected_on"}),
            Column("problems", "问题和需协调事项", 18, {PROJECT: "problems"}),
            hint=14,
        ), (PROJECT,)),
        Sheet(BACKFILL, "补录以前的季度", _row(
            _CODE,
            _ref(NAME, "事项", 19),
            _ref("quarter", "填报期", 13),
            _ref("unit", "单位", 6),
            Column("value", "数值或状态", 13, {
                TARGET: "value", QUALITATIVE: "attainment", TASK: "status", PROJECT: "status",
            }),
            Column("grade", "数据状态", 11, {TARGET: "grade"}),
            Column("source", "数据来源", 14, {TARGET: "source", QUALITATIVE: "source"}),
            Column("invested_wan", "累计完成投资", 10, {PROJECT: "invested_wan"}),
            Column("works_percent", "形象进度", 8, {PROJECT: "works_percent"}),
            Column("text", "进展、配合情况或说明", 28, {
                TARGET: "note", QUALITATIVE: "note", TASK: "narrative", CONTRIBUTION: "text",
                PROJECT: "works_note",
            }),
            Column("problems", "问题", 14, {TASK: "problems", PROJECT: "problems"}),
            Column("next_steps", "下一步措施", 13, {TASK: "next_steps"}),
            Column("month", "完成时限或竣工时间", 11, {TASK: "next_due", PROJECT: "completed_on"}),
            hint=12,
        ), (TARGET, QUALITATIVE, TASK, CONTRIBUTION, PROJECT)),
    )
}  # fmt: skip
SHEET_OF: Mapping[str, str] = {
    form: one.name for one in SHEETS.values() if one.name != BACKFILL for form in one.forms
}
"""Form → the sheet of its rows, for rows of the workbook's own period."""


def kind_of(form: str) -> str:
    """The kind of the obligations that have the form."""
    return TARGET if form == QUALITATIVE else form


def heading_words(text: str) -> str:
    """A heading without blanks and without the note in brackets that follows it."""
    return "".join(text.split()).partition("（")[0].partition("(")[0]


@dataclass(frozen=True)
class RowKey:
    """What a row reports on: 2026Q3:target:T15, 2027Q2:target:T01@2026. Its agency is the token's.

    It holds codes of the plan only, which mean the same in every installation.
    """

    period: str
    kind: str
    code: str

    def __str__(self) -> str:
        return f"{self.period}:{self.kind}:{self.code}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The key in a cell; None for any other text."""
        period, _, rest = text.strip().partition(":")
        kind, _, code = rest.partition(":")
        try:
            when = Period.parse(period)
        except ValueError:
            return None
        return cls(when.code, kind, code) if when.quarter and kind in FORMS and code else None


META_SHEET, LISTS_SHEET = "_meta", "_lists"
TOKEN_NAME, TOKEN_PROPERTY = "_kf_token", "kf_token"
FORMAT = "kf1"
_TOKEN = re.compile(
    rf"{FORMAT}:(?P<agency>[-\w]+):(?P<period>\d{{4}}Q[1-4]):(?P<snapshot>[0-9a-f]{{32}})"
)


@dataclass(frozen=True)
class Token:
    """Whose workbook it is, of which period, made at which download. Signed where it travels.

    It stands in a very hidden sheet, in a defined name and in a property of the document, since
    office programs drop one or the other.
    """

    agency: str
    period: str
    snapshot: str

    def __str__(self) -> str:
        return f"{FORMAT}:{self.agency}:{self.period}:{self.snapshot}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The token of a text without its signature; None for any other text."""
        found = _TOKEN.fullmatch(text)
        return cls(found["agency"], found["period"], found["snapshot"]) if found else None


Texts = Mapping[str, str]


@dataclass(frozen=True)
class _Meaning:
    """`words`: what stands in the cell → the texts that it means. `beside`: the texts that any
    other content has beside its own field.
    """

    words: Mapping[str, Texts]
    beside: Texts


_MEANINGS: Mapping[tuple[str, str], _Meaning] = {
    (TARGET, "value"): _Meaning(
        {
            "尚未取得": {"availability": Availability.AWAITED.value, "value": ""},
            "不适用": {"availability": Availability.NOT_APPLICABLE.value, "value": ""},
            "本季度没有": {"availability": Availability.ANNUAL.value, "value": ""},
        },
        {"availability": Availability.NEW.value},
    ),
    (CONTRIBUTION, "text"): _Meaning(
        {"无配合事项": {"nothing": TICKED, "text": ""}}, {"nothing": ""}
    ),
    (PROJECT, "status"): _Meaning(
        {"本季度无变化": {"no_change": TICKED, "status": ""}}, {"no_change": ""}
    ),
}


def words_of(kind: str, name: str) -> tuple[str, ...]:
    """The words with which a cell of the field may answer instead of a value."""
    known = _MEANINGS.get((kind, name))
    return tuple(known.words) if known else ()


def meaning(kind: str, name: str, text: str) -> dict[str, str]:
    """The fields, with their texts, that a cell of the field stands for; blank empties them."""
    known = _MEANINGS.get((kind, name))
    content = text.strip()
    if known is None:
        return {name: content}
    for word, texts in known.words.items():
        if content == word:
            return dict(texts)
    if not content:
        return {name: "", **dict.fromkeys(known.beside, "")}
    return {name: content, **known.beside}


def shown(kind: str, name: str, texts: Texts) -> str:
    """What a cell of the field shows of an obligation's texts: the reverse of `meaning`.

    Choices show their label, months 2026年12月; what is neither stays as typed.
    """
    known = _MEANINGS.get((kind, name))
    for word, meant in known.words.items() if known else ():
        if all(texts.get(one, "") == text for one, text in meant.items() if text):
            return word
    text, item = texts.get(name, ""), field_of(kind, name)
    if item and item.type == CHOICE:
        return label(item.choices, text)
    return _month(text) if item and item.type == MONTH else text


def _month(text: str) -> str:
    try:
        found = readers.month(text)
    except UnreadableError:
        return text
    return f"{found[:4]}年{int(found[5:])}月" if found else text
