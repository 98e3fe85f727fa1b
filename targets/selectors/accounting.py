"""The register of accounting bases: where each is used, and what has none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from common.database.annotations import Annotation
from common.database.json_rows import JSONRow
from targets.choices import BasisChangeKind
from targets.models import AccountingBasis, BasisChange, Milestone, Observation, Target
from targets.rules.series.accounting import BasisNames
from targets.rules.words.formatting import plain


def basis_names() -> BasisNames:
    """The present register."""
    former = _former().values_list("from_name", "to_name")
    return BasisNames.of(AccountingBasis.objects.values_list("name", flat=True), former)


def bases_subquery() -> ArraySubquery:
    """The present register as a column of another statement."""
    return ArraySubquery(AccountingBasis.objects.values("name"))


def former_bases_subquery() -> ArraySubquery:
    """The former names in the register as a column of another statement."""
    return ArraySubquery(_former().values(json=JSONRow(before="from_name", now="to_name")))


def read_former_bases(found: Iterable[Mapping[str, str]] | None) -> list[tuple[str, str]]:
    """The result of `former_bases_subquery`: pairs of former and present name."""
    return [(change["before"], change["now"]) for change in found or ()]


def _former() -> QuerySet[BasisChange]:
    changes = BasisChange.objects.filter(undone_at=None).exclude(kind=BasisChangeKind.SPLIT)
    return changes.order_by("changed_at", "pk")


def _counted_values() -> Count:
    return Count("observations", filter=Q(observations__is_current=True), distinct=True)


def _counted_goals() -> Count:
    goals = Q(milestones__is_current=True, milestones__basis=None)
    return Count("milestones", filter=goals, distinct=True)


VALUES_COUNT = Annotation("values_count", _counted_values, int)
GOALS_COUNT = Annotation("goals_count", _counted_goals, int)


def without_basis() -> list[Target]:
    """Current targets without a basis; VALUES_COUNT and GOALS_COUNT count theirs without one."""
    targets = Target.objects.in_force().filter(accounting_basis=None, values_of=None)
    counted = targets.annotate(**VALUES_COUNT.column(), **GOALS_COUNT.column())
    return list(counted.order_by("position", "code"))


@dataclass(frozen=True)
class Clash:
    """Two current values for one period that come under one basis: which stays, which goes."""

    kept: Observation
    gone: Observation

    @property
    def sentence(self) -> str:
        settled = any(row.is_current for row in self.gone.settlements.all())
        again = "；依据它的判定须重新判定" if settled else ""
        return f"{self.kept}：保留{_figure(self.kept)}，撤销{_figure(self.gone)}{again}"


@dataclass(frozen=True)
class Moving:
    """The effect of merging or splitting: values and goals with another basis, and clashes.

    Old versions are included.
    """

    values: int
    goals: int
    targets: tuple[Target, ...]
    clashes: tuple[Clash, ...]

    @property
    def words(self) -> str:
        """12个数值、1个阶段目标（连同旧版本）和指标T18; empty if nothing changes."""
        counted = ((self.values, "个数值"), (self.goals, "个阶段目标"))
        versions = "、".join(f"{count}{noun}" for count, noun in counted if count)
        codes = "、".join(target.code for target in self.targets)
        found = (versions and f"{versions}（连同旧版本）", codes and f"指标{codes}")
        return "和".join(part for part in found if part)


def moving(
    *,
    rows: QuerySet[Observation],
    goals: QuerySet[Milestone],
    targets: QuerySet[Target],
    into: AccountingBasis,
) -> Moving:
    """The effect of another basis on these values, goals and targets, in five statements."""
    current = rows.filter(is_current=True).select_related("target")
    there = into.observations.filter(is_current=True, target__in=rows.values("target"))
    by_period = {
        (row.target_id, row.year, row.quarter): row
        for row in there.select_related("target").prefetch_related("settlements")
    }
    pairs = (
        (row, by_period.get((row.target_id, row.year, row.quarter)))
        for row in current.prefetch_related("settlements")
    )
    clashes = (Clash(*_newest_first(one, other)) for one, other in pairs if other is not None)
    return Moving(rows.count(), goals.count(), tuple(targets), tuple(clashes))


def _figure(row: Observation) -> str:
    return "不适用" if row.value is None else f"{plain(row.value)}{row.target.unit}"


def _newest_first(one: Observation, other: Observation) -> list[Observation]:
    return sorted((one, other), key=lambda row: (row.recorded_at, row.pk), reverse=True)


def bases_with_use() -> list[AccountingBasis]:
    """The register with `values_count` and `goals_count` (current ones) and `owners` (targets)."""
    values = Observation.objects.filter(basis=OuterRef("name"), is_current=True)
    goals = Milestone.objects.filter(basis=OuterRef("name"), is_current=True)
    owners = Target.objects.filter(accounting_basis=OuterRef("name"))
    return list(
        AccountingBasis.objects.select_related("document").annotate(
            values_count=_count_of(values, "basis"),
            goals_count=_count_of(goals, "basis"),
            owners=_count_of(owners, "accounting_basis"),
        )
    )


def _count_of(rows: QuerySet[Any], name: str) -> Coalesce:
    counted = rows.order_by().values(name).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), Value(0))


def changes_to_undo() -> QuerySet[BasisChange]:
    """Merges, splits and renamings, newest first."""
    return BasisChange.objects.order_by("-changed_at", "-pk")
