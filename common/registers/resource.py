"""A register: django-import-export's resource with our reading, checking and preview.

The library's own loop copies and compares a model instance for each row. This one reads every
distinct cell once, compares plain values, and makes instances only for what is new or different.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, ClassVar

import tablib
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DatabaseError, models, transaction
from import_export import resources
from import_export.results import Error, Result, RowResult

from common.registers.columns import Column, column_of

PREVIEW_ROWS = 200
_EMPTY: tuple[Any, ...] = (None, "", (), [])

Key = tuple[Any, ...]
Reader = tuple[int, Column, dict[Any, Any]]
ListSource = Callable[[], Mapping[int, tuple[int, ...]]]


@dataclass(slots=True)
class Row:
    """A record as the workbook has it: its row number, its key and the values of its columns."""

    number: int
    key: Key
    values: dict[str, Any]
    columns: Sequence[Column]
    current: int | None = None
    old: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_new(self) -> bool:
        return self.current is None

    @property
    def changes(self) -> list[tuple[Column, Any, Any]]:
        """Columns with the value before and the one to be set."""
        if self.is_new:
            return [
                (column, None, self.values[column.path])
                for column in self.columns
                if self.values[column.path] not in _EMPTY
            ]
        return [
            (column, self.old[column.path], self.values[column.path])
            for column in self.columns
            if self.old[column.path] != self.values[column.path]
        ]

    @property
    def differences(self) -> dict[str, Any]:
        """What is to be set, by path; empty cells of a new record are left to its defaults."""
        return {column.path: new for column, _, new in self.changes}


class RegisterRow(RowResult):  # type: ignore[misc]
    """What the preview shows of a row."""

    def __init__(self, row: Row, title: str) -> None:
        super().__init__()
        self.import_type = self.IMPORT_TYPE_NEW if row.is_new else self.IMPORT_TYPE_UPDATE
        self.number = row.number
        self.title = title
        self.changes = [
            (column.label, "" if row.is_new else column.widget.show(old), column.widget.show(new))
            for column, old, new in row.changes
        ]


class RegisterResult(Result):  # type: ignore[misc]
    """Counts of all rows, the first changes in full, and one sentence for each problem."""

    def __init__(self) -> None:
        super().__init__()
        self.problems: list[str] = []
        self.questions: list[str] = []

    def ask(self, number: int, sentence: str) -> None:
        """Note what may be misread in a row: it is imported once somebody says that it is right."""
        self.questions.append(f"第{number}行 {sentence}")

    def add_problem(self, number: int, sentence: str) -> None:
        """Note what is wrong in a row; rows with problems stop the whole import."""
        self.problems.append(f"第{number}行 {sentence}")
        self.totals[RowResult.IMPORT_TYPE_INVALID] += 1

    def has_validation_errors(self) -> bool:
        return bool(self.problems)

    @property
    def counts(self) -> dict[str, int]:
        """Numbers of rows by what happens to them."""
        return {
            "new": self.totals[RowResult.IMPORT_TYPE_NEW],
            "changed": self.totals[RowResult.IMPORT_TYPE_UPDATE],
            "same": self.totals[RowResult.IMPORT_TYPE_SKIP],
            "wrong": self.totals[RowResult.IMPORT_TYPE_INVALID],
        }

    @property
    def can_confirm(self) -> bool:
        """True where nothing is wrong and something would change."""
        changes = self.counts["new"] + self.counts["changed"]
        return bool(changes) and not self.problems and not self.base_errors

    @property
    def hidden_rows(self) -> int:
        """Changes beyond those that are shown."""
        return self.counts["new"] + self.counts["changed"] - len(self.rows)


class Register(resources.Resource):  # type: ignore[misc]
    """The columns of a model as data; each row goes through a service.

    Subclasses give `model`, `key`, `make_columns` and `write`.
    """

    model: ClassVar[type[models.Model]]
    key: ClassVar[tuple[str, ...]]
    ignored: ClassVar[tuple[str, ...]] = ()  # columns whose difference alone is no change

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.secrets: list[tuple[str, str]] = []
        self.fields = {column.path: column for column in self.make_columns()}

    @classmethod
    def get_display_name(cls) -> str:
        return str(cls.model._meta.verbose_name)

    def make_columns(self) -> Sequence[Column]:
        """The columns in their order, with the records that they may name as of now."""
        return ()

    def column(self, name: str, **options: Any) -> Column:
        """The column of one of the model's fields; options of `column_of`."""
        field: Any = self.model._meta.get_field(name)
        return column_of(field, **options)

    def columns(self, *names: str) -> list[Column]:
        """The columns of several fields."""
        return [self.column(name) for name in names]

    def queryset(self) -> models.QuerySet[Any]:
        """The records that the register holds."""
        return self.model._default_manager.all()

    def list_sources(self) -> Mapping[str, ListSource]:
        """For each column of several records what reads them: id of the record → their ids."""
        return {}

    def write(self, rows: Sequence[Row], result: RegisterResult, *, by: Any) -> None:
        """Write the new and changed rows one by one, each through `write_row`."""
        for row in rows:
            try:
                with transaction.atomic():
                    self.write_row(row, by=by)
            except ValidationError as error:
                self.add_error(row, error, result)
            except DatabaseError:
                result.add_problem(row.number, "与已有的记录冲突，请检查编号、名称是否重复")

    def write_row(self, row: Row, *, by: Any) -> None:  # noqa: ARG002
        """Write one row through a service. Raises ValidationError."""
        raise ValidationError("这个登记册只供导出")

    def check(self, rows: Sequence[Row], result: RegisterResult, *, by: Any) -> None:
        """What the preview does beyond reading: here it writes, and all is rolled back."""
        self.write(rows, result, by=by)

    def ask(self, rows: Sequence[Row], result: RegisterResult) -> None:
        """Note what may be misread, after the rows were checked or written."""

    def acting(self) -> AbstractContextManager[None]:
        """Around every import, such as the way that the ledger notes."""
        return nullcontext()

    @property
    def labels(self) -> frozenset[str]:
        return frozenset(column.label for column in self.fields.values())

    def export(
        self, queryset: models.QuerySet[Any] | None = None, **kwargs: Any  # noqa: ARG002
    ) -> tablib.Dataset:  # fmt: skip
        """A workbook's worth of rows, in a number of statements that does not grow."""
        columns = list(self.fields.values())
        dataset = tablib.Dataset(title=self.get_display_name())
        dataset.headers = [column.label for column in columns]
        for _, values in self._stored(queryset if queryset is not None else self.queryset()):
            dataset.append(
                [column.widget.render(values[column.path]) for column in columns],
            )
        dataset.notice = self.notice_of(queryset if queryset is not None else self.queryset())
        return dataset

    def notice_of(self, queryset: models.QuerySet[Any]) -> str:
        """A line above the header of an export, such as the mark of demonstration data."""
        fields = {f.name for f in self.model._meta.get_fields()}
        if "is_demo" in fields and queryset.filter(is_demo=True).exists():
            return "演示数据：标注“是”的行是虚构的演示数据，不代表开福区真实进展"
        return ""

    def import_data(self, dataset: tablib.Dataset, *args: Any, **kwargs: Any) -> RegisterResult:
        """All or nothing: one wrong row, and nothing is written."""
        always = {"use_transactions": True, "rollback_on_validation_errors": True}
        result: RegisterResult = super().import_data(dataset, *args, **kwargs | always)
        return result

    def import_data_inner(
        self,
        dataset: tablib.Dataset,
        dry_run: bool,
        raise_errors: bool,
        using_transactions: bool,  # noqa: ARG002
        collect_failed_rows: bool,  # noqa: ARG002
        **kwargs: Any,
    ) -> RegisterResult:
        """Read, compare, check; write unless it is a dry run or a row has a problem.

        Rows with a question need the flag `sure`; without it everything is rolled back.
        """
        result = RegisterResult()
        by = kwargs.get("user")
        try:
            columns = self._columns_in(dataset.headers)
        except ValidationError as error:
            result.append_base_error(Error(error.messages[0]))
            return result
        rows = self._read(dataset, columns, result)
        with self.acting():
            if dry_run:  # the rows that could be read are checked beside those that could not
                self.check(rows, result, by=by)
            elif not result.problems:
                self.write(rows, result, by=by)
        if not result.problems:
            self.ask(rows, result)
        if result.questions and not dry_run and not kwargs.get("sure"):
            result.problems.extend(result.questions)
        for row in rows[:PREVIEW_ROWS]:
            result.append_row_result(RegisterRow(row, self.title_of(row)))
        if raise_errors and result.problems:
            raise ValidationError(result.problems)
        return result

    def title_of(self, row: Row) -> str:
        """What a row is about, for the preview."""
        named = zip(self.key, row.key, strict=True)
        return " ".join(
            filter(None, (self.fields[path].widget.show(value) for path, value in named))
        )

    def add_error(self, row: Row, error: ValidationError, result: RegisterResult) -> None:
        """Note a service's refusal under the name of the column."""
        for name, sentences in _by_field(error).items():
            column = self.fields.get(name) or self.fields.get(f"{name}_id")
            place = f"{column.label}：" if column else ""
            result.add_problem(row.number, f"{place}{'；'.join(sentences)}")

    def _columns_in(self, headers: Sequence[str]) -> list[Column | None]:
        """For each column of the workbook our column, or None for one that is not read."""
        by_label = {column.label: column for column in self.fields.values()}
        doubled = sorted({head for head in headers if head and headers.count(head) > 1})
        if doubled:
            raise ValidationError(f"表头“{doubled[0]}”出现了不止一次，请只留一列")
        needed = [self.fields[path] for path in self.key if self.fields[path].required]
        for column in needed:
            if column.label not in headers:
                raise ValidationError(f"表里没有“{column.label}”这一列，无法认出每行是哪一条记录")
        unknown = [head for head in headers if head and head not in by_label]
        if unknown:
            raise ValidationError(
                f"不认识表头“{unknown[0]}”，可以用的有：{'、'.join(by_label)}；多余的列请删去"
            )
        found = [by_label.get(head) for head in headers]
        return [None if column is None or column.readonly else column for column in found]

    def _read(
        self, dataset: tablib.Dataset, columns: Sequence[Column | None], result: RegisterResult
    ) -> list[Row]:
        """The rows that are new or different; the others are only counted."""
        found = getattr(dataset, "rows", dataset)
        numbers = getattr(dataset, "numbers", None) or range(2, len(found) + 2)
        result.total_rows = len(found)
        readers: list[Reader] = [(i, c, {}) for i, c in enumerate(columns) if c is not None]
        used = [column for _, column, _ in readers]
        counted = [c.path for c in used if c.path not in self.key and c.path not in self.ignored]
        stored = {
            tuple(values[path] for path in self.key): (pk, values)
            for pk, values in self._stored(self.queryset(), used)
        }
        seen: dict[Key, int] = {}
        rows: list[Row] = []
        totals = result.totals
        for number, raw in zip(numbers, found, strict=True):
            values = _values(number, raw, readers, result)
            if values is None:
                continue
            row = Row(number, self._key_of(values), values, used)
            if row.key in seen:
                result.add_problem(number, f"与第{seen[row.key]}行是同一条记录，请只留一行")
                continue
            seen[row.key] = number
            row.current, row.old = stored.get(row.key, (None, {}))
            self.adjust(row)
            if row.is_new:
                totals[RowResult.IMPORT_TYPE_NEW] += 1
                rows.append(row)
            elif any(row.old[path] != values[path] for path in counted):
                totals[RowResult.IMPORT_TYPE_UPDATE] += 1
                rows.append(row)
            else:
                totals[RowResult.IMPORT_TYPE_SKIP] += 1
        return rows

    def _key_of(self, values: Mapping[str, Any]) -> Key:
        """The key of a row; what the workbook has no column for is empty."""
        return tuple(
            values[path] if path in values else self.fields[path].widget.empty for path in self.key
        )

    def adjust(self, row: Row) -> None:
        """Put right the values of a row before it is compared with the record."""

    def _stored(
        self, queryset: models.QuerySet[Any], columns: Iterable[Column] | None = None
    ) -> Iterable[tuple[int, dict[str, Any]]]:
        """Id and values by path of every record: plain columns in one statement, lists in more."""
        wanted = list(self.fields.values() if columns is None else columns)
        sources = self.list_sources()
        lists = {column.path: sources[column.path]() for column in wanted if column.path in sources}
        plain = list(dict.fromkeys([*(c.path for c in wanted if c.path not in lists), *self.key]))
        for pk, *values in queryset.values_list("pk", *plain).iterator(chunk_size=2000):
            record = dict(zip(plain, values, strict=True))
            for path, members in lists.items():
                record[path] = members.get(pk, ())
            yield pk, record


def _values(
    number: int,
    raw: Sequence[Any],
    readers: Sequence[Reader],
    result: RegisterResult,
) -> dict[str, Any] | None:
    """One row's values; None, and a problem, where a cell cannot be read.

    Each reader remembers what it has read: most cells of a register repeat.
    """
    values: dict[str, Any] = {}
    wrong = False
    for index, column, memo in readers:
        cell = raw[index]
        known = str(cell) if cell is True or cell is False else cell  # True == 1 in a dict
        if known in memo:
            value = memo[known]
        else:
            value = memo[known] = _read_cell(column, cell)
        if type(value) is ValueError:
            result.problems.append(f"第{number}行 {column.label}：{value}")
            wrong = True
        values[column.path] = value
    if wrong:
        result.totals[RowResult.IMPORT_TYPE_INVALID] += 1
        return None
    return values


def _read_cell(column: Column, cell: Any) -> Any:
    """The value, or the error itself."""
    try:
        return column.value_of(cell)
    except ValueError as error:
        return ValueError(str(error))


def _by_field(error: ValidationError) -> dict[str, list[str]]:
    if hasattr(error, "error_dict"):
        return error.message_dict
    return {NON_FIELD_ERRORS: error.messages}
