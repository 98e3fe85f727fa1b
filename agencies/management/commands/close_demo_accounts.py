from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from agencies.services import accounts


class Command(BaseCommand):
    help = "停用全部演示账号；须先有另一个管理员（create_administrator）"

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        try:
            closed = accounts.close_demonstration()
        except ValidationError as error:
            raise CommandError("；".join(error.messages)) from error
        names = "、".join(user.username for user in closed)
        self.stdout.write(f"演示账号：已停用{len(closed)}个{f'（{names}）' if names else ''}")
