"""Ratios of processor time that hold on a noisy machine.

Identical work costs up to 1.8 times more from one minute to the next, so nothing is judged by one
absolute time: each round asks every page a block of times in random order, and the ratio of a page
to the reference page is taken within the round. The figure is the median of the rounds' ratios
with a bootstrap interval.
"""

import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

BLOCK = 14
UNMEASURED = 6
"""So many that each of two workers has met the data of this round."""
PATIENCE, FEWEST = 3.0, 2
"""Seconds after which a page that takes long is asked no more than the fewest times."""


@dataclass(frozen=True)
class Ratio:
    """Processor time of a page in units of the reference page, with a 90 % interval."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.low:.2f}–{self.high:.2f})"


def descendants(root: int) -> list[int]:
    """The process and all that it has started."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:
            continue
        parents.setdefault(int(text.rpartition(")")[2].split()[1]), []).append(
            int(stat.parent.name)
        )
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += parents.get(pid, [])
    return found


def processor_seconds(roots: Sequence[int]) -> float:
    """Processor time so far of the trees of processes below the roots."""
    total = 0
    for pid in {pid for root in roots for pid in descendants(root)}:
        for stat in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            try:
                total += int(stat.read_text().split()[0])
            except OSError:
                continue
    return total / 1e9


def paired_ratios(
    calls: Mapping[str, Callable[[], None]], reference: str, roots: Sequence[int], rounds: int
) -> dict[str, Ratio]:
    """Cost of each call in units of the reference call."""
    rng = random.Random(20261122)  # noqa: S311
    names = list(calls)
    costs: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(rounds):
        rng.shuffle(names)
        for name in names:
            costs[name].append(_block(calls[name], roots))
    base = costs[reference]
    return {
        name: _ratio([cost / a for cost, a in zip(costs[name], base, strict=True)], rng)
        for name in calls
    }


def _block(call: Callable[[], None], roots: Sequence[int]) -> float:
    _repeated(call, UNMEASURED)
    before = processor_seconds(roots)
    asked = _repeated(call, BLOCK - UNMEASURED)
    return (processor_seconds(roots) - before) / asked


def _repeated(call: Callable[[], None], most: int) -> int:
    """Calls so many times, fewer where that takes long; how many it were."""
    until = time.monotonic() + PATIENCE
    for asked in range(1, most + 1):
        call()
        if asked >= FEWEST and time.monotonic() > until:
            return asked
    return most


def _ratio(values: Sequence[float], rng: random.Random) -> Ratio:
    medians = sorted(statistics.median(rng.choices(values, k=len(values))) for _ in range(1000))
    return Ratio(statistics.median(values), medians[50], medians[949])
