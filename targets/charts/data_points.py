"""The annual values of a trajectory as points whose labels do not overlap."""

from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from targets import rules


@dataclass(frozen=True)
class DataPoint:
    """One point of the line: the baseline or an annual value."""

    year: int
    value: Decimal
    grade: rules.Grade
    label: str
    hover: str
    position: str
    grade_word: str


def data_points(terms: rules.Terms) -> tuple[DataPoint, ...]:
    """Baseline and values of the newest accounting basis, oldest first.

    The baseline belongs to the target's own basis: values of another one stand without it.
    """
    series: list[tuple[int, Decimal, rules.Grade | None]] = [
        (a.year, a.value, a.grade) for a in terms.series if a.value is not None
    ]
    year, baseline = terms.baseline_year, terms.baseline_value
    own = not terms.series or terms.is_own_basis(terms.series[-1])
    if year is not None and baseline is not None and own and year not in {y for y, _, _ in series}:
        series = sorted([(year, baseline, None), *series])
    places = _positions(terms, [(year, value) for year, value, _ in series])
    names = _names(terms, [(year, value) for year, value, _ in series])
    spots = (
        _spot(terms, *row, position=place, name=names.get(row[0], ""))
        for row, place in zip(series, places, strict=True)
    )
    waiting = {actual.year for actual in terms.series if actual.is_unreviewed}
    return tuple(_unreviewed(spot) if spot.year in waiting else spot for spot in spots)


_HOLLOW = {
    rules.Grade.FINAL: rules.Grade.PRELIMINARY,
    rules.Grade.DEPARTMENT: rules.Grade.ESTIMATE,
}


def _unreviewed(spot: DataPoint) -> DataPoint:
    """Hollow whatever its grade, and named."""
    word = f"{spot.grade_word}，{rules.UNREVIEWED}"
    return replace(
        spot,
        grade=_HOLLOW.get(spot.grade, spot.grade),
        label=f"{spot.label} 待审核",
        hover=spot.hover.replace(f"（{spot.grade_word}）", f"（{word}）"),
        grade_word=word,
    )


def _names(terms: rules.Terms, points: list[tuple[int, Decimal]]) -> dict[int, str]:
    """What is said beside the number of a year: the baseline, the highest value so far."""
    names = {terms.baseline_year: " 基期值"} if terms.baseline_year else {}
    if terms.is_peak and points:
        top = max(points, key=lambda point: (point[1], point[0]))[0]
        names = {top: " 最高"}
    return names


def _spot(
    terms: rules.Terms,
    year: int,
    value: Decimal,
    grade: rules.Grade | None,
    *,
    position: str,
    name: str,
) -> DataPoint:
    text = rules.actual_figure(terms, rules.Actual(year, value, grade or rules.Grade.FINAL))
    word = grade.label if grade else "方案基期值"
    return DataPoint(
        year=year,
        value=value,
        grade=grade or rules.Grade.FINAL,
        label=f"{text}{name}",
        hover=f"{year}年 {text}{rules.unit_of(terms)}（{word}）",
        position=position,
        grade_word=word,
    )


def _positions(terms: rules.Terms, points: list[tuple[int, Decimal]]) -> list[str]:
    """Above the line where the value reaches what is required, below it otherwise.

    The words of a milestone stand on the other side.
    """
    if terms.kind == rules.Kind.ABOUT:
        return ["top right", *["bottom center"] * (len(points) - 1)][: len(points)]
    rising = [b[1] >= a[1] for a, b in pairwise(points)]
    found = []
    for place, (year, value) in enumerate(points):
        need = rules.required(terms, year)
        is_above = need is not None and value >= need
        is_rising = rising[min(place, len(rising) - 1)] if rising else True
        if place == 0:
            found.append("bottom right" if is_rising else "top right")
        elif is_above:
            found.append("top left" if is_rising else "top right")
        else:
            found.append("bottom right" if is_rising else "bottom left")
    return found
