from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from demo import services


class Command(BaseCommand):
    help = "载入演示数据（虚构的实际值、进展和投资，页面上都有标注）；已有时不改动。正式环境不用"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--yes", action="store_true", help="确认在这个系统载入演示数据")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        if not (options["yes"] or settings.LOADS_DEMO):
            raise CommandError("正式环境不载入演示数据；确实需要时加 --yes")
        rows = services.load()
        self.stdout.write(f"演示数据：新增{rows}行" if rows else "演示数据：已有，未改动")
