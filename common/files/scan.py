"""The virus scanner of an installation, where it has one: any command that takes a file."""

import logging
import shlex
import subprocess
from pathlib import Path

from django.conf import settings

from common.files.containers import FileRefusedError

logger = logging.getLogger(__name__)
_CLEAN, _INFECTED = 0, 1
_SECONDS = 30  # half of what the proxy waits for an answer


def scan(path: Path) -> None:
    """Raise FileRefusedError for a file in which the scanner finds something, or is not sure.

    Exit status as clamscan and clamdscan have it: 0 clean, 1 found, else an error.
    """
    if not settings.SCAN_COMMAND:
        return
    try:
        command = [*shlex.split(settings.SCAN_COMMAND), str(path)]
        # without pipes: a process that the scanner leaves behind would hold them open
        nothing = subprocess.DEVNULL
        status = subprocess.run(
            command, stdin=nothing, stdout=nothing, stderr=nothing, timeout=_SECONDS
        ).returncode
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        logger.error("scanner does not answer: %s", error)
        status = -1
    if status == _INFECTED:
        raise FileRefusedError("virus", "杀毒软件在这份文件里发现病毒，没有存入，查杀后重新上传。")
    if status != _CLEAN:
        raise FileRefusedError(
            "unscanned", "杀毒软件没有检查完这份文件，没有存入，稍后重新上传；仍不行时告诉双碳办。"
        )
