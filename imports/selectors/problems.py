"""Problems of a reading cell by cell, with the answers given and what each of them offers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile

from common.quantities import UnreadableError, parse_amount
from common.year_ranges import parse_years
from imports.annex.results import FIELD_LABELS, AnnexReading, CellProblem, ProjectRow, TaskRow
from imports.selectors.agencies import AgencyDecisions

TAKE, KEEP, VALUE, SKIP, LATER, ABOVE = "take", "keep", "value", "skip", "later", "above"
CellAnswers = Mapping[str, Mapping[str, str]]
"""Key of a problem → {"do": what was chosen, "value": what was typed or selected}."""

LEAD = "lead"
EMPTY = "missing_content"
UNKNOWN = "unknown_agency"
"""Spellings are decided in their own step, once for all cells."""
_WHOLE = frozenset({"number", "category_number", "start_year", "end_year"})
_LISTS = ("responsible", "owners", "leads")


@dataclass(frozen=True)
class ProblemLine:
    """One problem with what may be done about it and what was done."""

    key: str
    problem: CellProblem
    item: str
    printed: str
    must: bool
    is_read: bool
    asks: bool
    candidates: tuple[str, ...]
    own: int
    above: str
    answer: Mapping[str, str]

    @property
    def place(self) -> str:
        """As people name a cell: C12."""
        return f"{self.problem.column or ''}{self.problem.row or ''}"

    @property
    def message(self) -> str:
        """The sentence without the cell's name, which stands before it on the page."""
        words = self.problem.message
        return words.partition("：")[2] if self.place and words.startswith(self.place) else words

    @property
    def label(self) -> str:
        return FIELD_LABELS.get(self.problem.field or "", "")

    @property
    def is_open(self) -> bool:
        return self.must and not self.answer

    @property
    def quoted(self) -> str:
        """What is printed in the cell, where the sentence does not say it anyway."""
        return "" if self.problem.field == "title" or self.asks else self.printed

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """What may be done, with its words; the first is what happens where nothing is chosen."""
        if self.asks:
            return ((VALUE, "汇总单位"), (LATER, "暂不指定，由区发改局以后指定"))
        offers = []
        problem = self.problem
        if problem.suggestion and not problem.applied:
            offers.append((TAKE, f"采纳：{problem.suggestion}"))
        if problem.severity == "hint":
            offers.append((KEEP, self._as_read))
        elif problem.severity == "question":
            offers.append((KEEP, "核对无误，按读到的导入"))
        if self.above:
            offers.append((ABOVE, f"与上一行相同：{self.above}"))
        if self.is_read and problem.field:
            offers.append((VALUE, "改为"))
        if problem.severity == "error" and problem.row:
            offers.append((SKIP, "不导入这一行"))
        return tuple(offers)

    @property
    def default(self) -> str:
        """What a hint comes to where nothing is chosen; musts have no default."""
        return "" if self.must else KEEP

    @property
    def _as_read(self) -> str:
        if not self.problem.applied:
            return "留空，待补" if self.above or not self.printed else "保留原样"
        return f"采纳：{self.problem.suggestion}" if self.problem.suggestion else "采纳：按空读入"


def problem_key(problem: CellProblem) -> str:
    """What tells one problem of a reading from all others, and is the same in a second reading."""
    return f"{problem.row or 0}.{problem.column or ''}.{problem.code}"


def problem_lines(
    reading: AnnexReading,
    answers: CellAnswers,
    agencies: AgencyDecisions,
    convened: Mapping[int, str],
) -> tuple[ProblemLine, ...]:
    """Problems in the order of the table, errors first. `convened`: row → convenor named before."""
    rows = {row.row: row for row in reading.rows}
    contents = _contents_above(reading.rows)
    lines = []
    for key, problem in by_key(reading.problems):
        if problem.code == UNKNOWN:
            continue
        row = rows.get(problem.row or 0)
        answer = answers.get(key, {})
        asks = asks_convenor(problem, row)
        if asks and not answer and problem.row in convened:
            continue
        lines.append(
            ProblemLine(
                key=key,
                problem=problem,
                item=_item(row),
                printed=_printed(problem, row),
                must=must_answer(problem, row),
                is_read=row is not None,
                asks=asks,
                candidates=_candidates(row, agencies) if asks else (),
                own=len(agencies.names_of(row.responsible)) if row else 0,
                above=contents.get(problem.row or 0, "") if problem.code == EMPTY else "",
                answer=answer,
            )
        )
    return tuple(sorted(lines, key=_urgency))


def _contents_above(rows: Iterable[TaskRow | ProjectRow]) -> dict[int, str]:
    """Row → the last content that is printed above it: a merged cell may have been lost."""
    found, last = {}, ""
    for row in rows:
        if isinstance(row, ProjectRow):
            found[row.row] = last
            last = row.content or last
    return found


def by_key(problems: Iterable[CellProblem]) -> list[tuple[str, CellProblem]]:
    """Every problem under a key of its own."""
    found: dict[str, CellProblem] = {}
    for problem in problems:
        key = base = problem_key(problem)
        number = 1
        while key in found:
            number += 1
            key = f"{base}.{number}"
        found[key] = problem
    return list(found.items())


def _urgency(line: ProblemLine) -> tuple[int, int]:
    return (0 if line.must else 1, line.problem.row or 0)


def asks_convenor(problem: CellProblem, row: TaskRow | ProjectRow | None) -> bool:
    """A task whose lead cell says that there is none."""
    is_task = isinstance(row, TaskRow) and row.is_task and not row.leads
    return is_task and problem.code == "no_lead"


def must_answer(problem: CellProblem, row: TaskRow | ProjectRow | None) -> bool:
    """Errors, questions, and tasks without lead; what is only a hint may be left."""
    return problem.severity != "hint" or asks_convenor(problem, row)


def _item(row: TaskRow | ProjectRow | None) -> str:
    if row is None:
        return ""
    return row.name if isinstance(row, ProjectRow) else row.title


def _printed(problem: CellProblem, row: TaskRow | ProjectRow | None) -> str:
    if row is None or problem.field is None:
        return ""
    return row.cells.get(problem.field, ("", ""))[1]


def _candidates(row: TaskRow | ProjectRow | None, agencies: AgencyDecisions) -> tuple[str, ...]:
    """The responsible agencies of the row first, then all others that can report."""
    own = agencies.names_of(row.responsible) if row else ()
    others = [name for name, agency in agencies.known.by_name.items() if agency.can_report]
    return tuple(dict.fromkeys((*own, *others)))


@dataclass(frozen=True)
class AnsweredValues:
    """What the answers change in a reading: values of cells, and rows to be left out."""

    values: Mapping[tuple[int, str], object]
    convenors: Mapping[int, str]
    skipped: frozenset[int]
    open: tuple[CellProblem, ...]


def answered_values(reading: AnnexReading, answers: CellAnswers) -> AnsweredValues:
    """The answers as values by row and field; `open` are problems that still need an answer."""
    rows = {row.row: row for row in reading.rows}
    values: dict[tuple[int, str], object] = {}
    convenors: dict[int, str] = {}
    skipped: set[int] = set()
    above = _contents_above(reading.rows)
    unanswered = []
    for key, problem in by_key(reading.problems):
        answer = answers.get(key)
        row = rows.get(problem.row or 0)
        if not answer:
            if problem.code != UNKNOWN and must_answer(problem, row):
                unanswered.append(problem)
        elif answer["do"] == SKIP and problem.row:
            skipped.add(problem.row)
        elif asks_convenor(problem, row) and answer["do"] == VALUE and problem.row:
            convenors[problem.row] = answer["value"]
        elif problem.row and problem.field:
            text = _chosen_text(problem, answer, above)
            if text is not None:
                value = parse_typed(problem.field, text)
                values |= {(number, problem.field): value for number in _covered(problem, reading)}
    return AnsweredValues(values, convenors, frozenset(skipped), tuple(unanswered))


def _covered(problem: CellProblem, reading: AnnexReading) -> list[int]:
    """The rows that a cell speaks for: a category holds for all that follow under it."""
    rows = {row.row: row.category for row in reading.rows}
    first = problem.row or 0
    if problem.field != "category" or first not in rows:
        return [first]
    following = ((number, category) for number, category in rows.items() if number >= first)
    return [number for number, category in takewhile(lambda r: r[1] == rows[first], following)]


def _chosen_text(
    problem: CellProblem, answer: Mapping[str, str], above: Mapping[int, str]
) -> str | None:
    if answer["do"] == VALUE:
        return answer["value"]
    if answer["do"] == ABOVE:
        return above.get(problem.row or 0, "")
    if answer["do"] == TAKE and not problem.applied:
        return problem.suggestion
    return None


def parse_typed(field: str, text: str) -> object:
    """A typed cell as its field's value; raises UnreadableError with a sentence."""
    if field == "years":
        years = parse_years(text)
        return (years.start, years.end)
    if field == "total_investment_wan":
        return parse_amount(text).value_wan
    if field in _WHOLE:
        return _whole_number(text)
    if field in _LISTS or field == LEAD:
        return tuple(name.strip() for name in text.replace("，", "、").split("、") if name.strip())
    return text.strip()


def _whole_number(text: str) -> int | None:
    amount = parse_amount(text, "万元").value_wan if text.strip() else None
    if amount is not None and (amount != amount.to_integral_value() or not 0 < amount < 10000):
        raise UnreadableError(f"“{text}”不是序号")
    return None if amount is None else int(Decimal(amount))
