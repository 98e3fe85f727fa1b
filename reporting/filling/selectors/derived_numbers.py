"""The numbers beside the fields that follow from what is typed: those of the reference."""

from dataclasses import dataclass

from reporting.answers.selectors.checking import CheckedObligation
from reporting.answers.selectors.reference import ProjectReference, TargetReference, reference_of


@dataclass(frozen=True)
class DerivedNumbers:
    """The value as it is read, change against the last one, distance to what is required, share of
    the investment, how it adds up: as printed, units stand beside; empty where there is none."""

    value: str = ""
    change: str = ""
    distance: str = ""
    share: str = ""
    sum: str = ""


def derived_numbers(*, checked: CheckedObligation) -> DerivedNumbers:
    """What follows from an obligation's answers as they stand."""
    reference = reference_of(checked=checked)
    if not isinstance(reference, TargetReference | ProjectReference):
        return DerivedNumbers()
    numbers = {line.live: line.value for line in reference.lines if line.live}
    if isinstance(reference, ProjectReference):
        numbers["sum"] = reference.sum_words
    return DerivedNumbers(**numbers)
