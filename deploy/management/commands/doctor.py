import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from deploy import mlps_level2
from deploy.checks import machine, proxy, safety, servers
from deploy.findings import Finding, State, met, short

_WIDTH = max(len(state.value) for state in State)


class Command(BaseCommand):
    help = "检查安装（含经代理的一次访问），列出等保二级对照；有未达到的，退出状态1"
    requires_system_checks = []  # what is wrong is said below, in its place

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--url", default="", help="打开系统用的网址，默认由 ALLOWED_HOSTS 得出")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        found = {}
        self.stdout.write("一、检查")
        for finding in findings(options["url"]):
            found[finding.name] = finding
            self._say(finding.state, f"{finding.name}：{finding.evidence}")
        self.stdout.write("\n二、等保二级（GB/T 22239-2019 第7章）对照")
        for control in mlps_level2.controls_table(found):
            self._say(control.state, f"{control.name}：{control.evidence}")
        faults = [name for name, finding in found.items() if finding.state is State.SHORT]
        if faults:
            self.stdout.write(f"\n未达到{len(faults)}项：{'、'.join(faults)}")
            sys.exit(1)
        self.stdout.write("\n没有未达到的项目")

    def _say(self, state: State, text: str) -> None:
        self.stdout.write(f"  {state.value.ljust(_WIDTH, '　')}  {text}")


def findings(url: str) -> Iterator[Finding]:
    """All checks in their order; what rests on one that failed is left out."""
    yield _mode()
    yield from (look() for look in safety.SETTINGS)
    database = servers.answers()
    yield database
    if not database.blocks:
        yield from (look() for look in servers.DATABASE)
        shape = servers.migrations()
        yield shape
        if not shape.blocks:
            yield from (look() for look in (*safety.CONTENT, *servers.CONTENT))
    yield from (look() for look in (*servers.JOBS, *machine.ALL))
    yield proxy.address_seen(url)


def _mode() -> Finding:
    if settings.TRIAL:
        return short("方式", "试用（KAIFU_MODE=trial），不安全的设置也启动")
    return met("方式", "正式，不安全的设置拒绝启动")
