"""Answers of the last import of a table, for cells that are printed as they were then."""

from imports.annex.results import AnnexReading, CellProblem
from imports.choices import ImportState
from imports.models import ImportRun
from imports.selectors.problems import CellAnswers, by_key
from imports.selectors.reading_storage import unpack


def remembered(reading: AnnexReading) -> CellAnswers:
    """What a person decided about the same cells before; nobody is asked twice.

    What a command let pass was nobody's decision: the next person is asked.
    """
    last = (
        ImportRun.objects.filter(state=ImportState.CONFIRMED, table=reading.table or "")
        .exclude(confirmed_by=None)
        .only("reading", "answers")
        .order_by("-confirmed_at")
        .first()
    )
    if last is None or not last.reading or not last.answers.get("cells"):
        return {}
    before = unpack(last.reading)
    texts, now = _texts(before), _texts(reading)
    problems = dict(by_key(before.problems))
    return {
        key: answer
        for key, problem in by_key(reading.problems)
        if (answer := last.answers["cells"].get(key))
        and key in problems
        and _same(problem, problems[key])
        and texts.get(problem.row or 0) == now.get(problem.row or 0)
    }


def _same(one: CellProblem, other: CellProblem) -> bool:
    return (one.suggestion, one.field, one.message) == (
        other.suggestion,
        other.field,
        other.message,
    )


def _texts(reading: AnnexReading) -> dict[int, dict[str, str]]:
    """Row → the texts that tell what it is; amounts and years may change beside them."""
    told = ("title", "name", "category", "content", "lead")
    return {
        row.row: {name: row.cells[name][1] for name in told if name in row.cells}
        for row in reading.rows
    }
