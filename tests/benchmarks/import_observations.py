"""Budgets 4 and 6, 10,000 actual values: .venv/bin/python -m tests.benchmarks.import_observations.

Starts a system of its own, as scripts/bench does.
"""

import argparse

from tests.benchmarks.system import running


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.import_observations")
    parser.add_argument("rows", type=int, nargs="?", default=10_000)
    rows = parser.parse_args().rows
    with running():
        # Models can be imported once the system's settings are known.
        from tests.benchmarks import register_import

        register_import.say(f"{rows} rows; default, ours, ratio")
        register_import.rates(rows)
        register_import.reads(rows)


if __name__ == "__main__":
    main()
