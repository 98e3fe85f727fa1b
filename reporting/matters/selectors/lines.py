"""A matter in lists, now or on a past day, and who has to act next."""

import datetime
from dataclasses import dataclass
from enum import StrEnum

from agencies.choices import Role
from agencies.models import User
from reporting.choices import FOR_LEADERS, UNDECIDED, MatterKind, MatterState, RiskLevel


class NextActor(StrEnum):
    """Who has to act next on an open matter."""

    LEADER = "leader"
    HANDLER = "handler"
    BUREAU = "bureau"

    @property
    def label(self) -> str:
        return _WAITS[self]


_WAITS = {
    NextActor.LEADER: "等领导决定",
    NextActor.HANDLER: "已批示，在办",
    NextActor.BUREAU: "区发改局办理",
}


@dataclass(frozen=True, slots=True)
class LeaderInstruction:
    """The current 批示 that was registered last."""

    leader: str
    day: datetime.date
    text: str


@dataclass(frozen=True, slots=True)
class MatterLine:
    """A matter now or at a past moment; `about` is the code of its subject.

    `code` is that of its address, `name` its code at that moment, `said` the word of its state;
    both are those of the former ledger where `is_before`. `note` is the beginning of its present
    text.
    """

    code: str
    name: str
    about: str
    title: str
    kind: MatterKind
    state: MatterState
    said: str
    level: RiskLevel | None
    is_in_ledger: bool
    handler: str
    raiser: str
    due_on: datetime.date | None
    raised_on: datetime.date
    note: str = ""
    word: LeaderInstruction | None = None
    is_before: bool = False
    agencies: tuple[int | None, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.state != MatterState.CLOSED

    @property
    def waits(self) -> NextActor | None:
        """Who has to act next; None once it is closed."""
        if not self.is_open:
            return None
        if self.state in UNDECIDED and self.kind in FOR_LEADERS:
            return NextActor.LEADER
        return NextActor.HANDLER if self.word else NextActor.BUREAU

    @property
    def grade(self) -> str:
        """高风险 for a matter of the ledger, else what is asked for."""
        return f"{self.level.label}风险" if self.is_in_ledger and self.level else self.kind.label

    @property
    def source(self) -> str:
        """重点风险台账，区住建局: its ledger and who raised it."""
        return f"{self.kept_in}，{self.handler or self.raiser or '待指定'}"

    @property
    def kept_in(self) -> str:
        if self.is_in_ledger:
            return "重点风险台账"
        return "重大问题" if self.is_before else "事项"

    def is_overdue(self, today: datetime.date) -> bool:
        return self.is_open and self.due_on is not None and self.due_on < today

    def is_seen_by(self, reader: User) -> bool:
        """Whether a reader may see the line, as `reporting.policies.check_can_read_matter`."""
        if self.is_in_ledger or reader.has_role(Role.REVIEWER, Role.LEADER):
            return True
        acts = reader.has_role(Role.REPORTER, Role.SIGNER) and reader.agency_id is not None
        return acts and reader.agency_id in self.agencies
