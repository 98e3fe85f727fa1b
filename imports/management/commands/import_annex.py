"""manage.py import_annex FILE: an annex table into the plan, or what it would change."""

import json
import os
import sys
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandParser

from common.workbooks.reading import WorkbookError
from imports.annex.json_output import to_json
from imports.annex.results import AnnexReading, CellProblem
from imports.choices import AnnexTable
from imports.selectors.preview import Preview
from imports.services.direct_import import (
    ImportOutcome,
    ImportRefusedError,
    check_file,
    import_file,
)

COUNTS = {
    "rows": "读到", "new": "新增", "changed": "修改", "same": "未变", "unreadable": "读不出",
    "retirable": "表中已没有", "unknown_agencies": "未识别单位",
}  # fmt: skip
WORDS = {"error": "错误", "question": "待定", "hint": "提示"}


class Command(BaseCommand):
    help = "导入附件1（重点事项清单）或附件2（重点项目清单）；--dry-run 只核对，不写入"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help=".xlsx 或 .csv 文件")
        parser.add_argument("--dry-run", action="store_true", help="只核对，什么也不写入")
        parser.add_argument("--format", choices=("text", "json"), default="text")
        parser.add_argument("--sheet", default="", help="工作表名称，默认自动寻找")
        parser.add_argument(
            "--create-agencies", action="store_true", help="未识别的单位各建一个新单位"
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Exit status 1 where a row could not be read, an agency is unknown or the file is bad."""
        try:
            outcome = self._run(options)
        except WorkbookError as error:
            self._fail(options, error.code, error.message)
        except OSError as error:
            self._fail(
                options,
                "no_file",
                f"打不开文件“{options['file']}”：{os.strerror(error.errno or 0)}。",
            )
        except ValidationError as error:
            self._fail(options, "refused", "；".join(error.messages))
        else:
            self._print(options, outcome.preview.reading, outcome)
            if failed(outcome, dry_run=options["dry_run"]):
                sys.exit(1)

    def _fail(self, options: dict[str, Any], code: str, message: str) -> None:
        problem = CellProblem("", None, None, code, "error", message)
        self._print(options, AnnexReading(None, None, None, (), (problem,)), None)
        sys.exit(1)

    def _run(self, options: dict[str, Any]) -> ImportOutcome:
        file: Path = options["file"]
        common = {"data": file.read_bytes(), "filename": file.name, "sheet": options["sheet"],
                  "create_agencies": options["create_agencies"]}  # fmt: skip
        if options["dry_run"]:
            return check_file(**common)
        try:
            return import_file(**common)
        except ImportRefusedError as error:
            return error.outcome

    def _print(
        self, options: dict[str, Any], reading: AnnexReading, outcome: ImportOutcome | None
    ) -> None:
        preview = outcome.preview if outcome else None
        if options["format"] == "json":
            found = to_json(reading, counts(preview)) | {"resolved": dict(reading.resolved)}
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
        else:
            result = [_result(outcome, dry_run=options["dry_run"])] if outcome else []
            self.stdout.write("\n".join([*as_text(reading, counts(preview)), *result]))


def failed(outcome: ImportOutcome, *, dry_run: bool) -> bool:
    """A dry run fails by what cannot be read; an import also by unknown agencies."""
    preview = outcome.preview
    unreadable = bool(preview.counts["unreadable"]) or preview.reading.table is None
    if dry_run:
        return unreadable or preview.reading.has_errors
    return bool(outcome.refusals)


def counts(preview: Preview | None) -> dict[str, int]:
    """Rows by what an import makes of them."""
    if preview is None:
        return dict.fromkeys(COUNTS, 0)
    return {
        "rows": len(preview.reading.rows),
        **preview.counts,
        "unknown_agencies": len(preview.unknown),
    }


def as_text(reading: AnnexReading, found: dict[str, int]) -> list[str]:
    """What a person reads at the terminal."""
    lines = []
    if reading.rows:
        lines.append(f"表格：{AnnexTable(reading.table or '').label}")
        lines.append("　".join(f"{label}{found[name]}" for name, label in COUNTS.items()))
    for problem in reading.problems:
        row = f"第{problem.row}行" if problem.row else ""
        words = (f"[{WORDS[problem.severity]}]", problem.sheet, row, problem.message)
        lines.append(" ".join(word for word in words if word))
    return lines


def _result(outcome: ImportOutcome, *, dry_run: bool) -> str:
    if outcome.run is not None:
        return f"已导入，记录号{outcome.run.pk}。"
    if dry_run:
        return "只核对，没有写入任何内容。"
    if outcome.refusals:
        return f"没有导入任何内容：有{len(outcome.refusals)}个问题要先解决。"
    return "与现有方案完全一致，没有写入任何内容。"
