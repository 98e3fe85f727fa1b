"""The demonstration's matters: some in each state, their days counted from the day of loading."""

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from agencies.models import Agency
from demo.services.scene import Scene
from projects.models import Project
from reporting.choices import MatterState, MatterStep
from reporting.models import Instruction, Matter, MatterFile, MatterNote
from targets.models import Target
from tasks.models import Task

_PREPARER, _REVIEWER, _OTHER = "演示填报员", "演示审核员", "演示审核员二"
_NOON = 12


def raise_matters(*, facts: Sequence[Mapping[str, Any]], scene: Scene) -> None:
    """Those about what the plan has; in bulk, as if each had come on its day."""
    agencies = {agency.code: agency for agency in Agency.objects.all()}
    subjects = _subjects()
    known = [fact for fact in facts if fact["about"] in subjects and fact["raised"][1] in agencies]
    known.sort(key=lambda fact: -fact["raised"][0])
    counted = _counted()
    rows = Matter.objects.bulk_create(
        _matter(fact, scene, agencies, subjects, counted) for fact in known
    )
    notes = MatterNote.objects.bulk_create(
        note
        for fact, row in zip(known, rows, strict=True)
        for note in _notes(fact, row, scene, agencies)
    )
    words = {row.pk: fact["word"] for fact, row in zip(known, rows, strict=True) if "word" in fact}
    Instruction.objects.bulk_create(
        _instruction(words[note.matter_id], note, scene)
        for note in notes
        if note.step == MatterStep.INSTRUCT
    )


def forget_matters() -> None:
    """Take them out with all that was done with them, and those of the set's reports."""
    mine = Matter.objects.filter(Q(is_demo=True) | Q(obligation__period__is_demo=True))
    if not mine.exists():
        return
    notes = MatterNote.objects.filter(matter__in=mine)
    MatterFile.objects.filter(note__in=notes).delete()
    Instruction.objects.filter(matter__in=mine).delete()
    notes.delete()
    mine.delete()


def _subjects() -> dict[str, tuple[str, int]]:
    """Code → field and key of the target, task or project."""
    found: dict[str, tuple[str, int]] = {}
    kinds: Mapping[str, type[Target | Task | Project]] = {
        "target": Target, "task": Task, "project": Project,
    }  # fmt: skip
    for name, model in kinds.items():
        rows: QuerySet[Any] = model._default_manager.all()
        found |= {code: (name, pk) for code, pk in rows.values_list("code", "pk")}
    return found


def _counted() -> Counter[str]:
    """Year → the last number that is taken."""
    found: Counter[str] = Counter()
    for code in Matter.objects.values_list("code", flat=True):
        year, _, number = code.partition("-")
        found[year] = max(found[year], int(number))
    return found


def _matter(
    fact: Mapping[str, Any],
    scene: Scene,
    agencies: Mapping[str, Agency],
    subjects: Mapping[str, tuple[str, int]],
    counted: Counter[str],
) -> Matter:
    days, raiser = fact["raised"]
    raised = _at(scene, days)
    year = str(timezone.localtime(raised).year)
    counted[year] += 1
    name, pk = subjects[fact["about"]]
    level = fact.get("level", "")
    row = Matter(
        code=f"{year}-{counted[year]:02d}",
        kind=fact["kind"],
        state=fact["state"],
        title=fact["title"],
        text=fact["text"],
        efforts=fact.get("efforts", ""),
        wish=fact.get("wish", ""),
        in_ledger=bool(level),
        level=level,
        measures=fact.get("measures", ""),
        agency=agencies[raiser],
        agency_name=agencies[raiser].name,
        reported_by=_PREPARER,
        reported_at=raised,
        handler=agencies.get(fact.get("handler", "")),
        partners=fact.get("partners", ""),
        due_on=_due(fact, scene),
        keeper=_REVIEWER if fact["state"] != MatterState.RAISED else "",
        is_demo=True,
        **{f"{name}_id": pk},
    )
    if "closed" in fact:
        days, row.closing_note = fact["closed"]
        row.closing_by, row.closed_by, row.closed_at = _REVIEWER, _OTHER, _at(scene, days)
    return row


def _notes(
    fact: Mapping[str, Any], row: Matter, scene: Scene, agencies: Mapping[str, Agency]
) -> Iterator[MatterNote]:
    """In the order of their days."""
    days, raiser = fact["raised"]
    told = [(days, MatterStep.RAISE, _PREPARER, raiser, fact["text"])]
    for days, step, agency, text in fact.get("steps", ()):
        told.append((days, step, _PREPARER if step == MatterStep.REPORT_BACK else _REVIEWER,
                     agency, text))  # fmt: skip
    if "word" in fact:
        term = f"承办{row.handler}，协办{row.partners}"
        told.append((fact["word"][1], MatterStep.INSTRUCT, _REVIEWER, "fgj", term))
    if "closed" in fact:
        days, text = fact["closed"]
        told.append((days, MatterStep.CLOSE, _OTHER, "fgj", text))
    for days, step, name, agency, text in sorted(told, key=lambda one: -one[0]):
        yield MatterNote(
            matter=row,
            step=step,
            text=text,
            by_name=name,
            by_agency=agencies[agency].name if agency in agencies else "",
            at=_at(scene, days),
        )


def _instruction(fact: Sequence[Any], note: MatterNote, scene: Scene) -> Instruction:
    leader, days, text = fact
    return Instruction(
        matter_id=note.matter_id, note=note, leader=leader, day=_day(scene, days), text=text
    )


def _due(fact: Mapping[str, Any], scene: Scene) -> datetime.date | None:
    return _day(scene, -fact["due"]) if "due" in fact else None


def _day(scene: Scene, days: int) -> datetime.date:
    return scene.day - datetime.timedelta(days=days)


def _at(scene: Scene, days: int) -> datetime.datetime:
    noon = datetime.datetime.combine(_day(scene, days), datetime.time(_NOON))
    return timezone.make_aware(noon)
