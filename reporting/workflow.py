"""Transitions of obligations and matters: tables for services, buttons, tests and diagrams."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from reporting.choices import CARRIED_OUT, OPEN_MATTERS, MatterState, MatterStep
from reporting.choices import ObligationState as State


class Party(StrEnum):
    """Who acts. Preparer and signer are two people of the obligation's agency."""

    REPORTER = "填报员"
    SIGNER = "单位审核人"
    REVIEWER = "审核员"


class Step(StrEnum):
    """A step of an obligation."""

    EDIT = "edit"
    HAND_OVER = "hand_over"
    SUBMIT = "submit"
    SIGN = "sign"
    SEND_BACK = "send_back"
    WITHDRAW = "withdraw"
    BEGIN_REVIEW = "begin_review"
    RETURN = "return"
    APPROVE = "approve"
    UNDO_APPROVAL = "undo_approval"
    CORRECT = "correct"
    DROP_CORRECTION = "drop_correction"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS: Mapping[Step, str] = {
    Step.EDIT: "填写",
    Step.HAND_OVER: "报送给本单位审核人",
    Step.SUBMIT: "报送区发改局",
    Step.SIGN: "审核并报送",
    Step.SEND_BACK: "退回填报员",
    Step.WITHDRAW: "撤回",
    Step.BEGIN_REVIEW: "开始审核",
    Step.RETURN: "退回修改",
    Step.APPROVE: "通过",
    Step.UNDO_APPROVAL: "撤销通过",
    Step.CORRECT: "更正",
    Step.DROP_CORRECTION: "放弃更正",
}


@dataclass(frozen=True)
class Transition:
    """A step from a state to another, and the parties that may take it."""

    step: Step
    source: State
    target: State
    by: frozenset[Party]


_REPORTER = frozenset({Party.REPORTER})
_SIGNER = frozenset({Party.SIGNER})
_REVIEWER = frozenset({Party.REVIEWER})

TRANSITIONS: tuple[Transition, ...] = (
    Transition(Step.EDIT, State.EMPTY, State.DRAFT, _REPORTER),
    Transition(Step.EDIT, State.DRAFT, State.DRAFT, _REPORTER),
    Transition(Step.EDIT, State.RETURNED, State.RETURNED, _REPORTER),
    Transition(Step.HAND_OVER, State.DRAFT, State.SIGNING, _REPORTER),
    Transition(Step.HAND_OVER, State.RETURNED, State.SIGNING, _REPORTER),
    Transition(Step.SUBMIT, State.DRAFT, State.SUBMITTED, _REPORTER),
    Transition(Step.SUBMIT, State.RETURNED, State.SUBMITTED, _REPORTER),
    Transition(Step.SIGN, State.SIGNING, State.SUBMITTED, _SIGNER),
    Transition(Step.SEND_BACK, State.SIGNING, State.RETURNED, _SIGNER),
    Transition(Step.WITHDRAW, State.SIGNING, State.DRAFT, _REPORTER),
    Transition(Step.WITHDRAW, State.SUBMITTED, State.DRAFT, _REPORTER | _SIGNER),
    Transition(Step.BEGIN_REVIEW, State.SUBMITTED, State.REVIEWING, _REVIEWER),
    Transition(Step.RETURN, State.SUBMITTED, State.RETURNED, _REVIEWER),
    Transition(Step.RETURN, State.REVIEWING, State.RETURNED, _REVIEWER),
    Transition(Step.APPROVE, State.SUBMITTED, State.APPROVED, _REVIEWER),
    Transition(Step.APPROVE, State.REVIEWING, State.APPROVED, _REVIEWER),
    Transition(Step.UNDO_APPROVAL, State.APPROVED, State.REVIEWING, _REVIEWER),
    Transition(Step.CORRECT, State.APPROVED, State.DRAFT, _REPORTER),
    Transition(Step.DROP_CORRECTION, State.DRAFT, State.APPROVED, _REPORTER),
    Transition(Step.DROP_CORRECTION, State.RETURNED, State.APPROVED, _REPORTER),
)

_BY_KEY = {(item.step, item.source): item for item in TRANSITIONS}


def transition(step: Step, state: str) -> Transition | None:
    """The transition of a step from a state; None where there is none."""
    return _BY_KEY.get((step, State(state)))


def sources(step: Step) -> tuple[State, ...]:
    """The states from which a step can be taken, in the order of the table."""
    return tuple(item.source for item in TRANSITIONS if item.step == step)


def diagram() -> str:
    """The table as a Mermaid state diagram, for the documents."""
    lines = ["stateDiagram-v2", f"    [*] --> {State.EMPTY.label}"]
    for item in TRANSITIONS:
        parties = "、".join(party.value for party in Party if party in item.by)
        lines.append(
            f"    {item.source.label} --> {item.target.label}: {item.step.label}（{parties}）"
        )
    return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class MatterTransition:
    """A step of a matter from a state to another, and the parties that may take it."""

    step: MatterStep
    source: MatterState
    target: MatterState
    by: frozenset[Party]


_HANDLERS = frozenset({Party.REPORTER, Party.SIGNER, Party.REVIEWER})


def _staying(step: MatterStep, states: Iterable[MatterState]) -> Iterable[MatterTransition]:
    return (MatterTransition(step, state, state, _REVIEWER) for state in states)


_M, _S = MatterState, MatterStep
MATTER_TRANSITIONS: tuple[MatterTransition, ...] = (
    MatterTransition(_S.ASSESS, _M.RAISED, _M.ASSESSED, _REVIEWER),
    *_staying(_S.ASSESS, (_M.ASSESSED, *CARRIED_OUT)),
    MatterTransition(_S.DECLINE, _M.ASSESSED, _M.RAISED, _REVIEWER),
    MatterTransition(_S.INSTRUCT, _M.ASSESSED, _M.INSTRUCTED, _REVIEWER),
    *_staying(_S.INSTRUCT, CARRIED_OUT),
    *_staying(_S.CORRECT, CARRIED_OUT),
    MatterTransition(_S.TAKE_UP, _M.ASSESSED, _M.IN_HAND, _REVIEWER),
    MatterTransition(_S.TAKE_UP, _M.INSTRUCTED, _M.IN_HAND, _REVIEWER),
    *_staying(_S.ANSWER, OPEN_MATTERS),
    MatterTransition(_S.REPORT_BACK, _M.INSTRUCTED, _M.IN_HAND, _HANDLERS),
    MatterTransition(_S.REPORT_BACK, _M.IN_HAND, _M.IN_HAND, _HANDLERS),
    *_staying(_S.EXTEND, (_M.ASSESSED, *CARRIED_OUT)),
    *_staying(_S.PROPOSE_CLOSING, OPEN_MATTERS),
    *_staying(_S.WITHDRAW_CLOSING, OPEN_MATTERS),
    *_staying(_S.REFUSE_CLOSING, OPEN_MATTERS),
    *(MatterTransition(_S.CLOSE, state, _M.CLOSED, _REVIEWER) for state in OPEN_MATTERS),
    MatterTransition(_S.REOPEN, _M.CLOSED, _M.IN_HAND, _REVIEWER),
)

_MATTERS_BY_KEY = {(item.step, item.source): item for item in MATTER_TRANSITIONS}


def matter_transition(step: MatterStep, state: str) -> MatterTransition | None:
    """The transition of a step from a state; None where there is none."""
    return _MATTERS_BY_KEY.get((step, MatterState(state)))


def matter_diagram() -> str:
    """The table as a Mermaid state diagram, for the documents."""
    lines = ["stateDiagram-v2", f"    [*] --> {MatterState.RAISED.label}: {MatterStep.RAISE.label}"]
    for item in MATTER_TRANSITIONS:
        parties = "、".join(party.value for party in Party if party in item.by)
        way = f"{item.source.label} --> {item.target.label}"
        lines.append(f"    {way}: {item.step.label}（{parties}）")
    return "\n".join(lines) + "\n"
