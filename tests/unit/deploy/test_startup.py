import pytest
from django.db import OperationalError, connection
from gunicorn.errors import AppImportError

from deploy import startup
from deploy.findings import met, unsafe
from tests.factories.agencies import UserFactory

pytestmark = pytest.mark.django_db


class Silent:
    """Stands for a database that answers only after some tries."""

    def __init__(self, tries):
        self.left = tries

    def __call__(self):
        self.left -= 1
        if self.left >= 0:
            raise OperationalError("connection refused\nIs the server running?")


@pytest.fixture(autouse=True)
def _kept_connection(monkeypatch):
    """The tests' transaction lives in the connection that a start closes; no real waiting."""
    monkeypatch.setattr(connection, "close", lambda: None)
    monkeypatch.setattr("time.sleep", lambda _seconds: None)


def safe(monkeypatch, settings):
    settings.TRIAL = False
    monkeypatch.setattr(startup.safety, "SETTINGS", (lambda: met("密钥", ""),))


def test_a_silent_database_is_waited_for(monkeypatch):
    silent = Silent(3)
    monkeypatch.setattr(connection, "ensure_connection", silent)
    startup.wait_for_database(60)
    assert silent.left == -1


def test_not_for_ever_and_it_may_be_tried_again(monkeypatch, capsys):
    monkeypatch.setattr(connection, "ensure_connection", Silent(10**9))
    monkeypatch.setattr(startup, "DATABASE_SECONDS", 0.05)
    for start in (startup.check_web, startup.check_or_exit):
        with pytest.raises(SystemExit) as ended:
            start()
        assert ended.value.code == 75
        assert capsys.readouterr().err == "数据库0秒内没有应答：connection refused\n"


def test_a_refusal_names_all_that_is_to_be_mended_in_one_sentence(monkeypatch, settings, capsys):
    safe(monkeypatch, settings)
    spoilt = (lambda: unsafe("密钥", "密钥太弱"), lambda: unsafe("调试", "调试开着"))
    monkeypatch.setattr(startup.safety, "SETTINGS", spoilt)
    with pytest.raises(SystemExit) as ended:
        startup.check_or_exit()
    assert ended.value.code == 78
    said = capsys.readouterr().err
    assert "密钥太弱；调试开着。" in said
    assert said.count("\n") == 1
    with pytest.raises(AppImportError, match="密钥太弱；调试开着"):
        startup.check_web()


def test_production_asks_the_database_and_a_trial_does_not(monkeypatch, settings):
    UserFactory(username="jtj_a", is_demo=True)
    startup.check()
    safe(monkeypatch, settings)
    with pytest.raises(startup.RefusedError, match="演示账号jtj_a还能登录"):
        startup.check()


def test_a_safe_production_is_served(monkeypatch, settings):
    safe(monkeypatch, settings)
    startup.check()


def test_a_database_without_its_tables_is_not_asked_for_accounts(monkeypatch, settings):
    safe(monkeypatch, settings)
    monkeypatch.setattr(
        startup.servers.MigrationExecutor,
        "migration_plan",
        lambda *_: [("agencies.0001_initial", False)],
    )
    monkeypatch.setattr(startup.safety, "CONTENT", (lambda: pytest.fail("asked"),))
    with pytest.raises(startup.RefusedError, match="有1项数据库更新没有执行"):
        startup.check()
