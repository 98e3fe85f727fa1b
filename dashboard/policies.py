"""Who may see which part of a number's provenance."""

from dataclasses import dataclass

from agencies.choices import Role
from agencies.models import User
from agencies.policies import Action, can


@dataclass(frozen=True)
class Visibility:
    """What a reader may see; a hidden step stays on the card and says that it is hidden."""

    versions: bool = False
    """All of them, not the one in force alone."""
    sources: bool = False
    """Receipt, files and the names of those who filled in, signed and approved."""
    remarks: bool = False
    """What the bureau asked and the agency answered."""
    settlers: bool = False
    waiting: bool = False
    """Values that nobody has approved yet."""


def visibility_of(*, by: User, agency_id: int | None) -> Visibility:
    """What a person may see of a value that this agency reported.

    Administrators read no more of what agencies typed than the ledger shows them.
    """
    is_reviewer, is_leader = by.has_role(Role.REVIEWER), by.has_role(Role.LEADER)
    is_administrator = by.has_role(Role.ADMINISTRATOR)
    fills = by.has_role(Role.REPORTER, Role.SIGNER) and by.agency_id is not None
    is_own = fills and by.agency_id == agency_id
    return Visibility(
        versions=is_reviewer or is_leader or is_own or is_administrator,
        sources=is_reviewer or is_leader or is_own,
        remarks=is_reviewer or is_own,
        settlers=can(by, Action.SEE_SETTLERS),
        waiting=is_reviewer or is_own,
    )
