"""Periods: planned, opened, kept in line with the plan, closed; who owes what."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.choices import AgencyKind
from agencies.models import GroupMember
from audit.models import AuditEvent
from common.quarters import Period
from reporting.choices import ObligationKind, ObligationState, PeriodState
from reporting.models import Obligation, ReportingPeriod
from reporting.rules.rhythm import earlier_periods, next_period, usual_dates
from reporting.rules.thresholds import Thresholds
from reporting.rules.working_days import WorkingDays
from reporting.selectors.desk import desk
from reporting.selectors.home import home
from reporting.selectors.owed import duties
from reporting.selectors.periods import period_page
from reporting.services import periods
from targets.choices import Frequency
from tests.documents import document
from tests.factories.agencies import AgencyFactory, CompanyFactory, GroupFactory, UserFactory
from tests.factories.cast import make_cast
from tests.factories.projects import ProjectFactory, ProjectProgressFactory
from tests.factories.reporting import ObligationFactory, PeriodFactory, content
from tests.factories.targets import ObservationFactory, TargetFactory
from tests.factories.tasks import TaskFactory

pytestmark = pytest.mark.django_db
day = datetime.date
TODAY = day(2026, 11, 22)
RECENT = Period.last_closed(timezone.localdate()).code


def shared(task, *agencies):
    for position, agency in enumerate(agencies):
        task.shares.create(agency=agency, position=position)
    return task


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
        holes = duties(period=PeriodFactory.build()).holes
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
        assert not duties(period=period).owed
        period.asks_annual = True
        assert {row.subject for row in duties(period=period).owed} == {annual.pk}

    def test_settled_projects_as_the_period_says(self):
        agency = AgencyFactory()
        new, done = (ProjectFactory(reporting_agency=agency) for _ in range(2))
        ProjectProgressFactory(project=done, status="completed", quarter=2)
        period = PeriodFactory(asks_settled=False)
        assert {row.subject for row in duties(period=period).owed} == {new.pk}
        period.asks_settled = True
        assert {row.subject for row in duties(period=period).owed} == {new.pk, done.pk}

    def test_without_contributions(self):
        shared(TaskFactory(), AgencyFactory())
        found = duties(period=PeriodFactory(asks_contributions=False)).owed
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
        item = period.obligations.get()
        item.content, item.state = content({"narrative": "已填"}), ObligationState.DRAFT
        item.save()
        task.lead = new
        task.save()
        done = periods.refresh(period=period, by=None)
        assert (done.added, done.dropped) == (1, 1)
        item.refresh_from_db()
        assert item.dropped_on == timezone.localdate()
        assert item.dropped_because == periods.NO_LONGER
        task.lead = old
        task.save()
        assert periods.refresh(period=period, by=None).resumed == 1
        item.refresh_from_db()
        assert (item.dropped_on, item.texts) == (None, {"narrative": "已填"})

    def test_what_was_handed_in_stays_with_who_handed_it_in(self):
        task = TaskFactory()
        period = PeriodFactory()
        item = ObligationFactory(
            period=period, agency=task.lead, kind="task", task=task, state=ObligationState.SUBMITTED
        )
        task.lead = AgencyFactory()
        task.save()
        periods.refresh(period=period, by=None)
        item.refresh_from_db()
        assert item.dropped_on is None
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


class TestPages:
    @pytest.fixture
    def reviewer(self, client):
        client.force_login(make_cast()["赵六"])
        return client

    def dates(self, **changes):
        today = timezone.localdate()
        days = {"opens_on": today, "due_on": today, "closes_on": today}
        return {name: f"{value}" for name, value in (days | changes).items()}

    def test_from_nothing_to_an_open_period(self, reviewer):
        TaskFactory(code="5-1")
        TaskFactory(code="9-1", lead=None)
        code = Period.last_closed(timezone.localdate()).code
        page = reviewer.get("/manage/periods/").content.decode()
        assert "还没有填报期" in page
        assert f"?quarter={code}" in page
        form = reviewer.get(f"/manage/periods/new/?quarter={code}").content.decode()
        assert "日期按填报规则推算" in form
        answer = reviewer.post(f"/manage/periods/new/?quarter={code}", self.dates(), follow=True)
        assert "还没有开放" in answer.content.decode()
        assert "还有1处没有单位填报" in answer.content.decode()
        asked = reviewer.get(f"/manage/periods/{code}/open/").content.decode()
        assert "1个单位新增应报1项" in asked
        assert Obligation.objects.count() == 0
        opened = reviewer.post(f"/manage/periods/{code}/open/", follow=True).content.decode()
        assert "已开放：新增1项" in opened
        assert "1个单位应报1项" in opened
        again = reviewer.post(f"/manage/periods/{code}/refresh/", follow=True).content.decode()
        assert "应报事项已更新：没有变化" in again

    def test_dates_out_of_order_are_refused_in_words(self, reviewer):
        page = reviewer.post(
            "/manage/periods/new/?quarter=2026Q3", self.dates(due_on="2020-01-01")
        ).content.decode()
        assert "日期应当依次为开放、截止、关闭" in page
        assert not ReportingPeriod.objects.exists()

    def test_an_earlier_quarter_is_proposed_as_back_fill(self, reviewer):
        for quarter, is_late in (("2024Q1", True), (RECENT, False)):
            page = document(reviewer.get(f"/manage/periods/new/?quarter={quarter}"))
            assert page.one("input[name=is_backfill]").has("checked") is is_late

    def test_dates_of_an_open_period_can_be_moved(self, reviewer):
        period = PeriodFactory(
            opens_on=day(2026, 11, 2), due_on=day(2026, 11, 27), closes_on=day(2027, 2, 1)
        )
        data = self.dates(opens_on="2026-11-02", due_on="2026-12-04", closes_on="2027-02-01")
        reviewer.post(f"/manage/periods/{period.code}/edit/", data)
        period.refresh_from_db()
        assert period.due_on == day(2026, 12, 4)
        event = AuditEvent.objects.filter(object_code=period.code).first()
        assert ["截止日期", "2026-11-27", "2026-12-04"] in event.changes

    def test_moving_dates_back_says_what_it_does_and_asks(self, reviewer):
        today = timezone.localdate()
        ago, ahead, after = (today + datetime.timedelta(days=n) for n in (-3, 5, 9))
        period = PeriodFactory(opens_on=today - datetime.timedelta(days=20), due_on=ahead)
        sent = {"state": ObligationState.SUBMITTED, "first_submitted_at": timezone.now()}
        made = ({}, {"due_on": after}, sent, sent, sent)
        items = [ObligationFactory(period=period, kind="task", **more) for more in made]
        url = f"/manage/periods/{period.code}/edit/"
        data = self.dates(opens_on=f"{period.opens_on}", due_on=f"{ago}", closes_on=f"{ahead}")
        asked = document(reviewer.post(url, data))
        text = asked.text
        assert "还有2项没有报到区发改局" in text
        assert "1项立即变成逾期未报" in text
        assert "晚于新日期的3项仍算按时" in text
        assert "已批准延期的1项仍可填到延期的日期" in text
        period.refresh_from_db()
        assert period.due_on == ahead
        hidden = {
            one["name"]: one["value"] for one in asked.one("main").every("input[type=hidden]")
        }
        answer = reviewer.post(url, hidden | {"confirmed": "1"}, follow=True)
        assert "填报期已保存" in answer.content.decode()
        period.refresh_from_db()
        assert (period.due_on, period.closes_on) == (ago, ahead)
        assert {row.due_on for row in Obligation.objects.filter(pk=items[1].pk)} == {after}

    def test_opening_early_says_so_and_names_what_is_due(self, reviewer):
        today = timezone.localdate()
        due = PeriodFactory(due_on=today + datetime.timedelta(days=7))
        item = ObligationFactory(period=due, kind="task")
        opens = today + datetime.timedelta(days=38)
        early = PeriodFactory(
            year=due.year + 1, quarter=1, opens_on=opens, due_on=opens, state=PeriodState.PLANNED
        )
        url = f"/manage/periods/{early.code}/open/"
        text = document(reviewer.get(url)).text
        assert "1个单位新增应报1项" in text
        assert "提前38天" in text
        assert f"{due}还没有报完：1项没有报到区发改局" in text
        early.refresh_from_db()
        assert early.is_planned
        reviewer.post(url)
        assert early.obligations.count() == 1
        fills = UserFactory(agency=item.agency)
        assert home(reader=fills).period == due
        assert desk(reader=fills).period == due
        due.obligations.update(state=ObligationState.APPROVED)
        assert home(reader=fills).period == early
        assert desk(reader=fills).period == early

    def test_closing_early_names_the_days_and_the_extensions(self, reviewer):
        today = timezone.localdate()
        due, until = (today + datetime.timedelta(days=n) for n in (7, 12))
        period = PeriodFactory(due_on=due)
        ObligationFactory(period=period, due_on=until)
        text = document(reviewer.get(f"/manage/periods/{period.code}/close/")).text
        assert "还有7天" in text
        assert "已批准延期的1项仍可填到延期的日期" in text

    def test_closing_lists_what_is_missing(self, reviewer):
        item = ObligationFactory()
        url = f"/manage/periods/{item.period.code}/close/"
        page = reviewer.get(url).content.decode()
        assert "还有1项没有报到区发改局" in page
        assert item.subject_code in page
        answer = reviewer.post(url, follow=True).content.decode()
        assert "填报期已关闭并锁定" in answer

    def test_years_without_a_calendar_are_named(self, reviewer):
        PeriodFactory(closes_on=day(2028, 1, 3))
        page = reviewer.get("/manage/periods/").content.decode()
        assert "2028年的放假和调休还没有登记" in page

    @pytest.mark.parametrize("path", ["2026/", "2026Q9/", "2030Q1/", "2026Q3/other/"])
    def test_no_such_page(self, reviewer, path):
        PeriodFactory()
        assert reviewer.get(f"/manage/periods/{path}").status_code in (404, 405)

    @pytest.mark.parametrize("count", [1, 10])
    def test_statements(self, reviewer, django_assert_max_num_queries, count):
        for _ in range(count):
            shared(TaskFactory(), AgencyFactory())
            TaskFactory(lead=None)
            ObligationFactory()
        for path in (
            "",
            "2026Q3/",
            "2026Q3/edit/",
            "2026Q3/close/",
            "new/?quarter=2026Q4",
        ):
            with django_assert_max_num_queries(8):
                assert reviewer.get(f"/manage/periods/{path}").status_code == 200
        with django_assert_max_num_queries(10):
            assert reviewer.get("/manage/periods/2026Q3/open/").status_code == 200
        with CaptureQueriesContext(connection) as found:
            reviewer.post("/manage/periods/2026Q3/refresh/")
        frames = ("SAVEPOINT", "RELEASE")
        assert len([q for q in found if not q["sql"].startswith(frames)]) <= 12

    def test_counts_of_an_agency(self):
        item = ObligationFactory(state=ObligationState.APPROVED)
        ObligationFactory(agency=item.agency, kind="task", state=ObligationState.SUBMITTED)
        ObligationFactory(agency=item.agency, dropped_on=TODAY)
        (row,) = period_page(code="2026Q3").agencies
        assert (row.owed, row.missing, row.waiting, row.approved) == (2, 0, 1, 1)
        assert row.kinds == (1, 1, 0, 0)
        assert Obligation.objects.count() == 3
