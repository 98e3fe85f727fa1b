"""Periods: planned, opened, kept in line with the plan, closed; who owes what."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from agencies.choices import AgencyKind
from agencies.models import GroupMember
from audit.models import AuditEvent
from common.quarters import Period
from reporting.choices import ObligationKind, ObligationState, PeriodState
from reporting.periods.rules.rhythm import earlier_periods, next_period, usual_dates
from reporting.periods.rules.thresholds import Thresholds
from reporting.periods.rules.working_days import WorkingDays
from reporting.periods.selectors.planned_obligations import planned_obligations
from reporting.periods.services import periods
from targets.choices import Frequency
from tests.factories.agencies import AgencyFactory, CompanyFactory, GroupFactory
from tests.factories.cast import make_cast
from tests.factories.projects import ProjectFactory, ProjectProgressFactory
from tests.factories.reporting import ObligationFactory, PeriodFactory, content
from tests.factories.targets import ObservationFactory, TargetFactory
from tests.factories.tasks import TaskFactory, shared

pytestmark = pytest.mark.django_db
day = datetime.date
TODAY = day(2026, 11, 22)
RECENT = Period.last_closed(timezone.localdate()).code


def owed(period):
    return {
        (row.kind, row.subject_code, row.agency.code)
        for row in period.obligations.owed().with_subjects()
    }


class TestDuties:
    def test_lead_convenor_responsible_and_reporting_agency(self):
        jtj, nyj = AgencyFactory(code="jtj"), AgencyFactory(code="nyj")
        TargetFactory(code="T18", lead=jtj, frequency=Frequency.QUARTERLY)
        shared(TaskFactory(code="5-1", lead=jtj), nyj)
        shared(TaskFactory(code="5-2", lead=None, convenor=nyj), nyj, jtj)
        ProjectFactory(code="P1", reporting_agency=jtj)
        period = PeriodFactory(state=PeriodState.PLANNED)
        done = periods.open_period(period=period, by=None)
        assert owed(period) == {
            ("target", "T18", "jtj"),
            ("task", "5-1", "jtj"),
            ("contribution", "5-1", "nyj"),
            ("task", "5-2", "nyj"),  # the convenor does not also share in it
            ("contribution", "5-2", "jtj"),
            ("project", "P1", "jtj"),
        }
        assert (done.added, str(done)) == (6, "新增6项")

    def test_what_nobody_owes_is_named_with_the_place_to_assign(self):
        street = GroupFactory(code="g_jd", name="各街道")
        company = CompanyFactory(name="长沙某公司")
        TargetFactory(code="T21", lead=None, frequency=Frequency.QUARTERLY)
        for code in ("9-1", "9-2"):
            shared(TaskFactory(code=code, lead=None), street)
        ProjectFactory(code="P9", reporting_agency=None)
        ProjectFactory(code="P10", reporting_agency=company)
        holes = planned_obligations(period=PeriodFactory.build()).holes
        assert [(hole.code, hole.url) for hole in holes] == [
            ("T21", "/targets/T21/convenor/"),
            ("9-1", "/tasks/9-1/convenor/"),
            ("", "/agencies/g_jd/"),  # once, however many tasks it shares in
            ("9-2", "/tasks/9-2/convenor/"),
            ("P9", "/projects/P9/reporter/"),
            ("P10", f"/agencies/{company.code}/"),
        ]
        assert holes[-1].why == "长沙某公司是企业，不设账号"

    def test_groups_stand_for_their_members_and_successors_for_who_is_gone(self):
        street = GroupFactory()
        members = [AgencyFactory(kind=AgencyKind.STREET) for _ in range(2)]
        for member in members:
            GroupMember.objects.create(group=street, member=member)
        heir = AgencyFactory(code="heir")
        gone = AgencyFactory(valid_to=day(2026, 6, 30), successor=heir)
        shared(TaskFactory(code="9-1", lead=gone), street)
        period = PeriodFactory(state=PeriodState.PLANNED)
        periods.open_period(period=period, by=None)
        assert owed(period) == {
            ("task", "9-1", "heir"),
            *(("contribution", "9-1", member.code) for member in members),
        }

    def test_annual_targets_only_where_asked_and_not_yet_final(self):
        annual = TargetFactory(code="T01", frequency=Frequency.ANNUAL)
        settled = TargetFactory(code="T03", frequency=Frequency.ANNUAL)
        ObservationFactory(target=settled, year=2025, quarter=None, grade="final")
        period = PeriodFactory(state=PeriodState.PLANNED)
        assert not planned_obligations(period=period).owed
        period.asks_annual = True
        assert {row.subject for row in planned_obligations(period=period).owed} == {annual.pk}

    def test_settled_projects_as_the_period_says(self):
        agency = AgencyFactory()
        new, done = (ProjectFactory(reporting_agency=agency) for _ in range(2))
        ProjectProgressFactory(project=done, status="completed", quarter=2)
        period = PeriodFactory(asks_settled=False)
        assert {row.subject for row in planned_obligations(period=period).owed} == {new.pk}
        period.asks_settled = True
        assert {row.subject for row in planned_obligations(period=period).owed} == {new.pk, done.pk}

    def test_without_contributions(self):
        shared(TaskFactory(), AgencyFactory())
        found = planned_obligations(period=PeriodFactory(asks_contributions=False)).owed
        assert [row.kind for row in found] == [ObligationKind.TASK]


class TestRefreshing:
    def test_twice_changes_nothing_and_leaves_no_event(self):
        TaskFactory()
        period = PeriodFactory()
        periods.refresh(period=period, by=None)
        events = AuditEvent.objects.count()
        assert not periods.refresh(period=period, by=None).changed
        assert AuditEvent.objects.count() == events

    def test_a_changed_lead_drops_what_is_not_handed_in_and_keeps_what_was_typed(self):
        old, new = AgencyFactory(), AgencyFactory()
        task = TaskFactory(lead=old)
        period = PeriodFactory()
        periods.refresh(period=period, by=None)
        obligation = period.obligations.get()
        obligation.content, obligation.state = content({"narrative": "已填"}), ObligationState.DRAFT
        obligation.save()
        task.lead = new
        task.save()
        done = periods.refresh(period=period, by=None)
        assert (done.added, done.dropped) == (1, 1)
        obligation.refresh_from_db()
        assert obligation.dropped_on == timezone.localdate()
        assert obligation.dropped_because == periods.NO_LONGER
        task.lead = old
        task.save()
        assert periods.refresh(period=period, by=None).resumed == 1
        obligation.refresh_from_db()
        assert (obligation.dropped_on, obligation.texts) == (None, {"narrative": "已填"})

    def test_what_was_handed_in_stays_with_who_handed_it_in(self):
        task = TaskFactory()
        period = PeriodFactory()
        obligation = ObligationFactory(
            period=period, agency=task.lead, kind="task", task=task, state=ObligationState.SUBMITTED
        )
        task.lead = AgencyFactory()
        task.save()
        periods.refresh(period=period, by=None)
        obligation.refresh_from_db()
        assert obligation.dropped_on is None
        assert period.obligations.owed().count() == 2

    def test_only_an_open_period_is_brought_in_line(self):
        with pytest.raises(ValidationError, match="开放中"):
            periods.refresh(period=PeriodFactory(state=PeriodState.PLANNED), by=None)

    def test_statements_do_not_grow(self, django_assert_max_num_queries):
        for _ in range(12):
            shared(TaskFactory(), AgencyFactory())
            ProjectFactory(reporting_agency=AgencyFactory())
        period = PeriodFactory()
        with django_assert_max_num_queries(12):
            periods.refresh(period=period, by=None)
        assert period.obligations.count() == 36


class TestOpeningAndClosing:
    def test_after_the_closing_day_it_does_not_open(self):
        period = PeriodFactory(
            state=PeriodState.PLANNED, closes_on=timezone.localdate() - datetime.timedelta(days=1),
            opens_on=day(2021, 1, 1), due_on=day(2021, 1, 2),
        )  # fmt: skip
        with pytest.raises(ValidationError, match="先改关闭日期"):
            periods.open_period(period=period, by=None)

    def test_closed_and_opened_again(self):
        period = PeriodFactory()
        assert periods.close_period(period=period, by=None).state == PeriodState.CLOSED
        with pytest.raises(ValidationError, match="开放中"):
            periods.close_period(period=period, by=None)
        periods.open_period(period=period, by=None)
        period.refresh_from_db()
        assert (period.state, period.closed_at) == (PeriodState.OPEN, None)

    def test_reporters_do_not_keep_periods(self):
        cast = make_cast()
        for name in ("张三", "钱审核", "孙领导"):
            with pytest.raises(PermissionDenied):
                periods.open_period(period=PeriodFactory(), by=cast[name])
            with pytest.raises(PermissionDenied):
                periods.close_period(period=PeriodFactory(), by=cast[name])


class TestDates:
    HOLIDAYS = WorkingDays(frozenset(day(2026, 10, number) for number in range(1, 8)))

    def dates(self, period, today=TODAY, **values):
        numbers = Thresholds({code: Decimal(value) for code, value in values.items()})
        return usual_dates(period=period, today=today, calendar=self.HOLIDAYS, thresholds=numbers)

    def test_first_working_day_after_the_quarter(self):
        short = {"DUE_WORKING_DAYS": 2, "CLOSE_WORKING_DAYS": 0}
        found = self.dates(Period(2026, 3), day(2026, 9, 1), **short)
        assert (found.opens_on, found.due_on) == (day(2026, 10, 8), day(2026, 10, 9))
        assert found.closes_on == found.due_on

    def test_today_where_that_has_passed(self):
        found = self.dates(Period(2026, 3), CLOSE_WORKING_DAYS=3)
        assert found.opens_on == day(2026, 11, 23)
        assert found.due_on == day(2026, 12, 18)  # the twentieth working day
        assert found.closes_on == day(2026, 12, 23)

    @pytest.mark.parametrize(
        ("quarters", "known", "expected"),
        [
            (1, (), "2026Q3"),
            (1, ("2026Q3",), "2026Q4"),
            (2, (), "2026Q4"),
            (4, ("2026Q4",), "2027Q4"),
        ],
    )
    def test_the_rhythm(self, quarters, known, expected):
        known = frozenset(Period.parse(code) for code in known)
        numbers = Thresholds({"RHYTHM_QUARTERS": Decimal(quarters)})
        assert next_period(today=TODAY, known=known, thresholds=numbers).code == expected

    def test_earlier_quarters(self):
        found = earlier_periods(today=TODAY, known=frozenset({Period(2026, 1)}))
        assert [period.code for period in found][:2] == ["2026Q2", "2025Q4"]
        assert found[-1].code == "2021Q1"
