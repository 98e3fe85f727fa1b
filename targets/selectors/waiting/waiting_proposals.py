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
    """An undecided proposal, for a reader.

    `is_changed`: a version that it rests on is no longer current; `now` is the current annual
    value, `turned` the light that a proposed base value changes.
    """

    proposal: Proposal
    is_changed: bool
    now: str
    may_decide: bool
    turned: LightChange | None = None

    @property
    def is_ticked(self) -> bool:
        """Whether its tick is offered for confirmation."""
        return self.may_decide and not self.is_changed


@dataclass(frozen=True)
class WaitingGroup:
    """Proposals of others, or the reader's own."""

    rows: tuple[WaitingProposal, ...]
    is_own: bool

    @property
    def may_decide(self) -> bool:
        return any(row.may_decide for row in self.rows)


def waiting_groups(*, reader: User) -> list[WaitingGroup]:
    """Every waiting proposal of any kind, the reader's own last.

    In a constant number of statements.
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
    """The proposals of which a version that the proposer saw is no longer current."""
    changed = set()
    for name, model in _VERSIONED.items():
        seen = {row.pk: row.seen[name] for row in rows if row.seen.get(name)}
        if seen:
            versions = model._base_manager.filter(pk__in=seen.values(), is_current=True)
            in_force = set(versions.values_list("pk", flat=True))
            changed |= {key for key, version in seen.items() if version not in in_force}
    return changed


def _values_now(rows: Sequence[Proposal]) -> dict[tuple[int, int | None], str]:
    """The current annual values of the targets and years of proposals."""
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
    """The light that each proposed or retracted base value changes, in one statement."""
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
