"""One private PostgreSQL: made when missing, reached by a socket only, stopped in order."""

import locale
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from embedded import relocation
from embedded.errors import SetupError
from embedded.installations import choose_postgres
from embedded.processes import (
    Account,
    StopStep,
    alive,
    command_name,
    plain_environment,
    rotate,
    run_as,
    start,
    stop,
    tail,
    wait_until,
)

ROLE = DATABASE = "kaifu"
RECOVERY_SECONDS = 300.0
STOP_STEPS = (StopStep(signal.SIGINT, 20), StopStep(signal.SIGQUIT, 5))
READY_LINE = 7
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres:
    """The cluster below a data directory, and its server while it runs."""

    name = "postgres"

    def __init__(
        self, home: Path, runtime: Path, account: Account | None, *, log: Path, throwaway: bool
    ) -> None:
        """`home` holds the cluster; a throwaway one is fast and does not survive a power cut."""
        self._log = log
        self._throwaway = throwaway
        self._account = account
        self._cluster = relocation.cluster_place(home, account)
        self.elsewhere = self._cluster if self._cluster != home else None
        install = choose_postgres(_cluster_major(self._cluster))
        self._install = relocation.reachable_install(install, account)
        self._sockets = runtime / "pg"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def programs(self) -> Path:
        """The folder of psql, pg_dump and the like."""
        return self._install.bin

    @property
    def url(self) -> str:
        return f"postgresql://{ROLE}@/{DATABASE}?host={quote(str(self._sockets))}"

    def create(self) -> bool:
        """Make the cluster with its role and database; False if it is there already."""
        if (self._cluster / "PG_VERSION").exists():
            self._check_owner()
            return False
        half = self._cluster.with_name(self._cluster.name + ".new")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(mode=0o700)
        if self._account:
            os.chown(half, self._account.uid, self._account.gid)
        self._initialise(half)
        half.rename(self._cluster)
        return True

    def _check_owner(self) -> None:
        owner = self._cluster.stat().st_uid
        if owner == 0 and self._account:
            relocation.hand_over(self._cluster, self._account)
        elif self._account is None and owner != os.geteuid():
            raise SetupError(
                f"数据库文件夹 {self._cluster} 属于另一个用户（uid {owner}）。"
                "请用建立它的用户运行（root 建立的用 root），或用 --data 指定另一个文件夹。"
            )

    def _initialise(self, folder: Path) -> None:
        command: list[str | Path] = [
            self._install.program("initdb"),
            *("-D", folder, "-U", "postgres", "--encoding=UTF8"),
            *(f"--locale={_plain_locale()}", "--auth-local=trust", "--auth-host=reject"),
        ]
        if self._throwaway:
            command.append("--no-sync")
        _check(run_as(command, self._account), "建立数据库文件夹")
        single: list[str | Path] = [self._install.program("postgres"), "--single", "-D", folder]
        if self._throwaway:
            single += ["-F"]
        right = "CREATEDB" if self._throwaway else "NOCREATEDB"
        orders = f"CREATE ROLE {ROLE} LOGIN {right}\nCREATE DATABASE {DATABASE} OWNER {ROLE}\n"
        single += ["-c", "exit_on_error=on", "postgres"]
        _check(run_as(single, self._account, text=orders), "建立数据库")

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server and wait until it takes connections (after recovery, if need be)."""
        self._sockets.mkdir(mode=0o700, exist_ok=True)
        if self._account:
            os.chown(self._sockets, self._account.uid, self._account.gid)
        self._settle_leftover()
        rotate(self._log)
        command: list[str | Path] = [self._install.program("postgres"), "-D", self._cluster]
        for key, value in self._options().items():
            command += ["-c", f"{key}={value}"]
        process = start(
            command,
            log=self._log,
            account=self._account,
            env=plain_environment(),
            death_signal=STOP_STEPS[0].signum,
        )
        self.process = process
        wait_until(lambda: process.poll() is not None or self._is_ready(), seconds=RECOVERY_SECONDS)
        if process.poll() is not None or not self._is_ready():
            self.stop()
            raise SetupError(f"PostgreSQL 没有启动。日志 {self._log} 的末尾：\n{tail(self._log)}")
        return process

    def _options(self) -> Mapping[str, str]:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self._sockets),
            "unix_socket_permissions": "0700",
            "log_line_prefix": "%m [%p] ",
            "log_checkpoints": "off",
            # neither statements nor rows: they hold the digests of passwords, and what is drafted
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
        }
        return options | THROWAWAY if self._throwaway else options

    def _is_ready(self) -> bool:
        """What pg_ctl looks at: the status line of postmaster.pid, written by this server."""
        lines = self._pid_lines()
        if self.process is None or len(lines) <= READY_LINE:
            return False
        return lines[0] == str(self.process.pid) and lines[READY_LINE].strip() == "ready"

    def _pid_lines(self) -> list[str]:
        with suppress(OSError):
            return (self._cluster / "postmaster.pid").read_text().splitlines()
        return []

    def _settle_leftover(self) -> None:
        """Deal with the pid file of a server that was not stopped.

        PostgreSQL takes over a stale file by itself, unless the number belongs to another process
        of the same user by now. A server that still runs is stopped: the caller holds the lock of
        the data directory, so nobody uses it.
        """
        lines = self._pid_lines()
        if not lines or not lines[0].strip().isdigit():
            return
        pid = int(lines[0])
        if alive(pid) and command_name(pid).startswith("postgres") and self._serves(pid):
            os.kill(pid, signal.SIGINT)
            if not wait_until(lambda: not alive(pid), seconds=20):
                os.kill(pid, signal.SIGQUIT)
                wait_until(lambda: not alive(pid), seconds=5)
        elif alive(pid):
            (self._cluster / "postmaster.pid").unlink(missing_ok=True)

    def _serves(self, pid: int) -> bool:
        """Whether the server of that number works in this cluster (its working folder)."""
        with suppress(OSError):
            return Path(f"/proc/{pid}/cwd").resolve() == self._cluster.resolve()
        return True

    def stop(self) -> None:
        if self.process:
            stop(self.process, STOP_STEPS)
            self.process = None


def _cluster_major(cluster: Path) -> int | None:
    try:
        return int((cluster / "PG_VERSION").read_text())
    except FileNotFoundError:
        return None
    except PermissionError:
        raise SetupError(
            f"没有权限读取数据库文件夹 {cluster}。请用建立它的用户运行（root 建立的用 root），"
            "或用 --data 指定另一个文件夹。"
        ) from None


def _plain_locale() -> str:
    """C.UTF-8 where the system has it: byte order, and upper and lower case beyond ASCII."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return "C"
    locale.setlocale(locale.LC_CTYPE, before)
    return "C.UTF-8"


def _check(done: subprocess.CompletedProcess[str], what: str) -> None:
    if done.returncode != 0:
        raise SetupError(f"{what}没有成功：\n{(done.stdout + done.stderr).strip()}")
