"""scripts/run: sets everything up, serves, and stops when asked."""

import argparse
import http.client
import os
import socket
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from embedded import virtualenv
from embedded.data_directory import RUN, DataDirectory, Holder
from embedded.errors import SetupError
from embedded.guardian import Guardian
from embedded.preparation import Preparation
from embedded.services import Services
from embedded.supervisor import Program, Stopping, StopSignals, Supervisor
from embedded.terminal import complain, say
from embedded.virtualenv import ROOT

HOST = "127.0.0.1"
HIGHEST_PORT = 65535
WEB_SECONDS = 90.0
USAGE = """启动开福区碳达峰实施方案进展监测系统。

第一次运行会建立虚拟环境、安装依赖、建立数据库、载入方案与演示数据并建立各角色账号；
以后几秒钟即可启动，不改动已录入的内容。按 Ctrl+C 停止。"""
EPILOGUE = """环境变量：
  DATABASE_URL         使用已有的 PostgreSQL（15 或更新版本），不再自带启动
  CELERY_BROKER_URL    使用已有的 Redis 或 Valkey，不再自带启动
  KAIFU_MODE           默认 trial（试用）；在已有的数据库里建立演示账号和数据须明确设置
  KAIFU_PREFER_SYSTEM  设为 1 时优先用系统安装的 PostgreSQL 与 Redis/Valkey 程序"""


def main(arguments: Sequence[str]) -> int:
    """Exit status: 0 after a stop that was asked for, 1 after a trouble."""
    signals = StopSignals()
    try:
        options = parse(arguments)
        listener = listen(options.port)
        listener.close()
        virtualenv.enter(locks(), "embedded.run", arguments)
        signals.install()
        serve(options, signals)
    except SetupError as error:
        complain(str(error))
        return 1
    except (Stopping, KeyboardInterrupt):
        say("已停止。")
    return 0


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/run",
        description=USAGE,
        epilog=EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=8000, metavar="N", help="端口，默认 8000")
    parser.add_argument(
        "--empty", action="store_true", help="不载入方案，只建立管理员账号，由首次设置清单引导"
    )
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="数据文件夹，默认为本项目下的 .data"
    )
    parser.add_argument(
        "--reload",
        action="store_true",
        help="供开发：显示出错详情；程序、模板、样式改动后网页自动更新（后台任务要重新启动）",
    )
    options = parser.parse_args(arguments)
    if not 0 < options.port <= HIGHEST_PORT:
        parser.error(f"--port 应为 1 至 {HIGHEST_PORT} 之间的整数")
    options.data = data_folder(options.data)
    return options


def data_folder(given: Path | None) -> Path:
    """--data is relative to where the caller stands, not to the checkout."""
    named = given or Path(os.environ.get("KAIFU_DATA_DIR") or ROOT / ".data")
    return (Path(os.environ.get("KAIFU_CALLER_DIR") or Path.cwd()) / named).absolute()


def locks() -> list[str]:
    """The wheels of the servers are left out where both addresses are given."""
    given = os.environ.get("DATABASE_URL") and os.environ.get("CELERY_BROKER_URL")
    return [virtualenv.SYSTEM] if given else [virtualenv.SYSTEM, virtualenv.SERVERS]


def listen(port: int) -> socket.socket:
    """The socket that the web server inherits: nobody can take the port in between."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        raise SetupError(
            f"端口 {port} 不能使用（{error.strerror}）。"
            f"可能已有程序在用它，请用 --port 指定另一个端口，如 scripts/run --port {port + 1}。"
        ) from error
    return listener


def serve(options: argparse.Namespace, signals: StopSignals) -> None:
    """From the lock to the last stopped process."""
    data = DataDirectory(options.data)
    data.open()
    data.lock(RUN)
    guardian = Guardian([data.lock_fd] if data.lock_fd is not None else [])
    supervisor = Supervisor(guardian)
    services: Services | None = None
    try:
        services = Services(options.data, guardian)
        services.start()
        _serve(options, data, services, supervisor)
    finally:
        signals.asked = True
        signals.hurry = supervisor.hurry
        supervisor.stop_programs()
        if services:
            services.stop()
        data.release()
        guardian.dismiss()


def _serve(
    options: argparse.Namespace,
    data: DataDirectory,
    services: Services,
    supervisor: Supervisor,
) -> None:
    environment = environment_of(data, services)
    preparation = Preparation(
        options.data,
        environment,
        external=services.postgres is None,
        new_database=services.created,
    )
    preparation.run(empty=options.empty)
    logs = options.data / "logs"
    for unit in services.units:
        supervisor.keep(unit, partial(services.start_unit, unit), logs / f"{unit.name}.log")
    listener = listen(options.port)
    listener.listen(128)
    if options.reload:
        environment |= {"DJANGO_DEBUG": "1"}
    for program in programs(
        options.data, environment, listener.fileno(), reload_on_change=options.reload
    ):
        supervisor.start(program)
    _wait_for_page(options.port, supervisor)
    url = f"http://{HOST}:{options.port}/"
    data.announce(Holder(os.getpid(), RUN, url, services.programs, environment))
    say(welcome(url, preparation.accounts, logs, services))
    supervisor.run()


def environment_of(data: DataDirectory, services: Services) -> dict[str, str]:
    """What the application's processes get."""
    return {
        **os.environ,
        **services.addresses,
        "DJANGO_SECRET_KEY": os.environ.get("DJANGO_SECRET_KEY") or data.secret_key(),
        "DJANGO_SETTINGS_MODULE": "kaifu_carbon.settings",
        **trial(external=services.postgres is None),
        "KAIFU_DATA_DIR": str(data.path),
        "PYTHONUNBUFFERED": "1",
    }


def trial(*, external: bool) -> dict[str, str]:
    """A trial unless the mode is given; somebody's database gets no demonstration by default."""
    if os.environ.get("KAIFU_MODE"):
        return {}
    return {"KAIFU_MODE": "trial"} | ({"KAIFU_DEMO": "0"} if external else {})


def programs(
    data: Path, environment: dict[str, str], listener: int, *, reload_on_change: bool = False
) -> list[Program]:
    """The web server, the worker and beat."""
    python = sys.executable
    web = ["gunicorn", "kaifu_carbon.wsgi:application", "--bind", f"fd://{listener}"]
    web += ["--config", "deploy/gunicorn.py", "--timeout", "120", "--graceful-timeout", "8"]
    if reload_on_change:
        templates = sorted((ROOT / "templates").rglob("*.html"))
        web += ["--reload", *(f"--reload-extra-file={path}" for path in templates)]
    celery = ["celery", "--app", "kaifu_carbon"]
    worker = [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO", "--hostname"]
    worker += ["worker@%h", "--without-mingle", "--without-gossip"]
    beat = [*celery, "beat", "--loglevel", "INFO", "--pidfile", ""]
    logs = data / "logs"

    def program(name: str, module: list[str], fds: tuple[int, ...] = ()) -> Program:
        command = [python, "-m", *module]
        return Program(name, command, environment, ROOT, logs / f"{name}.log", fds)

    return [program("web", web, (listener,)), program("worker", worker), program("beat", beat)]


def _wait_for_page(port: int, supervisor: Supervisor) -> None:
    """Until the web server answers anything at all."""
    end = time.monotonic() + WEB_SECONDS
    while time.monotonic() < end:
        supervisor.look()
        line = http.client.HTTPConnection(HOST, port, timeout=5)
        with suppress(OSError, http.client.HTTPException):
            line.request("HEAD", "/")
            line.getresponse()
            return
        line.close()
        time.sleep(0.2)
    raise SetupError(f"网页服务在 {WEB_SECONDS:.0f} 秒内没有应答，已全部停止。")


def welcome(url: str, accounts: str, logs: Path, services: Services) -> str:
    """What the person at the terminal needs to know now."""
    parts = [f"\n系统已启动：{url}"]
    if accounts:
        parts.append(f"首次启动时建立的账号（口令改过的以改后的为准）：\n{accounts}")
    if services.postgres and services.postgres.elsewhere:
        parts.append(
            f"数据库放在 {services.postgres.elsewhere}："
            f"PostgreSQL 不能以 root 运行，而其他用户无法进入 {logs.parent}。"
        )
    parts.append(f"日志在 {logs}，按 Ctrl+C 停止。")
    return "\n\n".join(parts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
