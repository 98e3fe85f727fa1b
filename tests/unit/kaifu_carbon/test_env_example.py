""".env.example filled in as told: by a shell, by systemd, and not at all."""

import ast
import json
import os
import re
import subprocess
import sys

import pytest

from tests.architecture.source import ROOT, python_files, tree

EXAMPLE = ROOT / ".env.example"
# Of the machine, of the tests, and what the scripts tell each other.
NOT_OF_AN_INSTALLATION = {"PATH", "CI", "CHROMIUM", "KAIFU_CALLER_DIR"}
READERS = {"flag", "text", "number", "one_of", "words", "path", "required", "get"}
FILLED = {
    "KAIFU_MODE": "production",
    "DJANGO_SECRET_KEY": "dv3lQ9-u_JcTgZ8kX0wB5yRnE2hMfAoSi7VpLxK4mNqCtU1sWrYbHjDGeIaF6OzP",
    "DATABASE_URL": "'postgresql://kaifu:p%24ss%20wort@127.0.0.1:5432/kaifu_carbon'",
    "CELERY_BROKER_URL": "redis://:geheim@127.0.0.1:6379/0",
    "ALLOWED_HOSTS": "carbon.example.gov.cn,10.1.2.3",
    "KAIFU_SCAN_COMMAND": "'clamdscan --fdpass --no-summary'",
    "KAIFU_CONTACT": "'双碳办 $6'",
    "KAIFU_CONTACT_PHONE": "'0731-8000 0000'",
    "KAIFU_PASSWORD_DAYS": "60",
    "KAIFU_HTTPS": "1",
}
NEEDED = ("DJANGO_SECRET_KEY", "DATABASE_URL", "CELERY_BROKER_URL")
SHOW = """
import json
from django.conf import settings
names = json.loads('''["ALLOWED_HOSTS", "CONTACT", "CONTACT_PHONE", "CSRF_TRUSTED_ORIGINS", "DEBUG",
 "HTTPS", "PASSWORD_MAX_AGE_DAYS", "PLAIN_HTTP", "SCAN_COMMAND", "SESSION_COOKIE_AGE",
 "SECRET_KEY", "TRIAL", "DATABASES", "STORAGES", "EMAIL_HOST", "DEFAULT_FROM_EMAIL", "PROXY_COUNT",
 "CELERY_BROKER_TRANSPORT_OPTIONS", "LOGGING", "CHECK_FIGURES", "STATIC_ROOT", "LOADS_DEMO"]''')
print(json.dumps({name: getattr(settings, name) for name in names}, default=str))
"""


def lines():
    return EXAMPLE.read_text(encoding="utf-8").splitlines()


def named():
    return [line.partition("=")[0] for line in lines() if line and not line.startswith("#")]


def read_by_the_source():
    """First arguments of env.text("X"), os.environ.get("X") and the like, and os.environ["X"]."""
    for path in python_files():
        if path.relative_to(ROOT).parts[0] not in {"kaifu_carbon", "embedded", "deploy"}:
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
                yield node.slice
            if isinstance(node, ast.Call) and node.args and reads(ast.unparse(node.func)):
                yield node.args[0]


def reads(called):
    of, _, name = called.rpartition(".")
    return name in READERS and of in {"env", "os.environ", ""}


def filled(values):
    return "\n".join(
        f"{line}{values.get(line.rstrip('='), '')}" if line.endswith("=") else line
        for line in lines()
    )


def by_shell(file):
    """What `set -a; . FILE` leaves in the environment."""
    order = 'set -aeu; . "$1"; set +a; exec env -0'
    done = subprocess.run(
        ["bash", "-c", order, "bash", file],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        check=True,
    )
    assert done.stderr == b""
    pairs = (pair.partition("=") for pair in done.stdout.decode().split("\0") if pair)
    return {name: value for name, _, value in pairs if name in named()}


def by_systemd(file):
    """As systemd.exec says of EnvironmentFile=: no expansion, no comment behind a value."""
    found = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.lstrip()[0] in "#;":
            continue
        name, _, value = line.partition("=")
        value = value.strip()
        if value[:1] in {"'", '"'} and value.endswith(value[0]):
            value = value[1:-1]
        found[name] = value
    return found


def settings_of(environment):
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", SHOW],
        cwd=ROOT,
        env={**kept, "DJANGO_SETTINGS_MODULE": "kaifu_carbon.settings", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "kaifu-carbon.env"
    path.write_text(filled(FILLED), encoding="utf-8")
    return path


def test_each_line_is_a_comment_or_a_name_with_nothing_behind_it():
    for line in lines():
        assert re.fullmatch(r"|#.*|[A-Z_]+=", line), line
    assert len(named()) == len(set(named()))


def test_every_variable_that_is_read_stands_in_it_and_no_other():
    read = {
        node.value
        for node in read_by_the_source()
        if isinstance(node, ast.Constant) and re.fullmatch(r"[A-Z][A-Z_]+", str(node.value))
    }
    assert {"KAIFU_SCAN_COMMAND", "KAIFU_PREFER_SYSTEM"} <= read
    assert read - NOT_OF_AN_INSTALLATION == set(named())


def test_a_shell_and_systemd_read_the_same(file):
    told = {name: value.strip("'") for name, value in FILLED.items()}
    assert by_shell(file) == by_systemd(file) == dict.fromkeys(named(), "") | told


def test_filled_in_it_is_what_the_settings_have(file):
    found = settings_of(by_systemd(file))
    assert found["ALLOWED_HOSTS"] == ["carbon.example.gov.cn", "10.1.2.3"]
    assert found["DATABASES"]["default"]["PASSWORD"] == "p$ss wort"
    assert (found["PASSWORD_MAX_AGE_DAYS"], found["SESSION_COOKIE_AGE"]) == (60, 1800)
    assert (found["CONTACT"], found["HTTPS"], found["TRIAL"]) == ("双碳办 $6", True, False)
    assert found["CONTACT_PHONE"] == "0731-8000 0000"
    assert found["SCAN_COMMAND"] == "clamdscan --fdpass --no-summary"


def test_set_but_empty_is_the_default():
    needed = {name: FILLED[name].strip("'") for name in NEEDED}
    assert settings_of(dict.fromkeys(named(), "") | needed) == settings_of(needed)
    found = settings_of(needed)
    assert "OneStylesheetStorage" in found["STORAGES"]["staticfiles"]["BACKEND"]
    assert (found["TRIAL"], found["LOADS_DEMO"], found["ALLOWED_HOSTS"]) == (False, False, [])
