"""The locks installed from nothing, as on a machine that has never seen the project."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from embedded.stages import Tally
from embedded.virtualenv import DEVELOPMENT, PIP, PIP_CHECK, ROOT

OLDEST_PIP = "22.3"
"""What Python 3.11.0 brought; newer Pythons bring a newer one."""
VERSIONS = ("3.11", "3.12", "3.13")
PYENV = Path.home() / ".pyenv" / "versions"
USE = "import celery, django, import_export, plotly, psycopg2, pytest"


def interpreters() -> Iterator[tuple[str, str]]:
    """Version and program of each Python that the locks are made for, where there is one."""
    for version in VERSIONS:
        found = shutil.which(f"python{version}")
        others = map(str, PYENV.glob(f"{version}.*/bin/python{version}"))
        places = [found, *others] if found else [*others]
        if program := next(filter(_answers, places), None):
            yield version, program


def clean_install_stage(tally: Tally) -> None:
    """Each Python is a test of its own: nothing resolved, nothing cached, nothing missing."""
    print("\n=== cold installation", flush=True)
    with tally.timed("cold installation"):
        for version, program in interpreters():
            started = time.monotonic()
            trouble = install(program, OLDEST_PIP if version == VERSIONS[0] else None)
            print(f"Python {version}: {trouble or 'ok'} ({time.monotonic() - started:.0f} s)")
            tally.passed += not trouble
            tally.failed += bool(trouble)


def install(program: str, pip: str | None = None) -> str:
    """Fill a new environment with the complete lock; empty, or what went wrong."""
    with tempfile.TemporaryDirectory(prefix="kaifu-cold-") as folder:
        python = str(Path(folder) / "venv" / "bin" / "python")
        steps = [[program, "-m", "venv", str(Path(folder) / "venv")]]
        if pip:
            steps.append([python, "-m", "pip", "install", "-qq", f"pip=={pip}"])
        steps.append([python, *PIP, str(ROOT / DEVELOPMENT)])
        steps.append([python, *PIP_CHECK])
        steps.append([python, "-c", USE])
        return next((trouble for step in steps if (trouble := _run(step, folder))), "")


def _run(command: list[str], home: str) -> str:
    environment = os.environ | {"HOME": home, "PIP_NO_CACHE_DIR": "1", "PIP_USER": "0"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr).strip() if done.returncode else ""


def _answers(program: str) -> bool:
    """A shim of a version manager is there, and may know no such Python."""
    return subprocess.run([program, "-c", ""], capture_output=True, check=False).returncode == 0
