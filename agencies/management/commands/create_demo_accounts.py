from argparse import ArgumentParser
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from agencies.choices import Role
from agencies.models import Agency, User
from agencies.services import accounts


@dataclass(frozen=True)
class Demo:
    username: str
    name: str
    agency: str
    roles: tuple[Role, ...]
    phone: str = ""


ADMINISTRATOR = Demo(accounts.FIRST_ADMINISTRATOR, "管理员", "", (Role.ADMINISTRATOR,))
OTHERS = (
    Demo("fgw_r", "李敏", "区发展和改革局", (Role.REVIEWER,), "0731-0000 0002"),
    Demo("fgj_a", "赵静", "区发展和改革局", (Role.REPORTER, Role.REVIEWER), "0731-0000 0006"),
    Demo("ld", "孙领导", "", (Role.LEADER,)),
    Demo("jtj_a", "王芳", "区交通运输局", (Role.REPORTER,), "0731-0000 0003"),
    Demo("jtj_b", "刘强", "区交通运输局", (Role.REPORTER,), "0731-0000 0004"),
    Demo("jtj_s", "陈磊", "区交通运输局", (Role.SIGNER,), "0731-0000 0001"),
    Demo("nyj_a", "周敏", "区农业农村局", (Role.REPORTER,)),
    Demo("cgj_a", "吴涛", "区城市管理和综合执法局", (Role.REPORTER,)),
)
CHANGED = "已修改"


class Command(BaseCommand):
    help = "建立演示账号（每个角色一个），打印账号和初始密码；再次运行不改动任何账号"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--admin-only", action="store_true", help="只建立管理员账号")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        if not settings.LOADS_DEMO:
            raise CommandError(
                "演示账号只在试用系统中建立。在已有的数据库里试用时请明确设置 KAIFU_MODE=trial；"
                "正式系统的管理员用 create_administrator 建立。"
            )
        wanted = (ADMINISTRATOR,) if options["admin_only"] else (ADMINISTRATOR, *OTHERS)
        file = settings.DATA_DIR / "accounts.txt"
        passwords = _read(file)
        with transaction.atomic():
            users = [(demo, _account(demo, passwords)) for demo in wanted]
            _write(file, passwords)
        for demo, user in users:
            self.stdout.write(_line(demo, user, passwords))


def _account(demo: Demo, passwords: dict[str, str]) -> User | None:
    """The account, opened where it is missing; None if its agency is not known yet."""
    user = User.objects.select_related("agency").filter(username=demo.username).first()
    if user:
        return user
    agency = Agency.objects.filter(name=demo.agency).first() if demo.agency else None
    if demo.agency and agency is None:
        return None
    user = User(
        username=demo.username,
        name=demo.name,
        agency=agency,
        roles=[r.value for r in demo.roles],
        phone=demo.phone,
        is_demo=True,
    )
    passwords[demo.username] = accounts.open_account(
        user=user, by=None, must_change=False, reason="演示账号"
    )
    return user


def _line(demo: Demo, user: User | None, passwords: dict[str, str]) -> str:
    roles = "、".join(role.label for role in demo.roles)
    if user is None:
        return f"{demo.username:<8}{'—':<14}{roles}  还没有“{demo.agency}”，载入方案后再建立"
    password = passwords.get(demo.username, "")
    shown = CHANGED if user.former_passwords.exists() else password or CHANGED
    place = user.agency_name or "—"
    closed = "" if user.is_active else "（已停用）"
    return f"{user.username:<8}{shown:<14}{user.role_labels or '没有角色'}  {place}{closed}"


def _read(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    lines = file.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines if "\t" in line)


def _write(file: Path, passwords: dict[str, str]) -> None:
    """For the owner of the data folder alone, from the first byte."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.chmod(0o600)
    text = "".join(f"{name}\t{password}\n" for name, password in passwords.items())
    file.write_text(text, encoding="utf-8")
