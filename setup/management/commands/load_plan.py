"""Load the published plan: agencies, text, targets and the two annexes."""

from typing import Any

from django.core.management.base import BaseCommand

from setup import services


class Command(BaseCommand):
    help = "载入已公布的实施方案：单位、正文、指标和两个附件；已有的数据不改动"
    requires_system_checks = []  # it runs at every start

    def handle(self, *_args: Any, **_options: Any) -> None:
        for step in services.load_plan(by=None):
            self.stdout.write(str(step))
