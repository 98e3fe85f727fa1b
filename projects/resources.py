"""The register of projects."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from agencies.models import Agency
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
from projects import services
from projects.models import Project, ProjectOwner
from targets.models import Target


class ProjectRegister(AuditedRegister):
    """Projects by code, with their owners in order and the targets that they serve."""

    model = Project
    key = ("code",)

    def make_columns(self) -> Sequence[Column]:
        agencies = AgencyReferences()
        scope = Category.objects.filter(scope=CategoryScope.PROJECTS)
        categories = References.of("类别", scope.values_list("pk", "name", "short_name"))
        targets = References.of("指标", Target.objects.values_list("pk", "code"))
        years = ("content", "start_year", "end_year", "total_investment_wan")
        return [
            *self.columns("code", "number", "name"),
            self.column("category", references=categories),
            self.column("owner_text"),
            list_column("owner_rows", "项目单位", agencies),
            self.column("reporting_agency", references=agencies),
            *self.columns(*years),
            list_column("targets", "相关指标", targets, ordered=False),
            self.column("origin"),
            self.column("retired_on"),
        ]

    def list_sources(self) -> Mapping[str, ListSource]:
        return {
            "owner_rows": partial(ids_in_order, ProjectOwner.objects.all(), "project"),
            "targets": partial(linked_ids, Project, "targets", "position"),
        }

    def write_row(self, row: Row, *, by: Any) -> None:
        values = row.differences
        lists = {name: values.pop(name, None) for name in ("owner_rows", "targets")}
        values.pop("retired_on", None)
        reporter = values.pop("reporting_agency_id", None)
        project = assign(instance_of(self, row.current), values)
        owners = agencies_in_order(lists["owner_rows"])
        services.save_project(project=project, owners=owners, by=by)
        if lists["targets"] is not None:
            targets = list(Target.objects.filter(pk__in=lists["targets"]))
            services.set_targets(project=project, targets=targets, by=by)
        if "reporting_agency_id" in row.differences:
            agency = Agency.objects.filter(pk=reporter).first()
            services.assign_reporting_agency(project=project, agency=agency, by=by)
        retire_or_restore(
            row,
            retire=services.retire_project,
            restore=services.restore_project,
            by=by,
            project=project,
        )
