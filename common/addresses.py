"""Addresses that lists ask for many times a page."""

from functools import lru_cache

from django.urls import reverse


@lru_cache(maxsize=2048)
def detail_address(room: str, code: str) -> str:
    """The page of one record: of "targets" and T03 /targets/T03/."""
    return reverse(f"{room}:detail", args=[code])
