"""scripts/manage: manage.py with the environment of a data directory's services."""

import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from embedded import virtualenv
from embedded.data_directory import MANAGE, PATIENCE_SECONDS, RUN, DataDirectory, Holder
from embedded.errors import SetupError
from embedded.guardian import Guardian
from embedded.processes import call
from embedded.run import data_folder, environment_of, locks
from embedded.services import Services
from embedded.supervisor import Stopping, StopSignals
from embedded.terminal import complain, say
from embedded.virtualenv import ROOT

USAGE = """用法：scripts/manage [--data DIR] 命令 [参数 …]

在与 scripts/run 相同的环境中运行 manage.py：服务正在运行时直接使用，
否则为这一次调用启动数据库与队列，结束后停止。
--data DIR  数据文件夹，默认为本项目下的 .data
scripts/manage help 列出全部命令。"""


def main(arguments: Sequence[str]) -> int:
    """The exit status of manage.py, or 1 after a trouble."""
    if not arguments or arguments[0] in {"-h", "--help"}:
        say(USAGE)
        return 0
    try:
        virtualenv.enter(locks(), "embedded.manage", arguments)
        folder, command = split(arguments)
        return manage(DataDirectory(data_folder(folder)), command)
    except SetupError as error:
        complain(str(error))
        return 1
    except (Stopping, KeyboardInterrupt):
        return 130


def split(arguments: Sequence[str]) -> tuple[Path | None, list[str]]:
    """A leading --data DIR, and what is for manage.py."""
    first, *rest = arguments
    if first == "--data" and rest:
        return Path(rest[0]), rest[1:]
    if first.startswith("--data="):
        return Path(first.partition("=")[2]), rest
    return None, [first, *rest]


def manage(data: DataDirectory, command: Sequence[str]) -> int:
    data.open()
    running = running_services(data)
    if running:
        return run_command(command, running.environment, running.programs)
    StopSignals().install()
    guardian = Guardian([data.lock_fd] if data.lock_fd is not None else [])
    services: Services | None = None
    try:
        services = Services(data.path, guardian)
        services.start()
        return run_command(command, environment_of(data, services), services.programs)
    finally:
        if services:
            services.stop()
        data.release()
        guardian.dismiss()


def running_services(data: DataDirectory) -> Holder | None:
    """Those of a scripts/run that serves, waiting while one starts; else the lock is taken."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        holder = data.holder()
        if holder and holder.purpose == RUN and holder.environment:
            return holder
        if data.try_lock():
            data.announce(Holder(os.getpid(), MANAGE))
            return None
        time.sleep(0.2)
    raise SetupError(f"数据文件夹 {data.path} 正被另一个命令使用，请等它结束后再试。")


def run_command(command: Sequence[str], environment: dict[str, str], programs: str) -> int:
    """In the caller's folder, with psql and pg_dump of the same version at hand.

    Ctrl+C in the terminal reaches manage.py too; this process waits for its answer.
    """
    path = os.pathsep.join(part for part in (programs, os.environ.get("PATH", "")) if part)
    before = signal.signal(signal.SIGINT, _leave_it_to_the_child)
    try:
        done = call(
            [sys.executable, ROOT / "manage.py", *command],
            env={**environment, "PATH": path},
            cwd=Path(os.environ.get("KAIFU_CALLER_DIR") or Path.cwd()),
        )
    finally:
        signal.signal(signal.SIGINT, before)
    return done.returncode if done.returncode >= 0 else 128 - done.returncode


def _leave_it_to_the_child(signum: int, frame: FrameType | None) -> None:
    """A handler, because an ignored signal would be ignored by the child as well."""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
