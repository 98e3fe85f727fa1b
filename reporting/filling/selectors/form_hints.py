"""Proposals and explanations next to the fields of a form."""

from collections.abc import Mapping

from common.quarters import Period
from reporting.answers.rules.answers import ProjectAnswers, TargetAnswers, TaskAnswers
from reporting.answers.selectors.checking import CheckedObligation
from reporting.periods.rules.thresholds import Thresholds
from reporting.rules.fields import VALUE_PERIOD
from reporting.rules.value_years import Known, owed_years
from targets.rules import PROVISIONAL_GRADES
from targets.rules.words.formatting import DIMENSIONLESS

_LONGEST_FORMULA = 48
_QUARTER_ENDS = {1: "3月末", 2: "6月末", 3: "9月末", 4: "12月末"}
_HINTS: Mapping[str, str] = {
    "basis": "统计口径与以前不同时才改选；口径不同的数值不和以前比较",
    "no_change": "已竣工、没有新的变化时勾选，其余各栏不用再填",
    "annual_rate": "公报公布的当年比上年降低的百分数；没有公布的留空，导入登记的不变",
    "corrects_earlier": "以前报的累计数有误、本次一并更正时勾选",
    "note": "“尚未取得”的在这里写明原因",
    "problems": "进展滞后时必填",
    "coordination": "多个单位用顿号隔开",
    "next_due": "如 2026-12",
    "invested_wan": "从开工到季末的合计",
    "started_on": "如 2023-05",
    "completed_on": "已竣工时填写，如 2026-09",
    "expected_on": "还没有竣工时填写，如 2026-12",
}
_MONEY = frozenset({"invested_quarter_wan", "invested_wan"})


def unit_of(checked: CheckedObligation, name: str) -> str:
    """The unit printed after a field's control."""
    target = checked.obligation.target
    if name == "value" and target is not None:
        return "" if target.unit == DIMENSIONLESS else target.unit
    if name in _MONEY:
        return "万元"
    return "%" if name in {"works_percent", "annual_rate"} else ""


def hint_of(checked: CheckedObligation, name: str, limits: Thresholds) -> str:
    """The line under a control: what counts and how to write it."""
    if name == "value":
        return _formula(checked)
    if name == "narrative":
        return f"{limits.whole('NARRATIVE_LEAST')}–{limits.whole('NARRATIVE_MOST')}字"
    if name == "text":
        return "不超过300字，写本单位做了什么"
    if name == "problems" and checked.obligation.project:
        return "要区里协调的事项写明找谁、办什么"
    return _HINTS.get(name, "")


def _formula(checked: CheckedObligation) -> str:
    target = checked.obligation.target
    if target is None:
        return ""
    if target.numerator and target.denominator:
        return f"{target.numerator} ÷ {target.denominator}"
    return target.formula if len(target.formula) <= _LONGEST_FORMULA else ""


def given_texts(checked: CheckedObligation) -> Mapping[str, str]:
    """Proposed texts for fields that were never touched."""
    last = checked.past.last
    texts = last.texts if last else {}
    kind = type(checked.answers)
    if kind is TargetAnswers:
        return _given_target(checked, texts)
    if kind is TaskAnswers:
        return {name: texts.get(name, "") for name in ("quantity_name", "quantity_unit")}
    if kind is ProjectAnswers:
        return {name: texts.get(name, "") for name in ("status", "started_on", "completed_on")}
    return {}


def _given_target(checked: CheckedObligation, texts: Mapping[str, str]) -> Mapping[str, str]:
    """Proposals for a target. An annual value's grade is never proposed: it changes in the year."""
    obligation, facts = checked.obligation, checked.facts
    if facts.is_qualitative:
        return {}
    known = texts or (checked.past.records[0].texts if checked.past.records else {})
    source = known.get("source") or (obligation.target.data_source if obligation.target else "")
    given = {"availability": "new", VALUE_PERIOD: _usual_period(checked).code}
    if obligation.value_year:
        del given[VALUE_PERIOD]
    given["source"] = source if len(source) <= 160 else ""
    return given | ({} if facts.is_annual else {"grade": texts.get("grade", "")})


def not_asked(checked: CheckedObligation) -> frozenset[str]:
    """The fields that a form leaves out; a comment at one would have no place."""
    facts, found = checked.facts, set()
    if isinstance(checked.answers, TargetAnswers):
        found.add("availability" if facts.is_qualitative else "attainment")
        if not facts.is_annual or facts.base_year is None:
            found.add("annual_rate")
    if not any(one.code == "E3" for one in checked.errors):
        found.add("corrects_earlier")
    kept = {name for name in found if not checked.obligation.texts.get(name)}
    return frozenset(kept | ({VALUE_PERIOD} if checked.obligation.value_year else set()))


def periods_of(checked: CheckedObligation) -> list[tuple[Period, str]]:
    """The periods that a value may belong to, usual one first; a year until it is final."""
    now, usual = checked.obligation.period.period, _usual_period(checked)
    years = [Period(now.year - back) for back in (0 if now.quarter == 4 else 1, 1, 2)]
    years += map(Period, _unsettled_years(checked))
    quarters = [now, now.previous]
    order = years + quarters if checked.facts.is_annual else quarters + years
    return [(one, _when(one)) for one in dict.fromkeys([usual, *order])]


def _unsettled_years(checked: CheckedObligation) -> tuple[int, ...]:
    """Years since the first milestone without a final value, for a quarterly target too."""
    rows = [row for row in checked.past.records if row.period.quarter is None]
    settled = (row for row in rows if row.texts.get("grade") not in PROVISIONAL_GRADES)
    known = Known({row.period.year for row in rows}, {row.period.year for row in settled})
    now, judged = checked.obligation.period.period, checked.judged
    since = judged.years.first if judged else now.year
    return owed_years(period=now, asking=[now], since=since, known=known)


def _usual_period(checked: CheckedObligation) -> Period:
    now = checked.obligation.period.period
    if not checked.facts.is_annual:
        return now
    return Period(now.year if now.quarter == 4 else now.year - 1)


def _when(period: Period) -> str:
    """2026年第三季度（9月末）, 2025年（全年）."""
    if period.quarter is None:
        return f"{period.label}（全年）"
    return f"{period.label}（{_QUARTER_ENDS[period.quarter]}）"
