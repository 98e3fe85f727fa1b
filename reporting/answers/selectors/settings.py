"""The settings of the bureau: thresholds, and rules switched off."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from audit.models import AuditEvent
from common.formats import number
from reporting.answers.rules.findings import DOUBT, RULES
from reporting.periods.rules.thresholds import THRESHOLDS, Threshold
from reporting.periods.selectors.thresholds import thresholds

OBJECT_TYPE = "填报规则"
"""The type of a setting in the ledger."""


@dataclass(frozen=True)
class Setting:
    """A threshold with its current value and its last change."""

    threshold: Threshold
    value: Decimal
    changed: AuditEvent | None

    @property
    def now(self) -> str:
        """The current value with its unit."""
        return with_unit(self.threshold, self.value)

    @property
    def usual(self) -> str:
        """The default with its unit."""
        return with_unit(self.threshold, self.threshold.default)

    @property
    def is_default(self) -> bool:
        return self.value == self.threshold.default


@dataclass(frozen=True)
class DoubtRule:
    """The doubts of one code, which can be switched off together."""

    code: str
    labels: tuple[str, ...]
    is_off: bool
    changed: AuditEvent | None


@dataclass(frozen=True)
class Settings:
    """Everything that can be set: numbers by group, and the doubts."""

    groups: tuple[tuple[str, tuple[Setting, ...]], ...]
    rules: tuple[DoubtRule, ...]


def settings() -> Settings:
    """All settings with who changed them last and why, in two statements."""
    now, last = thresholds(), _last_changes()
    groups: dict[str, list[Setting]] = {}
    for item in THRESHOLDS:
        row = Setting(item, now[item.code], last.get(item.code))
        groups.setdefault(item.group, []).append(row)
    labels: dict[str, dict[str, None]] = {}
    for rule in RULES:
        if rule.level == DOUBT:
            labels.setdefault(rule.code, {})[rule.label] = None
    rules = tuple(
        DoubtRule(code, tuple(names), now.is_off(code), last.get(code))
        for code, names in labels.items()
    )
    return Settings(tuple((name, tuple(rows)) for name, rows in groups.items()), rules)


def with_unit(threshold: Threshold, value: Decimal) -> str:
    """The value of a setting in words: 7天, 2.5%, 每半年."""
    if word := threshold.words.get(value):
        return word
    return f"{number(value.normalize() if value else Decimal(0))}{threshold.unit}"


def setting_history() -> QuerySet[AuditEvent]:
    """Every change of a setting, the newest first."""
    return AuditEvent.objects.filter(object_type=OBJECT_TYPE).order_by("-at", "-pk")


def _last_changes() -> Mapping[str, AuditEvent]:
    events: Iterable[AuditEvent] = (
        AuditEvent.objects.filter(object_type=OBJECT_TYPE)
        .order_by("object_code", "-at", "-pk")
        .distinct("object_code")
    )
    return {event.object_code: event for event in events}
