"""Budget 12: instructions of each page, counted exactly: python -m tests.benchmarks.instructions.

Needs valgrind (apt install valgrind): its callgrind counts what the processor executes, so that the
figures repeat however busy the machine is. Pages beyond the stored baseline by more than 2 % are
named, and the command ends with 1; `--accept` stores what was counted as the new baseline, with the
reason in the commit. Counted is the application's process; the database does its work elsewhere.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.system import running

BASELINE = Path(__file__).with_name("instructions.json")
ROOT = BASELINE.parents[2]
TOLERANCE = 0.02
MARK = "getloadavg"
"""A function of the C library that nobody else calls: there callgrind ends a count."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.instructions")
    parser.add_argument("--accept", action="store_true", help="store the counts as the baseline")
    options = parser.parse_args()
    if not shutil.which("valgrind"):
        print("valgrind is not installed (apt install valgrind)", file=sys.stderr)  # noqa: T201
        return 2
    counts = count()
    baseline = json.loads(BASELINE.read_text(encoding="utf-8")) if BASELINE.exists() else {}
    print(table(counts, baseline))  # noqa: T201
    if options.accept:
        text = json.dumps(counts, ensure_ascii=False, indent=2)
        BASELINE.write_text(text + "\n", encoding="utf-8")
        return 0
    return 1 if beyond(counts, baseline) else 0


def count() -> dict[str, int]:
    """Instructions by page, on a system of its own."""
    with TemporaryDirectory(prefix="kaifu-instructions-") as folder, running():
        subprocess.run(
            [
                "valgrind", "--tool=callgrind", f"--dump-before={MARK}", "--quiet",
                "--instr-atstart=no",
                f"--callgrind-out-file={folder}/out", sys.executable, "-m",
                "tests.benchmarks.counted", folder,
            ],
            cwd=ROOT, check=True,
            # the order of sets, and with it the work, must be the same in every run
            env={**os.environ, "PYTHONHASHSEED": "0"},
        )  # fmt: skip
        names = json.loads((Path(folder) / "pages.json").read_text(encoding="utf-8"))
        # the parts written before and after each page: the second of the two is the page
        return {name: _total(Path(folder), 2 * at + 2) for at, name in enumerate(names)}


def _total(folder: Path, part: int) -> int:
    for line in (folder / f"out.{part}").read_text(encoding="utf-8").splitlines():
        if line.startswith(("totals:", "summary:")):
            return int(line.split()[1])
    raise AssertionError(f"part {part} has no total")


def beyond(counts: Mapping[str, int], baseline: Mapping[str, int]) -> list[str]:
    """Pages that cost more than the tolerance allows; a new page has nothing to be held against."""
    return [
        page
        for page, found in counts.items()
        if page in baseline and found > baseline[page] * (1 + TOLERANCE)
    ]


def table(counts: Mapping[str, int], baseline: Mapping[str, int]) -> str:
    """Millions of instructions by page, and the change since the baseline."""
    over = beyond(counts, baseline)
    lines = ["| page | million instructions | since the baseline |", "| --- | --- | --- |"]
    for page, found in counts.items():
        change = f"{found / baseline[page] - 1:+.2%}" if page in baseline else "new"
        note = f" **over {TOLERANCE:.0%}**" if page in over else ""
        lines.append(f"| {page} | {found / 1e6:.1f} | {change}{note} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
