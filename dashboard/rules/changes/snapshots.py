"""What stood in the plan's rooms on a day, as far as two days are compared."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from common.caching.cached_rows import CachedRow
from common.quarters import Period
from projects.rules import Status as ProjectStatus
from targets.rules import Terms, Verdict
from targets.rules.levels import Level
from tasks.rules.progress import Status as TaskStatus


class Room(StrEnum):
    """What a change is about."""

    TARGETS = "targets"
    TASKS = "tasks"
    PROJECTS = "projects"
    CONCERNS = "concerns"

    @property
    def label(self) -> str:
        return _ROOMS[self]


_ROOMS = {
    Room.TARGETS: "指标",
    Room.TASKS: "任务",
    Room.PROJECTS: "项目",
    Room.CONCERNS: "事项",
}


@dataclass(frozen=True)
class ChangedObject:
    """An object of the plan or the ledger; `body` leads or handles it, empty if nobody does."""

    room: Room
    code: str
    name: str
    url: str
    body: str = ""
    position: int = 0


@dataclass(frozen=True)
class VerdictSnapshot:
    """The verdict of a milestone year in words."""

    verdict: Verdict
    words: str
    is_settled: bool = False


@dataclass(frozen=True)
class TargetSnapshot(CachedRow):
    """A target with its newest value, its light and its verdicts by year."""

    thing: ChangedObject
    terms: Terms
    level: Level
    is_by_hand: bool = False
    verdicts: Mapping[int, VerdictSnapshot] = field(default_factory=dict)


@dataclass(frozen=True)
class ReportSnapshot:
    """Of which quarter and version a report in force was, since when, and why it was corrected."""

    period: Period
    version: int
    recorded_on: datetime.date
    reason: str = ""
    problems: str = ""


@dataclass(frozen=True)
class TaskReportSnapshot(ReportSnapshot):
    status: TaskStatus = TaskStatus.ON_TRACK


@dataclass(frozen=True)
class ProjectReportSnapshot(ReportSnapshot):
    status: ProjectStatus = ProjectStatus.UNDER_WAY
    expected_on: str = ""
    invested_wan: Decimal | None = None


@dataclass(frozen=True)
class TaskSnapshot(CachedRow):
    """A task with the newest report in force."""

    thing: ChangedObject
    report: TaskReportSnapshot | None = None


@dataclass(frozen=True)
class ProjectSnapshot(CachedRow):
    """The same of a project; `overdue` are months."""

    thing: ChangedObject
    report: ProjectReportSnapshot | None = None
    overdue: int = 0


class MatterStage(StrEnum):
    """How far a risk or a matter is dealt with."""

    OPEN = "open"
    HELD = "held"
    CLOSED = "closed"


@dataclass(frozen=True)
class MatterSnapshot:
    """A matter, in the ledger of risks where it has a grade; `about` names what it is about.

    `severity` is higher for what is worse, `grade` is the word for it. `state` is said as on its
    day, `place` is the same for words of one meaning.
    """

    thing: ChangedObject
    about: str
    stage: MatterStage
    state: str
    severity: int = 0
    grade: str = ""
    place: str = ""
    kept_in: str = "事项"


@dataclass(frozen=True)
class Snapshot:
    """What was known at the end of a day; `year` is the milestone year whose verdicts are shown."""

    day: datetime.date
    year: int
    targets: tuple[TargetSnapshot, ...] = ()
    tasks: tuple[TaskSnapshot, ...] = ()
    projects: tuple[ProjectSnapshot, ...] = ()
    concerns: tuple[MatterSnapshot, ...] = ()

    @property
    def period(self) -> Period:
        """The quarter that was reported last: the one that had closed."""
        return Period.last_closed(self.day)

    @property
    def overdue(self) -> int:
        """How many projects were overdue."""
        return sum(project.overdue > 0 for project in self.projects)
