"""What waited for review at a past moment: the same as was to be seen then."""

import datetime

import pytest
from django.utils import timezone

from common.quarters import Period
from plan.models import DataState
from reporting.chasing.selectors.opened_asof import opened_asof
from reporting.choices import ObligationKind
from reporting.filling.services import corrections
from reporting.models import ReportingPeriod, TimeRequest
from reporting.periods.selectors.opened_periods import opened_periods
from reporting.review.services import reviews
from reporting.submitting import services as submissions
from tasks.selectors import QuarterReports
from tests.factories.reporting import ObligationFactory, PeriodFactory, filled
from tests.unit.reporting.checked import FORMS
from tests.unit.reporting.reviewed import REASONS, fresh, hand_in, make_agency, make_bureau

pytestmark = pytest.mark.django_db

Q3 = Period(2026, 3)
TASK = ObligationKind.TASK


class History:
    """A task's item that people work on, with what was to be seen after each step."""

    def __init__(self):
        self.zhang, self.zhao = make_agency(), make_bureau()["赵六"]
        period = PeriodFactory()
        ReportingPeriod.objects.update(opened_at=timezone.now())
        self.obligation = ObligationFactory(period=period, agency=self.zhang.agency, kind=TASK)
        filled(self.obligation, FORMS[TASK] | REASONS, by=self.zhang)
        self.seen = []
        self.look()

    def look(self):
        self.seen.append((timezone.now(), dict(opened_periods(last=Q3).periods)))

    def hand_in(self):
        hand_in(fresh(self.obligation), self.zhang)

    def withdraw(self):
        submissions.withdraw(pks=[self.obligation.pk], by=self.zhang)

    def begin(self):
        reviews.begin(pk=self.obligation.pk, by=self.zhao)

    def give_back(self):
        number = self.obligation.rounds.first().round
        reviews.give_back(pk=self.obligation.pk, round=number, comment="核实", by=self.zhao)

    def approve(self):
        number = self.obligation.rounds.first().round
        (self.decision,) = reviews.approve(rounds={self.obligation.pk: number}, by=self.zhao)

    def undo(self):
        reviews.undo(decisions=[self.decision.pk], by=self.zhao)

    def correct(self):
        corrections.correct(pk=self.obligation.pk, reason="数据有误需要更正", by=self.zhang)

    def drop(self):
        corrections.drop_correction(pk=self.obligation.pk, by=self.zhang)


HISTORIES = (
    "hand_in withdraw hand_in begin give_back hand_in approve",
    "hand_in approve undo give_back hand_in approve correct hand_in approve",
    "hand_in approve undo approve correct hand_in give_back drop correct hand_in withdraw",
)


@pytest.mark.parametrize("steps", HISTORIES)
def test_each_moment_is_seen_as_it_was(steps):
    DataState.touch()
    history = History()
    for step in steps.split():
        getattr(history, step)()
        history.look()
    waited = [seen[Q3] for _, seen in history.seen]
    assert frozenset({history.obligation.task_id}) in [asked.waiting for asked in waited]
    for moment, seen in history.seen:
        assert opened_asof(moment=moment, last=Q3).periods == seen


def test_before_it_was_opened_nothing_was(django_assert_num_queries):
    DataState.touch()
    history = History()
    long_ago = timezone.now() - datetime.timedelta(days=400)
    with django_assert_num_queries(1):
        found = opened_asof(moment=long_ago, last=Q3)
    assert found.periods == {}
    assert found.state.version
    assert history.seen[0][1] == {Q3: QuarterReports(is_over=False)}


def test_a_quarter_opened_again_had_been_open_before():
    DataState.touch()
    history = History()
    history.hand_in()
    moment = timezone.now()
    ReportingPeriod.objects.update(opened_at=timezone.now())
    assert opened_asof(moment=moment, last=Q3).periods == {
        Q3: QuarterReports(frozenset({history.obligation.task_id}), is_over=False)
    }


@pytest.mark.usefixtures("of_2026q3")
class TestWhatHadNotCome:
    """Of a past day by the day then, and by the time that had been given until then."""

    DUE = datetime.date(2026, 11, 27)

    def asked(self, day):
        moment = datetime.datetime.combine(
            day + datetime.timedelta(days=1), datetime.time.min, timezone.get_current_timezone()
        )
        return opened_asof(moment=moment, last=Q3).periods[Q3]

    def obligation(self, **fields):
        DataState.touch()
        opened_at = datetime.datetime(2026, 10, 8, tzinfo=datetime.UTC)
        period = PeriodFactory(due_on=self.DUE, opened_at=opened_at, **fields)
        return ObligationFactory(kind="task", period=period)

    @pytest.mark.parametrize(("later", "is_over"), [(0, False), (1, True)])
    def test_the_due_day_is_the_last(self, later, is_over):
        self.obligation()
        assert self.asked(self.DUE + datetime.timedelta(days=later)).is_over is is_over

    def test_more_time_counts_from_when_it_was_given(self):
        obligation = self.obligation()
        TimeRequest.objects.create(
            kind="extension", period=obligation.period, agency=obligation.agency, state="granted",
            until=datetime.date(2026, 12, 4),
            decided_at=datetime.datetime(2026, 11, 29, 1, tzinfo=datetime.UTC),
        )  # fmt: skip
        days = {28: frozenset(), 29: frozenset({obligation.task_id})}
        for day, extended in days.items():
            assert self.asked(datetime.date(2026, 11, day)).extended == extended
        assert self.asked(datetime.date(2026, 12, 5)).extended == frozenset()

    def test_a_back_filled_quarter_is_over_when_it_closes(self):
        self.obligation(is_backfill=True, closes_on=datetime.date(2026, 12, 10))
        assert not self.asked(datetime.date(2026, 12, 10)).is_over
        assert self.asked(datetime.date(2026, 12, 11)).is_over


def test_without_data_there_is_nothing():
    assert opened_asof(moment=timezone.now(), last=Q3).periods == {}
