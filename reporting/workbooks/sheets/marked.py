"""The copy of an uploaded workbook with its problems marked in place."""

from collections.abc import Mapping

from agencies.models import User
from reporting.models import WorkbookDownload
from reporting.workbooks.rules.book import CellPlace
from reporting.workbooks.rules.layout import Token
from reporting.workbooks.selectors.book import workbook
from reporting.workbooks.selectors.tokens import signed
from reporting.workbooks.sheets.writing import written


def marked_copy(
    *,
    download: WorkbookDownload,
    reader: User,
    uploaded: Mapping[CellPlace, str],
    marks: Mapping[CellPlace, str],
) -> bytes:
    """The workbook written anew: uploaded answers in their cells, what is wrong on red ground.

    The uploaded file itself is never sent back. The copy carries the token of the download, so
    that it is compared with the same contents when it returns. `marks` are the words of the notes.
    """
    token = Token(download.agency.code, download.period.code, download.key)
    book, _ = workbook(
        reader=reader, agency=download.agency, period=download.period, token=signed(token),
        at=download.at,
    )  # fmt: skip
    return written(book=book.marked(uploaded, marks))
