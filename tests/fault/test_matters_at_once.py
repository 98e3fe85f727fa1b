"""Matters that several people raise or decide on at the same moment."""

import pytest

from agencies.choices import Role
from plan.models import DataState
from reporting.matters.services import matters
from reporting.models import Matter
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.matters import MatterFactory
from tests.fault.test_two_reviewers import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people():
    DataState.current()
    agency = AgencyFactory()
    return [UserFactory(roles=[Role.REPORTER, Role.REVIEWER], agency=agency) for _ in range(4)]


def test_each_is_given_a_number_of_its_own(people):
    MatterFactory(code="2026-01")

    def raised(by):
        return lambda: matters.report(matter=Matter(title="停工", text="9月起停工"), by=by)

    assert together(*map(raised, people)) == []
    codes = Matter.objects.order_by("code").values_list("code", flat=True)
    assert list(codes) == [f"2026-0{number}" for number in range(1, 6)]


def test_one_assesses_and_the_others_are_told(people):
    matter = MatterFactory()

    def assessed(by):
        mine = Matter.objects.get(pk=matter.pk)
        return lambda: matters.assess(matter=mine, text="属实", by=by)

    told = together(*[assessed(by) for by in people])
    assert len(told) == 3
    assert all("刚刚办理过这件事项" in said for said in told), told
    assert [note.step for note in matter.notes.all()] == ["assess"]
