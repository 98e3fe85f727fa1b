"""The page of proposals that wait for a second person."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from agencies.models import User
from targets.choices import OF_BASE
from targets.models import Milestone, Observation, Proposal, Settlement
from targets.policies import can_decide
from targets.rules import plain
from targets.selectors.base_values import turned_by_base
from targets.selectors.judging.judged import judged_targets
from targets.selectors.waiting.rule_change import LightChange

_VERSIONED = {
    "milestone": Milestone,
    "observation": Observation,
    "quarter": Observation,
    "base": Observation,
    "settlement": Settlement,
}


@dataclass(frozen=True)
class WaitingProposal:
    """A proposal that nobody has decided, before a reader.

    `is_changed` where a version that it rests on is not in force any more, `now` the annual value
    that is, `turned` the light that a base value turns.
    """

    proposal: Proposal
    is_changed: bool
    now: str
    may_decide: bool
    turned: LightChange | None = None

    @property
    def is_ticked(self) -> bool:
        """Whether it is offered for confirmation."""
        return self.may_decide and not self.is_changed


@dataclass(frozen=True)
class WaitingGroup:
    """What others proposed, or what the reader did."""

    rows: tuple[WaitingProposal, ...]
    is_own: bool

    @property
    def may_decide(self) -> bool:
        return any(row.may_decide for row in self.rows)


def waiting_groups(*, reader: User) -> list[WaitingGroup]:
    """Every proposal that waits, of whatever kind, the reader's own last.

    The statements do not grow with them.
    """
    named = Proposal.objects.waiting().select_related("target", "proposed_by")
    found = list(named.order_by("proposed_at", "pk"))
    changed, turned = changed_since(found), _turned(found)
    now = _values_now([row for row in found if row.pk in changed])
    rows = [
        WaitingProposal(
            row,
            row.pk in changed,
            now.get((row.target_id, row.year), ""),
            can_decide(proposal=row, by=reader),
            turned.get(row.pk),
        )
        for row in found
    ]
    groups = []
    for is_own in (False, True):
        mine = tuple(row for row in rows if (row.proposal.proposed_by_id == reader.pk) == is_own)
        if mine:
            groups.append(WaitingGroup(mine, is_own))
    return groups


def changed_since(rows: Sequence[Proposal]) -> set[int]:
    """Those of which a version that the proposer saw is not in force any more."""
    changed = set()
    for name, model in _VERSIONED.items():
        seen = {row.pk: row.seen[name] for row in rows if row.seen.get(name)}
        if seen:
            versions = model._base_manager.filter(pk__in=seen.values(), is_current=True)
            in_force = set(versions.values_list("pk", flat=True))
            changed |= {key for key, version in seen.items() if version not in in_force}
    return changed


def _values_now(rows: Sequence[Proposal]) -> dict[tuple[int, int | None], str]:
    """The annual values in force of the targets and years of proposals."""
    if not rows:
        return {}
    found = Observation.objects.select_related("target").filter(
        target__in={row.target_id for row in rows},
        year__in={row.year for row in rows if row.year},
        quarter=None,
        is_current=True,
        value__isnull=False,
    )
    return {(row.target_id, row.year): _words(row) for row in found}


def _words(row: Observation) -> str:
    return f"{plain(row.value or Decimal(0))}{row.target.unit}（{row.get_grade_display()}）"


def _turned(rows: Sequence[Proposal]) -> dict[int, LightChange]:
    """The light that each base value turns that is to come or to go, in one statement."""
    bases = [row for row in rows if row.kind in OF_BASE]
    if not bases:
        return {}
    judged = judged_targets(where=Q(pk__in={row.target_id for row in bases}))
    by_target = {row.target.pk: row for row in judged}
    found = {}
    for row in bases:
        value = row.content["value"]
        base = None if value is None else Decimal(value)
        found[row.pk] = turned_by_base(by_target[row.target_id], base)
    return found
