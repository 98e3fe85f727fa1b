"""What is owed and has not come: one word until its day, another after it. Pure."""

import datetime

AWAITED_WORD, MISSING_WORD = "待报", "缺报"


def is_missing(due: datetime.date, today: datetime.date) -> bool:
    """Whether the day on which something was due is over."""
    return due < today


def word(due: datetime.date, today: datetime.date) -> str:
    """The word for something that has not come."""
    return MISSING_WORD if is_missing(due, today) else AWAITED_WORD


def words(awaited: int, missing: int, unit: str = "") -> tuple[str, ...]:
    """待报3项, 缺报2项: counts of zero are left out."""
    counts = ((MISSING_WORD, missing), (AWAITED_WORD, awaited))
    return tuple(f"{word}{count}{unit}" for word, count in counts if count)
