import json

import pytest

from embedded import virtualenv
from embedded.errors import SetupError


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout with two locks and an environment whose pip only notes what it is given."""
    for lock in (virtualenv.SYSTEM, virtualenv.SERVERS):
        (tmp_path / lock).write_text("django==5.2.19 --hash=sha256:0\n")
    folder = tmp_path / ".venv"
    (folder / "bin").mkdir(parents=True)
    python = folder / "bin" / "python"
    python.write_text(
        f'#!/bin/sh\necho "$@" >> {tmp_path}/calls\n'
        f'case "$*" in *check) cat {tmp_path}/disagree; exit $?;; esac\n'
        f'exit "$(cat {tmp_path}/exit)"\n'
    )
    python.chmod(0o755)
    (tmp_path / "exit").write_text("0")
    (tmp_path / "disagree").write_text("")
    for name, value in {"ROOT": tmp_path, "FOLDER": folder, "PYTHON": python}.items():
        monkeypatch.setattr(virtualenv, name, value)
    monkeypatch.setattr(virtualenv, "STAMP", folder / "installed.json")
    return tmp_path


def installs(checkout):
    calls = (checkout / "calls").read_text().splitlines() if (checkout / "calls").exists() else []
    return [call.rpartition("/")[2] for call in calls if " install " in call]


BOTH = [virtualenv.SYSTEM, virtualenv.SERVERS]


def test_locks_are_installed_once(checkout):
    virtualenv.ensure(BOTH)
    virtualenv.ensure(BOTH)
    assert installs(checkout) == BOTH


def test_only_the_changed_lock_is_installed_again(checkout):
    virtualenv.ensure(BOTH)
    (checkout / virtualenv.SERVERS).write_text("other==1 --hash=sha256:1\n")
    virtualenv.ensure(BOTH)
    assert installs(checkout) == [*BOTH, virtualenv.SERVERS]


def test_a_lock_is_installed_as_it_is_with_hashes_and_nothing_resolved(checkout):
    virtualenv.ensure([virtualenv.SYSTEM])
    *_, install, check = (checkout / "calls").read_text().splitlines()
    assert {"--require-hashes", "--no-deps"} < set(install.split())
    assert check.endswith("pip --disable-pip-version-check check")


def test_packages_that_disagree_are_said_and_installed_again(checkout, monkeypatch):
    monkeypatch.setattr(virtualenv, "_works", lambda: True)
    (checkout / "disagree").unlink()
    with pytest.raises(SetupError, match="依赖互相不合"):
        virtualenv.ensure([virtualenv.SYSTEM])
    (checkout / "disagree").touch()
    virtualenv.ensure([virtualenv.SYSTEM])
    assert installs(checkout) == [virtualenv.SYSTEM, virtualenv.SYSTEM]


def test_a_failed_installation_is_not_remembered(checkout, monkeypatch):
    monkeypatch.setattr(virtualenv, "_works", lambda: True)
    monkeypatch.setattr(virtualenv, "system_has_servers", lambda: False)
    (checkout / "exit").write_text("1")
    with pytest.raises(SetupError, match="依赖没有装上"):
        virtualenv.ensure(BOTH)
    assert not (checkout / ".venv" / "installed.json").exists()


def test_missing_server_wheels_are_no_trouble_where_the_system_has_servers(checkout, monkeypatch):
    monkeypatch.setattr(virtualenv, "_works", lambda: True)
    monkeypatch.setattr(virtualenv, "system_has_servers", lambda: True)
    (checkout / "exit").write_text("1")
    virtualenv.ensure([virtualenv.SERVERS])
    assert virtualenv.SERVERS in json.loads((checkout / ".venv" / "installed.json").read_text())


def test_an_environment_that_was_moved_is_filled_again(checkout, monkeypatch):
    virtualenv.ensure([virtualenv.SYSTEM])
    other = checkout / "elsewhere"
    other.mkdir()
    (other / virtualenv.SYSTEM).write_bytes((checkout / virtualenv.SYSTEM).read_bytes())
    monkeypatch.setattr(virtualenv, "ROOT", other)
    virtualenv.ensure([virtualenv.SYSTEM])
    assert len(installs(checkout)) == 2


def test_a_python_without_venv_says_what_to_install(checkout, monkeypatch):
    monkeypatch.setattr(virtualenv, "_works", lambda: False)
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(SetupError, match="sudo apt-get install python3-venv"):
        virtualenv.ensure([virtualenv.SYSTEM])
