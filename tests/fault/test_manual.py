"""The operator's manual followed to the letter on an empty server: SQL, commands, unit.

On the oldest PostgreSQL of the tests this is the one where only a database's owner makes tables.
"""

import os
import re
import subprocess
import sys
import urllib.request
from contextlib import closing, contextmanager
from urllib.parse import parse_qs, urlsplit

import psycopg2
import pytest

from embedded.processes import start, stop, tail, wait_until
from embedded.supervisor import PROGRAM_STEPS
from tests.servers import ROOT
from tests.site import free_port

MANUAL = (ROOT / "docs" / "运维手册.md").read_text(encoding="utf-8")
INSTALLING = MANUAL[MANUAL.index("## 二、") : MANUAL.index("### 拒绝启动")]
UNIT = (ROOT / "deploy" / "systemd" / "kaifu-web.service").read_text(encoding="utf-8")
NAME = f"manual_{os.getpid()}"
SECONDS = 120
AS_TOLD = {
    "DJANGO_SECRET_KEY": "dv3lQ9-u_JcTgZ8kX0wB5yRnE2hMfAoSi7VpLxK4mNqCtU1sWrYbHjDGeIaF6OzP",
    "ALLOWED_HOSTS": "carbon.example.gov.cn",
    "KAIFU_HTTPS": "1",
    "KAIFU_PROXY_COUNT": "1",
}


def blocks(language=""):
    found = re.findall(r"```(\w*)\n(.*?)```", INSTALLING, re.DOTALL)
    return [text for named, text in found if named == language]


@pytest.fixture
def database():
    """Made by the manual's two statements, with names that nobody else has."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    folder = parse_qs(parts.query)["host"][0]
    (statements,) = blocks("sql")
    with closing(psycopg2.connect(host=folder, user="postgres", dbname="postgres")) as server:
        server.autocommit = True
        cursor = server.cursor()
        for statement in statements.strip().splitlines():
            own = statement.replace("kaifu_carbon", NAME)
            cursor.execute(re.sub(r"\bkaifu\b", NAME, own))
        yield f"postgresql://{NAME}:%E5%8F%A3%E4%BB%A4@/{NAME}?host={folder}"
        cursor.execute(f"DROP DATABASE {NAME} WITH (FORCE)")
        cursor.execute(f"DROP ROLE {NAME}")


@pytest.fixture
def file(tmp_path, database):
    """`.env.example` with what the manual says must be filled in."""
    told = AS_TOLD | {
        "DATABASE_URL": f"'{database}'",
        "CELERY_BROKER_URL": f"'{os.environ['CELERY_BROKER_URL']}'",
        "KAIFU_DATA_DIR": str(tmp_path / "data"),
    }
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    for name, value in told.items():
        text = text.replace(f"\n{name}=\n", f"\n{name}={value}\n")
    path = tmp_path / "kaifu-carbon.env"
    path.write_text(text, encoding="utf-8")
    return path


def here(text, file):
    """The manual's places are those of this test."""
    text = text.replace("/etc/kaifu-carbon.env", str(file)).replace("cd /srv/kaifu-carbon", "")
    programs = {"python": sys.executable, "gunicorn": f"{sys.executable} -m gunicorn"}
    text = re.sub(r"\S*\.venv/bin/(\w+)", lambda found: programs[found[1]], text)
    return text.replace("账号", "zhuguan")


def environment():
    """A new terminal's."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}


def commands(file):
    (block,) = [block for block in blocks() if "migrate" in block]
    lines = block.replace("runuser -u kaifu -- bash\n", "").strip().splitlines()
    assert [line.split()[2] for line in lines if "manage.py" in line] == [
        "migrate",
        "load_plan",
        "create_administrator",
        "collectstatic",
        "check",
        "check_start",
    ]
    return here("\n".join(["set -e", *lines]), file)


def test_its_order_of_commands_ends_with_a_site_that_is_served(file):
    done = subprocess.run(
        ["bash", "-c", commands(file)],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "管理员 zhuguan 的一次性密码：" in done.stdout
    assert "System check identified no issues" in done.stdout
    with served(file) as status:
        assert status == 200


@contextmanager
def served(file):
    """The unit's command with its EnvironmentFile: the status of the sign-in page."""
    port, log = free_port(), file.with_name("web.log")
    (line,) = re.findall(r"^ExecStart=(.*)$", UNIT, re.MULTILINE)
    order = here(line, file).replace("127.0.0.1:8000", f"127.0.0.1:{port}")
    command = ["bash", "-c", f'set -a; . "{file}"; set +a; exec {order}']
    process = start(command, log=log, cwd=ROOT, env=environment())
    try:
        statuses = []
        wait_until(lambda: process.poll() is not None or asked(port, statuses), seconds=SECONDS)
        assert statuses, tail(log, 30)
        yield statuses[0]
    finally:
        stop(process, PROGRAM_STEPS)


def asked(port, statuses):
    """As the proxy asks."""
    headers = {"Host": "carbon.example.gov.cn", "X-Forwarded-Proto": "https"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/login/", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            statuses.append(answer.status)
    except OSError:
        return False
    return True
