"""Sheets for the stamp are issued at each step that changes what an agency answers for."""

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from agencies.models import Agency, User
from audit import services as audit
from common.formats import zh_day
from records import services as register
from reporting.models import Paper, ReportingPeriod, Submission
from reporting.papers.rules import summary
from reporting.papers.rules.contents import TITLE, Contents, Hand, canonical, stored
from reporting.papers.selectors.hand_ins import HandIns, contents_of, hand_ins_of
from reporting.papers.selectors.rows import printed_rows

_BUREAU = "区发展和改革局"


@transaction.atomic(savepoint=False)
def renew(*, obligations: Collection[int], by: User | None) -> None:
    """Issue the sheets on which these obligations stand, or stood, where they have changed.

    Called in the transaction of the step that may have changed them; what has not changed keeps
    its number, version and check code.
    """
    _renew(Submission.objects.filter(items__obligation__in=obligations), by)


@transaction.atomic
def issue_missing() -> int:
    """Issue the sheets of what was handed in before there were check codes; how many agencies."""
    whole = Paper.objects.filter(
        agency=OuterRef("agency"), period=OuterRef("period"), submission=None
    )
    return _renew(Submission.objects.filter(~Exists(whole), items__withdrawn_at=None), None)


def _renew(sent: QuerySet[Submission], by: User | None) -> int:
    pairs = set(sent.order_by().values_list("agency", "period"))
    keys = {agency for agency, _ in pairs}, {period for _, period in pairs}
    # One step of an agency at a time: two would issue the same version.
    locked = Agency.objects.select_for_update().filter(pk__in=keys[0]).order_by("pk")
    periods = ReportingPeriod.objects.filter(pk__in=keys[1])
    gathered = hand_ins_of(agencies=list(locked), periods=list(periods))
    issue = _Issue(_addressee())
    rows = printed_rows(
        items=[item for one in gathered for item in one.kept if item not in one.rows]
    )
    with audit.batched():
        for found in gathered:
            found.rows |= {item: row for item, row in rows.items() if item in found.rounds}
            _plan(issue, found)
        issue.write(by)
        for found in gathered:
            _end_empty(found, by)
    return len(pairs)


@dataclass
class _Issue:
    """The new versions of one step, written together."""

    addressee: str
    papers: list[tuple[Paper, Paper | None]] = field(default_factory=list)
    """Each with the one that it replaces."""

    def add(
        self, found: HandIns, number: str, contents: Contents, submission: Submission | None
    ) -> None:
        old = found.papers.get(number)
        paper = Paper(
            number=number,
            version=int(contents.number.rpartition("-")[2]),
            agency=found.agency,
            period=found.period,
            submission=submission,
            content=stored(contents),
        )
        self.papers.append((paper, old))
        found.papers[number] = paper

    def write(self, by: User | None) -> None:
        """Register the papers and keep them."""
        papers = [paper for paper, _ in self.papers]
        issued = register.issue(papers=[_registered(paper) for paper in papers], by=by)
        for paper, code in zip(papers, issued, strict=True):
            paper.issued = code
        Paper.objects.bulk_create(papers)
        sent = [paper.submission for paper in papers if paper.submission]
        Submission.objects.bulk_update(sent, ["version"])
        for paper, old in self.papers:
            if old:
                register.replace(issued=old.issued, newer=paper.issued, by=by)


def _registered(paper: Paper) -> register.NewPaper:
    contents = contents_of(paper)
    return register.NewPaper(
        content=canonical(contents),
        number=contents.number,
        label=f"{contents.agency}{contents.period}{TITLE}",
        owner=contents.agency,
        is_demo=contents.is_demo,
    )


def _plan(issue: _Issue, found: HandIns) -> None:
    """The new versions that an agency's hand-ins of a period ask for."""
    changed = [one for one in found.submissions if _has_changed(found, one)]
    for submission in reversed(changed):  # the newest names the sheets that its items were on
        _plan_hand_in(issue, found, submission)
    _plan_whole(issue, found)


def _has_changed(found: HandIns, submission: Submission) -> bool:
    """Whether its items that stand are others than its newest sheet shows; not if none stands."""
    items, paper = found.of(submission), found.papers.get(submission.number)
    if not items:
        return False
    is_own = paper is not None and paper.submission_id == submission.pk
    return paper is None or not is_own or not _shows(paper, items)


def _shows(paper: Paper, items: Collection[int]) -> bool:
    """Whether it holds, and holds just these items."""
    return paper.issued.is_valid and contents_of(paper).items == set(items)


def _plan_hand_in(issue: _Issue, found: HandIns, submission: Submission) -> None:
    old = found.papers.get(submission.number)
    submission.version = version = max(old.version + 1 if old else 1, submission.version)
    rows = tuple(found.rows[item] for item in found.of(submission))
    said = [summary.counted(rows), *_taken_over(found, submission)]
    if old:
        said.append(_edition(found, old, version, [row.item for row in rows]))
    contents = Contents(
        number=submission.full_number,
        agency=_name_of_the_day(found.agency, submission, old),
        addressee=issue.addressee,
        period=_period(found.period),
        handed_in=_moment(submission.submitted_at),
        summary="".join(said),
        rows=rows,
        prepared=_preparers(found, submission),
        signed=_signers([submission]),
        is_demo=found.period.is_demo,
    )
    issue.add(found, submission.number, contents, submission)


def _plan_whole(issue: _Issue, found: HandIns) -> None:
    """The sheet of the quarter, over the items that stand in all hand-ins."""
    old = found.papers.get(found.whole_number)
    if old and _shows(old, found.kept):
        return
    parts = [one for one in found.submissions if found.of(one)]
    if not parts:
        return
    version = old.version + 1 if old else 1
    rows = tuple(found.rows[item] for item in found.kept)
    said = [summary.counted(rows), summary.gathered([_told(found, one) for one in parts])]
    if old:
        said.append(_edition(found, old, version, found.kept))
    contents = Contents(
        number=f"{found.whole_number}-{version}",
        agency=found.agency.full_name or found.agency.name,
        addressee=issue.addressee,
        period=_period(found.period),
        handed_in=_moment(max(one.submitted_at for one in parts)),
        summary="".join(said),
        rows=rows,
        prepared=_newest(hand for one in parts for hand in _preparers(found, one)),
        signed=_newest(_signers(parts)),
        is_demo=found.period.is_demo,
    )
    issue.add(found, found.whole_number, contents, None)


def _end_empty(found: HandIns, by: User | None) -> None:
    """Sheets of which nothing stands: withdrawn, or handed in again under another number."""
    for paper in found.papers.values():
        shown = contents_of(paper).items
        if paper.issued.is_valid and not shown & set(found.kept):
            _end(paper, _successor(found, paper), by)


def _end(paper: Paper, newer: Paper | None, by: User | None) -> None:
    if newer:
        register.replace(issued=paper.issued, newer=newer.issued, by=by)
    else:
        register.withdraw(issued=paper.issued, by=by)


def _successor(found: HandIns, paper: Paper) -> Paper | None:
    """The sheet that shows what this one showed last, handed in again."""
    stands = {found.standing[found.rounds[item].obligation].submission
              for item in contents_of(paper).items
              if found.rounds[item].obligation in found.standing}  # fmt: skip
    newer = [one for one in found.submissions if one.pk in stands]
    return found.papers.get(newer[-1].number) if newer else None


def _taken_over(found: HandIns, submission: Submission) -> Iterable[str]:
    """Of which older sheets its items were, by their numbers."""
    own = {found.rounds[item].obligation: item for item in found.of(submission)}
    for number, paper in found.papers.items():
        if paper.submission_id is None or number == submission.number:
            continue
        codes = [
            row.code
            for row in contents_of(paper).rows
            if row.item not in own.values() and found.rounds[row.item].obligation in own
        ]
        if codes and paper.submission_id < submission.pk:
            yield summary.taken_over(codes, contents_of(paper).number)


def _edition(found: HandIns, old: Paper, version: int, items: Sequence[int]) -> str:
    """What this version replaces, and why."""
    before = contents_of(old)
    left = [row for row in before.rows if row.item not in items]
    withdrawn = [row.code for row in left if found.rounds[row.item].is_withdrawn]
    again = [row.code for row in left if not found.rounds[row.item].is_withdrawn]
    is_whole = len(left) == len(before.rows) and not again
    why = "已撤回作废" if is_whole else summary.gone(withdrawn, again)
    day = zh_day(old.issued.issued_at)
    return summary.edition(version, old.version, day, len(before.rows), why)


def _told(found: HandIns, submission: Submission) -> str:
    """2026Q3-JTJ-01-2（11月27日，7项）."""
    day, count = zh_day(submission.submitted_at), len(found.of(submission))
    return f"{submission.full_number}（{day}，{count}项）"


def _preparers(found: HandIns, submission: Submission) -> tuple[Hand, ...]:
    """Who handed over its items, with the moment where they have not been handed in again since."""
    own = Hand(name=submission.prepared_by, at="", phone=submission.phone)
    hands = (found.hands.get(item) for item in found.of(submission))
    return _newest(hand for hand in hands if hand) or (own,)


def _signers(parts: Iterable[Submission]) -> tuple[Hand, ...]:
    return tuple(
        Hand(name=one.signed_by, at=_moment(one.submitted_at)) for one in parts if one.signed_by
    )


def _newest(hands: Iterable[Hand]) -> tuple[Hand, ...]:
    """Each person once, with the last moment."""
    last: dict[str, Hand] = {}
    for hand in hands:
        if hand.name not in last or hand.at >= last[hand.name].at:
            last[hand.name] = hand
    return tuple(last.values())


def _name_of_the_day(agency: Agency, submission: Submission, old: Paper | None) -> str:
    """Its name when it handed in, which an earlier version of the same sheet has in full."""
    if old and old.submission_id == submission.pk:
        return contents_of(old).agency
    is_same = agency.name == submission.agency_name
    return (agency.full_name if is_same else "") or submission.agency_name


def _addressee() -> str:
    bureau = Agency.objects.filter(is_coordinator=True).first()
    return (bureau.full_name or bureau.name) if bureau else _BUREAU


def _period(period: ReportingPeriod) -> str:
    return f"{period}（补录）" if period.is_backfill else str(period)


def _moment(at: datetime.datetime | None) -> str:
    return at.isoformat() if at else ""
