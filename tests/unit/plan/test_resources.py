"""The register of documents."""

import datetime

import pytest

from plan.models import Document
from plan.resources import DocumentRegister
from tests.factories.agencies import AdministratorFactory
from tests.factories.plan import DocumentFactory
from tests.registers import bring_in, table_of

pytestmark = pytest.mark.django_db


def test_documents_there_and_back_and_changed():
    admin = AdministratorFactory()
    DocumentFactory(title="通知", number="长发改〔2026〕8号")
    _, rows = table_of(DocumentRegister)
    assert bring_in(DocumentRegister, rows, by=admin).counts["same"] == 1
    dated = [rows[0] | {"发文日期": "2026年10月8日"}]
    assert bring_in(DocumentRegister, dated, by=admin).counts["changed"] == 1
    assert Document.objects.get().issued_on == datetime.date(2026, 10, 8)
