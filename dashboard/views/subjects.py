"""Pages of one task and one project: they show matters and evidence, so they stand above those."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from agencies.policies import Action, can, requires
from common.runs import Run
from dashboard.views.completeness import opened_of
from pages.asof import accepts_asof, asof_of
from pages.caching import unless_marked
from projects.charts import quarters_chart
from projects.models import Project
from projects.selectors import project_detail as project_page
from reporting.matters.selectors.behind import Behind, behind
from reporting.periods.selectors.opened import Opened
from tasks.models import Task
from tasks.selectors import task_detail as task_page


@require_safe
@requires(Action.READ)
@accepts_asof
@unless_marked(lambda request, code: (_opened(request).codes, _behind(request, Task, code)))
def task_detail(request: HttpRequest, code: str) -> HttpResponse:
    asof = asof_of(request)
    opened = _opened(request)
    try:
        detail = task_page(code=code, period=opened.shown, opened=opened.periods, asof=asof)
    except Task.DoesNotExist as error:
        raise Http404(f"没有编号为{code}的任务") from error
    context = {
        "detail": detail,
        "task": detail.task,
        "behind": _behind(request, Task, code),
        "problems_title": _problems_title(detail.problems, _behind(request, Task, code)),
        "may_assign": can(request.user, Action.ASSIGN),
        "may_read_history": can(request.user, Action.READ_HISTORY),
    }
    return render(request, "tasks/detail.html", context)


@require_safe
@requires(Action.READ)
@accepts_asof
@unless_marked(lambda request, code: _behind(request, Project, code))
def project_detail(request: HttpRequest, code: str) -> HttpResponse:
    try:
        detail = project_page(code=code, asof=asof_of(request))
    except Project.DoesNotExist as error:
        raise Http404(f"没有编号为{code}的项目") from error
    context = {
        "detail": detail,
        "project": detail.project,
        "row": detail.row,
        "chart": quarters_chart(detail),
        "behind": _behind(request, Project, code),
        "problems_title": _problems_title(detail.problems, _behind(request, Project, code)),
        "may_assign": can(request.user, Action.ASSIGN),
        "may_read_history": can(request.user, Action.READ_HISTORY),
    }
    return render(request, "projects/detail.html", context)


def _opened(request: HttpRequest) -> Opened:
    return opened_of(request)


def _behind(request: HttpRequest, of: type[Task] | type[Project], code: str) -> Behind:
    """Asked once a request; the ledger changes without the version of the data."""
    found: Behind | None = getattr(request, "_behind", None)
    if found is None:
        asof, reader = asof_of(request), request.user
        moment = asof.until if asof else None
        found = behind(of=of, code=code, reader=reader, moment=moment)  # type: ignore[arg-type]
        request._behind = found  # type: ignore[attr-defined]
    return found


def _problems_title(problems: tuple[Run, ...], found: Behind) -> str:
    """问题台账：未销号2项, of reports and matters together."""
    unsolved = sum(run.is_last for run in problems) + found.open_matters
    if unsolved:
        return f"问题台账：未销号{unsolved}项"
    return "问题台账：没有未销号的问题" if problems or found.matters else "问题台账"


# Mounted under the names of the apps of tasks and projects, behind their own addresses.
task_pages = [path("<str:code>/", task_detail, name="detail")]
project_pages = [path("<str:code>/", project_detail, name="detail")]
