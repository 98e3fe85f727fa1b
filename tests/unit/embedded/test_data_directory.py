import os
import stat
import subprocess
import sys

import pytest

from embedded import data_directory
from embedded.data_directory import MANAGE, RUN, DataDirectory, Holder
from embedded.errors import SetupError


@pytest.fixture
def data(tmp_path):
    directory = DataDirectory(tmp_path / "data")
    directory.open()
    return directory


def ended_pid():
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def test_a_second_run_is_told_who_has_the_folder(data):
    data.lock(RUN)
    data.announce(Holder(os.getpid(), RUN, "http://127.0.0.1:8000/"))
    with pytest.raises(SetupError, match=rf"进程 {os.getpid()}，网址 http://127.0.0.1:8000/"):
        DataDirectory(data.path).lock(RUN)


def test_the_folder_is_free_after_release(data):
    data.lock(RUN)
    data.release()
    DataDirectory(data.path).lock(RUN)


def test_a_run_that_is_being_cleaned_up_is_waited_for(data, monkeypatch):
    monkeypatch.setattr(data_directory, "PATIENCE_SECONDS", 0.3)
    data.lock(RUN)
    data.announce(Holder(ended_pid(), RUN))
    with pytest.raises(SetupError, match="正被另一个命令使用"):
        DataDirectory(data.path).lock(RUN)


def test_a_manage_call_is_waited_for(data, monkeypatch):
    monkeypatch.setattr(data_directory, "PATIENCE_SECONDS", 0.3)
    data.lock(MANAGE)
    with pytest.raises(SetupError, match="请等它结束"):
        DataDirectory(data.path).lock(RUN)


@pytest.mark.parametrize("state", ["", "{", "[]", '{"pid": 1}', '{"other": 1}'])
def test_a_damaged_state_names_nobody(data, state):
    (data.path / "state.json").write_text(state)
    assert data.holder() is None


def test_a_dead_holder_is_nobody(data):
    data.announce(Holder(ended_pid(), RUN))
    assert data.holder() is None


def test_the_secret_key_is_made_once_and_private(data):
    key = data.secret_key()
    assert len(key) >= 50
    assert DataDirectory(data.path).secret_key() == key
    assert stat.S_IMODE((data.path / "secret-key").stat().st_mode) == 0o600


def test_the_state_with_its_addresses_is_private(data):
    data.announce(Holder(os.getpid(), RUN, environment={"DATABASE_URL": "postgresql://u:p@h/d"}))
    assert stat.S_IMODE((data.path / "state.json").stat().st_mode) == 0o600
    assert data.holder().environment == {"DATABASE_URL": "postgresql://u:p@h/d"}


def test_a_file_in_the_way_is_a_clear_sentence(tmp_path):
    (tmp_path / "data").write_text("")
    with pytest.raises(SetupError, match="不能使用"):
        DataDirectory(tmp_path / "data").open()
