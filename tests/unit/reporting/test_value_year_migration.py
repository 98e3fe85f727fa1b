"""What the migration to value years makes of the items that are there: one database, taken back,
filled with the cases and brought forward."""

import datetime

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from reporting.models import Obligation
from tests.factories.agencies import AgencyFactory
from tests.factories.targets import TargetFactory

pytestmark = pytest.mark.django_db
BEFORE, AFTER = [("reporting", "0005_period_is_automatic")], [("reporting", "0006_value_year")]
DAY = datetime.date(2026, 10, 8)
# Target → its frequency, quarter reported on, what stands in 数据属于, the year that it is given.
CASES = {
    "typed": ("annual", (2026, 3), "2025", 2025),
    "older": ("annual", (2026, 3), "2024", 2024),
    "in_words": ("annual", (2026, 3), " 2024年 ", 2024),
    "untouched": ("annual", (2026, 3), None, 2025),
    "empty": ("annual", (2027, 2), "", 2026),
    "quarter": ("annual", (2026, 2), "2026Q2", 2025),
    "last_year": ("annual", (2026, 2), "去年", 2025),
    "quarterly": ("quarterly", (2026, 3), "2026Q3", None),
    "of_a_year": ("quarterly", (2026, 3), "2025", None),
}


@pytest.fixture(scope="module", autouse=True)
def migrated(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        old = migrate(BEFORE)
        agency = AgencyFactory(code="fgj")
        for code, case in CASES.items():
            _case(old, agency, code, case)
        migrate(AFTER)
        migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())
        yield
        call_command("flush", interactive=False, verbosity=0)


def migrate(where):
    executor = MigrationExecutor(connection)
    executor.migrate(where)
    return executor.loader.project_state(where).apps


def _case(old, agency, code, case):
    frequency, (year, quarter), typed, _ = case
    target = TargetFactory(code=code, frequency=frequency)
    period, _ = old.get_model("reporting", "ReportingPeriod").objects.get_or_create(
        year=year, quarter=quarter, defaults={"opens_on": DAY, "due_on": DAY, "closes_on": DAY}
    )
    content = {} if typed is None else {"value_period": {"text": typed, "v": 1}}
    old.get_model("reporting", "Obligation").objects.create(
        period=period, agency_id=agency.pk, kind="target", target_id=target.pk, content=content
    )


@pytest.mark.parametrize("code", CASES)
def test_each_item_is_given_its_year(code):
    assert Obligation.objects.get(target__code=code).value_year == CASES[code][3]


def test_what_was_typed_stays():
    row = Obligation.objects.get(target__code="quarter")
    assert row.content["value_period"]["text"] == "2026Q2"
    assert row.texts["value_period"] == "2025"


def test_it_can_be_taken_back_and_brought_forward_again():
    migrate(BEFORE)
    migrate(AFTER)
    migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())
    assert Obligation.objects.get(target__code="typed").value_year == 2025


def test_a_year_once_and_two_years_beside_each_other():
    row = Obligation.objects.select_related("period", "target").get(target__code="typed")
    subject = {"period": row.period, "agency": row.agency, "kind": "target", "target": row.target}
    Obligation.objects.create(**subject, value_year=2024)
    with pytest.raises(IntegrityError, match="obligation_once"), transaction.atomic():
        Obligation.objects.create(**subject, value_year=2025)


@pytest.mark.parametrize("year", [1999, 2200])
def test_a_year_that_cannot_be_is_refused(year):
    with pytest.raises(IntegrityError, match="obligation_value_year"), transaction.atomic():
        Obligation.objects.filter(target__code="typed").update(value_year=year)
