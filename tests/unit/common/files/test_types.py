import io
import random
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.files.containers import MAX_PARTS, FileRefusedError
from common.files.types import ACCEPT, EXTENSIONS, FileKind, checked_kind, clean_name
from tests.unit.common.files.document_bytes import (
    EXCEL_97,
    EXCEL_97_LOCKED,
    JPG,
    LOCKED_OPEN_XML,
    PDF,
    PNG,
    PROGRAM,
    WORD_97,
    WORD_97_LOCKED,
    WORD_97_MACROS,
    bomb,
    good,
    locked_zip,
    ofd,
    ole,
    open_xml,
    packed,
)
from tests.unit.common.workbooks.workbook_bytes import workbook


def kind_of(name, data):
    return checked_kind(io.BytesIO(data), name)


@pytest.mark.parametrize("extension", [suffix.removeprefix(".") for suffix in EXTENSIONS])
def test_each_kind_is_known_by_its_content(extension):
    assert kind_of(f"佐证.{extension.upper()}", good(extension)) == EXTENSIONS[f".{extension}"]


def test_a_workbook_as_it_is_really_saved():
    assert kind_of("台账.xlsx", workbook()) == FileKind.XLSX


def test_the_stream_is_left_at_its_start():
    stream = io.BytesIO(PDF)
    checked_kind(stream, "文件.pdf")
    assert stream.tell() == 0
    with pytest.raises(FileRefusedError):
        checked_kind(stream, "文件.png")
    assert stream.tell() == 0


def test_what_the_file_dialog_offers():
    assert ACCEPT == ".pdf,.doc,.docx,.xls,.xlsx,.jpg,.png,.ofd,.zip,.jpeg"


REFUSED = {
    "a program under another name": ("报告.pdf", PROGRAM, "内容不是PDF文件，而是程序，不能上传"),
    "a program in a picture's name": ("照片.jpg", b"\x7fELF" + bytes(60), "而是程序"),
    "a script": ("说明.doc", b"#!/bin/sh\nrm -rf /\n", "而是程序"),
    "a program as it is": ("安装.exe", PROGRAM, "不能上传.exe文件，可以上传的有pdf、doc"),
    "no extension": ("公交台账", PDF, "不能上传没有扩展名的文件"),
    "macros by name": ("台账.xlsm", open_xml("xlsm"), "另存为.xlsx后重新上传"),
    "docm renamed": ("通知.docx", open_xml("docm"), "文件带有宏"),
    "xlsm renamed": ("台账.xlsx", open_xml("xlsm"), "文件带有宏"),
    "a macro project inside": (
        "通知.docx",
        open_xml("docx", {"word/vbaProject.bin": b"x"}),
        "文件带有宏",
    ),
    "macro sheets": (
        "台账.xlsx",
        open_xml("xlsx", {"xl/macrosheets/sheet1.xml": b"x"}),
        "文件带有宏",
    ),
    "macros of Word 97": ("通知.doc", WORD_97_MACROS, "文件带有宏"),
    "a document with password": ("通知.docx", LOCKED_OPEN_XML, "设了打开密码"),
    "Word 97 with password": ("通知.doc", WORD_97_LOCKED, "设了打开密码"),
    "Excel 97 with password": ("台账.xls", EXCEL_97_LOCKED, "设了打开密码"),
    "an archive with password": ("材料.zip", locked_zip(), "设了打开密码"),
    "a bomb": ("材料.zip", bomb(), "异常庞大"),
    "a bomb in a document": (
        "台账.xlsx",
        open_xml("xlsx", {"xl/worksheets/sheet1.xml": b" " * 60_000_000}),
        "异常庞大",
    ),
    "too many files": (
        "材料.zip",
        packed({f"{n}.txt": b"" for n in range(MAX_PARTS + 1)}),
        "异常庞大",
    ),
    "out of its folder": ("材料.zip", packed({"../../etc/cron.d/x": b"x"}), "越出了文件夹"),
    "from the root": ("材料.zip", packed({"/etc/passwd": b"x"}), "越出了文件夹"),
    "from a drive": ("材料.zip", packed({"C:/x.txt": b"x"}), "越出了文件夹"),
    "a program in an archive": ("材料.zip", packed({"照片/a.exe": PROGRAM}), "“照片/a.exe”是程序"),
    "a hidden program in an archive": ("材料.zip", packed({"1.jpg": PROGRAM}), "“1.jpg”是程序"),
    "macros in an archive": ("材料.zip", packed({"表.xlsm": b"PK"}), "带宏"),
    "an archive in an archive": (
        "材料.zip",
        packed({"内.zip": packed({"1.pdf": PDF})}),
        "也是压缩包",
    ),
    "an archive that is a program": (
        "材料.zip",
        packed({"META-INF/MANIFEST.MF": b"x", "A.class": b"x"}),
        "不是ZIP压缩包，而是程序",
    ),
    "an empty archive": ("材料.zip", packed({}), "而是空的压缩包"),
    "a truncated document": ("通知.docx", open_xml("docx")[:200], "不完整或已损坏"),
    "a truncated archive": ("材料.zip", good("zip")[:-30], "不完整或已损坏"),
    "a truncated document of Word 97": ("通知.doc", WORD_97[:700], "不完整或已损坏"),
    "xlsx in a docx's name": ("通知.docx", open_xml("xlsx"), "而是Excel工作簿，把扩展名改成.xlsx"),
    "xls in a doc's name": ("通知.doc", EXCEL_97, "而是Excel 97－2003工作簿，把扩展名改成.xls"),
    "a new document in an old name": ("通知.doc", open_xml("docx"), "把扩展名改成.docx"),
    "slides": ("汇报.docx", open_xml("pptx"), "而是演示文稿，另存为PDF后重新上传"),
    "old slides": ("汇报.doc", ole("PowerPoint Document"), "而是演示文稿，另存为PDF后重新上传"),
    "another old container": ("邮件.doc", ole("__properties"), "内容不是Word 97－2003文档"),
    "a template": ("通知.docx", open_xml("dotx"), "而是Word模板，在WPS或Office中打开"),
    "no main part": ("通知.docx", packed({"[Content_Types].xml": b"<Types/>"}), "内容不是Word文档"),
    "ODF": (
        "通知.docx",
        packed({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"x"}),
        "而是ODF文档",
    ),
    "an archive in a document's name": ("通知.docx", good("zip"), "而是ZIP压缩包"),
    "ofd in a pdf's name": ("批复.pdf", ofd(), "而是OFD文件，把扩展名改成.ofd"),
    "a page as systems export it": (
        "导出.xls",
        b"<html><table><tr><td>1</td></tr></table>",
        "而是网页，在WPS或Office中打开，另存为.xlsx",
    ),
    "XML": ("导出.xls", b"<?xml version='1.0'?><Workbook/>", "而是XML文件"),
    "RTF": ("通知.doc", b"{\\rtf1\\ansi}", "而是RTF文档，在WPS或Office中打开，另存为.docx"),
    "text": ("说明.pdf", "进展正常".encode(), "而是文本"),
    "anything": ("说明.pdf", b"\x01\x00\x02\x03" * 9, "内容不是PDF文件，在电脑上确认能打开"),
    "png in a jpg's name": ("照片.jpg", PNG, "而是PNG图片，把扩展名改成.png"),
    "jpg in a png's name": ("截图.png", JPG, "把扩展名改成.jpg"),
    "GIF": ("照片.jpg", b"GIF89a" + bytes(20), "而是GIF图片，另存为.jpg或.png"),
    "HEIC of a phone": ("照片.jpg", b"\0\0\0\x18ftypheic" + bytes(20), "而是HEIC图片，另存为.jpg"),
    "WEBP": ("照片.jpg", b"RIFF\x10\0\0\0WEBPVP8 " + bytes(20), "而是WEBP图片"),
    "a film": ("照片.jpg", b"\0\0\0\x18ftypisom" + bytes(20), "而是视频"),
    "RAR by name": ("材料.rar", b"Rar!\x1a\x07", "解压后重新压缩成.zip"),
    "RAR renamed": ("材料.zip", b"Rar!\x1a\x07\x01\x00", "而是RAR压缩包，解压后"),
    "a table of WPS": ("台账.et", EXCEL_97, "另存为.docx、.xlsx或PDF"),
    "nothing": ("说明.pdf", b"", "文件是空的"),
    "zeroes": ("说明.pdf", bytes(3000), "文件是空的"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_says_what_to_do(case):
    name, data, words = REFUSED[case]
    with pytest.raises(FileRefusedError) as refusal:
        kind_of(name, data)
    message = refusal.value.message
    assert words in message
    assert message.endswith("。")
    assert not any(word in message for word in ("请", "非法", "无效"))


def test_a_bomb_whose_parts_share_their_bytes_is_refused():
    data = bytearray(packed({"a.pdf": PDF * 40, "b.pdf": PDF * 40}))
    second = data.rindex(b"PK\x01\x02")
    data[second + 20 : second + 24] = len(data).to_bytes(4, "little")
    with pytest.raises(FileRefusedError) as refusal:
        kind_of("材料.zip", bytes(data))
    assert refusal.value.code in {"bomb", "damaged"}


@given(st.sampled_from(list(EXTENSIONS)), st.integers(0, 2**32), st.integers(1, 40))
def test_no_spoilt_file_ends_in_an_error_page(extension, seed, hits):
    """Either it is taken, or it is refused in a sentence: nothing else ever comes out."""
    chance = random.Random(seed)  # noqa: S311
    data = bytearray(good(extension.removeprefix(".")))
    for _ in range(hits):
        data[chance.randrange(len(data))] = chance.randrange(256)
    cut = bytes(data[: chance.randrange(1, len(data) + 1)])
    for spoilt in (bytes(data), cut):
        with suppress(FileRefusedError):
            assert kind_of(f"a{extension}", spoilt) == EXTENSIONS[extension]


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("公交台账 2026Q3.xlsx", "公交台账 2026Q3.xlsx"),
        ("C:\\Users\\王芳\\桌面\\台账.xlsx", "台账.xlsx"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("批复\u202efdp.exe", "批复fdp.exe"),
        ("批复\r\nSet-Cookie: a=b.pdf", "批复Set-Cookie: a=b.pdf"),
        (" 台账.pdf. ", "台账.pdf"),
        ("长" * 300 + ".docx", "长" * 195 + ".docx"),
    ],
)
def test_a_name_shows_what_it_is(given_name, kept):
    assert clean_name(given_name) == kept
