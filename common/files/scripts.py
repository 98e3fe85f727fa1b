"""What a document would do by itself when it is opened.

Scripts and programs in PDF files; templates and other contents that Office documents fetch.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from xml.etree import ElementTree

_MOST_RELATIONS = 4 * 1024 * 1024
_MOST_INFLATED = 64 * 1024 * 1024
_LINKS = {"hyperlink", "externallinkpath", "xlpathmissing", "xlstartup"}
"""What is only fetched when the reader asks for it."""

_REMOTE = re.compile(
    r"(?:https?|ftps?|mhtml|ldap):|(?:file:/{0,5})?(?:\\\\|%5c%5c)|//|file://[^/\\]", re.IGNORECASE
)
_REMOTE_IN_DOC = re.compile(
    rb"h\0t\0t\0p\0(?:s\0)?:\0/\0|\\\0\\\0(?:[^\0]\0){1,255}?\.\0d\0o\0t\0", re.IGNORECASE
)
_OBJECT = re.compile(rb"\d\s+\d+\s+obj")
_BEFORE = 4096
_STREAM = re.compile(rb"(?<!end)stream\r?\n")


def _name(word: str) -> bytes:
    """A name in a PDF, each letter of which may be written as #4a."""
    letters = (b"(?:%c|#%02x)" % (ord(letter), ord(letter)) for letter in word)
    return b"/" + b"".join(letters) + rb"(?![^\x00\s()<>\[\]{}/%])"


_ACTS = re.compile(b"|".join(map(_name, ("JavaScript", "Launch", "XFA"))), re.IGNORECASE)
_FIRST = re.compile(_name("First"), re.IGNORECASE)
_CODED = re.compile(b"|".join(map(_name, ("Filter", "F"))), re.IGNORECASE)
_SHIFTED = re.compile(b"|".join(map(_name, ("DecodeParms", "DP"))), re.IGNORECASE)


class UnreadableError(Exception):
    """Part of a document cannot be looked into."""


def pdf_acts(data: bytes) -> bool:
    """True for a PDF with scripts or programs to start. Raise UnreadableError for hidden objects.

    Objects may be packed in streams; a stream of pages or pictures holds none.
    """
    return bool(_ACTS.search(data)) or any(_ACTS.search(found) for found in _packed_objects(data))


def fetches(archive: zipfile.ZipFile) -> bool:
    """True for an Open XML package that fetches something from elsewhere when it is opened."""
    for part in archive.infolist():
        if part.filename.lower().endswith(".rels"):
            if part.file_size > _MOST_RELATIONS:
                raise UnreadableError
            if any(_is_fetched(row) for row in _relations(archive.read(part))):
                return True
    return False


def doc_fetches(table: bytes) -> bool:
    """True for the table stream of a Word 97 document whose template is elsewhere."""
    return bool(_REMOTE_IN_DOC.search(table))


def _relations(data: bytes) -> Iterator[dict[str, str]]:
    try:
        root = ElementTree.fromstring(data)  # noqa: S314 # expat bounds entities
    except ElementTree.ParseError as error:
        raise UnreadableError from error
    return (row.attrib for row in root.iter())


def _is_fetched(row: dict[str, str]) -> bool:
    kind = row.get("Type", "").rpartition("/")[2].lower()
    is_outside = row.get("TargetMode", "").lower() == "external"
    return is_outside and kind not in _LINKS and bool(_REMOTE.match(row.get("Target", "").strip()))


def _packed_objects(data: bytes) -> Iterator[bytes]:
    """The streams that hold objects, unpacked; what stands before a stream says whether it does."""
    for found in _STREAM.finditer(data):
        before = data[max(0, found.start() - _BEFORE) : found.start()]
        if not _FIRST.search(before):
            continue
        own = _OBJECT.split(before)[-1]
        unpacked = _inflated(data, found.end())
        is_certain = _FIRST.search(own) and _CODED.search(own)
        if is_certain and (not unpacked or _SHIFTED.search(own)):
            raise UnreadableError
        yield unpacked


def _inflated(data: bytes, start: int) -> bytes:
    """What can be unpacked from here; viewers, too, show what comes before a fault."""
    parts: list[bytes] = []
    packer, size = zlib.decompressobj(), 0
    rest = memoryview(data)[start:]
    for place in range(0, len(rest), 4096):
        kept, chunk = packer.copy(), rest[place : place + 4096]
        try:
            part = packer.decompress(chunk)
        except zlib.error:
            parts += _to_the_fault(kept, chunk)
            break
        parts.append(part)
        size += len(part)
        if size > _MOST_INFLATED:
            raise UnreadableError
        if packer.eof:
            break
    return b"".join(parts)


def _to_the_fault(packer: "zlib._Decompress", chunk: memoryview) -> Iterator[bytes]:
    with suppress(zlib.error):
        for place in range(len(chunk)):
            yield packer.decompress(chunk[place : place + 1])
