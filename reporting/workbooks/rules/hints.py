"""What the column 提示 says: a formula for the office program, and what it yields now. Pure.

Hints only: what blocks and what is odd is decided by the rules of the form once the file is back.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from common.quantities import UnreadableError
from projects.rules import Status as ProjectStatus
from reporting.answers.rules import readers
from reporting.workbooks.rules.book import Row
from reporting.workbooks.rules.layout import (
    CONTRIBUTION,
    PROJECT,
    QUALITATIVE,
    TARGET,
    TASK,
    Sheet,
)
from tasks.rules.progress import SLOW

NOT_FILLED = "还没有填"
CONTRIBUTION_MOST = 300
Cells = Mapping[str, str]


@dataclass(frozen=True)
class Hint:
    """`formula` has the fields in braces, and is true where `applies` is."""

    words: str
    formula: str
    applies: Callable[[Cells], bool]


def hint_formula(sheet: Sheet, row: Row, place: Mapping[str, str], lengths: tuple[int, int]) -> str:
    """The formula of a row; `place` is column → address of its cell."""
    where = _by_field(sheet, row, place)
    text = '""'
    for hint in reversed(list(_hints(row, lengths))):
        text = f'IF({hint.formula.format_map(where)},"{hint.words}",{text})'
    return f"={text}"


def hint_words(sheet: Sheet, row: Row, lengths: tuple[int, int]) -> str:
    """What the formula yields for the answers that the row has now."""
    cells = _by_field(sheet, row, row.cells)
    return next((hint.words for hint in _hints(row, lengths) if hint.applies(cells)), "")


def number_of(text: str) -> Decimal | None:
    """The number that a cell holds as a number; None where it holds a text."""
    try:
        found = readers.figure(text) if text.strip() else None
    except UnreadableError:
        return None
    is_plain = found is not None and not found.unit and not found.turn
    value = found.value if found and is_plain else None
    # An office program keeps fifteen digits.
    return value if value is not None and len(value.normalize().as_tuple().digits) <= 15 else None


def _by_field(sheet: Sheet, row: Row, of: Mapping[str, str]) -> dict[str, str]:
    """Field → its address or its answer."""
    columns = ((one.fields.get(row.form), one.name) for one in sheet.columns)
    return {name: of.get(column, "") for name, column in columns if name}


def _hints(row: Row, lengths: tuple[int, int]) -> Iterator[Hint]:
    if row.form == TARGET:
        yield from _target(row)
    elif row.form == TASK:
        yield from _task(*lengths)
    else:
        yield from _SIMPLE[row.form]
    if row.form == PROJECT and not row.was_completed:
        yield _COMPLETED


def _target(row: Row) -> Iterator[Hint]:
    yield _blank("value")
    yield Hint(
        "在说明里写为什么",
        'AND({value}="尚未取得",{note}="")',
        lambda cells: cells["value"] == "尚未取得" and not cells["note"],
    )
    if row.shortfall:
        yield _shortfall(*row.shortfall)
    yield Hint(
        "还缺数据状态或来源",
        'AND(ISNUMBER({value}),OR({grade}="",{source}=""))',
        lambda cells: (
            number_of(cells["value"]) is not None and not (cells["grade"] and cells["source"])
        ),
    )


def _shortfall(sign: str, required: Decimal) -> Hint:
    words = "低于要求，要写说明" if sign.startswith("<") else "高于要求，要写说明"

    def applies(cells: Cells) -> bool:
        value = number_of(cells["value"])
        return value is not None and not cells["note"] and _COMPARED[sign](value, required)

    formula = f'AND(ISNUMBER({{value}}),{{value}}{sign}{required:f},{{note}}="")'
    return Hint(words, formula, applies)


_COMPARED: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "<": lambda value, required: value < required,
    ">": lambda value, required: value > required,
    ">=": lambda value, required: value >= required,
}


def _task(least: int, most: int) -> Iterator[Hint]:
    yield Hint(
        NOT_FILLED,
        'AND({status}="",{narrative}="")',
        lambda cells: not cells["status"] and not cells["narrative"],
    )
    yield Hint("还没有选状态", '{status}=""', lambda cells: not cells["status"])
    yield Hint("还没有写进展", "LEN({narrative})=0", lambda cells: not cells["narrative"])
    yield Hint(
        f"进展不到{least}字", f"LEN({{narrative}})<{least}",
        lambda cells: len(cells["narrative"]) < least,
    )  # fmt: skip
    yield Hint(
        f"进展超过{most}字", f"LEN({{narrative}})>{most}",
        lambda cells: len(cells["narrative"]) > most,
    )  # fmt: skip
    yield Hint(
        "滞后要写问题和措施",
        f'AND(OR({_IS_SLOW}),OR({{problems}}="",{{next_steps}}=""))',
        lambda cells: cells["status"] in _SLOW and not (cells["problems"] and cells["next_steps"]),
    )


_SLOW = sorted(status.label for status in SLOW)
_IS_SLOW = ",".join(f'{{status}}="{word}"' for word in _SLOW)


def _blank(name: str) -> Hint:
    return Hint(NOT_FILLED, f'{{{name}}}=""', lambda cells: not cells[name])


_DONE, _BEGUN = ProjectStatus.COMPLETED.label, ProjectStatus.UNDER_WAY.label
_COMPLETED = Hint(
    "还缺实际竣工",
    f'AND({{status}}="{_DONE}",{{completed_on}}="")',
    lambda cells: cells["status"] == _DONE and not cells["completed_on"],
)
_SIMPLE: Mapping[str, tuple[Hint, ...]] = {
    QUALITATIVE: (_blank("attainment"),),
    CONTRIBUTION: (
        _blank("text"),
        Hint(
            f"超过{CONTRIBUTION_MOST}字", f"LEN({{text}})>{CONTRIBUTION_MOST}",
            lambda cells: len(cells["text"]) > CONTRIBUTION_MOST,
        ),
    ),
    PROJECT: (
        _blank("status"),
        Hint(
            "还缺形象进度", f'AND({{status}}="{_BEGUN}",{{works_percent}}="")',
            lambda cells: cells["status"] == _BEGUN and not cells["works_percent"],
        ),
    ),
}  # fmt: skip
