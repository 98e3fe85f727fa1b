"""表格模式: everything that an agency owes in a period, one row for each obligation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.urls import reverse
from django.utils.http import urlencode

from agencies.models import Agency, User
from common.formats import number
from reporting.answers.rules.facts import DOUBT, Finding
from reporting.answers.rules.options import OPTIONS, label
from reporting.answers.selectors.checking import CheckedObligation, checked_by_key
from reporting.answers.selectors.history import EarlierRecord
from reporting.choices import Availability, ObligationKind, ObligationState
from reporting.filling.selectors.form_hints import given_texts, unit_of
from reporting.grid.rules.columns import COLUMNS
from reporting.models import Obligation, ReportingPeriod
from reporting.periods.rules.thresholds import Thresholds
from reporting.periods.selectors.obligations import period_obligations, period_of
from reporting.periods.selectors.thresholds import thresholds
from reporting.policies import why_not
from reporting.rules.fields import CHOICE, LONG, NUMBER, TICK, TICKED, Field
from reporting.rules.fields import field as field_of
from reporting.workflow import Step

_LEADS = {
    ObligationKind.TARGET: "value",
    ObligationKind.TASK: "status",
    ObligationKind.CONTRIBUTION: "text",
    ObligationKind.PROJECT: "invested_wan",
}
_BRINGS_BACK = frozenset({ObligationState.SIGNING, ObligationState.SUBMITTED})
_PROPOSING = frozenset({ObligationKind.TARGET, ObligationKind.PROJECT})


@dataclass(frozen=True)
class GridHead:
    """The head of a column; `css` is the class of its width."""

    label: str
    css: str


@dataclass(frozen=True)
class GridOption:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class GridCell:
    """One field of an obligation as a cell. `is_given`: its text is proposed and not stored yet."""

    field: Field
    text: str
    version: int
    hint: str = ""
    is_given: bool = False

    @property
    def name(self) -> str:
        return self.field.name

    @property
    def is_choice(self) -> bool:
        return self.field.type == CHOICE

    @property
    def is_tick(self) -> bool:
        return self.field.type == TICK

    @property
    def is_ticked(self) -> bool:
        return self.text == TICKED

    @property
    def is_number(self) -> bool:
        return self.field.type == NUMBER

    @property
    def is_value(self) -> bool:
        """Whether it is the value of a target, which has the target's unit."""
        return self.name == _LEADS[ObligationKind.TARGET]

    @property
    def css(self) -> str:
        """Its classes: right-aligned figures, grey proposals."""
        return f"{'n' if self.is_number else ''}{' given' if self.is_given else ''}"

    @property
    def is_long(self) -> bool:
        return self.field.type == LONG

    @property
    def options(self) -> list[GridOption]:
        known = OPTIONS[self.field.choices].items()
        return [GridOption(code, word, code == self.text) for code, word in known]

    @property
    def shown(self) -> str:
        """The text as a reader sees it."""
        if self.is_tick:
            return "是" if self.is_ticked else ""
        return label(self.field.choices, self.text) if self.is_choice and self.text else self.text


@dataclass(frozen=True)
class GridDoubt:
    """A doubt with its reason, which is a field like others."""

    finding: Finding
    reason: str
    version: int


@dataclass(frozen=True)
class GridRow:
    """One obligation. `here` is the address of the table."""

    checked: CheckedObligation
    reader: User
    here: str

    @property
    def obligation(self) -> Obligation:
        return self.checked.obligation

    @property
    def pk(self) -> int:
        return self.obligation.pk

    @property
    def form_id(self) -> str:
        return f"row-{self.obligation.pk}"

    @cached_property
    def refusal(self) -> str:
        """Why it takes no entries; empty where it does."""
        return why_not(step=Step.EDIT, obligation=self.obligation, by=self.reader)

    @property
    def takes_entries(self) -> bool:
        return not self.refusal

    @property
    def locked_words(self) -> str:
        """Why it is grey, in a few words."""
        state = ObligationState(self.obligation.state)
        if state in _BRINGS_BACK:
            return f"{state.label}，改的话先撤回"
        return state.label if state in _FAR else self.refusal

    @cached_property
    def cells(self) -> list[GridCell | None]:
        """Its cells in the order of the columns; None where the kind of target has none."""
        return [self._cell(column.field) for column in COLUMNS[self.obligation.kind]]

    @property
    def nothing(self) -> GridCell | None:
        """The box 无配合事项, which stands in the cell of a contribution."""
        return self._cell("nothing") if self.obligation.is_contribution else None

    @property
    def given(self) -> list[GridCell]:
        """Proposals of the form for fields without a column, stored with the first entry."""
        columns = {column.field for column in COLUMNS[self.obligation.kind]}
        return [self._cell_of(name) for name in self.proposed if name not in columns]

    @cached_property
    def proposed(self) -> Mapping[str, str]:
        """Field → text that the form proposes and nobody stored yet."""
        if self.obligation.kind not in _PROPOSING or not self.takes_entries:
            return {}
        stored = self.obligation.content
        given = given_texts(self.checked).items()
        return {name: text for name, text in given if text and name not in stored}

    @property
    def lead(self) -> str:
        """The field in the column 本季度."""
        return lead_of(self.checked)

    @property
    def unit(self) -> str:
        return unit_of(self.checked, self.lead) if self.obligation.target else ""

    @property
    def last(self) -> str:
        """The last answer."""
        return last_text(self.checked, self._last) if self._last else ""

    @property
    def last_when(self) -> str:
        """The period of the last answer; empty for the quarter just before."""
        found = self._last
        is_near = found and found.period == self.obligation.period.period.previous
        return "" if found is None or is_near or not self.last else found.period.code

    @property
    def last_whole(self) -> str:
        """What was written last, in full."""
        texts = self._last.texts if self._last else {}
        return texts.get("narrative") or texts.get("text") or self.last

    @property
    def _last(self) -> EarlierRecord | None:
        past = self.checked.past
        if self.obligation.value_year:
            return past.at(self.obligation.own_period) or past.last
        return past.last or (past.records[0] if past.records else None)

    @property
    def doubts(self) -> list[GridDoubt]:
        content = self.obligation.content
        return [
            GridDoubt(one, self.checked.reason(one), content.get(one.reason_field, {}).get("v", 0))
            for one in self.checked.doubts
        ]

    @property
    def hides_remark(self) -> bool:
        """Whether the cell of remarks, while it is empty, makes room for reasons."""
        has_remark = self.obligation.target is None or self.obligation.texts.get("note")
        return bool(self.checked.doubts) and not has_remark

    @property
    def unreadable(self) -> Iterable[Finding]:
        known = self.checked.answers.unreadable
        return [one for one in self.checked.errors if one.field in known]

    @property
    def url(self) -> str:
        """The address of its form, which returns here."""
        return f"{self.obligation.get_absolute_url()}?{urlencode({'next': self.here})}"

    def _cell(self, name: str) -> GridCell | None:
        if self.checked.facts.is_qualitative and name in {"value", "grade"}:
            name = "attainment" if name == "value" else ""
        return self._cell_of(name) if name else None

    def _cell_of(self, name: str) -> GridCell:
        known = field_of(self.obligation.kind, name)
        assert known is not None  # noqa: S101 - COLUMNS names fields of the forms
        entry = self.obligation.content.get(name, {})
        given = self.proposed.get(name, "")
        text = entry.get("text", given)
        return GridCell(known, text, entry.get("v", 0), self._hint(name), bool(given))

    def _hint(self, name: str) -> str:
        """What stands in an empty cell: the answer that there is no figure."""
        code = self.obligation.texts.get("availability", Availability.NEW)
        if name != "value" or code in {Availability.NEW, ""}:
            return ""
        return label("Availability", code)


_FAR = frozenset({ObligationState.REVIEWING, ObligationState.APPROVED})


@dataclass(frozen=True)
class GridGroup:
    """The rows of one kind with the heads of their columns."""

    kind: ObligationKind
    heads: tuple[GridHead, ...]
    rows: tuple[GridRow, ...]

    @property
    def unit(self) -> str:
        """The unit of all its figures; empty where they differ."""
        if self.kind == ObligationKind.PROJECT:
            return "万元"
        units = {row.unit for row in self.rows if row.lead == "value"}
        return units.pop() if len(units) == 1 else ""

    @property
    def has_years(self) -> bool:
        """Whether some of its figures are annual."""
        return any(row.obligation.value_year for row in self.rows)


@dataclass(frozen=True)
class GridPage:
    """All rows of an agency in a period, in the order of its pages."""

    period: ReportingPeriod
    agency: Agency
    reader: User
    rows: tuple[GridRow, ...]
    limits: Thresholds

    @property
    def groups(self) -> list[GridGroup]:
        by_kind = {
            kind: tuple(row for row in self.rows if row.obligation.kind == kind)
            for kind in ObligationKind
        }
        return [
            GridGroup(kind, _heads(kind, self.limits), rows)
            for kind, rows in by_kind.items()
            if rows
        ]

    @property
    def blank_doubt(self) -> GridDoubt:
        """What the script copies for a doubt that comes up while the table is filled in."""
        return GridDoubt(Finding("", DOUBT, "", ""), "", 0)

    @cached_property
    def may_save(self) -> bool:
        return any(row.takes_entries for row in self.rows)


def grid_page(*, reader: User, code: str) -> GridPage | None:
    """The table of the reader's agency; None for an unknown period."""
    assert reader.agency is not None  # noqa: S101 - the database holds reporters to an agency
    period = period_of(reader.agency, code)
    if period is None:
        return None
    limits = thresholds()
    obligations = period_obligations(agency=reader.agency, period=period)
    here = reverse("reporting:grid", args=[code])
    rows = tuple(
        GridRow(one, reader, here)
        for one in checked_by_key(obligations=obligations, limits=limits).values()
    )
    return GridPage(period, reader.agency, reader, rows, limits)


def lead_of(found: CheckedObligation) -> str:
    """The field in the column 本季度; a target without a number has 实现程度 there."""
    if found.facts.is_qualitative:
        return "attainment"
    return _LEADS[ObligationKind(found.obligation.kind)]


def last_text(found: CheckedObligation, earlier: EarlierRecord) -> str:
    """An earlier answer as the table shows it."""
    texts, name = earlier.texts, lead_of(found)
    if found.obligation.is_contribution:
        return "无配合" if texts.get("nothing") else "有配合"
    if texts.get("availability") == Availability.NOT_APPLICABLE:
        return "不适用"
    text, known = texts.get(name, ""), field_of(found.obligation.kind, name)
    if not text or known is None:
        return ""
    if known.type == CHOICE:
        return label(known.choices, text)
    least = found.facts.decimals if name == "value" else 0
    value = Decimal(text)
    return number(value, max(least, -int(value.as_tuple().exponent)))


def _heads(kind: ObligationKind, limits: Thresholds) -> tuple[GridHead, ...]:
    least, most = limits.whole("NARRATIVE_LEAST"), limits.whole("NARRATIVE_MOST")
    heads: Mapping[ObligationKind, tuple[tuple[str, str], ...]] = {
        ObligationKind.TARGET: (
            ("本季度", "n w146"), ("数据状态", "w104"), ("数据来源", "w196"),
            ("说明（原因、措施）", ""),
        ),
        ObligationKind.TASK: (
            ("本季度状态", "w146"), ("完成时限", "w104"), ("下一步措施", "w196"),
            ("存在问题", "w186"), (f"本季度进展（{least}—{most}字）", ""),
        ),
        ObligationKind.CONTRIBUTION: (
            ("配合情况（300字以内，没有的勾选“无配合事项”）", ""),
        ),
        ObligationKind.PROJECT: (
            ("无变化", "w52"), ("状态", "w96"), ("本季度投资", "n w92"),
            ("累计投资", "n w92"), ("形象进度 %", "n w72"), ("进度说明", "w146"),
            ("实际开工", "w80"), ("实际竣工", "w80"), ("预计竣工", "w80"), ("问题和需协调事项", ""),
        ),
    }  # fmt: skip
    return tuple(GridHead(*head) for head in heads[kind])
