"""Every risk becomes a matter; one that came from a 重大问题 joins it. The way back is here too.

What stood in the two ledgers is kept in `before`, so that past days go on saying it; no event of
the audit ledger is touched.
"""

import datetime
from collections import Counter
from typing import Any

from django.core.management.color import no_style
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.utils import timezone

_ABOUT = ("target", "task", "project")
_OF_RISK = {"open": "assessed", "controlled": "in_hand", "closed": "closed"}
_OF_MATTER = {"reported": "raised", "accepted": "assessed", "answered": "closed"}
_BACK = {"closed": "closed", "in_hand": "controlled"}
_RISK_TEXTS = ("title", "text", "level", "measures", "state", "closing_note", "recorded_by")
_MATTER_TEXTS = ("title", "text", "wish", "state", "reported_by", "answer", "answered_by")


def join(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Matters first, each with the first risk that names it; then the risks that are left."""
    bureau = apps.get_model("agencies", "Agency").objects.filter(is_coordinator=True).first()
    model = apps.get_model("reporting", "Matter")
    rows = list(model.objects.select_related("agency", *_ABOUT))
    named = {row.pk: row for row in rows}
    known = {pk: _was_matter(row) for pk, row in named.items()}
    closings = _closings(apps)
    risks = apps.get_model("reporting", "Risk").objects.select_related("agency", *_ABOUT)
    for risk in risks.order_by("pk"):
        row = named.pop(risk.matter_id, None)
        if row is None:
            row = model(agency=bureau, agency_name=bureau.name if bureau else "区发改局")
            row.reported_by, row.reported_at = risk.recorded_by, risk.recorded_at
            rows.append(row)
        _take_risk(row, risk, closings.get(f"R{risk.pk}"))
    for row in named.values():
        _take_answer(row)
    _number(rows)
    for row in rows:
        if row.pk:
            row.report_number = row.pk
            row.before = {**row.before, "matter": known[row.pk]}
        row.joined_at = timezone.now()
        row.save()
    _write_notes(apps, rows, bureau)
    editor.connection.check_constraints()  # the tables are altered next


def _take_risk(row: Any, risk: Any, closing: tuple[datetime.datetime, str] | None) -> None:
    """The row goes on as the ledger's; the reporter's words stay in the first note."""
    row.risk_number, row.before = risk.pk, {"risk": _was_risk(risk)}
    row.kind, row.in_ledger, row.handler = "urge", True, risk.agency
    row.state, row.title, row.text = _OF_RISK[risk.state], risk.title, risk.text or row.text
    row.level, row.measures, row.due_on = risk.level, risk.measures, risk.due_on
    row.obligation_id, row.keeper = risk.obligation_id, risk.recorded_by
    if any(_codes(risk).values()):
        for name in _ABOUT:
            setattr(row, name, getattr(risk, name))
    if risk.state == "closed":
        row.closing_note = risk.closing_note
        row.closed_at, row.closed_by = closing or (risk.changed_at, risk.recorded_by)


def _take_answer(row: Any) -> None:
    row.state = _OF_MATTER[row.state]
    if row.state == "closed":
        row.closing_note, row.closed_by = row.answer, row.answered_by
        row.closed_at = row.answered_at or row.reported_at


def _number(rows: list[Any]) -> None:
    """2026-07: the seventh of the year in which it was raised."""
    counted: Counter[int] = Counter()
    for row in sorted(rows, key=lambda row: (row.reported_at, row.risk_number or 0)):
        year = timezone.localtime(row.reported_at).year
        counted[year] += 1
        row.code = f"{year}-{counted[year]:02d}"


def _was_risk(risk: Any) -> dict[str, Any]:
    found = {name: getattr(risk, name) for name in _RISK_TEXTS}
    return found | {
        "number": risk.pk,
        "agency": risk.agency_id,
        "agency_name": risk.agency.name,
        "matter": risk.matter_id,
        "due_on": risk.due_on.isoformat() if risk.due_on else "",
        "recorded_at": risk.recorded_at.isoformat(),
        **_codes(risk),
    }


def _was_matter(row: Any) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in _MATTER_TEXTS}
    answered = row.answered_at.isoformat() if row.answered_at else ""
    keys = {f"{name}_id": getattr(row, f"{name}_id") for name in _ABOUT}
    return found | {"number": row.pk, "answered_at": answered, **_codes(row), **keys}


def _codes(row: Any) -> dict[str, str]:
    """Code of the target, task or project; a task's is not stored as such."""
    return {name: getattr(row, name).code if getattr(row, f"{name}_id") else "" for name in _ABOUT}


def _closings(apps: StateApps) -> dict[str, tuple[datetime.datetime, str]]:
    """Code of a risk → when and by whom it was closed last, as the audit ledger has it."""
    events = apps.get_model("audit", "AuditEvent").objects.filter(object_type="风险")
    return {
        event.object_code: (event.at, event.actor_name)
        for event in events.order_by("at", "pk")
        if any(label == "状态" and new == "已销号" for label, _, new in event.changes)
    }


def _write_notes(apps: StateApps, rows: list[Any], bureau: Any) -> None:
    """The steps that the two ledgers knew, each with its day and person."""
    model = apps.get_model("reporting", "MatterNote")
    of_bureau = bureau.name if bureau else "区发改局"
    notes = []
    for row in rows:
        was, risk = row.before.get("matter"), row.before.get("risk")
        first = was or risk
        told = [("raise", first["text"], row.reported_by, row.reported_at, row.agency_name)]
        if was and risk:
            at = datetime.datetime.fromisoformat(risk["recorded_at"])
            told.append(("assess", "列入重点风险台账", risk["recorded_by"], at, of_bureau))
        if was and was["answer"] and row.answered_at:
            told.append(("answer", was["answer"], row.answered_by, row.answered_at, of_bureau))
        if risk and row.state == "closed":
            told.append(("close", row.closing_note, row.closed_by, row.closed_at, of_bureau))
        notes += [
            model(matter=row, step=step, text=text, by_name=name or "区发改局", at=at, by_agency=by)
            for step, text, name, at, by in told
        ]
    model.objects.bulk_create(notes)


def part(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Two ledgers again: what is in the ledger is a risk, what an agency reported a 重大问题."""
    for name in ("MatterFile", "Instruction", "MatterNote"):
        apps.get_model("reporting", name).objects.all().delete()
    model = apps.get_model("reporting", "Risk")
    bureau = apps.get_model("agencies", "Agency").objects.filter(is_coordinator=True).first()
    rows = list(apps.get_model("reporting", "Matter").objects.order_by("pk"))
    used = {row.risk_number for row in rows}
    free = (number for number in range(1, len(rows) + len(used) + 2) if number not in used)
    for row in rows:
        is_report = row.report_number is not None or not row.in_ledger
        if row.in_ledger or row.risk_number:
            risk = model(pk=row.risk_number or next(free), **_risk_fields(row, bureau))
            risk.matter_id = row.pk if is_report else row.before.get("risk", {}).get("matter")
            risk.save(force_insert=True)
            model.objects.filter(pk=risk.pk).update(recorded_at=_recorded_at(row))
        if is_report:
            _give_back(row, bureau)
            row.save()
        else:
            row.delete()
    for statement in editor.connection.ops.sequence_reset_sql(no_style(), [model]):
        editor.execute(statement)
    editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _risk_fields(row: Any, bureau: Any) -> dict[str, Any]:
    was = row.before.get("risk", {})
    is_same = was and row.text == (was["text"] or row.before.get("matter", {}).get("text", ""))
    return {
        "title": row.title,
        "text": was["text"] if is_same else row.text,
        "level": row.level or "middle",
        "measures": row.measures,
        "agency": row.handler or row.agency or bureau,
        "due_on": row.due_on,
        "state": _BACK.get(row.state, "open"),
        "closing_note": row.closing_note,
        "recorded_by": was.get("recorded_by", row.reported_by),
        "obligation_id": row.obligation_id,
        **{f"{name}_id": getattr(row, f"{name}_id") for name in _ABOUT},
    }


def _recorded_at(row: Any) -> datetime.datetime:
    was = row.before.get("risk")
    return datetime.datetime.fromisoformat(was["recorded_at"]) if was else row.reported_at


def _give_back(row: Any, bureau: Any) -> None:
    """The row as a 重大问题; what it cannot say of later steps is left."""
    was = row.before.get("matter", {})
    is_risk = row.in_ledger or row.risk_number
    row.agency = row.agency or bureau
    if was:
        row.title, row.text, row.wish = was["title"], was["text"], was["wish"]
        for name in _ABOUT:
            setattr(row, f"{name}_id", was[f"{name}_id"])
    row.answer = was.get("answer") or row.closing_note
    row.answered_by = was.get("answered_by") or row.closed_by
    answered = was.get("answered_at")
    row.answered_at = datetime.datetime.fromisoformat(answered) if answered else row.closed_at
    row.state = "reported"
    if row.answer:
        row.state = was.get("state", "") if was.get("answer") else "answered"
    elif is_risk:
        row.state, row.answer = "accepted", "已列入重点风险台账"


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0004_sign_in_limits"),
        ("audit", "0002_append_only"),
        ("reporting", "0007_matters"),
    ]

    operations = [migrations.RunPython(join, part)]
