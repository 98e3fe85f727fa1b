"""What was handed in or reported keeps the name that the agency had on its day."""

import datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError

from agencies.services.agencies import update_agency
from reporting.matters.services import matters
from reporting.models import Matter, Submission
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.unit.reporting.reviewed import handed_in, make_agency

pytestmark = pytest.mark.django_db
OLD, NEW = "区交通运输局", "区交通和城市运行局"


@pytest.fixture
def zhang():
    return make_agency()


def renamed(agency, name=NEW, short_name="交通运行局"):
    agency.name, agency.short_name = name, short_name
    update_agency(agency=agency, by=None)


def page(client, user, address):
    client.force_login(user)
    return client.get(address).content.decode()


def test_receipt_and_sheet_of_before_are_unchanged_by_a_renaming(client, zhang):
    handed_in(zhang)
    address = f"/fill/2026Q3/receipt/{Submission.objects.get().number}/"
    before = page(client, zhang, address)
    renamed(zhang.agency)
    after, sheet = page(client, zhang, address), page(client, zhang, f"{address}sheet/")
    assert OLD in before
    assert (OLD in after, NEW in after.partition("<main")[2]) == (True, False)
    assert (OLD in sheet.partition("<main")[2], NEW in sheet) == (True, False)


def test_what_is_handed_in_afterwards_has_the_new_name(zhang):
    handed_in(zhang)
    renamed(zhang.agency)
    handed_in(zhang)
    names = Submission.objects.order_by("pk").values_list("agency_name", "agency_short_name")
    assert list(names) == [(OLD, OLD), (NEW, "交通运行局")]


def test_a_matter_keeps_the_name_too(client, zhang):
    matters.report(matter=Matter(title="断电", text="场站断电"), by=zhang)
    renamed(zhang.agency)
    address = f"/matters/{Matter.objects.get().code}/"
    shown = page(client, zhang, address).partition("<main")[2]
    assert (OLD in shown, NEW in shown) == (True, False)


def test_the_database_refuses_a_submission_without_a_name(zhang):
    handed_in(zhang)
    with pytest.raises(IntegrityError):
        Submission.objects.update(agency_name="")


def test_existing_rows_get_the_name_that_the_ledger_knows(time_machine):
    """Handed in before, between and after two renamings; another agency was never renamed."""
    agency, other = AgencyFactory(name="甲局", code="jia"), AgencyFactory(name="区乙局")
    people = UserFactory(agency=agency), UserFactory(agency=other)
    for day, name in ((1, "甲局"), (3, "丙局"), (5, "丁局")):
        time_machine.move_to(datetime.datetime(2026, 11, day, 1, tzinfo=datetime.UTC))
        if name != agency.name:
            renamed(agency, name, f"{name}简")
        time_machine.shift(datetime.timedelta(hours=1))
        for person in people:
            handed_in(person)
    Submission.objects.update(agency_name="?", agency_short_name="?")
    import_module("reporting.migrations.0004_names_of_the_day").fill(apps, None)
    rows = Submission.objects.filter(agency=agency).order_by("submitted_at")
    assert [row.agency_name for row in rows] == ["甲局", "丙局", "丁局"]
    assert [row.agency_short_name for row in rows] == ["甲局", "丙局简", "丁局简"]
    assert set(Submission.objects.filter(agency=other).values_list("agency_name")) == {("区乙局",)}
