"""The milestones of 2025 one by one: judged, settled, waiting, and what is left to do."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse

from targets import rules
from targets.models import Settlement
from targets.rules import Settled, Verdict
from targets.selectors import SETTLED_YEAR, SettlingRow


class Group(StrEnum):
    """What a milestone is shown with; a milestone is in one group."""

    JUDGED = "judged"
    STRIVEN = "striven"
    RECOGNISED = "recognised"
    PENDING = "pending"
    MISSING = "missing"

    @property
    def label(self) -> str:
        return _GROUPS[self]


_GROUPS = {
    Group.JUDGED: "有年度值的",
    Group.STRIVEN: "力争目标，分开计数",
    Group.RECOGNISED: "没有数值，凭材料认定",
    Group.PENDING: "等市下达目标值",
    Group.MISSING: "还没有年度值",
}


@dataclass(frozen=True)
class MilestoneRow:
    """One milestone as the page and the workbook show it."""

    row: SettlingRow

    @property
    def code(self) -> str:
        return self.row.judged.target.code

    @property
    def terms(self) -> rules.Terms:
        return self.row.terms

    @property
    def settlement(self) -> Settlement | None:
        return self.row.settlement

    @cached_property
    def group(self) -> Group:
        verdict = self.row.present.verdict
        if self.row.judged.target.is_striven:
            return Group.STRIVEN
        if verdict == Verdict.PENDING:
            return Group.PENDING
        if verdict == Verdict.TO_RECOGNISE or (self.settlement and self.settlement.is_recognised):
            return Group.RECOGNISED
        return Group.MISSING if verdict == Verdict.MISSING else Group.JUDGED

    @property
    def shown(self) -> rules.Judgement:
        """What holds: the settled verdict with its own numbers, else what the present say."""
        return self.row.judged.settled if self.settlement else self.row.present

    @property
    def goal(self) -> str:
        return self._goal(self.shown)

    @property
    def actual(self) -> str:
        return self._actual(self.shown) or self._unjudged

    @property
    def present_goal(self) -> str:
        return self._goal(self.row.present)

    @property
    def present_actual(self) -> str:
        """The value by which it would be settled now."""
        return self._actual(self.row.present)

    @property
    def grade(self) -> str:
        found = self.shown.actual
        return rules.grade(found) if found else ""

    @property
    def gap(self) -> str:
        return rules.gap_words(self.terms, self.shown)

    @property
    def why_none(self) -> str:
        """Why there is no value, and who owes it."""
        agency = self.row.judged.target.reporting_agency
        owed = f"由{agency.short_name}填报" if agency else "填报单位待定"
        return f"还没有{self.row.year}年的年度值，{owed}"

    @property
    def light(self) -> rules.Level:
        return self.shown.level

    @property
    def word(self) -> str:
        """The verdict that holds, in words."""
        return self.shown.label

    @property
    def is_hollow(self) -> bool:
        return self.settlement is None and self.row.present.is_provisional

    @property
    def state(self) -> str:
        """已判定, 待判定, 须重新判定, or a dash where nothing can be settled yet."""
        if self.row.state == Settled.OPEN and not self.is_ready and not self.waits:
            return "—"
        return self.row.state.label

    @property
    def is_ready(self) -> bool:
        return self.row.can_be_settled

    @property
    def waits(self) -> bool:
        return self.row.waits_for_recognition

    @property
    def is_again(self) -> bool:
        """Settling it is settling again, which asks for the reason."""
        return self.settlement is not None

    @property
    def mark(self) -> str:
        """The versions that a reviewer sees, as the form sends them: milestone-observation."""
        observation = self.row.observation
        return f"{self.row.milestone.pk}-{observation.pk if observation else 0}"

    @property
    def sentence(self) -> str:
        return f"{self.row.judged.target.name}：{self.row.sentence}"

    @property
    def _unjudged(self) -> str:
        """The value of a goal that the city has not sent down, which is not judged."""
        found = self.terms.actual(self.row.year)
        return rules.with_unit(self.terms, found.value) if found else ""

    def _goal(self, judgement: rules.Judgement) -> str:
        return rules.goal_value(self.terms, judgement.goal) if judgement.goal else "—"

    def _actual(self, judgement: rules.Judgement) -> str:
        found = judgement.actual
        return rules.with_unit(self.terms, found.value) if found else ""

    @property
    def order(self) -> tuple[object, ...]:
        """By group, then worst first."""
        return list(Group).index(self.group), self.row.judged.sort_key


@dataclass(frozen=True)
class Count:
    """How many milestones, with the list behind the number."""

    label: str
    rows: tuple[MilestoneRow, ...]
    url: str

    @property
    def number(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class Milestones:
    """The milestones of the year, by group and worst first within it."""

    rows: tuple[MilestoneRow, ...]

    @cached_property
    def groups(self) -> tuple[Count, ...]:
        return self._counted(Group, lambda row: row.group, "group")

    @cached_property
    def states(self) -> tuple[Count, ...]:
        """How many are settled, to be settled, to be settled again."""
        known = tuple(row for row in self.rows if row.state != "—")
        return Milestones(known)._counted(Settled, lambda row: row.row.state, "state")

    @cached_property
    def ready(self) -> tuple[MilestoneRow, ...]:
        return tuple(row for row in self.rows if row.is_ready)

    @property
    def finding(self) -> str:
        """2025年18项目标：判定3项（已达标2、未达标1），还有9项可以判定."""
        settled = [row for row in self.rows if row.settlement]
        met = sum(row.row.verdict == Verdict.ACHIEVED for row in settled)
        said = f"判定{len(settled)}项（已达标{met}、未达标{len(settled) - met}）"
        words = said if settled else "还没有一项判定"
        more = f"，还有{len(self.ready)}项可以判定" if self.ready else ""
        return f"{SETTLED_YEAR}年{len(self.rows)}项目标：{words}{more}"

    @property
    def has_demo(self) -> bool:
        return any(row.row.judged.has_demo for row in self.rows)

    def chosen(self, *, group: str = "", state: str = "") -> "Milestones":
        """The rows that both filters let pass."""
        found = self.rows if not state else tuple(row for row in self.rows if row.state != "—")
        return Milestones(
            tuple(
                row
                for row in found
                if group in {"", row.group.value} and state in {"", row.row.state.value}
            )
        )

    def picked(self, marks: Sequence[str]) -> tuple[MilestoneRow, ...]:
        """The rows that can be settled with exactly the versions of these marks."""
        return tuple(row for row in self.ready if row.mark in marks)

    def _counted(
        self, kinds: Iterable[StrEnum], of: Callable[[MilestoneRow], StrEnum], name: str
    ) -> tuple[Count, ...]:
        found = (
            Count(
                kind.label,  # type: ignore[attr-defined]
                tuple(row for row in self.rows if of(row) == kind),
                f"{reverse('dashboard:settled')}?{urlencode({name: kind.value})}",
            )
            for kind in kinds
        )
        return tuple(count for count in found if count.rows)


def milestones_of(rows: Iterable[SettlingRow]) -> Milestones:
    """The page from the rows of the year."""
    return Milestones(tuple(sorted(map(MilestoneRow, rows), key=lambda row: row.order)))
