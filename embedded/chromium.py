"""A real Chromium and a Chinese font for the browser tests: found, or installed where allowed."""

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
PACKAGES = ("chromium", "fonts-wqy-microhei", "fontconfig")


def find_chromium() -> str | None:
    """The program; the variable CHROMIUM goes before all."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    found = (shutil.which(name) for name in NAMES)
    places = (place for place in PLACES if Path(place).exists())
    return next((one for one in (*found, *places) if one), None)


def has_chinese_font() -> bool:
    """Without one every Chinese character is drawn as the same box."""
    if not shutil.which("fc-list"):
        return Path("/System/Library/Fonts/PingFang.ttc").exists()
    listed = subprocess.run(
        ["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, check=False
    )
    return bool(listed.stdout.strip())


def can_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages: Iterable[str]) -> bool:
    """Through apt, without a question asked."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    for step in (["apt-get", "update"], command):
        done = subprocess.run(
            step, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False
        )
        if done.returncode != 0 and step is command:
            return False
    return True
