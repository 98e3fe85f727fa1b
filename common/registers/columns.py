"""The columns of a register: which field, under which name, read by which kind of cell."""

from collections.abc import Callable
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from import_export.fields import Field

from common.registers.cells import (
    ChoiceCell,
    ChoicesCell,
    DateCell,
    DecimalCell,
    ReferenceCell,
    References,
    ReferencesCell,
    TextCell,
    WholeNumberCell,
    WholeNumbersCell,
    YesNoCell,
)

_SMALL = 32_767


class Column(Field):  # type: ignore[misc]
    """A column of a workbook and the field that it shows.

    `path` is what the database is asked for; `required` forbids an empty cell in a new or
    changed record; a column that only shows is `readonly` and passed over when read back.
    """

    widget: TextCell

    def __init__(
        self,
        path: str,
        label: str,
        cell: TextCell,
        *,
        required: bool = False,
        readonly: bool = False,
        default: Any = None,
    ) -> None:
        super().__init__(attribute=path, column_name=label, widget=cell, readonly=readonly)
        self.path = path
        self.label = label
        self.required = required
        self.default_value = default

    @property
    def hint(self) -> str:
        """What the column takes, for the page of the import."""
        return self.widget.hint

    def value_of(self, raw: Any) -> Any:
        """The value of a cell; ValueError with the clause to be shown."""
        value = self.widget.clean(raw)
        if value is None or value == "":
            if self.default_value is not None:
                return self.default_value
            if self.required:
                raise ValueError("不能空着")
        return value


def column_of(
    field: models.Field,  # type: ignore[type-arg]
    *,
    label: str = "",
    references: References | None = None,
    readonly: bool = False,
    required: bool | None = None,
) -> Column:
    """The column of a model's field, with the cell that its type asks for."""
    has_default = field.has_default() and field.default is not None
    default = field.get_default() if has_default and not callable(field.default) else None
    return Column(
        field.attname,
        label or str(field.verbose_name),
        cell_of(field, references),
        required=not field.blank if required is None else required,
        readonly=readonly,
        default=default if field.name != "id" else None,
    )


def list_column(path: str, label: str, references: References, *, ordered: bool = True) -> Column:
    """A column of several records; `path` names the rows that hold them."""
    return Column(path, label, ReferencesCell(references, ordered=ordered))


def shown(path: str, label: str, cell: TextCell | None = None) -> Column:
    """A column that only shows."""
    return Column(path, label, cell or TextCell(), readonly=True)


def cell_of(field: models.Field, references: References | None) -> TextCell:  # type: ignore[type-arg]
    """The kind of cell that a model's field asks for."""
    if isinstance(field, models.ForeignKey):
        if references is None:
            raise TypeError(f"{field} needs the records that it may name")
        return ReferenceCell(references)
    if isinstance(field, ArrayField):
        choices = field.base_field.flatchoices
        return ChoicesCell(choices) if choices else WholeNumbersCell(most=_SMALL)
    if field.choices:
        return ChoiceCell(field.flatchoices)
    for kind, make in _CELLS:
        if isinstance(field, kind):
            return make(field)
    return TextCell(max_length=field.max_length)


_CELLS: tuple[tuple[type, Callable[[Any], TextCell]], ...] = (
    (models.BooleanField, lambda f: YesNoCell(may_be_open=f.null)),
    (models.DateField, lambda _: DateCell()),
    (
        models.DecimalField,
        lambda f: DecimalCell(max_digits=f.max_digits, decimal_places=f.decimal_places),
    ),
    (models.PositiveSmallIntegerField, lambda _: WholeNumberCell(most=_SMALL)),
    (models.IntegerField, lambda _: WholeNumberCell()),
)
