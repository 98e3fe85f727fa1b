"""Judged targets are kept by the process: after a change only what it concerns is read anew."""

import datetime
from decimal import Decimal

import pytest
from django.core.cache import caches

from agencies.models import Agency
from plan.models import DataState
from targets.choices import TargetKind
from targets.models import Observation
from targets.selectors import judged_now, judged_targets
from targets.services import record_observations, retract_observations
from tests.factories.agencies import AdministratorFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("of_2026q3")]

D = Decimal


@pytest.fixture
def targets():
    """Three targets with a goal and a value."""
    DataState.touch()
    found = [MilestoneFactory(target=TargetFactory(code=f"T8{n}")).target for n in range(3)]
    record([ObservationFactory.build(target=one, value=D(70), reason="") for one in found])
    return found


def record(values):
    return record_observations(observations=values, by=AdministratorFactory())


def corrected(target, value):
    return record([ObservationFactory.build(target=target, value=D(value), reason="更正")])


def now():
    """The rows by code, as a page reads them: first the state, then the rows."""
    return {row.target.code: row for row in judged_now(DataState.current())}


def test_they_are_what_is_judged(targets):
    assert list(now().values()) == judged_targets()
    corrected(targets[1], 71)
    assert list(now().values()) == judged_targets()


def test_only_the_changed_one_is_read_anew(targets, django_assert_num_queries):
    before = now()
    corrected(targets[1], 71)
    state = DataState.current()
    with django_assert_num_queries(1) as asked:
        judged_now(state)
    assert f'"id" IN ({targets[1].pk})' in asked[0]["sql"]
    after = now()
    assert after["T81"].latest.value == 71
    assert [after[code] is before[code] for code in ("T80", "T81", "T82")] == [True, False, True]


def test_nothing_is_read_where_nothing_has_changed(targets, django_assert_num_queries):
    now()
    state = DataState.current()
    with django_assert_num_queries(0):
        assert len(judged_now(state)) == len(targets)


def test_changes_of_several_acts_since_are_all_seen(targets):
    now()
    corrected(targets[0], 71)
    corrected(targets[2], 72)
    assert [row.latest.value for row in now().values()] == [71, 70, 72]


def test_what_is_taken_back_is_seen(targets):
    corrected(targets[0], 71)
    now()
    rows = Observation.objects.filter(target=targets[0], is_current=True)
    retract_observations(rows=list(rows), by=AdministratorFactory(), reason="误报")
    assert now()["T80"].latest.value == 70


def test_a_target_that_takes_the_values_of_another_changes_with_it(targets):
    TargetFactory(code="T89", kind=TargetKind.PEAK_BY, values_of=targets[0])
    DataState.touch()
    assert now()["T89"].latest.value == 70
    corrected(targets[0], 71)
    assert now()["T89"].latest.value == 71


@pytest.mark.parametrize("area", ["targets", ""])
def test_any_other_change_reads_all(targets, area):
    before = now()
    Agency.objects.update(short_name="更名后")
    DataState.touch(area)
    assert {row.target.lead.short_name for row in now().values()} == {"更名后"}
    assert now()["T80"] is not before["T80"]


def test_more_changes_than_the_log_holds_read_all(targets):
    before = now()
    for step in range(21):
        corrected(targets[0], 71 + step)
    assert now()["T80"].latest.value == 91
    assert now()["T82"] is not before["T82"]


def test_a_mark_that_the_log_does_not_know_reads_all(targets):
    """A statement from outside, or a database that was restored."""
    before = now()
    Observation.objects.filter(target=targets[1]).update(value=D(60))
    DataState.objects.update(targets_mark="00000000-0000-0000-0000-000000000001")
    assert now()["T81"].latest.value == 60
    assert now()["T80"] is not before["T80"]


def test_another_day_reads_all(targets, clock):
    before = now()
    clock.move_to(datetime.date(2027, 2, 1))
    after = now()
    assert after["T80"] is not before["T80"]
    assert after["T80"].today == datetime.date(2027, 2, 1)


def test_who_reads_cannot_change_the_list_of_others(targets):
    judged_now(DataState.current()).clear()
    assert len(now()) == len(targets)


def test_without_a_state_nothing_is_kept():
    assert judged_now(DataState(pk=1, version=0)) == []
    MilestoneFactory()
    assert len(judged_now(DataState(pk=1, version=0))) == 1


def test_a_part_of_a_row_is_made_once_while_the_row_holds(targets):
    names = iter(["first", "second", "third"])

    def made():
        return now()["T80"].cached("page", lambda row: f"{row.target.code} {next(names)}")

    assert [made(), made()] == ["T80 first"] * 2
    corrected(targets[1], 71)
    assert made() == "T80 first"
    corrected(targets[0], 71)
    assert made() == "T80 second"
    caches["made"].clear()
    assert made() == "T80 third"
