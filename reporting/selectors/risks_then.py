"""The ledger of risks as it stood at a past moment: today's rows, led back by the audit ledger."""

import datetime
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, OuterRef, Value
from django.db.models.functions import Cast, Concat, JSONObject

from audit.models import AuditEvent
from audit.selectors import as_it_was
from reporting.choices import RiskLevel, RiskState
from reporting.models import Risk

_ABOUT = ("target", "task", "project")
_LABELS = {
    name: str(Risk._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    for name in ("title", "level", "agency", "due_on", "state", *_ABOUT)
}
_LEVELS = {level.label: level for level in RiskLevel}


@dataclass(frozen=True, slots=True)
class RiskThen:
    """An open row of the ledger at a past moment; `due` is a date in ISO form or empty."""

    pk: int
    about: str
    title: str
    level: RiskLevel
    agency: str
    due: str


def open_risks_then(*, moment: datetime.datetime) -> tuple[RiskThen, ...]:
    """What had been recorded before a moment and was open then; one statement."""
    later = AuditEvent.objects.filter(
        object_type=str(Risk._meta.verbose_name),
        object_code=OuterRef("ledger_code"),
        at__gte=moment,
    ).order_by("at", "pk")
    rows = (
        Risk.objects.filter(recorded_at__lt=moment)
        .select_related("agency", *_ABOUT)
        .annotate(ledger_code=Concat(Value("R"), Cast(F("pk"), CharField())))
        .annotate(later=ArraySubquery(later.values(json=JSONObject(changes="changes"))))
        .order_by("pk")
    )
    found = (_then(row, [event["changes"] for event in row.later]) for row in rows)
    return tuple(risk for risk in found if risk is not None)


def _then(row: Risk, later: list[list[list[str]]]) -> RiskThen | None:
    """None where it was not open."""
    then = as_it_was(_texts(row), later)
    if then[_LABELS["state"]] != RiskState.OPEN.label:
        return None
    about = next((then[_LABELS[name]] for name in _ABOUT if then[_LABELS[name]]), "")
    agency = then[_LABELS["agency"]]
    return RiskThen(
        row.pk,
        about.partition(" ")[0],
        then[_LABELS["title"]],
        _LEVELS[then[_LABELS["level"]]],
        row.agency.short_name if agency == str(row.agency) else agency,
        then[_LABELS["due_on"]],
    )


def _texts(row: Risk) -> dict[str, str]:
    """As the audit ledger writes them."""
    texts = {
        "title": row.title,
        "level": row.get_level_display(),
        "agency": str(row.agency),
        "due_on": row.due_on.isoformat() if row.due_on else "",
        "state": row.get_state_display(),
        **{name: str(getattr(row, name) or "") for name in _ABOUT},
    }
    return {_LABELS[name]: text for name, text in texts.items()}
