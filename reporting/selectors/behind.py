"""What stands behind a task or project beside its reports: risks of the ledger and evidence."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Case, OuterRef, QuerySet, Value, When

from agencies.models import User
from common.json_rows import JSONRow
from common.quarters import Period
from projects.models import Project
from reporting.choices import ObligationKind, RiskLevel, RiskState
from reporting.models import Evidence, Risk
from reporting.policies import readable
from reporting.selectors.risks_then import RiskLine, as_they_were, kept_rows
from tasks.models import Task


@dataclass(frozen=True, slots=True)
class FileLine:
    """An approved file that the reader may open."""

    pk: int
    name: str
    period: Period
    agency: str
    is_contribution: bool


@dataclass(frozen=True)
class Behind:
    """Risks, the open ones first; files, the newest quarter first; how many files others read."""

    risks: tuple[RiskLine, ...]
    files: tuple[FileLine, ...]
    hidden: int

    @property
    def open_risks(self) -> int:
        return sum(risk.is_open for risk in self.risks)


_NONE = Behind((), (), 0)


def behind(
    *,
    of: type[Task] | type[Project],
    code: str,
    reader: User,
    moment: datetime.datetime | None = None,
) -> Behind:
    """Both of one task or project in one statement; of what is unknown there is nothing.

    Of a past moment the risks are those that the ledger named then.
    """
    name = "task" if of is Task else "project"
    now = Risk.objects.filter(**{name: OuterRef("pk")}).order_by("pk")
    risks = kept_rows(moment=moment) if moment else _risks(now)
    files = (
        Evidence.objects.filter(
            **{f"obligation__{name}": OuterRef("pk")}, removed_at=None, is_locked=True
        )
        .annotate(
            may_read=Case(
                When(readable(by=reader, path="obligation__"), then=True),
                default=Value(False),
                output_field=BooleanField(),
            )
        )
        .order_by("-obligation__period__year", "-obligation__period__quarter", "pk")
    )
    rows: QuerySet[Any] = of._default_manager.filter(code=code)
    found = rows.values_list(ArraySubquery(risks), ArraySubquery(_files(files))).first()
    if found is None:
        return _NONE
    known = as_they_were(found[0]) if moment else map(_risk, found[0])
    about = (line for line in known if line.about == code)
    lines = sorted(about, key=lambda line: not line.is_open)
    shown = tuple(_file(row) for row in found[1] if row["may_read"])
    return Behind(tuple(lines), shown, len(found[1]) - len(shown))


def _risks(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.values(
        json=JSONRow(
            pk="pk", about=OuterRef("code"), title="title", level="level", state="state",
            agency="agency__short_name", due_on="due_on",
        )
    )  # fmt: skip


def _files(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.values(
        json=JSONRow(
            pk="pk", name="name", may_read="may_read", kind="obligation__kind",
            agency="obligation__agency__short_name",
            year="obligation__period__year", quarter="obligation__period__quarter",
        )
    )  # fmt: skip


def _risk(row: dict[str, Any]) -> RiskLine:
    due = row["due_on"]
    return RiskLine(
        row["pk"],
        row["about"],
        row["title"],
        RiskLevel(row["level"]),
        RiskState(row["state"]),
        row["agency"],
        datetime.date.fromisoformat(due) if due else None,
    )


def _file(row: dict[str, Any]) -> FileLine:
    period = Period(row["year"], row["quarter"])
    shared = row["kind"] == ObligationKind.CONTRIBUTION
    return FileLine(row["pk"], row["name"], period, row["agency"], shared)
