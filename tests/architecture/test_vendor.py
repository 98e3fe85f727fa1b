"""Vendored browser libraries are the files that vendor.lock.json names, byte for byte."""

import hashlib
import json

import pytest
from plotly.offline import get_plotlyjs_version

from common.templatetags.ui import PLOTLY_FOLDER
from tests.architecture.source import ROOT

LOCK = json.loads((ROOT / "vendor.lock.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", LOCK)
def test_files_are_those_of_the_lock(name):
    entry = LOCK[name]
    folder = ROOT / entry["folder"]
    digests = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()
    }
    assert digests == entry["files"]
    assert "LICENSE" in digests
    assert entry["integrity"].startswith("sha512-")


def test_nothing_is_vendored_beside_the_lock():
    folders = {
        path.relative_to(ROOT).as_posix()
        for parent in ("static/vendor", "tests/vendor")
        for path in (ROOT / parent).iterdir()
    }
    assert folders == {entry["folder"] for entry in LOCK.values()}


def test_plotly_js_is_the_version_that_plotly_py_carries():
    assert LOCK["plotly.js"]["version"] == get_plotlyjs_version()
    assert LOCK["plotly.js"]["folder"] == f"static/{PLOTLY_FOLDER}"
    script = (ROOT / LOCK["plotly.js"]["folder"] / "plotly-basic.min.js").read_text("utf-8")
    assert f"v{get_plotlyjs_version()}" in script[:200]


def test_no_vendored_file_asks_for_a_source_map():
    for entry in LOCK.values():
        for name in entry["files"]:
            text = (ROOT / entry["folder"] / name).read_text(encoding="utf-8")
            assert "sourceMappingURL" not in text
