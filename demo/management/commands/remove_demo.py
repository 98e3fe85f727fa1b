from typing import Any

from django.core.management.base import BaseCommand

from demo import services


class Command(BaseCommand):
    help = "完全删除演示数据，保留方案、账号和录入的内容"

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        self.stdout.write(f"演示数据：已删除{services.remove()}行")
