"""The register of documents."""

from collections.abc import Sequence
from typing import Any

from agencies.registers import AuditedRegister, assign, instance_of
from common.registers.columns import Column
from common.registers.resource import Row
from plan import services
from plan.models import Document


class DocumentRegister(AuditedRegister):
    """Documents by title and number."""

    model = Document
    key = ("title", "number")

    def make_columns(self) -> Sequence[Column]:
        return [
            self.column("title"),
            self.column("number"),
            self.column("issuer"),
            self.column("issued_on"),
            self.column("is_plan", readonly=True),
            self.column("base_year", label="方案基期"),
            self.column("milestone_years", label="方案目标年"),
        ]

    def write_row(self, row: Row, *, by: Any) -> None:
        document = assign(instance_of(self, row.current), row.differences)
        services.save_document(document=document, by=by)
