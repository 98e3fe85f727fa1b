"""What all steps of a matter share: lock, check, one event, one note, its files."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, Q, Subquery, Value
from django.db.models.functions import Coalesce

from agencies.models import User
from audit import services as audit
from plan.models import DataState
from reporting.choices import MatterState, MatterStep
from reporting.matters.services.files import attach
from reporting.models import Matter, MatterNote
from reporting.policies import ConflictError, check_matter_step
from reporting.workflow import matter_transition

Files = Sequence["UploadedFile[Any]"]


def begin(*, step: MatterStep, matter: Matter, by: User, seen: str) -> None:
    """Lock the stored row, check the policy, refuse if somebody has acted since it was shown."""
    rows = Matter.objects.select_for_update(of=("self",)).select_related("handler")
    stored = rows.get(pk=matter.pk)
    check_matter_step(step=step, matter=stored, by=by)
    # Optimistic check on the locked row: any step since the form was shown changes the mark.
    if stored.mark != (seen or matter.mark):
        last = stored.notes.first()
        who = f"{last.by_name}刚刚" if last else "别人刚刚"
        raise ConflictError(f"{who}办理过这件事项，刷新页面看最新情况")


def finish(
    *, step: MatterStep, matter: Matter, by: User, text: str, files: Files = ()
) -> MatterNote:
    """Set the next state; write one event and one note."""
    found = matter_transition(step, matter.state)
    assert found is not None  # noqa: S101 - a step beside the table never gets here
    matter.state = found.target
    audit.save(matter, by=by, action=step.label, also=(("办理记录", "", text or step.label),))
    return leave_note(step=step, matter=matter, by=by, text=text, files=files)


def leave_note(
    *, step: MatterStep, matter: Matter, by: User, text: str, files: Files
) -> MatterNote:
    """Write the note of a step with its files; its event is written already."""
    note = MatterNote.objects.create(
        matter=matter,
        step=step,
        text=text,
        by_name=by.display_name,
        by_id=by.pk,
        by_agency=by.agency_name,
    )
    attach(note=note, files=files, by=by)
    _count_waiting()
    return note


def _count_waiting() -> None:
    """Store how many matters wait for the bureau, next to the version of the data.

    They wait to be assessed, or to be closed by another reviewer.
    """
    closing = Q(closing_by_id__isnull=False) & ~Q(state=MatterState.CLOSED)
    waiting = Matter.objects.filter(Q(state=MatterState.RAISED) | closing)
    counted = waiting.order_by().values(every=Value(1)).annotate(count=Count("pk")).values("count")
    DataState.tell(matters_waiting=Coalesce(Subquery(counted), 0))


def said(*, text: str, field: str, missing: str) -> str:
    """The stripped text; raises ValidationError at the field where it is empty."""
    if not text.strip():
        raise ValidationError({field: missing})
    return text.strip()
