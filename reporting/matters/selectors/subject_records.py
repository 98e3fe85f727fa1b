"""Records of a task or project besides its reports: matters and evidence."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Case, OuterRef, QuerySet, Value, When

from agencies.models import User
from common.database.json_rows import JSONRow
from common.quarters import Period
from projects.models import Project
from reporting.choices import ObligationKind
from reporting.matters.selectors.asof import kept_rows, lines_at, lines_now
from reporting.matters.selectors.lines import MatterLine
from reporting.models import Evidence, Matter
from reporting.policies import readable
from tasks.models import Task


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """An approved file that the reader may open."""

    pk: int
    name: str
    period: Period
    agency: str
    is_contribution: bool


@dataclass(frozen=True)
class SubjectRecords:
    """Visible matters, open ones first; files, newest quarter first; how many others may read."""

    matters: tuple[MatterLine, ...]
    files: tuple[EvidenceLine, ...]
    hidden: int

    @property
    def open_matters(self) -> int:
        return sum(line.is_open for line in self.matters)


_NONE = SubjectRecords((), (), 0)


def subject_records(
    *,
    of: type[Task] | type[Project],
    code: str,
    reader: User,
    moment: datetime.datetime | None = None,
) -> SubjectRecords:
    """Matters and files of one task or project in one statement; empty for an unknown one.

    As of a past moment, the matters that named it then. Former 重大问题 are left out: they were not
    shown on these pages.
    """
    name = "task" if of is Task else "project"
    mine = Matter.objects.filter(**{name: OuterRef("pk")})
    matters = kept_rows(since=moment) if moment else kept_rows(mine)
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
    found = rows.values_list(ArraySubquery(matters), ArraySubquery(_files(files))).first()
    if found is None:
        return _NONE
    known = lines_at(found[0], moment) if moment else lines_now(found[0])
    about = (line for line in known if line.about == code and _is_shown(line, reader))
    lines = sorted(about, key=lambda line: not line.is_open)
    shown = tuple(_file(row) for row in found[1] if row["may_read"])
    return SubjectRecords(tuple(lines), shown, len(found[1]) - len(shown))


def _is_shown(line: MatterLine, reader: User) -> bool:
    return line.is_in_ledger or (line.is_seen_by(reader) and not line.is_before)


def _files(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.values(
        json=JSONRow(
            pk="pk", name="name", may_read="may_read", kind="obligation__kind",
            agency="obligation__agency__short_name",
            year="obligation__period__year", quarter="obligation__period__quarter",
        )
    )  # fmt: skip


def _file(row: dict[str, Any]) -> EvidenceLine:
    period = Period(row["year"], row["quarter"])
    shared = row["kind"] == ObligationKind.CONTRIBUTION
    return EvidenceLine(row["pk"], row["name"], period, row["agency"], shared)
