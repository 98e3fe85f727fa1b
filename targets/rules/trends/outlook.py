"""Where the trend of annual values leads by a milestone year: an extrapolation, no promise."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from targets.rules.enumerations import REDUCTIONS, Course, GoalState, Nature
from targets.rules.terms import Goal, Terms
from targets.rules.trends.pace import Peak, peak
from targets.rules.trends.trend import HUNDRED, LEAST_POINTS, Projection, Scale, Trend, fit
from targets.rules.verdicts.judgement import completion, meets
from targets.rules.words.formatting import apart, shown_actual

DISCLAIMER = "外推，不是承诺"
NEAR_THE_END = Decimal(10)
"""A share that lacks so many percentage points or fewer to 100 is close to its end."""


class Prospect(StrEnum):
    """What the trend says about a milestone ahead."""

    LIKELY = "likely"
    UNCERTAIN = "uncertain"
    UNLIKELY = "unlikely"
    TOO_LITTLE = "too_little"
    NOT_PROJECTED = "not_projected"

    @property
    def label(self) -> str:
        return _PROSPECT_LABELS[self]


_PROSPECT_LABELS = {
    Prospect.LIKELY: "预计可达",
    Prospect.UNCERTAIN: "不确定",
    Prospect.UNLIKELY: "按现趋势难以达到",
    Prospect.TOO_LITTLE: "数据不足",
    Prospect.NOT_PROJECTED: "不作外推",
}


@dataclass(frozen=True)
class Index:
    """Degrees of completion, milestone = 100; None if a division is undefined."""

    expected: Decimal | None
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True)
class Outlook:
    """The prospect of a year's goal; `reason` is why there is no projection.

    `is_floor`: the year has no goal of its own and has to keep an earlier one (巩固).
    """

    prospect: Prospect
    year: int
    reason: str = ""
    goal: Goal | None = None
    is_floor: bool = False
    trend: Trend | None = None
    projection: Projection | None = None
    index: Index | None = None
    peak: Peak | None = None


def goal_ahead(terms: Terms, year: int) -> tuple[Goal | None, bool]:
    """The goal of a year, else the last number before it as a floor to keep; whether a floor."""
    goal, kept = terms.goal(year), terms.kept_goal(year)
    # The outlook's own words say that it is a floor.
    return (replace(kept, kept_since=None), True) if kept else (goal, False)


def outlook(terms: Terms, year: int, *, today_year: int) -> Outlook:
    """Prospect of a milestone year by the trend of at least four annual values on one basis.

    Likely if the whole 80 % interval keeps the goal, unlikely if none of it does. A peak is never
    projected.

    Source: 方案 二; the words are those of the system.
    """
    goal, is_floor = goal_ahead(terms, year)
    if terms.is_peak:
        found = peak(terms, today_year=today_year)
        words = found.words if found.year is None else _since(found)
        return Outlook(Prospect.NOT_PROJECTED, year, words, goal, peak=found)
    reason = _not_projected(terms, goal, year, today_year)
    if reason or goal is None:
        return Outlook(Prospect.NOT_PROJECTED, year, reason, goal, is_floor)
    found_trend = trend(terms)
    if found_trend is None:
        return Outlook(Prospect.TOO_LITTLE, year, _too_little(terms), goal, is_floor)
    at = found_trend.at(year)
    if terms.is_share and at.low >= HUNDRED:
        return Outlook(Prospect.NOT_PROJECTED, year, _left(terms, "趋势已到上限"), goal, is_floor)
    return Outlook(
        prospect=_prospect(terms, goal, at),
        year=year,
        goal=goal,
        is_floor=is_floor,
        trend=found_trend,
        projection=at,
        index=_index(terms, goal, at),
    )


def trend(terms: Terms) -> Trend | None:
    """The trend of the target's annual values; None with fewer than four on its own basis.

    Compounding reductions have equal yearly rates, shares equal steps of the odds. Shares stay
    between 0 and 100, quantities above 0. A last value that is not final may be revised as those
    before it were.
    """
    latest = terms.latest
    may_be_revised = latest is not None and not latest.is_settled
    return fit(
        _own_values(terms),
        scale=_scale(terms),
        unit=Decimal(1).scaleb(-terms.decimals),
        revised=terms.revised if may_be_revised else (),
        floor=None if terms.kind in REDUCTIONS else Decimal(0),
        ceiling=HUNDRED if terms.is_share else None,
    )


def _scale(terms: Terms) -> Scale:
    if terms.compounds:
        return Scale.REDUCTION
    return Scale.SHARE if terms.is_share else Scale.PLAIN


def _own_values(terms: Terms) -> Sequence[tuple[int, Decimal]]:
    """One value a year of the series, if that is on the target's own basis."""
    latest = terms.latest
    if latest is None or not terms.is_own_basis(latest):
        return ()
    by_year = {actual.year: actual.value for actual in terms.series}
    return [(year, value) for year, value in by_year.items() if value is not None]


def _prospect(terms: Terms, goal: Goal, at: Projection) -> Prospect:
    kept = [meets(goal, value, terms.tolerance) for value in (at.low, at.high)]
    if all(kept):
        return Prospect.LIKELY
    return Prospect.UNCERTAIN if any(kept) else Prospect.UNLIKELY


def _index(terms: Terms, goal: Goal, at: Projection) -> Index:
    """The index; `low` is that of the higher value where lower is better."""
    ends = (at.high, at.low) if goal.lower_is_better else (at.low, at.high)
    found = [completion(terms, goal, value) for value in (at.expected, *ends)]
    return Index(*found)


def _not_projected(terms: Terms, goal: Goal | None, year: int, today_year: int) -> str:
    """Why nothing can be projected, whatever the values; empty if it can."""
    latest = terms.latest
    if goal is None:
        return f"方案没有提出{year}年目标"
    if goal.state != GoalState.SET:
        return "目标待市下达" if goal.is_pending else "目标不再下达"
    if goal.waits_for_base:
        return f"还没有{goal.base_year}年的年度值，不能换算"
    if not goal.is_number:
        return "由区发改局凭材料认定"
    if year < today_year or (latest is not None and latest.year >= year):
        return f"{year}年按年度值判定"
    if latest is not None and not (terms.is_own_basis(latest) and terms.is_own_basis(goal)):
        return "口径变更待确认"
    return _without_trend(terms, goal)


def _without_trend(terms: Terms, goal: Goal) -> str:
    """Why no trend leads to a goal: it is kept or not already, or the value is at its end."""
    if goal.nature == Nature.STANDING:
        return "长期要求，逐年按年度值核对"
    if terms.pace == Course.STEP:
        return "要求分阶段生效，逐年按年度值核对"
    if terms.is_flow and goal.value == HUNDRED:
        return "当年新增部分须全部达到，逐年按年度值核对"
    return _at_the_end(terms, goal) if terms.is_share else ""


def _at_the_end(terms: Terms, goal: Goal) -> str:
    """Why a share at 100, or with a goal of 100, is not projected."""
    value = terms.latest.value if terms.latest else None
    if value is None:
        return ""
    if value >= HUNDRED:
        return "已达100%，须保持"
    if goal.value != HUNDRED:
        return ""
    return _left(terms, "接近上限" if HUNDRED - value <= NEAR_THE_END else "目标为全部达到")


def _left(terms: Terms, words: str) -> str:
    """What the newest value lacks to 100."""
    if terms.latest is None or terms.latest.value is None:
        return words
    value = shown_actual(terms, terms.latest, others=[HUNDRED])
    return f"{words}，还差{apart(terms, value, HUNDRED)}"


def _too_little(terms: Terms) -> str:
    count = len(_own_values(terms))
    held = f"只有{count}个年度值" if count else "还没有年度值"
    return f"{held}，满{LEAST_POINTS}个才作外推"


def _since(found: Peak) -> str:
    after = f"，此后{found.values_since}个年度值未再突破" if found.values_since else "，即最近一年"
    return f"最高值在{found.year}年{after}；{found.words}"
