"""The page before submitting: every obligation of an agency with its answer and what it lacks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from agencies.models import Agency, User
from common.database.annotations import Annotation
from common.database.json_rows import JSONRow
from common.formats import zh_day
from reporting.answers.rules.facts import Finding
from reporting.answers.selectors.answer_words import AnswerWords, answer_words, last_words
from reporting.answers.selectors.checking import CheckedObligation, checked_by_key
from reporting.choices import BEGUN, HANDED_IN, ObligationKind, ObligationState
from reporting.filling.selectors.presence import STAYS
from reporting.models import (
    Evidence,
    Obligation,
    Presence,
    ReportingPeriod,
    SubmittedItem,
    full_number_at,
)
from reporting.periods.selectors.obligations import (
    HAS_SIGNER,
    LAST_PHONE,
    period_obligations,
    period_of,
)
from reporting.policies import is_open, why_not
from reporting.rules.fields import CHOICE, REASON
from reporting.rules.fields import field as field_of
from reporting.workflow import Step

_KINDS = tuple(ObligationKind)


@dataclass(frozen=True)
class DoubtLine:
    """A doubt with the agency's reason; `is_open` where that is missing or too short."""

    message: str
    reason: str
    url: str
    is_open: bool


@dataclass(frozen=True)
class SubmissionBlocker:
    """Why an obligation cannot be submitted, and where to correct it."""

    text: str
    url: str


@dataclass(frozen=True)
class FileLine:
    pk: int
    name: str


@dataclass(frozen=True)
class CheckRow:
    """One obligation as its agency checks or signs it.

    `way_back` is the page that 修改 returns to, `comment` the signer's comment as typed.
    """

    checked: CheckedObligation
    reader: User
    step: Step
    way_back: str
    is_chosen: bool = False
    comment: str = ""

    @property
    def obligation(self) -> Obligation:
        return self.checked.obligation

    @property
    def is_begun(self) -> bool:
        return self.obligation.state in BEGUN

    @property
    def answer(self) -> AnswerWords:
        return answer_words(obligation=self.obligation, answers=self.checked.answers)

    @property
    def last(self) -> str:
        """What was on record before: 上季度 77.90%."""
        return last_words(checked=self.checked)

    @property
    def url(self) -> str:
        """Its form, which returns to this page."""
        return f"{self.obligation.get_absolute_url()}?{urlencode({'next': self.way_back})}"

    def field_url(self, name: str) -> str:
        """The form with its errors shown, at a field."""
        query = urlencode({"check": "1", "next": self.way_back})
        return f"{self.obligation.get_absolute_url()}?{query}#{_anchor(self.obligation.kind, name)}"

    @property
    def receipt_url(self) -> str:
        """The receipt of its last submission; empty where it is not submitted."""
        number = _RECEIPT.of(self.obligation)
        period = self.obligation.period.code
        return reverse("reporting:receipt", args=[period, number]) if number else ""

    @property
    def files(self) -> list[FileLine]:
        return FILES.of(self.obligation)

    @cached_property
    def doubts(self) -> tuple[DoubtLine, ...]:
        return tuple(
            DoubtLine(
                doubt.message,
                self.checked.reason(doubt),
                self.field_url(doubt.reason_field),
                doubt in self.checked.open_doubts,
            )
            for doubt in self.checked.doubts
        )

    @cached_property
    def blockers(self) -> tuple[SubmissionBlocker, ...]:
        """What the rules and the last return still require."""
        found = [self._blocker(one) for one in self.checked.errors]
        found += [
            SubmissionBlocker(f"说明疑点：{one.message}", self.field_url(one.reason_field))
            for one in self.checked.open_doubts
        ]
        if self.checked.past.unanswered_count:
            words = f"还有{self.checked.past.unanswered_count}条审核意见没有答复"
            found.append(SubmissionBlocker(words, self.field_url("")))
        return tuple(found)

    def _blocker(self, error: Finding) -> SubmissionBlocker:
        known = field_of(self.obligation.kind, error.field) if error.field else None
        label = f"{known.label}：" if known else ""
        return SubmissionBlocker(f"{label}{error.message}", self.field_url(error.field))

    @cached_property
    def refusal(self) -> str:
        """Why this reader cannot send it at present, though complete; empty where they can."""
        return why_not(step=self.step, obligation=self.obligation, by=self.reader)

    @property
    def can_go(self) -> bool:
        """Whether it can be ticked."""
        return self.checked.is_ready and not self.refusal

    @property
    def by_words(self) -> str:
        """李四 11月20日填写, where another person than the reader edited it last."""
        obligation = self.obligation
        if not obligation.last_editor or obligation.last_editor == self.reader.display_name:
            return ""
        day = f" {zh_day(timezone.localtime(obligation.edited_at))}" if obligation.edited_at else ""
        return f"{obligation.last_editor}{day}填写"

    @property
    def present_words(self) -> str:
        """Who has it open at present."""
        names = "、".join(_PRESENT.of(self.obligation))
        return f"{names}正在填写本项" if names else ""


@dataclass(frozen=True)
class CheckGroup:
    """Obligations of one kind."""

    label: str
    rows: tuple[CheckRow, ...]


@dataclass(frozen=True)
class CheckPage:
    """All obligations of an agency in a period, before they are submitted."""

    period: ReportingPeriod
    agency: Agency
    reader: User
    rows: tuple[CheckRow, ...]
    phone: str = ""
    problems: tuple[SubmissionBlocker, ...] = field(default=())

    @property
    def has_signer(self) -> bool:
        return HAS_SIGNER.of(self.period)

    @property
    def is_open(self) -> bool:
        return is_open(period=self.period)

    @property
    def button(self) -> str:
        return (Step.HAND_OVER if self.has_signer else Step.SUBMIT).label

    @cached_property
    def begun(self) -> tuple[CheckRow, ...]:
        return tuple(row for row in self.rows if row.is_begun)

    @property
    def groups(self) -> tuple[CheckGroup, ...]:
        """Obligations that somebody has begun, by kind."""
        return grouped(self.begun)

    @property
    def untouched(self) -> tuple[CheckRow, ...]:
        return tuple(row for row in self.rows if row.obligation.state == ObligationState.EMPTY)

    @property
    def with_signer(self) -> tuple[CheckRow, ...]:
        """待本单位审核人: filled in, not with the bureau."""
        return tuple(row for row in self.rows if row.obligation.is_signing)

    @property
    def sent(self) -> tuple[CheckRow, ...]:
        """已报送: what the bureau has."""
        return tuple(row for row in self.rows if row.obligation.state in HANDED_IN)

    @property
    def blocked(self) -> tuple[CheckRow, ...]:
        """Begun obligations whose content prevents the submission."""
        return tuple(row for row in self.begun if row.blockers)

    @property
    def ready_count(self) -> int:
        return sum(row.can_go for row in self.rows)

    @property
    def error_count(self) -> int:
        return len(self.problems) + sum(len(row.blockers) for row in self.blocked)

    @property
    def partial_words(self) -> str:
        """先报送已完成的6项, where others are left."""
        left = len(self.begun) + len(self.untouched) - self.ready_count
        if not self.ready_count:
            return "还没有可以报送的事项"
        if not left:
            return f"{self.ready_count}项都可以报送"
        return f"可以先报送已完成的{self.ready_count}项，其余{left}项以后再报"


def check_page(
    *,
    reader: User,
    code: str,
    chosen: Iterable[int] | None = None,
    phone: str | None = None,
    problems: Sequence[SubmissionBlocker] = (),
) -> CheckPage | None:
    """The page of the reader's agency; None for an unknown period.

    `chosen`, `phone` and `problems` come from a refused POST. Otherwise all that is ready is
    ticked, and the phone is the account's or that of the last submission.
    """
    assert reader.agency is not None  # noqa: S101 - the database holds reporters to an agency
    period = period_of(reader.agency, code)
    if period is None:
        return None
    obligations = period_obligations(agency=reader.agency, period=period)
    step = Step.HAND_OVER if HAS_SIGNER.of(period) else Step.SUBMIT
    here = reverse("reporting:check", args=[code])
    ticked = None if chosen is None else set(chosen)
    rows = tuple(
        CheckRow(one, reader, step, here, one.is_ready if ticked is None else pk in ticked)
        for pk, one in checked_by_key(obligations=with_presence(obligations, reader)).items()
    )
    usual = reader.phone or LAST_PHONE.of(period)
    return CheckPage(
        period,
        reader.agency,
        reader,
        rows,
        usual if phone is None else phone,
        tuple(problems),
    )


def with_presence(obligations: QuerySet[Obligation], reader: User) -> QuerySet[Obligation]:
    """The obligations with their files, their last receipt and the others who have them open."""
    return obligations.annotate(**FILES.column(), **_PRESENT.column(reader), **_RECEIPT.column())


def _files() -> ArraySubquery:
    files = Evidence.objects.filter(obligation=OuterRef("pk"), removed_at=None).order_by("pk")
    return ArraySubquery(files.values(json=JSONRow(pk="pk", name="name")))


def _read_files(found: Iterable[Mapping[str, Any]]) -> list[FileLine]:
    return [FileLine(**row) for row in found]


def _present(reader: User) -> ArraySubquery:
    there = Presence.objects.filter(
        obligation=OuterRef("pk"), seen_at__gte=timezone.now() - STAYS
    ).exclude(user=reader.pk)
    return ArraySubquery(there.order_by("pk").values("user__name"))


def _receipt() -> Subquery:
    handed_in = SubmittedItem.objects.filter(obligation=OuterRef("pk"), withdrawn_at=None)
    number = full_number_at("submission__")
    return Subquery(handed_in.order_by("-round").values(number=number)[:1])


FILES = Annotation("files", _files, _read_files)
_PRESENT = Annotation("present", _present, tuple)
_RECEIPT = Annotation("receipt", _receipt, lambda number: number or "")


def grouped(rows: Iterable[CheckRow]) -> tuple[CheckGroup, ...]:
    """Rows by kind; kinds without rows are left out."""
    kept = tuple(rows)
    found = (
        CheckGroup(kind.label, tuple(row for row in kept if row.obligation.kind == kind))
        for kind in _KINDS
    )
    return tuple(group for group in found if group.rows)


def _anchor(kind: str, name: str) -> str:
    """The id of the first control of a field, of an answer to a doubt, or of the files."""
    if not name:
        return "fill"
    known = None if name.startswith(REASON) else field_of(kind, name)
    if known is None and not name.startswith(REASON):
        return name
    return f"id_{name}_0" if known and known.type == CHOICE else f"id_{name}"
