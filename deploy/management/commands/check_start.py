from typing import Any

from django.core.management.base import BaseCommand

from deploy import startup


class Command(BaseCommand):
    help = (
        "等数据库应答，并检查正式方式能不能启动；不能时说明原因，退出状态78（数据库没有应答：75）"
    )
    requires_system_checks = []  # it runs at every start

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        startup.check_or_exit()
