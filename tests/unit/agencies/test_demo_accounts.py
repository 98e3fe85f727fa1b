"""The accounts of a trial installation, and the first administrator of a real one."""

import io
import stat

import pytest
from django.core.management import CommandError, call_command

from agencies.choices import Role
from agencies.models import User
from agencies.services import accounts
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
    accounts.change_password(user=user, old=given, new="Eigenes-2026")
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


def test_createsuperuser_makes_an_administrator_and_the_ledger_knows(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "Xiangjiang-2026")
    call_command("createsuperuser", interactive=False, username="zhuguan", name="主管", verbosity=0)
    user = User.objects.get()
    assert (user.username, user.name, user.roles) == ("zhuguan", "主管", [Role.ADMINISTRATOR])
    assert user.check_password("Xiangjiang-2026")
    event = AuditEvent.objects.get()
    assert (event.object_code, event.reason) == ("zhuguan", "由命令建立的管理员")
    with pytest.raises(CommandError):
        call_command("createsuperuser", interactive=False, username="zhuguan", name="x")
