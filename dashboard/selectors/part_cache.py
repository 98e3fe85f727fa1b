"""Where a page keeps what was made of the data until data of that area change."""

from typing import Any, Protocol


class PartCache(Protocol):
    """Where what was made is kept until data of its area change."""

    def find(self, name: str, *, of: str = "") -> Any: ...

    def store(self, name: str, made: object, *, of: str = "") -> None: ...


class PageMemory(dict[tuple[str, str], object]):
    """Keeps it for one page."""

    def find(self, name: str, *, of: str = "") -> Any:
        return self.get((name, of))

    def store(self, name: str, made: object, *, of: str = "") -> None:
        self[name, of] = made
