"""The checkout's own virtual environment, made and filled when the locks changed."""

import fcntl
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from embedded.errors import SetupError
from embedded.installations import system_has_servers
from embedded.terminal import say

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".venv"
PYTHON = FOLDER / "bin" / "python"
STAMP = FOLDER / "installed.json"
SYSTEM = "requirements.txt"
SERVERS = "requirements-embedded.txt"
DEVELOPMENT = "requirements-dev.txt"
# A lock is complete: nothing is resolved, so that no release of tomorrow can contradict it.
PIP = (
    *("-m", "pip", "install", "-qq", "--no-input", "--disable-pip-version-check"),
    *("--no-deps", "--require-hashes", "--only-binary=:all:", "-r"),
)
PIP_CHECK = ("-m", "pip", "--disable-pip-version-check", "check")
NO_VENV = (
    "这台机器的 Python 不能建立虚拟环境。请安装后再试：\n"
    "  Debian/Ubuntu：sudo apt-get install python3-venv\n"
    "  其他系统：安装完整的 Python 3.11 或更新版本（含 venv 与 pip）。"
)
NO_PACKAGES = (
    "依赖没有装上（上面是 pip 的说明）。请检查网络或 pip 的软件源；"
    "若提示没有合适的版本，请换用 Python 3.11 至 3.13。"
)
DISAGREE = "装上的依赖互相不合（下面是 pip 的说明）。请删去 .venv 文件夹后再试。"


def enter(locks: Sequence[str], module: str, arguments: Sequence[str]) -> None:
    """Continue as the same process with the environment's Python, which has the locks installed.

    Returns where this already is that Python.
    """
    ensure(locks)
    if Path(sys.prefix).resolve() == FOLDER.resolve():
        return
    sys.stdout.flush()
    os.execv(PYTHON, [str(PYTHON), "-m", module, *arguments])  # noqa: S606


def ensure(locks: Sequence[str]) -> None:
    """Make the environment and install the locks that are not in it yet."""
    if not _missing(locks):
        return
    with _one_at_a_time():
        missing = _missing(locks)
        if missing and not _works():
            _create()
        for lock in missing:
            _install(lock)
        _check()


def _missing(locks: Sequence[str]) -> list[str]:
    installed = _installed() if os.access(PYTHON, os.X_OK) else {}
    return [lock for lock in locks if installed.get(lock) != _fingerprint(lock)]


def _installed() -> dict[str, str]:
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _fingerprint(lock: str) -> str:
    """Changes with the lock and with the checkout's place, which scripts in it have written in."""
    return hashlib.sha256(str(ROOT).encode() + (ROOT / lock).read_bytes()).hexdigest()


def _works() -> bool:
    if not os.access(PYTHON, os.X_OK):
        return False
    probe = "import pip, sys; sys.exit(sys.version_info < (3, 11))"
    return subprocess.run([PYTHON, "-c", probe], capture_output=True, check=False).returncode == 0


def _create() -> None:
    say(f"正在建立虚拟环境 {FOLDER.name} …")
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", FOLDER],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        raise SetupError(f"{NO_VENV}\n\n{made.stdout.strip()}")


def _install(lock: str) -> None:
    say(f"正在安装 {lock} 中的依赖 …")
    environment = os.environ | {"PIP_USER": "0", "PIP_ROOT_USER_ACTION": "ignore"}
    done = subprocess.run([PYTHON, *PIP, ROOT / lock], env=environment, cwd=ROOT, check=False)
    if done.returncode == 0:
        for part in (SYSTEM, SERVERS, DEVELOPMENT) if lock == DEVELOPMENT else (lock,):
            _record(part)
    elif lock == SERVERS and system_has_servers():
        say("将使用系统自带的 PostgreSQL 与 Redis/Valkey。")
        _record(lock)
    else:
        raise SetupError(NO_PACKAGES)


def _check() -> None:
    """What a lock left out, or an older environment still holds, is said now and not by a page."""
    done = subprocess.run([PYTHON, *PIP_CHECK], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        STAMP.unlink(missing_ok=True)
        raise SetupError(f"{DISAGREE}\n\n{done.stdout.strip()}")


def _record(lock: str) -> None:
    STAMP.write_text(json.dumps(_installed() | {lock: _fingerprint(lock)}))


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two commands started at once do not install into each other."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        if not os.access(ROOT, os.W_OK):
            raise SetupError(f"当前用户不能写入 {ROOT}，无法在其中建立虚拟环境。")
        yield
    finally:
        os.close(folder)
