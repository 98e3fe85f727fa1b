"""The register of documents."""

from collections.abc import Sequence
from typing import Any

from agencies.registers import AuditedRegister, assign, instance_of
from common.registers.columns import Column, column_of
from common.registers.resource import Row
from plan import services
from plan.models import Document


class DocumentRegister(AuditedRegister):
    """Documents by title and number."""

    model = Document
    key = ("title", "number")

    def make_columns(self) -> Sequence[Column]:
        field = Document._meta.get_field
        return [
            column_of(field("title")),
            column_of(field("number")),
            column_of(field("issuer")),
            column_of(field("issued_on")),
            column_of(field("is_plan"), readonly=True),
        ]

    def write_row(self, row: Row, *, by: Any) -> None:
        document = assign(instance_of(self, row.current), row.differences)
        services.save_document(document=document, by=by)
