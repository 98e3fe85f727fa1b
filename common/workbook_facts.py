"""What a worksheet's XML says beyond its values: formulas, errors, hidden rows, true extent."""

import html
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from common.workbook_files import read_part

Position = tuple[int, int]

_SHEET = re.compile(rb"<(?:\w+:)?sheet\b([^>]*)>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b([^>]*)>")
_ATTRIBUTE = re.compile(r"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_WIDE = re.compile(rb'r="(?:[A-Z]{2,3}\d|[A-Z]?\d{6})')
_UNPLACED_CELL = re.compile(rb'<c(?!ol|onditional| r=")')
_UNPLACED_ROW = re.compile(rb'<row(?! r="|Breaks)')
_TAG = re.compile(rb"<(?:\w+:)?(row|c|f|v|is)\b([^>]*)>")
_CELL = re.compile(
    rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>([^<]*(?:<(?!/?(?:\w+:)?c\b)[^<]*)*)</(?:\w+:)?c>)"
)
_POSITION = re.compile(rb"\br\s*=\s*[\"']([A-Z]{0,3})(\d{1,7})[\"']")
_HIDDEN = re.compile(rb"\bhidden\s*=\s*[\"'](?:1|true)[\"']")
_ERROR_TYPE = re.compile(rb"\bt\s*=\s*[\"']e[\"']")
_TEXT_TYPE = re.compile(rb"\bt\s*=\s*[\"']str[\"']")
_CELL_TEXT = re.compile(rb"([^<]*)")
_NEEDLES = (b"<f", b't="e"', b"='", b" hidden=")


@dataclass(frozen=True)
class SheetFacts:
    """Positions are (row, column), both from 0; the extent counts cells that hold something.

    `far_cells` counts those that were left out as stray.
    """

    height: int | None = None
    width: int | None = None
    errors: Mapping[Position, str] = field(default_factory=dict)
    formulas: frozenset[Position] = frozenset()
    unsaved_formulas: frozenset[Position] = frozenset()
    hidden_rows: frozenset[int] = frozenset()
    far_cells: int = 0


PLAIN_SHEET = SheetFacts()


def sheet_paths(archive: zipfile.ZipFile) -> list[str]:
    """The parts of the workbook's sheets in their order in the workbook."""
    relations = {
        attributes.get("Id", ""): attributes.get("Target", "")
        for attributes in _tags(_RELATION, read_part(archive, "xl/_rels/workbook.xml.rels"))
    }
    sheets = _tags(_SHEET, read_part(archive, "xl/workbook.xml"))
    targets = [relations.get(_relation_id(sheet), "") for sheet in sheets]
    return [posixpath.normpath(posixpath.join("/xl", target)).lstrip("/") for target in targets]


def _tags(pattern: re.Pattern[bytes], xml: bytes) -> Iterator[dict[str, str]]:
    for found in pattern.finditer(xml):
        text = found[1].decode("utf-8", "replace")
        yield {name: html.unescape(one or two) for name, one, two in _ATTRIBUTE.findall(text)}


def _relation_id(sheet: Mapping[str, str]) -> str:
    return next((value for name, value in sheet.items() if name.endswith(":id")), "")


def sheet_facts(xml: bytes) -> SheetFacts:
    """Facts of one worksheet; plain sheets, by far the most, cost a few byte searches."""
    return _scanned(xml) if _is_unusual(xml) else PLAIN_SHEET


def _is_unusual(xml: bytes) -> bool:
    if b"<sheetData" not in xml or any(needle in xml for needle in _NEEDLES):
        return True
    return any(pattern.search(xml) for pattern in (_UNPLACED_ROW, _UNPLACED_CELL, _WIDE))


@dataclass
class _Scan:
    row: int = -1
    column: int = -1
    is_error: bool = False
    is_text: bool = False
    bottom: int = -1
    right: int = -1
    errors: dict[Position, str] = field(default_factory=dict)
    formulas: set[Position] = field(default_factory=set)
    saved: set[Position] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)

    def enter_row(self, attributes: bytes) -> None:
        found = _POSITION.search(attributes)
        self.row = int(found[2]) - 1 if found else self.row + 1
        self.column = -1
        if _HIDDEN.search(attributes):
            self.hidden_rows.add(self.row)

    def enter_cell(self, attributes: bytes) -> None:
        found = _POSITION.search(attributes)
        if found:
            self.row, self.column = int(found[2]) - 1, _column_index(found[1])
        else:
            self.column += 1
        self.is_error = _ERROR_TYPE.search(attributes) is not None
        self.is_text = _TEXT_TYPE.search(attributes) is not None

    def enter_content(self, tag: bytes, text: bytes) -> None:
        here = (self.row, self.column)
        self.bottom = max(self.bottom, self.row)
        self.right = max(self.right, self.column)
        if tag == b"f":
            self.formulas.add(here)
        elif self.is_error:
            self.errors[here] = html.unescape(text.decode("utf-8", "replace"))
            self.saved.add(here)
        elif text or self.is_text or tag == b"is":
            self.saved.add(here)


def _scanned(xml: bytes) -> SheetFacts:
    scan = _Scan()
    for found in _TAG.finditer(xml):
        tag, attributes = found[1], found[2]
        if tag == b"row":
            scan.enter_row(attributes)
        elif tag == b"c":
            scan.enter_cell(attributes)
        else:
            text = _CELL_TEXT.match(xml, found.end())
            closed = attributes.endswith(b"/")
            scan.enter_content(tag, b"" if closed or text is None else text[1].strip())
    return SheetFacts(
        height=scan.bottom + 1,
        width=scan.right + 1,
        errors=scan.errors,
        formulas=frozenset(scan.formulas),
        unsaved_formulas=frozenset(scan.formulas - scan.saved),
        hidden_rows=frozenset(scan.hidden_rows),
    )


def without_far_cells(xml: bytes, height: int, width: int) -> tuple[bytes, int]:
    """The sheet without the cells outside a block from A1, and how many held something."""
    dropped = 0

    def kept(found: re.Match[bytes]) -> bytes:
        nonlocal dropped
        place = _POSITION.search(found[1])
        if place is None or (int(place[2]) <= height and _column_index(place[1]) < width):
            return found[0]
        dropped += found[2] is not None and b"<" in found[2]
        return b""

    return _CELL.sub(kept, xml), dropped


def _column_index(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    return index - 1
