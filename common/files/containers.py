"""What is inside a container (OLE, ZIP), and whether it is harmless, told from its directory."""

import shutil
import struct
import tempfile
import zipfile
import zlib
from pathlib import PurePath
from typing import BinaryIO, cast

import olefile

from common.files.scripts import UnreadableError, doc_fetches, fetches, pdf_acts

OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_START = b"PK\x03\x04"
MAX_PARTS = 4000
MAX_UNPACKED = 512 * 1024 * 1024
_BOMB_RATIO, _BOMB_FLOOR = 120, 24 * 1024 * 1024
_TYPES_PART, _TYPES_MOST = "[Content_Types].xml", 4 * 1024 * 1024

# Main content types of the Open XML formats: in the directory of parts, one a document.
_MAIN_TYPES: tuple[tuple[bytes, str], ...] = (
    (b"macroenabled", "macros"),
    (b"wordprocessingml.document.main+xml", "docx"),
    (b"spreadsheetml.sheet.main+xml", "xlsx"),
    (b"ms-excel.sheet.binary", "Excel二进制工作簿"),
    (b"wordprocessingml.template.main+xml", "Word模板"),
    (b"spreadsheetml.template.main+xml", "Excel模板"),
    (b"presentationml", "演示文稿"),
)
_PROGRAM_NAMES = {
    ".exe", ".dll", ".com", ".scr", ".pif", ".msi", ".bat", ".cmd", ".ps1", ".vbs", ".vbe", ".js",
    ".jse", ".wsf", ".hta", ".lnk", ".jar", ".apk", ".reg", ".sh", ".cpl", ".iso", ".url",
}  # fmt: skip
_IN_MEMORY = 8 * 1024 * 1024
_PROGRAM_STARTS = (b"MZ", b"\x7fELF", b"#!")
_MACRO_NAMES = {".docm", ".dotm", ".xlsm", ".xltm", ".xlam", ".pptm", ".xlsb"}
_ARCHIVE_NAMES = {".zip", ".rar", ".7z", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".cab"}
_ARCHIVE_STARTS = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
# what a spoilt container raises; RuntimeError also stands for a method of packing nobody knows
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError,
    IndexError, KeyError, UnreadableError,
)  # fmt: skip


class FileRefusedError(ValueError):
    """A file is not taken; the message is one Chinese sentence that says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def ole_content(stream: BinaryIO) -> str:
    """“doc”, “xls”, or the name of another document in the old container of Office."""
    try:
        with olefile.OleFileIO(stream) as ole:
            entries = [[part.lower() for part in path] for path in ole.listdir(storages=True)]
            return _ole_document(ole, {path[0] for path in entries}, entries)
    except FileRefusedError:
        raise
    except _BROKEN as error:
        raise _damaged() from error


def _ole_document(ole: olefile.OleFileIO, roots: set[str], entries: list[list[str]]) -> str:
    if "encryptedpackage" in roots:
        raise _encrypted()
    if any(path[-1] in {"_vba_project", "_vba_project_cur"} for path in entries):
        raise _macros()
    if "worddocument" in roots:
        flags = struct.unpack_from("<H", ole.openstream("WordDocument").read(12), 10)[0]
        if flags & 0x0100:
            raise _encrypted()
        table = "1Table" if flags & 0x0200 else "0Table"
        if table.lower() in roots and doc_fetches(ole.openstream(table).read()):
            raise _fetching()
        return "doc"
    book = next((name for name in ("Workbook", "Book") if name.lower() in roots), None)
    if book:
        if _needs_password(ole.openstream(book).read(4096)):
            raise _encrypted()
        return "xls"
    return "演示文稿" if "powerpoint document" in roots else ""


def _needs_password(records: bytes) -> bool:
    """FILEPASS stands right after the first record, or after the write protection behind it."""
    position = 0
    for _ in range(4):
        if position + 4 > len(records):
            return False
        kind, length = struct.unpack_from("<HH", records, position)
        if kind == 0x002F:
            return True
        position += 4 + length
    return False


def zip_content(stream: BinaryIO) -> str:
    """“docx”, “xlsx”, “ofd”, “zip”, or the name of another document that is packed this way."""
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
            _check_directory(parts, stream.seek(0, 2))
            return _zip_document(archive, {part.filename for part in parts})
    except FileRefusedError:
        raise
    except _BROKEN as error:
        raise _damaged() from error


def _check_directory(parts: list[zipfile.ZipInfo], size: int) -> None:
    """Refuse what is encrypted, unpacks to a multiple, or leads out of its folder."""
    if any(part.flag_bits & 0x1 for part in parts):
        raise _encrypted()
    unpacked = sum(part.file_size for part in parts)
    if (
        len(parts) > MAX_PARTS
        or unpacked > MAX_UNPACKED
        or (unpacked > _BOMB_FLOOR and unpacked > _BOMB_RATIO * size)
        or sum(part.compress_size for part in parts) > size  # parts that share their bytes
    ):
        raise FileRefusedError(
            "bomb", "文件解压后异常庞大，为保护系统没有存入，只留需要的内容后重新上传。"
        )
    for part in parts:
        steps = part.filename.replace("\\", "/").split("/")
        if ".." in steps or not steps[0] or ":" in steps[0]:
            raise FileRefusedError(
                "path", "压缩包里的文件路径越出了文件夹，没有存入，重新压缩后再上传。"
            )


def _zip_document(archive: zipfile.ZipFile, names: set[str]) -> str:
    if _TYPES_PART in names:
        return _open_xml(archive, names)
    if "OFD.xml" in names:
        return "ofd"
    if "mimetype" in names and archive.read("mimetype")[:24] == b"application/vnd.oasis.op":
        return "ODF文档"
    if names & {"META-INF/MANIFEST.MF", "AndroidManifest.xml"}:
        return "程序"
    for part in archive.infolist():
        _check_packed(archive, part)
    return "zip"


def _open_xml(archive: zipfile.ZipFile, names: set[str]) -> str:
    lower = {name.lower() for name in names}
    if any(name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/") for name in lower):
        raise _macros()
    if archive.getinfo(_TYPES_PART).file_size > _TYPES_MOST:
        raise _damaged()
    if fetches(archive):
        raise _fetching()
    types = archive.read(_TYPES_PART).lower()
    for mark, found in _MAIN_TYPES:
        if mark in types:
            if found == "macros":
                raise _macros()
            return found
    return ""


def _check_packed(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """One file of an archive: no program, no macros, no archive in the archive."""
    suffix = PurePath(part.filename).suffix.lower()
    shown = f"“{part.filename[-60:]}”"
    if suffix in _MACRO_NAMES:
        raise FileRefusedError("macros", f"压缩包里的{shown}带宏，另存为不带宏的文件后重新压缩。")
    start = b""
    if not part.is_dir():
        with archive.open(part) as packed:
            start = packed.read(4)
    if suffix in _PROGRAM_NAMES or start.startswith(_PROGRAM_STARTS):
        raise FileRefusedError("program", f"压缩包里的{shown}是程序，去掉后重新压缩再上传。")
    if suffix in _ARCHIVE_NAMES or start.startswith(_ARCHIVE_STARTS):
        raise FileRefusedError(
            "nested", f"压缩包里的{shown}也是压缩包，解压后和其他文件一起重新压缩再上传。"
        )
    try:
        _check_inside(archive, part, start)
    except FileRefusedError as refusal:
        raise FileRefusedError(refusal.code, f"压缩包里的{shown}：{refusal.message}") from refusal


def check_pdf(stream: BinaryIO) -> None:
    """Raise FileRefusedError for a PDF that does something by itself, or hides whether it does."""
    stream.seek(0)
    data = stream.read()
    try:
        acts = pdf_acts(data)
    except UnreadableError as error:
        raise (_encrypted() if b"/Encrypt" in data else _damaged()) from error
    if acts:
        raise FileRefusedError(
            "scripts", "PDF里带有脚本或会自动运行的动作，没有存入，打印成新的PDF后重新上传。"
        )


def _check_inside(archive: zipfile.ZipFile, part: zipfile.ZipInfo, start: bytes) -> None:
    """A document in an archive is held to the same as one by itself."""
    looks = {b"%PDF": check_pdf, OLE_START[:4]: ole_content, ZIP_START: zip_content}
    if look := looks.get(start):
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as copy:
            with archive.open(part) as packed:
                shutil.copyfileobj(packed, copy)
            copy.seek(0)
            look(cast("BinaryIO", copy))


def _fetching() -> FileRefusedError:
    return FileRefusedError(
        "remote",
        "文件打开时会自动从别处读取模板或内容，没有存入，在WPS或Office中断开这些链接、另存后重新上传。",
    )


def _encrypted() -> FileRefusedError:
    return FileRefusedError(
        "encrypted", "文件设了打开密码，审核时打不开，取消密码、保存后重新上传。"
    )


def _macros() -> FileRefusedError:
    return FileRefusedError(
        "macros", "文件带有宏，为安全起见不能存入，在WPS或Office中另存为不带宏的文件后重新上传。"
    )


def _damaged() -> FileRefusedError:
    return FileRefusedError("damaged", "文件不完整或已损坏，打不开，在电脑上确认能打开后重新上传。")
