"""One field of a form for its page."""

from dataclasses import dataclass

from common.quantities import UnreadableError
from reporting.answers.rules import readers
from reporting.answers.rules.facts import Finding
from reporting.answers.rules.wording import characters
from reporting.filling.selectors.obligation_details import ReviewComment
from reporting.rules.fields import CHOICE, LONG, MONTH, NUMBER, TICK, TICKED, Field


@dataclass(frozen=True)
class ContestedField:
    """A field that somebody else changed while the reader was typing in it."""

    mine: str
    theirs: str
    by: str
    at: str
    version: int


@dataclass(frozen=True)
class FieldOption:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class FieldDoubt:
    """A doubt under its field, with its reason."""

    finding: Finding
    reason: str
    version: int
    least: int
    contest: ContestedField | None = None

    @property
    def code(self) -> str:
        return self.finding.code

    @property
    def name(self) -> str:
        return self.finding.reason_field

    @property
    def lacks(self) -> bool:
        """Whether its reason is still missing or too short."""
        return characters(self.reason) < self.least


@dataclass(frozen=True)
class FormField:
    """One field for the page. `is_given`: the text is a proposal and not stored yet."""

    field: Field
    text: str = ""
    version: int = 0
    unit: str = ""
    hint: str = ""
    echo: str = ""
    options: tuple[FieldOption, ...] = ()
    is_given: bool = False
    errors: tuple[str, ...] = ()
    refused: tuple[Finding, ...] = ()
    doubts: tuple[FieldDoubt, ...] = ()
    comments: tuple[ReviewComment, ...] = ()
    contest: ContestedField | None = None

    @property
    def name(self) -> str:
        return self.field.name

    @property
    def label(self) -> str:
        return self.field.label

    @property
    def is_group(self) -> bool:
        """Whether its control is a group of choices, which a label cannot refer to."""
        return self.field.type == CHOICE

    @property
    def is_tick(self) -> bool:
        return self.field.type == TICK

    @property
    def is_long(self) -> bool:
        return self.field.type == LONG

    @property
    def lacks_choice(self) -> bool:
        """Whether no choice is selected, not even an empty one."""
        return not self.text and not any(option.is_chosen for option in self.options)

    @property
    def is_ticked(self) -> bool:
        return self.text == TICKED

    @property
    def anchor(self) -> str:
        """The id of its first control."""
        return f"id_{self.name}_0" if self.is_group else f"id_{self.name}"

    @property
    def notes(self) -> str:
        """Ids of the texts that describe the control (aria-describedby)."""
        return f"hint_{self.name} said_{self.name}"

    @property
    def shown(self) -> str:
        """The text as shown where nothing can be entered."""
        chosen = [option.label for option in self.options if option.is_chosen]
        if chosen:
            return chosen[0]
        if self.field.type == TICK:
            return "是" if self.is_ticked else ""
        return _read_month(self.text) if self.is_month else self.text

    @property
    def count_words(self) -> str:
        """已写126字, for long texts."""
        return f"已写{characters(self.text)}字" if self.field.type == LONG else ""

    @property
    def is_month(self) -> bool:
        return self.field.type == MONTH

    @property
    def is_number(self) -> bool:
        return self.field.type == NUMBER

    @property
    def is_short(self) -> bool:
        """Whether its control is short, so that there is room next to it."""
        return self.is_number or self.is_month


def _read_month(text: str) -> str:
    """2026年12月; the text as typed where it is no month."""
    try:
        found = readers.month(text) if text.strip() else None
    except UnreadableError:
        return text
    return readers.month_words(found) if found else text
