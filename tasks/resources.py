"""The register of tasks."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from agencies.registers import (
    AgencyReferences,
    AuditedRegister,
    agencies_in_order,
    assign,
    ids_in_order,
    instance_of,
    linked_ids,
    retire_or_restore,
)
from common.registers.cells import References
from common.registers.columns import Column, list_column
from common.registers.resource import ListSource, Row
from plan.choices import CategoryScope
from plan.models import Category
from targets.models import Target
from tasks import services
from tasks.models import Task, TaskAgency


class TaskRegister(AuditedRegister):
    """Tasks by code, with responsible agencies in order and the targets that they serve."""

    model = Task
    key = ("code",)

    def make_columns(self) -> Sequence[Column]:
        agencies = AgencyReferences()
        scope = Category.objects.filter(scope=CategoryScope.TASKS)
        categories = References.of("领域", scope.values_list("pk", "name", "short_name"))
        targets = References.of("指标", Target.objects.values_list("pk", "code"))
        return [
            self.column("code"),
            self.column("category", references=categories),
            *self.columns("number", "title", "text"),
            self.column("lead", references=agencies),
            self.column("convenor", references=agencies),
            list_column("shares", "责任单位", agencies),
            list_column("targets", "相关指标", targets, ordered=False),
            self.column("retired_on"),
        ]

    def list_sources(self) -> Mapping[str, ListSource]:
        return {
            "shares": partial(ids_in_order, TaskAgency.objects.all(), "task"),
            "targets": partial(linked_ids, Task, "targets", "position"),
        }

    def write_row(self, row: Row, *, by: Any) -> None:
        values = row.differences
        lists = {name: values.pop(name, None) for name in ("shares", "targets")}
        values.pop("retired_on", None)
        task = assign(instance_of(self, row.current), values)
        services.save_task(task=task, responsible=agencies_in_order(lists["shares"]), by=by)
        if lists["targets"] is not None:
            targets = list(Target.objects.filter(pk__in=lists["targets"]))
            services.set_targets(task=task, targets=targets, by=by)
        retire_or_restore(
            row, retire=services.retire_task, restore=services.restore_task, by=by, task=task
        )
