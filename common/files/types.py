"""What an uploaded document is by its bytes, and whether it may be kept. Domain-free.

The usual libraries tell by the first bytes and cannot hold docx, xlsx, ofd and zip apart, which all
begin alike; the containers are looked into by `common.files.containers`.
"""

import unicodedata
from enum import StrEnum
from pathlib import PurePath
from typing import BinaryIO

from common.files.containers import (
    OLE_START,
    ZIP_START,
    FileRefusedError,
    check_pdf,
    ole_content,
    zip_content,
)

NAME_LENGTH = 200
_HEAD = 4096


class FileKind(StrEnum):
    """What may be kept. The value is the usual extension."""

    PDF = "pdf"
    DOC = "doc"
    DOCX = "docx"
    XLS = "xls"
    XLSX = "xlsx"
    JPG = "jpg"
    PNG = "png"
    OFD = "ofd"
    ZIP = "zip"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def content_type(self) -> str:
        """Its media type, as the answer to a download names it."""
        return _CONTENT_TYPES[self]


_LABELS = {
    "pdf": "PDF文件",
    "doc": "Word 97－2003文档",
    "docx": "Word文档",
    "xls": "Excel 97－2003工作簿",
    "xlsx": "Excel工作簿",
    "jpg": "JPG图片",
    "png": "PNG图片",
    "ofd": "OFD文件",
    "zip": "ZIP压缩包",
}
_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_CONTENT_TYPES = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": f"{_OPEN_XML}wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": f"{_OPEN_XML}spreadsheetml.sheet",
    "jpg": "image/jpeg",
    "png": "image/png",
    "ofd": "application/ofd",
    "zip": "application/zip",
}
EXTENSIONS = {f".{kind}": kind for kind in FileKind} | {".jpeg": FileKind.JPG}
ACCEPT = ",".join(EXTENSIONS)
"""For the attribute of a file input."""

ALLOWED = "pdf、doc、docx、xls、xlsx、jpg、png、ofd、zip"

_PROGRAM, _PAGE, _MOVIE = "程序", "网页", "视频"
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", FileKind.PDF),
    (b"\xff\xd8\xff", FileKind.JPG),
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
    (b"MZ", _PROGRAM),
    (b"\x7fELF", _PROGRAM),
    (b"\xca\xfe\xba\xbe", _PROGRAM),
    (b"#!", _PROGRAM),
    (b"GIF8", "GIF图片"),
    (b"BM", "BMP图片"),
    (b"II*\x00", "TIFF图片"),
    (b"MM\x00*", "TIFF图片"),
    (b"Rar!", "RAR压缩包"),
    (b"7z\xbc\xaf", "7z压缩包"),
    (b"\x1f\x8b", "GZ压缩包"),
    (b"PK\x05\x06", "空的压缩包"),
    (b"{\\rtf", "RTF文档"),
)
_PAGE_STARTS = (b"<html", b"<!doctype html", b"<table", b"<head", b"<meta", b"mime-version")
_OPENABLE = {_PAGE, "XML文件", "RTF文档", "ODF文档", "文本", "Word模板", "Excel模板"}
_PICTURES = {"GIF图片", "BMP图片", "TIFF图片", "HEIC图片", "WEBP图片"}
_ARCHIVES = {"RAR压缩包", "7z压缩包", "GZ压缩包"}
_MACRO_EXTENSIONS = {".docm": "docx", ".dotm": "docx", ".xlsm": "xlsx", ".xltm": "xlsx"}


def checked_kind(stream: BinaryIO, filename: str) -> FileKind:
    """The kind of a file whose name and content agree; raises FileRefusedError with a sentence.

    The stream has to be seekable and is left at its start.
    """
    extension = PurePath(filename).suffix.lower()
    named = EXTENSIONS.get(extension)
    if named is None:
        raise FileRefusedError("type", _unwanted(extension))
    try:
        found = _content(stream)
    finally:
        stream.seek(0)
    if found != named:
        raise FileRefusedError("renamed", _disagreement(extension, named, found))
    return named


def clean_name(filename: str) -> str:
    """The name without folders and without characters that hide what it is, its end kept.

    Marks that turn the direction of writing make “cod.exe” out of “exe.doc”.
    """
    last = filename.replace("\\", "/").rpartition("/")[2]
    shown = "".join(
        c for c in last if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}
    )
    plain = unicodedata.normalize("NFC", shown).strip(" .")
    suffix = PurePath(plain).suffix
    return plain if len(plain) <= NAME_LENGTH else plain[: NAME_LENGTH - len(suffix)] + suffix


def _content(stream: BinaryIO) -> str:
    """A FileKind, or the name of something that is not kept."""
    stream.seek(0)
    head = stream.read(_HEAD)
    if not head.strip(b"\x00 \t\r\n"):
        raise FileRefusedError("empty", "文件是空的，没有任何内容，检查后重新选择。")
    if head.startswith(OLE_START):
        return ole_content(stream)
    if head.startswith(ZIP_START):
        return zip_content(stream)
    kind = _by_first_bytes(head)
    if kind == FileKind.PDF:
        check_pdf(stream)
    return kind


def _by_first_bytes(head: bytes) -> str:
    start = head.lstrip(b"\xef\xbb\xbf\x00 \t\r\n")
    for signature, name in _SIGNATURES:
        if start.startswith(signature):
            return name
    if head[4:8] == b"ftyp":
        return "HEIC图片" if head[8:12] in {b"heic", b"heix", b"mif1", b"msf1"} else _MOVIE
    if head.startswith(b"RIFF"):
        return "WEBP图片" if head[8:12] == b"WEBP" else _MOVIE
    if start.lower().startswith(_PAGE_STARTS):
        return _PAGE
    if start.startswith(b"<?xml"):
        return "XML文件"
    return "" if b"\x00" in head else "文本"


def _unwanted(extension: str) -> str:
    if extension in _MACRO_EXTENSIONS:
        plain = _MACRO_EXTENSIONS[extension]
        return f"不能上传带宏的{extension}文件，在WPS或Office中另存为.{plain}后重新上传。"
    if extension in {".rar", ".7z", ".gz", ".tar"}:
        return f"不能上传{extension}文件，解压后重新压缩成.zip再上传。"
    if extension in {".et", ".wps", ".ods", ".odt", ".csv", ".rtf", ".txt"}:
        return f"不能上传{extension}文件，在WPS或Office中另存为.docx、.xlsx或PDF后重新上传。"
    named = f"{extension}文件" if extension else "没有扩展名的文件"
    return f"不能上传{named}，可以上传的有{ALLOWED}。"


def _disagreement(extension: str, named: FileKind, found: str) -> str:
    if not found:
        return f"扩展名是{extension}，内容不是{named.label}，在电脑上确认能打开后重新上传。"
    label = FileKind(found).label if found in set(FileKind) else found
    return f"扩展名是{extension}，内容不是{named.label}，而是{label}，{_advice(named, found)}"


def _advice(named: FileKind, found: str) -> str:
    if found in set(FileKind):
        return f"把扩展名改成.{found}后重新上传。"
    if found in _OPENABLE:
        return f"在WPS或Office中打开，另存为.{_modern(named)}后重新上传。"
    if found in _PICTURES:
        return "另存为.jpg或.png后重新上传。"
    if found in _ARCHIVES:
        return "解压后重新压缩成.zip再上传。"
    return "另存为PDF后重新上传。" if found == "演示文稿" else "不能上传。"


def _modern(named: FileKind) -> str:
    return {FileKind.XLS: "xlsx", FileKind.DOC: "docx"}.get(named, named.value)
