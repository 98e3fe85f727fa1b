"""Tiers by working days, who is on time, and the chase page."""

import dataclasses
import datetime

import pytest

from agencies.choices import Role
from audit.models import AuditEvent
from reporting.chasing import rules
from reporting.chasing.selectors.chase_page import chase_page
from reporting.choices import ObligationState
from reporting.models import Obligation, Reminder, TimeRequest
from reporting.periods.rules.punctuality import HandInDates, punctuality, was_on_time
from reporting.periods.rules.thresholds import Thresholds
from reporting.periods.rules.working_days import WorkingDays
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.cast import make_cast
from tests.factories.reporting import ObligationFactory, PeriodFactory
from tests.factories.targets import TargetFactory
from tests.factories.tasks import TaskFactory

day = datetime.date
DUE = day(2026, 11, 27)  # a Friday
CALENDAR = WorkingDays(frozenset({day(2026, 11, 20)}))
URL = "/review/2026Q3/remind/"


@pytest.fixture(autouse=True)
def three_days_before(clock):
    """When a factory makes a period that is due on DUE."""
    clock.move_to(DUE - datetime.timedelta(days=3))


class TestTiers:
    @pytest.mark.parametrize(
        ("today", "stage"),
        [
            (day(2026, 11, 18), None),
            (day(2026, 11, 19), rules.FIRST),  # seven days before is a holiday: a day earlier
            (day(2026, 11, 25), rules.FIRST),
            (day(2026, 11, 26), rules.SECOND),
            (DUE, rules.DUE),
            (day(2026, 11, 28), rules.BLUE),
            (day(2026, 11, 30), rules.BLUE),  # the first working day is not over
            (day(2026, 12, 1), rules.ORANGE),
            (day(2026, 12, 2), rules.ORANGE),
            (day(2026, 12, 3), rules.RED),
            (day(2027, 3, 1), rules.RED),
        ],
    )
    def test_stage(self, today, stage):
        found = rules.stage_of(due=DUE, today=today, calendar=CALENDAR, thresholds=Thresholds())
        assert found == stage

    def test_reviewers_wait_three_full_working_days(self):
        facts = {"since": day(2026, 11, 23), "calendar": CALENDAR, "thresholds": Thresholds()}
        assert not rules.waits_too_long(today=day(2026, 11, 26), **facts)
        assert rules.waits_too_long(today=DUE, **facts)


class TestTexts:
    OWING = rules.OutstandingCodes(
        "区交通局", "2026年第三季度", tuple((DUE, code) for code in ("T18", "T19", "5-1"))
    )

    def test_before_the_due_day(self):
        text = rules.reminder_text(
            owing=self.OWING, today=day(2026, 11, 22), contact="李敏 8455", most=2
        )
        assert text == (
            "【区发改局】区交通局：2026年第三季度碳达峰进展填报11月27日截止，"
            "贵单位还有3项待报：T18、T19……。联系人李敏 8455"
        )

    def test_after_it_all_are_named(self):
        text = rules.reminder_text(owing=self.OWING, today=day(2026, 12, 1), contact="李敏")
        assert "填报已于11月27日截止，贵单位还有3项缺报：T18、T19、5-1。" in text

    def test_more_time_is_told_apart(self):
        owing = rules.OutstandingCodes(
            "区交通局", "2026年第三季度", ((DUE, "T18"), (day(2026, 12, 4), "T19"))
        )
        text = rules.reminder_text(owing=owing, today=day(2026, 12, 1), contact="李敏")
        assert (
            "已于11月27日截止，贵单位还有1项缺报：T18；12月4日截止，贵单位还有1项待报：T19。"
            in text
        )

    def test_what_waits_for_a_signature_is_told_too(self):
        waits = dataclasses.replace(self.OWING, signing=2)
        said = rules.reminder_text(owing=waits, today=DUE, contact="李敏")
        assert "T18、T19、5-1（其中2项已填好，等本单位审核人审核）。" in said

    def test_returned_alone_and_with_others(self):
        alone = rules.OutstandingCodes(
            "区交通局", "2026年第三季度", returned=((day(2026, 12, 3), "5-1"),)
        )
        text = rules.reminder_text(owing=alone, today=DUE, contact="李敏")
        assert "填报，贵单位有1项退回后还没有改好（12月3日前改好）：5-1。" in text
        both = rules.OutstandingCodes(
            "区交通局", "2026年第三季度", ((DUE, "T18"),), ((None, "5-1"),)
        )
        text = rules.reminder_text(owing=both, today=DUE, contact="李敏")
        assert "还有1项待报：T18；有1项退回后还没有改好：5-1。" in text
        assert "http" not in text


class TestOnTime:
    @pytest.mark.parametrize(
        ("item", "today", "expected"),
        [
            (HandInDates(DUE, DUE), day(2026, 12, 5), True),
            (HandInDates(DUE, day(2026, 11, 28)), day(2026, 12, 5), False),
            (HandInDates(DUE, None), DUE, None),
            (HandInDates(DUE, None), day(2026, 11, 28), False),
            (HandInDates(day(2026, 12, 4), day(2026, 12, 1)), day(2026, 12, 5), True),  # extended
            (HandInDates(DUE, day(2027, 5, 1), is_backfill=True), day(2027, 6, 1), True),
            (HandInDates(DUE, None, is_backfill=True), day(2027, 6, 1), None),
        ],
    )
    def test_one_item(self, item, today, expected):
        assert was_on_time(item, today) is expected

    def test_rate(self):
        found = punctuality(
            [HandInDates(DUE, DUE), HandInDates(DUE, None), HandInDates(DUE, DUE)], day(2026, 12, 1)
        )
        assert (found.on_time, found.late, round(found.percent)) == (2, 1, 67)
        assert punctuality([], DUE).percent is None


def returned(obligation):
    """Sent back by the bureau on 20 November, to be answered by the 25th."""
    moment = datetime.datetime(2026, 11, 20, 4, tzinfo=datetime.UTC)
    Obligation.objects.filter(pk=obligation.pk).update(
        state=ObligationState.RETURNED, returns=1, decided_at=moment, submitted_at=moment,
        first_submitted_at=moment, answer_due=day(2026, 11, 25),
    )  # fmt: skip


@pytest.mark.django_db
class TestSelector:
    def test_worst_first_with_contacts_and_what_is_missing(self):
        late, draft, done = (AgencyFactory(name=f"区{n}局") for n in ("甲", "乙", "丙"))
        UserFactory(agency=late, name="张磊", phone="84551234")
        UserFactory(agency=late, name="停用", is_active=False)
        ObligationFactory(agency=late, target=TargetFactory(code="T01", lead=late))
        ObligationFactory(agency=late, kind="contribution", task=TaskFactory(code="5-1"))
        ObligationFactory(agency=draft, state=ObligationState.DRAFT, due_on=day(2026, 12, 31))
        ObligationFactory(agency=done, state=ObligationState.SUBMITTED)
        page = chase_page(code="2026Q3", today=day(2026, 12, 1))
        assert [row.agency.name for row in page.rows] == ["区甲局", "区乙局"]
        assert page.complete == 1
        first, second = page.rows
        assert [item.label for item in first.missing] == ["T01", "5-1（配合）"]
        assert (first.tier_words, first.days_late) == ("橙色", 4)
        assert [(c.name, c.phone) for c in first.contacts] == [("张磊", "84551234")]
        assert (second.tier_words, second.drafts, second.due) == ("未到期", 1, day(2026, 12, 31))

    def test_returned_items_are_not_missing(self):
        agency = AgencyFactory()
        returned(ObligationFactory(agency=agency))
        (row,) = chase_page(code="2026Q3", today=day(2026, 11, 24)).rows
        assert (len(row.missing), len(row.returned), row.tier_words) == (0, 1, "未到期")
        (row,) = chase_page(code="2026Q3", today=day(2026, 11, 25)).rows
        assert row.tier_words == "退回未改"

    def test_a_correction_is_neither(self):
        ObligationFactory(state=ObligationState.DRAFT, correction_reason="数值有误")
        assert chase_page(code="2026Q3").rows == ()

    def test_back_filled_quarters_have_no_tier(self):
        period = PeriodFactory(year=2024, quarter=1, is_backfill=True)
        ObligationFactory(period=period)
        (row,) = chase_page(code="2024Q1", today=day(2027, 1, 1)).rows
        assert row.stage is None


@pytest.mark.django_db
class TestPage:
    @pytest.fixture
    def cast(self):
        return make_cast()

    @pytest.fixture
    def items(self, cast):
        agency = cast["张三"].agency
        return [
            ObligationFactory(agency=agency, target=TargetFactory(code=code, lead=agency))
            for code in ("T18", "T19")
        ]

    @pytest.fixture
    def reviewer(self, client, cast):
        client.force_login(cast["赵六"])
        return client

    def test_shows_who_is_behind_with_the_text_to_copy(self, reviewer, items):
        page = reviewer.get(URL).content.decode()
        assert "1个单位还有待报2项" in page
        assert "贵单位还有2项" in page
        assert "T18、T19。联系人赵六" in page
        assert "data-copy-texts" in page

    def test_nothing_missing(self, reviewer):
        PeriodFactory()
        assert "没有需要催报的单位" in reviewer.get(URL).content.decode()
        assert reviewer.get("/review/2030Q1/remind/").status_code == 404
        assert reviewer.get("/review/x/remind/").status_code == 404

    def test_remind_by_hand_once(self, reviewer, items, cast, client):
        form = reviewer.get(f"{URL}send/?agency=jtj").content.decode()
        assert "提醒1个单位" in form
        data = {"agency": "jtj", "text_jtj": "尽快报送", "token": "a1"}
        assert "已提醒1个单位" in reviewer.post(f"{URL}send/", data, follow=True).content.decode()
        again = reviewer.post(f"{URL}send/", data, follow=True).content.decode()
        assert "这些提醒已经发出" in again
        row = Reminder.objects.get()
        assert (row.text, row.sent_by, row.agency.code) == ("尽快报送", "赵六", "jtj")
        event = AuditEvent.objects.get(object_type="提醒")
        assert event.actor_name == "赵六"
        assert "人工提醒" in reviewer.get(URL).content.decode()

    def test_an_empty_text_is_not_sent(self, reviewer, items):
        data = {"agency": "jtj", "text_jtj": " ", "token": "a1"}
        page = reviewer.post(f"{URL}send/", data, follow=True).content.decode()
        assert "提醒的内容不能为空" in page
        assert not Reminder.objects.exists()

    def test_supervision_sheet(self, reviewer, items, settings):
        settings.CONTACT_PHONE = "0731-8000 0000"
        page = reviewer.get(f"{URL}orders/?agency=jtj").content.decode()
        for words in (
            "碳达峰进展填报督办单",
            "2026Q3-JTJ",
            "区交通运输局",
            "T18",
            "承办人签收",
            "0731-8000 0000",
        ):
            assert words in page

    def test_what_waits_for_a_signature_says_whom_it_waits_for(self, reviewer):
        item = ObligationFactory(state=ObligationState.SIGNING)
        UserFactory(name="王科长", agency=item.agency, roles=[Role.SIGNER])
        UserFactory(name="小李", agency=item.agency, roles=[Role.REPORTER])
        page = reviewer.get(URL).content.decode()
        assert "待签1（等王科长）" in page

    def test_extension_moves_the_due_day_and_nothing_else(self, reviewer, items, cast):
        other = ObligationFactory()
        PeriodFactory._meta.model.objects.update(due_on=day(2090, 1, 10), opens_on=day(2026, 1, 1))
        data = {"agency": "jtj", "until": "2090-01-20", "reason": "统计数据推迟公布"}
        page = reviewer.post(f"{URL}extend/", data, follow=True).content.decode()
        assert "已为1个单位延期" in page
        before = {row.pk: row for row in (*items, other)}
        for row in Obligation.objects.all():
            expected = day(2090, 1, 20) if row.agency.code == "jtj" else None
            assert row.due_on == expected
            assert (row.state, row.version) == (before[row.pk].state, before[row.pk].version)
        assert TimeRequest.objects.get().decided_by == "赵六"
        assert "申请延期1次" in reviewer.get(URL).content.decode()

    def test_extension_beyond_the_closing_day_is_refused(self, reviewer, items):
        data = {"agency": "jtj", "until": "2100-01-20", "reason": "统计数据推迟公布"}
        page = reviewer.post(f"{URL}extend/", data).content.decode()
        assert "不能晚于关闭日期" in page
        assert not TimeRequest.objects.exists()

    @pytest.mark.parametrize("count", [1, 10])
    def test_statements(self, reviewer, django_assert_max_num_queries, count):
        for _ in range(count):
            agency = AgencyFactory()
            UserFactory(agency=agency)
            returned(ObligationFactory(agency=agency))
            ObligationFactory(agency=agency, kind="task")
        for path in ("", "send/", "orders/", "extend/"):
            with django_assert_max_num_queries(8):
                assert reviewer.get(f"{URL}{path}").status_code == 200
