"""Where a page caches the parts that it computes, until the data of their area change."""

from typing import Any, Protocol


class PartCache(Protocol):
    """A cache of computed parts; an entry is valid until the data of its area change."""

    def find(self, name: str, *, area: str = "") -> Any: ...

    def store(self, name: str, made: object, *, area: str = "") -> None: ...


class PageMemory(dict[tuple[str, str], object]):
    """Keeps the parts for one page only."""

    def find(self, name: str, *, area: str = "") -> Any:
        return self.get((name, area))

    def store(self, name: str, made: object, *, area: str = "") -> None:
        self[name, area] = made
