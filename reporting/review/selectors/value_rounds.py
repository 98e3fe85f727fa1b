"""The submissions behind the values of a target: by whom, with which files, decided by whom."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, Subquery

from agencies.models import Agency
from common.database.annotations import Annotation
from common.database.json_rows import JSONRow
from common.quarters import Period
from records.asof import AsOf
from reporting.answers.rules.answers import TargetAnswers, read
from reporting.answers.rules.wording import handed_in_words
from reporting.answers.selectors.reported_value import actual_of
from reporting.choices import WAITING, Availability, DecisionKind, ObligationKind
from reporting.filling.selectors.evidence import MEGABYTE, size_words, store
from reporting.models import Decision, Evidence, Submission, SubmittedItem
from targets.rules import Actual

_HASHED_AT_MOST = 16 * MEGABYTE
"""The content of a larger file is compared with its hash only on download."""
_DECIDED = ("kind", "comment", "by_name", "by_agency", "is_own_agency")


@dataclass(frozen=True)
class RoundFile:
    """A file that was submitted with a value."""

    pk: int
    name: str
    size: int
    sha256: str

    @property
    def size_text(self) -> str:
        return size_words(self.size)

    @cached_property
    def is_sound(self) -> bool | None:
        """Whether the file on disk is the submitted one; None where that was not checked."""
        if self.size > _HASHED_AT_MOST and store().has(self.sha256):
            return None
        return store().is_whole(self.sha256, self.size)

    @property
    def state(self) -> str:
        """The result of the check in words."""
        return {True: "校验一致", False: "缺失或校验不一致", None: "下载时校验"}[self.is_sound]


@dataclass(frozen=True)
class RoundDecision:
    """The decision on a round, and by whom."""

    kind: DecisionKind
    comment: str
    by_name: str
    by_agency: str
    is_own_agency: bool
    at: datetime.datetime


@dataclass(frozen=True)
class ValueRound:
    """One round that submitted a value. `decision` approved it, `returns` came before."""

    submission: Submission
    period: Period
    agency: Agency
    items_count: int
    texts: Mapping[str, Any]
    doubts: tuple[Mapping[str, str], ...]
    files: tuple[RoundFile, ...]
    returns: tuple[RoundDecision, ...] = ()
    decision: RoundDecision | None = None

    @property
    def agency_name(self) -> str:
        return self.submission.short_name

    @property
    def usual_reason(self) -> str:
        """The reason recorded with a version that is not a correction."""
        return handed_in_words(self.period, self.submission.number)

    @property
    def reviewed_words(self) -> str:
        """没有退回，没有疑点; 退回1次，2处疑点，已说明."""
        back = f"退回{len(self.returns)}次" if self.returns else "没有退回"
        found = f"{len(self.doubts)}处疑点，已说明" if self.doubts else "没有疑点"
        return f"{back}，{found}"


@dataclass(frozen=True)
class WaitingValue:
    """A submitted value that is not decided on."""

    came: ValueRound
    period: Period
    actual: Actual


@dataclass(frozen=True)
class ValueRounds:
    """The rounds of one target: by the key of the value that they wrote, and those that wait."""

    by_value: Mapping[int, ValueRound]
    waiting: tuple[WaitingValue, ...]


def value_rounds(*, target: int, asof: AsOf | None = None) -> ValueRounds:
    """Every round in which the target of this key was submitted, in one statement.

    As of a past day, the decisions until then; what waited then is left out.
    """
    by_value: dict[int, ValueRound] = {}
    waiting: list[WaitingValue] = []
    for copy in _copies(target, asof):
        if approvals := _APPROVALS.of(copy):
            newest = approvals[-1]
            if key := newest["effect"].get("pk"):
                by_value[key] = _value_round(copy, newest)
        elif asof is None and _waits(copy):
            waiting += _waiting(copy)
    return ValueRounds(by_value, tuple(waiting))


def _copies(target: int, asof: AsOf | None) -> Iterable[SubmittedItem]:
    return (
        SubmittedItem.objects.filter(
            obligation__target=target, obligation__kind=ObligationKind.TARGET
        )
        .select_related("submission__period", "obligation__agency", "obligation__period")
        .annotate(
            **_APPROVALS.column(asof),
            **_RETURNS.column(),
            **_FILES.column(),
            **_ITEMS_COUNT.column(),
            **_LAST_ROUND.column(),
        )
        .order_by("submission__submitted_at", "pk")
    )


def _approvals(asof: AsOf | None) -> ArraySubquery:
    decisions = Decision.objects.order_by("decided_at", "pk")
    own = decisions.filter(item=OuterRef("pk"), kind=DecisionKind.APPROVED).filter(_stood(asof))
    return ArraySubquery(own.values(json=_decided(effect="effect")))


def _returns() -> ArraySubquery:
    before = Decision.objects.order_by("decided_at", "pk").filter(
        obligation=OuterRef("obligation"),
        kind=DecisionKind.RETURNED,
        undone_at=None,
        item__round__lt=OuterRef("round"),
    )
    return ArraySubquery(before.values(json=_decided()))


def _files() -> ArraySubquery:
    files = Evidence.objects.filter(obligation=OuterRef("obligation")).order_by("pk")
    of_file = JSONRow(pk="pk", name="name", size="file__size", sha256="file__sha256")
    return ArraySubquery(files.values(json=of_file))


def _items_count() -> Subquery:
    together = SubmittedItem.objects.filter(submission=OuterRef("submission")).order_by()
    return Subquery(together.values("submission").annotate(count=Count("pk")).values("count"))


def _last_round() -> Subquery:
    rounds = SubmittedItem.objects.filter(obligation=OuterRef("obligation")).order_by("-round")
    return Subquery(rounds.values("round")[:1])


def _decided(**more: str) -> JSONRow:
    return JSONRow(**{name: name for name in _DECIDED}, at="decided_at", **more)


def _stood(asof: AsOf | None) -> Q:
    """Approvals that were not undone, now or at the end of a day."""
    if asof is None:
        return Q(undone_at=None)
    not_yet = Q(undone_at=None) | Q(undone_at__gte=asof.until)
    return Q(decided_at__lt=asof.until) & not_yet


def _value_round(copy: SubmittedItem, approval: Mapping[str, Any] | None = None) -> ValueRound:
    handed = {file["id"] for file in copy.evidence}
    return ValueRound(
        copy.submission,
        copy.submission.period.period,
        copy.obligation.agency,
        _ITEMS_COUNT.of(copy),
        copy.texts,
        tuple(copy.doubts),
        tuple(file for file in _FILES.of(copy) if file.pk in handed),
        _RETURNS.of(copy),
        _read(approval) if approval else None,
    )


def _read(facts: Mapping[str, Any]) -> RoundDecision:
    at = datetime.datetime.fromisoformat(facts["at"])
    return RoundDecision(**{name: facts[name] for name in _DECIDED}, at=at)


def _read_all(found: Iterable[Mapping[str, Any]]) -> tuple[RoundDecision, ...]:
    return tuple(map(_read, found))


def _read_files(found: Iterable[Mapping[str, Any]]) -> tuple[RoundFile, ...]:
    return tuple(RoundFile(**file) for file in found)


_APPROVALS = Annotation("approvals", _approvals, tuple)
_RETURNS = Annotation("returns", _returns, _read_all)
_FILES = Annotation("behind", _files, _read_files)
_ITEMS_COUNT = Annotation("items_count", _items_count, int)
_LAST_ROUND = Annotation("last_round", _last_round, int)


def _waits(copy: SubmittedItem) -> bool:
    """Whether the bureau has to decide on this round."""
    is_newest = copy.withdrawn_at is None and copy.round == _LAST_ROUND.of(copy)
    return is_newest and copy.obligation.state in WAITING


def _waiting(copy: SubmittedItem) -> Iterator[WaitingValue]:
    """The value of a round as an approval would write it; nothing where there is no value."""
    came = _value_round(copy)
    answers = read(ObligationKind.TARGET, came.texts, came.period)
    assert isinstance(answers, TargetAnswers)  # noqa: S101 - the obligation of a target
    if answers.availability == Availability.NEW and answers.value is not None:
        period = copy.obligation.meant(answers.value_period)
        yield WaitingValue(came, period, actual_of(answers, period))
