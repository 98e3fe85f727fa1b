"""One private Valkey or Redis: the queue of the jobs, reached by a socket only."""

import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from embedded.errors import SetupError
from embedded.installations import choose_broker
from embedded.processes import (
    StopStep,
    plain_environment,
    rotate,
    start,
    stop,
    tail,
    wait_until,
)

START_SECONDS = 30.0
STOP_STEPS = (StopStep(signal.SIGTERM, 10),)
# The plain append-only format is read by every version of Valkey and Redis.
KEPT = {"--appendonly": "yes", "--appendfsync": "everysec", "--aof-use-rdb-preamble": "no"}


class Broker:
    """The server and the folder of its queue; a throwaway one keeps nothing."""

    name = "broker"

    def __init__(self, home: Path, runtime: Path, *, log: Path, throwaway: bool) -> None:
        self._home = home
        self._log = log
        self._throwaway = throwaway
        self._program = choose_broker()
        self._socket = runtime / "broker" / "socket"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis+socket://{self._socket}?virtual_host=0"

    def start(self) -> subprocess.Popen[bytes]:
        """Start and wait for the first answer.

        A queue that cannot be read is put aside and a new one begun: what is to be done stands in
        the database, and beat asks for it again.
        """
        self._socket.parent.mkdir(mode=0o700, exist_ok=True)
        self._home.mkdir(parents=True, exist_ok=True, mode=0o700)
        rotate(self._log)
        process = self._launch()
        if process is None and any(self._home.iterdir()):
            damaged = self._home.with_name(f"{self._home.name}.damaged-{int(time.time())}")
            shutil.move(self._home, damaged)
            self._home.mkdir(mode=0o700)
            process = self._launch()
        if process is None:
            raise SetupError(f"Valkey/Redis 没有启动。日志 {self._log} 的末尾：\n{tail(self._log)}")
        return process

    def _launch(self) -> subprocess.Popen[bytes] | None:
        """The process once it answers, or None if it ended."""
        self._socket.unlink(missing_ok=True)
        process = start(self._command(), log=self._log, env=plain_environment())
        self.process = process
        wait_until(lambda: process.poll() is not None or self._answers(), seconds=START_SECONDS)
        if process.poll() is None and self._answers():
            return process
        self.stop()
        return None

    def _command(self) -> list[str | Path]:
        options = {
            "--port": "0",
            "--unixsocket": str(self._socket),
            "--unixsocketperm": "700",
            "--daemonize": "no",
            "--dir": str(self._home),
            "--save": "",
        }
        if not self._throwaway:
            options |= KEPT
        return [self._program, *(part for pair in options.items() for part in pair)]

    def _answers(self) -> bool:
        with suppress(OSError), socket.socket(socket.AF_UNIX) as line:
            line.settimeout(1)
            line.connect(str(self._socket))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
        return False

    def stop(self) -> None:
        if self.process:
            stop(self.process, STOP_STEPS)
            self.process = None
