"""What is the same for every reader is made once for a version of the data."""

import datetime
from decimal import Decimal

import pytest
from django.test import Client, RequestFactory

from agencies.choices import Role
from common.quarters import Period
from pages.caching import cached_by_version
from pages.frame import frame_of
from plan.models import AREAS, DataState
from targets import services
from targets.models import Milestone
from tests.documents import document
from tests.factories.agencies import AdministratorFactory, AgencyFactory, UserFactory
from tests.factories.plan import DocumentFactory
from tests.factories.targets import ObservationFactory, TargetFactory
from tests.pages import statements, text, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def state():
    DataState.touch()
    return DataState.current()


def made(names, *, name="page", of=""):
    """Makes a name a call; one request a call, as in life."""
    request = RequestFactory().get("/")
    return cached_by_version(frame_of(request), name, lambda: names.pop(0), area=of)


def test_once_for_a_version(state):
    names = ["first", "second"]
    assert [made(names), made(names)] == ["first", "first"]
    assert names == ["second"]


def test_anew_after_a_write(state):
    names = ["first", "second"]
    made(names)
    DataState.touch()
    assert made(names) == "second"


def test_a_restored_database_with_the_same_number_is_another_version(state):
    names = ["first", "second"]
    made(names)
    DataState.objects.update(changed_at=state.changed_at - datetime.timedelta(days=1))
    assert made(names) == "second"


@pytest.mark.parametrize("shown", [*AREAS, ""])
@pytest.mark.parametrize("written", [*AREAS[1:], ""])
def test_a_part_stays_when_values_of_another_area_change(state, shown, written):
    names = ["first", "second"]
    made(names, of=shown)
    DataState.touch(written)
    is_anew = not written or not shown or written == shown
    assert made(names, of=shown) == ("second" if is_anew else "first")


def test_what_is_recorded_touches_its_own_area(state):
    value = ObservationFactory.build(target=TargetFactory(), reason="")
    services.record_observations(observations=[value], by=AdministratorFactory())
    now = DataState.current()
    changed = [area for area in AREAS if now.mark_of(area) != state.mark_of(area)]
    assert changed == ["targets"]
    assert now.version == state.version + 1


def test_names_stay_apart(state):
    names = ["first", "second"]
    assert [made(names, name="a"), made(names, name="b")] == ["first", "second"]


def test_without_a_version_nothing_is_kept():
    names = ["first", "second"]
    assert [made(names), made(names)] == ["first", "second"]


def verdict(reader, code):
    rows = document(reader.get("/dashboard/")).one("section#rows").every("tr")
    (row,) = [row for row in rows if row.every("td.verdict") and row.text.startswith(code)]
    return row.one("td.verdict").text


@pytest.mark.usefixtures("demonstration")
class TestOverview:
    @pytest.fixture
    def readers(self):
        """A leader, and a reporter of an agency."""
        found = []
        for role in (Role.LEADER, Role.REPORTER):
            client = Client()
            client.force_login(UserFactory(roles=[role], agency=AgencyFactory()))
            found.append(client)
        return found

    def test_the_second_reader_costs_four_statements(self, readers):
        first, second = readers
        page = words(text(first.get("/dashboard/")))
        assert len(statements(second, "/dashboard/")) == 4
        again = words(text(second.get("/dashboard/")))
        start = again.index("6项主要目标")
        assert again[start : start + 2000] == page[page.index("6项主要目标") :][:2000]

    def test_each_sees_the_own_frame(self, readers):
        pages = [text(reader.get("/dashboard/")) for reader in readers]
        assert ["领导" in page[: page.index("<main")] for page in pages] == [True, False]

    def test_both_see_a_new_value(self, readers):
        for reader in readers:
            assert verdict(reader, "T02") == "目标待市下达"
        services.assign_milestone(
            milestone=Milestone.objects.get(target__code="T02", year=2025),
            value=Decimal(16),
            document=DocumentFactory(),
            effective_from=datetime.date(2026, 11, 1),
            by=AdministratorFactory(),
        )
        for reader in readers:
            assert verdict(reader, "T02") == "初步达标高0.10初"

    def test_quarters_stay_apart(self, readers):
        periods = (Period(2026, 3), Period(2026, 2))
        pages = [
            document(readers[0].get(f"/dashboard/?period={period.code}")) for period in periods
        ]
        for period, page in zip(periods, pages, strict=True):
            assert page.one("h1").text == period.label
        assert pages[0].one("main").text != pages[1].one("main").text
