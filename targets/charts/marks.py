"""Small marks of a trajectory: values that were replaced or are of another accounting basis, a
highest value, a mere direction.
"""

from decimal import Decimal

from common import charts
from common.charts import DOTTED, Palette, Part
from targets import rules
from targets.charts import parts
from targets.selectors import TargetDetail

Replaced = tuple[int, Decimal, Decimal]


def superseded(detail: TargetDetail) -> list[Replaced]:
    """Year, former value and value in force of the annual values that were corrected."""
    terms = detail.terms
    now = {actual.year: actual for actual in terms.series}
    found: list[Replaced] = []
    for row in detail.observations:
        replaced = not row.is_current and row.retracted_at is None and row.quarter is None
        if not replaced or row.value is None or row.year not in now:
            continue
        actual = now[row.year]
        same_basis = terms.is_own_basis(actual) == (row.basis_name in {"", terms.basis})
        if same_basis and actual.value is not None and row.value != actual.value:
            found.append((row.year, row.value, actual.value))
    return found


def crosses(detail: TargetDetail) -> list[Part]:
    """A small grey × for each former value."""
    found = superseded(detail)
    if not found:
        return []
    return [
        charts.points(
            [year for year, _, _ in found],
            [old for _, old, _ in found],
            symbol="x-thin",
            color=Palette.S_BAND_EDGE,
            size=7,
            hover=[
                f"{year}年原值 {rules.with_unit(detail.terms, old, [new])}，"
                f"已更正为{rules.with_unit(detail.terms, new, [old])}"
                for year, old, new in found
            ],
        )
        | {"name": "已更正的原值"}
    ]


def ticks(detail: TargetDetail) -> list[Part]:
    """From each former value to the one in force."""
    look = {"color": Palette.S_BAND_EDGE, "width": 1}
    return [
        {"type": "line", "x0": year, "x1": year, "y0": old, "y1": new, "line": look}
        for year, old, new in superseded(detail)
    ]


def other_values(terms: rules.Terms) -> tuple[rules.Actual, ...]:
    """The values of another accounting basis than that of the line, oldest first."""
    joined = set(terms.series)
    return tuple(a for a in terms.actuals if a.value is not None and a not in joined)


def basis_words(terms: rules.Terms, actual: rules.Actual) -> str:
    """18.9（电热当量法，最终核实）: whose number it is."""
    basis = actual.basis or terms.basis or "方案口径"
    return f"{rules.actual_figure(terms, actual)}（{basis}，{rules.grade(actual)}）"


def other_basis(terms: rules.Terms) -> list[Part]:
    """A mark of its own for each value of another basis; no line joins them."""
    found = other_values(terms)
    if not found:
        return []
    look = charts.points(
        [actual.year for actual in found],
        [actual.value for actual in found],
        symbol="triangle-down",
        color=Palette.S_REQ,
        hollow=[not actual.is_settled for actual in found],
        size=10,
        hover=[charts.safe_text(f"{a.year}年 {basis_words(terms, a)}，另一口径") for a in found],
    )
    return [look | {"name": "另一口径"}]


def ring(terms: rules.Terms) -> list[Part]:
    """Around the highest value of a target to peak; not a line, because it is not a goal."""
    values = [(a.value, a.year) for a in terms.series if a.value is not None]
    if not terms.is_peak or not values:
        return []
    value, year = max(values)
    look = charts.points([year], [value], symbol="circle-open", color=Palette.INK, size=17)
    return [look | {"name": "最高值"}]


def years_compared(detail: TargetDetail) -> tuple[int, int]:
    """The year ahead and the milestone year whose value it is compared with."""
    milestones = detail.judged.years
    return milestones.ahead, milestones.before(milestones.ahead) or milestones.settled


def direction(detail: TargetDetail) -> Decimal | None:
    """The value of the year before, where the goal ahead is only to become better than it."""
    terms = detail.terms
    ahead, before = years_compared(detail)
    goal = terms.goal(ahead)
    if goal is None or goal.nature != rules.Nature.JUDGEMENT or not terms.numeric_goals:
        return None
    actual = terms.actual(before)
    return actual.value if actual and terms.is_own_basis(actual) else None


def direction_line(detail: TargetDetail) -> list[Part]:
    """The value of the year before as a reference until the goal's year."""
    value = direction(detail)
    if value is None:
        return []
    look = {"color": Palette.S_REQ, "width": 1.25, "dash": DOTTED}
    ahead, before = years_compared(detail)
    return [charts.line([before, ahead], [value, value], name="参照线") | {"line": look}]


def direction_words(detail: TargetDetail, *, wide: bool) -> list[Part]:
    """An arrow to the good side of the reference, and what it means."""
    value = direction(detail)
    if value is None:
        return []
    ahead, before = years_compared(detail)
    up = not detail.terms.lower_is_better
    reached = rules.figure(detail.terms, value)
    words = f"比{before}年的{reached}{'更高' if up else '更低'}"
    if not wide:
        words = f"{'高' if up else '低'}于{reached}"
    away = -10 if up else 10
    return [
        parts.arrow(ahead, value, up=up),
        charts.label(ahead, value, f"{ahead}年" if wide else "", bold=True, dx=14, dy=-8),
        charts.label(ahead, value, words, dx=14, dy=8 if wide else away),
    ]
