"""Downloads of the quarter as a workbook."""

import secrets

from django.db import transaction
from django.utils import timezone

from agencies.models import User
from audit import services as audit
from reporting.models import ReportingPeriod, WorkbookDownload
from reporting.policies import ConflictError, check_can_report
from reporting.workbooks.rules.book import Book
from reporting.workbooks.rules.layout import Token
from reporting.workbooks.selectors.book import workbook
from reporting.workbooks.selectors.start import file_name
from reporting.workbooks.selectors.tokens import signed


@transaction.atomic
def download(*, period: ReportingPeriod, by: User) -> Book:
    """The workbook of the person's agency, with what stands in it kept for its return.

    Raises PermissionDenied for those who do not report, ConflictError where nothing can be filled.
    """
    check_can_report(by=by)
    assert by.agency is not None  # noqa: S101 - who reports has one
    token = Token(by.agency.code, period.code, secrets.token_hex(16))
    now = timezone.now()
    book, contents = workbook(
        reader=by, agency=by.agency, period=period, token=signed(token), at=now
    )
    if not book.takes_answers:
        raise ConflictError(f"{period}现在没有可以填的事项，没有生成填报表")
    WorkbookDownload.objects.create(
        key=token.snapshot, agency=by.agency, period=period, by=by, by_name=by.display_name,
        at=now, contents=contents,
    )  # fmt: skip
    named = file_name(agency=by.agency, period=period)
    audit.record(
        audit.Entry(
            "下载填报表", "填报期", period.code, named, (("事项", "", f"{len(book.rows)}项"),)
        ),
        by=by,
    )
    return book
