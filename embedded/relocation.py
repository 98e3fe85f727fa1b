"""Root's PostgreSQL where the user that it runs as cannot enter the checkout.

PostgreSQL refuses root, and nobody cannot read below a folder like /root. Nothing is opened to
others for that: the programs of the wheel are copied once to a root-owned shelf, the cluster is
kept there in a folder of its own (0700), and the data directory has a link to it.
"""

import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from pathlib import Path

from embedded.errors import SetupError
from embedded.installations import PostgresInstall
from embedded.processes import Account, run_as

SHELVES = ("/var/lib/kaifu-carbon", "/opt/kaifu-carbon", "/var/tmp/kaifu-carbon")  # noqa: S108
SOCKET_PATH_LIMIT = 60
UNPRIVILEGED = "nobody"
RUNTIME_PREFIX = "kaifu-"


def server_account(cluster: Path) -> Account | None:
    """Who runs PostgreSQL when root calls: the owner of the cluster, else nobody."""
    if os.geteuid() != 0:
        return None
    if cluster.exists() and cluster.stat().st_uid != 0:
        owner = cluster.stat()
        return Account(owner.st_uid, owner.st_gid)
    try:
        entry = pwd.getpwnam(UNPRIVILEGED)
    except KeyError:
        raise SetupError(
            "PostgreSQL 不能以 root 运行，而这台机器上没有 nobody 用户。请换普通用户运行。"
        ) from None
    return Account(entry.pw_uid, entry.pw_gid)


def reachable(folder: Path, account: Account | None) -> bool:
    """Whether that user can enter the folder; tried, not computed."""
    if account is None:
        return os.access(folder, os.X_OK)
    return run_as(["/bin/sh", "-c", 'cd "$1"', "sh", folder], account).returncode == 0


def reachable_install(install: PostgresInstall, account: Account | None) -> PostgresInstall:
    """The same programs, from a copy on the shelf where that user cannot reach the original."""
    if account is None or reachable(install.bin, account):
        return install
    if install.base is None:
        raise SetupError(f"用户 {UNPRIVILEGED} 无法进入 {install.bin}，PostgreSQL 无法以它启动。")
    print_of = hashlib.sha256(install.program("postgres").read_bytes()).hexdigest()[:12]
    copy = shelf(account) / f"postgresql-{install.major}-{print_of}"
    if not copy.exists():
        _copy_install(install, copy)
    return PostgresInstall(copy / install.bin.relative_to(install.base), install.major)


def shelf(account: Account) -> Path:
    """A folder of root's that everyone may enter and only root may write."""
    for name in SHELVES:
        place = Path(name)
        try:
            place.mkdir(mode=0o755, exist_ok=True)
            if not place.is_symlink() and place.stat().st_uid == 0:
                place.chmod(0o755)
                if reachable(place, account):
                    return place
        except OSError:
            continue
    raise SetupError(
        "这个文件夹其他用户无法进入，而 PostgreSQL 不能以 root 运行；"
        f"备用位置 {'、'.join(SHELVES)} 也都不能写。请把项目放到其他用户可进入的文件夹，"
        "或换普通用户运行。"
    )


def _copy_install(install: PostgresInstall, copy: Path) -> None:
    """Copy under another name first: a copy that is there is complete."""
    if install.base is None:
        raise SetupError(f"无法复制 {install.bin}。")
    half = Path(tempfile.mkdtemp(prefix="copying-", dir=copy.parent))
    unneeded = shutil.ignore_patterns("*.a", "include", "pkgconfig", "pgxs")
    for part in install.parts:
        shutil.copytree(install.base / part, half / part, symlinks=True, ignore=unneeded)
    for folder, names, files in os.walk(half):
        for name in (*names, *files):
            path = Path(folder, name)
            if not path.is_symlink():
                mode = path.stat().st_mode
                path.chmod(0o755 if path.is_dir() or mode & stat.S_IXUSR else 0o644)
    half.chmod(0o755)
    try:
        half.rename(copy)
    except OSError:
        shutil.rmtree(half)
        if not copy.exists():
            raise


def cluster_place(home: Path, account: Account | None) -> Path:
    """Where the cluster of `home` (data directory/postgres) really is or shall be.

    An existing one that its user can no longer reach is moved to the shelf.
    """
    if home.is_symlink():
        target = home.readlink()
        if not target.parent.is_dir():
            raise SetupError(f"{home} 指向的数据库 {target} 不见了。请恢复它，或删除该链接后重来。")
        return target
    if account is None or reachable(home.parent, account):
        return home
    room = Path(tempfile.mkdtemp(prefix="cluster-", dir=shelf(account)))
    room.chmod(0o711)
    place = room / "postgres"
    if home.exists():
        _move(home, place, account)
    home.symlink_to(place)
    return place


def _move(home: Path, place: Path, account: Account) -> None:
    try:
        home.rename(place)
    except OSError:
        half = place.with_name("copying")
        shutil.copytree(home, half, symlinks=True)
        hand_over(half, account)
        half.rename(place)
        shutil.rmtree(home)


def hand_over(tree: Path, account: Account) -> None:
    """Give a tree to that user."""
    os.chown(tree, account.uid, account.gid)
    for folder, names, files in os.walk(tree):
        for name in (*names, *files):
            os.chown(Path(folder, name), account.uid, account.gid, follow_symlinks=False)


def runtime_folder(account: Account | None) -> Path:
    """A new short folder for sockets (their paths are limited to 107 bytes)."""
    for base in (tempfile.gettempdir(), "/tmp", "/var/tmp"):  # noqa: S108
        if len(os.fsencode(base)) > SOCKET_PATH_LIMIT or not os.access(base, os.W_OK):
            continue
        folder = Path(tempfile.mkdtemp(prefix=RUNTIME_PREFIX, dir=base))
        if account is None:
            return folder
        folder.chmod(0o711)
        if reachable(folder, account):
            return folder
        folder.rmdir()
    raise SetupError("临时文件夹不可写，或路径过长。请设置 TMPDIR 为一个可写的短路径。")
