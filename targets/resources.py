"""Registers of targets, milestones and actual values."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.models import Agency
from agencies.registers import (
    IMPORT_REASON,
    AgencyReferences,
    AuditedRegister,
    agencies_in_order,
    assign,
    ids_in_order,
    instance_of,
    linked_ids,
    retire_or_restore,
)
from common.quarters import Period
from common.registers.cells import References, WholeNumberCell
from common.registers.columns import Column, list_column, shown
from common.registers.resource import ListSource, RegisterResult, Row
from plan import services as plan
from plan.choices import CategoryScope
from plan.models import Category, Document
from targets import rules
from targets.choices import TargetKind
from targets.models import Milestone, Observation, Target, TargetAgency
from targets.selectors import accounting, doubt_of_goal, judged_targets
from targets.services.milestones import set_milestone
from targets.services.observations import (
    FACTS,
    Reported,
    check_can_record,
    check_meaning,
    check_rate,
    record_observations,
    take_over,
)
from targets.services.register import restore_target, retire_target, save_target
from targets.services.serving import set_served

_BY_TWO = "基期值由两人办理：在指标页面“提出基期值”，另一位审核员确认"
_TOLERANCE_BY_TWO = "左右容差由两人办理：在指标页面“确认容差”，另一位审核员确认"


def target_references() -> References:
    """Targets by code, or by code and name."""
    return References.of(
        "指标",
        (
            (pk, code, f"{code} {name}")
            for pk, code, name in Target.objects.values_list("pk", "code", "name")
        ),
    )


class BasisReferences(References):
    """Accounting bases by name, whatever the width of brackets; values refer to them by it."""

    def __init__(self) -> None:
        self.register = accounting.basis_names()
        super().__init__("口径", {name: name for name in self.register.names})

    def find(self, text: str) -> str:
        return self.register.canonical(text) or super().find(text)

    def nearest(self, text: str) -> list[str]:
        return self.register.nearest(text)


class TargetRegister(AuditedRegister):
    """Targets by code, with their responsible agencies in order."""

    model = Target
    key = ("code",)

    def make_columns(self) -> Sequence[Column]:
        agencies = AgencyReferences()
        categories = Category.objects.values_list("pk", "name", "short_name")
        names = ("unit", "decimals", "frequency", "pace", "tolerance_percent", "baseline_year")
        texts = ("baseline_value", "baseline_note")
        facts = ("definition", "formula", "is_share", "is_flow", "q4_is_year_end")
        parts = ("numerator", "denominator", "data_source")
        notes = ("release_note", "quarterly_note", "rounding", "is_headline", "position")
        return [
            *self.columns("code", "name", "short_name", "kind", "commitment"),
            self.column("category", references=References.of("领域", categories)),
            *self.columns(*names, *texts),
            self.column("accounting_basis", references=BasisReferences()),
            self.column("lead", references=agencies),
            self.column("convenor", references=agencies),
            list_column("shares", "责任单位", agencies),
            *self.columns(*facts, *parts, *notes),
            self.column("values_of", references=target_references()),
            self.column("retired_on"),
        ]

    def list_sources(self) -> Mapping[str, ListSource]:
        return {"shares": partial(ids_in_order, TargetAgency.objects.all(), "target")}

    def write_row(self, row: Row, *, by: Any) -> None:
        values = row.differences
        shares = values.pop("shares", None)
        values.pop("retired_on", None)
        target = assign(instance_of(self, row.current), values)
        _check_not_by_two(target, values)
        save_target(target=target, responsible=agencies_in_order(shares), by=by)
        retire_or_restore(row, retire=retire_target, restore=restore_target, by=by, target=target)


class ServingRegister(AuditedRegister):
    """Rows of the plan by code that serve targets and have agencies in order: tasks, projects.

    Subclasses give `scope` of the categories, `shares` (their AgencyShare rows) and `save`.
    `apart` are columns that `save` does not write.
    """

    key = ("code",)
    scope: ClassVar[CategoryScope]
    shares: ClassVar[str]
    apart: ClassVar[tuple[str, ...]] = ()

    def category_column(self, label: str) -> Column:
        scope = Category.objects.filter(scope=self.scope)
        names = scope.values_list("pk", "name", "short_name")
        return self.column("category", references=References.of(label, names))

    def targets_column(self) -> Column:
        targets = References.of("指标", Target.objects.values_list("pk", "code"))
        return list_column("targets", "相关指标", targets, ordered=False)

    def list_sources(self) -> Mapping[str, ListSource]:
        shares = getattr(self.model, self.shares).rel
        rows = shares.related_model._base_manager.all()
        return {
            self.shares: partial(ids_in_order, rows, shares.field.name),
            "targets": partial(linked_ids, self.model, "targets", "position"),
        }

    def save(self, record: Any, *, agencies: list[Agency] | None, by: Any) -> None:
        """Write the record and its agencies by its own service."""

    def write_row(self, row: Row, *, by: Any) -> None:
        values = row.differences
        shares, served = values.pop(self.shares, None), values.pop("targets", None)
        for name in ("retired_on", *self.apart):
            values.pop(name, None)
        record = assign(instance_of(self, row.current), values)
        self.save(record, agencies=agencies_in_order(shares), by=by)
        if served is not None:
            targets = list(Target.objects.filter(pk__in=served))
            set_served(record=record, targets=targets, by=by)
        self.write_apart(row, record, by=by)
        retire_or_restore(row, retire=plan.retire, restore=plan.restore, by=by, record=record)

    def write_apart(self, row: Row, record: Any, *, by: Any) -> None:
        """Write the columns of `apart`, each by its own service."""


class MilestoneRegister(AuditedRegister):
    """Milestones in force by target, year and reading; a change becomes a new version."""

    model = Milestone
    key = ("target_id", "year", "is_alternative")

    def make_columns(self) -> Sequence[Column]:
        documents = ((d.pk, str(d), d.title, d.number) for d in Document.objects.all())
        return [
            self.column("target", references=target_references(), label="指标编号"),
            shown("target__name", "指标名称"),
            *self.columns("year", "nature", "comparison", "state", "value", "base_year"),
            self.column("basis", references=BasisReferences()),
            *self.columns("text", "due"),
            self.column("is_alternative", required=False),
            self.column("effective_from"),
            self.column("document", references=References.of("依据文件", documents)),
            self.column("note"),
            shown("version", "版本", WholeNumberCell()),
        ]

    def queryset(self) -> models.QuerySet[Any]:
        return Milestone.objects.filter(is_current=True)

    def write_row(self, row: Row, *, by: Any) -> None:
        milestone = assign(instance_of(self, row.current), row.differences)
        milestone.pk = None
        milestone._state.adding = True
        milestone.version = 1
        reason = "" if row.is_new else IMPORT_REASON
        set_milestone(milestone=milestone, by=by, reason=reason)

    def ask(self, rows: Sequence[Row], result: RegisterResult) -> None:
        """What a form would ask of a goal, see `doubt_of_goal`."""
        targets = Target.objects.in_bulk({row.key[0] for row in rows})
        for row in rows:
            value = row.values.get("value")
            if value is None or "value" not in row.differences:
                continue
            target, year = targets[row.key[0]], row.key[1]
            milestone = Milestone(target=target, year=year, base_year=row.values.get("base_year"))
            doubt = doubt_of_goal(milestone=milestone, value=value)
            if doubt:
                result.ask(row.number, f"目标值：{doubt}")


class ObservationRegister(AuditedRegister):
    """Actual values in force by target, period and basis; a different one is a new version."""

    model = Observation
    key = ("target_id", "year", "quarter", "basis_id")
    ignored = ("reason",)

    def make_columns(self) -> Sequence[Column]:
        self.own = dict(Target.objects.values_list("pk", "accounting_basis"))
        return [
            self.column("target", references=target_references(), label="指标编号"),
            shown("target__name", "指标名称"),
            *self.columns("year", "quarter", "value", "not_applicable", "grade"),
            self.column("basis", references=BasisReferences()),
            *self.columns("source", "numerator", "denominator", "annual_rate", "note", "reason"),
            shown("version", "版本", WholeNumberCell()),
            self.column("is_demo", readonly=True),
            shown("recorded_by", "录入人"),
        ]

    def queryset(self) -> models.QuerySet[Any]:
        return Observation.objects.filter(is_current=True)

    def _key_of(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """An empty basis is the target's own."""
        target, *period, basis = super()._key_of(values)
        return target, *period, basis or self.own.get(target)

    def adjust(self, row: Row) -> None:
        if "basis_id" in row.values:
            row.values["basis_id"] = row.key[-1]

    def check(self, rows: Sequence[Row], result: RegisterResult, *, by: Any) -> None:
        """Every value by the rules of its target, without writing it."""
        check_can_record(by=by)
        targets = Target.objects.in_bulk({row.key[0] for row in rows})
        kept = self._kept(rows)
        now = Period.quarter_of(timezone.localdate())
        for row in rows:
            values = kept[row.current] | row.values if kept and row.current else row.values
            value, not_applicable = values.get("value"), values.get("not_applicable", False)
            reported = Reported(row.key[1], row.key[2], value, not_applicable)
            try:
                _check_is_no_base(row, targets[row.key[0]])
                check_meaning(observation=reported, target=targets[row.key[0]], now=now)
                check_rate(
                    rate=values.get("annual_rate"),
                    quarter=row.key[2],
                    target=targets[row.key[0]],
                )
            except ValidationError as error:
                self.add_error(row, error, result)

    def write(self, rows: Sequence[Row], result: RegisterResult, *, by: Any) -> None:
        self.check(rows, result, by=by)
        if result.problems:
            return
        targets = Target.objects.in_bulk({row.key[0] for row in rows})
        observations = [_observation(row, targets[row.key[0]]) for row in rows]
        names = _left_out(rows)

        def complete(new: Observation, known: Observation) -> None:
            take_over(new=new, known=known, names=names)

        try:
            record_observations(observations=observations, by=by, complete=complete)
        except ValidationError as error:
            self.add_error(rows[0], error, result)

    def ask(self, rows: Sequence[Row], result: RegisterResult) -> None:
        """What a form would ask of a value that is new or different."""
        changed = [row for row in rows if row.differences.get("value") is not None]
        judged = {
            one.target.pk: one.terms
            for one in judged_targets(where=Q(pk__in={row.key[0] for row in changed}))
        }
        annual = _annual_values(judged, changed)
        for row in changed:
            pk, year, quarter, basis = row.key
            terms, value = judged[pk], row.values["value"]
            actual = rules.Actual(year, value, rules.Grade.FINAL, basis or "", quarter=quarter)
            earlier = [known for known in annual[pk] if known < year]
            last = annual[pk][max(earlier)] if earlier and quarter is None else None
            doubt = rules.doubt_of_value(terms, actual, last)
            if doubt:
                result.ask(row.number, f"数值：{doubt}")

    def _kept(self, rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
        """What the workbook has no column for, from the values in force."""
        missing = _left_out(rows)
        if not missing:
            return {}
        pks = [row.current for row in rows if row.current is not None]
        found = self.queryset().filter(pk__in=pks).values("pk", *missing)
        return {values.pop("pk"): values for values in found}


def _annual_values(
    judged: Mapping[int, rules.Terms], rows: Sequence[Row]
) -> dict[int, dict[int, Decimal]]:
    """By target and year the values of its own basis, those of the workbook over those in force."""
    found = {
        pk: {
            a.year: a.value for a in terms.actuals if a.value is not None and terms.is_own_basis(a)
        }
        for pk, terms in judged.items()
    }
    for row in rows:
        pk, year, quarter, basis = row.key
        if quarter is None and (basis or "") == judged[pk].basis:
            found[pk][year] = row.values["value"]
    return found


def _check_not_by_two(target: Target, values: Mapping[str, Any]) -> None:
    """Raise ValidationError if a known target gets what two persons have to enter."""
    if target.pk and target.is_based and "baseline_value" in values:
        raise ValidationError({"baseline_value": _BY_TWO})
    if target.pk and target.kind == TargetKind.ABOUT and "tolerance_percent" in values:
        raise ValidationError({"tolerance_percent": _TOLERANCE_BY_TWO})


def _check_is_no_base(row: Row, target: Target) -> None:
    """Raise ValidationError if a row changes a base value: that is no matter of one person."""
    is_base = target.is_based and row.key[1:3] == (target.baseline_year, None)
    if is_base and row.differences:
        raise ValidationError({"value": _BY_TWO})


def _left_out(rows: Sequence[Row]) -> list[str]:
    """The facts that the workbook has no column for."""
    return [name for name in FACTS if rows and name not in rows[0].values]


def _observation(row: Row, target: Target) -> Observation:
    values = {name: row.values[name] for name in FACTS if name in row.values}
    _, year, quarter, basis = row.key
    reason = ""
    if not row.is_new:
        given = row.values.get("reason", "")
        reason = given if given and given != row.old.get("reason") else IMPORT_REASON
    return Observation(
        target=target, year=year, quarter=quarter, basis_id=basis, reason=reason, **values
    )
