"""The ledger of matters and the files behind a task or a project, read once a request."""

from django.http import HttpRequest

from common.runs import Run
from pages.asof import asof_of
from projects.models import Project
from reporting.matters.selectors.behind import Behind, behind
from tasks.models import Task


def behind_of(request: HttpRequest, of: type[Task] | type[Project], code: str) -> Behind:
    """Those that the reader may see; the ledger changes without the version of the data."""
    found: Behind | None = getattr(request, "_behind", None)
    if found is None:
        asof, reader = asof_of(request), request.user
        moment = asof.until if asof else None
        found = behind(of=of, code=code, reader=reader, moment=moment)  # type: ignore[arg-type]
        request._behind = found  # type: ignore[attr-defined]
    return found


def problems_title(problems: tuple[Run, ...], found: Behind) -> str:
    """问题台账：未销号2项, of reports and matters together."""
    unsolved = sum(run.is_last for run in problems) + found.open_matters
    if unsolved:
        return f"问题台账：未销号{unsolved}项"
    return "问题台账：没有未销号的问题" if problems or found.matters else "问题台账"
