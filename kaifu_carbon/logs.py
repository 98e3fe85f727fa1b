"""How a line of the log is written."""

import logging
import re

SERVER_ERROR = 500
# What PostgreSQL adds to an error: the row, the statement. To the end of that error's text; where
# Celery names the error in one line, to the end of the line.
_WORDS = r"(?:DETAIL|LINE \d+|QUERY|CONTEXT):"
_CONTENT = re.compile(
    rf"^{_WORDS}.*?(?=^\n(?:The above|During handling)|\Z)|\\n{_WORDS}[^\n]*",
    re.DOTALL | re.MULTILINE,
)


class LineFormatter(logging.Formatter):
    """A refused request is one line; an error holds no row and no statement of the database."""

    def format(self, record: logging.LogRecord) -> str:
        if getattr(record, "status_code", SERVER_ERROR) < SERVER_ERROR:
            record = logging.makeLogRecord(vars(record) | {"exc_info": None, "exc_text": None})
        return _CONTENT.sub("", super().format(record)).rstrip()
