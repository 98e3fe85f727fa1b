"""The review of one obligation: the submitted answers, last quarter's and the previous round's."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import Case, F, IntegerField, Value, When

from agencies.models import User
from reporting.answers.rules.answers import ProjectAnswers, TaskAnswers
from reporting.answers.selectors.addresses import at_address
from reporting.answers.selectors.checking import CheckedObligation, checked_by_key
from reporting.answers.selectors.contributions import (
    Contribution,
    contributions_of,
    with_contributions,
)
from reporting.answers.selectors.history import with_history
from reporting.answers.selectors.reference import TargetReference, TargetTrend, reference_of
from reporting.choices import WAITING, Availability, ObligationKind, ObligationState
from reporting.filling.selectors.form_hints import not_asked
from reporting.filling.selectors.obligation_details import (
    LedgerEvent,
    ObligationDetails,
    PastDecision,
    ReviewComment,
    with_details,
    with_events,
)
from reporting.models import KIND_PATHS, Obligation
from reporting.periods.rules.thresholds import Thresholds
from reporting.policies import can_step, why_not
from reporting.review.selectors.review_parts import (
    FieldRow,
    ReviewFigure,
    ReviewFile,
    ReviewRound,
    TypedDecision,
    evidence_row,
    field_rows,
    files_of,
    project_figures,
    rounds_of,
    task_figures,
    with_rounds,
)
from reporting.workflow import Step
from targets.selectors import Judged

_ORDER = (
    *((state, 0) for state in WAITING),
    (ObligationState.RETURNED, 1),
    (ObligationState.APPROVED, 1),
)


@dataclass(frozen=True)
class EarlierReturn:
    """An earlier return with its comments and their answers."""

    turn: PastDecision
    comments: tuple[ReviewComment, ...]


@dataclass(frozen=True)
class ReviewPage:
    """One obligation; `checked` holds the texts as submitted."""

    checked: CheckedObligation
    reader: User
    rounds: tuple[ReviewRound, ...]
    typed: TypedDecision

    @property
    def obligation(self) -> Obligation:
        return self.checked.obligation

    @cached_property
    def beside(self) -> ObligationDetails:
        return ObligationDetails(self.obligation)

    @property
    def round(self) -> ReviewRound | None:
        """The newest round; None where nothing was submitted."""
        return self.rounds[0] if self.rounds else None

    @property
    def is_waiting(self) -> bool:
        return self.obligation.state in WAITING

    @property
    def tag(self) -> str:
        return "to_review" if self.is_waiting else self.obligation.state

    @property
    def is_of_own_agency(self) -> bool:
        return self.obligation.agency_id == self.reader.agency_id

    @cached_property
    def may_decide(self) -> bool:
        return can_step(step=Step.APPROVE, obligation=self.obligation, by=self.reader)

    @property
    def may_begin(self) -> bool:
        return can_step(step=Step.BEGIN_REVIEW, obligation=self.obligation, by=self.reader)

    @cached_property
    def closed_words(self) -> str:
        """Why there is nothing to decide for this reader; empty where there is."""
        if self.is_waiting:
            return why_not(step=Step.APPROVE, obligation=self.obligation, by=self.reader)
        state = ObligationState(self.obligation.state)
        return {
            ObligationState.EMPTY: "本单位还没有填报这一项",
            ObligationState.DRAFT: "本单位正在填写，报送后可以审核",
            ObligationState.SIGNING: "正在等本单位审核人审核，报送后可以审核",
            ObligationState.RETURNED: "已退回，等本单位修改后重新报送",
        }.get(state, "已审核通过并锁定；数据有误时由填报单位用“更正”修改，再经审核")

    @property
    def is_correction(self) -> bool:
        return bool(self.obligation.correction_reason)

    @cached_property
    def base(self) -> ReviewRound | None:
        """The round to compare with: the approved one, else the returned one."""
        earlier = [one for one in self.rounds[1:] if one.is_decided]
        approved = [one for one in earlier if one.is_approved] if self.is_correction else []
        return next(iter([*approved, *earlier]), None)

    @cached_property
    def differences(self) -> tuple[FieldRow, ...]:
        """The fields that differ from the previous round."""
        if self.base is None:
            return ()
        rows = field_rows(checked=self.checked, before=self.base.texts, typed=self.typed)
        return tuple(row for row in rows if row.is_changed)

    @cached_property
    def fields(self) -> tuple[FieldRow, ...]:
        """All fields, with last quarter's texts."""
        last = self.checked.past.last
        before: Mapping[str, str] = last.texts if last else {}
        return field_rows(checked=self.checked, before=before, typed=self.typed)

    @property
    def filled(self) -> tuple[FieldRow, ...]:
        """Short fields with a text; without 有新数据, which the value implies."""
        return tuple(
            row for row in self.fields if row.text and not row.is_long and not self._is_plain(row)
        )

    def _is_plain(self, row: FieldRow) -> bool:
        return (
            row.name == "availability" and self.obligation.texts.get(row.name) == Availability.NEW
        )

    @property
    def texts(self) -> tuple[FieldRow, ...]:
        """Long fields with a text, now or last quarter."""
        return tuple(row for row in self.fields if row.is_long and (row.text or row.before))

    @property
    def unfilled(self) -> tuple[FieldRow, ...]:
        """Empty fields of the form: the reviewer may ask for them."""
        shown = {row.name for row in (*self.filled, *self.texts)} | not_asked(self.checked)
        return tuple(
            row for row in self.fields if row.name not in shown and not self._is_plain(row)
        )

    @property
    def evidence(self) -> FieldRow:
        return evidence_row(files=self.files, typed=self.typed)

    @cached_property
    def files(self) -> tuple[ReviewFile, ...]:
        return files_of(self.obligation)

    @cached_property
    def reference(self) -> TargetReference | None:
        found = reference_of(checked=self.checked)
        return found if isinstance(found, TargetReference) else None

    @cached_property
    def trend(self) -> TargetTrend | None:
        """The trend; the submitted value is hollow until it is approved."""
        trend = self.reference.trend if self.reference else None
        if trend is None or self.obligation.state != ObligationState.APPROVED:
            return trend
        return replace(trend, values=(*trend.values[:-1], trend.own), own=None)

    @cached_property
    def figures(self) -> tuple[ReviewFigure, ...]:
        """Last quarter, this quarter, change."""
        answers, facts = self.checked.answers, self.checked.facts
        if self.reference and not facts.is_qualitative:
            return self._target_figures(self.reference)
        if isinstance(answers, TaskAnswers):
            return task_figures(answers, facts.previous)
        if isinstance(answers, ProjectAnswers):
            total = facts.total_investment_wan
            return project_figures(answers, facts.previous_cumulative_wan, total)
        return ()

    def _target_figures(self, reference: TargetReference) -> tuple[ReviewFigure, ...]:
        last, own, change = reference.lines[:3]
        grade = next((row.text for row in self.fields if row.name == "grade"), "")
        label = f"{own.label} {reference.own_period.code}" if own.label == "本季度" else own.label
        unit, facts = reference.unit, self.checked.facts
        before = facts.last_period.code if facts.history and facts.last_period else ""
        return (
            ReviewFigure(last.label, last.value, unit if facts.history else "", True, before),
            *(ReviewFigure(line.label, line.value, unit, True) for line in reference.twin),
            ReviewFigure(" · ".join(filter(None, (label, grade))), own.value, unit),
            ReviewFigure(change.label, change.value, change.unit if change.value != "—" else ""),
        )

    @property
    def required_words(self) -> str:
        """对进度要求 75.00%, or why there is no requirement."""
        if self.reference is None or not self.figures:
            return ""
        required = self.checked.facts.required
        if required is None:
            return f"没有进度要求：{self.reference.no_requirement}"
        line = self.reference.lines[3]
        return f"{line.label} {line.value}{line.unit}"

    @property
    def distance_words(self) -> str:
        """高9.20个百分点, 与要求持平."""
        if self.reference is None or self.checked.facts.required is None:
            return ""
        line = self.reference.lines[4]
        value = line.value
        if value == "—":
            return ""
        if not value.strip("+−0."):
            return "与要求持平"
        side = "低" if value.startswith("−") else "高"
        return f"{side}{value.lstrip('+−')}{line.unit}"

    @cached_property
    def contributions(self) -> tuple[Contribution, ...]:
        return contributions_of(obligation=self.obligation)

    @cached_property
    def returns(self) -> tuple[EarlierReturn, ...]:
        """Earlier returns, newest first, with comments and answers."""
        comments = self.beside.all_comments
        return tuple(
            EarlierReturn(turn, tuple(one for one in comments if one.decision == turn.pk))
            for turn in self.beside.turns
            if turn.is_return
        )

    @property
    def last_return(self) -> EarlierReturn | None:
        """The return that this round answers, with its submitted texts; None for a first round."""
        if not (self.returns and self.round and self.base) or self.base.is_approved:
            return None
        last, texts = self.returns[0], self.round.texts
        told = tuple(one.told_of(texts.get(one.field, "")) for one in last.comments)
        return replace(last, comments=told)

    @property
    def begun(self) -> LedgerEvent | None:
        """Who began this review and when."""
        if self.obligation.state != ObligationState.REVIEWING:
            return None
        label = Step.BEGIN_REVIEW.label
        return next((event for event in self.beside.events if event.action == label), None)

    @property
    def decided(self) -> PastDecision | None:
        """The decision on this round."""
        if self.is_waiting:
            return None
        return next((turn for turn in self.beside.turns if not turn.is_undone), None)


def review_obligation(*, period: str, kind: str, code: str, agency: str = "") -> Obligation | None:
    """The obligation of an address with all that its review reads, in one statement.

    Without an agency, a waiting one comes first where several agencies owe the same.
    """
    is_contribution = kind == KIND_PATHS[ObligationKind.CONTRIBUTION]
    if is_contribution and not agency:
        return None
    found = at_address(period=period, kind=kind, code=code)
    if agency:
        found = found.filter(agency__code=agency)
    order = Case(
        *(When(state=state, then=Value(place)) for state, place in _ORDER),
        default=Value(2),
        output_field=IntegerField(),
    )
    rows = with_rounds(with_contributions(with_details(with_history(found.select_related(*_WITH)))))
    of = agency if is_contribution else ""
    return (
        with_events(rows, period=period, code=code, agency=of)
        .order_by(F("dropped_on").asc(nulls_first=True), order, "pk")
        .first()
    )


_WITH = ("period", "agency", "target", "project", "task__lead", "task__convenor")


def review_page(
    *,
    obligation: Obligation,
    judged: Mapping[int, Judged],
    limits: Thresholds,
    reader: User,
    typed: TypedDecision | None = None,
) -> ReviewPage:
    """The page of an obligation read by `review_obligation`: of its submitted texts, no draft."""
    rounds = rounds_of(obligation)
    texts = rounds[0].texts if rounds else {}
    obligation.content = {name: {"text": text, "v": 0, "name": ""} for name, text in texts.items()}
    found = checked_by_key(obligations=[obligation], limits=limits, judged=judged)[obligation.pk]
    return ReviewPage(found, reader, rounds, typed or TypedDecision())
