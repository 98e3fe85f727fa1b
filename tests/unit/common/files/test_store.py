import os
import stat

import pytest

from common.files.containers import FileRefusedError
from common.files.scan import scan
from common.files.store import DAY_SECONDS, DamagedError, FileStore, StoreError

PARTS = [b"2026", "年公交台账".encode()]
WHOLE = b"".join(PARTS)


@pytest.fixture
def store(tmp_path):
    return FileStore(tmp_path / "files" / "evidence")


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def make_old(path):
    then = path.stat().st_mtime - 2 * DAY_SECONDS
    os.utime(path, (then, then))


def all_files(store):
    return [path for path in store.root.rglob("*") if path.is_file()]


def test_a_file_lies_under_its_hash_for_its_owner_alone(store):
    stored = store.put(PARTS)
    path = store.path(stored.sha256)
    assert path == store.root / stored.sha256[:2] / stored.sha256
    assert path.read_bytes() == WHOLE
    assert stored.size == len(WHOLE)
    assert mode(path) == 0o600
    assert mode(path.parent) == mode(store.root) == 0o700
    assert all_files(store) == [path]


def test_the_same_content_is_kept_once(store):
    assert store.put(PARTS) == store.put([WHOLE])
    assert len(all_files(store)) == 1


def test_what_is_opened_was_checked(store):
    stored = store.put(PARTS)
    with store.open(stored.sha256, stored.size) as file:
        assert file.read() == WHOLE


@pytest.mark.parametrize("spoilt", [b"", b"2026", WHOLE[:-1] + b"x", WHOLE + b"x"])
def test_a_damaged_file_is_never_given_out(store, spoilt):
    stored = store.put(PARTS)
    store.path(stored.sha256).write_bytes(spoilt)
    assert not store.is_whole(stored.sha256, stored.size)
    with pytest.raises(DamagedError):
        store.open(stored.sha256, stored.size)


def test_a_missing_file_is_damaged_too(store):
    stored = store.put(PARTS)
    store.path(stored.sha256).unlink()
    assert not store.has(stored.sha256)
    with pytest.raises(DamagedError):
        store.open(stored.sha256, stored.size)


def test_storing_it_again_heals_it(store):
    stored = store.put(PARTS)
    store.path(stored.sha256).write_bytes(b"x")
    store.put(PARTS)
    assert store.is_whole(stored.sha256, stored.size)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "0" * 63])
def test_no_name_leads_out_of_the_folder(store, name):
    with pytest.raises(DamagedError):
        store.path(name)


def test_what_breaks_off_leaves_nothing(store):
    def broken():
        yield b"half"
        raise OSError(28, "No space left on device")

    with pytest.raises(StoreError, match="磁盘已满或不能写入"):
        store.put(broken())
    assert all_files(store) == []


def test_what_the_check_refuses_leaves_nothing(store):
    def check(path):
        assert path.read_bytes() == WHOLE
        raise FileRefusedError("virus", "有病毒")

    with pytest.raises(FileRefusedError):
        store.put(PARTS, check=check)
    assert all_files(store) == []


def test_the_store_lists_what_it_holds(store):
    hashes = {store.put([bytes([n])]).sha256 for n in range(5)}
    assert set(store.contents()) == hashes
    assert set(FileStore(store.root / "nowhere").contents()) == set()


def test_only_old_files_are_swept(store):
    stored = store.put(PARTS)
    assert not store.sweep(stored.sha256)
    assert store.is_whole(stored.sha256, stored.size)
    make_old(store.path(stored.sha256))
    assert store.sweep(stored.sha256)
    assert all_files(store) == []
    assert not store.sweep(stored.sha256)


def test_a_file_that_is_stored_again_is_young(store):
    stored = store.put(PARTS)
    make_old(store.path(stored.sha256))
    store.put(PARTS)
    assert not store.sweep(stored.sha256)


def test_half_written_files_are_found_when_they_are_old(store):
    store.put(PARTS)
    half = store.root / "incoming" / "killed"
    half.write_bytes(b"ha")
    assert list(store.leftovers()) == []
    make_old(half)
    assert list(store.leftovers()) == [half]
    assert "killed" not in set(store.contents())


@pytest.fixture
def scanner(settings, tmp_path):
    def install(script):
        path = tmp_path / "scanner"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        settings.SCAN_COMMAND = f"{path} --quiet"

    return install


def test_a_clean_file_passes_the_scanner(scanner, tmp_path):
    scanner('[ "$1" = --quiet ] && [ -f "$2" ]')
    file = tmp_path / "file"
    file.write_bytes(WHOLE)
    scan(file)


@pytest.mark.parametrize(("status", "code"), [(1, "virus"), (2, "unscanned")])
def test_what_the_scanner_says_is_a_sentence(scanner, tmp_path, status, code):
    scanner(f"exit {status}")
    with pytest.raises(FileRefusedError) as refusal:
        scan(tmp_path / "file")
    assert refusal.value.code == code


def test_a_scanner_that_is_gone_lets_nothing_pass(settings, tmp_path):
    settings.SCAN_COMMAND = str(tmp_path / "gone")
    with pytest.raises(FileRefusedError) as refusal:
        scan(tmp_path / "file")
    assert refusal.value.code == "unscanned"


def test_an_installation_without_scanner(settings, tmp_path):
    settings.SCAN_COMMAND = ""
    scan(tmp_path / "file")
