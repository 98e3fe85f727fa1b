"""表格模式: the figures of an agency in a period, one row for each obligation."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from agencies.choices import Role
from agencies.models import Agency, User
from common.formats import number
from reporting.answers.rules.answers import read
from reporting.answers.rules.options import OPTIONS, label
from reporting.answers.selectors.checking import CheckedObligation, checked_by_key
from reporting.answers.selectors.history import EarlierRecord
from reporting.choices import ObligationKind
from reporting.filling.selectors.form_hints import unit_of
from reporting.models import Obligation, ReportingPeriod
from reporting.periods.selectors.obligations import period_obligations, period_of
from reporting.policies import can_step, is_open
from reporting.rules.fields import CHOICE, Field
from reporting.rules.fields import field as field_of
from reporting.workflow import Step

MAIN = {
    ObligationKind.TARGET: "value",
    ObligationKind.TASK: "status",
    ObligationKind.PROJECT: "invested_wan",
}
"""Kind → the field in the column 本季度; a target without a number has 实现程度 there."""
_TAKES = {ObligationKind.PROJECT: "本季度栏填自开工累计完成投资"}

GRADE = "grade"


@dataclass(frozen=True)
class GridOption:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class GridCell:
    """One field of an obligation as a cell of the table."""

    field: Field
    pk: int
    text: str
    version: int

    @property
    def name(self) -> str:
        """The name of its control: value-12, field and key of the obligation."""
        return f"{self.field.name}-{self.pk}"

    @property
    def is_choice(self) -> bool:
        return self.field.type == CHOICE

    @property
    def options(self) -> list[GridOption]:
        known = OPTIONS[self.field.choices].items()
        return [GridOption(code, word, code == self.text) for code, word in known]

    @property
    def shown(self) -> str:
        """The text as a reader sees it."""
        return label(self.field.choices, self.text) if self.is_choice and self.text else self.text


@dataclass(frozen=True)
class GridNote:
    """A note on a row: a doubt without a reason, or what is unreadable or missing."""

    text: str
    is_doubt: bool


@dataclass(frozen=True)
class GridRow:
    """One obligation. `typed` holds texts of a refused POST, shown instead of stored ones."""

    checked: CheckedObligation
    reader: User
    typed: Mapping[str, str]
    here: str

    @property
    def obligation(self) -> Obligation:
        return self.checked.obligation

    @cached_property
    def takes_entries(self) -> bool:
        return can_step(step=Step.EDIT, obligation=self.obligation, by=self.reader)

    @property
    def main(self) -> GridCell:
        return self._cell(main_field(self.checked))

    @property
    def grade(self) -> GridCell | None:
        """The cell of the data grade, for a target with a number."""
        return self._cell(GRADE) if main_field(self.checked) == "value" else None

    @property
    def column(self) -> str:
        """The period of its figure, for screen readers."""
        return self.obligation.year_words or "本季度"

    @property
    def unit(self) -> str:
        return unit_of(self.checked, main_field(self.checked))

    @property
    def last(self) -> str:
        """The last answer, with its period unless that is the one just before."""
        found = self._last
        text = last_text(self.checked, found) if found else ""
        if not text or not found:
            return ""
        is_near = found.period == self.obligation.period.period.previous
        return text if is_near else f"{text}（{found.period.code}）"

    @property
    def _last(self) -> EarlierRecord | None:
        past = self.checked.past
        if self.obligation.value_year:
            return past.at(self.obligation.own_period) or past.last
        return past.last or (past.records[0] if past.records else None)

    @property
    def notes(self) -> tuple[GridNote, ...]:
        return notes_of(self.checked)

    @property
    def url(self) -> str:
        """The address of its form, which returns here and shows what is missing."""
        return f"{self.obligation.get_absolute_url()}?{urlencode({'next': self.here})}"

    def _cell(self, name: str) -> GridCell:
        known = field_of(self.obligation.kind, name)
        assert known is not None  # noqa: S101 - MAIN names fields of the forms
        entry = self.obligation.content.get(name, {})
        text = self.typed.get(name, entry.get("text", ""))
        return GridCell(known, self.obligation.pk, text, entry.get("v", 0))


@dataclass(frozen=True)
class GridPage:
    """All rows of an agency in a period; contributions are texts and have no row."""

    period: ReportingPeriod
    agency: Agency
    reader: User
    rows: tuple[GridRow, ...]

    @property
    def is_open(self) -> bool:
        return is_open(period=self.period)

    @property
    def has_years(self) -> bool:
        """Whether some of its figures are annual."""
        return any(row.obligation.value_year for row in self.rows)

    @property
    def groups(self) -> list[tuple[str, str, list[GridRow]]]:
        """Label of each kind, what its column 本季度 takes, and its rows."""
        found = [(kind, [row for row in self.rows if row.obligation.kind == kind]) for kind in MAIN]
        return [(kind.label, _TAKES.get(kind, ""), rows) for kind, rows in found if rows]

    @property
    def may_save(self) -> bool:
        return self.reader.has_role(Role.REPORTER) and any(row.takes_entries for row in self.rows)


def grid_page(
    *, reader: User, code: str, typed: Mapping[int, Mapping[str, str]] | None = None
) -> GridPage | None:
    """The table of the reader's agency; None for an unknown period. `typed`: key → texts."""
    assert reader.agency is not None  # noqa: S101 - the database holds reporters to an agency
    period = period_of(reader.agency, code)
    if period is None:
        return None
    obligations = period_obligations(agency=reader.agency, period=period).filter(
        kind__in=list(MAIN)
    )
    here = reverse("reporting:grid", args=[code])
    rows = tuple(
        GridRow(one, reader, (typed or {}).get(pk, {}), here)
        for pk, one in checked_by_key(obligations=obligations).items()
    )
    return GridPage(period, reader.agency, reader, rows)


def main_field(found: CheckedObligation) -> str:
    """The field in the column 本季度."""
    if found.facts.is_qualitative:
        return "attainment"
    return MAIN[ObligationKind(found.obligation.kind)]


def notes_of(found: CheckedObligation) -> tuple[GridNote, ...]:
    """The notes of a row: unreadable numbers, doubts, how much is still missing."""
    if not found.obligation.content:
        return ()
    notes = [GridNote(text, is_doubt=False) for text in found.answers.unreadable.values()]
    for doubt in found.doubts:
        is_open = doubt in found.open_doubts
        notes.append(GridNote(doubt.message if is_open else f"已说明：{doubt.message}", is_open))
    missing = [one for one in found.errors if one.field not in found.answers.unreadable]
    if missing:
        notes.append(GridNote(f"还缺{len(missing)}处：{missing[0].message}", is_doubt=False))
    return tuple(notes)


def last_text(found: CheckedObligation, earlier: EarlierRecord) -> str:
    """An earlier answer as the table shows it."""
    name = main_field(found)
    text = earlier.texts.get(name, "")
    known = field_of(found.obligation.kind, name)
    if not text or known is None:
        return ""
    if known.type == CHOICE:
        return label(known.choices, text)
    least = found.facts.decimals if name == "value" else 0
    value = Decimal(text)
    return number(value, max(least, -int(value.as_tuple().exponent)))


@dataclass(frozen=True)
class CellReading:
    """The reading of a pasted text: what to write, or why it cannot be read."""

    text: str
    problem: str = ""


def reading(*, found: CheckedObligation, name: str, text: str) -> CellReading:
    """A cell of a pasted block, read as the field reads it."""
    obligation = found.obligation
    answers: Any = read(obligation.kind, {name: text}, obligation.period.period)
    if name in answers.unreadable:
        return CellReading(text, answers.unreadable[name])
    known = field_of(obligation.kind, name)
    if known and known.type == CHOICE and text.strip():
        return CellReading(getattr(answers, name))
    return CellReading(text.strip())
