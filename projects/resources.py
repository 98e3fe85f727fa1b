"""The register of projects."""

from collections.abc import Sequence
from typing import Any

from agencies.models import Agency
from agencies.registers import AgencyReferences
from common.registers.columns import Column, list_column
from common.registers.resource import Row
from plan.choices import CategoryScope
from projects import services
from projects.models import Project
from targets.resources import ServingRegister


class ProjectRegister(ServingRegister):
    """Projects by code, with their owners in order and the targets that they serve."""

    model = Project
    scope = CategoryScope.PROJECTS
    shares = "owner_rows"
    apart = ("reporting_agency_id",)

    def make_columns(self) -> Sequence[Column]:
        agencies = AgencyReferences()
        return [
            *self.columns("code", "number", "name"),
            self.category_column("类别"),
            self.column("owner_text"),
            list_column("owner_rows", "项目单位", agencies),
            self.column("reporting_agency", references=agencies),
            *self.columns("content", "start_year", "end_year", "total_investment_wan"),
            self.targets_column(),
            self.column("origin"),
            self.column("retired_on"),
        ]

    def save(self, record: Any, *, agencies: list[Agency] | None, by: Any) -> None:
        services.save_project(project=record, owners=agencies, by=by)

    def write_apart(self, row: Row, record: Any, *, by: Any) -> None:
        """Who reports is named by the bureau's own service."""
        if "reporting_agency_id" in row.differences:
            agency = Agency.objects.filter(pk=row.differences["reporting_agency_id"]).first()
            services.assign_reporting_agency(project=record, agency=agency, by=by)
