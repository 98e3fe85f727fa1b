"""Words to the person at the terminal, who may have closed it by now."""

import sys
from contextlib import suppress
from typing import TextIO


def say(text: str) -> None:
    _write(sys.stdout, text)


def complain(text: str) -> None:
    _write(sys.stderr, f"\n{text}")


def _write(stream: TextIO, text: str) -> None:
    """A terminal that is gone or cannot show a character stops nothing."""
    with suppress(OSError):
        encoding = stream.encoding or "utf-8"
        print(text.encode(encoding, "replace").decode(encoding), file=stream, flush=True)
