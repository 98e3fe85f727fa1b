"""Which targets in force have no accounting basis; fails where there are any."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from targets.selectors.accounting import GOALS_COUNT, VALUES_COUNT, without_basis


class Command(BaseCommand):
    help = "列出没有登记口径的指标和它们的数值；都有口径时退出码为0，否则为1"

    def handle(self, *_args: Any, **_options: Any) -> None:
        found = without_basis()
        for target in found:
            counted = f"现行数值{VALUES_COUNT.of(target)}项，阶段目标{GOALS_COUNT.of(target)}项"
            self.stdout.write(f"{target.code} {target.name}：没有口径，{counted}")
        if found:
            raise CommandError(f"{len(found)}项指标没有口径，请管理员在“方案数据—口径”里登记")
        self.stdout.write("所有指标都有口径")
