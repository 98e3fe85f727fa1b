"""For the tests of the embedded servers: a folder for their data, and who is left of a run."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from embedded.processes import wait_until

ROOT = Path(__file__).resolve().parents[2]
LEFT_SECONDS = 40.0
HOLD_SERVERS = """
import sys, time
from pathlib import Path
from embedded.data_directory import RUN, DataDirectory
from embedded.errors import SetupError
from embedded.guardian import Guardian
from embedded.services import Services
data = DataDirectory(Path(sys.argv[1]))
data.open()
data.lock(RUN)
guardian = Guardian([data.lock_fd])
try:
    services = Services(data.path, guardian)
    services.start()
except SetupError as error:
    sys.exit(str(error))
print(guardian.pid, services.addresses["DATABASE_URL"], flush=True)
time.sleep(600)
"""


def clean_environment(**more: str) -> dict[str, str]:
    """Nothing of the running tests' own servers."""
    ours = ("DATABASE_URL", "CELERY_BROKER_URL", "KAIFU_", "DJANGO_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    chosen = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return {**kept, **chosen, "PYTHONPATH": str(ROOT), **more}


PASSED_ON = ("KAIFU_PREFER_SYSTEM", "KAIFU_POSTGRES_BIN")


class HeldServers:
    """A process that holds the embedded servers of a data directory, as scripts/run does."""

    def __init__(self, data: Path, **options: object) -> None:
        settings: dict[str, object] = {"env": clean_environment(), "cwd": "/"}
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOLD_SERVERS, str(data)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **(settings | options),  # type: ignore[call-overload]
        )
        first = self.process.stdout.readline().split()
        self.complaint = "" if first else self.process.communicate()[1].strip()
        self.guardian = int(first[0]) if first else 0
        self.url = first[1] if first else ""

    def kill(self) -> None:
        """With nothing that could tidy up after itself."""
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate()


def left_of(data: Path) -> dict[int, str]:
    """The processes that have to do with a data directory: by arguments, folder, environment."""
    marks = {os.fsencode(data), os.fsencode((data / "postgres").resolve())}
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (folder / "cmdline").read_bytes()
            facts = words + bytes((folder / "cwd").readlink()) + (folder / "environ").read_bytes()
            if any(mark in facts for mark in marks):
                found[int(folder.name)] = words.replace(b"\0", b" ").decode(errors="replace")
    found.pop(os.getpid(), None)
    return found


def assert_nothing_left(data: Path) -> None:
    wait_until(lambda: not left_of(data), seconds=LEFT_SECONDS, pause=0.1)
    assert left_of(data) == {}


def stop_all(data: Path) -> None:
    """What a test left running."""
    for pid in left_of(data):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    assert_nothing_left(data)
