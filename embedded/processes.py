"""Starting and stopping child processes that must not outlive this one."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1
LOG_LIMIT = 5 * 1024 * 1024
_PRCTL = ctypes.CDLL(None).prctl if sys.platform == "linux" else None


@dataclass(frozen=True)
class Account:
    """The user that a process of root's is handed to."""

    uid: int
    gid: int


@dataclass(frozen=True)
class StopStep:
    """A signal to the leader of a process group and the seconds it gets to obey."""

    signum: signal.Signals
    grace: float


def start(
    command: Sequence[str | Path],
    *,
    log: Path | None = None,
    account: Account | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | str = "/",
    death_signal: signal.Signals = signal.SIGTERM,
    pass_fds: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a child in its own session, which gets the death signal when this process dies.

    Linux ties that signal to the calling thread: call from the main thread.
    """
    output = log.open("ab") if log else None
    try:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output or subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=cwd,
            start_new_session=True,
            pass_fds=pass_fds,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            preexec_fn=_follow_into_death(os.getpid(), death_signal),
        )
    finally:
        if output:
            output.close()


def run_as(
    command: Sequence[str | Path], account: Account | None, *, text: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a short command to its end with a plain environment and keep its output."""
    return subprocess.run(
        [str(part) for part in command],
        input=text,
        capture_output=True,
        text=True,
        errors="replace",
        cwd="/",
        env=plain_environment(),
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        check=False,
    )


def call(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    cwd: Path,
    capture: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Run a command in the foreground, with this terminal, to its end; it dies with this one."""
    return subprocess.run(
        [str(part) for part in command],
        env=env,
        cwd=cwd,
        stdout=subprocess.PIPE if capture else None,
        text=True,
        check=False,
        preexec_fn=_follow_into_death(os.getpid(), signal.SIGTERM),
    )


def plain_environment() -> dict[str, str]:
    """No PG* variable and no locale of the caller reaches a server."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}


def _follow_into_death(parent: int, signum: signal.Signals) -> Callable[[], None] | None:
    """For preexec_fn: it runs after the change of user, which would clear the request."""
    prctl = _PRCTL
    if prctl is None:
        return None

    def arrange() -> None:
        prctl(PR_SET_PDEATHSIG, int(signum), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return arrange


def stop(process: subprocess.Popen[bytes], steps: Sequence[StopStep]) -> None:
    """Ask the leader with one signal after the other, then kill what is left of its group."""
    for step in steps:
        if process.poll() is not None:
            break
        process.send_signal(step.signum)
        with suppress(subprocess.TimeoutExpired):
            process.wait(step.grace)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def alive(pid: int) -> bool:
    """Whether a process of this number exists and is not a zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    stat = Path(f"/proc/{pid}/stat")
    with suppress(OSError):
        return stat.read_text(errors="replace").rpartition(")")[2].split()[0] != "Z"
    return True


def command_name(pid: int) -> str:
    """The program's name, or nothing where it cannot be told."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text().strip()
    with suppress(OSError):
        listed = subprocess.run(
            ["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
        return Path(listed.stdout.strip()).name
    return ""


def wait_until(happened: Callable[[], bool], *, seconds: float, pause: float = 0.03) -> bool:
    """Poll until it happened; False when the time is over."""
    end = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
    return True


def rotate(log: Path) -> None:
    """Keep one older log beside the present one, which stays the file that a process writes to."""
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        shutil.copyfile(log, log.with_suffix(".log.1"))
        os.truncate(log, 0)


def tail(log: Path, lines: int = 12) -> str:
    """The last lines of a log, for a message."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
