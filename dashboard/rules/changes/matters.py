"""What of matters differs between two days."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from dashboard.rules.changes.change import Change, Direction, Kind
from dashboard.rules.changes.snapshots import MatterSnapshot, MatterStage

_STAGES = {MatterStage.OPEN: 0, MatterStage.HELD: 1, MatterStage.CLOSED: 2}


def concern_changes(
    before: Mapping[str, MatterSnapshot], after: Mapping[str, MatterSnapshot]
) -> Iterator[Change]:
    """New, eased and closed matters, by their addresses; nothing of the ledger is
    deleted."""
    for key, now in after.items():
        old = before.get(key)
        if old is None and now.stage != MatterStage.CLOSED:
            said = "，".join(filter(None, (f"新增{now.grade}" if now.grade else "新报", now.state)))
            yield _of_concern(now, Direction.PROBLEM, "", said, Decimal(now.severity))
        if old is None:
            continue
        step = _STAGES[now.stage] - _STAGES[old.stage]
        if (old.place or old.state) != (now.place or now.state):
            yield _of_concern(now, Direction.of(step), old.state, now.state, Decimal(abs(step)))
        if old.severity != now.severity and now.stage != MatterStage.CLOSED:
            direction = Direction.of(old.severity - now.severity)
            weight = Decimal(abs(old.severity - now.severity))
            yield _of_concern(now, direction, old.grade, now.grade, weight)


def _of_concern(
    now: MatterSnapshot, direction: Direction, first: str, last: str, weight: Decimal
) -> Change:
    return Change(Kind.CONCERN, direction, now.thing, first, last, now.kept_in, weight=weight)


def without_repeats(
    changes: Iterable[Change], after: Mapping[str, MatterSnapshot]
) -> Iterator[Change]:
    """A new row of the ledger stands for the same problem in a report of its subject."""
    found = list(changes)
    urls = {
        change.thing.url
        for change in found
        if change.direction == Direction.PROBLEM and change.thing.url in after
    }
    about = {after[url].about for url in urls}
    for change in found:
        is_new = change.direction == Direction.PROBLEM and change.thing.url not in urls
        if not (is_new and change.thing.code in about):
            yield change
