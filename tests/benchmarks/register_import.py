"""Actual values through Excel: ours against django-import-export as it comes.

Everything is rolled back. Wall-clock ratios of one run: what the preview costs in reads of the bare
workbook (budget 6), and how many times the rows per second of the library's own defaults a
confirmed import has (budget 4).
"""

import gc
import io
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from typing import Any

import tablib
from django.db import transaction
from import_export import fields, resources, widgets
from python_calamine import CalamineWorkbook

from common.registers.tables import ExcelFormat, read_table
from targets.models import AccountingBasis, Observation, Target
from targets.resources import ObservationRegister

HEADERS = ("指标编号", "年份", "季度", "数值", "不适用", "数据状态", "口径", "数据来源", "更正原因")
NAMES = (
    "target",
    "year",
    "quarter",
    "value",
    "not_applicable",
    "grade",
    "basis",
    "source",
    "reason",
)
SAMPLE = 1000


class Default(resources.ModelResource):  # type: ignore[misc]
    """What the library does when nothing is tuned."""

    target = fields.Field("target", "target", widgets.ForeignKeyWidget(Target, "code"))
    basis = fields.Field("basis", "basis", widgets.ForeignKeyWidget(AccountingBasis, "name"))

    class Meta:
        model = Observation
        fields = NAMES
        import_id_fields = ("target", "year", "quarter", "basis")
        skip_unchanged = True


def rows(count: int) -> Iterator[tuple[Any, ...]]:
    """Distinct values over targets, years, quarters and bases."""
    codes = list(Target.objects.filter(kind="reduction").values_list("code", flat=True))
    made = 0
    for basis in range(count):
        AccountingBasis.objects.get_or_create(name=f"口径{basis}")
        for code in codes:
            for year in range(2001, 2026):
                for quarter in ("", 1, 2, 3, 4):
                    if made == count:
                        return
                    value = Decimal(made % 9973) / 100
                    yield code, year, quarter, value, "否", "部门统计", f"口径{basis}", "台账", ""
                    made += 1


def changed(data: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Every tenth value one higher, with a reason."""
    return [
        (*row[:3], row[3] + 1, *row[4:8], "核对后更正") if number % 10 == 0 else row
        for number, row in enumerate(data)
    ]


def plain(data: list[tuple[Any, ...]]) -> tablib.Dataset:
    """The same rows as the untuned resource wants them."""
    values = [(c, y, q, str(v), 0, "department", b, s, r) for c, y, q, v, _, _, b, s, r in data]
    return tablib.Dataset(*values, headers=list(NAMES))


def workbook(data: list[tuple[Any, ...]]) -> bytes:
    return ExcelFormat().export_data(tablib.Dataset(*data, headers=list(HEADERS)))


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


@contextmanager
def rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def seconds(work: Callable[[], Any]) -> float:
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def confirm(file: bytes) -> None:
    register = ObservationRegister()
    result = register.import_data(read_table(file, "", register.labels).dataset())
    if result.problems or result.base_errors:
        raise SystemExit(str(result.problems[:3] or result.base_errors[0].error))


def preview(file: bytes) -> None:
    register = ObservationRegister()
    register.import_data(read_table(file, "", register.labels).dataset(), dry_run=True)


def bare_read(file: bytes) -> None:
    CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_index(0).to_python()


def rates(count: int) -> None:
    """Rows per second, create · same · a tenth changed, default on a sample."""
    data, sample = list(rows(count)), list(rows(min(SAMPLE, count)))
    with rolled_back():
        default = Default()
        theirs = [
            len(sample) / seconds(partial(default.import_data, plain(d), raise_errors=True))
            for d in (sample, sample, changed(sample))
        ]
    with rolled_back():
        ours = [
            len(data) / seconds(partial(confirm, f))
            for f in (workbook(data), workbook(data), workbook(changed(data)))
        ]
    for label, their, our in zip(("new", "same", "10 % changed"), theirs, ours, strict=True):
        say(f"{label:14}{their:8.0f} rows/s {our:8.0f} rows/s {our / their:6.1f} ×")


def reads(count: int) -> None:
    """The preview in bare reads of the workbook, and the memory that a preview takes."""
    file = workbook(list(rows(count)))
    with rolled_back():
        for label in ("all new", "all same"):
            pairs = [
                (seconds(lambda: bare_read(file)), seconds(lambda: preview(file))) for _ in range(5)
            ]
            ratio = sorted(ours / bare for bare, ours in pairs)[2]
            say(f"preview, {label:9} {pairs[-1][1]:6.2f} s {ratio:6.1f} × the bare read")
            if label == "all new":
                confirm(file)
    tracemalloc.start()
    preview(file)
    say(f"memory of a preview, Python's own: {tracemalloc.get_traced_memory()[1] / 1e6:.0f} MB")
