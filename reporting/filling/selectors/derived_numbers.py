"""The numbers next to the fields that follow from what is typed; taken from the reference."""

from dataclasses import dataclass

from reporting.answers.selectors.checking import CheckedObligation
from reporting.answers.selectors.reference import ProjectReference, TargetReference, reference_of


@dataclass(frozen=True)
class DerivedNumbers:
    """Value as read, change, distance, share of the investment, and sum; "" where there is none.

    As printed, without units.
    """

    value: str = ""
    change: str = ""
    distance: str = ""
    share: str = ""
    sum: str = ""


def derived_numbers(*, checked: CheckedObligation) -> DerivedNumbers:
    """The derived numbers of an obligation's current answers."""
    reference = reference_of(checked=checked)
    if not isinstance(reference, TargetReference | ProjectReference):
        return DerivedNumbers()
    numbers = {line.live: line.value for line in reference.lines if line.live}
    if isinstance(reference, ProjectReference):
        numbers["sum"] = reference.sum_words
    return DerivedNumbers(**numbers)
