"""How a line of the log is written."""

import logging
import re
from types import TracebackType

SERVER_ERROR = 500
# What PostgreSQL adds to an error: the row, the statement. To the end of that error's text.
_CONTENT = re.compile(
    r"^(?:DETAIL|LINE \d+|QUERY|CONTEXT):.*?(?=^\n(?:The above|During handling)|\Z)",
    re.DOTALL | re.MULTILINE,
)
Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class LineFormatter(logging.Formatter):
    """A refused request is one line; a traceback holds no row and no statement of the database."""

    def format(self, record: logging.LogRecord) -> str:
        if getattr(record, "status_code", SERVER_ERROR) < SERVER_ERROR:
            record = logging.makeLogRecord(vars(record) | {"exc_info": None, "exc_text": None})
        return super().format(record)

    def formatException(self, ei: Raised) -> str:  # noqa: N802 # the library's name
        return _CONTENT.sub("", super().formatException(ei)).rstrip()
