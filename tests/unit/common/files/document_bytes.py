"""Documents for the tests of uploads, made byte by byte: good ones of each kind, spoilt ones."""

import io
import struct
import zipfile
from collections.abc import Mapping

SECTOR = 512
FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(64) + b"\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(17)
PROGRAM = b"MZ\x90\x00" + bytes(200)

_MAIN = {
    "docx": ("word/document.xml", "openxmlformats-officedocument.wordprocessingml.document.main"),
    "xlsx": ("xl/workbook.xml", "openxmlformats-officedocument.spreadsheetml.sheet.main"),
    "pptx": (
        "ppt/presentation.xml",
        "openxmlformats-officedocument.presentationml.presentation.main",
    ),
    "docm": ("word/document.xml", "ms-word.document.macroEnabled.main"),
    "xlsm": ("xl/workbook.xml", "ms-excel.sheet.macroEnabled.main"),
    "dotx": ("word/document.xml", "openxmlformats-officedocument.wordprocessingml.template.main"),
}


def packed(parts: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return stream.getvalue()


def open_xml(kind: str, more: Mapping[str, bytes] | None = None) -> bytes:
    """A document of Office 2007 and later with hardly any content."""
    name, main = _MAIN[kind]
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/{name}" ContentType="application/vnd.{main}+xml"/></Types>'
    )
    return packed({"[Content_Types].xml": types.encode(), name: b"<x/>", **(more or {})})


def ofd() -> bytes:
    return packed({"OFD.xml": b"<ofd:OFD/>", "Doc_0/Document.xml": b"<x/>"})


def ole(*names: str, first: bytes = b"") -> bytes:
    """A container of Office 97 with streams of these names; `first` is how the first one begins.

    Names with a slash stand in a storage.
    """
    content = first.ljust(4096, b"\0")
    entries = [_entry("Root Entry", 5, child=1)]
    position = 1 + _directory_sectors(names)
    table = [TABLE, *_chain(1, _directory_sectors(names))]
    flat = [part for name in names for part in _parts(name)]
    data = b""
    for number, (name, is_storage) in enumerate(flat, 1):
        right = number + 1 if number < len(flat) and not is_storage else FREE
        if is_storage:
            entries.append(_entry(name, 1, child=number + 1))
            continue
        entries.append(_entry(name, 2, right=right, start=position, size=4096))
        table += _chain(position, 8)
        data += content if not data else bytes(4096)
        position += 8
    directory = b"".join(entries).ljust(_directory_sectors(names) * SECTOR, b"\0")
    fat = struct.pack(f"<{len(table)}I", *table).ljust(SECTOR, b"\xff")
    return _header() + fat + directory + data


def _parts(name: str) -> list[tuple[str, bool]]:
    *storages, last = name.split("/")
    return [*((storage, True) for storage in storages), (last, False)]


def _directory_sectors(names: tuple[str, ...]) -> int:
    return -(-(1 + sum(len(_parts(name)) for name in names)) // 4)


def _chain(start: int, length: int) -> list[int]:
    return [*range(start + 1, start + length), END]


def _header() -> bytes:
    start = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    fields = struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, END, 0, END, 0
    )
    return start + fields + struct.pack("<109I", 0, *[FREE] * 108)


def _entry(
    name: str, kind: int, *, right: int = FREE, child: int = FREE, start: int = END, size: int = 0
) -> bytes:
    label = name.encode("utf-16-le") + b"\0\0"
    head = label.ljust(64, b"\0") + struct.pack("<HBB", len(label), kind, 1)
    return (
        head + struct.pack("<III", FREE, right, child) + bytes(36) + struct.pack("<IQ", start, size)
    )


WORD_97 = ole("WordDocument", first=struct.pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0, 0, 0))
WORD_97_LOCKED = ole("WordDocument", first=struct.pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0, 0, 0x0100))
WORD_97_MACROS = ole(
    "WordDocument", "Macros/VBA/_VBA_PROJECT", first=struct.pack("<HHHHHH", 0xA5EC, 0, 0, 0, 0, 0)
)
_BOF = struct.pack("<HH", 0x0809, 16) + bytes(16)
EXCEL_97 = ole("Workbook", first=_BOF + struct.pack("<HH", 0x0042, 2) + bytes(2))
EXCEL_97_LOCKED = ole("Workbook", first=_BOF + struct.pack("<HH", 0x002F, 54))
LOCKED_OPEN_XML = ole("EncryptedPackage", "EncryptionInfo")


def good(extension: str) -> bytes:
    """A file of this kind that may be kept."""
    return {
        "pdf": PDF,
        "doc": WORD_97,
        "xls": EXCEL_97,
        "jpg": JPG,
        "jpeg": JPG,
        "png": PNG,
        "ofd": ofd(),
        "zip": packed({"现场照片/1.jpg": JPG, "说明.docx": open_xml("docx")}),
    }.get(extension) or open_xml(extension)


def locked_zip() -> bytes:
    """The mark of encryption in the directory and at the file itself."""
    data = bytearray(packed({"名册.pdf": PDF}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def bomb() -> bytes:
    return packed({"大.pdf": bytes(60_000_000)})
