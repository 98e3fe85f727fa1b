"""How often the 80 % interval of an outlook holds the real value five years on.

    .venv/bin/python -m tests.benchmarks.outlook_coverage SERIES.csv

The file has measure, unit, country, year, value: public yearly series, such as coal and gas share
and carbon per head by nation. Every window of 4, 5 and 6 values in 1990–2020 is asked. Below it,
simulated series say the same of models that are known: even steps with chance in each (the model of
the interval), steps that remember the one before, and a line with independent errors.
"""

import argparse
import csv
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from targets.rules.trends.trend import Scale, fit

AHEAD = 5
COUNTS = (4, 5, 6)
RUNS = 2000
Series = dict[int, Decimal]
Made = Callable[[random.Random, int], list[float]]


def covered(series: Series, count: int, scale: Scale) -> Iterator[bool]:
    """Of every window of `count` values: whether the interval holds the value five years on."""
    for start in sorted(series):
        years = range(start, start + count)
        target = start + count - 1 + AHEAD
        values = [(year, series[year]) for year in years if year in series]
        if len(values) < count or target not in series:
            continue
        if not scale.holds([*(value for _, value in values), series[target]]):
            continue
        found = fit(values, scale=scale, unit=Decimal("0.001"))
        assert found is not None
        at = found.at(target)
        yield at.low <= series[target] <= at.high


def share(answers: Sequence[bool]) -> str:
    return f"{sum(answers) / len(answers):.2f} ({len(answers):,})" if answers else "—"


def read(path: Path) -> dict[tuple[str, str], list[Series]]:
    """The series by measure and unit."""
    found: dict[tuple[str, str, str], Series] = defaultdict(dict)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key = row["measure"], row["unit"], row["country"]
            found[key][int(row["year"])] = Decimal(row["value"])
    by_measure: dict[tuple[str, str], list[Series]] = defaultdict(list)
    for (measure, unit, _), series in found.items():
        by_measure[measure, unit].append(series)
    return by_measure


def drift(chance: random.Random, length: int) -> list[float]:
    """Even steps, each with a chance of its own."""
    values = [100.0]
    while len(values) < length:
        values.append(values[-1] + chance.gauss(1, 2))
    return values


def remembering(chance: random.Random, length: int) -> list[float]:
    """Each step takes over three tenths of the one before."""
    values, before = [100.0], 0.0
    while len(values) < length:
        before = 0.3 * before + chance.gauss(0, 2)
        values.append(values[-1] + 1 + before)
    return values


def line(chance: random.Random, length: int) -> list[float]:
    """A straight line, each value wrong for itself."""
    return [100 + year + chance.gauss(0, 2) for year in range(length)]


MODELS: dict[str, Made] = {"drift": drift, "drift, AR .3": remembering, "line": line}


def say(*cells: str) -> None:
    print(f"| {' | '.join(cells)} |")  # noqa: T201


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.outlook_coverage")
    parser.add_argument("series", type=Path)
    options = parser.parse_args()
    say("series", "scale", *(f"n = {count}" for count in COUNTS))
    say(*["---"] * (2 + len(COUNTS)))
    for (measure, unit), many in read(options.series).items():
        for scale in (Scale.PLAIN, Scale.SHARE) if unit == "%" else (Scale.PLAIN,):
            cells = [
                share([one for series in many for one in covered(series, count, scale)])
                for count in COUNTS
            ]
            say(measure, scale.value, *cells)
    for name, make in MODELS.items():
        chance = random.Random(2030)  # noqa: S311 no secret
        cells = []
        for count in COUNTS:
            made = [make(chance, count + AHEAD) for _ in range(RUNS)]
            series = [{year: Decimal(str(v)) for year, v in enumerate(values)} for values in made]
            cells.append(share([one for s in series for one in covered(s, count, Scale.PLAIN)]))
        say(f"simulated: {name}", Scale.PLAIN.value, *cells)


if __name__ == "__main__":
    main()
