"""Writes to the register of projects."""

from collections.abc import Sequence

from django.db import transaction

from agencies.choices import COMPANY_KINDS
from agencies.models import Agency, User
from agencies.policies import check_can_manage
from audit.models import AuditEvent
from plan import services as plan
from plan.models import Clause
from projects.models import Project


def save_project(
    *, project: Project, owners: Sequence[Agency] | None = None, by: User | None, reason: str = ""
) -> AuditEvent | None:
    """Save a project and its owners in order; None if nothing changed."""
    return plan.save_with_agencies(
        record=project, rows="owner_rows", label="项目单位", agencies=owners, by=by, reason=reason
    )


@transaction.atomic
def add_project(
    *, project: Project, owners: Sequence[Agency] = (), by: User | None, reason: str = ""
) -> AuditEvent | None:
    """Add a project beyond the annex under the next free number."""
    check_can_manage(by)
    numbers = (
        Project.objects.select_for_update().order_by("-number").values_list("number", flat=True)
    )
    project.number = (numbers.first() or 0) + 1
    project.code = f"P{project.number}"
    return save_project(project=project, owners=owners, by=by, reason=reason)


def assign_reporting_agency(
    *, project: Project, agency: Agency | None, by: User | None, reason: str = ""
) -> AuditEvent | None:
    """Name who reports a project (None takes it back); None if it is named already.

    Raises ValidationError for a group or company.
    """
    return plan.assign_agency(
        record=project, field="reporting_agency", agency=agency, by=by, reason=reason
    )


@transaction.atomic
def link_clauses(*, by: User | None) -> int:
    """Give each project of annex 2 its row there; returns how many projects changed."""
    check_can_manage(by)
    clauses = {clause.code: clause for clause in Clause.objects.filter(part="annex2")}
    changed = 0
    for project in Project.objects.filter(clause=None):
        project.clause = clauses.get(f"a2-{project.number}")
        changed += project.clause is not None and bool(save_project(project=project, by=by))
    return changed


@transaction.atomic
def assign_owners_that_report(*, by: User | None) -> int:
    """Where nobody is named to report and one owner can, name it; groups beside it do not count.

    Returns how many projects changed. Projects of companies stay open for the administrator.
    """
    changed = 0
    for project in Project.objects.filter(reporting_agency=None).prefetch_related("owners"):
        bodies = [owner for owner in project.owners.all() if not owner.is_group]
        if len(bodies) == 1 and bodies[0].kind not in COMPANY_KINDS:
            assign_reporting_agency(project=project, agency=bodies[0], by=by)
            changed += 1
    return changed
