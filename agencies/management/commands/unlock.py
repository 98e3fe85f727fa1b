from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agencies.models import User
from agencies.services import accounts


class Command(BaseCommand):
    help = "账号因密码输错太多暂停登录时放行：重新计数，并打印一次有效的放行码；留痕"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("account", help="账号，如 admin")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        user = User.objects.filter(username=options["account"], is_active=True).first()
        if user is None:
            raise CommandError(f"没有启用的账号“{options['account']}”")
        code = accounts.let_in(user=user, by=None)
        self.stdout.write(f"{user}已放行，现在可以登录。")
        self.stdout.write(f"还有人在试密码时，在登录页填放行码（30分钟内有效，用一次）：{code}")
