"""A run from upload to step ⑤: every answer is kept, nothing of the plan changes."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from agencies.models import User
from agencies.policies import check_can_manage
from audit import services as audit
from audit.models import Way
from audit.origin import acting
from common.background import NoWorkerError, send
from common.workbooks.reading import Workbook, WorkbookError, read_workbook
from imports.choices import OPEN, ImportState
from imports.models import ImportRun
from imports.selectors.reading_storage import unpack
from imports.services.confirming import run_entry
from imports.services.locking import locked
from imports.services.reading import store_reading

INLINE_ROWS = 1000
READ_JOB = "imports.jobs.read_run"
_NEVER_READ = frozenset({"two_tables", "no_rows"})


def start(*, data: bytes, filename: str, by: User | None) -> ImportRun:
    """Take an uploaded file; the run that already checks the same file is returned instead.

    Up to 1000 rows are read at once, more by a job. Raises WorkbookError with a sentence.
    """
    check_can_manage(by)
    sha256 = hashlib.sha256(data).hexdigest()
    earlier = ImportRun.objects.for_list().open().filter(sha256=sha256).first()
    if earlier is not None:
        return earlier
    workbook = read_workbook(data, filename)
    run = ImportRun(file_name=filename[-200:], sha256=sha256, content=data, created_by=by)
    if _height(workbook) > INLINE_ROWS:
        return _send_to_worker(run)
    store_reading(run=run, workbook=workbook)
    refuse_unusable(run=run)
    with transaction.atomic(), acting(way=Way.ANNEX):
        run.save()
        audit.record(run_entry(run=run, action="上传附件"), by=by)
    return run


def refuse_unusable(*, run: ImportRun) -> None:
    """Raise WorkbookError if no choice of sheet or header could make the file readable."""
    for problem in unpack(run.reading or {}).problems:
        if problem.code in _NEVER_READ:
            raise WorkbookError(problem.code, problem.message)


def _height(workbook: Workbook) -> int:
    return max(len(sheet.rows) for sheet in workbook.sheets)


def _send_to_worker(run: ImportRun) -> ImportRun:
    run.state = ImportState.READING
    with transaction.atomic(), acting(way=Way.ANNEX):
        run.save()
        audit.record(run_entry(run=run, action="上传附件"), by=run.created_by)
    try:
        send(READ_JOB, run.pk)
    except NoWorkerError as error:
        run.state = ImportState.FAILED
        run.message = "后台服务没有响应，超过1000行的表暂时读不了。"
        run.save(update_fields=["state", "message"])
        raise WorkbookError(
            "broker_down",
            "后台服务没有响应，超过1000行的表暂时读不了，什么也没有导入。请联系系统管理员，稍后再传。",
        ) from error
    return run


def choose_header(
    *, run: ImportRun, choices: Mapping[str, Any], by: User | None, version: int | None = None
) -> ImportRun:
    """Read the workbook again with another sheet, table or header. Raises WorkbookError."""
    check_can_manage(by)
    with transaction.atomic():
        run = locked(run=run, version=version)
        run.header_choices = dict(choices)
        store_reading(run=run, workbook=read_workbook(bytes(run.content), run.file_name))
        return _kept(run, "header_choices", "reading", "answers", "table", "sheet", "message")


def keep_cells(
    *,
    run: ImportRun,
    cells: Mapping[str, Mapping[str, str]],
    by: User | None,
    version: int | None = None,
) -> ImportRun:
    """Keep answers about cells; an empty answer takes an earlier one back."""
    check_can_manage(by)
    with transaction.atomic():
        run = locked(run=run, version=version)
        merged = {**run.answers.get("cells", {}), **cells}
        run.answers["cells"] = {key: dict(answer) for key, answer in merged.items() if answer}
        return _kept(run, "answers")


def keep_agencies(
    *,
    run: ImportRun,
    agencies: Mapping[str, Mapping[str, str]],
    reporters: Mapping[str, str],
    by: User | None,
    version: int | None = None,
) -> ImportRun:
    """Keep what unknown spellings mean and who reports which project."""
    check_can_manage(by)
    with transaction.atomic():
        run = locked(run=run, version=version)
        run.agency_answers |= {name: dict(answer) for name, answer in agencies.items()}
        named = {**run.answers.get("reporters", {}), **reporters}
        run.answers["reporters"] = {row: name for row, name in named.items() if name}
        return _kept(run, "answers", "agency_answers")


def keep_choices(
    *,
    run: ImportRun,
    retire: Sequence[str],
    refused_targets: Sequence[str],
    by: User | None,
    version: int | None = None,
) -> ImportRun:
    """Keep which rows are to be retired and which proposed targets are not wanted."""
    check_can_manage(by)
    with transaction.atomic():
        run = locked(run=run, version=version)
        run.answers["retire"] = list(retire)
        run.answers["refused_targets"] = list(refused_targets)
        return _kept(run, "answers")


def abandon(*, run: ImportRun, by: User | None) -> ImportRun:
    """Give a run up before it changed anything."""
    check_can_manage(by)
    with transaction.atomic(), acting(way=Way.ANNEX):
        run = locked(run=run, version=None, states=OPEN)
        run.state = ImportState.ABANDONED
        audit.record(run_entry(run=run, action="放弃导入"), by=by)
        return _kept(run, "state")


def _kept(run: ImportRun, *fields: str) -> ImportRun:
    run.version += 1
    run.save(update_fields=[*fields, "version"])
    return run
