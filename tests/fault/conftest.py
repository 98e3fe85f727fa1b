import shutil
import tempfile
from pathlib import Path

import pytest

from tests.fault.embedded_scene import stop_all


@pytest.fixture
def data():
    """A data directory that every user can reach (pytest's own folders are private)."""
    home = Path(tempfile.mkdtemp(prefix="kaifu-data-"))
    home.chmod(0o755)
    yield home / "data"
    elsewhere = (home / "data" / "postgres").resolve()
    stop_all(home / "data")
    shutil.rmtree(home)
    if not elsewhere.is_relative_to(home):
        shutil.rmtree(elsewhere.parent)
