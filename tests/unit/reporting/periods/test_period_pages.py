"""Pages of the reporting periods, as the bureau keeps them."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import AuditEvent
from common.quarters import Period
from reporting.choices import ObligationState, PeriodState
from reporting.home.selectors.agency_home import agency_home
from reporting.models import Obligation, ReportingPeriod
from reporting.periods.selectors.periods import period_page
from reporting.review.selectors.workload import reviewer_workload
from tests.documents import document
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.cast import make_cast
from tests.factories.reporting import ObligationFactory, PeriodFactory
from tests.factories.tasks import TaskFactory, shared

pytestmark = pytest.mark.django_db
day = datetime.date
TODAY = day(2026, 11, 22)
RECENT = Period.last_closed(timezone.localdate()).code


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
        obligations = [ObligationFactory(period=period, kind="task", **more) for more in made]
        url = f"/manage/periods/{period.code}/edit/"
        data = self.dates(opens_on=f"{period.opens_on}", due_on=f"{ago}", closes_on=f"{ahead}")
        asked = document(reviewer.post(url, data))
        text = asked.text
        assert "还有2项没有报到区发改局" in text
        assert "1项立即变成缺报" in text
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
        assert {row.due_on for row in Obligation.objects.filter(pk=obligations[1].pk)} == {after}

    def test_opening_early_says_so_and_names_what_is_due(self, reviewer):
        today = timezone.localdate()
        due = PeriodFactory(due_on=today + datetime.timedelta(days=7))
        obligation = ObligationFactory(period=due, kind="task")
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
        fills = UserFactory(agency=obligation.agency)
        assert agency_home(reader=fills).period == due
        assert reviewer_workload(reader=fills).period == due
        due.obligations.update(state=ObligationState.APPROVED)
        assert agency_home(reader=fills).period == early
        assert reviewer_workload(reader=fills).period == early

    def test_an_early_opening_is_taken_back_until_somebody_writes(self, reviewer):
        obligation = ObligationFactory(kind="task", state=ObligationState.DRAFT)
        opens = timezone.localdate() + datetime.timedelta(days=38)
        early = PeriodFactory(
            year=obligation.period.year + 1, quarter=1, opens_on=opens, due_on=opens,
            state=PeriodState.PLANNED,
        )  # fmt: skip
        url = f"/manage/periods/{early.code}/"
        assert "各单位开始填写以前可以收回" in document(reviewer.get(f"{url}open/")).text
        assert "收回提前开放" in document(reviewer.post(f"{url}open/", follow=True)).text
        answer = document(reviewer.post(f"{url}take-back/", follow=True)).text
        assert "提前开放已收回" in answer
        assert "还没有开放" in answer
        early.refresh_from_db()
        assert (early.state, early.opened_at) == (PeriodState.PLANNED, None)
        assert AuditEvent.objects.filter(action="收回提前开放", object_code=early.code).exists()
        fills = UserFactory(agency=obligation.agency)
        obligation.delete()
        assert agency_home(reader=fills).period is None

        reviewer.post(f"{url}open/")
        (owed,) = early.obligations.all()
        assert (owed.dropped_on, owed.dropped_because) == (None, "")
        early.obligations.update(state=ObligationState.DRAFT, edited_at=timezone.now())
        assert "收回提前开放" not in document(reviewer.get(url)).text
        refused = document(reviewer.post(f"{url}take-back/", follow=True)).text
        assert "只有提前开放、各单位还没有填写或申请的填报期可以收回" in refused

    def test_what_was_opened_on_its_day_stays_open(self, reviewer):
        obligation = ObligationFactory(period=PeriodFactory(opens_on=timezone.localdate()))
        url = f"/manage/periods/{obligation.period.code}/take-back/"
        assert "可以收回" in document(reviewer.post(url, follow=True)).text
        obligation.period.refresh_from_db()
        assert obligation.period.is_opened

    def test_what_nobody_reports_is_counted_where_one_looks(self, reviewer):
        shared(TaskFactory(), AgencyFactory())
        TaskFactory(lead=None)
        obligation = ObligationFactory()
        code = obligation.period.code
        assert "没有单位填报" not in document(reviewer.get("/review/")).text
        reviewer.post(f"/manage/periods/{code}/refresh/")
        assert "没有单位填报1" in document(reviewer.get(f"/review/?period={code}")).text
        assert "1处没有单位填报" in document(reviewer.get(f"/review/{code}/remind/")).text

    def test_closing_early_names_the_days_and_the_extensions(self, reviewer):
        today = timezone.localdate()
        due, until = (today + datetime.timedelta(days=n) for n in (7, 12))
        period = PeriodFactory(due_on=due)
        ObligationFactory(period=period, due_on=until)
        text = document(reviewer.get(f"/manage/periods/{period.code}/close/")).text
        assert "还有7天" in text
        assert "已批准延期的1项仍可填到延期的日期" in text

    def test_closing_lists_what_is_missing(self, reviewer):
        obligation = ObligationFactory()
        ObligationFactory(agency=obligation.agency)
        other = ObligationFactory(agency=AgencyFactory(name="区商务局"))
        url = f"/manage/periods/{obligation.period.code}/close/"
        page = document(reviewer.get(url))
        assert "还有3项没有报到区发改局" in page.text
        counted = [line.text for line in page.every("summary")]
        assert sorted(counted) == sorted([f"{obligation.agency}（2）", "区商务局（1）"])
        codes = [cell.text for cell in page.every("td.code")]
        assert {obligation.subject_code, other.subject_code} < set(codes)
        answer = reviewer.post(url, follow=True).content.decode()
        assert "填报期已关闭并锁定" in answer

    @pytest.mark.usefixtures("of_2026q3")
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
        assert len([q for q in found if not q["sql"].startswith(frames)]) <= 13

    def test_counts_of_an_agency(self):
        obligation = ObligationFactory(state=ObligationState.APPROVED)
        ObligationFactory(agency=obligation.agency, kind="task", state=ObligationState.SUBMITTED)
        ObligationFactory(agency=obligation.agency, dropped_on=TODAY)
        (row,) = period_page(code="2026Q3").agencies
        assert (row.owed, row.missing, row.waiting, row.approved) == (2, 0, 1, 1)
        assert row.kinds == (1, 1, 0, 0)
        assert Obligation.objects.count() == 3
