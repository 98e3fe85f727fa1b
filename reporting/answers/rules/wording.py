"""Numbers, units and periods in the sentences of the rules. Pure."""

from decimal import Decimal

from common.formats import number, rounded, signed
from common.quarters import Period
from reporting.answers.rules.facts import ObligationFacts
from reporting.rules.enumerations import Kind

MOST_DECIMALS = 4
TARGET, TASK, CONTRIBUTION, PROJECT = (
    (Kind.TARGET,),
    (Kind.TASK,),
    (Kind.CONTRIBUTION,),
    (Kind.PROJECT,),
)


def handed_in_words(period: Period, number: str) -> str:
    """The reason recorded with a version that an agency submitted without correcting anything."""
    return f"{period.label}报送，编号{number}"


def characters(text: str) -> int:
    """The number of characters of a text without blanks and line breaks."""
    return len("".join(text.split()))


def typing(value: Decimal) -> str:
    """A number as it would be typed into a field: 78.6, 30750."""
    text = f"{rounded(value, MOST_DECIMALS):f}"
    return text.rstrip("0").rstrip(".")


def exact(value: Decimal) -> str:
    """A number with separators and without trailing zeros: 30,850, 4.25."""
    return number(Decimal(typing(value)))


def figure(value: Decimal, decimals: int, most: int = MOST_DECIMALS) -> str:
    """With as many decimals as the target has, more where more were typed: 78.60, 19.96."""
    return number(value, max(decimals, min(_decimals(value), most)))


def step(value: Decimal, before: Decimal, decimals: int) -> str:
    """The signed difference of two figures, at the precision at which both are printed."""
    most = max(decimals, _decimals(value), _decimals(before))
    return signed(rounded(value, MOST_DECIMALS) - rounded(before, MOST_DECIMALS), most)


def with_unit(value: Decimal, facts: ObligationFacts, most: int = MOST_DECIMALS) -> str:
    """With the unit and the target's decimals, more where more were typed: 78.6%, 52.3 万吨."""
    return f"{figure(value, facts.decimals, most)}{_gap(facts.unit)}{facts.unit}"


def size(value: Decimal, decimals: int) -> str:
    """A distance without its sign; a value other than 0 is never printed as 0.0."""
    return number(abs(value), _enough(value, decimals))


def change(value: Decimal, decimals: int) -> str:
    """A difference with its sign; a value other than 0 is never printed as 0.0."""
    return signed(value, _enough(value, decimals))


def counts_points(facts: ObligationFacts) -> bool:
    """Whether differences are given in percentage points and not in % of the value before."""
    return facts.is_share or facts.unit == "%"


def distance(value: Decimal, facts: ObligationFacts) -> str:
    """A distance with the unit of distances: 3.4 个百分点, 1.3 万吨."""
    unit = "个百分点" if counts_points(facts) else facts.unit
    return f"{size(value, facts.decimals)}{_gap(unit)}{unit}"


def wan(value: Decimal) -> str:
    """A sum at the precision typed: 30,850 万元."""
    return f"{exact(value)} 万元"


def last_words(facts: ObligationFacts, reported: Period | None) -> str:
    """上季度 or 上年 where the last value is of the period just before, else the period's name."""
    near = "上年" if is_yearly(facts, reported) else "上季度"
    if facts.last_period is None or facts.last_period == (reported or facts.period).previous:
        return near
    return facts.last_period.label


def is_yearly(facts: ObligationFacts, reported: Period | None) -> bool:
    """Whether the reported value is an annual one."""
    return facts.is_annual if reported is None else reported.quarter is None


def _gap(unit: str) -> str:
    return "" if unit in {"", "%"} else " "


def _decimals(value: Decimal) -> int:
    tail = typing(value).partition(".")[2]
    return len(tail)


def _enough(value: Decimal, decimals: int) -> int:
    while value and decimals < MOST_DECIMALS and rounded(value, decimals) == 0:
        decimals += 1
    return decimals
