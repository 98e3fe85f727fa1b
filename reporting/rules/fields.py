"""The fields of the four forms: names, labels and how each text is read. Pure.

Typed text is stored even where it cannot be read; it is refused at submission.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from reporting.rules.enumerations import Kind

SHORT, LONG, NUMBER, CHOICE, MONTH, PERIOD, TICK = (
    "short", "long", "number", "choice", "month", "period", "tick",
)  # fmt: skip
TICKED = "1"
BASIS = "basis"
"""The field whose choices are the register of accounting bases."""

VALUE_PERIOD = "value_period"
"""The year or quarter of a value. The obligation of an annual value has it fixed."""


@dataclass(frozen=True)
class Field:
    """One field. `most` is the longest text in characters; a choice names its class of choices."""

    name: str
    label: str
    type: str = SHORT
    most: int = 200
    choices: str = ""


TARGET = (
    Field("availability", "有无新数据", CHOICE, choices="Availability"),
    Field("attainment", "实现程度", CHOICE, choices="Attainment"),
    Field("value", "数值", NUMBER, 60),
    Field("annual_rate", "当年降低率", NUMBER, 60),
    Field(VALUE_PERIOD, "数据属于", PERIOD, 10),
    Field("grade", "数据状态", CHOICE, choices="DataGrade"),
    Field(BASIS, "口径", SHORT, 120),
    Field("source", "数据来源", SHORT, 160),
    Field("corrects_earlier", "更正以前数据", TICK, 1),
    Field("note", "备注", LONG, 1000),
)
TASK = (
    Field("status", "本季度状态", CHOICE, choices="TaskStatus"),
    Field("narrative", "本季度进展", LONG, 800),
    Field("problems", "存在问题", LONG, 800),
    Field("coordination", "需要协调的单位", SHORT, 200),
    Field("next_steps", "下一步措施", LONG, 800),
    Field("next_due", "完成时限", MONTH, 20),
    Field("quantity_name", "量化进展", SHORT, 60),
    Field("quantity_value", "量化数值", NUMBER, 60),
    Field("quantity_unit", "量化单位", SHORT, 20),
)
CONTRIBUTION = (
    Field("nothing", "本季度无配合事项", TICK, 1),
    Field("text", "本单位配合情况", LONG, 300),
)
PROJECT = (
    Field("no_change", "本季度无变化", TICK, 1),
    Field("status", "项目状态", CHOICE, choices="ProjectStatus"),
    Field("invested_quarter_wan", "本季度完成投资", NUMBER, 60),
    Field("invested_wan", "自开工累计完成投资", NUMBER, 60),
    Field("corrects_earlier", "更正以前数据", TICK, 1),
    Field("works_percent", "形象进度", NUMBER, 60),
    Field("works_note", "形象进度说明", SHORT, 200),
    Field("started_on", "实际开工", MONTH, 20),
    Field("completed_on", "实际竣工", MONTH, 20),
    Field("expected_on", "预计竣工", MONTH, 20),
    Field("problems", "问题和需协调事项", LONG, 800),
)
FORMS: Mapping[str, tuple[Field, ...]] = {
    Kind.TARGET: TARGET,
    Kind.TASK: TASK,
    Kind.CONTRIBUTION: CONTRIBUTION,
    Kind.PROJECT: PROJECT,
}

EVIDENCE = "evidence"
"""The name by which findings and comments refer to the files of an obligation; not a typed field.
"""

REASON = "why_"
"""Prefix of the answer to a doubt: why_W1 is a field that is saved, merged and sent like others."""

REASON_MOST = 500

REPLY = "reply_"
"""Prefix of the answer to a reviewer's comment, with its key: saved and merged like any field."""

REPLY_MOST = 500


def field(kind: str, name: str) -> Field | None:
    """The field of a form, the answer to a doubt or to a comment; None for an unknown one."""
    if name.startswith(REASON):
        return Field(name, f"{name.removeprefix(REASON)}的说明", LONG, REASON_MOST)
    if name.startswith(REPLY):
        return Field(name, "对审核意见的答复", LONG, REPLY_MOST)
    return next((item for item in FORMS[kind] if item.name == name), None)
