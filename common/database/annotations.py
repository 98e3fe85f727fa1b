"""What a query puts beside each of its rows: the column and how it is read stand in one place."""

from collections.abc import Callable, Iterable
from typing import Any, Generic, ParamSpec, TypeVar

from django.db.models import Model

P = ParamSpec("P")
T_co = TypeVar("T_co", covariant=True)


class NotAnnotatedError(RuntimeError):
    """A row is asked for what its query did not put beside it."""


class Annotation(Generic[P, T_co]):
    """A column that a query puts beside its rows, and the type in which it is read.

    HAS_SIGNER = Annotation("has_signer", lambda: Exists(_signers()), bool)
    row = Obligation.objects.annotate(**HAS_SIGNER.column()).get(pk=1)
    HAS_SIGNER.of(row)

    `column` takes what the expression depends on, a day or a reader. `read` gets what the
    database answered. Templates, filters and orders know it by its name, as of any annotation.
    """

    def __init__(self, name: str, column: Callable[P, Any], read: Callable[[Any], T_co]) -> None:
        self.name = name
        self._column = column
        self._read = read

    def column(self, *args: P.args, **kwargs: P.kwargs) -> dict[str, Any]:
        """The argument of `annotate`."""
        return {self.name: self._column(*args, **kwargs)}

    def of(self, row: Model) -> T_co:
        """What stands beside a row. Raises NotAnnotatedError where its query did not ask."""
        try:
            found = row.__dict__[self.name]
        except KeyError:
            message = f"{type(row).__name__} was read without “{self.name}”"
            raise NotAnnotatedError(message) from None
        return self._read(found)

    def is_beside(self, row: Model) -> bool:
        """Whether the row's query asked for it, of what only some queries ask for."""
        return self.name in row.__dict__


def hand_on(annotations: Iterable[Annotation[..., Any]], *, source: Model, to: Model) -> None:
    """Put beside a row what stands beside another of the same key, which was read with it."""
    for annotation in annotations:
        setattr(to, annotation.name, source.__dict__[annotation.name])
