"""The milestones of a year one by one: judged, settled, waiting, and what is left to do."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse

from agencies.models import User
from agencies.policies import Action, can
from dashboard.rules.overview.score import SettledGroup, settled_group
from dashboard.selectors.years.settled_rows import (
    LeftRow,
    MilestoneGroup,
    MilestoneRow,
    ProposedRow,
    rows_of,
    value_key,
)
from dashboard.selectors.years.settled_targets import SettledTargets
from records.asof import AsOf
from reporting.review.selectors.approvals import approved_submissions
from targets import rules
from targets.rules import JudgingRules, Settled, Verdict
from targets.selectors import (
    Judged,
    SettledYear,
    missed_of,
    settled_year,
)

__all__ = [
    "MilestoneGroup",
    "MilestoneRow",
    "Milestones",
    "ProposedRow",
    "asked_by",
    "milestones_of",
    "milestones_page",
]


@dataclass(frozen=True)
class MilestoneCount:
    """How many milestones, with the list behind the number."""

    label: str
    rows: tuple[MilestoneRow, ...]
    url: str

    @property
    def number(self) -> int:
        return len(self.rows)

    @property
    def asked(self) -> int:
        """How many of them wait for a second person."""
        return sum(bool(row.row.asked) for row in self.rows)


@dataclass(frozen=True)
class Milestones:
    """The milestones of the year, by group and worst first within it.

    `others` are the targets without a milestone of the year.
    """

    rows: tuple[MilestoneRow, ...]
    years: rules.MilestoneYears
    others: tuple[Judged, ...] = ()

    @property
    def year(self) -> int:
        return self.years.settled

    @property
    def empty_title(self) -> str:
        return f"还没有{self.year}年目标"

    @property
    def until(self) -> int | None:
        """The milestone year until which what was missed is carried over; None if none comes."""
        return self.years.after(self.year)

    @cached_property
    def groups(self) -> tuple[MilestoneCount, ...]:
        return self._counted(MilestoneGroup, lambda row: row.group, "group")

    @cached_property
    def verdicts(self) -> tuple[MilestoneCount, ...]:
        """How many there are of each verdict that holds."""
        return self._counted(Verdict, lambda row: row.row.verdict, "verdict")

    @cached_property
    def states(self) -> tuple[MilestoneCount, ...]:
        """How many are settled, to be settled, to be settled again."""
        known = tuple(row for row in self.rows if row.state != "—")
        return Milestones(known, self.years)._counted(Settled, lambda row: row.row.state, "state")

    @cached_property
    def striven(self) -> MilestoneCount | None:
        """The goals that are striven for, counted apart; None if there are none."""
        return next(
            (count for count in self.groups if count.label == MilestoneGroup.STRIVEN.label), None
        )

    @cached_property
    def ready(self) -> tuple[MilestoneRow, ...]:
        return tuple(row for row in self.rows if row.is_ready)

    @cached_property
    def left(self) -> tuple[LeftRow, ...]:
        """What was missed and is carried over."""
        return tuple(LeftRow(found) for found in missed_of(row.row for row in self.rows))

    @cached_property
    def asked(self) -> tuple[ProposedRow, ...]:
        """What waits for a second person, in the order of the rows."""
        return tuple(ProposedRow(row, asked) for row in self.rows for asked in row.row.asked)

    @property
    def drawn(self) -> SettledTargets:
        """The same targets as the chart takes them."""
        return SettledTargets((*(row.row.judged for row in self.rows), *self.others))

    @property
    def finding(self) -> str:
        """2025年20项目标（含力争2项）：判定7项（已达标4、未达标2、未达到力争值1），还有2项可以判定."""
        settled = [row for row in self.rows if row.settlement]
        words = f"判定{len(settled)}项（{_split(settled)}）" if settled else self._nothing
        more = f"，还有{len(self.ready)}项可以判定" if self.ready else ""
        apart = f"（含力争{self.striven.number}项）" if self.striven else ""
        return f"{self.year}年{len(self.rows)}项目标{apart}：{words}{more}"

    @property
    def _nothing(self) -> str:
        has_values = any(row.value is not None for row in self.rows)
        return "还没有一项判定" if has_values else "待数据，还没有一项年度值"

    @property
    def judging(self) -> JudgingRules | None:
        """The rules by which they are judged; None if there is nothing to judge."""
        return self.rows[0].terms.judging if self.rows else None

    @property
    def has_demo(self) -> bool:
        return any(row.row.judged.has_demo for row in self.rows)

    @cached_property
    def scores(self) -> dict[str, SettledGroup | None]:
        """In which group of the score on the overview each row is counted, by its code."""
        judged = (*(row.row.judged for row in self.rows), *self.others)
        has_values = any(one.newest is not None for one in judged)
        return {
            row.code: settled_group(row.row.judged.settled, has_values=has_values)
            for row in self.rows
        }

    def chosen(self, *, group: str = "", state: str = "", verdict: str = "") -> "Milestones":
        """The rows that match all filters; a group is one of the page or of the score."""
        found = self.rows if not state else tuple(row for row in self.rows if row.state != "—")
        return Milestones(
            tuple(
                row
                for row in found
                if group in {"", row.group.value, self.scores[row.code]}
                and state in {"", row.row.state.value}
                and verdict in {"", row.row.verdict.value}
            ),
            self.years,
        )

    def picked(self, marks: Sequence[str]) -> tuple[MilestoneRow, ...]:
        """The rows that can be settled with exactly the versions of these marks."""
        return tuple(row for row in self.ready if row.mark in marks)

    def _counted(
        self,
        kinds: Iterable[MilestoneGroup | Verdict | Settled],
        of: Callable[[MilestoneRow], StrEnum],
        name: str,
    ) -> tuple[MilestoneCount, ...]:
        found = (
            MilestoneCount(
                kind.label,
                tuple(row for row in self.rows if of(row) == kind),
                f"{reverse('dashboard:year', args=[self.year])}?{urlencode({name: kind.value})}",
            )
            for kind in kinds
        )
        return tuple(count for count in found if count.rows)


@dataclass(frozen=True)
class ProposedGroup:
    """What one person proposed; `is_own` where the reader did."""

    by: str
    is_own: bool
    rows: tuple[ProposedRow, ...]

    @property
    def unchanged(self) -> int:
        return sum(not row.is_changed for row in self.rows)


def asked_by(rows: Sequence[ProposedRow], *, reader: User) -> tuple[ProposedGroup, ...]:
    """What waits by who proposed it, the reader's own last."""
    found = defaultdict(list)
    for row in rows:
        found[row.asked.by_id, row.asked.by].append(row)
    groups = [
        ProposedGroup(name, key == reader.pk, tuple(mine)) for (key, name), mine in found.items()
    ]
    return tuple(sorted(groups, key=lambda group: group.is_own))


def _split(rows: Sequence[MilestoneRow]) -> str:
    """已达标5、未达标2、未达到力争值1: each verdict counted once, those that there are."""
    counts = Counter(row.row.verdict for row in rows)
    kinds = (Verdict.ACHIEVED, Verdict.MISSED, Verdict.FELL_SHORT)
    return "、".join(f"{kind.label}{counts[kind]}" for kind in kinds if counts[kind])


def milestones_of(found: SettledYear) -> Milestones:
    """The page without the submissions behind its values."""
    return Milestones(rows_of(found.rows, {}), found.years)


def milestones_page(*, year: int, reader: User, asof: AsOf | None = None) -> Milestones:
    """The page with the submissions behind its values, in five statements."""
    found = settled_year(year=year, asof=asof)
    keys = {key for row in found.rows if (key := value_key(row))}
    known = approved_submissions(observations=keys, reader=reader) if keys else {}
    is_named = can(reader, Action.SEE_SETTLERS)
    rows = tuple(replace(row, is_named=is_named) for row in found.rows)
    return Milestones(rows_of(rows, known), found.years, found.others)
