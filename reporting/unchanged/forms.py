"""What the ticks of a page say: the boxes as they are now against those that were shown."""

from collections.abc import Collection
from dataclasses import dataclass

from django.http import QueryDict

from common.web.input_cleaning import key_of, keys_of
from reporting.unchanged.selectors.page import UnchangedPage
from reporting.unchanged.selectors.rows import UnchangedRow

AWAITED, VALUE = "awaited", "value"


@dataclass(frozen=True)
class TickedBoxes:
    """Keys of the obligations that a request settles, and of those that it takes back.

    `changed` are codes of obligations that another person has changed since the page was made.
    """

    tick: frozenset[int]
    untick: frozenset[int]
    wait: frozenset[int]
    share: frozenset[int]
    keep: frozenset[int]
    changed: tuple[str, ...] = ()


def ticked_boxes(*, data: QueryDict, page: UnchangedPage) -> TickedBoxes:
    """What a request changes. 全部 stands for all that it counted, without what is typed."""
    rows = {row.obligation.pk: row for row in page.rows}
    was, now = _keys(data, "was"), _keys(data, "tick")
    tick, untick = now - was, was - now
    if "all" in data and "was_all" not in data:
        tick |= {row.obligation.pk for row in page.for_all if not row.is_ticked}
    if "was_all" in data and "all" not in data:
        untick |= {row.obligation.pk for row in page.ticked}
    wait, unwait = _awaited(data, rows)
    shared, shares = _keys(data, "was_share"), _keys(data, "share")
    changed = {pk for pk in tick | wait if _is_changed(data, rows.get(pk), page)}
    known = frozenset(rows)
    return TickedBoxes(
        tick=(tick - changed) & known,
        untick=(untick | unwait) & known,
        wait=(wait - changed) & known,
        share=(shares - shared) & known,
        keep=(shared - shares - untick - unwait) & known,
        changed=tuple(rows[pk].code for pk in changed & known),
    )


def _keys(data: QueryDict, name: str) -> frozenset[int]:
    return frozenset(keys_of(data.getlist(name)))


def _awaited(data: QueryDict, rows: Collection[int]) -> tuple[frozenset[int], frozenset[int]]:
    """Keys of targets for which 尚未取得 is chosen now, and of those for which it was."""
    was = _keys(data, "was_awaited")
    now = frozenset(pk for pk in rows if data.get(f"have_{pk}") == AWAITED)
    return now - was, was - now


def _is_changed(data: QueryDict, row: UnchangedRow | None, page: UnchangedPage) -> bool:
    """Whether somebody else wrote in the row since it was shown."""
    if row is None or row.obligation.last_editor == page.reader.display_name:
        return False
    seen = key_of(data.get(f"version_{row.obligation.pk}"))
    return seen is not None and seen != row.obligation.version
