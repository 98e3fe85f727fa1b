"""The open period of the demonstration set: some obligations approved, some on their way."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils import timezone

from agencies.models import Agency
from demo.services.scene import Scene
from projects.models import Project
from projects.services import assign_reporting_agency
from records.choices import CodeState
from records.models import IssuedCode
from reporting.answers.selectors.checking import checked_by_key
from reporting.answers.selectors.history import EarlierRecord
from reporting.choices import (
    HANDED_IN,
    DecisionKind,
    ObligationKind,
    ObligationState,
    PeriodState,
    RequestKind,
    RequestState,
)
from reporting.models import (
    Decision,
    Evidence,
    FieldComment,
    HandedDraft,
    HandedItem,
    Handover,
    Obligation,
    Paper,
    Presence,
    Reminder,
    ReportingPeriod,
    Submission,
    SubmittedItem,
    TimeRequest,
)
from reporting.papers import services as papers
from reporting.periods.services import periods
from targets.models import Observation

_REASON = "演示数据"
_WITH_SIGNER, _EXTENSION = datetime.timedelta(days=3), datetime.timedelta(days=8)
_DECIDED: Mapping[str, DecisionKind] = {
    ObligationState.APPROVED: DecisionKind.APPROVED,
    ObligationState.RETURNED: DecisionKind.RETURNED,
}
_PREPARER, _SIGNER, _REVIEWER = "演示填报员", "演示审核人", "演示审核员"


def open_period(*, scene: Scene, values: Mapping[str, str]) -> None:
    """Name who reports, open the period and bring its obligations to where the set says."""
    for code, agency in scene.facts["reporters"].items():
        project = Project.objects.filter(code=code, reporting_agency=None).first()
        body = Agency.objects.filter(name=agency).first()
        if project and body:
            assign_reporting_agency(project=project, agency=body, by=None, reason=_REASON)
    year, quarter = scene.period.year, scene.period.quarter or 1
    if ReportingPeriod.objects.filter(year=year, quarter=quarter).exists():
        return
    period = _opened(scene)
    periods.save_period(period=period, by=None, reason=_REASON)
    rows = list(Obligation.objects.filter(period=period).with_subjects())
    found = checked_by_key(obligations=Obligation.objects.filter(period=period))
    for row in rows:
        _fill(row, scene, found[row.pk].past.at(scene.period), values)
    _extend(rows, scene)
    Obligation.objects.bulk_update(rows, _FILLED)
    sent = [row for row in rows if row.state in _SENT]
    _hand_in(period, sent, scene)
    papers.renew(obligations=[row.pk for row in sent], by=None)


_SENT = (*HANDED_IN, ObligationState.RETURNED)
_FILLED = (
    "due_on",
    "returns",
    "answer_due",
    "handed_over_at",
    "state",
    "content",
    "version",
    "last_editor",
    "edited_at",
    "prepared_by",
    "submitted_at",
    "first_submitted_at",
    "was_due_on",
    "decided_at",
    "doubts",
)


def _opened(scene: Scene) -> ReportingPeriod:
    """Open since its day, also where it would be closed today: a past day may be shown."""
    return ReportingPeriod(
        year=scene.period.year,
        quarter=scene.period.quarter or 1,
        opens_on=scene.dates.opens_on,
        due_on=scene.dates.due_on,
        closes_on=scene.dates.closes_on,
        state=PeriodState.OPEN,
        opened_at=scene.now,
        is_demo=True,
    )


def _fill(
    obligation: Obligation, scene: Scene, record: EarlierRecord | None, values: Mapping[str, str]
) -> None:
    texts: Mapping[str, str]
    waiting = scene.waiting(obligation.subject_code, values)
    share = scene.share(obligation.agency.code, obligation.subject_code)
    if share and obligation.is_contribution:
        obligation.state, texts = share["state"], {"text": share["text"]}
    elif waiting and not obligation.is_contribution:
        obligation.state, texts = waiting
    elif record:
        obligation.state, texts = ObligationState.APPROVED, record.texts
    else:
        return
    if not texts:
        return
    now = scene.now
    at = timezone.localtime(now).isoformat(timespec="seconds")
    stamp = {"v": 1, "by": 0, "name": _PREPARER, "at": at}
    obligation.content = {name: {"text": text, **stamp} for name, text in texts.items()}
    obligation.version, obligation.last_editor, obligation.edited_at = 1, _PREPARER, now
    if obligation.state == ObligationState.SIGNING:
        obligation.prepared_by, obligation.handed_over_at = _PREPARER, now - _WITH_SIGNER
    if obligation.state in _SENT:
        obligation.prepared_by = _PREPARER
        obligation.submitted_at = obligation.first_submitted_at = now
        obligation.was_due_on = obligation.period.due_on
    if obligation.state in _DECIDED:
        obligation.decided_at = now
    if obligation.state == ObligationState.RETURNED:
        obligation.returns, obligation.answer_due = 1, scene.answer_due


def _extend(obligations: Sequence[Obligation], scene: Scene) -> None:
    """Extensions that the bureau has granted."""
    for row in obligations:
        reason = scene.facts["extended"].get(row.subject_code)
        if reason is None or row.kind != ObligationKind.TARGET:
            continue
        row.due_on = row.period.due_on + _EXTENSION
        TimeRequest.objects.create(
            kind=RequestKind.EXTENSION, period=row.period, agency=row.agency, obligation=row,
            until=row.due_on, reason=reason, asked_by=_PREPARER, state=RequestState.GRANTED,
            decided_by=_REVIEWER, decided_at=scene.now,
        )  # fmt: skip


def _hand_in(period: ReportingPeriod, obligations: Sequence[Obligation], scene: Scene) -> None:
    """A receipt for each agency, a round for each obligation, a decision on what is decided."""
    now = scene.now
    agencies = sorted({one.agency for one in obligations}, key=lambda agency: agency.position)
    receipts = {
        made.agency_id: made
        for made in Submission.objects.bulk_create(
            Submission(
                number=f"{period.code}-{agency.code.upper()}-01",
                period=period,
                agency=agency,
                agency_name=agency.name,
                agency_short_name=agency.short_name,
                prepared_by=_PREPARER,
                preparer_id=0,
                signed_by=_SIGNER,
                submitted_at=now,
            )
            for agency in agencies
        )
    }
    found = checked_by_key(obligations=obligations)
    for one in obligations:
        one.doubts = len(found[one.pk].doubts) if one.state == ObligationState.SUBMITTED else 0
    Obligation.objects.bulk_update(obligations, ("doubts",))
    copies = SubmittedItem.objects.bulk_create(
        SubmittedItem(
            submission=receipts[obligation.agency_id],
            obligation=obligation,
            round=1,
            texts=obligation.texts,
            doubts=found[obligation.pk].doubts_with_reasons if obligation.doubts else [],
        )
        for obligation in obligations
    )
    effects = _effects(period)
    Decision.objects.bulk_create(
        Decision(
            obligation=copy.obligation,
            item=copy,
            kind=_DECIDED[copy.obligation.state],
            comment=scene.share(copy.obligation.agency.code, copy.obligation.subject_code).get(
                "opinion", ""
            ),
            by_name=_REVIEWER,
            by_id=0,
            decided_at=now,
            effect=effects.get(copy.obligation.target_id, {}),
        )
        for copy in copies
        if copy.obligation.state in _DECIDED
    )


def _effects(period: ReportingPeriod) -> dict[int | None, dict[str, Any]]:
    """Target key → what its approval would have written: the value of the set for the quarter."""
    rows = Observation.objects.filter(
        year=period.year, quarter=period.quarter, is_current=True, is_demo=True
    )
    kind = ObligationKind.TARGET.value
    return {row.target_id: {"kind": kind, "pk": row.pk} for row in rows}


def close_period() -> None:
    """Take the demonstration's period out with all that was done in it."""
    demo = ReportingPeriod.objects.filter(is_demo=True)
    if not demo.exists():
        return
    mine = Q(obligation__period__is_demo=True)
    _forget_handovers(mine)
    FieldComment.objects.filter(decision__obligation__period__is_demo=True).delete()
    for rows in (Decision.objects, SubmittedItem.objects, Evidence.objects, Presence.objects):
        rows.filter(mine).delete()
    of_period = Q(period__is_demo=True)
    Paper.objects.filter(of_period).delete()
    codes = IssuedCode.objects.filter(is_demo=True)
    codes.update(replaced_by=None, state=CodeState.WITHDRAWN, ended_at=timezone.now())
    codes.delete()
    for kept in (Submission.objects, TimeRequest.objects, Reminder.objects, Obligation.objects):
        kept.filter(of_period).delete()
    demo.delete()


def _forget_handovers(mine: Q) -> None:
    """Take these items out of handovers; a handover of nothing else goes whole."""
    touched = list(HandedItem.objects.filter(mine).values_list("handover", flat=True))
    HandedItem.objects.filter(mine).delete()
    empty = Handover.objects.filter(pk__in=touched, items=None)
    HandedDraft.objects.filter(handover__in=empty).delete()
    empty.delete()


def release(*, facts: Mapping[str, Any]) -> None:
    """Take back who was named to report, where nobody reports for them otherwise."""
    named = Project.objects.filter(code__in=facts["reporters"], obligations=None)
    for project in named.select_related("reporting_agency"):
        if (
            project.reporting_agency
            and project.reporting_agency.name == facts["reporters"][project.code]
        ):
            assign_reporting_agency(project=project, agency=None, by=None, reason=_REASON)
