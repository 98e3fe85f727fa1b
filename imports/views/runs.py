"""The list of imports, one import, and what may be done with it as a whole."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from agencies.policies import Action, SignedInRequest, requires
from common.web.refusals import refusal_as_message
from common.workbooks.reading import WorkbookError
from imports.choices import ImportState, WizardStep
from imports.forms import UploadForm
from imports.models import ImportRun
from imports.selectors.import_record import record_of
from imports.services import runs, undoing
from imports.views.steps import show_step, step_url, take_step

PAGE_SIZE = 50
POLL_SECONDS = 2


@requires(Action.IMPORT_ANNEX)
def run_list(request: SignedInRequest) -> HttpResponse:
    sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if sent else UploadForm()
    if sent and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            run = runs.start(data=upload.read(), filename=upload.name, by=request.user)
        except WorkbookError as error:
            form.add_error("file", error.message)
        else:
            return _arrived(request, run)
    page = Paginator(ImportRun.objects.for_list(), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "imports/list.html", {"form": form, "page": page})


def _arrived(request: SignedInRequest, run: ImportRun) -> HttpResponseRedirect:
    if run.version > 1 or run.created_by_id != request.user.pk:
        messages.info(request, "这个文件已经上传过，接着上次的处理继续。")
        return redirect(run)
    return step_url(run, WizardStep.HEADER)


@requires(Action.IMPORT_ANNEX)
def run(request: SignedInRequest, number: int) -> HttpResponse:
    rows = ImportRun.objects.select_related("created_by", "confirmed_by").defer("content")
    found = get_object_or_404(rows, pk=number)
    if found.state == ImportState.CHECKING:
        return take_step(request, found) if request.method == "POST" else show_step(request, found)
    if request.method == "POST":
        messages.error(request, f"这次导入的状态是“{found.get_state_display()}”，不能再改。")
        return redirect(found)
    if found.state == ImportState.READING:
        answer = render(request, "imports/reading.html", {"run": found})
        answer["Refresh"] = str(POLL_SECONDS)
        return answer
    return render(request, "imports/record.html", {"run": found, "record": record_of(found)})


@require_POST
@requires(Action.IMPORT_ANNEX)
def abandon(request: SignedInRequest, number: int) -> HttpResponse:
    found = get_object_or_404(ImportRun.objects.for_list(), pk=number)
    try:
        runs.abandon(run=found, by=request.user)
    except ValidationError as error:
        messages.error(request, "；".join(error.messages))
        return redirect(found)
    messages.success(request, f"已放弃导入“{found.file_name}”，方案没有变化。")
    return redirect("imports:list")


@require_POST
@requires(Action.IMPORT_ANNEX)
def undo(request: SignedInRequest, number: int) -> HttpResponse:
    found = get_object_or_404(ImportRun.objects.for_list(), pk=number)
    with refusal_as_message(request):
        undoing.undo(run=found, by=request.user)
        messages.success(request, f"已撤销导入“{found.file_name}”，原来的内容已恢复。")
    return redirect(found)


@require_safe
@requires(Action.IMPORT_ANNEX)
def file(request: HttpRequest, number: int) -> HttpResponse:  # noqa: ARG001
    """The workbook as it was uploaded."""
    found = get_object_or_404(ImportRun.objects.only("content", "file_name"), pk=number)
    answer = HttpResponse(bytes(found.content), content_type="application/octet-stream")
    header = content_disposition_header(as_attachment=True, filename=found.file_name)
    answer.headers["Content-Disposition"] = header or "attachment"
    return answer
