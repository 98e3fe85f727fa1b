"""What moving the dates of a period does not do: nobody becomes late, no extension is lost."""

import datetime

import pytest
from django.utils import timezone

from agencies.models import Agency
from reporting.chasing.selectors.chase_page import chase_page
from reporting.chasing.selectors.chased_obligations import chased_obligations
from reporting.choices import ObligationKind, ObligationState, PeriodState
from reporting.home.selectors.agency_home import agency_home
from reporting.periods.rules.punctuality import Punctuality, punctuality
from reporting.periods.selectors.completeness import stands
from reporting.periods.services import periods
from reporting.policies import due_day, is_writable_time
from tests.factories.reporting import ObligationFactory, PeriodFactory, filled
from tests.unit.reporting.checked import FORMS
from tests.unit.reporting.reviewed import hand_in, handed_in, make_agency, make_bureau

pytestmark = pytest.mark.django_db


def days(count):
    return timezone.localdate() + datetime.timedelta(days=count)


@pytest.fixture
def zhang():
    return make_agency()


@pytest.fixture
def obligation(zhang):
    """Handed in today, five days before it is due."""
    period = PeriodFactory(opens_on=days(-20), due_on=days(5), closes_on=days(30))
    return handed_in(zhang, period=period)


def move(period, **dates):
    for name, value in dates.items():
        setattr(period, name, value)
    periods.save_period(period=period, by=make_bureau()["赵六"])


def punctuality_of(period):
    (jtj,) = [one for one in stands(periods=[period.period]) if one.code == "jtj"]
    found = jtj.quarters[period.period].punctuality
    (agency,) = Agency.objects.filter(code="jtj")
    own = (row.handed for row in chased_obligations(periods=[period]) if row.agency == agency.pk)
    assert punctuality(own, timezone.localdate()) == found
    return found


def test_a_report_in_time_stays_in_time_when_the_due_day_is_moved_back(obligation):
    late = ObligationFactory(
        period=obligation.period, agency=obligation.agency, kind=ObligationKind.TASK
    )
    move(obligation.period, due_on=days(-3))
    obligation.refresh_from_db()
    assert obligation.was_due_on == days(5)
    assert punctuality_of(obligation.period) == Punctuality(on_time=1, late=1)
    assert due_day(obligation=late) == days(-3)


def test_a_late_report_stays_late_when_the_due_day_is_moved_on(zhang):
    period = PeriodFactory(opens_on=days(-20), due_on=days(-2), closes_on=days(30))
    obligation = handed_in(zhang, period=period)
    move(period, due_on=days(10))
    assert punctuality_of(obligation.period) == Punctuality(on_time=0, late=1)


def test_the_later_of_extension_and_due_day_holds(zhang):
    period = PeriodFactory(opens_on=days(-20), due_on=days(5), closes_on=days(30))
    obligation = ObligationFactory(period=period, agency=zhang.agency, due_on=days(8))
    assert due_day(obligation=obligation) == days(8)
    period.due_on = days(12)
    period.save()
    obligation.refresh_from_db()
    assert due_day(obligation=obligation) == days(12)
    (row,) = chase_page(code=period.code).rows
    assert row.due == days(12)


@pytest.mark.parametrize(("until", "may"), [(3, True), (0, True), (-1, False), (None, False)])
def test_an_extension_outlives_a_period_that_closes_early(zhang, until, may):
    period = PeriodFactory(opens_on=days(-20), due_on=days(-2), closes_on=days(7))
    extended = until if until is None else days(until)
    obligation = ObligationFactory(
        period=period, agency=zhang.agency, kind=ObligationKind.CONTRIBUTION, due_on=extended
    )
    filled(obligation, FORMS[obligation.kind], by=zhang)
    periods.close_period(period=period, by=None)
    obligation.refresh_from_db()
    assert is_writable_time(obligation=obligation) is may
    page = agency_home(reader=zhang)
    assert page.may_send is may
    assert ("已延期、解锁和退回的事项仍可填写" in page.closed_words) is may
    if may:
        sent = hand_in(obligation, zhang)
        assert (sent.state, sent.was_due_on) == (ObligationState.SUBMITTED, extended)


def test_nothing_is_extended_before_a_period_opens(zhang):
    period = PeriodFactory(state=PeriodState.PLANNED)
    obligation = ObligationFactory(period=period, agency=zhang.agency, due_on=days(3))
    assert not is_writable_time(obligation=obligation)
