"""The register of documents."""

import datetime

import pytest

from plan.models import Document
from plan.resources import DocumentRegister
from tests.factories.agencies import AdministratorFactory
from tests.factories.plan import DocumentFactory, PlanDocumentFactory
from tests.registers import bring_in, table_of

pytestmark = pytest.mark.django_db


def test_the_plan_names_its_years():
    admin = AdministratorFactory()
    PlanDocumentFactory()
    _, rows = table_of(DocumentRegister)
    assert (rows[0]["方案基期"], rows[0]["方案目标年"]) == (2020, "2025、2030")
    later = [rows[0] | {"方案目标年": "2035、2030"}]
    assert bring_in(DocumentRegister, later, by=admin).counts["changed"] == 1
    assert Document.objects.get().milestone_years == [2030, 2035]


def test_other_documents_have_no_years():
    admin = AdministratorFactory()
    DocumentFactory(title="通知")
    _, rows = table_of(DocumentRegister)
    wrong = bring_in(DocumentRegister, [rows[0] | {"方案目标年": "2030"}], by=admin)
    assert "只有实施方案有基期和目标年" in str(wrong.problems)


def test_documents_there_and_back_and_changed():
    admin = AdministratorFactory()
    DocumentFactory(title="通知", number="长发改〔2026〕8号")
    _, rows = table_of(DocumentRegister)
    assert bring_in(DocumentRegister, rows, by=admin).counts["same"] == 1
    dated = [rows[0] | {"发文日期": "2026年10月8日"}]
    assert bring_in(DocumentRegister, dated, by=admin).counts["changed"] == 1
    assert Document.objects.get().issued_on == datetime.date(2026, 10, 8)
