"""Uploads of the quarter's workbook: taken, looked at, chosen about, written, undone."""

from pathlib import PurePath
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.choices import Role
from agencies.models import Agency
from agencies.policies import Action, SignedInRequest, requires
from common.workbooks.writing import MIME
from reporting.filling.services.entries import typed_edits
from reporting.filling.views.saving import answers_json, check_same_person, saved_answer
from reporting.models import ReportingPeriod, WorkbookUpload
from reporting.periods.selectors.obligations import period_of
from reporting.policies import REFUSALS, words_of
from reporting.workbooks.selectors.preview import OPEN_TAB, preview_page, upload_of
from reporting.workbooks.services import choosing, uploads, writing
from reporting.workbooks.sheets.marked import marked_copy

POLL_SECONDS = 2


@require_POST
@requires(Action.REPORT)
def upload(request: SignedInRequest, period: str) -> HttpResponse:
    """Take a workbook; what becomes of it is told at its own address."""
    found = _period(request, period)
    file = request.FILES.get("file")
    if file is None:
        messages.error(request, "选择要上传的填报表。")
        return redirect("reporting:excel", found.code)
    return redirect(uploads.take(period=found, upload=file, by=request.user))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.REPORT)
def preview(request: SignedInRequest, period: str, number: int) -> HttpResponseBase:
    """What an upload would write; a POST keeps what is chosen and writes."""
    found = _upload(request, period, number)
    if request.method == "POST":
        return _written(request, found)
    if found.is_reading:
        answer = render(request, "reporting/workbooks/reading.html", {"upload": found})
        answer["Refresh"] = str(POLL_SECONDS)
        return answer
    if found.is_refused or found.is_given_up:
        return render(request, "reporting/workbooks/refused.html", {"upload": found})
    tab, sheet = request.GET.get("show", OPEN_TAB), request.GET.get("sheet", "")
    page = preview_page(upload=found, tab=tab, sheet=sheet)
    may_write = request.user.has_role(Role.REPORTER)
    context = {"page": page, "upload": found, "may_write": may_write}
    return render(request, "reporting/workbooks/preview.html", context)


@answers_json
@require_http_methods(["GET", "POST"])
@requires(Action.REPORT)
def choose(request: SignedInRequest, period: str, number: int) -> HttpResponse:
    """Keep what is chosen: name=text&v_name=base. A GET counts anew what would be written."""
    found = _upload(request, period, number)
    if request.method == "GET":
        page = preview_page(upload=found)
        live = {"summary": page.status, "button": page.button}
        return JsonResponse({"findings": [], "live": live})
    check_same_person(request)
    edits = typed_edits(data=request.POST)
    saved = choosing.choose(upload=found, edits=edits, by=request.user)
    return saved_answer(
        edits=edits,
        content=saved.upload.choices,
        version=saved.upload.version,
        conflicts=saved.conflicts,
        unsaved=saved.unsaved,
    )


@answers_json
@require_POST
@requires(Action.REPORT)
def forgo(request: SignedInRequest, period: str, number: int) -> HttpResponse:
    """The text of one window was given up for another's: the choice in force is kept already."""
    _upload(request, period, number)
    check_same_person(request)
    return JsonResponse({})


@require_safe
@requires(Action.REPORT)
def marked(request: SignedInRequest, period: str, number: int) -> HttpResponse:
    """The workbook as it was filled in, with its problems marked in place."""
    found = _upload(request, period, number)
    if found.download is None:
        raise Http404("这份文件不是填报表")
    page = preview_page(upload=found)
    data = marked_copy(
        download=found.download, reader=request.user, uploaded=page.uploaded, marks=page.marks
    )
    answer = HttpResponse(data, content_type=MIME)
    name = quote(f"标出问题_{PurePath(found.file_name).stem}.xlsx")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer


@require_POST
@requires(Action.REPORT)
def undo(request: SignedInRequest, period: str, number: int) -> HttpResponse:
    """Take the last writing back."""
    found = _upload(request, period, number)
    try:
        items = writing.undo(upload=found, by=request.user)
        messages.success(request, f"已撤销这次写入，{items}项恢复到写入以前。")
    except REFUSALS as refusal:
        messages.error(request, words_of(refusal))
    return redirect(found)


@require_POST
@requires(Action.REPORT)
def give_up(request: SignedInRequest, period: str, number: int) -> HttpResponse:
    """Stop reading a large file, or leave a preview without writing."""
    found = _upload(request, period, number)
    try:
        uploads.give_up(upload=found, by=request.user)
    except REFUSALS as refusal:
        messages.error(request, words_of(refusal))
        return redirect(found)
    messages.success(request, f"已取消“{found.file_name}”，没有写入任何内容。")
    return redirect("reporting:excel", found.period.code)


def _written(request: SignedInRequest, found: WorkbookUpload) -> HttpResponse:
    choosing.choose(upload=found, edits=typed_edits(data=request.POST), by=request.user)
    try:
        writing.write(upload=found, by=request.user)
    except REFUSALS as refusal:
        messages.error(request, f"没有写入：{words_of(refusal)}")
    return redirect(found)


def _period(request: SignedInRequest, code: str) -> ReportingPeriod:
    found = period_of(_agency(request), code)
    if found is None:
        raise Http404(f"没有{code}这个填报期")
    return found


def _upload(request: SignedInRequest, period: str, number: int) -> WorkbookUpload:
    found = upload_of(reader=request.user, code=period, number=number)
    if found is None:
        raise Http404("没有这份填报表")
    return found


def _agency(request: SignedInRequest) -> Agency:
    assert request.user.agency is not None  # noqa: S101 - the database holds reporters to an agency
    return request.user.agency
