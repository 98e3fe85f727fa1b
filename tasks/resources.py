"""The register of tasks."""

from collections.abc import Sequence
from typing import Any

from agencies.models import Agency
from agencies.registers import AgencyReferences
from common.registers.columns import Column, list_column
from plan.choices import CategoryScope
from targets.resources import ServingRegister
from tasks import services
from tasks.models import Task


class TaskRegister(ServingRegister):
    """Tasks by code, with responsible agencies in order and the targets that they serve."""

    model = Task
    scope = CategoryScope.TASKS
    shares = "shares"

    def make_columns(self) -> Sequence[Column]:
        agencies = AgencyReferences()
        return [
            self.column("code"),
            self.category_column("领域"),
            *self.columns("number", "title", "text"),
            self.column("lead", references=agencies),
            self.column("convenor", references=agencies),
            list_column("shares", "责任单位", agencies),
            self.targets_column(),
            self.column("retired_on"),
        ]

    def save(self, record: Any, *, agencies: list[Agency] | None, by: Any) -> None:
        services.save_task(task=record, responsible=agencies, by=by)
