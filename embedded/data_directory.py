"""The data directory: its lock, who holds it, its secret key."""

import fcntl
import json
import os
import secrets
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from embedded.errors import SetupError
from embedded.processes import alive

RUN, MANAGE = "run", "manage"
PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Holder:
    """The command that holds the lock; the environment is empty until its servers answer."""

    pid: int
    purpose: str
    url: str = ""
    programs: str = ""
    environment: dict[str, str] = field(default_factory=dict)


class DataDirectory:
    """A folder that one command at a time may use."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock_fd: int | None = None
        self._state = path / "state.json"

    def open(self) -> None:
        """Make the folder. Root's lets others pass, because its PostgreSQL runs as another."""
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
            (self.path / "logs").mkdir(exist_ok=True, mode=0o700)
        except OSError as error:
            raise SetupError(f"数据文件夹 {self.path} 不能使用：{error.strerror}。") from error

    def try_lock(self) -> bool:
        """Take the lock, which ends with this process and its guardian, however they end."""
        try:
            fd = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise SetupError(
                f"没有权限使用数据文件夹 {self.path}（{error.strerror}）。"
                "请用建立它的用户运行，或用 --data 指定另一个文件夹。"
            ) from error
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            return False
        self.lock_fd = fd
        return True

    def lock(self, purpose: str) -> None:
        """Take the lock, waiting while a killed run is cleaned up; an error while one lives."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not self.try_lock():
            holder = self.holder()
            if holder and holder.purpose == RUN:
                where = f"，网址 {holder.url}" if holder.url else ""
                raise SetupError(
                    f"数据文件夹 {self.path} 已由另一个 scripts/run 使用"
                    f"（进程 {holder.pid}{where}）。请先停止它，或用 --data 指定另一个文件夹。"
                )
            if time.monotonic() > end:
                raise SetupError(f"数据文件夹 {self.path} 正被另一个命令使用，请等它结束后再试。")
            time.sleep(0.2)
        self.announce(Holder(os.getpid(), purpose))

    def announce(self, holder: Holder) -> None:
        """Publish the running services, so that other commands find them."""
        write_private(self._state, json.dumps(asdict(holder)))

    def holder(self) -> Holder | None:
        """The living command that holds the lock, as far as it has announced itself."""
        try:
            holder = Holder(**json.loads(self._state.read_text()))
        except (OSError, ValueError, TypeError):
            return None
        return holder if alive(holder.pid) else None

    def release(self) -> None:
        """Release the lock."""
        if self.lock_fd is not None:
            self._state.unlink(missing_ok=True)
            os.close(self.lock_fd)
            self.lock_fd = None

    def secret_key(self) -> str:
        """The key of sessions and tokens, made once."""
        file = self.path / "secret-key"
        with suppress(FileNotFoundError):
            key = file.read_text().strip()
            if key:
                return key
        key = secrets.token_urlsafe(50)
        write_private(file, key)
        return key


def write_private(file: Path, text: str) -> None:
    """Replace a file that only its owner may read, whole or not at all."""
    half = file.with_name(f"{file.name}.{os.getpid()}")
    fd = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, "w") as out:
        out.write(text)
    half.replace(file)
