"""Addresses that lists ask for many times a page, and those that a request asks to go on to."""

from functools import lru_cache

from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST = 2000
"""A longer address is none that a page gave out, and Django does not redirect to it."""


@lru_cache(maxsize=2048)
def detail_address(room: str, code: str) -> str:
    """The page of one record: of a room and a code /room/code/."""
    return reverse(f"{room}:detail", args=[code])


def own_address(asked: object) -> str:
    """The address inside this site that a request asks to go on to; "" for anything else."""
    path = str(asked)
    is_own = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_own and len(path) <= LONGEST else ""
