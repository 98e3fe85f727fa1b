"""One milestone of 2025 as the page and the workbook show it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from reporting.review.selectors.approvals import ApprovedSubmission
from targets import rules
from targets.choices import ProposalState, SettledVerdict
from targets.models import Settlement
from targets.rules import Settled, Verdict
from targets.selectors import CarriedOver, SettlingRow
from targets.selectors.judging.quotations import Quoted
from targets.selectors.waiting.proposals import PendingProposal


class MilestoneGroup(StrEnum):
    """What a milestone is shown with; a milestone is in one group."""

    JUDGED = "judged"
    BASIS = "basis"
    STRIVEN = "striven"
    RECOGNISED = "recognised"
    PENDING = "pending"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"

    @property
    def label(self) -> str:
        return _GROUPS[self]


_GROUPS = {
    MilestoneGroup.JUDGED: "有年度值的",
    MilestoneGroup.BASIS: "口径变更，确认后判定",
    MilestoneGroup.STRIVEN: "力争目标，分开计数",
    MilestoneGroup.RECOGNISED: "没有数值，凭材料认定",
    MilestoneGroup.PENDING: "等市下达目标值",
    MilestoneGroup.MISSING: "还没有年度值",
    MilestoneGroup.NOT_APPLICABLE: "不适用，不作判定",
}
_OF_VERDICTS = {
    Verdict.PENDING: MilestoneGroup.PENDING,
    Verdict.TO_RECOGNISE: MilestoneGroup.RECOGNISED,
    Verdict.MISSING: MilestoneGroup.MISSING,
    Verdict.BASIS_CHANGED: MilestoneGroup.BASIS,
    Verdict.NOT_APPLICABLE: MilestoneGroup.NOT_APPLICABLE,
}


@dataclass(frozen=True)
class MilestoneRow:
    """One milestone; `handed_in` is how the value came in that holds, where agencies reported."""

    row: SettlingRow
    handed_in: ApprovedSubmission | None = None

    @property
    def code(self) -> str:
        return self.row.judged.target.code

    @property
    def terms(self) -> rules.Terms:
        return self.row.terms

    @property
    def settlement(self) -> Settlement | None:
        return self.row.settlement

    @property
    def settled_by(self) -> str:
        """Who settled, for those who may read it; empty if nobody has."""
        if self.settlement is None:
            return ""
        return self.settlement.recorded_by if self.row.is_named else rules.BUREAU

    @property
    def is_striven(self) -> bool:
        return self.row.judged.target.is_striven

    @cached_property
    def group(self) -> MilestoneGroup:
        if self.is_striven:
            return MilestoneGroup.STRIVEN
        if self.settlement and self.settlement.is_recognised:
            return MilestoneGroup.RECOGNISED
        return _OF_VERDICTS.get(self.row.verdict, MilestoneGroup.JUDGED)

    @property
    def shown(self) -> rules.Judgement:
        """The present numbers, with the settled verdict where there is one."""
        return self.row.judged.settled if self.settlement else self.row.present

    @property
    def goal(self) -> str:
        return self._goal(self.shown)

    @property
    def actual(self) -> str:
        return self._actual(self.shown) or self._unjudged

    @property
    def value(self) -> Decimal | None:
        """The number that `actual` words."""
        found = self.shown.actual or self.terms.actual(self.row.year)
        if found is None or found.value is None:
            return None
        return rules.shown_actual(self.terms, found, self.shown.goal)

    @property
    def newer(self) -> rules.Newest | None:
        """The newest value where it is of another time than the one that is judged."""
        newest = self.row.judged.newest
        shown = self.shown.actual or self.terms.actual(self.row.year)
        return None if newest is None or newest.actual == shown else newest

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
    def present_grade(self) -> str:
        found = self.row.present.actual
        return rules.grade(found) if found else ""

    @property
    def changed(self) -> str:
        """What has changed since it was settled; empty if nothing has."""
        return self.row.changed_words

    @property
    def gap(self) -> str:
        return rules.gap_words(self.terms, self.shown)

    @property
    def instead(self) -> str:
        """What stands in the place of the value: who owes it, or that there is to be none."""
        if self.row.verdict == Verdict.MISSING:
            return self._owed
        if self.group == MilestoneGroup.RECOGNISED or self.row.verdict == Verdict.TO_RECOGNISE:
            return "凭材料认定"
        return "凭文件认定" if self.settlement and self.settlement.is_recognised else "—"

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
        """已判定, 待判定, 须重新判定, 待确认, or a dash where nothing can be settled yet."""
        if self.row.asked:
            return ProposalState.OPEN.label
        if self.row.state == Settled.OPEN and not self.is_ready and not self.waits:
            return "—"
        return self.row.state.label

    @property
    def standing(self) -> str:
        """The same, or that a fourth quarter waits to be confirmed as the missing value."""
        offers = self.state == "—" and self.row.year_end_offer
        return "待确认年度值" if offers else self.state

    @property
    def is_outdated(self) -> bool:
        return self.row.state == Settled.OUTDATED

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
        said = f"{self.row.judged.target.name}：{self.row.sentence}"
        is_missing = self.row.verdict == Verdict.MISSING and not self.settlement
        if is_missing and self.row.present.year_end is None:
            return f"{said.removesuffix('。')}，{self._owed}。"
        return said

    @property
    def grounds(self) -> str:
        """The versions that the verdict rests on; empty if nothing was settled."""
        return self.settlement.grounds if self.settlement else ""

    @property
    def has_grounds(self) -> bool:
        """Whether more stands behind it than the words of the plan."""
        return bool(self.grounds or self.handed_in)

    @property
    def quoted(self) -> Quoted | None:
        return self.row.quoted

    @property
    def order(self) -> tuple[object, ...]:
        """By group, then worst first."""
        return list(MilestoneGroup).index(self.group), self.row.judged.sort_key

    @property
    def _owed(self) -> str:
        found = self.row.present.year_end
        if found is not None:
            return f"四季度末{rules.actual_words(self.terms, found, self.row.present.goal)}"
        agency = self.row.judged.target.reporting_agency
        return f"待{agency.short_name}填报" if agency else "填报单位待定"

    @property
    def _unjudged(self) -> str:
        """The value of a goal that the city has not sent down, which is not judged."""
        found = self.terms.actual(self.row.year)
        return rules.actual_words(self.terms, found) if found else ""

    def _goal(self, judgement: rules.Judgement) -> str:
        return rules.goal_value(self.terms, judgement.goal) if judgement.goal else "—"

    def _actual(self, judgement: rules.Judgement) -> str:
        found = judgement.actual
        return rules.actual_words(self.terms, found, judgement.goal) if found else ""


@dataclass(frozen=True)
class ProposedRow:
    """A milestone with what of it waits for a second person."""

    milestone: MilestoneRow
    asked: PendingProposal

    @property
    def is_changed(self) -> bool:
        """Whether another version than the one seen is in force: it cannot be confirmed."""
        return not self.milestone.row.was_seen(self.asked)

    @property
    def verdict(self) -> Verdict | None:
        """The verdict that is proposed; None if none is."""
        stored = self.asked.content.get("verdict")
        is_striven = self.milestone.is_striven
        return SettledVerdict(stored).said(is_striven=is_striven) if stored else None


@dataclass(frozen=True)
class LeftRow:
    """A missed milestone with what is left of it until a later year."""

    carried: CarriedOver

    @property
    def milestone(self) -> MilestoneRow:
        return MilestoneRow(self.carried.row)

    @property
    def newest(self) -> rules.Newest | None:
        return self.milestone.row.judged.newest

    @property
    def heading(self) -> str:
        until = self.carried.until
        return f"未完成的结转至{until}年" if until else "未完成的目标继续有效"

    @property
    def is_number(self) -> bool:
        """Whether its values say what is left; else a document does."""
        return self.carried.left is not None

    @property
    def aim(self) -> str:
        """The goal to be reached next, or the missed one that stays a floor."""
        left = self.carried.left
        if left is None:
            return "—"
        words = rules.goal_value(self.milestone.terms, left.aim)
        return f"{words}（巩固）" if left.is_floor else words

    @property
    def needed(self) -> str:
        left = self.carried.left
        if left is None or left.needed is None:
            return "—"
        if left.needed == 0:
            return f"须{self.aim.removesuffix('（巩固）')}"
        return rules.change(self.milestone.terms, left.needed)

    @property
    def sentence(self) -> str:
        return f"{self.milestone.row.judged.target.name}：{self.carried.sentence}"


def rows_of(
    rows: tuple[SettlingRow, ...], handed_in: Mapping[int, ApprovedSubmission]
) -> tuple[MilestoneRow, ...]:
    """The rows by group and worst first within it, each with the submission behind it."""
    shown = (MilestoneRow(row, handed_in.get(value_key(row) or 0)) for row in rows)
    return tuple(sorted(shown, key=lambda row: row.order))


def value_key(row: SettlingRow) -> int | None:
    """Key of the value that is shown: the one in force, else the one of the settlement."""
    if row.observation is not None:
        return row.observation.pk
    return row.settlement.observation_id if row.settlement else None
