"""Today's judged targets, cached in this process: only changed ones are read again."""

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
    """All current targets, as of a mark of the data or later."""

    mark: UUID
    rows: tuple[Judged, ...]


def judged_now(state: DataState) -> list[Judged]:
    """The result of `judged_targets()`; `state` must have been read before.

    A target stays the same object, with all that was computed from it, until its values or the plan
    may have changed.
    """
    known: _CachedTargets | None = caches["made"].get(_key())
    if known is not None and known.mark == state.targets_mark:
        return list(known.rows)
    return _keep(state, _read(known, state))


def judged_now_and_then(state: DataState, *, before: AsOf) -> tuple[list[Judged], list[Judged]]:
    """As `judged_now`, with the targets as of an earlier day, all read in one statement."""
    now, then = judged_on_both(before=before)
    return _keep(state, now), then


def _keep(state: DataState, rows: list[Judged]) -> list[Judged]:
    # `state` was read before the rows: these may be newer than its mark and are then read once
    # more, but never older. Without a version nothing signals a change, so nothing is cached.
    if state.version:
        caches["made"].set(_key(), _CachedTargets(state.targets_mark, tuple(rows)))
    return rows


def _key() -> str:
    # The day is part of the key: verdicts, paces and ages of values depend on it.
    return f"judged-{timezone.localdate()}"


def _read(known: _CachedTargets | None, state: DataState) -> list[Judged]:
    changed = state.targets_since(known.mark) if known else None
    if known is None or changed is None:
        return judged_targets()
    # A target that shows another one's values changes with that one.
    of_them = Q(pk__in=changed) | Q(values_of__in=changed)
    anew = {row.target.pk: row for row in judged_targets(where=of_them)}
    return [anew.get(row.target.pk, row) for row in known.rows]
