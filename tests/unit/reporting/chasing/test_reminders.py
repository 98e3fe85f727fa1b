"""Reminders by the calendar: what is said to whom, once, and what becomes of it."""

import datetime
import socketserver
import threading
from email import message_from_bytes, policy
from smtplib import SMTPRecipientsRefused

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.choices import Role
from audit.models import AuditEvent
from reporting.chasing.services import reminders
from reporting.choices import ObligationState, PeriodState, Tier
from reporting.models import Obligation, Reminder, ReportingPeriod
from reporting.periods.services import periods
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.cast import make_cast
from tests.factories.reporting import ObligationFactory, PeriodFactory
from tests.factories.targets import TargetFactory
from tests.factories.tasks import TaskFactory

pytestmark = pytest.mark.django_db
day = datetime.date
DUE = day(2026, 11, 27)  # a Friday


@pytest.fixture(autouse=True)
def three_days_before(clock):
    """When a factory makes a period that is due on DUE."""
    clock.move_to(DUE - datetime.timedelta(days=3))


def at(day, hour=4):
    return datetime.datetime(day.year, day.month, day.day, hour, tzinfo=datetime.UTC)


def send(today):
    return reminders.send_due(today=today)


def put(obligation, **fields):
    Obligation.objects.filter(pk=obligation.pk).update(**fields)


@pytest.fixture
def agency():
    return AgencyFactory(code="jtj", name="区交通运输局", short_name="区交通局")


@pytest.fixture
def obligation(agency):
    return ObligationFactory(agency=agency, target=TargetFactory(code="T18", lead=agency))


class TestTiers:
    @pytest.mark.parametrize(
        ("today", "tier"),
        [
            (day(2026, 11, 19), None),
            (day(2026, 11, 20), Tier.AHEAD),
            (day(2026, 11, 26), Tier.AHEAD),
            (DUE, Tier.DUE),
            (day(2026, 11, 30), Tier.BLUE),
            (day(2026, 12, 1), Tier.ORANGE),
            (day(2026, 12, 3), Tier.RED),
        ],
    )
    def test_one_day(self, obligation, today, tier):
        assert [row.tier for row in send(today)] == ([tier] if tier else [])

    def test_every_stage_comes_once_in_its_turn(self, obligation):
        said = []
        for offset in range(30):
            today = day(2026, 11, 16) + datetime.timedelta(days=offset)
            for _ in range(2):
                said += [(f"{today:%m-%d}", row.tier) for row in send(today)]
        assert said == [
            ("11-20", "ahead"),
            ("11-26", "ahead"),
            ("11-27", "due"),
            ("11-30", "blue"),
            ("12-01", "orange"),
            ("12-03", "red"),
        ]
        assert Reminder.objects.count() == 6

    def test_after_a_pause_only_the_highest_comes(self, obligation):
        assert [row.tier for row in send(day(2026, 12, 10))] == [Tier.RED]
        assert send(day(2026, 12, 11)) == []

    def test_holidays_and_weekends_are_left_alone(self, obligation):
        assert send(day(2026, 11, 28)) == []
        assert [row.tier for row in send(day(2026, 11, 30))] == [Tier.BLUE]

    def test_a_back_filled_quarter_is_not_chased(self):
        ObligationFactory(period=PeriodFactory(year=2024, quarter=1, is_backfill=True))
        assert send(day(2027, 3, 1)) == []

    def test_a_closed_period_is_not_chased(self, obligation):
        ReportingPeriod.objects.update(state=PeriodState.CLOSED)
        assert send(DUE) == []


class TestSummaries:
    def test_all_items_of_an_agency_in_one_reminder(self, agency, obligation):
        ObligationFactory(agency=agency, kind="contribution", task=TaskFactory(code="5-1"))
        ObligationFactory(agency=agency, state=ObligationState.SUBMITTED)
        ObligationFactory(agency=agency, dropped_on=DUE)
        (row,) = send(DUE)
        assert (row.agency, row.key) == (agency, "2026Q3 jtj due 2026-11-27")
        assert "贵单位还有2项待报：T18、5-1（配合）。联系人" in row.text
        event = AuditEvent.objects.get(object_type="提醒")
        assert (event.action, event.object_code, event.actor_name) == ("提醒", row.key, "")
        assert ["内容", "", row.text] in event.changes

    def test_two_due_days_that_fall_together_are_still_one(self, agency, obligation):
        extended = ObligationFactory(agency=agency, due_on=day(2026, 12, 4))
        (row,) = send(day(2026, 12, 3))  # red for one, the day before for the other
        assert row.tier == Tier.RED
        assert extended.subject_code in row.text
        assert set(row.items["keys"]) == {
            "2026Q3 jtj red 2026-11-27",
            "2026Q3 jtj second 2026-12-04",
        }
        assert send(day(2026, 12, 3)) == []
        assert [row.tier for row in send(day(2026, 12, 4))] == [Tier.DUE]

    def test_an_extension_is_reminded_of_at_its_own_day(self, agency, obligation):
        send(DUE)
        put(obligation, due_on=day(2026, 12, 11))
        assert send(day(2026, 12, 1)) == []
        assert [row.tier for row in send(day(2026, 12, 4))] == [Tier.AHEAD]

    def test_returned_and_unanswered(self, agency, obligation):
        put(
            obligation, state=ObligationState.RETURNED, returns=1, decided_at=at(day(2026, 11, 23)),
            submitted_at=at(DUE), first_submitted_at=at(DUE), answer_due=day(2026, 11, 26),
        )  # fmt: skip
        assert send(day(2026, 11, 25)) == []
        (row,) = send(day(2026, 11, 26))
        assert row.tier == Tier.RETURNED
        assert "有1项退回后还没有改好（11月26日前改好）：T18" in row.text
        assert send(day(2026, 12, 3)) == []  # never late: it was handed in

    def test_nobody_is_reminded_of_a_correction(self, obligation):
        put(obligation, state=ObligationState.DRAFT, correction_reason="数值有误", returns=1)
        assert send(day(2026, 12, 3)) == []


class TestReviewers:
    @pytest.fixture
    def reviewer(self):
        return UserFactory(username="fgw_r", roles=[Role.REVIEWER])

    def wait(self, obligation, since):
        put(obligation, state=ObligationState.SUBMITTED, submitted_at=at(since))

    def test_what_waits_three_working_days(self, obligation, reviewer):
        self.wait(obligation, day(2026, 11, 23))
        assert send(day(2026, 11, 26)) == []
        (row,) = send(DUE)
        assert (row.user, row.agency, row.tier) == (reviewer, None, Tier.REVIEW)
        assert "有1项报送后已等待3个工作日以上：T18" in row.text
        assert send(day(2026, 11, 30)) == []

    def test_again_when_more_has_waited_too_long(self, agency, obligation, reviewer):
        self.wait(obligation, day(2026, 11, 23))
        send(DUE)
        other = ObligationFactory(agency=agency)
        self.wait(other, day(2026, 11, 25))
        (row,) = send(day(2026, 12, 1))
        assert "有2项" in row.text

    def test_nobody_is_told_to_review_the_own_entries(self, obligation, reviewer):
        self.wait(obligation, day(2026, 11, 23))
        put(obligation, editors=[reviewer.pk])
        assert send(DUE) == []


class TestReading:
    def test_of_the_own_agency_or_to_oneself(self):
        cast = make_cast()
        agency = cast["张三"].agency
        row = Reminder.objects.create(
            key="a", tier=Tier.BLUE, period=PeriodFactory(), agency=agency, text="尽快报送"
        )
        for name in ("王五", "赵六", "孙领导", "管理员"):
            with pytest.raises(PermissionDenied):
                reminders.mark_read(pk=row.pk, by=cast[name])
        reminders.mark_read(pk=row.pk, by=cast["李四"])
        reminders.mark_read(pk=row.pk, by=cast["张三"])
        row.refresh_from_db()
        assert row.read_by == "李四"
        assert AuditEvent.objects.filter(action="阅读提醒").count() == 1

    def test_on_the_home_until_it_is_marked(self, client):
        cast = make_cast()
        ObligationFactory(agency=cast["张三"].agency)
        send(DUE)
        client.force_login(cast["张三"])
        row = Reminder.objects.get()
        assert row.text in client.get("/my/").content.decode()
        answer = client.post(f"/notices/{row.pk}/read/", {"next": "/my/"})
        assert answer.url == "/my/"
        assert row.text not in client.get("/my/").content.decode()

    def test_a_reviewer_sees_it_above_the_queue(self, client):
        cast = make_cast()
        obligation = ObligationFactory(agency=cast["张三"].agency)
        put(obligation, state=ObligationState.SUBMITTED, submitted_at=at(day(2026, 11, 23)))
        (row,) = send(DUE)
        client.force_login(cast["赵六"])
        assert row.text in client.get("/review/").content.decode()
        client.post(f"/notices/{row.pk}/read/", {"next": "/review/"})
        assert row.text not in client.get("/review/").content.decode()

    def test_it_leads_to_no_other_host(self, client):
        cast = make_cast()
        row = Reminder.objects.create(
            key="a", tier=Tier.REVIEW, period=PeriodFactory(), user=cast["赵六"], text="待审"
        )
        client.force_login(cast["赵六"])
        answer = client.post(f"/notices/{row.pk}/read/", {"next": "https://example.com/"})
        assert answer.url == "/"


class TestStatements:
    def count(self):
        with CaptureQueriesContext(connection) as found:
            send(DUE)
        return len(found)

    def test_the_job_does_not_grow_with_agencies(self):
        ObligationFactory()
        few = self.count()
        Reminder.objects.all().delete()
        for _ in range(20):
            ObligationFactory()
            UserFactory(roles=[Role.REVIEWER])
        assert self.count() == few <= 14


class TestCalendar:
    def test_planned_periods_open_on_their_day_and_close_after_the_last(self):
        TaskFactory()
        period = PeriodFactory(
            state=PeriodState.PLANNED, opens_on=day(2026, 11, 2), closes_on=day(2099, 1, 4)
        )

        def state(today):
            periods.follow_calendar(today=today)
            period.refresh_from_db()
            return period.state, period.obligations.count()

        assert state(day(2026, 11, 1)) == (PeriodState.PLANNED, 0)
        assert state(day(2026, 11, 2)) == (PeriodState.OPEN, 1)
        TaskFactory()
        assert state(day(2026, 11, 3)) == (PeriodState.OPEN, 2)
        assert state(day(2099, 1, 4)) == (PeriodState.OPEN, 2)
        assert state(day(2099, 1, 5)) == (PeriodState.CLOSED, 2)
        events = AuditEvent.objects.filter(object_type="填报期")
        assert {event.action for event in events} >= {"开放填报期", "关闭填报期"}


class PostOffice(socketserver.ThreadingTCPServer):
    """A mail server of one page: keeps what it is given, refuses addresses with 'gone'."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Clerk)
        self.mails = []


class Clerk(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("220 here")
        to = []
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word in (b"EHLO", b"HELO"):
                self.say("250 here")
            elif word == b"RCPT":
                gone = b"gone" in line
                to += [] if gone else [line.split(b"<")[1].split(b">")[0].decode()]
                self.say("550 gone" if gone else "250 ok")
            elif word == b"DATA":
                self.say("354 go on")
                body = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.server.mails.append((to, message_from_bytes(body, policy=policy.default)))
                to = []
                self.say("250 kept")
            elif word == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


class TestMail:
    @pytest.fixture
    def office(self, settings):
        with PostOffice() as office:
            threading.Thread(target=office.serve_forever, daemon=True).start()
            settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
            settings.EMAIL_HOST, settings.EMAIL_PORT = office.server_address
            settings.DEFAULT_FROM_EMAIL = "双碳办 <tan@kaifu.example>"
            yield office.mails
            office.shutdown()

    def test_goes_to_who_fills_in_and_signs_once(self, agency, obligation, office):
        UserFactory(agency=agency, email="a@kaifu.example")
        UserFactory(agency=agency, email="b@kaifu.example", roles=[Role.SIGNER])
        UserFactory(agency=agency, email="c@kaifu.example", is_active=False)
        UserFactory(email="d@kaifu.example")
        (row,) = send(DUE)
        assert (reminders.mail_pending(), reminders.mail_pending()) == (1, 0)
        ((to, mail),) = office
        assert to == ["a@kaifu.example", "b@kaifu.example"]
        assert mail["Subject"].strip() == "2026年第三季度碳达峰进展填报：当日催报"
        assert mail.get_content().strip() == row.text
        assert mail["Message-ID"].endswith("@kaifu.example>")
        row.refresh_from_db()
        assert row.mailed_to == to
        assert AuditEvent.objects.filter(action="发送邮件").count() == 1

    def test_without_an_address_or_a_server_nothing_is_tried(self, obligation, office, settings):
        send(DUE)
        assert reminders.mail_pending() == 0
        assert Reminder.objects.exclude(mailed_at=None).exists()
        settings.EMAIL_HOST = ""
        Reminder.objects.update(mailed_at=None)
        assert reminders.mail_pending() == 0
        assert office == []

    def test_one_refused_address_stops_no_other_and_is_tried_again(
        self, agency, obligation, office
    ):
        UserFactory(agency=agency, email="gone@kaifu.example")
        other = ObligationFactory()
        UserFactory(agency=other.agency, email="e@kaifu.example")
        send(DUE)
        with pytest.raises(SMTPRecipientsRefused):
            reminders.mail_pending()
        assert [to for to, _ in office] == [["e@kaifu.example"]]
        assert Reminder.objects.get(mailed_at=None).agency == agency

    def test_what_is_older_than_two_days_is_left(self, agency, obligation, office):
        UserFactory(agency=agency, email="a@kaifu.example")
        send(DUE)
        Reminder.objects.update(sent_at=timezone.now() - datetime.timedelta(days=3))
        assert reminders.mail_pending() == 0
        assert office == []

    def test_an_unreachable_server_leaves_it_waiting(self, agency, obligation, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        UserFactory(agency=agency, email="a@kaifu.example")
        send(DUE)
        with pytest.raises(OSError, match="refused"):
            reminders.mail_pending()
        assert Reminder.objects.get().mailed_at is None
