"""The page before a bulk approval: every value that it would approve."""

from collections.abc import Iterable
from dataclasses import dataclass

from reporting.review.selectors.queue import Queue
from reporting.review.selectors.queue_rows import QueueRow


@dataclass(frozen=True)
class BulkPage:
    """The rows to approve together, and those that have to be opened individually."""

    rows: tuple[QueueRow, ...]
    left: tuple[QueueRow, ...]
    gone: int = 0
    """How many were decided or submitted again since they were ticked."""

    @property
    def left_words(self) -> str:
        codes = "、".join(row.obligation.subject_code for row in self.left)
        return f"{codes}有疑点、退回过、是更正或由您填报，须逐项打开审核"


def bulk_page(*, queue: Queue, keys: Iterable[str]) -> BulkPage:
    """The rows of these keys in their present state."""
    asked = list(dict.fromkeys(keys))
    known = {row.key: row for row in queue.all if row.is_waiting}
    found = [known[key] for key in asked if key in known]
    return BulkPage(
        tuple(row for row in found if row.is_clean),
        tuple(row for row in found if not row.is_clean),
        len(asked) - len(found),
    )
