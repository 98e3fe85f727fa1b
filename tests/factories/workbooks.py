"""Workbooks of the tests: made by hand, and bent as office programs and people bend them."""

import datetime
import io
import re
import zipfile
from decimal import Decimal

from reporting.workbooks.rules.book import Book, Row
from reporting.workbooks.rules.layout import SHEET_OF

TOKEN = "kf1:jtj:2026Q3:" + "0f" * 16 + ":signature"
AT = datetime.datetime(2026, 11, 27, 16, 50, tzinfo=datetime.UTC)
REFERENCES = {
    "target": {
        "unit": "%", "goal": "2025年 ≥75%", "last": Decimal("77.90"),
        "required": Decimal("75.00"), "period": "2026年第三季度",
    },
    "qualitative": {
        "unit": "", "goal": "方案没有数值目标", "last": "—", "required": "—",
        "period": "2026年第三季度",
    },
    "task": {"last_status": "正常推进", "last": "淘汰国三及以下营运柴油货车62辆。"},
    "contribution": {"lead": "区发改局", "last": "无配合事项"},
    "project": {"total": Decimal(32698), "last_status": "在建", "last": Decimal(29650)},
}  # fmt: skip


def row(form="target", code="T18", *, period="2026Q3", **fields):
    """One row of the workbook; its answers as `cells`."""
    kind = "target" if form == "qualitative" else form
    fields.setdefault("sheet", SHEET_OF[form])
    fields.setdefault("cells", {})
    if form == "target":
        fields.setdefault("decimals", 2)
    reference = {"code": code, "name": "纯电动公交车比例", **REFERENCES[form]}
    return Row(f"{period}:{kind}:{code}", form, reference=reference, **fields)


def book(*rows, **fields):
    """A workbook of these rows."""
    return Book(
        token=TOKEN, agency="区交通局", agency_full="长沙市开福区交通运输局",
        period="2026年第三季度", due="12月7日（周一）截止", by="王芳", at=AT,
        guide=(("怎么填", "只填黄色格。"),), rows=rows, **fields,
    )  # fmt: skip


def parts(data):
    """Name → content of the parts of a workbook."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(found):
    """The parts as a workbook again."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in found.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def part_of(found, sheet):
    """The name of the part that holds a sheet."""
    listed = found["xl/workbook.xml"].decode()
    relation = re.search(rf'<sheet name="{sheet}"[^>]*r:id="(\w+)"', listed)[1]
    relations = found["xl/_rels/workbook.xml.rels"].decode()
    known = next(one for one in re.findall(r"<Relationship [^>]*>", relations)
                 if f'Id="{relation}"' in one)  # fmt: skip
    return "xl/" + re.search(r'Target="([^"]+)"', known)[1]


def without_name(data):
    """WPS online: the defined name of the token is gone."""
    found = parts(data)
    text = found["xl/workbook.xml"].decode()
    found["xl/workbook.xml"] = re.sub(
        r'<definedName name="_kf_token">[^<]*</definedName>', "", text
    ).encode()
    return packed(found)


def without_property(data):
    """The properties of the document are gone, as after “检查文档”."""
    found = parts(data)
    del found["docProps/custom.xml"]
    for name in ("[Content_Types].xml", "_rels/.rels"):
        text = found[name].decode()
        found[name] = re.sub(r"<(Override|Relationship)[^>]*custom\.xml[^>]*/>", "", text).encode()
    return packed(found)


def without_sheet(data, sheet="_meta"):
    """A sheet is gone with all that leads to it."""
    found = parts(data)
    name = part_of(found, sheet)
    del found[name]
    found.pop(name.replace("worksheets/", "worksheets/_rels/") + ".rels", None)
    for other, pattern in (
        ("xl/workbook.xml", rf'<sheet name="{sheet}"[^>]*/>'),
        ("xl/workbook.xml", rf"<definedName name=\"列表_\w+\">{sheet}![^<]*</definedName>"),
        ("xl/_rels/workbook.xml.rels", rf"<Relationship[^>]*{name[3:]}[^>]*/>"),
        ("[Content_Types].xml", rf"<Override[^>]*{name}[^>]*/>"),
    ):
        found[other] = re.sub(pattern, "", found[other].decode()).encode()
    return packed(found)


def with_sheets_reversed(data):
    """The sheets in another order."""
    found = parts(data)
    text = found["xl/workbook.xml"].decode()
    sheets = re.findall(r"<sheet [^>]*/>", text)
    text = text.replace("".join(sheets), "".join(reversed(sheets)))
    # Names that belong to one sheet say so by its place.
    text = re.sub(r'<definedName name="_xlnm[^<]*</definedName>', "", text)
    found["xl/workbook.xml"] = text.encode()
    return packed(found)


def with_cells(data, sheet, change):
    """The sheet's lines changed by `change`: a list of lines, each a dict column → XML of its cell.

    Lines and columns are numbered anew from what `change` returns.
    """
    found = parts(data)
    name = part_of(found, sheet)
    text = found[name].decode()
    body = re.search(r"<sheetData>(.*)</sheetData>", text, re.S)[1]
    lines = []
    for line in re.findall(r"<row [^>]*?(?:/>|>.*?</row>)", body, re.S):
        cells = re.findall(r'(<c r="([A-Z]+)\d+"[^>]*?(?:/>|>.*?</c>))', line, re.S)
        lines.append({_place(letters): cell for cell, letters in cells})
    told = "".join(_line(number, cells) for number, cells in enumerate(change(lines), start=1))
    # What else refers to addresses would no longer fit.
    text = re.sub(r"<(mergeCells|dataValidations)\b.*?</\1>", "", text, flags=re.S)
    text = text.replace(body, told)
    found[name] = text.encode()
    return packed(found)


def with_column_inserted(data, sheet, at=2):
    """Somebody inserted a column of their own."""

    def change(lines):
        return [{place + (place >= at): cell for place, cell in cells.items()} for cells in lines]

    return with_cells(data, sheet, change)


def with_rows_sorted(data, sheet, first=3):
    """The items in the reverse order, the line below them last as before."""

    def change(lines):
        return [*lines[:first], *reversed(lines[first:-1]), lines[-1]]

    return with_cells(data, sheet, change)


def with_rows_added(data, sheet, *rows):
    """Lines at the end, each a list of texts."""

    def change(lines):
        added = [{place: _text(value) for place, value in enumerate(row)} for row in rows]
        return [*lines, *added]

    return with_cells(data, sheet, change)


def with_answers(data, sheet, answers):
    """Cells typed over: {(line, column): content}, both from 0.

    A str is a text, a number a number, a tuple a formula with its cached value (None: without one).
    """

    def change(lines):
        for (line, place), content in answers.items():
            lines[line][place] = _cell(content)
        return lines

    return with_cells(data, sheet, change)


def place_of(data, sheet, key, heading):
    """Line and column of a cell, from 0, by the key of its row and its heading."""
    from python_calamine import CalamineWorkbook

    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(data))
        .get_sheet_by_name(sheet)
        .to_python(skip_empty_area=False)
    )
    head = next(cells for cells in rows if "_key" in cells)
    keys = [cells[head.index("_key")] for cells in rows]
    column = next(n for n, text in enumerate(head) if str(text).startswith(heading))
    return keys.index(key), column


def answered(data, sheet, answers):
    """The workbook filled in: {(key, heading): content} as `with_answers` takes them."""
    places = {
        place_of(data, sheet, key, heading): content for (key, heading), content in answers.items()
    }
    return with_answers(data, sheet, places)


def _line(number, cells):
    told = "".join(
        re.sub(r'r="[A-Z]+\d+"', f'r="{_letters(place)}{number}"', cell, count=1)
        for place, cell in sorted(cells.items())
    )
    return f'<row r="{number}">{told}</row>'


def _cell(content):
    if isinstance(content, tuple):
        formula, cached = content
        value = "" if cached is None else f"<v>{_escaped(cached)}</v>"
        kind = ' t="str"' if isinstance(cached, str) else ""
        return f'<c r="A1"{kind}><f>{_escaped(formula)}</f>{value}</c>'
    if isinstance(content, str):
        return _text(content)
    return f'<c r="A1"><v>{content}</v></c>'


def _text(value):
    return f'<c r="A1" t="inlineStr"><is><t xml:space="preserve">{_escaped(value)}</t></is></c>'


def _escaped(value):
    return str(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _place(letters):
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _letters(place):
    letters, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
