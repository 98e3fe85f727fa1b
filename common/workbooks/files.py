"""Whether an uploaded file is what it says, and safe to open, told from its bytes alone."""

import io
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import PurePath

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 160 * 1024 * 1024
MAX_PART = 100 * 1024 * 1024
MAX_PARTS = 4000
_BOMB_RATIO, _BOMB_FLOOR = 120, 24 * 1024 * 1024
_PROLOG = 65536

_SAVE_AS = "请在WPS或Excel中打开，用“另存为”存成.xlsx工作簿后重新上传。"
_SEND_TABLE = "请上传.xlsx工作簿或.csv文件。"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"

_SIGNATURES = (
    (b"%PDF", "PDF文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"BM", "图片"),
    (b"II*\x00", "图片"),
    (b"RIFF", "图片或视频"),
    (b"Rar!", "RAR压缩包"),
    (b"7z\xbc\xaf", "7z压缩包"),
    (b"\x1f\x8b", "GZ压缩包"),
    (b"{\\rtf", "RTF文档"),
    (b"PK\x05\x06", "空的压缩包"),
    (b"MZ", "程序"),
    (b"\x7fELF", "程序"),
)
_ZIP_KINDS = (
    ("word/", "Word文档"),
    ("ppt/", "演示文稿"),
    ("content.xml", "ODF文档（.ods等）"),
    ("OFD.xml", "OFD文件"),
    ("xl/workbook.bin", "Excel二进制工作簿（.xlsb）"),
)
_MACRO_PARTS = ("vbaproject.bin", "xl/macrosheets/")


class WorkbookError(ValueError):
    """A file cannot be read; the message is one Chinese sentence that says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def checked_kind(data: bytes, filename: str) -> str:
    """“xlsx” or “csv”; raises WorkbookError for every other content or a misleading name."""
    if not data.strip(b"\x00 \t\r\n"):
        raise WorkbookError("empty_file", "文件是空的，没有任何内容，请检查后重新上传。")
    if len(data) > MAX_BYTES:
        raise WorkbookError(
            "too_large",
            f"文件有{len(data) / 1048576:.0f}MB，超过20MB的上限，"
            "请删去图片和无关的工作表后重新上传。",
        )
    extension = PurePath(filename).suffix.lower()
    kind = _kind_of_content(data)
    if kind == "csv" and extension not in (".csv", ".txt", ".tsv", ""):
        raise WorkbookError(
            "renamed", f"扩展名是{extension}，内容却是纯文本，不是Excel工作簿，{_SAVE_AS}"
        )
    if kind == "xlsx" and extension not in (".xlsx", ""):
        raise _misnamed_workbook(data, extension)
    return kind


def _misnamed_workbook(data: bytes, extension: str) -> WorkbookError:
    if extension in (".xlsm", ".xltm", ".xlam") and _has_macros(open_parts(data)):
        return _macros()
    return WorkbookError(
        "renamed",
        f"扩展名是{extension}，内容却是.xlsx工作簿，请把扩展名改成.xlsx，"
        "或在WPS、Excel中另存为.xlsx后重新上传。",
    )


def _kind_of_content(data: bytes) -> str:
    if data.startswith(_OLE):
        raise _ole_error(data)
    if data.startswith(_ZIP):
        return _kind_of_zip(data)
    for signature, name in _SIGNATURES:
        if data.startswith(signature) and _is_binary_or_certain(data, signature):
            raise WorkbookError("not_a_workbook", f"这是{name}，不是表格文件，{_SEND_TABLE}")
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(
        (b"<html", b"<!doctype", b"<table", b"<?xml", b"<head", b"<meta", b"mime-")
    ):
        raise WorkbookError(
            "not_a_workbook", f"这是网页或XML格式的表格，不是Excel工作簿，{_SAVE_AS}"
        )
    if b"\x00" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise WorkbookError("not_a_workbook", f"认不出这是什么文件，不像表格，{_SEND_TABLE}")
    return "csv"


def _is_binary_or_certain(data: bytes, signature: bytes) -> bool:
    """Two-letter signatures may begin an honest text; such a file is a text without NUL bytes."""
    return len(signature) > 2 or b"\x00" in data[:4096]


def _ole_error(data: bytes) -> WorkbookError:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return _encrypted()
    if "WordDocument".encode("utf-16-le") in data:
        return WorkbookError("not_a_workbook", f"这是旧版Word文档，不是表格文件，{_SEND_TABLE}")
    if "_VBA_PROJECT".encode("utf-16-le") in data:
        return _macros()
    return WorkbookError(
        "legacy_format", f"这是旧格式工作簿（.xls或.et），不能直接读入，{_SAVE_AS}"
    )


def _encrypted() -> WorkbookError:
    return WorkbookError(
        "encrypted", "工作簿设了打开密码，请在WPS或Excel中取消密码、保存后重新上传。"
    )


def _macros() -> WorkbookError:
    return WorkbookError(
        "macros",
        "工作簿带有宏，为安全起见不能读入，请在WPS或Excel中另存为不带宏的.xlsx工作簿后重新上传。",
    )


def _kind_of_zip(data: bytes) -> str:
    archive = open_parts(data)
    names = archive.namelist()
    if "xl/workbook.xml" in names:
        return "xlsx"
    for start, name in _ZIP_KINDS:
        if any(part.startswith(start) for part in names):
            raise WorkbookError("not_a_workbook", f"这是{name}，不是.xlsx工作簿，{_SAVE_AS}")
    raise WorkbookError(
        "not_a_workbook", "这是压缩包，不是.xlsx工作簿，请解压后上传里面的.xlsx工作簿。"
    )


def _damaged() -> WorkbookError:
    return WorkbookError(
        "damaged",
        "文件不完整或已损坏，打不开，请重新从来源处取得，"
        "在WPS或Excel中打开确认后另存为.xlsx再上传。",
    )


def open_parts(data: bytes) -> zipfile.ZipFile:
    """The zip container, after its directory has been found harmless."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, RuntimeError) as error:
        raise _damaged() from error
    parts = archive.infolist()
    if any(part.flag_bits & 0x1 for part in parts):
        raise _encrypted()
    unpacked = sum(part.file_size for part in parts)
    if (
        len(parts) > MAX_PARTS
        or unpacked > MAX_UNPACKED
        or max((part.file_size for part in parts), default=0) > MAX_PART
        or (unpacked > _BOMB_FLOOR and unpacked > _BOMB_RATIO * len(data))
    ):
        raise WorkbookError(
            "zip_bomb",
            "文件解压后异常庞大，为保护系统没有打开，"
            "请把需要的表格复制到一个新的工作簿，存成.xlsx后重新上传。",
        )
    if len({part.filename.lower() for part in parts}) < len(parts):
        raise _damaged()
    return archive


def check_parts(archive: zipfile.ZipFile) -> None:
    """Unpack every XML part once: sizes and checksums are true, no macros, no entity tricks.

    Worksheets are left to `read_part`, which checks the same.
    """
    if _has_macros(archive):
        raise _macros()
    for part in archive.infolist():
        name = part.filename.lower()
        if name.endswith((".xml", ".rels", ".vml")) and not name.startswith("xl/worksheets/sheet"):
            read_part(archive, part.filename)


def _has_macros(archive: zipfile.ZipFile) -> bool:
    names = [name.lower() for name in archive.namelist()]
    return any(mark in name for name in names for mark in _MACRO_PARTS)


def read_part(archive: zipfile.ZipFile, name: str) -> bytes:
    """One part, unpacked and checked; empty if the container has none of that name.

    Zipfile reads no more than the directory declares, which `open_parts` has limited.
    """
    try:
        xml = archive.read(name)
    except KeyError:
        return b""
    except (zipfile.BadZipFile, zlib.error, RuntimeError, OSError, EOFError) as error:
        raise _damaged() from error
    start = xml[:_PROLOG].lower()
    if b"<!doctype" in start or b"<!entity" in start:
        raise WorkbookError(
            "unsafe_xml", f"工作簿内部含有不应有的定义，为安全起见没有打开，{_SAVE_AS}"
        )
    return xml


def repacked(archive: zipfile.ZipFile, changed: Mapping[str, bytes]) -> bytes:
    """The same container with some parts exchanged."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as copy:
        for name in archive.namelist():
            copy.writestr(name, changed[name] if name in changed else archive.read(name))
    return stream.getvalue()
