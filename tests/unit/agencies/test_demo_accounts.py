"""The accounts of a trial installation, and the first administrator of a real one."""

import io
import stat
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from agencies.choices import Role
from agencies.models import User
from agencies.services import accounts
from agencies.services.sign_ins import Caller
from audit.models import AuditEvent
from tests.factories.agencies import AgencyFactory

pytestmark = pytest.mark.django_db
NAMES = ("区发展和改革局", "区交通运输局", "区农业农村局", "区城市管理和综合执法局")


@pytest.fixture(autouse=True)
def _quick_and_private(settings, tmp_path):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.DATA_DIR = tmp_path


@pytest.fixture
def agencies():
    return [AgencyFactory(name=name) for name in NAMES]


def run(*options):
    out = io.StringIO()
    call_command("create_demo_accounts", *options, stdout=out)
    return out.getvalue()


def test_one_account_for_each_role_with_its_agency(agencies):
    table = run()
    users = {user.username: user for user in User.objects.select_related("agency")}
    assert set(users) == {
        "admin", "fgw_r", "fgj_a", "ld", "jtj_a", "jtj_b", "jtj_s", "nyj_a", "cgj_a",
    }  # fmt: skip
    assert users["jtj_s"].roles == [Role.SIGNER]
    assert users["fgj_a"].roles == [Role.REPORTER, Role.REVIEWER]
    assert users["nyj_a"].agency_name == "区农业农村局"
    assert {role for user in users.values() for role in user.roles} == set(Role)
    for line in table.splitlines():
        name, password = line.split()[:2]
        assert users[name].check_password(password)
    assert AuditEvent.objects.filter(object_type="账号", reason="演示账号").count() == 9


def test_passwords_differ_are_strong_and_only_the_owner_reads_them(agencies, settings):
    run()
    file = settings.DATA_DIR / "accounts.txt"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    passwords = [line.split("\t")[1] for line in file.read_text().splitlines()]
    assert len(set(passwords)) == 9
    for password in passwords:
        assert len(password) >= 12
        assert any(c.islower() for c in password)
        assert any(c.isupper() for c in password)
        assert any(c.isdigit() for c in password)


def test_a_second_run_prints_the_same_and_changes_nothing(agencies):
    first = run()
    before = list(User.objects.order_by("pk").values())
    assert run() == first
    assert list(User.objects.order_by("pk").values()) == before


def test_a_changed_password_is_left_alone(agencies):
    given = next(line for line in run().splitlines() if line.startswith("jtj_a")).split()[1]
    user = User.objects.get(username="jtj_a")
    accounts.change_password(user=user, old=given, new="Eigenes-2026", caller=Caller(None, {}))
    User.objects.filter(pk=user.pk).update(is_active=False)
    line = next(line for line in run().splitlines() if line.startswith("jtj_a"))
    assert "已修改" in line
    assert "（已停用）" in line
    assert User.objects.get(username="jtj_a").check_password("Eigenes-2026")


def test_only_the_administrator_where_no_plan_is_loaded():
    assert [line.split()[0] for line in run("--admin-only").splitlines()] == ["admin"]
    assert User.objects.count() == 1
    table = run()
    assert "还没有“区交通运输局”，载入方案后再建立" in table
    assert set(User.objects.values_list("username", flat=True)) == {"admin", "ld"}


def test_an_administrator_is_made_by_command_and_the_ledger_knows(capsys):
    call_command("create_administrator", "zhuguan", name="主管")
    user = User.objects.get()
    assert (user.username, user.name, user.roles) == ("zhuguan", "主管", [Role.ADMINISTRATOR])
    password = capsys.readouterr().out.strip().removeprefix("管理员 zhuguan 的一次性密码：")
    assert user.check_password(password)
    assert (user.must_change_password, user.is_demo) == (True, False)
    event = AuditEvent.objects.get()
    assert (event.object_code, event.reason) == ("zhuguan", "由命令建立的管理员")
    with pytest.raises(CommandError, match="这个账号已经有人使用"):
        call_command("create_administrator", "zhuguan")
    with pytest.raises(CommandError, match="只用小写字母"):
        call_command("create_administrator", "主管")


def test_there_is_no_superuser_with_any_password(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "weak")
    with pytest.raises(CommandError, match=r"manage\.py create_administrator 账号"):
        call_command("createsuperuser", interactive=False, username="zhuguan", name="主管")
    assert not User.objects.exists()


def test_only_a_trial_makes_them(agencies, settings):
    settings.LOADS_DEMO = False
    with pytest.raises(CommandError, match=r"演示账号只在试用系统中建立.*KAIFU_MODE=trial"):
        run()
    assert not User.objects.exists()


def marked():
    return set(User.objects.filter(is_demo=True).values_list("username", flat=True))


def test_they_are_marked_and_the_administrator_only_with_the_printed_password(agencies):
    table = run()
    everybody = set(User.objects.values_list("username", flat=True))
    assert marked() == everybody
    for name in ("admin", "jtj_a"):
        given = next(line for line in table.splitlines() if line.startswith(name)).split()[1]
        user = User.objects.get(username=name)
        accounts.change_password(user=user, old=given, new="Eigenes-2026", caller=Caller(None, {}))
    assert marked() == everybody - {"admin"}


def test_they_are_closed_once_there_is_another_administrator(agencies, capsys):
    run()
    with pytest.raises(CommandError, match="至少要留一个启用的管理员账号"):
        call_command("close_demo_accounts")
    assert User.objects.filter(is_active=True).count() == 9
    call_command("create_administrator", "zhuguan")
    call_command("close_demo_accounts")
    assert [user.username for user in User.objects.filter(is_active=True)] == ["zhuguan"]
    assert AuditEvent.objects.filter(action="停用账号", reason="不再试用").count() == 9
    call_command("close_demo_accounts")
    assert capsys.readouterr().out.splitlines()[-1] == "演示账号：已停用0个"


def test_existing_ones_are_found_by_what_the_ledger_says_of_their_making(agencies):
    """Accounts from before there was the mark, as migration 0003 finds them."""
    run()
    accounts.reset_password(user=User.objects.get(username="admin"), by=None)
    accounts.open_account(
        user=User(username="wang", name="王", roles=["leader"]), by=None, reason="调入"
    )
    User.objects.update(is_demo=False)
    migration = import_module("agencies.migrations.0003_user_is_demo")
    migration.mark_existing(apps, None)
    assert marked() == {
        "fgw_r", "fgj_a", "ld", "jtj_a", "jtj_b", "jtj_s", "nyj_a", "cgj_a",
    }  # fmt: skip


def test_an_administrator_who_never_changed_the_password_is_found_too():
    run("--admin-only")
    User.objects.update(is_demo=False)
    import_module("agencies.migrations.0003_user_is_demo").mark_existing(apps, None)
    assert marked() == {"admin"}
