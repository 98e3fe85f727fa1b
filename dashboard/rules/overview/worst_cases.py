"""The worst target, project and task: one each, as gaps, months and quarters do not compare."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest

from dashboard.rules.overview.phrases import Phrase
from targets.rules.levels import Level

PLACES = 3
NOTHING = "没有可比的数"


@dataclass(frozen=True)
class WorstCase:
    """The worst case of its kind: how bad, who is responsible, and until when."""

    level: Level
    code: str
    title: str
    url: str
    headline: str
    facts: tuple[Phrase, ...] = ()
    owner: str = ""
    owner_is_missing: bool = False
    due: str = ""


@dataclass(frozen=True)
class TargetCase:
    """A target that lacks something; `gap` is a share of what is required."""

    shown: WorstCase
    gap: Decimal
    is_striven: bool = False

    @property
    def rank(self) -> tuple[object, ...]:
        return self.is_striven, -self.gap


@dataclass(frozen=True)
class ProjectCase:
    """A project that is overdue by so many months."""

    shown: WorstCase
    overdue: int
    completion: Decimal | None = None

    @property
    def rank(self) -> tuple[object, ...]:
        return -self.overdue, self.completion is None, self.completion or Decimal(0)


@dataclass(frozen=True)
class TaskCase:
    """A task that has stood still, or was behind, for so many quarters."""

    shown: WorstCase
    is_stalled: bool
    quarters: int

    @property
    def rank(self) -> tuple[object, ...]:
        return not self.is_stalled, -self.quarters


def worst_three(
    targets: Sequence[TargetCase], projects: Sequence[ProjectCase], tasks: Sequence[TaskCase]
) -> tuple[WorstCase, ...]:
    """The worst of each kind; where a kind has none, the next of another."""
    ranked = (
        sorted(targets, key=lambda case: case.rank),
        sorted(projects, key=lambda case: case.rank),
        sorted(tasks, key=lambda case: case.rank),
    )
    found = [case.shown for places in zip_longest(*ranked) for case in places if case]
    kinds = [[case.shown for case in cases] for cases in ranked]
    chosen = found[:PLACES]
    return tuple(shown for kind in kinds for shown in kind if shown in chosen)


def more_words(missed: Phrase, overdue: Phrase, slow: Phrase) -> tuple[Phrase, ...]:
    """共有未达标指标3项、超期项目7个、滞后或停滞任务4项; counts of zero are left out."""
    said = [phrase for phrase in (missed, overdue, slow) if phrase.text]
    pieces = [piece for phrase in said for piece in (Phrase("、"), phrase)]
    return (Phrase("共有"), *pieces[1:]) if said else ()
