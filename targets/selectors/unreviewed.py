"""Values that were handed in and wait for review: laid over what is approved to be looked at,
never kept, and no ground of a settlement."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from targets import rules
from targets.models import Observation


@dataclass(frozen=True)
class Unreviewed:
    """What waits, by the key of its target: annual values, quarterly ones as unsaved records, and
    the address of the review."""

    values: Mapping[int, tuple[rules.Actual, ...]] = field(default_factory=dict)
    quarters: Mapping[int, tuple[Observation, ...]] = field(default_factory=dict)
    urls: Mapping[int, str] = field(default_factory=dict)

    def over(self, target: int, terms: rules.Terms) -> rules.Terms:
        """The terms of a target as they would be if all that waits were approved."""
        return terms.with_unreviewed(self.values.get(target, ()))


NOTHING = Unreviewed()
