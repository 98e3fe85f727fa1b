"""用Excel填: the start, and the download of the workbook."""

from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from agencies.policies import Action, SignedInRequest, requires
from audit.notes import mark_noted
from common.workbooks.writing import MIME
from reporting.periods.selectors.obligations import period_of
from reporting.policies import ConflictError
from reporting.workbooks.selectors.start import file_name, start_page
from reporting.workbooks.services import downloads
from reporting.workbooks.sheets.writing import written


@require_safe
@requires(Action.REPORT)
def start(request: SignedInRequest, period: str) -> HttpResponse:
    """Three steps: download, upload, check."""
    page = start_page(reader=request.user, code=period)
    if page is None:
        raise Http404(f"没有{period}这个填报期")
    return render(request, "reporting/workbooks/start.html", {"page": page})


@require_POST
@requires(Action.REPORT)
def download(request: SignedInRequest, period: str) -> HttpResponse:
    """The workbook; a POST, since what stands in it is kept for its return."""
    agency = request.user.agency
    assert agency is not None  # noqa: S101 - who reports has one
    found = period_of(agency, period)
    if found is None:
        raise Http404(f"没有{period}这个填报期")
    try:
        book = downloads.download(period=found, by=request.user)
    except ConflictError as refusal:
        messages.error(request, str(refusal))
        return redirect("reporting:excel", period)
    response = HttpResponse(written(book=book), content_type=MIME)
    name = quote(file_name(agency=agency, period=found))
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return mark_noted(response)
