"""Reads of the plan's text for its page."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.urls import reverse

from plan.choices import ClausePart
from plan.models import Clause, Document
from plan.rules import PREFACE, span_of

_SHOWN_IN_CONTENTS = 2


@dataclass(frozen=True)
class TextRun:
    """Letters of one kind: quoted words are marked."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class Origin:
    """A target, task or project that is taken from a clause."""

    kind: str
    code: str
    name: str
    url: str


@dataclass(frozen=True)
class Passage:
    """One clause as the page prints it."""

    code: str
    address: str
    depth: int
    part: str
    heading: tuple[TextRun, ...]
    paragraphs: tuple[tuple[TextRun, ...], ...]
    taken: tuple[Origin, ...]
    is_current: bool

    @property
    def level(self) -> int:
        """Level of its heading on the page, below the page's own."""
        return self.depth + 1

    @property
    def is_preface(self) -> bool:
        """Title and first paragraph: the page's own heading says the title already."""
        return self.code == PREFACE

    @property
    def is_row(self) -> bool:
        """A row of an annex's table."""
        return self.part != ClausePart.BODY and self.depth > 1

    @property
    def title(self) -> str:
        return "".join(run.text for run in self.heading)


@dataclass(frozen=True)
class PlanText:
    """The whole text, and a sentence where the asked clause or words are not there."""

    document: Document | None
    passages: tuple[Passage, ...]
    notice: str = ""

    @property
    def contents(self) -> tuple[Passage, ...]:
        return tuple(
            passage
            for passage in self.passages
            if passage.depth <= _SHOWN_IN_CONTENTS and passage.title
        )


def plan_text(*, code: str = "", quote: str = "") -> PlanText:
    """The text clause by clause with what is taken from each; five statements.

    `code` names the clause that was asked for, `quote` the words in it that are marked.
    """
    clauses = list(Clause.objects.select_related("document"))
    taken = _taken()
    passages = tuple(_passage(clause, taken, code, quote) for clause in clauses)
    document = clauses[0].document if clauses else None
    return PlanText(document, passages, _notice(passages, code, quote))


def _taken() -> Mapping[int, list[Origin]]:
    """Clause → what in force is taken from it: targets, then tasks, then projects."""
    found: dict[int, list[Origin]] = defaultdict(list)
    for kind, page, path, name, order in _RELATIONS:
        rows = (
            Clause.objects.filter(**{f"{path}__isnull": False, f"{path}__retired_on": None})
            .order_by(*order)
            .values_list("pk", f"{path}__code", f"{path}__{name}")
        )
        for clause, code, label in rows:
            origin = Origin(kind, code, label, reverse(page, args=[code]))
            if origin not in found[clause]:
                found[clause].append(origin)
    return found


_TARGET, _CATEGORY = "target_sources__target", "tasks__category__number"
_RELATIONS = (
    ("指标", "targets:detail", _TARGET, "name", (f"{_TARGET}__position",)),
    ("任务", "tasks:detail", "tasks", "title", (_CATEGORY, "tasks__number")),
    ("任务", "tasks:detail", "annex_tasks", "title", ("annex_tasks__number",)),
    ("项目", "projects:detail", "projects", "name", ("projects__number",)),
)


def _passage(clause: Clause, taken: Mapping[int, list[Origin]], code: str, quote: str) -> Passage:
    is_current = clause.code == code
    whole = clause.words
    span = span_of(whole, quote) if is_current else None
    heading, *paragraphs = _lines(whole, span)
    return Passage(
        code=clause.code,
        address=clause.address,
        depth=clause.depth,
        part=clause.part,
        heading=heading,
        paragraphs=tuple(line for line in paragraphs if line),
        taken=tuple(taken.get(clause.pk, ())),
        is_current=is_current,
    )


def _lines(text: str, span: tuple[int, int] | None) -> Iterator[tuple[TextRun, ...]]:
    """Line by line, with the letters of the span marked; an empty line is an empty tuple."""
    start, end = span or (0, 0)
    place = 0
    for line in text.split("\n"):
        cut = [min(max(point - place, 0), len(line)) for point in (start, end)]
        pieces = (line[: cut[0]], line[cut[0] : cut[1]], line[cut[1] :])
        yield tuple(TextRun(piece, number == 1) for number, piece in enumerate(pieces) if piece)
        place += len(line) + 1


def _notice(passages: tuple[Passage, ...], code: str, quote: str) -> str:
    if not code or not passages:
        return ""
    current = next((passage for passage in passages if passage.is_current), None)
    if current is None:
        return f"方案里没有编号为“{code}”的条款，下面是全文。"
    runs = (run for line in (current.heading, *current.paragraphs) for run in line)
    if quote and not any(run.marked for run in runs):
        return f"“{current.address}”里没有找到“{quote}”这句话，原文如下。"
    return ""
