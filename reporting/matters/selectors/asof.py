"""Matters now and at past moments: today's rows, reverted by the audit ledger.

For a day before the two former ledgers (risks and 重大问题) were merged, the result is what these
showed then: their rows are kept in `Matter.before`, and their own events revert them further.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from agencies.models import name_on_day
from audit.models import AuditEvent
from audit.selectors import as_it_was
from common.database.json_rows import JSONRow
from reporting.choices import MatterKind, MatterState, MatterStep, RiskLevel
from reporting.matters.selectors.lines import LeaderInstruction, MatterLine
from reporting.models import Instruction, Matter

_ABOUT = ("target", "task", "project")
_FIELDS = ("title", "kind", "level", "in_ledger", "handler", "due_on", "state", *_ABOUT)
_LABELS = {name: str(Matter._meta.get_field(name).verbose_name) for name in _FIELDS}  # type: ignore[union-attr]
_RISK, _YES, _ACCEPTED = "风险", "是", "accepted"
_ADDED = ("新增", MatterStep.RAISE.label)
_RISK_LABELS = {
    "title": "风险", "level": "等级", "agency": "责任单位", "due_on": "期限", "state": "状态",
    "target": "指标", "task": "任务", "project": "项目",
}  # fmt: skip
_KINDS = {kind.label: kind for kind in MatterKind}
_LEVELS = {level.label: level for level in RiskLevel}
_STATES = {state.label: state for state in MatterState}
_RISK_STATES = {
    "未化解": MatterState.ASSESSED,
    "已控制": MatterState.IN_HAND,
    "已销号": MatterState.CLOSED,
}
_RISK_WORDS = {"open": "未化解", "controlled": "已控制", "closed": "已销号"}
_WAITED, _ANSWERED = (MatterState.RAISED, "待处理"), (MatterState.CLOSED, "已答复")


def matters_asof(*, moment: datetime.datetime) -> tuple[MatterLine, ...]:
    """Matters raised before a moment, in that order; one statement."""
    return lines_at((row["json"] for row in kept_rows(since=moment)), moment)


def matters_now() -> tuple[MatterLine, ...]:
    """All matters, in the order of raising; one statement."""
    return lines_now(row["json"] for row in kept_rows())


def kept_rows(
    rows: QuerySet[Matter] | None = None, *, since: datetime.datetime | None = None
) -> QuerySet[Any]:
    """Matters as JSON objects for `lines_now`; for `lines_at` with the changes `since` a moment.

    Can be a part of another statement.
    """
    found = Matter.objects.all() if rows is None else rows
    words = Instruction.objects.filter(matter=OuterRef("pk")).order_by("number", "version")
    said = JSONRow(number="number", leader="leader", day="day", text="text", at="note__at")
    json = JSONRow(
        code="code", title="title", text="text", kind="kind", level="level", in_ledger="in_ledger",
        state="state", due_on="due_on", before="before", joined_at="joined_at",
        reported_at="reported_at", handler="handler__name", handler_short="handler__short_name",
        handler_id="handler_id", raiser="agency__short_name", raiser_id="agency_id",
        **{name: f"{name}__code" for name in _ABOUT},
        words=ArraySubquery(words.values(json=said)),
        **(_events(since) if since else {}),
    )  # fmt: skip
    code = Concat(Value("R"), Cast("risk_number", CharField()))
    return found.annotate(risk_code=code).order_by("reported_at", "pk").values(json=json)


def lines_now(rows: Iterable[Mapping[str, Any]]) -> tuple[MatterLine, ...]:
    """Rows of `kept_rows` in their present state."""
    return tuple(_line(row, _texts(row), None) for row in rows)


def lines_at(
    rows: Iterable[Mapping[str, Any]], moment: datetime.datetime
) -> tuple[MatterLine, ...]:
    """Rows of `kept_rows(since=…)` reverted to that moment or a later one."""
    return tuple(line for row in rows for line in _lines(row, moment))


def _events(since: datetime.datetime) -> dict[str, ArraySubquery]:
    """Events since a moment, of the matter and of its former risk; a backdated row stays."""
    kinds = {"later": (str(Matter._meta.verbose_name), "code"), "risk_later": (_RISK, "risk_code")}
    found = {}
    for name, (kind, code) in kinds.items():
        events = AuditEvent.objects.filter(
            object_type=kind, object_code=OuterRef(code), at__gte=since
        )
        events = events.exclude(action__in=_ADDED).order_by("at", "pk")
        found[name] = ArraySubquery(events.values(json=JSONRow(at="at", changes="changes")))
    return found


def _lines(row: Mapping[str, Any], moment: datetime.datetime) -> Iterator[MatterLine]:
    joined_at = row["joined_at"] and _moment(row["joined_at"])
    if joined_at and moment <= joined_at:
        yield from _lines_before(row, moment)
    elif _moment(row["reported_at"]) < moment:
        yield _line(row, as_it_was(_texts(row), _since(row["later"], moment)), moment)


def _line(
    row: Mapping[str, Any], texts: Mapping[str, str], moment: datetime.datetime | None
) -> MatterLine:
    then = {name: texts[label] for name, label in _LABELS.items()}
    return MatterLine(
        code=row["code"],
        name=row["code"],
        about=_about(then),
        title=then["title"],
        kind=_KINDS[then["kind"]],
        state=_STATES[then["state"]],
        said=then["state"],
        level=_LEVELS.get(then["level"]),
        is_in_ledger=then["in_ledger"] == _YES,
        handler=_named(row, then["handler"]),
        raiser=name_on_day(row["raiser"] or ""),
        due_on=_day(then["due_on"]),
        raised_on=timezone.localdate(_moment(row["reported_at"])),
        note=row["text"].partition("\n")[0],
        word=_word(row["words"], moment),
        agencies=(row["raiser_id"], row["handler_id"]),
    )


def _texts(row: Mapping[str, Any]) -> dict[str, str]:
    """Values as the audit ledger begins them: target, task and project by their code."""
    texts = {name: row[name] or "" for name in _LABELS}
    texts |= {
        "kind": MatterKind(row["kind"]).label,
        "state": MatterState(row["state"]).label,
        "level": RiskLevel(row["level"]).label if row["level"] else "",
        "in_ledger": _YES if row["in_ledger"] else "否",
    }
    return {label: texts[name] for name, label in _LABELS.items()}


def _named(row: Mapping[str, Any], handler: str) -> str:
    """The short name of the handler; for another handler than today's the name in the ledger."""
    return name_on_day(row["handler_short"]) if handler and handler == row["handler"] else handler


def _word(
    rows: Sequence[Mapping[str, Any]], moment: datetime.datetime | None
) -> LeaderInstruction | None:
    known = [row for row in rows if moment is None or _moment(row["at"]) < moment]
    if not known:
        return None
    last = known[-1]
    return LeaderInstruction(last["leader"], datetime.date.fromisoformat(last["day"]), last["text"])


# Rows of the two former ledgers.


def _lines_before(row: Mapping[str, Any], moment: datetime.datetime) -> Iterator[MatterLine]:
    risk, report = row["before"].get("risk"), row["before"].get("matter")
    if risk and _moment(risk["recorded_at"]) < moment:
        yield _risk_before(row, risk, moment)
    if report and _moment(row["reported_at"]) < moment:
        answered = report["answered_at"]
        is_handled = answered and _moment(answered) < moment
        if not (is_handled and report["state"] == _ACCEPTED):
            yield _report_before(row, report, _ANSWERED if is_handled else _WAITED)


def _risk_before(
    row: Mapping[str, Any], risk: Mapping[str, Any], moment: datetime.datetime
) -> MatterLine:
    is_same = risk["agency"] == row["handler_id"]
    body = row["handler"] if is_same else risk["agency_name"]
    words = {
        **risk,
        "agency": body,
        "level": RiskLevel(risk["level"]).label,
        "state": _RISK_WORDS[risk["state"]],
    }
    texts = {label: words[name] for name, label in _RISK_LABELS.items()}
    found = as_it_was(texts, _since(row["risk_later"], moment))
    then = {name: found[label] for name, label in _RISK_LABELS.items()}
    return MatterLine(
        code=row["code"],
        name=f"R{risk['number']}",
        about=_about(then),
        title=then["title"],
        kind=MatterKind.URGE,
        state=_RISK_STATES[then["state"]],
        said=then["state"],
        level=_LEVELS[then["level"]],
        is_in_ledger=True,
        handler=_named(row, then["agency"]) if is_same else then["agency"],
        raiser="",
        due_on=_day(then["due_on"]),
        raised_on=timezone.localdate(_moment(risk["recorded_at"])),
        is_before=True,
    )


def _report_before(
    row: Mapping[str, Any], report: Mapping[str, Any], stood: tuple[MatterState, str]
) -> MatterLine:
    """A former 重大问题 as it stood: one answered later still waited."""
    state, said = stood
    return MatterLine(
        code=row["code"],
        name=f"W{report['number']}",
        about=_about(report),
        title=report["title"],
        kind=MatterKind.COORDINATE,
        state=state,
        said=said,
        level=None,
        is_in_ledger=False,
        handler="",
        raiser=name_on_day(row["raiser"] or ""),
        due_on=None,
        raised_on=timezone.localdate(_moment(row["reported_at"])),
        is_before=True,
        agencies=(row["raiser_id"],),
    )


def _since(
    events: Iterable[Mapping[str, Any]], moment: datetime.datetime
) -> Iterator[Iterable[Sequence[str]]]:
    return (event["changes"] for event in events if _moment(event["at"]) >= moment)


def _about(then: Mapping[str, str]) -> str:
    return next((then[name] for name in _ABOUT if then[name]), "").partition(" ")[0]


def _moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


def _day(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None
