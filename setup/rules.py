"""The result of one step of loading."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LoadResult:
    """How many records of a kind were added or completed, and how many were left as they are."""

    what: str
    added: int
    kept: int = 0
    completed: int = 0

    @property
    def changed(self) -> bool:
        return bool(self.added or self.completed)

    def __str__(self) -> str:
        completed = f"，补全 {self.completed}" if self.completed else ""
        return f"{self.what}：新增 {self.added}{completed}，已有 {self.kept}"
