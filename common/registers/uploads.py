"""Uploaded workbooks between preview and confirmation: private files that do not stay."""

import re
import secrets
import time
from pathlib import Path

from django.conf import settings

_TOKEN = re.compile(r"\d+-[A-Za-z0-9_-]{32}")
_KEPT_SECONDS = 24 * 60 * 60


def keep(data: bytes, *, owner: int) -> str:
    """Store a file for its owner alone; returns the token that gets it back."""
    folder = _folder()
    _forget_old(folder)
    token = f"{owner}-{secrets.token_urlsafe(24)}"
    path = folder / token
    path.touch(mode=0o600)
    path.write_bytes(data)
    return token


def fetch(token: str, *, owner: int) -> bytes | None:
    """The file of a token; None if it is gone or belongs to another user."""
    if not _TOKEN.fullmatch(token) or not token.startswith(f"{owner}-"):
        return None
    path = _folder() / token
    return path.read_bytes() if path.exists() else None


def forget(token: str) -> None:
    """Delete the file of a token."""
    if _TOKEN.fullmatch(token):
        (_folder() / token).unlink(missing_ok=True)


def _folder() -> Path:
    folder: Path = settings.DATA_DIR / "uploads"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _forget_old(folder: Path) -> None:
    limit = time.time() - _KEPT_SECONDS
    for path in folder.iterdir():
        if path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
