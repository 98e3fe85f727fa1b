from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from agencies import selectors as agencies
from agencies.policies import Action, SignedInRequest, requires
from common.quarters import Period
from common.sheets import workbook_response
from pages.asof import accepts_asof, asof_of, past_day
from records.asof import AsOf, day_of
from tasks import selectors, services, sheets
from tasks.forms import ConvenorForm
from tasks.models import Task


@require_safe
@requires(Action.READ)
@accepts_asof
def data(request: HttpRequest, code: str) -> HttpResponse:
    detail = _detail(code, asof_of(request))
    return workbook_response(
        *sheets.detail_sheets(detail), name=f"{code}_任务进展", as_of=past_day(request)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.ASSIGN)
def convenor(request: SignedInRequest, code: str) -> HttpResponse:
    task = get_object_or_404(Task.objects.select_related("convenor"), code=code, lead=None)
    found = agencies.able_to_report_today()
    form = ConvenorForm(request.POST or None, agencies=found, chosen=task.convenor)
    if form.is_valid():
        chosen, reason = form.cleaned_data["convenor"], form.cleaned_data["reason"]
        try:
            services.assign_convenor(task=task, agency=chosen, by=request.user, reason=reason)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"{task.code}的汇总单位：{chosen or '不指定'}")
            return redirect(task)
    return render(request, "tasks/convenor.html", {"form": form, "task": task})


def _detail(code: str, asof: AsOf | None) -> selectors.TaskDetail:
    period = Period.last_closed(day_of(asof))
    try:
        return selectors.task_detail(code=code, period=period, asof=asof)
    except Task.DoesNotExist as error:
        raise Http404(f"没有编号为{code}的任务") from error
