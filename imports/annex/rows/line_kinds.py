"""What each row of a sheet is: data, a section, a total, a note, the header again, or nothing."""

import re
from enum import Enum

from common.quantities import is_missing, money_unit
from imports.annex.cells.grid import Grid
from imports.annex.cells.text import heading_of, leading_mark
from imports.annex.header.columns import usual_style
from imports.annex.header.header import Layout, header_at, is_label_like

_TOTAL = re.compile(
    r"(?:.{0,24}?(?:合计|小计|总计|共计|总合计|本页计|累计)|计|汇总)"
    r"(?:[:：]?\s*[（(]?\s*共?\s*\d*\s*[个项]?(?:项目|任务|工程)?\s*[)）]?)"
)
_NOTE = re.compile(
    r"(?:[*※]+\s*(?!\d)|(?:备\s*)?注\s*(?:[:：]|\d|[（(]|释|明|$)|说\s*明\s*[:：]|填表说明|附\s*注|资料来源|数据来源|指标解释|编制说明|另[:：]|(?:\[\d+\]|[①-⑳]).{12,}$)"
)
_FOOTER = re.compile(
    r"(?:填表|填报|制表|制单|编制|审核|审批|复核|批准|校对|打印)(?:人|单位|日期|时间|员)?\s*[:：]"
    r"|(?:单位)?(?:主要|分管)?(?:负责人|领导)(?:签字|签名)?\s*[:：（(]|(?:联系人|联系电话|日期|盖章)\s*[:：（(]|单位[（(](?:公章|盖章)[)）]"
    r"|第\s*\d+\s*页"
)
_UNIT_ROW = re.compile(r"(?:金额|投资|计量|货币|币种)?(?:计量)?单位\s*[:：]")
_TITLE = re.compile(
    r"(?:附件|附表|附录|附图|表)\s*[\d一二三四五六七八九十]{0,3}(?:[-—－]\d+)?\s*[:：、.\s]?"
)
_CODE = re.compile(r"[（(]?\s*(?:\d{1,2}|[A-Za-z]|[甲乙丙丁戊己庚]|[①-⑳])\s*(?:[=＝].*)?[)）]?")
_ARABIC = re.compile(r"[（(]?\s*[\d０-９]")
_HEADS_ITEMS = re.compile(
    r"\D{0,8}(?:名|号|任务|事项|工作|内容|举措|措施|单位|部门|主体|项目|工程|目标|领域|类|投资|年|业主)\D{0,6}"
)
_ENDS_AS_AGENCY = re.compile(r"(?:局|委|办|部|公司|集团|中心|街道|单位|部门|院|政府|镇|[)）])$")
_LONGEST_HEADING = 60
_LONG_SENTENCE = 30


class LineKind(Enum):
    BLANK = "blank"
    DATA = "data"
    CONTINUED = "continued"
    SECTION = "section"
    TOTAL = "total"
    NOTE = "note"
    PASSED = "passed"
    TITLE = "title"
    HEADER = "header"
    OTHER = "other"


def is_total(text: str) -> bool:
    """Whether a cell says 合计, 小计 or the like."""
    return len(text) <= 40 and "计" in text and _TOTAL.fullmatch(text) is not None


def is_note(text: str) -> bool:
    return _NOTE.match(text) is not None


def is_table_title(text: str) -> bool:
    """Whether a lone cell announces a table: 附件2, 附表3 and the like."""
    return _TITLE.match(text) is not None and text[:2] in ("附件", "附表", "附录", "附图")


class LineClassifier:
    """Tells the rows of one table apart, knowing its layout."""

    def __init__(self, grid: Grid, layout: Layout) -> None:
        self.grid = grid
        self.layout = layout
        self.item = layout.item
        self.number = layout.column("number")
        self.category = layout.column("category")
        self.evidence = self._evidence()
        self.leading = {
            column for column in (self.number, self.category, self.item) if column is not None
        }
        self.style = usual_style(grid, layout)
        self.noted = False

    def _evidence(self) -> tuple[int, ...]:
        """Columns that only rows of data fill."""
        columns = self.layout.columns
        names = ("lead", "responsible", "owners", "content", "years", "start_year", "end_year")
        found = tuple(column for name in names for column in columns.get(name, ()))
        return found or columns.get("total_investment_wan", ()) or (self.item,)

    def is_code_row(self, row: int) -> bool:
        """Whether a row only counts the columns: （1）（2）（3） or 甲乙1 2."""
        own = self.grid.own(row) if row < self.grid.height else []
        return len(own) >= 3 and all(_CODE.fullmatch(text) for _column, text in own)

    def kind(self, row: int) -> LineKind:
        values = self.grid.rows[row]
        item = values[self.item]
        beside = self.evidence[0]
        is_narrow = row not in self.grid.wide_rows and (
            beside == self.item or item != values[beside]
        )
        if item != "" and is_narrow and self._has_evidence(row):
            text = self.grid.text(row, self.item)
            if text:
                return self._kind_of_full(row, text)
        if self.grid.is_blank(row):
            return LineKind.BLANK
        return self._kind_of_unusual(row)

    def _has_evidence(self, row: int) -> bool:
        values = self.grid.rows[row]
        for column in self.evidence:
            value = values[column]
            if value != "" and (not isinstance(value, str) or value.strip()):
                return True
        return False

    def _kind_of_full(self, row: int, item: str) -> LineKind:
        if "计" in item and is_total(item):
            return LineKind.TOTAL
        for column in (self.number, self.category):
            if column is None or not isinstance(text := self.grid.rows[row][column], str):
                continue
            if "计" in text and is_total(self.grid.text(row, column)):
                return LineKind.TOTAL
        if _HEADS_ITEMS.fullmatch(item) and self._is_header(row):
            return LineKind.HEADER
        if self.noted and _FOOTER.search(item):
            return LineKind.PASSED
        if self.grid.is_from_above(row, self.item):
            return LineKind.CONTINUED
        return LineKind.DATA

    def _is_header(self, row: int) -> bool:
        """Whether the header comes again; a look at its neighbours spares most the full look."""
        texts = (self.grid.text(row, column) for column in self.evidence)
        return any(map(is_label_like, texts)) and header_at(self.grid, row) is not None

    def _kind_of_unusual(self, row: int) -> LineKind:
        own = self.grid.own(row)
        if not own:
            return LineKind.BLANK
        first = own[0][1]
        kind = self._kind_by_words(row, own, first)
        if kind is not None:
            return kind
        if len(own) >= 3 and all(text == first for _column, text in own):
            return self._heading_or_note(first)
        outside = [
            column
            for column, _text in own
            if self.layout.field_at(column)
            not in (None, "number", "category", "total_investment_wan")
            and column != self.item
        ]
        is_lone = len(own) == 1 and own[0][0] not in self.leading
        if is_lone and self._heads_a_section(*own[0]):
            return self._heading_or_note(first)
        if outside:
            return self._kind_with_evidence(row)
        if not any(column in self.leading for column, _text in own):
            investment = self.layout.column("total_investment_wan")
            lone = len(own) == 1 and own[0][0] != investment
            return self._kind_of_lone(row, *own[0]) if lone else LineKind.OTHER
        return self._kind_of_leading(row, own)

    def _kind_by_words(self, row: int, own: list[tuple[int, str]], first: str) -> LineKind | None:
        if any(
            is_total(text) for column, text in own if column in self.leading or column == own[0][0]
        ):
            return LineKind.TOTAL
        if len(own) >= 2 and header_at(self.grid, row) is not None:
            return LineKind.HEADER
        if is_note(first):
            self.noted = True
            return LineKind.NOTE
        if len(own) == 1 and is_table_title(first):
            return LineKind.TITLE
        if (
            any(_UNIT_ROW.match(text) and money_unit(text) for _column, text in own)
            and len(own) <= 2
        ):
            return LineKind.PASSED
        if any(_FOOTER.match(text) for _column, text in own) and self.item != own[0][0]:
            return LineKind.PASSED
        if _FOOTER.match(first):
            return LineKind.PASSED
        return None

    def _kind_with_evidence(self, row: int) -> LineKind:
        if self.grid.text(row, self.item) and self.grid.is_from_above(row, self.item):
            return LineKind.CONTINUED
        return LineKind.DATA

    def _kind_of_lone(self, row: int, column: int, text: str) -> LineKind:
        """A single cell outside the leading columns, or merged over the whole row."""
        merged = self.grid.merged_at(row, column)
        if merged is None or merged.left > self.item or merged.right < self.item:
            return LineKind.OTHER
        return self._heading_or_note(text)

    def _kind_of_leading(self, row: int, own: list[tuple[int, str]]) -> LineKind:
        """Only leading columns are filled, perhaps with a subtotal beside them."""
        texts = dict(own)
        merged_over = self._text_merged_over_item(row, own)
        item = texts.get(self.item) or merged_over or ""
        number = texts.get(self.number, "") if self.number is not None else ""
        if merged_over and self.item not in texts and number == merged_over:
            number = ""
        if not item:
            return self._kind_without_item(number, texts)
        if self.grid.is_from_above(row, self.item):
            return LineKind.CONTINUED
        if number and not is_missing(number):
            heads = heading_of(f"{number}、x").style not in ("1.", "(1)", "1)", "1.1", "①", "")
            return LineKind.SECTION if heads and not _ARABIC.match(number) else LineKind.DATA
        if merged_over and self._is_over_evidence(row):
            return self._heading_or_note(item)
        if self._is_numbered_title(item) or (not merged_over and self._is_bare_task(item)):
            return LineKind.DATA
        return self._heading_or_note(item)

    def _heads_a_section(self, column: int, text: str) -> bool:
        """A lone cell in a column of another field: a heading typed into the first column."""
        heading = heading_of(text)
        if heading.style in ("cn", "(cn)") or heading.declared is not None:
            return True
        first = min(column for column, parts in self.layout.labels.items() if parts)
        return column <= first and not _ENDS_AS_AGENCY.search(text) and not _ARABIC.match(text)

    def _text_merged_over_item(self, row: int, own: list[tuple[int, str]]) -> str | None:
        merged = self.grid.merged_at(row, self.item)
        if merged is None or merged.left == merged.right or merged.top < row:
            return None
        return next((text for column, text in own if column == merged.left), None)

    def _is_over_evidence(self, row: int) -> bool:
        merged = self.grid.merged_at(row, self.item)
        return merged is not None and any(
            merged.left <= column <= merged.right for column in self.evidence
        )

    def _is_numbered_title(self, item: str) -> bool:
        """A title whose mark is of the kind that the titles here bear, though nobody is named."""
        mark = leading_mark(item)
        return mark is not None and mark.style == self.style and not self.noted

    def _is_bare_task(self, item: str) -> bool:
        """A task that names nobody, where headings have a column of their own before the titles."""
        if self.layout.kind != "tasks" or self.category is None or self.category > self.item:
            return False
        heading = heading_of(item)
        return heading.style not in ("cn", "(cn)") and heading.declared is None and not self.noted

    def _kind_without_item(self, number: str, texts: dict[int, str]) -> LineKind:
        category = texts.get(self.category, "") if self.category is not None else ""
        if category and not _ARABIC.match(number):
            return self._heading_or_note(category)
        if number and not category and not _is_bare_number(number):
            return self._heading_or_note(number)
        return LineKind.DATA

    def _heading_or_note(self, text: str) -> LineKind:
        is_sentence = len(text) > _LONG_SENTENCE and text.endswith(("。", "；"))
        if self.noted and (is_sentence or _ARABIC.match(text)):
            return LineKind.NOTE
        if len(text) > _LONGEST_HEADING or is_sentence:
            return LineKind.OTHER
        return LineKind.SECTION


def _is_bare_number(text: str) -> bool:
    return (
        re.fullmatch(r"[（(]?\s*[\d０-９]{1,4}(?:[.．\-]\d{1,2})*\s*[)）]?[.．、]?", text)
        is not None
    )
