"""One row of the task table: a goal or a task with who leads and who is responsible."""

from dataclasses import replace

from imports.annex.cells.text import leading_mark, without_full_stop
from imports.annex.context import ReadingContext, joined
from imports.annex.results import TaskRow
from imports.annex.rows.agencies import Parties
from imports.annex.rows.sections import CategoryPlace


def read_task(context: ReadingContext, row: int, read: int) -> TaskRow:
    """The goal or task of a row; its title is empty if none is written, which is an error."""
    place = context.place(row, read)
    is_complete = context.check_formulas(row)
    printed = context.title(row, "title")
    mark = leading_mark(printed, context.loose)
    title = without_full_stop(mark.rest if mark else printed).strip()
    if not title and is_complete:
        context.log.add(
            "error",
            "missing_title",
            row,
            context.layout.item,
            "这一行没有写任务，请补上；如果不是一项任务，请清空这一行。",
            field="title",
        )
    leads, responsible = _who(context, row)
    return TaskRow(
        row=row + 1,
        kind=place.kind,
        category=_category(place),
        category_number=_category_number(context, row, place),
        number=_number(context, row, place, mark.number if mark else None),
        title=title,
        leads=leads,
        responsible=responsible,
        cells=context.cells(row),
    )


def _category(place: CategoryPlace) -> str | None:
    return (
        place.heading.text if place.heading else (place.section if place.kind == "goal" else None)
    )


def _category_number(context: ReadingContext, row: int, place: CategoryPlace) -> int | None:
    if place.heading is not None and place.heading.number is not None:
        return place.heading.number
    if context.layout.number_is_category:
        value = context.value(row, "number")
        if isinstance(value, float) and value.is_integer():
            return int(value)
        text = context.text(row, "number")
        return int(text) if text.isdecimal() else None
    return None


def _number(
    context: ReadingContext, row: int, place: CategoryPlace, marked: int | str | None
) -> int | str | None:
    """A goal bears the number of its heading, a task its own."""
    if place.kind == "goal" and place.source in ("own", "merged") and place.heading is not None:
        number = place.heading.number
        if number is not None and place.source == "own":
            return number
    return context.number(row, marked)


def _who(context: ReadingContext, row: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Leads and responsible agencies, whichever of the two columns names them."""
    leading = context.parties(row, "lead")
    helping = context.parties(row, "responsible")
    has_roles = bool(leading.leads)
    leads = leading.leads if has_roles else leading.others
    responsible = joined([Parties(others=leading.others), helping]) if has_roles else helping
    others = responsible.others
    if not leads:
        leads = helping.leads
    elif helping.leads:
        more = (name for name in helping.leads if name not in leads)
        others = tuple(dict.fromkeys((*more, *others)))
    if not leads and others and context.layout.first_is_lead:
        leads, others = others[:1], others[1:]
    if not leads:
        _hint_no_lead(context, row)
    if not others and not leads:
        _hint_nobody(context, row)
    return leads, others


def _hint_no_lead(context: ReadingContext, row: int) -> None:
    column = context.column("lead")
    if column is None:
        return
    text = context.text(row, "lead")
    context.log.add(
        "hint",
        "no_lead",
        row,
        column,
        f"牵头单位{f'写的是“{text}”' if text else '为空'}，按没有牵头单位读入，请指定汇总单位。",
        field="lead",
    )


def _hint_nobody(context: ReadingContext, row: int) -> None:
    columns = context.layout.columns.get("responsible") or context.layout.columns.get("lead")
    context.log.add(
        "hint",
        "no_agency",
        row,
        columns[0] if columns else None,
        "这项任务没有写任何单位。",
        field="responsible",
    )


def continue_task(context: ReadingContext, row: int, task: TaskRow) -> TaskRow:
    """A further row under a merged title: its agencies belong to the same task."""
    grid, layout = context.grid, context.layout
    leads, responsible = task.leads, task.responsible
    own = {column for column, _text in grid.own(row)}
    found = {
        name: joined(
            [
                context.parties_at(row, column, name)
                for column in layout.columns.get(name, ())
                if column in own
            ]
        )
        for name in ("lead", "responsible")
    }
    leads = tuple(dict.fromkeys((*leads, *found["lead"].leads, *found["lead"].others)))
    more = (*found["responsible"].leads, *found["responsible"].others)
    return replace(task, leads=leads, responsible=tuple(dict.fromkeys((*responsible, *more))))
