"""The provenance of a number in words: its stamp, its advice, the values behind its verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from common.formats import number, rounded
from targets.rules.enumerations import PROVISIONAL_GRADES, Grade
from targets.rules.series.yearly import RateRow
from targets.rules.terms import Terms
from targets.rules.verdicts.judgement import Judgement
from targets.rules.verdicts.settlements import Grounds
from targets.rules.verdicts.verdicts import Verdict
from targets.rules.words.formatting import actual_words, distance_words
from targets.rules.words.wording import RATE_DECIMALS, tail_words


class Stamp(StrEnum):
    """The stamp next to a number: how far it may be quoted."""

    SETTLED = "判"
    REVIEWED = "审"
    PRELIMINARY = "初"
    ESTIMATE = "测"
    WAITING = "待"
    GONE = "撤"

    @property
    def label(self) -> str:
        return _STAMPS[self]

    @property
    def is_open(self) -> bool:
        """Whether the number may still change without a correction."""
        return self in {Stamp.PRELIMINARY, Stamp.ESTIMATE, Stamp.WAITING}

    @property
    def css(self) -> str:
        """Its CSS class: filled if settled, dashed if open."""
        return "settled" if self == Stamp.SETTLED else "open" if self.is_open else ""


_STAMPS = {
    Stamp.SETTLED: "已审核，已判定",
    Stamp.REVIEWED: "已审核",
    Stamp.PRELIMINARY: "初步核算，可能修订",
    Stamp.ESTIMATE: "测算，可能修订",
    Stamp.WAITING: "已报送，还没有审核",
    Stamp.GONE: "已撤销，没有现行数值",
}


@dataclass(frozen=True)
class ProvenanceFacts:
    """The facts behind the advice on a number.

    `used` is the value by which the year of a quarter was settled; `why_not` says why a year is not
    settled.
    """

    stamp: Stamp
    is_quarter: bool = False
    year: int = 0
    used: str = ""
    outdated: str = ""
    why_not: str = ""
    corrections: int = 0
    lacking: tuple[str, ...] = ()


def stamp_of(grade: Grade, *, is_settled: bool) -> Stamp:
    """The stamp of a current value."""
    if is_settled:
        return Stamp.SETTLED
    if grade == Grade.ESTIMATE:
        return Stamp.ESTIMATE
    return Stamp.PRELIMINARY if grade in PROVISIONAL_GRADES else Stamp.REVIEWED


def quoting_advice(standing: ProvenanceFacts) -> str:
    """从方案原文到判定都有记录，没有更正过: whether the number may be quoted, in one sentence."""
    said = _answer(standing)
    lacking = "、".join(standing.lacking)
    return f"{said}；缺{lacking}" if lacking else said


def _answer(standing: ProvenanceFacts) -> str:
    if standing.outdated:
        return standing.outdated
    label = standing.stamp.label
    if standing.stamp in {Stamp.WAITING, Stamp.GONE}:
        return label
    if standing.is_quarter:
        used = f"，{standing.year}年结论用的是{standing.used}" if standing.used else ""
        return f"{label}。季度值不作判定{used}"
    if standing.stamp != Stamp.SETTLED:
        return f"{label}，{standing.why_not}" if standing.why_not else label
    times = f"更正过{standing.corrections}次" if standing.corrections else "没有更正过"
    return f"{label}，{times}" if standing.lacking else f"从方案原文到判定都有记录，{times}"


def next_steps(
    standing: ProvenanceFacts, *, is_due: bool, is_asked: bool, takes_two: bool
) -> tuple[str, ...]:
    """What still has to be done with the number, in order; empty for a settled one."""
    again = "重新判定" if standing.outdated else "判定"
    if standing.stamp == Stamp.WAITING:
        return ("区发改局审核；通过后进入看板",)
    if is_asked:
        return (f"另一位审核员确认或退回{again}",)
    if is_due:
        second = ("另一位审核员确认，提出人和确认人不能是同一人",) if takes_two else ()
        return (f"审核员提出{again}，只列出数值，不能改数", *second)
    if standing.stamp.is_open and not standing.is_quarter:
        return ("最终核实后由填报单位再报送", "审核通过后判定")
    return ()


def verdict_then(terms: Terms, then: Grounds, now: Grounds) -> str:
    """按第1版99.10%，高0.10个百分点: the value behind a verdict; empty without a value."""
    return _by(terms.with_tolerance(then.tolerance_percent), then, now)


def verdict_now(terms: Terms, then: Grounds, now: Grounds, held: Verdict, found: Judgement) -> str:
    """按第2版99.20%，高0.20个百分点，仍为已达标: the verdict that the present value would give."""
    still = "仍为" if found.verdict == held else "为"
    by = _by(terms, now, then)
    return f"{by}，{still}{found.label}" if by else f"按现有数据{still}{found.label}"


def _by(terms: Terms, grounds: Grounds, other: Grounds) -> str:
    """The value of some grounds, with decimals that distinguish it from that of others."""
    actual, goal = grounds.actual, grounds.goal
    if actual is None or actual.value is None or goal is None:
        return ""
    beside = [other.actual.value] if other.actual and other.actual.value is not None else []
    value = actual_words(terms, actual, goal, others=beside)
    gap = tail_words(distance_words(terms, goal, actual))
    return f"按第{grounds.observation_version}版{value}{gap}"


def added_up(rows: Sequence[RateRow]) -> str:
    """逐年相加得16.66，多1.06，不能用: from the printed numbers; empty for fewer than two years."""
    rates = [rounded(row.derived, RATE_DECIMALS) for row in rows if row.derived is not None]
    last = rows[-1].cumulative if rows else None
    if len(rates) < 2 or last is None or any(row.is_even for row in rows):
        return ""
    total = sum(rates, Decimal(0))
    off = total - rounded(last, RATE_DECIMALS)
    if not off:
        return ""
    verb = "多" if off > 0 else "少"
    return f"逐年相加得{number(total)}，{verb}{number(abs(off))}，不能用"
