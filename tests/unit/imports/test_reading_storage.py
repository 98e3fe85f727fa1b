import json

import pytest

from common.name_matching import KnownNames
from imports.annex.reading import read_annex
from imports.selectors.reading_storage import pack, unpack
from tests.workflow.annexes import ANNEX1, ANNEX2

KNOWN = KnownNames.of([("区发改局", "区发展和改革局")])


@pytest.mark.parametrize("file", [ANNEX1, ANNEX2])
def test_a_reading_comes_back_from_the_store_as_it_was(file):
    reading = read_annex(file.read_bytes(), file.name, KNOWN)
    assert unpack(json.loads(json.dumps(pack(reading)))) == reading


def test_a_reading_without_table_comes_back_too():
    reading = read_annex("姓名,电话\n张三,1".encode(), "a.csv", KNOWN)
    assert reading.table is None
    assert unpack(json.loads(json.dumps(pack(reading)))) == reading
