"""The reference beside a form: last quarter, this one, what is required, how it went so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from common.formats import number, signed
from common.quarters import Period
from projects import rules as project_rules
from projects.choices import ProjectStatus
from reporting.rules.answers import ProjectAnswers, TargetAnswers, TaskAnswers
from reporting.rules.levels import level_of
from reporting.rules.likeness import Piece, changes
from reporting.rules.options import OPTIONS
from reporting.selectors.checking import Checked
from targets import rules as target_rules

POINTS = "个百分点"
_SHOWN = 8


@dataclass(frozen=True)
class Line:
    """One line of the ledger; `live` names the number that the script keeps up to date."""

    label: str
    value: str
    unit: str = ""
    live: str = ""
    is_own: bool = False


@dataclass(frozen=True)
class Trend:
    """The last values of a target with what each period required; the typed one stands apart."""

    periods: tuple[Period, ...]
    values: tuple[Decimal | None, ...]
    required: tuple[Decimal | None, ...]
    own: Decimal | None
    decimals: int
    unit: str


@dataclass(frozen=True)
class TargetReference:
    """What a target's form has beside it."""

    checked: Checked

    @property
    def _answers(self) -> TargetAnswers:
        assert isinstance(self.checked.answers, TargetAnswers)  # noqa: S101
        return self.checked.answers

    @property
    def own_period(self) -> Period:
        return self._answers.value_period or self.checked.obligation.period.period

    @property
    def unit(self) -> str:
        return self.checked.facts.unit

    @property
    def distance_unit(self) -> str:
        return POINTS if self.unit == "%" else self.unit

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Last, this, change, required, distance."""
        facts, value = self.checked.facts, self._answers.value
        last = facts.history[-1] if facts.history else None
        state = self.checked.obligation.get_state_display()
        here = f"{self.unit} {state}".strip()
        lines = [
            Line(
                self.last_label,
                self._number(last, "尚无"),
                f"{self.unit} 已通过" if facts.history else "",
            ),
            Line(self.own_label, self._number(value, "未填"), here, "value", is_own=True),
            Line(
                f"较{self.last_label.partition(' ')[0]}",
                self._gap(value, last),
                self.distance_unit,
                "change",
            ),
        ]
        if facts.required is None:
            return (*lines, Line("进度要求", "—", self.no_requirement))
        return (
            *lines,
            Line(self.required_label, self._number(facts.required, ""), self.unit),
            Line("与要求相差", self._gap(value, facts.required), self.distance_unit, "distance"),
        )

    @property
    def last_label(self) -> str:
        """上季度 2026Q2, 上年 2025; another period by its code alone."""
        last, own = self.checked.facts.last_period, self.own_period
        near = "上季度" if own.quarter else "上年"
        if last is None:
            return near
        return f"{near} {last.code}" if last == own.previous else f"上期 {last.code}"

    @property
    def own_label(self) -> str:
        return "本季度" if self.own_period.quarter else self.own_period.label

    @property
    def required_label(self) -> str:
        """进度要求 at a time; 要求值（2025年起） once the last goal is past."""
        judged = self.checked.judged
        goals = judged.terms.numeric_goals if judged else ()
        last = goals[-1].year if goals else None
        if last and last <= self.own_period.year:
            return f"要求值（{last}年起）"
        return f"进度要求（{self.own_period.code}）"

    @property
    def no_requirement(self) -> str:
        """Why nothing is required."""
        judged = self.checked.judged
        if judged is None:
            return ""
        if judged.terms.kind in {"qualitative", "peak_by"}:
            return "由区发改局认定"
        return "基准值待补录" if target_rules.needs_baseline(judged.terms) else "未到期或待下达"

    @property
    def light(self) -> tuple[str, str] | None:
        """Level and words of the typed value; None where there is nothing to hold it against."""
        facts, answers = self.checked.facts, self._answers
        value = facts.comparable(answers)
        judged = self.checked.judged
        if value is None:
            return None
        return level_of(value, facts, is_striven=bool(judged and judged.target.is_striven))

    @property
    def refline(self) -> tuple[Line, ...]:
        """The lines above the field on a phone: last, change, required."""
        return tuple(line for line in self.lines if not line.is_own and line.live != "distance")

    @cached_property
    def trend(self) -> Trend | None:
        """The last eight periods of the same frequency; None for fewer than two values."""
        own, judged = self.own_period, self.checked.judged
        if judged is None:
            return None
        periods = [own]
        while len(periods) < _SHOWN:
            periods.append(periods[-1].previous)
        shown = tuple(reversed(periods))
        basis = judged.target.accounting_basis
        records = {row.period: row for row in self.checked.past.records}
        values = tuple(
            records[one].value
            if one in records and records[one].texts.get("basis", "") in {"", basis} and one != own
            else None
            for one in shown
        )
        value = self.checked.facts.comparable(self._answers)
        if sum(found is not None for found in (*values, value)) < 2:
            return None
        needs = tuple(
            target_rules.required_at(judged.terms, one.year, one.quarter) for one in shown
        )
        return Trend(shown, values, needs, value, self.checked.facts.decimals, self.unit)

    def _number(self, value: Decimal | None, missing: str) -> str:
        return missing if value is None else number(value, self.checked.facts.decimals)

    def _gap(self, value: Decimal | None, other: Decimal | None) -> str:
        if value is None or other is None:
            return "—"
        return signed(value - other, self.checked.facts.decimals)


@dataclass(frozen=True)
class TaskReference:
    """What a task's form has beside it: last quarter's words, compared with this quarter's."""

    checked: Checked

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
        """正常推进, of last quarter."""
        return OPTIONS["TaskStatus"][self.last.status] if self.last and self.last.status else ""

    @property
    def lines(self) -> Sequence[tuple[str, str]]:
        """What else was said last quarter."""
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
    def pieces(self) -> tuple[Piece, ...]:
        """From last quarter's text to this one; nothing where one of them is empty."""
        answers = self.checked.answers
        now = answers.narrative if isinstance(answers, TaskAnswers) else ""
        return changes(self.narrative, now) if self.narrative and now else ()


@dataclass(frozen=True)
class ProjectReference:
    """What a project's form has beside it: plan, money, time."""

    checked: Checked

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
        """Whether 本季度无变化 can be said: it was completed before."""
        return bool(self.last and self.last.status == ProjectStatus.COMPLETED)

    @property
    def overdue_words(self) -> str:
        """已超过计划完成年1年11个月，请更新节点 without the 请; empty in time or completed."""
        facts, answers = self.checked.facts, self._answers
        last = self.last
        status = answers.status or (last.status if last else "")
        plan = project_rules.Plan(facts.start_year, facts.end_year)
        report = project_rules.Report(facts.period, status) if status else None
        months = project_rules.months_overdue(plan, report, facts.today)
        if not months:
            return ""
        years, rest = divmod(months, 12)
        size = (f"{years}年" if years else "") + (f"{rest}个月" if rest else "")
        return f"已超过计划完成年{size}，更新预计竣工时间"

    @property
    def before(self) -> Decimal | None:
        """Invested up to the end of last quarter."""
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
        """What the button writes into the field; empty where it would change nothing."""
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
    def refline(self) -> tuple[Line, ...]:
        """The lines above the field on a phone."""
        return self.lines[1:2] + self.lines[3:4]

    @property
    def lines(self) -> tuple[Line, ...]:
        facts, answers = self.checked.facts, self._answers
        return (
            Line("总投资", self._wan(facts.total_investment_wan, "未列"), "万元"),
            Line("上季度累计", self._wan(self.before, "尚无"), "万元"),
            Line("本季度累计", self._wan(answers.invested_wan, "未填"), "万元", "", is_own=True),
            Line("占总投资", self.share_words, "", "share"),
            Line(
                "上季度形象进度", self._percent(self.last.works_percent if self.last else None), "%"
            ),
        )

    def _wan(self, value: Decimal | None, missing: str) -> str:
        return missing if value is None else number(value, 0)

    def _percent(self, value: Decimal | None) -> str:
        return "尚无" if value is None else number(value)


Reference = TargetReference | TaskReference | ProjectReference | None


def reference_of(*, checked: Checked) -> Reference:
    """The reference of an item's kind; a contribution has none."""
    answers = checked.answers
    if isinstance(answers, TargetAnswers):
        return TargetReference(checked)
    if isinstance(answers, TaskAnswers):
        return TaskReference(checked)
    return ProjectReference(checked) if isinstance(answers, ProjectAnswers) else None
