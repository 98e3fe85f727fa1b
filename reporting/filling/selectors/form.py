"""The form of one obligation: fields with texts, hints, doubts, comments and conflicts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from agencies.models import User
from common.formats import number
from common.quantities import UnreadableError
from common.quarters import Period
from reporting.answers.rules import readers
from reporting.answers.rules.answers import MONEY
from reporting.answers.rules.facts import DOUBT, Finding
from reporting.answers.rules.options import OPTIONS
from reporting.answers.selectors.checking import CheckedObligation
from reporting.choices import Availability, ObligationState
from reporting.filling.selectors.form_fields import (
    ContestedField,
    FieldDoubt,
    FieldOption,
    FormField,
)
from reporting.filling.selectors.form_hints import (
    given_texts,
    hint_of,
    not_asked,
    periods_of,
    unit_of,
)
from reporting.filling.selectors.obligation_details import ObligationDetails, ReviewComment
from reporting.filling.selectors.presence import moment
from reporting.models import Obligation
from reporting.periods.rules.thresholds import Thresholds
from reporting.policies import can_step, why_not
from reporting.rules.fields import (
    BASIS,
    CHOICE,
    EVIDENCE,
    FORMS,
    PERIOD,
    Field,
)
from reporting.workflow import Step

_WAN_PER_YI = Decimal(10_000)


@dataclass(frozen=True)
class FormPage:
    """One obligation with its form."""

    checked: CheckedObligation
    reader: User
    limits: Thresholds
    typed: Mapping[str, str] = field(default_factory=dict)
    contests: Mapping[str, ContestedField] = field(default_factory=dict)
    shows_errors: bool = False

    @property
    def obligation(self) -> Obligation:
        return self.checked.obligation

    @cached_property
    def beside(self) -> ObligationDetails:
        return ObligationDetails(self.obligation)

    @cached_property
    def may_edit(self) -> bool:
        return can_step(step=Step.EDIT, obligation=self.obligation, by=self.reader)

    @cached_property
    def closed_words(self) -> str:
        """Why the form takes no entries; empty where it does."""
        return why_not(step=Step.EDIT, obligation=self.obligation, by=self.reader)

    @property
    def is_qualitative(self) -> bool:
        """Whether it asks how far a target has come, instead of a number."""
        return self.checked.facts.is_qualitative

    @property
    def asks_corrects_earlier(self) -> bool:
        """Whether 更正以前数据 is shown: a sum fell, or the box is ticked."""
        return "corrects_earlier" not in self._not_asked

    @property
    def asks_annual_rate(self) -> bool:
        """Whether the year's own rate is asked for: with a cumulative reduction."""
        return "annual_rate" not in self._not_asked

    @cached_property
    def _not_asked(self) -> frozenset[str]:
        return not_asked(self.checked)

    @property
    def tag(self) -> str:
        """The tag of the state."""
        state = self.obligation.state
        return "submitted" if state == ObligationState.REVIEWING else state

    @property
    def may_correct(self) -> bool:
        return can_step(step=Step.CORRECT, obligation=self.obligation, by=self.reader)

    @property
    def may_withdraw(self) -> bool:
        return can_step(step=Step.WITHDRAW, obligation=self.obligation, by=self.reader)

    @property
    def may_drop_correction(self) -> bool:
        return can_step(step=Step.DROP_CORRECTION, obligation=self.obligation, by=self.reader)

    @cached_property
    def fields(self) -> dict[str, FormField]:
        """Field name → field, for all fields of the kind."""
        return {one.name: self._field(one) for one in FORMS[self.obligation.kind]}

    @property
    def problems(self) -> list[tuple[str, str, str]]:
        """Anchor, label and sentence of everything that prevents the submission."""
        if not self.shows_errors:
            return []
        found = [self._problem(one.field, one.message) for one in self.checked.errors]
        found += [
            (f"id_{one.reason_field}", self._label(one.field), f"说明疑点：{one.message}")
            for one in self.checked.open_doubts
        ]
        found += [
            (f"id_{one.name}", self._label(one.field), f"答复审核意见：{one.text}")
            for one in self.beside.comments
            if not one.is_answered
        ]
        return found

    @cached_property
    def stray_comments(self) -> tuple[ReviewComment, ...]:
        """Comments at fields that this form does not show."""
        known = {*self.fields, EVIDENCE} - self._not_asked
        return tuple(one for one in self.beside.comments if one.field not in known)

    @property
    def evidence_comments(self) -> tuple[ReviewComment, ...]:
        return tuple(one for one in self.beside.comments if one.field == EVIDENCE)

    @cached_property
    def stray_doubts(self) -> tuple[FieldDoubt, ...]:
        """Doubts that belong to no field."""
        known = {*self.fields, EVIDENCE}
        return tuple(self._doubt(one) for one in self.checked.doubts if one.field not in known)

    @cached_property
    def evidence_doubts(self) -> tuple[FieldDoubt, ...]:
        return tuple(self._doubt(one) for one in self.checked.doubts if one.field == EVIDENCE)

    @property
    def evidence_errors(self) -> tuple[str, ...]:
        return self._errors(EVIDENCE)

    @property
    def edited_words(self) -> str:
        """王芳 11月21日 14:32 填写; empty where nobody has edited it."""
        at = self.obligation.edited_at
        return f"{self.obligation.last_editor} {moment(iso=at.isoformat())}填写" if at else ""

    def _problem(self, name: str, message: str) -> tuple[str, str, str]:
        anchor = self.fields[name].anchor if name in self.fields else EVIDENCE
        return anchor, self._label(name), message

    def _label(self, name: str) -> str:
        if name == EVIDENCE:
            return "佐证材料"
        return self.fields[name].label if name in self.fields else "本项"

    def _field(self, known: Field) -> FormField:
        name, stored = known.name, self.obligation.content.get(known.name)
        given = "" if stored or not self.may_edit else self._given.get(name, "")
        text = self.typed.get(name, stored["text"] if stored else given)
        contest = self.contests.get(name)
        version = contest.version if contest else stored["v"] if stored else 0
        return FormField(
            known,
            text,
            version,
            unit=unit_of(self.checked, name),
            hint=hint_of(self.checked, name, self.limits),
            echo=self._echo(name),
            options=self._options(known, text),
            is_given=bool(given) and text == given,
            errors=self._errors(name),
            refused=self._refused(name),
            doubts=tuple(self._doubt(one) for one in self.checked.doubts if one.field == name),
            comments=tuple(one for one in self.beside.comments if one.field == name),
            contest=contest,
        )

    @cached_property
    def _given(self) -> Mapping[str, str]:
        return given_texts(self.checked)

    def _errors(self, name: str) -> tuple[str, ...]:
        """What is missing at a field, shown only after a failed check."""
        if not self.shows_errors:
            return ()
        at_once = self._refused(name)
        return tuple(
            one.message for one in self.checked.errors if one.field == name and one not in at_once
        )

    def _refused(self, name: str) -> tuple[Finding, ...]:
        """Why what is typed will be refused, shown at once."""
        return tuple(one for one in self.checked.early if one.is_error and one.field == name)

    def _doubt(self, finding: Finding) -> FieldDoubt:
        name = finding.reason_field
        stored = self.obligation.content.get(name)
        contest = self.contests.get(name)
        text = self.typed.get(name, stored["text"] if stored else "")
        version = contest.version if contest else stored["v"] if stored else 0
        return FieldDoubt(finding, text, version, self.limits.whole("REASON_LENGTH"), contest)

    @property
    def blank_doubt(self) -> FieldDoubt:
        """An empty doubt with a convert button: the template that the page's script fills in."""
        finding = Finding("", DOUBT, "", "", remedy="…")
        return FieldDoubt(finding, "", 0, self.limits.whole("REASON_LENGTH"))

    def _echo(self, name: str) -> str:
        """How the text was understood, if that differs: 按 7,200 万元 填入, ≈3.09亿元."""
        answers = self.checked.accepted
        if name in answers.echoes:
            return answers.echoes[name]
        value = getattr(answers, name, None)
        if name in MONEY and isinstance(value, Decimal) and abs(value) >= _WAN_PER_YI:
            return f"≈{number(value / _WAN_PER_YI, 2)}亿元"
        return ""

    def _options(self, known: Field, text: str) -> tuple[FieldOption, ...]:
        """The choices of a field; a stored text that is none of them stays selected as it is."""
        if known.type == CHOICE:
            offered = dict(OPTIONS[known.choices])
            chosen = _read_choice(known.choices, text)
        elif known.type == PERIOD:
            offered = {one.code: label for one, label in periods_of(self.checked)}
            chosen = _read_period(text, self.obligation.period.period)
        elif known.name == BASIS:
            offered, chosen = self._bases(), self._known_basis(text)
        else:
            return ()
        if chosen and chosen not in offered:
            offered[chosen] = f"“{chosen}”（原填写）"
        if (
            known.name == "availability"
            and not self.checked.facts.is_annual
            and chosen != Availability.ANNUAL
        ):
            offered.pop("annual", None)
        return tuple(FieldOption(code, label, code == chosen) for code, label in offered.items())

    def _bases(self) -> dict[str, str]:
        """The register of bases, the target's own first, which the empty choice stands for."""
        own, names = self.checked.facts.basis, self.checked.past.bases.names
        others = {name: name for name in names if name != own}
        return {"": f"{own}（本指标的口径）" if own else "本指标的口径（未登记）"} | others

    def _known_basis(self, text: str) -> str:
        own, known = self.checked.facts.basis, self.checked.past.bases.canonical(text)
        return "" if known is not None and known == own else known or text.strip()


def form_page(
    *,
    checked: CheckedObligation,
    reader: User,
    limits: Thresholds,
    shows_errors: bool = False,
    typed: Mapping[str, str] | None = None,
    contests: Mapping[str, ContestedField] | None = None,
) -> FormPage:
    """The form of a checked obligation; `typed` are texts shown instead of the stored ones."""
    return FormPage(checked, reader, limits, typed or {}, contests or {}, shows_errors)


def _read_choice(kind: str, text: str) -> str:
    try:
        return readers.choice(kind, text) if text.strip() else ""
    except UnreadableError:
        return text


def _read_period(text: str, now: Period) -> str:
    try:
        found = readers.period(text, now) if text.strip() else None
    except UnreadableError:
        return text
    return found.code if found else ""
