"""The processes of a production installation refuse to start unsafe; commands that mend run."""

import os
import subprocess
import sys

import pytest

from tests.factories.agencies import UserFactory
from tests.servers import ROOT, url_of_test_database

pytestmark = [pytest.mark.any_server, pytest.mark.django_db(transaction=True)]
SECONDS = 60
KEY = "dv3lQ9-u_JcTgZ8kX0wB5yRnE2hMfAoSi7VpLxK4mNqCtU1sWrYbHjDGeIaF6OzP"
PROCESSES = {
    "web": [
        "gunicorn",
        "--config",
        "deploy/gunicorn.py",
        "kaifu_carbon.wsgi",
        "--bind=127.0.0.1:0",
    ],
    "worker": ["celery", "-A", "kaifu_carbon", "worker", "--concurrency", "1"],
    "beat": ["celery", "-A", "kaifu_carbon", "beat", "--pidfile", ""],
}
PROCESS = pytest.mark.parametrize("process", PROCESSES)


OF_BROWSER_TESTS = "DJANGO_ALLOW_ASYNC_UNSAFE"


@pytest.fixture
def production(tmp_path):
    kept = {name: value for name, value in os.environ.items() if name != OF_BROWSER_TESTS}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "kaifu_carbon.settings",
        "KAIFU_MODE": "",
        "DATABASE_URL": url_of_test_database(),
        "DJANGO_SECRET_KEY": KEY,
        "ALLOWED_HOSTS": "carbon.example.gov.cn",
        "KAIFU_HTTPS": "1",
        "KAIFU_DATA_DIR": str(tmp_path),
    }


def manage(command, environment):
    return run_program([sys.executable, ROOT / "manage.py", *command], environment)


def run(command, environment):
    return run_program([sys.executable, "-m", *command], environment)


def run_program(command, environment):
    """To its end, which comes by itself: the status and what was said."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    return done.returncode, done.stdout


@PROCESS
def test_unsafe_settings_and_demonstration_accounts_refuse(process, production):
    UserFactory(username="jtj_a", is_demo=True)
    weak = production | {"DJANGO_SECRET_KEY": "abc", "ALLOWED_HOSTS": "", "KAIFU_HTTPS": ""}
    status, said = run(PROCESSES[process], weak)
    assert status == 78, said
    for fault in ("SECRET_KEY太弱", "没有设置ALLOWED_HOSTS", "没有HTTPS", "演示账号jtj_a还能登录"):
        assert fault in said
    assert "Traceback" not in said


@PROCESS
def test_a_setting_that_is_missing_refuses(process, production):
    status, said = run(PROCESSES[process], production | {"DJANGO_SECRET_KEY": ""})
    assert status == 78, said
    assert "缺少环境变量 DJANGO_SECRET_KEY" in said
    assert "Traceback" not in said


def test_a_data_folder_that_cannot_be_written_refuses_beat_before_it_writes(production, tmp_path):
    (tmp_path / "no-folder").touch()
    spoilt = production | {"KAIFU_DATA_DIR": str(tmp_path / "no-folder")}
    status, said = run(PROCESSES["beat"], spoilt)
    assert status == 78, said
    assert "no-folder不能写入" in said
    assert "Traceback" not in said


def test_commands_that_mend_still_run(production):
    UserFactory(username="jtj_a", is_demo=True)
    UserFactory(username="zhuguan", roles=["administrator"], agency=None)
    weak = production | {"DJANGO_SECRET_KEY": "abc"}
    for command in ("migrate", "remove_demo", "close_demo_accounts"):
        status, said = manage([command, "--verbosity=0"], weak)
        assert status == 0, said
    assert "已停用1个（jtj_a）" in said


def test_the_deployment_checks_of_django_are_clean(production):
    status, said = manage(["check", "--deploy", "--fail-level=WARNING"], production)
    assert (status, said.strip()) == (0, "System check identified no issues (1 silenced).")
