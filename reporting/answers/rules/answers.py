"""Turns texts of a form into typed answers; unreadable texts are collected, not raised. Pure."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import ClassVar, Self

from common.formats import number
from common.quantities import UnreadableError, plain
from common.quarters import Period
from reporting.answers.rules import readers
from reporting.answers.rules.readers import TypedNumber
from reporting.rules.enumerations import Availability, Kind
from reporting.rules.fields import CHOICE, FORMS, MONTH, NUMBER, PERIOD, TICK, Field

MONEY = frozenset({"invested_quarter_wan", "invested_wan"})
_PLANNED = frozenset({"next_due", "expected_on"})
"""Months that lie ahead; the others have passed."""
_NAMES = frozenset({"basis", "source"})
"""Fields in which 无 and — are kept as text: a basis called 无 would leave all comparisons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The answers of one form: text and choices "" if empty; numbers, months and periods None.

    A month is text: 2026-12.
    """

    texts: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Field name → text as typed, stripped; answers to doubts included."""
    unreadable: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Field name → what to type instead."""
    typed: Mapping[str, TypedNumber] = field(default_factory=dict, hash=False)
    """How each number was typed: with which unit, with 下降, with a minus sign."""

    kind: ClassVar[str] = ""

    @property
    def echoes(self) -> dict[str, str]:
        """Field name → 按 7,200 万元 填入, where the value read differs from the text typed."""
        numbers = {
            name: f"按 {number(found.value)} {'万元 ' if name in MONEY else ''}填入"
            for name, found in self.typed.items()
            if found.is_converted
        }
        return numbers | {
            item.name: f"按 {readers.month_words(found)} 填入"
            for item in FORMS[self.kind]
            if item.type == MONTH
            and (found := getattr(self, item.name))
            and found[:4] not in plain(self.texts[item.name])
        }

    def without(self, names: Collection[str]) -> Self:
        """The same answers where these fields were left blank; choices and ticks stay."""
        gone = {
            item.name: None if item.type in {NUMBER, MONTH, PERIOD} else ""
            for item in FORMS[self.kind]
            if item.name in names and item.type not in {CHOICE, TICK}
        }
        if not gone:
            return self
        typed = {name: found for name, found in self.typed.items() if name not in gone}
        return replace(self, typed=typed, **gone)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetAnswers(Answers):
    kind: ClassVar[str] = Kind.TARGET

    availability: str = ""
    attainment: str = ""
    value: Decimal | None = None
    annual_rate: Decimal | None = None
    value_period: Period | None = None
    grade: str = ""
    basis: str = ""
    source: str = ""
    corrects_earlier: bool = False
    note: str = ""

    @property
    def reported(self) -> Decimal | None:
        """The value; None where the form states that there is no new one."""
        return self.value if self.availability in {"", Availability.NEW} else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAnswers(Answers):
    kind: ClassVar[str] = Kind.TASK

    status: str = ""
    narrative: str = ""
    problems: str = ""
    coordination: str = ""
    next_steps: str = ""
    next_due: str | None = None
    quantity_name: str = ""
    quantity_value: Decimal | None = None
    quantity_unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionAnswers(Answers):
    kind: ClassVar[str] = Kind.CONTRIBUTION

    nothing: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectAnswers(Answers):
    """Money in 万元."""

    kind: ClassVar[str] = Kind.PROJECT

    no_change: bool = False
    status: str = ""
    invested_quarter_wan: Decimal | None = None
    invested_wan: Decimal | None = None
    corrects_earlier: bool = False
    works_percent: Decimal | None = None
    works_note: str = ""
    started_on: str | None = None
    completed_on: str | None = None
    expected_on: str | None = None
    problems: str = ""


_CLASSES: Mapping[str, type[Answers]] = {
    item.kind: item for item in (TargetAnswers, TaskAnswers, ContributionAnswers, ProjectAnswers)
}


def read(kind: str, texts: Mapping[str, str], now: Period) -> Answers:
    """Read the texts of a form into the class of its kind.

    `now` is the reporting period that 本季度 and 三季度 refer to. Never raises for a text.
    """
    kept = {name: text.strip() for name, text in texts.items()}
    values: dict[str, object] = {}
    unreadable: dict[str, str] = {}
    typed: dict[str, TypedNumber] = {}
    for item in FORMS[kind]:
        text = kept.get(item.name, "")
        if not text:
            continue
        try:
            found = _reader(item, now)(text)
        except UnreadableError as error:
            unreadable[item.name] = str(error)
            continue
        if isinstance(found, TypedNumber):
            typed[item.name] = found
            found = found.value
        values[item.name] = found
    return _CLASSES[kind](texts=kept, unreadable=unreadable, typed=typed, **values)  # type: ignore[arg-type]


def _reader(item: Field, now: Period) -> Callable[[str], object]:
    if item.type == NUMBER:
        return readers.amount if item.name in MONEY else readers.figure
    if item.name in _NAMES:
        return readers.name
    if item.type == CHOICE:
        return partial(readers.choice, item.choices)
    if item.type == PERIOD:
        return partial(readers.period, now=now)
    if item.type == MONTH:
        return partial(readers.month, now=now, is_ahead=item.name in _PLANNED)
    return readers.tick if item.type == TICK else str
