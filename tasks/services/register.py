"""Writes to the register of tasks."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from agencies.models import Agency, User
from agencies.policies import check_can_manage
from audit.models import AuditEvent
from plan import services as plan
from plan.choices import ClausePart
from plan.models import Clause
from plan.rules import address_of
from tasks.models import Task


def save_task(
    *, task: Task, responsible: Sequence[Agency] | None = None, by: User | None, reason: str = ""
) -> AuditEvent | None:
    """Save a task and its responsible agencies in order; None if nothing changed.

    A task without lead may have a convenor; one with a lead has none.
    """
    return plan.save_with_agencies(
        record=task, rows="shares", label="责任单位", agencies=responsible, by=by, reason=reason
    )


def assign_convenor(
    *, task: Task, agency: Agency | None, by: User | None, reason: str = ""
) -> AuditEvent | None:
    """Name who gathers the reports of a task without lead (None takes it back).

    None if it is named already. Raises ValidationError for a group or company.
    """
    return plan.assign_agency(record=task, field="convenor", agency=agency, by=by, reason=reason)


@transaction.atomic
def link_clauses(*, by: User | None) -> int:
    """Give each task the clauses it is taken from and, where it has none, the body's text.

    Known by category and number: task 5-3 is 三（五）3 and 附件1 二（五）3. Returns how many
    tasks changed.
    """
    check_can_manage(by)
    clauses = {clause.address: clause for clause in Clause.objects.all()}
    chapter = _chapter(clauses.values())
    if chapter is None:
        return 0
    changed = 0
    for task in Task.objects.select_related("category"):
        where = address_of([1, task.category.number, task.number])[1:]
        body = clauses.get(f"{chapter}{where}")
        annex = clauses.get(f"附件1 二{where}")
        task.clause = body or task.clause
        task.annex_clause = annex or task.annex_clause
        task.text = task.text or (body.text if body else "")
        changed += save_task(task=task, by=by) is not None
    return changed


def _chapter(clauses: Iterable[Clause]) -> str | None:
    """Address of the body's chapter of key tasks."""
    return next(
        (
            c.address
            for c in clauses
            if c.part == ClausePart.BODY and c.depth == 1 and "重点任务" in c.heading
        ),
        None,
    )
