"""A row that this process keeps, with the values derived from it alone."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, Self, TypeVar

Made = TypeVar("Made")


class CachedRow:
    """A row that this process keeps, with the values that pages derive from it alone.

    Only for values that are the same for every reader; a changed row is a new object.
    """

    @cached_property
    def _made(self) -> dict[str, Any]:
        return {}

    def cached(self, name: str, make: Callable[[Self], Made]) -> Made:
        """What `make` returns, computed once in the lifetime of this object."""
        if name not in self._made:
            self._made[name] = make(self)
        found: Made = self._made[name]
        return found
