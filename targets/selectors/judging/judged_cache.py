"""Today's judged targets, cached in this process: only those that changed are read again."""

from dataclasses import dataclass
from uuid import UUID

from django.core.cache import caches
from django.db.models import Q
from django.utils import timezone

from plan.models import DataState
from records.asof import AsOf
from targets.selectors.judging.both_days import judged_on_both
from targets.selectors.judging.judged import Judged, judged_targets


@dataclass(frozen=True)
class _CachedTargets:
    """All targets in force, as of a mark of the data or later."""

    mark: UUID
    rows: tuple[Judged, ...]


def judged_now(state: DataState) -> list[Judged]:
    """What `judged_targets()` returns; `state` was read before.

    A target stays the same object until its values, or anything but values, may have changed, and
    with it what was worked out of it.
    """
    known: _CachedTargets | None = caches["made"].get(_key())
    if known is not None and known.mark == state.targets_mark:
        return list(known.rows)
    return _keep(state, _read(known, state))


def judged_now_and_then(state: DataState, *, before: AsOf) -> tuple[list[Judged], list[Judged]]:
    """The same and the targets as of an earlier day, all read in one statement."""
    now, then = judged_on_both(before=before)
    return _keep(state, now), then


def _keep(state: DataState, rows: list[Judged]) -> list[Judged]:
    # `state` was read before the rows: they may be newer than its mark and are then read once more,
    # but never older. Without a version nothing says when they change.
    if state.version:
        caches["made"].set(_key(), _CachedTargets(state.targets_mark, tuple(rows)))
    return rows


def _key() -> str:
    # the day is part of the key: verdicts, paces and ages of values depend on it
    return f"judged-{timezone.localdate()}"


def _read(known: _CachedTargets | None, state: DataState) -> list[Judged]:
    changed = state.targets_since(known.mark) if known else None
    if known is None or changed is None:
        return judged_targets()
    of_them = Q(pk__in=changed) | Q(values_of__in=changed)
    anew = {row.target.pk: row for row in judged_targets(where=of_them)}
    return [anew.get(row.target.pk, row) for row in known.rows]
