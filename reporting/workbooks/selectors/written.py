"""What an upload has written, and whether it can still be taken back."""

from collections.abc import Iterable, Mapping
from typing import Any

from reporting.models import Obligation
from reporting.workbooks.selectors.rows import takes_answers

Write = Iterable[Mapping[str, Any]]


def is_undoable(*, write: Write, obligations: Iterable[Obligation]) -> bool:
    """Whether every written field still stands as it was written, where it may be edited."""
    known = {one.pk: one for one in obligations}
    return all(takes_answers(obligation=one) for one in known.values()) and all(
        known[cell["pk"]].content.get(cell["field"], {}).get("v") == cell["v"]
        for cell in write
        if cell["pk"] in known
    )
