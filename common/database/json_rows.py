"""Facts of other rows as JSON beside a row, so that one statement reads them all."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Func, JSONField


class JSONRow(Func):
    """The same as JSONObject of PostgreSQL, whose keys are written into the statement.

    JSONObject makes a cast and a parameter of each key: of the queries with most facts Django then
    takes longer to write the statement than the database to run it. Keys are Python names.
    """

    function = "JSONB_BUILD_OBJECT"
    output_field = JSONField()

    def __init__(self, **fields: Any) -> None:
        if not all(map(str.isidentifier, fields)):
            raise ValueError(f"keys stand in the SQL, so they are names: {', '.join(fields)}")
        super().__init__(*fields.values())
        self.keys = tuple(fields)

    def as_sql(self, *args: Any, **context: Any) -> Any:
        return super().as_sql(*args, **context | {"arg_joiner": self})

    def join(self, values: Sequence[str]) -> str:
        """How Func joins its arguments: each key before its value."""
        return ", ".join(f"'{key}', {value}" for key, value in zip(self.keys, values, strict=True))
