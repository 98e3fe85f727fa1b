"""The embedded servers after everything that can happen to them."""

import os
import signal
import sys
from pathlib import Path
from urllib.parse import unquote

import psycopg2
import pytest

from embedded.installations import choose_postgres
from embedded.processes import start, wait_until
from embedded.relocation import server_account
from tests.fault.embedded_scene import HeldServers, assert_nothing_left

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")


def query(url, *statements):
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def sockets(held):
    return Path(unquote(held.url.partition("host=")[2])).parent


def test_kill_9_leaves_nothing_and_the_next_start_has_every_row(data):
    held = HeldServers(data)
    query(held.url, "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (26)")
    folder = sockets(held)
    held.kill()
    assert_nothing_left(data)
    assert wait_until(lambda: not folder.exists(), seconds=10)
    again = HeldServers(data)
    assert query(again.url, "SELECT n FROM kept") == [(26,)]
    again.kill()
    assert_nothing_left(data)


def test_even_with_its_guardian_killed_nothing_is_left(data):
    held = HeldServers(data)
    os.kill(held.guardian, signal.SIGKILL)
    held.kill()
    assert_nothing_left(data)
    again = HeldServers(data)
    assert again.url
    again.kill()


def test_a_start_in_the_moment_of_cleaning_up_waits_for_it(data):
    HeldServers(data).kill()
    again = HeldServers(data)
    assert query(again.url, "SELECT 1") == [(1,)]
    again.kill()
    assert_nothing_left(data)


def test_a_second_start_names_the_first(data):
    held = HeldServers(data)
    second = HeldServers(data)
    assert f"进程 {held.process.pid}" in second.complaint
    assert query(held.url, "SELECT 1") == [(1,)]
    held.kill()


def test_a_pid_file_whose_number_is_another_process_by_now(data):
    HeldServers(data).kill()
    assert_nothing_left(data)
    cluster = data / "postgres"
    (cluster / "postmaster.pid").write_text(
        f"{os.getpid()}\n{cluster}\n1700000000\n5432\n/run/elsewhere\n\n0 0\nready\n"
    )
    again = HeldServers(data)
    assert query(again.url, "SELECT 1") == [(1,)]
    again.kill()


def test_a_server_that_somebody_left_running_is_stopped_first(data):
    HeldServers(data).kill()
    assert_nothing_left(data)
    cluster = data / "postgres"
    folder = data.parent / "sockets"
    folder.mkdir()
    folder.chmod(0o777)
    options = ("-c", "listen_addresses=", "-c", f"unix_socket_directories={folder}")
    program = choose_postgres(None).program("postgres")
    stray = start([program, "-D", cluster, *options], account=server_account(cluster))
    pid_file = cluster / "postmaster.pid"
    assert wait_until(lambda: pid_file.exists() and "ready" in pid_file.read_text(), seconds=20)
    again = HeldServers(data)
    assert query(again.url, "SELECT 1") == [(1,)]
    assert stray.wait(1) == 0
    again.kill()
    assert_nothing_left(data)


def test_an_interrupted_first_start_is_begun_anew(data):
    half = data / "postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    held = HeldServers(data)
    assert query(held.url, "SELECT current_database()") == [("kaifu",)]
    held.kill()


def test_a_queue_that_cannot_be_read_is_put_aside(data):
    HeldServers(data).kill()
    assert_nothing_left(data)
    for file in (data / "broker").rglob("*.aof*"):
        file.write_bytes(b"\x00garbage")
    held = HeldServers(data)
    assert held.url, held.complaint
    assert len(list(data.glob("broker.damaged-*"))) == 1
    held.kill()


def test_a_database_of_a_version_that_is_not_installed(data):
    HeldServers(data).kill()
    assert_nothing_left(data)
    (data / "postgres" / "PG_VERSION").write_text("99\n")
    assert "由 PostgreSQL 99 建立" in HeldServers(data).complaint


def test_the_database_is_utf8_with_bytewise_order_and_an_ordinary_owner(data):
    held = HeldServers(data)
    facts = query(
        held.url,
        "SELECT pg_encoding_to_char(encoding), datcollate, rolsuper, rolcreatedb, lower('ÄÖ') "
        "FROM pg_database, pg_roles WHERE datname = 'kaifu' AND rolname = current_user",
    )
    assert facts == [("UTF8", "C.UTF-8", False, False, "äö")]
    held.kill()


def test_the_log_of_the_database_holds_no_statement_and_no_row(data):
    held = HeldServers(data)
    query(held.url, "CREATE TABLE kept (digest text UNIQUE)", "INSERT INTO kept VALUES ('secret')")
    for statement in ("INSERT INTO kept VALUES ('secret')", "SELECT secret FROM kept"):
        with pytest.raises(psycopg2.Error, match="secret"):
            query(held.url, statement)
    held.kill()
    log = (data / "logs" / "postgres.log").read_text()
    assert 'duplicate key value violates unique constraint "kept_digest_key"' in log
    assert "('secret')" not in log
    assert "=(secret)" not in log
    assert "STATEMENT" not in log
