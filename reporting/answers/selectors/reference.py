"""The reference shown next to the form of a task or project: last quarter and this one."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from common.formats import number, signed
from projects.choices import ProjectStatus
from projects.rules import LatestReport, ProjectPlan, Status, months_overdue, past_expected_words
from reporting.answers.rules.answers import ProjectAnswers, TargetAnswers, TaskAnswers
from reporting.answers.rules.likeness import TextPiece, changes
from reporting.answers.rules.options import OPTIONS
from reporting.answers.selectors.checking import CheckedObligation
from reporting.answers.selectors.reference_target import ReferenceLine, TargetReference, TargetTrend

__all__ = [
    "ProjectReference",
    "Reference",
    "ReferenceLine",
    "TargetReference",
    "TargetTrend",
    "TaskReference",
    "reference_of",
]


@dataclass(frozen=True)
class TaskReference:
    """The reference of a task: last quarter's words, compared with this quarter's."""

    checked: CheckedObligation

    @cached_property
    def last(self) -> TaskAnswers | None:
        known = self.checked.facts.previous
        return known if isinstance(known, TaskAnswers) else None

    @property
    def label(self) -> str:
        last = self.checked.past.last
        return last.period.label if last else ""

    @property
    def status_words(self) -> str:
        """Last quarter's status: 正常推进."""
        return OPTIONS["TaskStatus"][self.last.status] if self.last and self.last.status else ""

    @property
    def lines(self) -> Sequence[tuple[str, str]]:
        """Last quarter's other answers, label and text."""
        last = self.last
        if last is None:
            return []
        quantity = number(last.quantity_value) if last.quantity_value is not None else ""
        pairs = [
            ("状态", self.status_words),
            (
                last.quantity_name or "量化进展",
                f"{quantity}{last.quantity_unit}" if quantity else "",
            ),
            ("存在问题", last.problems),
            ("下一步措施", last.next_steps),
            ("完成时限", last.next_due or ""),
        ]
        return [(label, text) for label, text in pairs if text]

    @property
    def quantity_words(self) -> str:
        """上季度 3,286 个　+126."""
        last, answers = self.last, self.checked.answers
        if last is None or last.quantity_value is None:
            return ""
        text = f"上季度 {number(last.quantity_value)}{last.quantity_unit}"
        now = answers.quantity_value if isinstance(answers, TaskAnswers) else None
        return text if now is None else f"{text}，{signed(now - last.quantity_value)}"

    @property
    def narrative(self) -> str:
        return self.last.narrative if self.last else ""

    @cached_property
    def pieces(self) -> tuple[TextPiece, ...]:
        """The differences between last quarter's text and this one; empty where one is empty."""
        answers = self.checked.answers
        now = answers.narrative if isinstance(answers, TaskAnswers) else ""
        return changes(self.narrative, now) if self.narrative and now else ()


@dataclass(frozen=True)
class ProjectReference:
    """The reference of a project: plan, money, time."""

    checked: CheckedObligation

    @property
    def _answers(self) -> ProjectAnswers:
        assert isinstance(self.checked.answers, ProjectAnswers)  # noqa: S101
        return self.checked.answers

    @cached_property
    def last(self) -> ProjectAnswers | None:
        known = self.checked.facts.previous
        return known if isinstance(known, ProjectAnswers) else None

    @property
    def is_settled(self) -> bool:
        """Whether 本季度无变化 is offered: the project was completed before."""
        return bool(self.last and self.last.status == ProjectStatus.COMPLETED)

    @property
    def overdue_words(self) -> str:
        """已超过计划完成年1年11个月; empty while in time or once completed."""
        facts, answers = self.checked.facts, self._answers
        last = self.last
        status = answers.status or (last.status if last else "")
        plan = ProjectPlan(facts.start_year, facts.end_year)
        report = LatestReport(facts.period, Status(status)) if status else None
        months = months_overdue(plan, report, facts.today)
        if not months:
            return ""
        years, rest = divmod(months, 12)
        size = (f"{years}年" if years else "") + (f"{rest}个月" if rest else "")
        return f"已超过计划完成年{size}，更新预计竣工时间"

    @property
    def past_expected(self) -> str:
        """预计2027年2月竣工已过3个月, by the form or the last report; empty if not past."""
        answers, last = self._answers, self.last
        status = answers.status or (last.status if last else "")
        expected = answers.expected_on or (last.expected_on if last else None)
        if not status or answers.completed_on:
            return ""
        report = LatestReport(self.checked.facts.period, Status(status), expected_on=expected or "")
        return past_expected_words(report, self.checked.facts.today)

    @property
    def before(self) -> Decimal | None:
        """Invested to the end of last quarter."""
        return self.checked.facts.previous_cumulative_wan

    @property
    def sum_words(self) -> str:
        """上季度累计 29,650＋本季度 1,200＝30,850, where both are known."""
        quarter = self._answers.invested_quarter_wan
        if self.before is None:
            return ""
        if quarter is None:
            return f"上季度累计 {number(self.before)} 万元"
        total = number(self.before + quarter)
        return f"上季度累计 {number(self.before)}＋本季度 {number(quarter)}＝{total}"

    @property
    def sum_text(self) -> str:
        """The text that the button writes into the field; empty where it would change nothing."""
        quarter = self._answers.invested_quarter_wan
        if self.before is None or quarter is None:
            return ""
        total = self.before + quarter
        return "" if total == self._answers.invested_wan else f"{total.normalize():f}"

    @property
    def share(self) -> Decimal | None:
        total, invested = self.checked.facts.total_investment_wan, self._answers.invested_wan
        return invested / total * 100 if total and invested is not None else None

    @property
    def share_words(self) -> str:
        return f"{number(self.share, 1)}%" if self.share is not None else "—"

    @property
    def refline(self) -> tuple[ReferenceLine, ...]:
        """The lines shown above the field on a phone."""
        return self.lines[1:2] + self.lines[3:4]

    @property
    def lines(self) -> tuple[ReferenceLine, ...]:
        facts, answers = self.checked.facts, self._answers
        return (
            ReferenceLine("总投资", self._wan(facts.total_investment_wan, "未列"), "万元"),
            ReferenceLine("上季度累计", self._wan(self.before, "尚无"), "万元"),
            ReferenceLine(
                "本季度累计", self._wan(answers.invested_wan, "未填"), "万元", "", is_own=True
            ),
            ReferenceLine("占总投资", self.share_words, "", "share"),
            ReferenceLine(
                "上季度形象进度", self._percent(self.last.works_percent if self.last else None), "%"
            ),
        )

    def _wan(self, value: Decimal | None, missing: str) -> str:
        return missing if value is None else number(value, 0)

    def _percent(self, value: Decimal | None) -> str:
        return "尚无" if value is None else number(value)


Reference = TargetReference | TaskReference | ProjectReference | None


def reference_of(*, checked: CheckedObligation) -> Reference:
    """The reference of the obligation's kind; None for a contribution."""
    answers = checked.answers
    if isinstance(answers, TargetAnswers):
        return TargetReference(checked)
    if isinstance(answers, TaskAnswers):
        return TaskReference(checked)
    return ProjectReference(checked) if isinstance(answers, ProjectAnswers) else None
