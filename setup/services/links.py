"""Which targets the tasks and projects of the plan serve."""

from collections.abc import Iterable

from django.db import transaction

from agencies.models import User
from agencies.policies import check_can_manage
from audit.models import AuditEvent
from projects.models import Project
from setup.selectors import link_rows
from setup.services.published_plan import read_json
from targets.choices import LinkOrigin
from targets.models import Target
from targets.services.serving import SERVED, add_served
from tasks.models import Task


@transaction.atomic
def accept_proposals(*, chosen: Iterable[str], by: User | None) -> int:
    """Link what the text proposes, each as `2-1:T03`; returns how many links were made.

    What is not proposed, or not any more, is passed over.
    """
    check_can_manage(by)
    wanted = set(chosen)
    made = 0
    for row in link_rows():
        reasons = {p.target: p.quote for p in row.proposals if p.key in wanted}
        add_served(record=row.record, reasons=reasons, origin=LinkOrigin.WORDS, by=by)
        made += len(reasons)
    return made


@transaction.atomic
def link_targets(*, by: User | None) -> int:
    """Link each task and project with the targets of its clause and those transcribed for it.

    Only where nobody has ever linked it: what was made or taken away by hand stays so. Returns
    how many records changed.
    """
    check_can_manage(by)
    targets = {target.code: target for target in Target.objects.all()}
    transcribed = read_json(name="links")
    changed = 0
    for record in _never_linked():
        same = Target.objects.filter(sources__clause=record.clause_id).distinct()
        quoted = {
            targets[row["target"]]: row["quote"]
            for row in transcribed
            if row["serves"] == record.code
            and row["target"] in targets
            and row["quote"] in record.words
        }
        by_clause = add_served(
            record=record, reasons=dict.fromkeys(same, ""), origin=LinkOrigin.CLAUSE, by=by
        )
        by_text = add_served(record=record, reasons=quoted, origin=LinkOrigin.WORDS, by=by)
        changed += bool(by_clause or by_text)
    return changed


def _never_linked() -> list[Task | Project]:
    found: list[Task | Project] = []
    for model in (Task, Project):
        events = AuditEvent.objects.filter(
            object_type=model._meta.verbose_name, changes__contains=[[SERVED]]
        )
        records = model.objects.filter(targets=None).exclude(clause=None)
        found += records.exclude(code__in=events.values("object_code"))
    return found
