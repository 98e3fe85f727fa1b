"""A submission of an agency: its receipt, the list of all."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, QuerySet
from django.urls import reverse

from agencies.models import Agency, User
from common.database.annotations import Annotation
from reporting.answers.selectors.answer_words import AnswerWords, submitted_words
from reporting.choices import WAITING, DecisionKind, ObligationKind, ObligationState
from reporting.models import Decision, Submission, SubmittedItem
from reporting.periods.selectors.thresholds import thresholds
from reporting.policies import check_can_read_submission, reads_whole, why_not
from reporting.workflow import Step

_KINDS = tuple(ObligationKind)
_LONGEST_VERSION = 4


@dataclass(frozen=True)
class ReceiptRow:
    """One submitted item with its snapshot and its present state."""

    copy: SubmittedItem
    reader: User

    @property
    def obligation(self) -> Any:
        return self.copy.obligation

    @cached_property
    def answer(self) -> AnswerWords:
        return submitted_words(obligation=self.obligation, texts=self.copy.texts)

    @property
    def doubts(self) -> list[dict[str, str]]:
        return list(self.copy.doubts)

    @property
    def is_latest(self) -> bool:
        """Whether no later submission contains the obligation."""
        return _LAST_ROUND.of(self.copy) == self.copy.round

    @property
    def decision(self) -> str:
        """The bureau's decision on this round; empty where there is none."""
        return _DECISION.of(self.copy)

    @property
    def tag(self) -> str:
        """Tag of this round, whatever happened to the obligation later."""
        if self.decision:
            return self.decision
        return ObligationState.EMPTY if self.is_withdrawn else ObligationState.SUBMITTED

    @property
    def is_withdrawn(self) -> bool:
        return self.copy.withdrawn_at is not None and not self.decision

    @property
    def is_waiting(self) -> bool:
        return not self.decision and not self.is_withdrawn

    @property
    def word(self) -> str:
        """The tag's word."""
        if self.is_waiting and self.obligation.state == ObligationState.REVIEWING:
            return "审核中"
        return "已撤回" if self.is_withdrawn else ""

    @cached_property
    def why_not_withdrawn(self) -> str:
        """Why it cannot be withdrawn; empty where it can."""
        return why_not(step=Step.WITHDRAW, obligation=self.obligation, by=self.reader)

    @property
    def can_withdraw(self) -> bool:
        return self.is_waiting and self.is_latest and not self.why_not_withdrawn


@dataclass(frozen=True)
class Receipt:
    """A submission with its obligations in the order of the plan."""

    submission: Submission
    reader: User
    rows: tuple[ReceiptRow, ...]
    review_days: int
    is_whole: bool = True
    """Whether the reader also sees unapproved items and where they were entered."""

    @property
    def kept(self) -> tuple[ReceiptRow, ...]:
        """Items that were not withdrawn."""
        return tuple(row for row in self.rows if not row.is_withdrawn)

    @property
    def withdrawable(self) -> tuple[ReceiptRow, ...]:
        return tuple(row for row in self.rows if row.can_withdraw)

    @property
    def stuck_words(self) -> str:
        """Why nothing more can be withdrawn; empty where something can, or nothing waits."""
        if self.withdrawable:
            return ""
        waiting = [row for row in self.rows if row.obligation.state in WAITING and row.is_latest]
        return waiting[0].why_not_withdrawn if waiting else ""

    @property
    def is_decided(self) -> bool:
        return all(row.decision for row in self.kept)

    @property
    def next_words(self) -> str:
        """What happens next, in one sentence."""
        if not self.is_whole:
            return "以下是其中已经审核通过的事项。"
        if not self.kept:
            return "本次报送的事项已全部撤回，修改后重新报送。"
        if self.is_decided:
            return "区发改局已经审核完毕，结果见下表。"
        return (
            f"区发改局一般{self.review_days}个工作日内审核，结果显示在“本季度待填”；"
            "审核开始以前可以撤回。"
        )

    @property
    def address(self) -> str:
        return receipt_address(self.submission)

    @property
    def sheet_address(self) -> str:
        """Its newest sheet for the stamp."""
        period = self.submission.period.code
        return reverse("reporting:sheet", args=[period, self.submission.full_number])

    @property
    def quarter_number(self) -> str:
        """2026Q3-JTJ-00: the sheet over all that the agency has handed in for the quarter."""
        return f"{self.submission.number.rpartition('-')[0]}-00"


def receipt(*, reader: User, period: str, number: str) -> Receipt | None:
    """The receipt of a number, with its version or without; None for an unknown one.

    Raises PermissionDenied for another agency's, except for reviewers and leaders; leaders read
    only its approved items.
    """
    found = submission_numbered(number)
    if found is None or found.period.code != period:
        return None
    check_can_read_submission(submission=found, by=reader)
    copies = (
        found.items.select_related(
            "obligation__period", "obligation__agency", "obligation__target", "obligation__task",
            "obligation__project",
        )
        .annotate(**_DECISION.column(), **_LAST_ROUND.column())
        .order_by(
            "obligation__target__position", "-obligation__value_year",
            "obligation__task__category__number",
            "obligation__task__number", "obligation__project__number", "pk",
        )
    )  # fmt: skip
    kinds = {kind: n for n, kind in enumerate(_KINDS)}
    rows = sorted(copies, key=lambda copy: kinds[ObligationKind(copy.obligation.kind)])
    days = thresholds().whole("REVIEW_DAYS")
    is_whole = reads_whole(submission=found, by=reader)
    shown = (ReceiptRow(copy, reader) for copy in rows)
    kept = tuple(row for row in shown if is_whole or row.decision == DecisionKind.APPROVED)
    return Receipt(found, reader, kept, days, is_whole)


def submission_numbered(number: str) -> Submission | None:
    """The submission whose sheet has, or had, this number; without a version the newest one.

    Numbers from before there were versions stay valid.
    """
    rows = Submission.objects.select_related("period", "agency")
    newest = rows.filter(number=number).order_by("-version").first()
    base, _, version = number.rpartition("-")
    if newest or not (version.isdecimal() and len(version) <= _LONGEST_VERSION):
        return newest
    return rows.filter(number=base, version__gte=version).order_by("version").first()


def _decisions() -> ArraySubquery:
    decisions = Decision.objects.filter(
        item=OuterRef("pk"), undone_at=None, kind__in=[DecisionKind.APPROVED, DecisionKind.RETURNED]
    )
    return ArraySubquery(decisions.order_by("-pk").values("kind"))


def _newest(kinds: Sequence[str]) -> str:
    return kinds[0] if kinds else ""


def _last_round() -> QuerySet[Any]:
    later = SubmittedItem.objects.filter(obligation=OuterRef("obligation")).order_by("-round")
    return later.values("round")[:1]


_DECISION = Annotation("kinds", _decisions, _newest)
_LAST_ROUND = Annotation("last_round", _last_round, int)


def submissions_of(*, agency: Agency) -> QuerySet[Submission]:
    """The agency's submissions, newest first, each with `count` and `withdrawn_count`."""
    return (
        Submission.objects.filter(agency=agency)
        .select_related("period")
        .annotate(
            count=Count("items"),
            withdrawn_count=Count("items", filter=Q(items__withdrawn_at__isnull=False)),
        )
        .order_by("-submitted_at", "-pk")
    )


def receipt_address(submission: Submission) -> str:
    """The address of a receipt. The submission's period must be loaded."""
    return reverse("reporting:receipt", args=[submission.period.code, submission.full_number])
