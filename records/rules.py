"""Check codes of issued papers. Pure."""

import re
from collections.abc import Collection

LENGTH = 12
_FORM = re.compile(rf"[0-9a-f]{{{LENGTH}}}")


def possible_codes(sha256: str) -> tuple[str, ...]:
    """Every run of twelve hexadecimal digits of a checksum, the first one first."""
    return tuple(sha256[n : n + LENGTH] for n in range(len(sha256) - LENGTH + 1))


def check_code(sha256: str, taken: Collection[str]) -> str:
    """The first twelve digits; where another paper has them, the next run that is free."""
    return next(code for code in possible_codes(sha256) if code not in taken)


def spelled(code: str) -> str:
    """7C1E 40B9 D2A6: as printed."""
    return " ".join(code[n : n + 4] for n in range(0, len(code), 4)).upper()


def as_code(typed: str) -> str:
    """A check code as stored, from what was typed; empty where it is none."""
    code = re.sub(r"[\s\-]", "", typed).lower()
    return code if _FORM.fullmatch(code) else ""
