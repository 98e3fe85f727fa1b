"""Measure the budgets and write docs/performance.md: scripts/bench."""

import argparse
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.benchmarks import browser as chrome
from tests.benchmarks import report
from tests.benchmarks.measure import Ratio, paired_ratios
from tests.benchmarks.system import System, running

if TYPE_CHECKING:
    from tests.benchmarks.pages import Visitor

FACTORS = [1, 10]
REFERENCE = "A"
CHARTED, PLAIN = "/targets/T03/", "/tasks/"


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--factors", type=int, nargs="+", default=FACTORS)
    options = parser.parse_args()
    rounds = options.rounds
    started = time.monotonic()
    with running() as system:
        # Models can be imported once the system's settings are known.
        from tests.benchmarks.pages import PAGES, visitors

        everybody = visitors()
        reader = everybody[0]
        browsing = measure_browser(system, reader)
        statements: dict[int, dict[str, dict[str, int]]] = {}
        ratios: dict[int, dict[str, Ratio]] = {}
        for factor in options.factors:
            grow_to(factor)
            statements[factor] = {
                page: {visitor.role.label: visitor.statements(path) for visitor in everybody}
                for page, path in PAGES.items()
            }
            ratios[factor] = paired_ratios(
                calls(system, reader), REFERENCE, system.processes, rounds
            )
    report.write(statements, ratios, browsing, seconds=time.monotonic() - started)


def grow_to(factor: int) -> None:
    """Fill the database up to the factor; each step adds to the one before."""
    if factor > 1:
        from tests.benchmarks import scale

        scale.shrink()
        scale.grow(factor)


def calls(system: System, reader: "Visitor") -> dict[str, Callable[[], None]]:
    """The reference, each page, and each page asked again unchanged."""
    from tests.benchmarks.pages import PAGES

    made = {REFERENCE: reader.caller(system.address, "/bench/a/")}
    for name, path in PAGES.items():
        made[name] = reader.caller(system.address, path)
    for name in ("看板", "指标"):
        made[f"{name}，未变"] = reader.caller(system.address, PAGES[name], etag=True)
    return made


def measure_browser(system: System, reader: "Visitor") -> report.Browsing:
    """Bytes and waiting of a page with a chart against the page with everything inline."""
    with chrome.chromium() as browser:
        cookie = reader.cookie
        return report.Browsing(
            charted=chrome.travelled(browser, system.address, CHARTED, cookie),
            overview=chrome.travelled(browser, system.address, "/dashboard/", cookie),
            plain=chrome.travelled(browser, system.address, PLAIN, cookie),
            ours=chrome.waiting(browser, system.address, CHARTED, cookie),
            inline=chrome.waiting(browser, system.address, "/bench/inline/T03/", cookie),
        )


if __name__ == "__main__":
    main()
