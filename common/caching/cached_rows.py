"""A row that a process keeps, with what is made of it alone."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, Self, TypeVar

Made = TypeVar("Made")


class CachedRow:
    """A row that a process keeps, with what its pages make of it alone.

    Only for what every reader may see and sees alike; a changed row is another one.
    """

    @cached_property
    def _made(self) -> dict[str, Any]:
        return {}

    def cached(self, name: str, make: Callable[[Self], Made]) -> Made:
        """What `make` returns, made once for as long as the row holds."""
        if name not in self._made:
            self._made[name] = make(self)
        found: Made = self._made[name]
        return found
