"""README and user guide show just the pictures that scripts/pictures takes, and those are small."""

import re

from tests.architecture.source import ROOT
from tests.pictures import FOLDER, PICTURES

DOCUMENTS = (ROOT / "README.md", ROOT / "docs/用户手册.md")
SHOWN = re.compile(r"!\[[^\]]+\]\((?:docs/)?pictures/(\w+)\.webp\)")
MOST_BYTES = 120_000


def test_each_picture_is_shown_and_taken():
    shown = {name for path in DOCUMENTS for name in SHOWN.findall(path.read_text(encoding="utf-8"))}
    taken = {picture.name for picture in PICTURES}
    assert shown == taken == {path.stem for path in FOLDER.iterdir()}


def test_pictures_are_small():
    assert {path.name for path in FOLDER.iterdir() if path.stat().st_size > MOST_BYTES} == set()
