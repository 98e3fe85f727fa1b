"""manage.py check_evidence: checks that every evidence file is on disk, intact, and has a row."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from reporting.filling.services.evidence_check import EvidenceFindings, check


class Command(BaseCommand):
    help = "核对佐证材料：缺失、损坏、没有记录的文件；--remove 删去一天以前的无记录文件"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--remove", action="store_true", help="删去一天以前的无记录文件")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Exit with status 1 where a file is missing or damaged: it must come from a backup."""
        found = check(remove=options["remove"])
        self.stdout.write(f"核对{found.checked}个文件：{self._summary(found)}")
        for word, lines in (("缺失", found.missing), ("损坏", found.damaged)):
            for line in lines:
                self.stdout.write(f"{word} {line.sha256} {'；'.join(line.names) or '没有事项使用'}")
        for sha256 in found.orphans:
            self.stdout.write(f"无记录 {sha256}")
        if found.removed:
            self.stdout.write(f"已删去一天以前的无记录文件和未传完的文件{found.removed}个")
        if found.missing or found.damaged:
            sys.exit(1)

    def _summary(self, found: EvidenceFindings) -> str:
        if not (found.missing or found.damaged or found.orphans or found.unfinished):
            return "全部完好"
        return (
            f"缺失{len(found.missing)}个，损坏{len(found.damaged)}个，"
            f"无记录{len(found.orphans)}个，未传完{found.unfinished}个"
        )
