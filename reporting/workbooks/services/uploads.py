"""Taking a workbook that comes back: read at once or by a job, refused in words, given up, swept.

Nothing of an obligation changes here; see `writing`.
"""

import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from agencies.models import User
from audit import services as audit
from common.background import NoWorkerError, send
from common.files.types import clean_name
from common.workbooks.files import MAX_BYTES, checked_kind
from common.workbooks.reading import Workbook, WorkbookError
from reporting.choices import UploadState
from reporting.models import ReportingPeriod, WorkbookDownload, WorkbookUpload
from reporting.policies import ConflictError, check_can_report
from reporting.workbooks.rules import layout, refusals
from reporting.workbooks.rules.file_reader import FileCell, read_cells, read_file, token_texts
from reporting.workbooks.rules.layout import Token
from reporting.workbooks.rules.refusals import RefusedError
from reporting.workbooks.selectors.comparison import takes_entries
from reporting.workbooks.selectors.tokens import read_token

INLINE_BYTES = 512 * 1024
"""A quarter of an agency is a few dozen KB; more means pictures or sheets of others."""

READ_JOB = "reporting.jobs.read_workbook"
KEPT = datetime.timedelta(days=90)
_MEGABYTE = 1024 * 1024
_LONGEST = 300
_READ = ("state", "progress", "message", "advice", "download", "cells", "strays", "content")


def take(*, period: ReportingPeriod, upload: "UploadedFile[Any]", by: User) -> WorkbookUpload:
    """Keep an uploaded file and read it, a large one by a job. A refused one is kept as refused."""
    check_can_report(by=by)
    assert by.agency is not None  # noqa: S101 - the database holds reporters to an agency
    size = upload.size or 0
    is_large = size > INLINE_BYTES
    found = WorkbookUpload(
        agency=by.agency, period=period, by=by, by_name=by.display_name, at=timezone.now(),
        file_name=clean_name(upload.name or "") or "未命名", state=UploadState.READING,
    )  # fmt: skip
    if size > MAX_BYTES:
        words = (
            f"文件有{size / _MEGABYTE:.0f}MB，超过20MB的上限，删去图片和多余的工作表后重新上传。"
        )
        _refuse(found, refusals.unusable(message=words))
    else:
        found.content = upload.read()
        if not is_large:
            _read(found)
    with transaction.atomic():
        found.save()
        audit.record(_entry(found, "上传填报表"), by=by)
    if found.is_reading:
        _send(found)
    return found


def read(*, pk: int) -> None:
    """Read a large upload; the job's whole work. Does nothing a second time, nor if given up."""
    found = WorkbookUpload.objects.select_related("period", "agency").get(pk=pk)
    if not found.is_reading:
        return
    WorkbookUpload.objects.filter(pk=pk, state=UploadState.READING).update(progress=20)
    _read(found)
    with transaction.atomic():
        held = WorkbookUpload.objects.select_for_update().filter(pk=pk, state=UploadState.READING)
        if held.exists():
            found.save(update_fields=_READ)


@transaction.atomic
def give_up(*, upload: WorkbookUpload, by: User) -> None:
    """Stop reading or looking at a file. Raises ConflictError once something was written."""
    found = WorkbookUpload.objects.select_for_update().get(pk=upload.pk)
    if found.writes:
        raise ConflictError("这份表已经写入过草稿，不能取消；要恢复原来的内容，用“撤销这次写入”")
    found.state, found.content = UploadState.GIVEN_UP, b""
    found.save(update_fields=["state", "content"])
    audit.record(_entry(found, "取消填报表"), by=by)


def sweep() -> None:
    """Forget the contents of old uploads; that they were there remains in the history."""
    old = WorkbookUpload.objects.filter(at__lt=timezone.now() - KEPT).exclude(cells=[], content=b"")
    old.update(content=b"", cells=[], strays=[], choices={})


def _send(found: WorkbookUpload) -> None:
    try:
        send(READ_JOB, found.pk)
    except NoWorkerError:
        _refuse(found, refusals.no_worker())
        found.save(update_fields=_READ)


def _read(found: WorkbookUpload) -> None:
    """Set what the file says, or why it is not taken; does not save it."""
    try:
        data = bytes(found.content)
        if checked_kind(data, found.file_name) != "xlsx":
            raise refusals.not_xlsx()
        workbook = read_file(data, found.file_name)
        found.download = _download(found, workbook)
        told = read_cells(workbook, keys=found.download.contents, period=found.period.code)
    except RefusedError as refusal:
        _refuse(found, refusal)
        return
    except WorkbookError as error:
        _refuse(found, refusals.unusable(message=error.message))
        return
    found.cells = [_row(cell) for cell in told.cells]
    found.strays = list(told.strays)
    found.state, found.progress = UploadState.CHECKING, 100


def _row(cell: FileCell) -> dict[str, str]:
    return {
        "key": cell.key, "column": cell.column, "text": cell.text, "place": cell.place,
        "formula": "1" if cell.lacks_result else "",
    }  # fmt: skip


def _download(found: WorkbookUpload, workbook: Workbook) -> WorkbookDownload:
    """The download that the file comes from. Raises RefusedError if it is not this agency's."""
    texts = token_texts(bytes(found.content), workbook)
    if not texts:
        raise refusals.no_token()
    token = next((known for text in texts if (known := read_token(text))), None)
    if token is None:
        is_old = not any(text.startswith(f"{layout.FORMAT}:") for text in texts)
        raise refusals.old_format() if is_old else refusals.forged()
    return _own(found, token)


def _own(found: WorkbookUpload, token: Token) -> WorkbookDownload:
    kept = WorkbookDownload.objects.select_related("agency", "period")
    download = kept.filter(key=token.snapshot).first()
    if download is None:
        raise refusals.forged()
    if download.agency_id != found.agency_id:
        raise refusals.other_agency(theirs=download.agency.short_name, own=found.agency.short_name)
    if download.period_id != found.period_id:
        raise refusals.other_period(theirs=str(download.period), own=str(found.period))
    if not takes_entries(upload=found):
        raise refusals.closed(period=str(found.period))
    return download


def _refuse(found: WorkbookUpload, refusal: RefusedError) -> None:
    found.state, found.content, found.progress = UploadState.REFUSED, b"", 100
    found.message, found.advice = refusal.message[:_LONGEST], refusal.advice[:_LONGEST]


def _entry(found: WorkbookUpload, action: str) -> audit.Entry:
    change = ("文件", "", found.file_name)
    code = found.period.code
    is_taken = found.state != UploadState.REFUSED
    return audit.Entry(
        action, "填报表", code, str(found.period), changes=(change,), reason=found.message,
        succeeded=is_taken,
    )  # fmt: skip
