"""Every file that is no workbook gets one sentence in Chinese, and nothing hangs."""

import struct

import pytest

from common.workbooks.files import WorkbookError
from common.workbooks.reading import read_workbook
from tests.unit.common.workbooks.workbook_bytes import (
    OLE,
    SHEET,
    only_parts,
    with_cells,
    with_parts,
    with_sheet,
    workbook,
)

GOOD = workbook()


def utf16(text):
    return text.encode("utf-16-le")


def refusal(data):
    """The code with which a file is refused; None if it is read."""
    try:
        read_workbook(data, "a.xlsx")
    except WorkbookError as error:
        return error.code
    return None


def lying_about_its_size():
    """A sheet of nine megabytes whose directory entry says 500 bytes."""
    data = bytearray(with_sheet(GOOD, lambda xml: xml + b" " * 9_000_000))
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        length = struct.unpack("<H", data[at + 28 : at + 30])[0]
        if data[at + 46 : at + 46 + length] == SHEET.encode():
            data[at + 24 : at + 28] = struct.pack("<I", 500)
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


BAD = {
    "nothing": (b"", "a.xlsx", "empty_file"),
    "only blanks": (b" \r\n\x00", "a.csv", "empty_file"),
    "no cell": (workbook([]), "a.xlsx", "empty_file"),
    "50 MB": (b"PK\x03\x04" + bytes(50 * 1024 * 1024), "a.xlsx", "too_large"),
    "half a file": (GOOD[: len(GOOD) // 2], "a.xlsx", "damaged"),
    "its end cut off": (GOOD[:-10], "a.xlsx", "damaged"),
    "broken xml": (with_sheet(GOOD, lambda xml: xml[: len(xml) // 2]), "a.xlsx", "damaged"),
    "a sheet missing": (with_sheet(GOOD, lambda xml: None), "a.xlsx", "damaged"),
    "password": (OLE + utf16("EncryptedPackage"), "a.xlsx", "encrypted"),
    "xls": (OLE + utf16("Workbook"), "a.xls", "legacy_format"),
    "et": (OLE + utf16("Workbook"), "a.et", "legacy_format"),
    "xls renamed": (OLE + utf16("Workbook"), "a.xlsx", "legacy_format"),
    "doc renamed": (OLE + utf16("WordDocument"), "a.xlsx", "not_a_workbook"),
    "macros": (with_parts(GOOD, xl__vbaProject_dot_bin=b"x"), "a.xlsm", "macros"),
    "macros renamed": (with_parts(GOOD, xl__vbaProject_dot_bin=b"x"), "a.xlsx", "macros"),
    "xls with macros": (OLE + utf16("_VBA_PROJECT"), "a.xls", "macros"),
    "pdf": (b"%PDF-1.7 ...", "a.xlsx", "not_a_workbook"),
    "picture": (b"\x89PNG\r\n\x1a\n...", "a.xlsx", "not_a_workbook"),
    "docx": (only_parts(word__document_dot_xml=b"<w/>"), "a.xlsx", "not_a_workbook"),
    "ods": (only_parts(content_dot_xml=b"<o/>"), "a.ods", "not_a_workbook"),
    "xlsb": (only_parts(xl__workbook_dot_bin=b"x"), "a.xlsb", "not_a_workbook"),
    "zip": (only_parts(a_dot_txt=b"x"), "a.zip", "not_a_workbook"),
    "web page as xls": ("<html><table><tr><td>序号".encode(), "a.xls", "not_a_workbook"),
    "text as xlsx": ("序号,名称\n1,光伏".encode(), "a.xlsx", "renamed"),
    "xlsx as csv": (GOOD, "a.csv", "renamed"),
    "xlsx as xls": (GOOD, "a.xls", "renamed"),
    "binary as csv": (bytes(range(128, 256)) * 9, "a.csv", "encoding"),
    "nul bytes as csv": (b"a,b\x00c\n", "a.csv", "not_a_workbook"),
    "open quote": (('序号,"名称\n' + "x" * 200_000).encode(), "a.csv", "damaged"),
    "bomb by size": (with_parts(GOOD, xl__a_dot_xml=b"0" * 170_000_000), "a.xlsx", "zip_bomb"),
    "bomb by ratio": (with_sheet(GOOD, lambda xml: xml + b" " * 40_000_000), "a.xlsx", "zip_bomb"),
    "lying directory": (lying_about_its_size(), "a.xlsx", "damaged"),
    "entities": (
        with_sheet(GOOD, lambda xml: b'<!DOCTYPE a [<!ENTITY x "y">]>' + xml),
        "a.xlsx",
        "unsafe_xml",
    ),
    "merged ranges without end": (
        with_sheet(
            GOOD,
            lambda xml: xml.replace(
                b"</sheetData>",
                b"</sheetData><mergeCells>"
                + b'<mergeCell ref="A1:B9"/>' * 50_001
                + b"</mergeCells>",
            ),
        ),
        "a.xlsx",
        "too_many_cells",
    ),
    "bad merged range": (
        with_sheet(
            GOOD,
            lambda xml: xml.replace(
                b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="??"/></mergeCells>'
            ),
        ),
        "a.xlsx",
        "damaged",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_files_get_one_sentence(case):
    data, name, code = BAD[case]
    with pytest.raises(WorkbookError) as caught:
        read_workbook(data, name)
    message = caught.value.message
    assert caught.value.code == code
    assert message.endswith("。")
    assert message.count("。") == 1
    assert "请" in message
    assert str(caught.value) == message


def test_a_good_file_without_extension_is_read():
    assert read_workbook(GOOD, "表").sheets[0].rows[0] == ("序号", "项目名称")


def test_text_that_begins_like_a_picture_is_read():
    assert read_workbook("BMW,序号\n1,2".encode(), "a.csv").sheets[0].rows[0] == ("BMW", "序号")


@pytest.mark.parametrize("size", range(0, len(GOOD), 97))
def test_any_truncation_is_refused_or_read_but_never_fails_otherwise(size):
    with pytest.raises(WorkbookError):
        read_workbook(GOOD[:size], "a.xlsx")


@pytest.mark.parametrize("at", range(30, len(GOOD), 131))
def test_any_flipped_byte_is_refused_or_read_but_never_fails_otherwise(at):
    data = bytearray(GOOD)
    data[at] ^= 0x55
    assert refusal(bytes(data)) in (None, "damaged", "encrypted", "not_a_workbook", "empty_file")


def test_deep_nesting_does_no_harm():
    data = with_cells(GOOD, "<row r='3'>" * 20_000 + "</row>" * 20_000)
    assert refusal(data) in (None, "damaged")
