"""What one step of loading did."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Loaded:
    """How many records of a kind were added, and how many were there already and left alone."""

    what: str
    added: int
    kept: int = 0

    def __str__(self) -> str:
        return f"{self.what}：新增 {self.added}，已有 {self.kept}"
