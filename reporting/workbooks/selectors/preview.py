"""The preview of an uploaded workbook: what would be written, what asks, what is ignored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from agencies.models import User
from reporting.answers.rules.answers import TargetAnswers
from reporting.answers.rules.facts import Finding
from reporting.answers.selectors.checking import CheckedObligation, checked_by_key
from reporting.filling.selectors.evidence import EvidenceBlock, EvidenceFile
from reporting.filling.selectors.form_hints import unit_of
from reporting.models import Evidence, Obligation, WorkbookUpload
from reporting.periods.rules.thresholds import Thresholds
from reporting.periods.selectors.thresholds import thresholds
from reporting.workbooks.rules.book import CellPlace
from reporting.workbooks.rules.compare import ASKING, WRITTEN, Outcome
from reporting.workbooks.selectors.book import due_words
from reporting.workbooks.selectors.comparison import (
    ComparedCell,
    compared,
    uploaded_obligations,
)
from reporting.workbooks.selectors.preview_cells import PreviewCell
from reporting.workbooks.selectors.writing_plan import WritingPlan, with_reasons, writing_plan
from reporting.workbooks.selectors.written import is_undoable

OPEN_TAB, ALL_TAB = "todo", "all"
_NAMED = 3
UNPROVED = "W8"
"""The doubt about a value without a file is asked where files are attached."""

MOST_ROWS = 200
"""Beyond so many rows the list is shown by sheet."""


@dataclass(frozen=True)
class PreviewGroup:
    title: str
    note: str
    rows: tuple[PreviewCell, ...]


@dataclass(frozen=True)
class PreviewTab:
    key: str
    label: str
    count: int
    is_current: bool


@dataclass(frozen=True)
class AttachableItem:
    """An item that asks for files, and those that it has."""

    obligation: Obligation
    value: str
    block: EvidenceBlock
    unproved: PreviewCell | None
    """Asks why there is no file, while there is none."""


@dataclass(frozen=True)
class PreviewPage:
    """The page of one upload at the moment it is looked at."""

    upload: WorkbookUpload
    cells: tuple[ComparedCell, ...]
    plan: WritingPlan
    checked: Mapping[int, CheckedObligation]
    after: Mapping[int, CheckedObligation]
    limits: Thresholds
    tab: str
    sheet: str

    @cached_property
    def counts(self) -> dict[str, int]:
        """Outcome → number of cells; locked ones count apart."""
        found = dict.fromkeys((one.value for one in Outcome), 0)
        for cell in self.cells:
            if cell.outcome == Outcome.LOCKED or not cell.lock:
                found[cell.outcome] += 1
        return found

    @property
    def fillable(self) -> int:
        """The number of cells that may be filled in."""
        return sum(not cell.lock for cell in self.cells)

    @property
    def is_unedited(self) -> bool:
        """Whether the file says nothing new: nothing is written, nothing asked."""
        return not any(cell.outcome in {*WRITTEN, *ASKING} for cell in self.cells)

    @cached_property
    def doubts(self) -> tuple[PreviewCell, ...]:
        """Doubts and errors about what would be written, at the cells that raise them."""
        return tuple(
            PreviewCell(cell, self.plan, found)
            for pk, one in self.after.items()
            for found in (*_errors(one, self.plan.edits[pk]), *one.open_doubts)
            if found.code != UNPROVED and (cell := self._cell_at(pk, found.field)) is not None
        )

    def _cell_at(self, pk: int, name: str) -> ComparedCell | None:
        own = [cell for cell in self.plan.cells if cell.obligation.pk == pk and not cell.lock]
        written = [cell for cell in own if cell.key in self.plan.written]
        at = [cell for cell in written if name in cell.names]
        return next(iter(at or written or own), None)

    @property
    def writable(self) -> int:
        """How many cells the button writes."""
        return len(self.plan.written)

    @property
    def summary(self) -> str:
        """可写入20格：新填17、修改2、改好1；还有冲突1格没选、看不懂1格."""
        done = [cell.outcome for cell in self.cells if cell.key in self.plan.written]
        words = (
            (Outcome.NEW, "新填"), (Outcome.CHANGED, "修改"),
            (Outcome.CONFLICT, "选定"), (Outcome.UNREADABLE, "改好"),
        )  # fmt: skip
        parts = [f"{word}{done.count(one)}" for one, word in words if one in done]
        left = [cell.outcome for cell in self.plan.left]
        open_ = [
            words
            for one, words in (
                (Outcome.CONFLICT, f"冲突{left.count(Outcome.CONFLICT)}格没选"),
                (Outcome.UNREADABLE, f"看不懂{left.count(Outcome.UNREADABLE)}格"),
            )
            if one in left
        ]
        said = f"可写入{len(done)}格：{'、'.join(parts)}" if done else "没有可以写入的格"
        return f"{said}；还有{'、'.join(open_)}" if open_ else said

    @property
    def status(self) -> str:
        """What the bar says; after a writing, what the written items still need."""
        return self.summary if self.writable or not self.upload.writes else self._still_needed()

    def _still_needed(self) -> str:
        items = {field["pk"] for field in self.upload.writes[-1]["fields"]}
        rows = [self.checked[pk] for pk in items if pk in self.checked]
        needs = []
        for one in rows:
            codes = {doubt.code for doubt in one.open_doubts}
            words = (["写原因"] if codes - {UNPROVED} else []) + (
                ["传佐证"] if UNPROVED in codes else []
            )
            if words:
                needs.append(f"{one.obligation.subject_code}还要{'、'.join(words)}")
        more = f"等{len(needs)}项" if len(needs) > _NAMED else ""
        said = f"，{'；'.join(needs[:_NAMED])}{more}" if needs else ""
        return f"{len(rows)}项是草稿{said}"

    @property
    def button(self) -> str:
        return f"写入{self.writable}格草稿" if self.writable else "写入草稿"

    @property
    def tabs(self) -> tuple[PreviewTab, ...]:
        counts = self.counts
        todo = counts[Outcome.CONFLICT] + counts[Outcome.UNREADABLE] + len(self.doubts)
        known = (
            (OPEN_TAB, "要处理", todo),
            (Outcome.NEW.value, "新填", counts[Outcome.NEW]),
            (Outcome.CHANGED.value, "修改", counts[Outcome.CHANGED]),
            (Outcome.SAME.value, "未变", counts[Outcome.SAME]),
            (Outcome.LOCKED.value, "锁定被改", counts[Outcome.LOCKED]),
        )
        return tuple(PreviewTab(key, words, n, key == self.tab) for key, words, n in known)

    @property
    def shows_all(self) -> bool:
        return self.tab == ALL_TAB

    @property
    def groups(self) -> tuple[PreviewGroup, ...]:
        """The rows of the tab; a long list by sheet."""
        if self.tab == OPEN_TAB:
            return self._todo()
        cells = [cell for cell in self.cells if self._is_of_tab(cell)]
        if len(cells) > MOST_ROWS:
            cells = [cell for cell in cells if self._sheet(cell) == self.shown_sheet]
        label = "全部" if self.tab == ALL_TAB else Outcome(self.tab).label
        rows = tuple(PreviewCell(cell, self.plan) for cell in cells)
        return (PreviewGroup(label, f"{len(rows)}格", rows),) if rows else ()

    @property
    def sheets(self) -> tuple[str, ...]:
        """The sheets to choose from, where the list is long."""
        cells = [cell for cell in self.cells if self.tab != OPEN_TAB and self._is_of_tab(cell)]
        names = dict.fromkeys(self._sheet(cell) for cell in cells)
        return tuple(names) if len(cells) > MOST_ROWS else ()

    @property
    def shown_sheet(self) -> str:
        return self.sheet if self.sheet in self.sheets else self.sheets[0]

    @cached_property
    def last_write(self) -> Mapping[str, object]:
        return self.upload.writes[-1] if self.upload.writes else {}

    @property
    def may_undo(self) -> bool:
        """Whether the last writing still stands as it was written."""
        if not self.upload.writes:
            return False
        fields = self.upload.writes[-1]["fields"]
        written = {field["pk"] for field in fields}
        rows = [one.obligation for pk, one in self.checked.items() if pk in written]
        return is_undoable(write=fields, obligations=rows)

    @property
    def due(self) -> str:
        rows = [one.obligation for one in self.checked.values()]
        return due_words(period=self.upload.period, obligations=rows)

    @property
    def marks(self) -> dict[CellPlace, str]:
        """The cells that a marked copy marks, with the words of their notes."""
        found = {_place(row.cell): row.doubt.message for row in self.doubts if row.doubt}
        for cell in self.plan.left:
            words = cell.file.problem or f"下载以后网页上改过，现在是：{cell.now or '（空）'}"
            found[_place(cell)] = words
        return found

    @property
    def uploaded(self) -> dict[CellPlace, str]:
        """What the file says in the cells that may be filled in."""
        return {_place(cell): cell.said for cell in self.cells if not cell.lock}

    @property
    def attach_note(self) -> str:
        """Excel里带不了文件，在这里传；3项要佐证，T19还没有佐证."""
        items = self.attachable
        bare = [item.obligation.subject_code for item in items if not item.block.files]
        left = f"，{'、'.join(bare[:6])}{'等' if len(bare) > 6 else ''}还没有佐证" if bare else ""
        return f"Excel里带不了文件，在这里传；{len(items)}项要佐证{left}"

    @cached_property
    def attachable(self) -> tuple[AttachableItem, ...]:
        """The items that ask for files, as they will stand."""
        merged = {**self.checked, **self.after}
        open_ = {cell.obligation.pk for cell in self.cells if not cell.lock}
        items = [one for pk, one in merged.items() if pk in open_ and _asks_files(one)]
        files = _files(one.obligation.pk for one in items)
        limit = self.limits.whole("EVIDENCE_MB")
        return tuple(
            AttachableItem(
                one.obligation,
                _value(one),
                EvidenceBlock(files.get(one.obligation.pk, ()), (), limit),
                self._unproved(one),
            )
            for one in items
        )

    def _unproved(self, one: CheckedObligation) -> PreviewCell | None:
        pk = one.obligation.pk
        doubt = next((found for found in one.open_doubts if found.code == UNPROVED), None)
        cell = self._cell_at(pk, doubt.field) if doubt and pk in self.after else None
        return PreviewCell(cell, self.plan, doubt) if cell else None

    def _todo(self) -> tuple[PreviewGroup, ...]:
        by_outcome = {
            outcome: tuple(
                PreviewCell(cell, self.plan) for cell in self.cells if cell.outcome == outcome
            )
            for outcome in (Outcome.CONFLICT, Outcome.UNREADABLE, Outcome.LOCKED)
        }
        known = (
            ("冲突", "下载以后网页上也改过，逐格选一个；没有选的保留系统现值",
             by_outcome[Outcome.CONFLICT]),
            ("看不懂", "在这里改好就能写入", by_outcome[Outcome.UNREADABLE]),
            ("有疑点", "可以写入，要写原因", self.doubts),
            ("锁定的格被改", "不理会，系统里的不变",
             () if self.upload.writes else by_outcome[Outcome.LOCKED]),
        )  # fmt: skip
        return tuple(
            PreviewGroup(title, f"{len(rows)}格，{note}", rows)
            for title, note, rows in known
            if rows
        )

    def _is_of_tab(self, cell: ComparedCell) -> bool:
        if self.tab == Outcome.LOCKED:
            return cell.outcome == Outcome.LOCKED
        return not cell.lock and (self.tab == ALL_TAB or cell.outcome == self.tab)

    def _sheet(self, cell: ComparedCell) -> str:
        return cell.file_cell.place.partition("”")[0].removeprefix("“")


def upload_of(*, reader: User, code: str, number: int) -> WorkbookUpload | None:
    """An upload of the reader's own agency; None for any other."""
    related = ("agency", "period", "download__agency", "download__period")
    rows = WorkbookUpload.objects.defer("content").select_related(*related)
    found = rows.filter(pk=number, agency=reader.agency_id).first()
    return found if found and found.period.code == code else None


def preview_page(*, upload: WorkbookUpload, tab: str = OPEN_TAB, sheet: str = "") -> PreviewPage:
    """The page of an upload, compared with what is stored at this moment."""
    limits = thresholds()
    checked = checked_by_key(obligations=uploaded_obligations(upload=upload), limits=limits)
    cells = compared(upload=upload, checked=checked.values())
    plan = writing_plan(cells=cells, choices=upload.choices)
    after, _ = with_reasons(plan=plan, limits=limits)
    known = {OPEN_TAB, ALL_TAB, *(one.value for one in Outcome)}
    shown = tab if tab in known else OPEN_TAB
    return PreviewPage(upload, cells, plan, checked, after, limits, shown, sheet)


def _place(cell: ComparedCell) -> CellPlace:
    return cell.file_cell.key, cell.column.name


def _errors(one: CheckedObligation, texts: Mapping[str, str]) -> Iterable[Finding]:
    """Errors in the texts to be written; what is still missing is told by the check page."""
    return (found for found in one.errors if texts.get(found.field, "").strip())


def _asks_files(one: CheckedObligation) -> bool:
    """Whether files belong to it: a value was given, or something is to be proved."""
    said = one.answers
    has_value = isinstance(said, TargetAnswers) and said.reported is not None
    return has_value or any(found.code == UNPROVED for found in one.doubts)


def _value(one: CheckedObligation) -> str:
    text = one.answers.texts.get("value", "")
    return f"{text}{unit_of(one, 'value')}" if text else ""


def _files(keys: Iterable[int]) -> dict[int, tuple[EvidenceFile, ...]]:
    rows = Evidence.objects.filter(obligation__in=list(keys), removed_at=None)
    found: dict[int, tuple[EvidenceFile, ...]] = {}
    for row in rows.select_related("file").order_by("pk"):
        found[row.obligation_id] = (*found.get(row.obligation_id, ()), EvidenceFile.of(row))
    return found
