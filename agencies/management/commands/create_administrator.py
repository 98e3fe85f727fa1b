from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from agencies.services import accounts


class Command(BaseCommand):
    help = "建立一个管理员账号，打印一次性密码，首次登录时须修改"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", metavar="账号", help="小写字母、数字、下划线，以字母开头")
        parser.add_argument("--name", default="管理员", metavar="姓名", help="默认：管理员")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        username = options["username"]
        try:
            password = accounts.open_administrator(username=username, name=options["name"])
        except ValidationError as error:
            raise CommandError("；".join(error.messages)) from error
        self.stdout.write(f"管理员 {username} 的一次性密码：{password}")
