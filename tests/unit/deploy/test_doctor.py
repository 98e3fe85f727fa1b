import secrets

import pytest
from django.core.management import call_command

from deploy.checks import machine, servers
from deploy.findings import met
from deploy.mlps_level2 import CONTROLS
from tests.factories.agencies import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sound(settings, tmp_path, monkeypatch):
    """A production installation without a fault; what needs other machines is taken as met."""
    settings.TRIAL, settings.DEBUG = False, False
    settings.SECRET_KEY = secrets.token_urlsafe(50)
    settings.HTTPS, settings.PLAIN_HTTP = True, False
    settings.ALLOWED_HOSTS = ["localhost"]
    settings.DATA_DIR = tmp_path
    UserFactory(username="zhuguan", roles=["administrator"], agency=None)
    monkeypatch.setattr(servers, "DATABASE", (servers.ownership, lambda: met("时钟", "准")))
    monkeypatch.setattr(servers, "JOBS", (lambda: met("队列", "在"),))
    monkeypatch.setattr(machine, "ALL", (lambda: met("查杀", "在"),))


def doctor(capsys, url):
    """Exit status and what it said."""
    try:
        call_command("doctor", url=url)
        status = 0
    except SystemExit as ended:
        status = ended.code
    return status, capsys.readouterr().out


def test_a_sound_installation(sound, live_server, capsys):
    status, said = doctor(capsys, live_server.url)
    assert (status, said.splitlines()[-1]) == (0, "没有未达到的项目")
    assert "经代理访问：系统看到的来源地址是127.0.0.2" in said
    for control in CONTROLS:
        assert control.name in said
    assert "系统暂无   访问控制 d" in said.replace("　", " ")


def test_plain_http_falls_short_here_and_in_the_table(sound, live_server, capsys, settings):
    settings.HTTPS, settings.PLAIN_HTTP = False, True
    status, said = doctor(capsys, live_server.url)
    assert (status, said.splitlines()[-1]) == (1, "未达到1项：HTTPS")
    row = next(line for line in said.splitlines() if "身份鉴别 c" in line)
    assert row.strip().startswith("未达到")


def test_a_trial_says_so(sound, live_server, capsys, settings):
    settings.TRIAL = True
    assert doctor(capsys, live_server.url)[0] == 1


def test_it_goes_on_where_the_database_is_silent(sound, live_server, capsys, monkeypatch):
    monkeypatch.setattr(servers.connection, "ensure_connection", silent)
    status, said = doctor(capsys, "http://127.0.0.1:1")
    assert status == 1
    assert "数据库：没有应答：refused" in said
    assert "演示账号：" not in said
    assert said.splitlines()[-1].startswith("未达到2项：数据库、经代理访问")


def silent():
    from django.db import OperationalError

    raise OperationalError("refused")
