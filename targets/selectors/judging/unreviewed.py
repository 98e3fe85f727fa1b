"""Submitted values that wait for review: shown over the approved ones, never cached.

They are no ground of a settlement.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from targets import rules
from targets.models import Observation
from targets.selectors.judging.facts import actual_of


@dataclass(frozen=True)
class Unreviewed:
    """Waiting values by the key of their target, and the address of their review.

    Quarterly ones are unsaved records.
    """

    values: Mapping[int, tuple[rules.Actual, ...]] = field(default_factory=dict)
    quarters: Mapping[int, tuple[Observation, ...]] = field(default_factory=dict)
    urls: Mapping[int, str] = field(default_factory=dict)

    def over(self, target: int, terms: rules.Terms) -> rules.Terms:
        """The terms of a target as if all its waiting values were approved."""
        rows = self.quarters.get(target, ())
        quarters = (replace(actual_of(row), is_unreviewed=True) for row in rows)
        return terms.with_unreviewed(self.values.get(target, ())).with_quarters(quarters)


NOTHING = Unreviewed()
