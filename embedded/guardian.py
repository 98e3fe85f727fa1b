"""A small process that outlives the command by a moment and stops what the command left.

It runs as a script of its own (no import of this package), reads one JSON order a line from its
standard input and acts when the input ends: whoever held the other end is gone, however it died.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Guardian:
    """The command's handle on its guardian."""

    def __init__(self, keep_open: Sequence[int] = ()) -> None:
        """Start it; it keeps the given descriptors (locks) until its work is done."""
        self._keep_open = tuple(keep_open)
        self._orders: list[dict[str, object]] = []
        self._process = self._launch()

    def _launch(self) -> subprocess.Popen[bytes]:
        """It inherits that stop signals wait, so that none ends it before it ignores them."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
        try:
            return subprocess.Popen(
                [sys.executable, "-I", "-S", __file__],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                start_new_session=True,
                pass_fds=self._keep_open,
            )
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    @property
    def pid(self) -> int:
        return self._process.pid

    def revive(self) -> None:
        """Start it again, with all that it was told, where somebody ended it."""
        if self._process.poll() is not None:
            self._hang_up()
            self._process = self._launch()
            for order in self._orders:
                self._send(order)

    def watch(self, pid: int, signum: signal.Signals, *, stage: int, grace: float) -> None:
        """Stop this process group on death; groups of a lower stage are stopped first."""
        order: dict[str, object] = {
            "watch": pid,
            "signal": int(signum),
            "stage": stage,
            "grace": grace,
        }
        self._tell(order)

    def forget(self, pid: int) -> None:
        """The process has ended."""
        self._orders = [order for order in self._orders if order.get("watch") != pid]
        self._send({"forget": pid})

    def remove(self, path: Path) -> None:
        """Delete this folder at the end, after a normal end too."""
        self._tell({"remove": str(path)})

    def dismiss(self) -> None:
        """Let it remove the folders and end; to be called when all is stopped."""
        self._hang_up()
        self._process.wait()

    def _hang_up(self) -> None:
        if self._process.stdin:
            with suppress(OSError):
                self._process.stdin.close()

    def _tell(self, order: dict[str, object]) -> None:
        self._orders.append(order)
        self._send(order)

    def _send(self, order: dict[str, object]) -> None:
        if self._process.stdin:
            with suppress(BrokenPipeError):
                self._process.stdin.write(json.dumps(order).encode() + b"\n")
                self._process.stdin.flush()


@dataclass
class _ProcessGroup:
    pid: int
    signum: int
    stage: int
    grace: float

    def send(self, signum: int) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(self.pid, signum)

    def kill(self) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    def exists(self) -> bool:
        """Whether a process of the group still works; one that waits to be reaped does not."""
        try:
            os.killpg(self.pid, 0)
        except (ProcessLookupError, PermissionError):
            return False
        states = _states(self.pid)
        return states is None or any(state != "Z" for state in states)


def _states(group: int) -> list[str] | None:
    """The states of a group's processes, or None if there is no /proc."""
    if not Path("/proc/self/stat").exists():
        return None
    states = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _parent, its_group = (
                stat.read_text(errors="replace").rpartition(")")[2].split()[:3]
            )
            if int(its_group) == group:
                states.append(state)
    return states


@dataclass
class _Orders:
    """All that the guardian was told."""

    groups: dict[int, _ProcessGroup] = field(default_factory=dict)
    folders: list[str] = field(default_factory=list)

    def take(self, line: bytes) -> None:
        try:
            order = json.loads(line)
        except ValueError:
            return
        if "watch" in order:
            pid = order["watch"]
            self.groups[pid] = _ProcessGroup(pid, order["signal"], order["stage"], order["grace"])
        elif "forget" in order:
            self.groups.pop(order["forget"], None)
        elif "remove" in order:
            self.folders.append(order["remove"])

    def clean_up(self) -> None:
        for stage in sorted({group.stage for group in self.groups.values()}):
            self._stop([group for group in self.groups.values() if group.stage == stage])
        for folder in self.folders:
            shutil.rmtree(folder, ignore_errors=True)

    def _stop(self, groups: list[_ProcessGroup]) -> None:
        for group in groups:
            group.send(group.signum)
        end = time.monotonic() + max(group.grace for group in groups)
        while any(group.exists() for group in groups) and time.monotonic() < end:
            time.sleep(0.05)
        for group in groups:
            group.kill()


def main() -> None:
    for signum in STOPS:
        signal.signal(signum, signal.SIG_IGN)
    charge = _Orders()
    for line in sys.stdin.buffer:
        charge.take(line)
    charge.clean_up()


if __name__ == "__main__":
    main()
