from typing import Any

from django.core.management.base import BaseCommand, CommandError

from deploy import starting


class Command(BaseCommand):
    help = (
        "等数据库应答，并检查正式方式能不能启动；不能时说明原因，退出状态78（数据库没有应答：75）"
    )
    requires_system_checks = []  # it runs at every start

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        try:
            starting.check()
        except starting.RefusedError as error:
            raise CommandError(str(error), returncode=error.status) from error
