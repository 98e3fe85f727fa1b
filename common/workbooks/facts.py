"""What a worksheet's XML says beyond its values: formulas, errors, hidden rows, true extent."""

import html
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from common.workbooks.files import read_part

Position = tuple[int, int]

_SHEET = re.compile(rb"<(?:\w+:)?sheet\b([^>]*)>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b([^>]*)>")
_ATTRIBUTE = re.compile(r"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_UNUSUAL_CELL = re.compile(rb'<c(?! r="[A-Z]?\d{1,5}"|ol|onditional)')
_UNUSUAL_ROW = re.compile(rb'<row(?! r="\d{1,5}"|Breaks)')
_TAG = re.compile(rb"<(?:\w+:)?(row|c|f|v|is)\b([^>]*)>")
_CELL = re.compile(
    rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>([^<]*(?:<(?!/?(?:\w+:)?c\b)[^<]*)*)</(?:\w+:)?c>)"
)
_POSITION = re.compile(rb"\br\s*=\s*[\"']([A-Z]{0,3})(\d{1,7})[\"']")
_HIDDEN = re.compile(rb"\bhidden\s*=\s*[\"'](?:1|true)[\"']")
_ERROR_TYPE = re.compile(rb"\bt\s*=\s*[\"']e[\"']")
_TEXT_TYPE = re.compile(rb"\bt\s*=\s*[\"']str[\"']")
_CELL_TEXT = re.compile(rb"([^<]*)")
_SPECIAL_CELL = re.compile(rb'<c ([^>]*)>(?=<f)|<c ([^>]*\bt="e"[^>]*)>')
_CELL_END = re.compile(rb"</c>|<c ")
_HIDDEN_ROW = re.compile(rb"<row ([^>]*\bhidden=[^>]*)>")
_NEEDLES = (b"<f", b't="e"', b" hidden=")


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
    if _is_unusual(xml):
        return _scanned(xml)
    return _picked(xml) if any(needle in xml for needle in _NEEDLES) else PLAIN_SHEET


def _is_unusual(xml: bytes) -> bool:
    """Whether cells may lie anywhere: far off, without a place, or in another spelling of XML."""
    return (
        b"<sheetData" not in xml
        or b"='" in xml
        or _UNUSUAL_ROW.search(xml) is not None
        or _UNUSUAL_CELL.search(xml) is not None
    )


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

    def enter(self, xml: bytes, start: int, end: int) -> None:
        """Follow the tags of a stretch of the sheet."""
        for found in _TAG.finditer(xml, start, end):
            tag, attributes = found[1], found[2]
            if tag == b"row":
                self.enter_row(attributes)
            elif tag == b"c":
                self.enter_cell(attributes)
            else:
                text = _CELL_TEXT.match(xml, found.end())
                closed = attributes.endswith(b"/")
                self.enter_content(tag, b"" if closed or text is None else text[1].strip())

    def facts(self) -> SheetFacts:
        return SheetFacts(
            errors=self.errors,
            formulas=frozenset(self.formulas),
            unsaved_formulas=frozenset(self.formulas - self.saved),
            hidden_rows=frozenset(self.hidden_rows),
        )


def _picked(xml: bytes) -> SheetFacts:
    """Only the formulas, errors and hidden rows of a sheet that is written as usual."""
    scan = _Scan()
    for found in _HIDDEN_ROW.finditer(xml):
        scan.enter_row(found[1])
    for found in _SPECIAL_CELL.finditer(xml):
        end = _CELL_END.search(xml, found.end())
        scan.enter(xml, found.start(), end.start() if end else len(xml))
    return scan.facts()


def _scanned(xml: bytes) -> SheetFacts:
    scan = _Scan()
    scan.enter(xml, 0, len(xml))
    return replace(scan.facts(), height=scan.bottom + 1, width=scan.right + 1)


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
