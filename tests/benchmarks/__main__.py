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

FACTORS = [1, 10, 100]
REFERENCE = "A"
CHARTED, PLAIN = "/targets/T03/", "/tasks/"


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--factors", type=int, nargs="+", default=FACTORS)
    parser.add_argument("--no-browser", action="store_true", help="statements and ratios alone")
    parser.add_argument("--print", action="store_true", help="leave docs/performance.md alone")
    options = parser.parse_args()
    rounds = options.rounds
    started = time.monotonic()
    with running() as system:
        # Models can be imported once the system's settings are known.
        from tests.benchmarks.pages import PAGES, visitors

        everybody = visitors()
        reader = everybody[0]
        browsing = None if options.no_browser else measure_browser(system, reader)
        statements: dict[int, dict[str, dict[str, int]]] = {}
        ratios: dict[int, dict[str, Ratio]] = {}
        for factor in options.factors:
            grow_to(factor)
            statements[factor] = {
                page: {visitor.role.label: visitor.statements(path) for visitor in everybody}
                for page, path in PAGES.items()
            }
            ratios[factor] = paired_ratios(
                calls(system, reader), REFERENCE, system.processes, rounds_at(factor, rounds)
            )
    seconds = time.monotonic() - started
    report.write(statements, ratios, browsing, seconds=seconds, into_docs=not options.print)


def grow_to(factor: int) -> None:
    """Fill the database up to the factor; each step adds to the one before."""
    from tests.benchmarks import scale

    if factor > 1:
        scale.shrink()
        scale.grow(factor)
    scale.settle()


def rounds_at(factor: int, rounds: int) -> int:
    """Fewer at the larger factors: a page that lists everything takes seconds there."""
    return max(1, round(rounds / factor**0.5))


def calls(system: System, reader: "Visitor") -> dict[str, Callable[[], None]]:
    """The reference, each page, pages asked again unchanged, and first after a change."""
    from tests.benchmarks.pages import PAGES, changer

    made = {REFERENCE: reader.caller(system.address, "/bench/a/")}
    for name, path in PAGES.items():
        made[name] = reader.caller(system.address, path)
    for name in ("看板", "指标"):
        made[f"{name}，未变"] = reader.caller(system.address, PAGES[name], etag=True)
        made[f"{name}，变更后首次"] = reader.caller_after_change(system.address, PAGES[name])
    change = changer()
    made["变更本身"] = lambda: str(change()) and None
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
