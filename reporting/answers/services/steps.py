"""Moves obligations along the table of transitions, with one audit event for each."""

from collections.abc import Iterable, Mapping

from agencies.models import User
from audit import services as audit
from reporting.choices import ObligationState
from reporting.models import Obligation
from reporting.workflow import Step, transition


def move(*, obligation: Obligation, step: Step) -> None:
    """Set the next state in memory; the caller has checked the policy."""
    found = transition(step, obligation.state)
    assert found is not None  # noqa: S101 - a step beside the table never gets here
    obligation.state = ObligationState(found.target)


def record(
    *,
    obligations: Iterable[Obligation],
    step: Step,
    by: User,
    was: Mapping[int, str] | None = None,
    reason: str = "",
    said: tuple[audit.Change, ...] = (),
) -> None:
    """Write one event for each obligation, marked where the bureau acts on its own one."""
    audit.record_all(
        (
            audit.Entry(
                step.label,
                "应报事项",
                obligation.code,
                obligation.name,
                changes=(
                    ("状态", (was or {}).get(obligation.pk, ""), obligation.get_state_display()),
                    *_own(obligation, by, step),
                    *said,
                ),
                reason=reason,
            )
            for obligation in obligations
        ),
        by=by,
    )


def _own(obligation: Obligation, by: User, step: Step) -> tuple[audit.Change, ...]:
    deciding = step in {Step.APPROVE, Step.RETURN, Step.UNDO_APPROVAL}
    is_own = by.agency_id == obligation.agency_id
    return (("审核本单位事项", "", "是"),) if deciding and is_own else ()
