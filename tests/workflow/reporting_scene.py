"""Items in every state, and every step with them: at the service and by POST."""

from collections.abc import Callable, Mapping

from django.test import Client
from django.utils import timezone

from agencies.models import User
from reporting.choices import DecisionKind, ObligationState
from reporting.filling.services import corrections, entries
from reporting.filling.services.entries import FieldEdit
from reporting.models import Decision, Obligation, Submission, SubmittedItem
from reporting.review.services import reviews
from reporting.submitting import services as submissions
from reporting.workflow import Step
from tests.factories.reporting import ObligationFactory, filled

S = ObligationState
READY = {
    "availability": "annual",
    "note": "年度统计，次年3月公布",
    "why_W14": "已与统计部门核实，确未公布",
}
HANDED_IN = (S.SUBMITTED, S.REVIEWING, S.RETURNED, S.APPROVED)
REASON = "分母漏计旅游公交"


def item_in(state: str, cast: Mapping[str, User], *, who: str = "张三") -> Obligation:
    """An item of the person's agency in a state, with what leads there; the person entered it."""
    editor = cast[who]
    row = ObligationFactory(agency=editor.agency)
    if state != S.EMPTY:
        filled(row, READY, by=editor, state=state)
    if state in HANDED_IN:
        handed_in(row)
    if state in {S.RETURNED, S.APPROVED}:
        kind = DecisionKind.APPROVED if state == S.APPROVED else DecisionKind.RETURNED
        decided(row, kind, item=row.rounds.get())
    return row


def decided(row: Obligation, kind: str, item: SubmittedItem | None = None) -> Decision:
    """A decision of a reviewer who is none of the cast."""
    now = timezone.now()
    Obligation.objects.filter(pk=row.pk).update(decided_at=now)
    return Decision.objects.create(
        obligation=row,
        item=item,
        kind=kind,
        comment="核实",
        by_name="周七",
        by_id=0,
        decided_at=now,
    )


def handed_in(row: Obligation) -> SubmittedItem:
    """The next round of an item, with a receipt of its own."""
    rounds = row.rounds.count() + 1
    submission = Submission.objects.create(
        number=f"N{row.pk}-{rounds}", period=row.period, agency=row.agency,
        agency_name=row.agency.name, prepared_by="张三",
        preparer_id=0, submitted_at=timezone.now(),
    )  # fmt: skip
    return SubmittedItem.objects.create(
        submission=submission, obligation=row, round=rounds, texts=row.texts
    )


def prepared(row: Obligation, step: Step) -> Obligation:
    """The item with what a step asks for beside its state."""
    if step == Step.DROP_CORRECTION:
        Obligation.objects.filter(pk=row.pk).update(correction_reason=REASON)
    if step == Step.UNDO_APPROVAL and row.state != S.APPROVED:
        decided(row, DecisionKind.APPROVED, item=handed_in(row))
    return row


def approval(row: Obligation) -> int:
    """The key of an approval of the item; 0 where there is none."""
    found = row.decisions.filter(kind=DecisionKind.APPROVED).values_list("pk", flat=True)
    return found.first() or 0


SERVICES: Mapping[Step, Callable[[Obligation, User], object]] = {
    Step.EDIT: lambda row, by: entries.save(pk=row.pk, edits={"note": FieldEdit("核对", 9)}, by=by),
    Step.HAND_OVER: lambda row, by: submissions.hand_over(pks=[row.pk], by=by),
    Step.SUBMIT: lambda row, by: submissions.submit(pks=[row.pk], by=by),
    Step.SIGN: lambda row, by: submissions.sign(pks=[row.pk], by=by),
    Step.SEND_BACK: lambda row, by: submissions.send_back(pk=row.pk, comment="核实", by=by),
    Step.WITHDRAW: lambda row, by: submissions.withdraw(pks=[row.pk], by=by),
    Step.BEGIN_REVIEW: lambda row, by: reviews.begin(pk=row.pk, by=by),
    Step.RETURN: lambda row, by: reviews.give_back(pk=row.pk, round=1, comment="核实", by=by),
    Step.APPROVE: lambda row, by: reviews.approve(rounds={row.pk: 1}, by=by),
    Step.UNDO_APPROVAL: lambda row, by: reviews.undo(decisions=[approval(row)], by=by),
    Step.CORRECT: lambda row, by: corrections.correct(pk=row.pk, reason=REASON, by=by),
    Step.DROP_CORRECTION: lambda row, by: corrections.drop_correction(pk=row.pk, by=by),
}
"""Each step as other code takes it."""


def addresses(step: Step, row: Obligation) -> list[tuple[str, dict[str, object]]]:
    """Every address that takes a step, with what its form sends."""
    form = row.get_absolute_url()
    period = f"/fill/{row.period.code}/"
    review = form.replace("/fill/", "/review/")
    typed = {"note": "核对", "v_note": "9"}
    sent = {"items": [row.pk], "phone": "0731-1", "confirmed": "1"}
    decision = {"item": row.pk, "round": "1", "comment": "核实"}
    return {
        Step.EDIT: [
            (form, typed),
            (f"{form}save/", typed),
            (f"{period}grid/apply/", {f"note-{row.pk}": "核对", f"v_note-{row.pk}": "9"}),
        ],
        Step.HAND_OVER: [(f"{period}check/", sent)],
        Step.SUBMIT: [(f"{period}check/", sent)],
        Step.SIGN: [("/my/signing/", {"items": [row.pk]})],
        Step.SEND_BACK: [("/my/signing/", {"back": row.pk, f"comment_{row.pk}": "核实"})],
        Step.WITHDRAW: [(f"{period}withdraw/", {"items": [row.pk]})],
        Step.BEGIN_REVIEW: [(review, decision | {"do": "begin"})],
        Step.RETURN: [(review, decision | {"do": "return"})],
        Step.APPROVE: [
            (review, decision | {"do": "approve"}),
            ("/review/bulk/approve/", {"pick": [f"{row.pk}:1"]}),
        ],
        Step.UNDO_APPROVAL: [("/review/undo/", {"decision": [approval(row)]})],
        Step.CORRECT: [(f"{form}correct/", {"reason": REASON})],
        Step.DROP_CORRECTION: [(f"{form}drop/", {})],
    }[step]


def post(client: Client, address: str, sent: Mapping[str, object]) -> int:
    """The status of a direct POST."""
    return client.post(address, sent).status_code


def state_of(row: Obligation) -> str:
    """As it is stored now, with what an edit changes, so that a silent write is seen."""
    kept = Obligation.objects.get(pk=row.pk)
    return f"{kept.state} {kept.texts.get('note', '')}"
