"""The table of the measured budgets, as it stands in the documents."""

import datetime
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.browser import Bytes, Waiting
from tests.benchmarks.measure import Ratio

PAGE = Path(__file__).resolve().parents[2] / "docs" / "performance.md"
KIB = 1024
BY_HAND = "<!-- entered by hand -->"
"""What stands below it is measured by other commands and stays."""
INTRODUCTION = """# Measured budgets

Written by `scripts/bench`. A is a signed-in view that answers "ok" (session and user), through the
same middleware, on the same server, in the same run; every cost is the median of ratios taken
round by round, with a 90 % interval (see `tests/benchmarks/measure.py`). One client, two sync
workers; processor time of the web server and of its database together. Factors multiply agencies,
targets, tasks and projects, with forty quarters of history.
"""


@dataclass(frozen=True)
class Browsing:
    """What a person at a browser waits for."""

    charted: Bytes
    overview: Bytes
    plain: Bytes
    ours: Waiting
    inline: Waiting


def write(
    statements: Mapping[int, Mapping[str, Mapping[str, int]]],
    ratios: Mapping[int, Mapping[str, Ratio]],
    browsing: Browsing | None,
    *,
    seconds: float,
    into_docs: bool,
) -> None:
    """Print the tables and put them into the documents."""
    parts = [
        INTRODUCTION,
        f"Measured on {datetime.date.today():%Y-%m-%d}, {seconds / 60:.0f} minutes, "  # noqa: DTZ011
        f"load {os.getloadavg()[1]:.1f} on {os.cpu_count()} processors at the end.",
        statements_table(statements),
        ratios_table(ratios),
        *([browsing_table(browsing)] if browsing else []),
    ]
    text = "\n\n".join(part.strip() for part in parts) + "\n"
    print(text)  # noqa: T201
    if not into_docs:
        return
    _, marker, by_hand = PAGE.read_text(encoding="utf-8").partition(BY_HAND)
    PAGE.write_text(f"{text}\n{marker}{by_hand}" if marker else text, encoding="utf-8")


def statements_table(statements: Mapping[int, Mapping[str, Mapping[str, int]]]) -> str:
    """Budget 2: statements at each factor; fewest and most of the roles where these differ."""
    rows = [
        [page, *(_span(statements[factor][page].values()) for factor in statements)]
        for page in next(iter(statements.values()))
    ]
    return (
        "## SQL statements of a first GET after a change, of every role (budget ≤ 8)\n\n"
        + _table(["page", *(f"{factor}×" for factor in statements)], rows)
    )


def _span(counts: Iterable[int]) -> str:
    fewest, *_, most = sorted(counts)
    return str(most) if fewest == most else f"{fewest}–{most}"


def ratios_table(ratios: Mapping[int, Mapping[str, Ratio]]) -> str:
    """Budgets 1 and 3: cost in A."""
    first = next(iter(ratios.values()))
    rows = [[page, *(str(ratios[factor][page]) for factor in ratios)] for page in first]
    return "## Cost in A\n\n" + _table(["page", *(f"{factor}×" for factor in ratios)], rows)


def browsing_table(browsing: Browsing) -> str:
    """Budgets 8, 9 and 10."""
    rows = [
        ["target page, first visit", _kib(browsing.charted.first_visit), "≤ 450 KiB"],
        ["overview, first visit", _kib(browsing.overview.first_visit), "≤ 450 KiB"],
        [
            "target page until the chart can be read (no Plotly, no data for it)",
            _kib(browsing.charted.readable),
            "≤ 30 KiB",
        ],
        [
            "overview until its charts can be read (no Plotly, no data for it)",
            _kib(browsing.overview.readable),
            "≤ 30 KiB",
        ],
        ["overview, second visit", _kib(browsing.overview.second_visit), "≤ 10 KiB"],
        ["target page, second visit", _kib(browsing.charted.second_visit), "≤ 10 KiB"],
        ["page without charts: Plotly", f"{browsing.plain.plotly} B", "0 B"],
        [
            "time to the first chart ÷ everything inline",
            f"{browsing.ours.first / browsing.inline.first:.3f}",
            "≤ 0.10",
        ],
        [
            "time to interactive ÷ everything inline",
            f"{browsing.ours.interactive / browsing.inline.interactive:.2f}",
            "≤ 0.50",
        ],
    ]
    return (
        "## In Chromium, processor slowed to a quarter\n\n"
        + _table(["what", "measured", "budget"], rows)
        + f"\n\nFirst chart {browsing.ours.first:.0f} ms against {browsing.inline.first:.0f} ms."
    )


def _kib(count: int) -> str:
    return f"{count / KIB:.1f} KiB"


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
