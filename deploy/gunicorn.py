"""Settings of gunicorn in every installation: `gunicorn --config deploy/gunicorn.py`."""

import os
import subprocess
import sys
from pathlib import Path

from gunicorn.arbiter import Arbiter

MANAGE = Path(__file__).resolve().parent.parent / "manage.py"
TRY_AGAIN, REFUSED = 75, 78  # as in deploy/startup.py

workers = 2
threads = 4  # of each worker: what waits for a lock or a disk holds up nobody else
control_socket_disable = True  # it would be in the home of the service, which systemd hides


def on_starting(_server: Arbiter) -> None:
    """Refuse once for all workers: ended by several at a time, the master loses their status.

    In a process of its own, because workers are to load the application anew after an update.
    """
    if os.environ.get("KAIFU_MODE") == "trial":
        return
    status = subprocess.run([sys.executable, MANAGE, "check_start"], check=False).returncode
    if status:
        sys.exit(TRY_AGAIN if status == TRY_AGAIN else REFUSED)
