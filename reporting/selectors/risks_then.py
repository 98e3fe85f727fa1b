"""The ledger of risks as it stood at a past moment: today's rows, led back by the audit ledger."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from agencies.models import called
from audit.models import AuditEvent
from audit.selectors import as_it_was
from common.json_rows import JSONRow
from reporting.choices import RiskLevel, RiskState
from reporting.models import Risk

_ABOUT = ("target", "task", "project")
_LABELS = {
    name: str(Risk._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    for name in ("title", "level", "agency", "due_on", "state", *_ABOUT)
}
_LEVELS = {level.label: level for level in RiskLevel}
_STATES = {state.label: state for state in RiskState}
_ADDED = "新增"


@dataclass(frozen=True, slots=True)
class RiskLine:
    """A row of the ledger, now or at a past moment; `about` is the code of what it names."""

    pk: int
    about: str
    title: str
    level: RiskLevel
    state: RiskState
    agency: str
    due_on: datetime.date | None

    @property
    def is_open(self) -> bool:
        return self.state != RiskState.CLOSED


def risks_then(*, moment: datetime.datetime) -> tuple[RiskLine, ...]:
    """What had been recorded before a moment, in the order of recording; one statement."""
    return as_they_were(row["json"] for row in kept_rows(moment=moment))


def kept_rows(*, moment: datetime.datetime) -> QuerySet[Any]:
    """The rows recorded before a moment as objects, with what was changed since, for
    `as_they_were`; also as part of another statement."""
    later = AuditEvent.objects.filter(
        object_type=str(Risk._meta.verbose_name),
        object_code=OuterRef("ledger_code"),
        at__gte=moment,
    )
    later = later.exclude(action=_ADDED).order_by("at", "pk")  # a row that was dated back stands
    json = JSONRow(
        pk="pk", title="title", level="level", state="state", due_on="due_on",
        agency="agency__name", short_name="agency__short_name",
        **{name: f"{name}__code" for name in _ABOUT},
        later=ArraySubquery(later.values("changes")),
    )  # fmt: skip
    rows = Risk.objects.filter(recorded_at__lt=moment).order_by("pk")
    code = Concat(Value("R"), Cast(F("pk"), CharField()))
    return rows.annotate(ledger_code=code).values(json=json)


def as_they_were(rows: Iterable[Mapping[str, Any]]) -> tuple[RiskLine, ...]:
    """Rows of `kept_rows` led back to the moment."""
    return tuple(_as_it_was(row) for row in rows)


def _as_it_was(row: Mapping[str, Any]) -> RiskLine:
    then = as_it_was(_texts(row), row["later"])
    about = next((then[_LABELS[name]] for name in _ABOUT if then[_LABELS[name]]), "")
    agency, due_on = then[_LABELS["agency"]], then[_LABELS["due_on"]]
    return RiskLine(
        row["pk"],
        about.partition(" ")[0],
        then[_LABELS["title"]],
        _LEVELS[then[_LABELS["level"]]],
        _STATES[then[_LABELS["state"]]],
        called(row["short_name"]) if agency == row["agency"] else agency,
        datetime.date.fromisoformat(due_on) if due_on else None,
    )


def _texts(row: Mapping[str, Any]) -> dict[str, str]:
    """As the audit ledger writes them; of target, task and project the code, which stands first."""
    texts = {name: row[name] or "" for name in _LABELS}
    texts |= {"level": RiskLevel(row["level"]).label, "state": RiskState(row["state"]).label}
    return {_LABELS[name]: text for name, text in texts.items()}
