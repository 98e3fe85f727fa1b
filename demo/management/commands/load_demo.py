import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from demo import services


class Command(BaseCommand):
    help = "载入演示数据（虚构，页面上都有标注）；已有时不改动。只在试用系统中可用"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--day",
            type=datetime.date.fromisoformat,
            help="数据到哪一天为止，如2026-11-30；不写就是今天",
        )

    def handle(self, *args: Any, day: datetime.date | None, **options: Any) -> None:  # noqa: ARG002
        if not settings.LOADS_DEMO:
            raise CommandError(
                "演示数据只在试用系统中载入。在已有的数据库里试用时请明确设置 KAIFU_MODE=trial。"
            )
        if day and day > timezone.localdate():
            raise CommandError("演示数据只能到今天为止，不能载入以后的日期")
        rows = services.load(day=day)
        self.stdout.write(f"演示数据：新增{rows}行" if rows else "演示数据：已有，未改动")
