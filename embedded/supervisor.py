"""Keeps the servers and the programs of the application running until it is told to stop."""

import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Protocol

from embedded.errors import SetupError
from embedded.guardian import Guardian
from embedded.processes import StopStep, rotate, start, stop, tail
from embedded.terminal import say

PROGRAM_STAGE = 0
PROGRAM_STEPS = (StopStep(signal.SIGTERM, 10),)
PAUSE_SECONDS = 0.3
LONGEST_DELAY = 30.0
FAILURES_BEFORE_GIVING_UP = 5
FAILURE_WINDOW = 60.0
REFUSED = 78  # the application says why it does not serve; another try would say the same


class Stopping(BaseException):
    """Somebody asked the command to stop; not an error, and never caught by accident."""


class StopSignals:
    """Turns the first stop signal into Stopping; later ones hurry the stop that is under way."""

    def __init__(self) -> None:
        self.asked = False
        self.hurry: Callable[[], None] = lambda: None

    def install(self) -> None:
        for signum in (signal.SIGINT, signal.SIGTERM):
            signal.signal(signum, self._receive)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._receive)

    def _receive(self, signum: int, _frame: FrameType | None) -> None:
        if self.asked:
            self.hurry()
            return
        self.asked = True
        raise Stopping(signum)


class Unit(Protocol):
    """A server or a program that is kept running."""

    name: str
    process: subprocess.Popen[bytes] | None

    def stop(self) -> None: ...


@dataclass
class Program:
    """The web server, the worker or beat."""

    name: str
    command: Sequence[str | Path]
    env: dict[str, str]
    cwd: Path
    log: Path
    pass_fds: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None

    def start(self, guardian: Guardian) -> None:
        rotate(self.log)
        self.process = start(
            self.command, log=self.log, env=self.env, cwd=self.cwd, pass_fds=self.pass_fds
        )
        step = PROGRAM_STEPS[0]
        guardian.watch(self.process.pid, step.signum, stage=PROGRAM_STAGE, grace=step.grace)

    def stop(self) -> None:
        if self.process:
            stop(self.process, PROGRAM_STEPS)
            self.process = None

    def ask_to_stop(self) -> None:
        """Begin all stops before waiting for one."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(PROGRAM_STEPS[0].signum)

    def kill(self) -> None:
        if self.process:
            with suppress(ProcessLookupError):
                self.process.kill()


@dataclass
class _WatchedUnit:
    """A unit, how to start it again, and when it failed."""

    unit: Unit
    restart: Callable[[], None]
    log: Path
    failures: list[float] = field(default_factory=list)
    due: float | None = None

    def look(self, now: float, guardian: Guardian) -> None:
        """Keep its log short, notice an end, and start again when the delay has passed."""
        rotate(self.log)
        process = self.unit.process
        if self.due is None and process is not None and process.poll() is not None:
            guardian.forget(process.pid)
            self.unit.stop()
            self._plan_restart(now, process.returncode)
        if self.due is not None and now >= self.due:
            self.due = None
            self.restart()

    def _plan_restart(self, now: float, code: int) -> None:
        self.failures = [at for at in self.failures if now - at < FAILURE_WINDOW] + [now]
        if code == REFUSED:
            raise SetupError(f"{self.unit.name} 拒绝启动，已全部停止：\n{tail(self.log)}")
        if len(self.failures) >= FAILURES_BEFORE_GIVING_UP:
            raise SetupError(
                f"{self.unit.name} 反复退出（代码 {code}），已全部停止。"
                f"日志 {self.log} 的末尾：\n{tail(self.log)}"
            )
        delay = min(2.0 ** (len(self.failures) - 1), LONGEST_DELAY)
        say(f"{self.unit.name} 意外退出（代码 {code}），{delay:.0f} 秒后重新启动。")
        self.due = now + delay


class Supervisor:
    """Watches units; servers are handed in running, programs are started by it."""

    def __init__(self, guardian: Guardian, clock: Callable[[], float] = time.monotonic) -> None:
        self._guardian = guardian
        self._clock = clock
        self._kept: list[_WatchedUnit] = []
        self._programs: list[Program] = []

    def keep(self, unit: Unit, restart: Callable[[], None], log: Path) -> None:
        """Take over a running unit."""
        self._kept.append(_WatchedUnit(unit, restart, log))

    def start(self, program: Program) -> None:
        program.start(self._guardian)
        self._programs.append(program)
        self.keep(program, lambda: program.start(self._guardian), program.log)

    def look(self) -> None:
        """One round: start again what ended. Raises SetupError when something keeps failing."""
        now = self._clock()
        for kept in self._kept:
            kept.look(now, self._guardian)
        self._guardian.revive()

    def run(self) -> None:
        """Until Stopping or SetupError."""
        while True:
            self.look()
            time.sleep(PAUSE_SECONDS)

    def hurry(self) -> None:
        """Wait for the programs no longer."""
        for program in self._programs:
            program.kill()

    def stop_programs(self) -> None:
        """Stop the programs, all at once; the servers belong to whoever started them."""
        for program in self._programs:
            program.ask_to_stop()
        for program in self._programs:
            program.stop()
