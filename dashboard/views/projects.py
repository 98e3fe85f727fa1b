"""The list of projects, the page of one project, their figures, workbooks and small forms."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_safe

from agencies.models import Agency
from agencies.policies import Action, SignedInRequest, can, requires
from agencies.selectors import able_to_report_today, known_names
from common.charts import Chart
from common.web.refusals import refusal_on_form
from common.workbooks.writing import workbook_response
from dashboard.views.matters import behind_of, may_raise, problems_title
from pages.caching import answers_304_while_same, cached_by_version, unchanged_answers_304
from pages.charts import chart_views
from pages.decorators import accepts_asof
from pages.frame import frame_of
from projects import charts, selectors, services, sheets
from projects.forms import ProjectFilterForm, ProjectForm, ReporterForm
from projects.models import Project
from records.asof import AsOf

ROWS_PER_PAGE = 100
CHARTS = {"timeline": charts.timeline_chart, "investment": charts.investment_chart}


@require_safe
@requires(Action.READ)
@accepts_asof
@unchanged_answers_304
def project_list(request: HttpRequest) -> HttpResponse:
    form = _filters(request)
    overview = selectors.projects_overview(form.chosen())
    page = Paginator(overview.rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "overview": overview,
        "page": page,
        "rows": [row.cached("list", _row) for row in page],
        "found": f"共{overview.total}个",
        "charts": [chart for name in CHARTS if (chart := _chart(request, overview, name))],
        "may_add": can(request.user, Action.EDIT_PLAN),
    }
    return render(request, "projects/list.html", context)


@require_safe
@requires(Action.READ)
@accepts_asof
def export(request: HttpRequest) -> HttpResponse:
    return workbook_response(
        sheets.list_sheet(_filters(request).chosen()), name="项目", as_of=frame_of(request).past_day
    )


@require_safe
@requires(Action.READ)
@accepts_asof
@answers_304_while_same(lambda request, code: behind_of(request, Project, code))
def project_detail(request: HttpRequest, code: str) -> HttpResponse:
    detail, behind = _detail(code, frame_of(request).asof), behind_of(request, Project, code)
    context = {
        "detail": detail,
        "project": detail.project,
        "row": detail.row,
        "chart": charts.quarters_chart(detail),
        "behind": behind,
        "problems_title": problems_title(detail.problems, behind),
        "may_assign": can(request.user, Action.ASSIGN),
        "may_read_history": can(request.user, Action.READ_HISTORY),
        **may_raise(request),
    }
    return render(request, "projects/detail.html", context)


@require_safe
@requires(Action.READ)
@accepts_asof
def data(request: HttpRequest, code: str) -> HttpResponse:
    detail = _detail(code, frame_of(request).asof)
    return workbook_response(
        sheets.report_sheet(detail), name=f"{code}_项目进展", as_of=frame_of(request).past_day
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.EDIT_PLAN)
def add(request: SignedInRequest) -> HttpResponse:
    form = ProjectForm(request.POST or None)
    if form.is_valid():
        names, unknown = form.owners_among(known_names())
        found = {agency.name: agency for agency in Agency.objects.filter(name__in=names)}
        owners = [found[name] for name in names]
        project, reason = form.save(commit=False), form.cleaned_data["reason"]
        try:
            services.add_project(project=project, owners=owners, by=request.user, reason=reason)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, f"已增补项目{project}")
            if unknown:
                note = f"{'、'.join(unknown)}不在单位名录里，只保留原文"
                messages.warning(request, note)
            return redirect(project)
    return render(request, "projects/form.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.ASSIGN)
def reporter(request: SignedInRequest, code: str) -> HttpResponse:
    project = get_object_or_404(Project.objects.select_related("reporting_agency"), code=code)
    form = ReporterForm(
        request.POST or None, agencies=able_to_report_today(), chosen=project.reporting_agency
    )
    if form.is_valid():
        agency, reason = form.cleaned_data["reporting_agency"], form.cleaned_data["reason"]
        with refusal_on_form(form):
            services.assign_reporting_agency(
                project=project, agency=agency, by=request.user, reason=reason
            )
            messages.success(request, f"{project.code}的填报责任单位：{agency or '不指定'}")
            return redirect(project)
    return render(request, "projects/reporter.html", {"form": form, "project": project})


def _filters(request: HttpRequest) -> ProjectFilterForm:
    frame = frame_of(request)
    read = partial(selectors.project_rows, asof=frame.asof)
    rows = cached_by_version(frame, "project rows", read, area="projects")
    return ProjectFilterForm(request.GET, rows)


def _row(row: selectors.ProjectRow) -> SafeString:
    return render_to_string("projects/_row.html", {"row": row})


def _chart(request: HttpRequest, overview: selectors.ProjectsOverview, name: str) -> Chart | None:
    return CHARTS[name](overview, query=request.GET.urlencode()) if name in CHARTS else None


def _of_all(request: HttpRequest, name: str) -> Chart | None:
    return _chart(request, selectors.projects_overview(_filters(request).chosen()), name)


def _of_one(request: HttpRequest, code: str) -> Chart | None:
    return charts.quarters_chart(_detail(code, frame_of(request).asof))


def _detail(code: str, asof: AsOf | None) -> selectors.ProjectDetail:
    try:
        return selectors.project_detail(code=code, asof=asof)
    except Project.DoesNotExist as error:
        raise Http404(f"没有编号为{code}的项目") from error


figure, figure_data = chart_views(_of_all, area="projects")
detail_figure, detail_figure_data = chart_views(_of_one, area="projects")
