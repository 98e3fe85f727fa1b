"""The stylesheets of a deployment: one file of what every page needs, in its order."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import find
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from rcssmin import cssmin

from kaifu_carbon.stylesheets import SITE, OneStylesheetStorage

CSS = Path(str(find(SITE))).parent
COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
SHEETS = re.findall(r'"([\w-]+\.css)"', (CSS / "site.css").read_text())


@pytest.fixture
def sent(tmp_path, settings):
    settings.DEBUG = False
    storage = OneStylesheetStorage(location=tmp_path, base_url="/static/")
    source = FileSystemStorage(CSS.parent)
    paths = {f"css/{name}": (source, f"css/{name}") for name in ("site.css", *SHEETS)}
    for name in paths:
        storage.save(name, ContentFile((CSS.parent / name).read_bytes()))
    problems = [done for _, _, done in storage.post_process(paths) if isinstance(done, Exception)]
    assert not problems
    return tmp_path / storage.stored_name(SITE)


def test_the_sheets_follow_each_other_in_one_file(sent):
    text = sent.read_text()
    assert "@import" not in text
    firsts = [cssmin((CSS / name).read_text())[:60] for name in SHEETS]
    places = [text.index(first) for first in firsts]
    assert places == sorted(places)


def test_no_rule_is_lost_and_no_comment_sent(sent):
    text = sent.read_text()
    assert "/*" not in text
    written = "".join((CSS / name).read_text() for name in SHEETS)
    assert text.count("{") == COMMENT.sub("", written).count("{")


def test_it_is_compressed_and_named_by_its_content(sent):
    assert re.fullmatch(r"site\.[0-9a-f]{12}\.css", sent.name)
    assert sent.with_name(sent.name + ".gz").stat().st_size < 9_000


def test_where_nothing_is_hashed_a_browser_follows_the_imports():
    assert StaticFilesStorage(base_url="/static/").url(SITE) == "/static/css/site.css"
    assert all((CSS / name).exists() for name in SHEETS)
