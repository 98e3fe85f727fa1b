import json
import subprocess

import pytest

from embedded import preparation
from embedded.errors import SetupError
from embedded.preparation import Preparation

ENVIRONMENT = {"DATABASE_URL": "postgresql://kaifu@/kaifu?host=/run"}
FIRST = ["migrate", "load_plan", "create_demo_accounts", "load_demo", "collectstatic"]


class Manage:
    """Stands for manage.py: notes the commands and answers as it was told."""

    def __init__(self, root):
        self.root = root
        self.commands = []
        self.arguments = []
        self.answers = {"create_demo_accounts": "admin  Kaifu-2026\n", "shell": "0\n"}
        self.fails = None

    def __call__(self, command, *, env, cwd, capture=False):
        name, *rest = command[2:]
        self.commands.append(name)
        self.arguments += rest
        code = 1 if name == self.fails else 0
        return subprocess.CompletedProcess(
            command, code, self.answers.get(name) if capture else None
        )

    def take(self):
        taken, self.commands = self.commands, []
        return taken


@pytest.fixture
def manage(monkeypatch, tmp_path):
    root = tmp_path / "checkout"
    (root / "plan" / "migrations").mkdir(parents=True)
    (root / "static").mkdir()
    for file in ("plan/migrations/0001_initial.py", "requirements.txt", "static/app.css"):
        (root / file).write_text("one")
    monkeypatch.setattr(preparation, "ROOT", root)
    stand_in = Manage(root)
    monkeypatch.setattr(preparation, "call", stand_in)
    return stand_in


@pytest.fixture
def prepare(tmp_path, manage):
    def run(*, empty=False, external=False, new=False, url=ENVIRONMENT["DATABASE_URL"], **more):
        environment = {"DATABASE_URL": url, **more}
        one = Preparation(tmp_path, environment, external=external, new_database=new)
        one.run(empty=empty)
        return one

    return run


def test_the_first_start_does_everything_in_order(prepare, manage):
    assert prepare(new=True).accounts == "admin  Kaifu-2026"
    assert manage.take() == FIRST


def test_the_second_start_does_nothing_and_still_knows_the_accounts(prepare, manage):
    prepare(new=True)
    manage.take()
    assert prepare().accounts == "admin  Kaifu-2026"
    assert manage.take() == []


def test_a_new_migration_is_applied_and_nothing_is_loaded_again(prepare, manage):
    prepare(new=True)
    manage.take()
    (manage.root / "plan" / "migrations" / "0002_more.py").write_text("two")
    prepare()
    assert manage.take() == ["migrate"]


def test_a_changed_stylesheet_is_collected(prepare, manage):
    prepare(new=True)
    manage.take()
    (manage.root / "static" / "app.css").write_text("two")
    prepare()
    assert manage.take() == ["collectstatic"]


def test_an_empty_system_has_an_administrator_only(prepare, manage):
    prepare(empty=True, new=True)
    assert manage.take() == ["migrate", "create_demo_accounts", "collectstatic"]
    assert "--admin-only" in manage.arguments


def test_an_empty_system_stays_empty_without_the_option(prepare, manage):
    prepare(empty=True, new=True)
    manage.take()
    prepare()
    assert manage.take() == []


def test_a_loaded_system_cannot_be_started_as_an_empty_one(prepare):
    prepare(new=True)
    with pytest.raises(SetupError, match="已载入方案"):
        prepare(empty=True)


def test_an_interrupted_first_start_goes_on_where_it_stopped(prepare, manage):
    manage.fails = "load_demo"
    with pytest.raises(SetupError, match="load_demo"):
        prepare(new=True)
    manage.fails = None
    manage.take()
    prepare()
    assert manage.take() == FIRST[3:]


def test_a_new_cluster_forgets_what_was_done_to_the_old_one(prepare, manage):
    prepare(new=True)
    manage.take()
    prepare(new=True)
    assert manage.take() == FIRST


def test_a_database_with_users_of_its_own_is_never_filled(prepare, manage):
    manage.answers["shell"] = "12\n"
    assert prepare(external=True, url="postgresql://u:p@db/one").accounts == ""
    assert manage.take() == ["migrate", "shell", "collectstatic"]


def test_a_new_database_that_was_given_is_filled_once(prepare, manage):
    for _ in range(2):
        prepare(external=True, url="postgresql://u:p@db/one")
    assert manage.take() == ["migrate", "shell", *FIRST[1:]]


@pytest.mark.parametrize("empty", [False, True])
def test_a_new_database_of_somebody_gets_no_demonstration_unasked(prepare, manage, empty):
    given = {"external": True, "url": "postgresql://u:p@db/one"}
    with pytest.raises(SetupError, match="请明确设置 KAIFU_MODE=trial"):
        prepare(**given, empty=empty, KAIFU_DEMO="0")
    assert manage.take() == ["migrate", "shell"]
    prepare(**given, KAIFU_MODE="trial")
    assert manage.take() == ["shell", *FIRST[1:]]


def test_the_notes_tell_databases_apart_and_hold_no_password(prepare, manage, tmp_path):
    prepare(new=True)
    prepare(external=True, url="postgresql://u:secret-word@db/one")
    manage.take()
    prepare()
    prepare(external=True, url="postgresql://u:secret-word@db/one")
    assert manage.take() == []
    assert "secret-word" not in (tmp_path / "prepared.json").read_text()


@pytest.mark.parametrize("damage", ["", "{", "[]"])
def test_damaged_notes_only_cost_time(prepare, manage, tmp_path, damage):
    prepare(new=True)
    manage.take()
    (tmp_path / "prepared.json").write_text(damage)
    prepare()
    assert manage.take() == FIRST
    assert json.loads((tmp_path / "prepared.json").read_text())["embedded"]["content"]
