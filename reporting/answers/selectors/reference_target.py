"""The reference shown next to a target's form: last and current value, requirement, trend."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from common.formats import rounded
from common.quarters import Period
from reporting.answers.rules.answers import TargetAnswers
from reporting.answers.rules.wording import figure, step
from reporting.answers.selectors.checking import CheckedObligation
from reporting.answers.selectors.reported_value import light_of
from targets import rules as target_rules

POINTS = "个百分点"
_SHOWN = 8


@dataclass(frozen=True)
class ReferenceLine:
    """One line of the reference; `live` names the number that the script keeps up to date."""

    label: str
    value: str
    unit: str = ""
    live: str = ""
    is_own: bool = False


@dataclass(frozen=True)
class TargetTrend:
    """The last values of a target with what each period required; the typed one is separate."""

    periods: tuple[Period, ...]
    values: tuple[Decimal | None, ...]
    required: tuple[Decimal | None, ...]
    own: Decimal | None
    decimals: int
    unit: str


@dataclass(frozen=True)
class TargetReference:
    """The reference of a target."""

    checked: CheckedObligation

    @cached_property
    def _answers(self) -> TargetAnswers:
        accepted = self.checked.accepted
        assert isinstance(accepted, TargetAnswers)  # noqa: S101
        return accepted

    @property
    def own_period(self) -> Period:
        return self.checked.obligation.meant(self._answers.value_period)

    @property
    def unit(self) -> str:
        return self.checked.facts.unit

    @property
    def distance_unit(self) -> str:
        return POINTS if self.unit == "%" else self.unit

    @cached_property
    def lines(self) -> tuple[ReferenceLine, ...]:
        """Value on record, last and current value, change, requirement, distance, year's end."""
        return (*self.on_record, *self._compared, *self.twin)

    @property
    def twin(self) -> tuple[ReferenceLine, ...]:
        """For the annual value of a stock the one of its fourth quarter, or the reverse."""
        facts = self.checked.facts
        if facts.twin is None:
            return ()
        period = facts.twin_period(self._answers)
        label = f"{'四季度末' if period.quarter else '年度值'} {period.code}"
        return (ReferenceLine(label, self._number(facts.twin, ""), f"{self.unit} 已通过"),)

    @property
    def _compared(self) -> tuple[ReferenceLine, ...]:
        facts, value = self.checked.facts, self._answers.value
        last = facts.history[-1] if facts.history else None
        state = self.checked.obligation.get_state_display()
        here = f"{self.unit} {state}".strip()
        lines = [
            self._last,
            ReferenceLine(self.own_label, self._number(value, "未填"), here, "value", is_own=True),
            ReferenceLine(
                f"较{self.last_label.partition(' ')[0]}",
                self._gap(value, last),
                self.distance_unit,
                "change",
            ),
        ]
        if facts.required is None:
            return (*lines, ReferenceLine("进度要求", "—", self.no_requirement))
        return (
            *lines,
            ReferenceLine(self.required_label, self._number(self._required, ""), self.unit),
            ReferenceLine(
                "与要求相差", self._gap(value, self._required), self.distance_unit, "distance"
            ),
        )

    @property
    def _last(self) -> ReferenceLine:
        """The last value of the same frequency, else the newest there is: 2025年 93.5%."""
        passed = f"{self.unit} 已通过"
        if self.checked.facts.history:
            return ReferenceLine(
                self.last_label, self._number(self.checked.facts.history[-1], ""), passed
            )
        newest = self.checked.past.nearest
        if newest and newest.value is not None:
            label = f"最近 {newest.period.short_label}"
            return ReferenceLine(label, self._number(newest.value, ""), passed)
        return ReferenceLine(self.last_label, "尚无")

    @property
    def on_record(self) -> tuple[ReferenceLine, ...]:
        """The value of the very period that the form would replace."""
        known = self.checked.past.at(self.own_period)
        if known is None or known.value in {None, self._answers.value}:
            return ()
        label = f"已有 {self.own_period.code}"
        return (ReferenceLine(label, self._number(known.value, ""), f"{self.unit} 已通过"),)

    @property
    def _required(self) -> Decimal | None:
        """The requirement, rounded to the target's decimals."""
        facts = self.checked.facts
        return None if facts.required is None else rounded(facts.required, facts.decimals)

    @property
    def last_label(self) -> str:
        """上季度 2026Q2, 上年 2025; for another period its code alone."""
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
        """进度要求 at a time; 要求值（2025年起） after the last goal."""
        judged = self.checked.judged
        goals = judged.terms.numeric_goals if judged else ()
        last = goals[-1].year if goals else None
        if last and last <= self.own_period.year:
            return f"要求值（{last}年起）"
        return f"进度要求（{self.own_period.code}）"

    @property
    def no_requirement(self) -> str:
        """Why there is no requirement."""
        judged = self.checked.judged
        if judged is None:
            return ""
        if judged.terms.is_peak or judged.terms.is_qualitative:
            return "由区发改局认定"
        return "基期值待补录" if target_rules.needs_baseline(judged.terms) else "未到期或待下达"

    @cached_property
    def light(self) -> target_rules.Light | None:
        """The light of the typed value."""
        own = self.checked.obligation.own_period
        return light_of(self.checked.judged, self._answers, own)

    @property
    def refline(self) -> tuple[ReferenceLine, ...]:
        """The lines shown above the field on a phone: last, change, required."""
        return tuple(line for line in self.lines if not line.is_own and line.live != "distance")

    @cached_property
    def trend(self) -> TargetTrend | None:
        """The last eight periods of the same frequency; None for fewer than two values."""
        own, judged = self.own_period, self.checked.judged
        if judged is None:
            return None
        periods = [own]
        while len(periods) < _SHOWN:
            periods.append(periods[-1].previous)
        shown = tuple(reversed(periods))
        basis = judged.target.basis_name
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
        return TargetTrend(shown, values, needs, value, self.checked.facts.decimals, self.unit)

    def _number(self, value: Decimal | None, missing: str) -> str:
        return missing if value is None else figure(value, self.checked.facts.decimals)

    def _gap(self, value: Decimal | None, other: Decimal | None) -> str:
        if value is None or other is None:
            return "—"
        return step(value, other, self.checked.facts.decimals)
