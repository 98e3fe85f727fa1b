"""manage.py import_annex FILE: an annex table into the plan, or what it would change."""

import json
import sys
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandParser

from common.workbooks import WorkbookError
from imports.annex.model import AnnexReading, Problem, ProjectRow, TaskRow
from imports.choices import AnnexTable
from imports.selectors.preview import Preview
from imports.services.files import ImportRefusedError, Outcome, check_file, import_file

COUNTS = {
    "rows": "读到", "new": "新增", "changed": "修改", "same": "未变", "unreadable": "读不出",
    "retirable": "表中已没有", "unknown_agencies": "未识别单位",
}  # fmt: skip


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
            problem = Problem("", None, None, error.code, "error", error.message)
            self._print(options["format"], None, [problem])
        except OSError as error:
            message = f"打不开文件“{options['file']}”：{error.strerror}。"
            self._print(
                options["format"], None, [Problem("", None, None, "no_file", "error", message)]
            )
        except ValidationError as error:
            problems = [Problem("", None, None, "refused", "error", m) for m in error.messages]
            self._print(options["format"], None, problems)
        else:
            problems = list(outcome.preview.reading.problems)
            self._print(options["format"], outcome.preview, problems, outcome)
            if not failed(outcome, dry_run=options["dry_run"]):
                return
        sys.exit(1)

    def _run(self, options: dict[str, Any]) -> Outcome:
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
        self,
        form: str,
        preview: Preview | None,
        problems: list[Problem],
        outcome: Outcome | None = None,
    ) -> None:
        if form == "json":
            self.stdout.write(json.dumps(as_json(preview, problems), ensure_ascii=False, indent=1))
        else:
            self.stdout.write("\n".join(as_text(preview, problems, outcome)))


def failed(outcome: Outcome, *, dry_run: bool) -> bool:
    """A dry run fails by what cannot be read; an import also by unknown agencies."""
    preview = outcome.preview
    unreadable = bool(preview.counts["unreadable"]) or preview.reading.table is None
    if dry_run:
        return unreadable or preview.reading.has_errors
    return bool(outcome.refusals)


def as_json(preview: Preview | None, problems: Iterable[Problem]) -> dict[str, Any]:
    """The reading as other programs take it; amounts as numbers, names as the plan spells them."""
    reading = preview.reading if preview else None
    return {
        "table": reading.table if reading else None,
        "counts": counts(preview),
        "rows": [_row(row, reading) for row in reading.rows] if reading else [],
        "problems": [
            {
                "sheet": problem.sheet or None,
                "row": problem.row,
                "column": problem.column,
                "code": problem.code,
                "message": problem.message,
                "suggestion": problem.suggestion,
                "severity": problem.severity,
            }
            for problem in problems
        ],
    }


def counts(preview: Preview | None) -> dict[str, int]:
    """Rows by what an import makes of them."""
    if preview is None:
        return dict.fromkeys(COUNTS, 0)
    return {
        "rows": len(preview.reading.rows),
        **preview.counts,
        "unknown_agencies": len(preview.unknown),
    }


def _row(row: TaskRow | ProjectRow, reading: AnnexReading) -> dict[str, Any]:
    def names(spellings: Iterable[str]) -> list[str]:
        return list(dict.fromkeys(reading.resolved.get(name, name) for name in spellings))

    found: dict[str, Any] = {"row": row.row, "number": row.number, "category": row.category}
    if isinstance(row, TaskRow):
        leads = names(row.leads)
        return found | {
            "kind": row.kind,
            "category_number": row.category_number,
            "title": row.title,
            "lead": "、".join(leads) or None,
            "responsible": names(row.responsible),
        }
    return found | {
        "name": row.name,
        "owners": names(row.owners),
        "responsible": names(row.responsible),
        "content": row.content,
        "start_year": row.start_year,
        "end_year": row.end_year,
        "total_investment_wan": _number(row.total_investment_wan),
    }


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def as_text(
    preview: Preview | None, problems: Iterable[Problem], outcome: Outcome | None
) -> list[str]:
    """What a person reads at the terminal."""
    lines = []
    if preview is not None:
        table = preview.reading.table
        lines.append(f"表格：{AnnexTable(table).label if table else '没有认出'}")
        found = counts(preview)
        lines.append("　".join(f"{label}{found[name]}" for name, label in COUNTS.items()))
    words = {"error": "错误", "question": "待定", "hint": "提示"}
    for problem in problems:
        where = f"{problem.sheet} 第{problem.row}行" if problem.row else problem.sheet
        lines.append(f"[{words[problem.severity]}] {where} {problem.message}".replace("  ", " "))
    if outcome is not None:
        lines.append(_result(outcome))
    return lines


def _result(outcome: Outcome) -> str:
    if outcome.run is not None:
        return f"已导入，记录号{outcome.run.pk}。"
    if outcome.refusals:
        return f"没有导入任何内容：有{len(outcome.refusals)}个问题要先解决。"
    return "没有写入任何内容。"
