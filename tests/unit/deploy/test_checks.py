"""What doctor looks at, each as it should be and spoilt."""

import datetime
import os
import time

import pytest
from django.db import OperationalError, connection

from agencies.choices import Role
from deploy.checks import machine, proxy, servers
from deploy.findings import State
from tests.factories.agencies import UserFactory

SCANNER = """#!/bin/sh
if grep -q EICAR-STANDARD "$1"; then exit 1; fi
"""


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.CELERY_BEAT_SCHEDULE_FILENAME = str(tmp_path / "beat-schedule")


@pytest.mark.django_db
class TestServers:
    def test_the_database_of_the_tests_is_as_it_should_be(self):
        looks = (servers.answers, servers.ownership, servers.migrations)
        assert {look().state for look in looks} == {State.MET}
        assert f"PostgreSQL {connection.pg_version // 10_000}." in servers.answers().evidence

    @pytest.mark.parametrize(("off", "state"), [(1, State.MET), (-9, State.SHORT)])
    def test_the_clock(self, monkeypatch, off, state):
        """The clock of the tests is not the machine's, which the database goes by."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            (now,) = cursor.fetchone()
        ours = now + datetime.timedelta(seconds=off)
        monkeypatch.setattr(servers.timezone, "now", lambda: ours)
        assert servers.clock().state is state

    def test_a_silent_one(self, monkeypatch):
        def refuse():
            raise OperationalError("connection refused\nmore")

        monkeypatch.setattr(connection, "ensure_connection", refuse)
        found = servers.answers()
        assert (found.state, found.evidence) == (State.SHORT, "没有应答：connection refused")

    def test_a_table_of_another(self):
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE of_another (id int)")
            cursor.execute("SELECT current_user")
            (user,) = cursor.fetchone()
            cursor.execute("SET LOCAL ROLE pg_database_owner")
        found = servers.ownership()
        assert found.state is State.SHORT
        assert "不属于pg_database_owner" in found.evidence
        assert f"库属于{user}" in found.evidence

    def test_an_administrator_who_is_none_of_the_demonstration(self):
        UserFactory(username="admin", roles=[Role.ADMINISTRATOR], agency=None, is_demo=True)
        assert servers.administrators().state is State.SHORT
        UserFactory(username="zhuguan", roles=[Role.ADMINISTRATOR], agency=None)
        assert servers.administrators().evidence == "zhuguan"


def test_the_broker_answers_and_no_worker_does(monkeypatch):
    assert servers.broker().state is State.MET
    monkeypatch.setattr(servers, "WORKER_SECONDS", 0.2)
    monkeypatch.setattr(servers.current_app.control, "ping", lambda **_: [])
    assert servers.worker().evidence == "没有worker应答，请启动kaifu-worker"
    answers = [{"celery@one": {"ok": "pong"}}, {"celery@two": {"ok": "pong"}}]
    monkeypatch.setattr(servers.current_app.control, "ping", lambda **_: answers)
    assert servers.worker().evidence == "celery@one、celery@two"


def test_beat_by_what_it_writes(tmp_path):
    assert servers.beat().state is State.SHORT
    file = tmp_path / "beat-schedule.db"
    file.touch()
    for minutes, state in ((4, State.MET), (16, State.SHORT)):
        then = time.time() - minutes * 60
        os.utime(file, (then, then))
        assert servers.beat().state is state


class TestMachine:
    def test_static_files(self, settings, tmp_path):
        sources, root = tmp_path / "sources", tmp_path / "static"
        for folder in (sources, root):
            folder.mkdir()
        (sources / "site.css").touch()
        settings.STATICFILES_DIRS, settings.STATIC_ROOT = [sources], root
        assert "没有收集" in machine.static_files().evidence
        (root / "staticfiles.json").write_text('{"paths": {"site.css": "site.1.css"}}')
        assert machine.static_files().state is State.MET
        later = (root / "staticfiles.json").stat().st_mtime + 60
        os.utime(sources / "site.css", (later, later))
        assert "比程序旧" in machine.static_files().evidence

    @pytest.mark.parametrize(
        ("script", "state", "said"),
        [
            ("", State.SITE, "没有设置"),
            (SCANNER, State.MET, "认得出测试病毒"),
            ("#!/bin/sh\nexit 0\n", State.SHORT, "没有认出测试病毒"),
            ("#!/bin/sh\nexit 1\n", State.SHORT, "没有放行正常文件"),
            ("#!/bin/sh\nexit 2\n", State.SHORT, "没有放行正常文件"),
        ],
    )
    def test_the_scanner(self, settings, tmp_path, script, state, said):
        program = tmp_path / "scan"
        program.write_text(script)
        program.chmod(0o700)
        settings.SCAN_COMMAND = str(program) if script else ""
        found = machine.scanner()
        assert found.state is state
        assert said in found.evidence

    def test_mail(self, settings):
        settings.EMAIL_HOST = ""
        assert machine.mail().state is State.SITE
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        assert machine.mail().state is State.SHORT

    @pytest.mark.parametrize(("free", "state"), [(50, State.MET), (5, State.SHORT)])
    def test_room(self, monkeypatch, free, state):
        giga = 1024**3
        usage = machine.shutil._ntuple_diskusage(100 * giga, (100 - free) * giga, free * giga)
        monkeypatch.setattr(machine.shutil, "disk_usage", lambda _folder: usage)
        assert machine.room().state is state


class TestThroughTheProxy:
    @pytest.mark.django_db
    def test_without_a_proxy_the_caller_is_who_calls(self, live_server):
        found = proxy.address_seen(live_server.url)
        assert (found.state, found.evidence) == (
            State.MET,
            "系统看到的来源地址是127.0.0.2，与实际一致，伪造的不被采信",
        )

    @pytest.mark.django_db
    def test_only_who_knows_the_key_is_told(self, client):
        assert client.get("/seen/guessed/").status_code == 404
        token = proxy.token()
        assert client.get(f"/seen/{token}/").json() == {"address": "127.0.0.1"}
        assert client.get(f"/seen/{token[:-1]}/").status_code == 404

    @pytest.mark.parametrize(
        ("status", "seen", "said"),
        [
            (200, "127.0.0.1", "系统看到127.0.0.1，实际是127.0.0.2"),
            (200, proxy.FORGED, "来访者可以伪造地址"),
            (301, "", "代理没有传X-Forwarded-Proto"),
            (400, "", "应答400"),
        ],
    )
    def test_what_is_wrong_with_it(self, monkeypatch, settings, status, seen, said):
        settings.HTTPS, settings.ALLOWED_HOSTS = True, ["carbon.example.gov.cn"]
        monkeypatch.setattr(proxy, "_ask", lambda _url: (status, {"address": seen}, "127.0.0.2"))
        found = proxy.address_seen()
        assert found.state is State.SHORT
        assert said in found.evidence

    def test_nobody_there(self, settings):
        settings.HTTPS, settings.ALLOWED_HOSTS = False, ["127.0.0.1:1"]
        assert "http://127.0.0.1:1打不开" in proxy.address_seen().evidence
