"""What an agency has handed in for a period: submissions, which of their items stand, sheets."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from django.db.models import Case, Exists, OuterRef, QuerySet, Value, When

from agencies.models import Agency
from common.database.annotations import Annotation
from reporting.choices import DecisionKind, ObligationKind, ObligationState
from reporting.models import PLAN_ORDER, Decision, Paper, ReportingPeriod, Submission, SubmittedItem
from reporting.papers.rules.contents import Contents, Hand, PrintedRow, read
from reporting.papers.rules.standing import HandIn, Round, next_number, standing

_KINDS = tuple(ObligationKind)


@dataclass
class HandIns:
    """The hand-ins of an agency for a period. Items are in the order of the plan."""

    agency: Agency
    period: ReportingPeriod
    submissions: tuple[Submission, ...]
    rounds: dict[int, Round]
    """Item → its round."""
    hands: dict[int, Hand]
    """Item → who handed it over."""
    papers: dict[str, Paper]
    """The newest sheet of each number; whoever issues a newer one puts it here."""
    rows: dict[int, PrintedRow]
    """Item → how it is printed, where a sheet shows it already."""

    @cached_property
    def standing(self) -> dict[int, Round]:
        """Obligation → the round that stands."""
        return standing(self.rounds.values())

    @cached_property
    def kept(self) -> tuple[int, ...]:
        """All items that stand."""
        stand = {one.item for one in self.standing.values()}
        own = {one.pk for one in self.submissions}
        return tuple(
            item for item, one in self.rounds.items() if item in stand and one.submission in own
        )

    def of(self, submission: Submission) -> tuple[int, ...]:
        """The items of a submission that stand."""
        return tuple(item for item in self.kept if self.rounds[item].submission == submission.pk)

    @property
    def series(self) -> str:
        """2026Q3-JTJ: the beginning of all numbers."""
        return f"{self.period.code}-{self.agency.code.upper()}"

    @property
    def whole_number(self) -> str:
        """2026Q3-JTJ-00: the sheet of the whole quarter."""
        return f"{self.series}-00"

    def next_number(self, *, sending: Iterable[int]) -> tuple[str, int]:
        """Number and version of the next submission, of these obligations."""
        return next_number(
            series=self.series,
            sent=[HandIn(one.pk, one.number, one.version) for one in self.submissions],
            standing=self.standing.values(),
            sending=set(sending),
        )


def hand_ins_of(
    *, agencies: Collection[Agency], periods: Collection[ReportingPeriod]
) -> list[HandIns]:
    """The hand-ins of each agency for each period, in three statements."""
    copies = list(_copies(agencies, periods))
    by_pair = defaultdict(set)
    for copy in copies:
        by_pair[copy.submission.agency_id, copy.submission.period_id].add(copy.obligation_id)
    own = {"agency__in": agencies, "period__in": periods}
    submissions = list(Submission.objects.filter(**own).order_by("pk"))
    papers = list(Paper.objects.filter(**own).select_related("issued").order_by("version"))
    found = []
    for agency, period in product(agencies, periods):
        pair = (agency.pk, period.pk)
        mine = [copy for copy in copies if copy.obligation_id in by_pair[pair]]
        newest = {one.number: one for one in papers if (one.agency_id, one.period_id) == pair}
        found.append(
            HandIns(
                agency,
                period,
                tuple(one for one in submissions if (one.agency_id, one.period_id) == pair),
                {copy.pk: _round(copy) for copy in mine},
                {copy.pk: hand for copy in mine if (hand := _hand(copy))},
                newest,
                {row.item: row for one in newest.values() for row in contents_of(one).rows},
            )
        )
    return found


def contents_of(paper: Paper) -> Contents:
    """What a sheet shows."""
    return read(paper.content)


def _copies(
    agencies: Collection[Agency], periods: Collection[ReportingPeriod]
) -> QuerySet[SubmittedItem]:
    """Every round of the obligations that the agencies have handed in, in the order of the plan."""
    own = SubmittedItem.objects.filter(
        submission__agency__in=agencies, submission__period__in=periods
    )
    rank = Case(*(When(obligation__kind=kind, then=Value(n)) for n, kind in enumerate(_KINDS)))
    order = (f"-obligation__{name[1:]}" if name[0] == "-" else f"obligation__{name}"
             for name in PLAN_ORDER)  # fmt: skip
    return (
        SubmittedItem.objects.filter(obligation__in=own.values("obligation"))
        .select_related("obligation", "submission")
        .defer("texts", "doubts", "evidence", "obligation__content")
        .annotate(rank=rank, **_IS_APPROVED.column())
        .order_by("rank", *order, "round")
    )


def _round(copy: SubmittedItem) -> Round:
    return Round(
        item=copy.pk,
        obligation=copy.obligation_id,
        submission=copy.submission_id,
        round=copy.round,
        is_withdrawn=copy.withdrawn_at is not None,
        is_approved=_IS_APPROVED.of(copy),
        is_settled=copy.obligation.state == ObligationState.APPROVED,
    )


def _hand(copy: SubmittedItem) -> Hand | None:
    """Who handed the item over, unless it has been handed in again since."""
    now = copy.obligation
    if now.submitted_at != copy.submission.submitted_at or not now.prepared_by:
        return None
    handed_over = now.handed_over_at if copy.submission.signed_by else now.submitted_at
    at = handed_over.isoformat() if handed_over else ""
    return Hand(name=now.prepared_by, at=at, phone=now.phone)


def _approvals() -> Exists:
    return Exists(
        Decision.objects.filter(item=OuterRef("pk"), kind=DecisionKind.APPROVED, undone_at=None)
    )


_IS_APPROVED = Annotation("is_approved", _approvals, bool)
