"""Quarters that come by themselves, year after year, and what the bureau has to confirm."""

import datetime
from decimal import Decimal

import pytest

from audit.models import AuditEvent
from common.quarters import Period
from reporting.answers.services.settings import set_threshold
from reporting.choices import DayKind, PeriodState
from reporting.jobs import every_morning
from reporting.models import CalendarDay, ReportingPeriod
from reporting.periods.rules.rhythm import coming_periods
from reporting.periods.rules.thresholds import Thresholds
from reporting.periods.services import periods
from tests.clock import ZONE
from tests.documents import document
from tests.factories.cast import make_cast
from tests.factories.reporting import PeriodFactory
from tests.factories.tasks import TaskFactory

pytestmark = pytest.mark.django_db
day = datetime.date
DAY = datetime.timedelta(days=1)
HOLIDAYS = ((1, 1, 3), (2, 5, 11), (10, 1, 7))


@pytest.fixture
def bureau():
    """A bureau whose last quarter is closed, with something to report on."""
    TaskFactory(code="5-1")
    PeriodFactory(
        opens_on=day(2026, 10, 8),
        due_on=day(2026, 11, 4),
        closes_on=day(2026, 11, 13),
        state=PeriodState.CLOSED,
    )


@pytest.fixture
def zhao():
    return make_cast()["赵六"]


@pytest.fixture
def reviewer(client, zhao):
    """Who signs in anew each day."""

    def get(address):
        client.force_login(zhao)
        return client.get(address)

    return get


@pytest.fixture
def morning(clock):
    """The job of a day, at a moment of it."""

    def run(moment):
        clock.move_to(moment)
        every_morning()

    return run


def enter(*years):
    CalendarDay.objects.bulk_create(
        CalendarDay(day=day(year, month, number), kind=DayKind.HOLIDAY)
        for year in years
        for month, first, last in HOLIDAYS
        for number in range(first, last + 1)
    )


def put(**values):
    for code, value in values.items():
        set_threshold(code=code, value=Decimal(value), reason="按例会要求", by=None)


def found(code):
    of = Period.parse(code)
    return ReportingPeriod.objects.get(year=of.year, quarter=of.quarter)


def dates(code):
    row = found(code)
    return row.opens_on, row.due_on, row.closes_on


def codes():
    return [row.code for row in ReportingPeriod.objects.order_by("year", "quarter")]


def asked(reviewer, address="/manage/periods/"):
    return [
        link.text
        for box in document(reviewer(address)).every(".prompts")
        for link in box.every("a")
    ]


class TestPlanning:
    def test_new_years_eve_to_the_first_working_day(self, bureau, morning):
        enter(2027)
        morning(datetime.datetime(2026, 12, 31, 23, 50, tzinfo=ZONE))
        assert codes() == ["2026Q3", "2026Q4", "2027Q1"]
        assert dates("2026Q4") == (day(2027, 1, 4), day(2027, 1, 29), day(2027, 3, 5))
        for today in (day(2027, 1, 1), day(2027, 1, 3)):
            morning(today)
            assert found("2026Q4").is_planned
        morning(day(2027, 1, 4))
        row = found("2026Q4")
        assert row.is_opened
        assert [obligation.subject_code for obligation in row.obligations.with_subjects()] == [
            "5-1"
        ]
        assert not row.asks_annual
        assert not row.is_backfill

    def test_the_system_is_named_and_twice_changes_nothing(self, bureau, morning):
        enter(2027)
        morning(day(2026, 12, 31))
        events = list(AuditEvent.objects.filter(object_code="2026Q4"))
        assert [(event.action, event.actor_id) for event in events] == [("自动建立填报期", None)]
        for today in (day(2026, 12, 31), day(2027, 1, 4), day(2027, 1, 4), day(2027, 1, 29)):
            morning(today)
        actions = AuditEvent.objects.filter(object_code="2026Q4").order_by("pk")
        assert [event.action for event in actions] == [
            "自动建立填报期", "开放填报期", "更新应报事项",
        ]  # fmt: skip

    def test_the_first_period_is_the_bureaus(self, morning):
        enter(2026, 2027)
        morning(day(2026, 12, 31))
        assert codes() == []

    def test_a_year_without_its_holidays_waits_for_them(self, bureau, morning, reviewer):
        for today in (day(2026, 12, 31), day(2027, 1, 1), day(2027, 1, 4)):
            morning(today)
            assert codes() == ["2026Q3"]
            assert asked(reviewer) == ["登记2027年放假"]
        enter(2027)
        morning(day(2027, 1, 20))
        assert found("2026Q4").is_opened
        assert dates("2026Q4")[:2] == (day(2027, 1, 20), day(2027, 2, 23))  # 20 working days
        assert asked(reviewer) == []

    def test_a_notice_that_comes_later_moves_what_was_planned(self, bureau, morning):
        enter(2027)
        morning(day(2026, 12, 1))
        CalendarDay.objects.create(day=day(2027, 1, 4), kind=DayKind.HOLIDAY)
        morning(day(2026, 12, 2))
        assert dates("2026Q4")[:2] == (day(2027, 1, 5), day(2027, 2, 1))
        moved = AuditEvent.objects.get(action="自动调整填报期", object_code="2026Q4")
        assert ["开放日期", "2027-01-04", "2027-01-05"] in moved.changes

    def test_what_the_bureau_saved_is_left_alone(self, bureau, morning, zhao):
        enter(2027)
        morning(day(2026, 12, 1))
        row = found("2026Q4")
        row.opens_on, row.due_on = day(2027, 1, 6), day(2027, 1, 20)
        periods.save_period(period=row, by=zhao)
        CalendarDay.objects.create(day=day(2027, 1, 7), kind=DayKind.HOLIDAY)
        put(DUE_WORKING_DAYS=10)
        morning(day(2027, 1, 5))
        assert dates("2026Q4")[:2] == (day(2027, 1, 6), day(2027, 1, 20))
        assert found("2026Q4").is_planned
        morning(day(2027, 1, 6))
        assert found("2026Q4").is_opened


class TestMissedMornings:
    def test_of_weeks(self, bureau, morning):
        enter(2027)
        morning(day(2026, 12, 20))
        morning(day(2027, 3, 8))  # the quarter would be closed by now
        assert found("2026Q4").is_opened
        assert dates("2026Q4")[:2] == (day(2027, 3, 8), day(2027, 4, 2))
        assert not found("2026Q4").is_backfill

    def test_of_a_weekend_open_on_monday(self, bureau, morning):
        enter(2027)
        morning(day(2026, 12, 20))
        morning(day(2027, 1, 9))
        assert (found("2026Q4").state, dates("2026Q4")[0]) == ("planned", day(2027, 1, 11))
        morning(day(2027, 1, 11))
        assert found("2026Q4").is_opened

    def test_of_a_quarter_skip_none(self, bureau, morning):
        enter(2027)
        morning(day(2027, 7, 20))  # it did not run at all since the third quarter of 2026
        rows = ReportingPeriod.objects.exclude(state=PeriodState.PLANNED).order_by("pk")[1:]
        assert [(row.code, row.state, row.is_backfill) for row in rows] == [
            ("2026Q4", "open", True),
            ("2027Q1", "open", True),
            ("2027Q2", "open", False),
        ]
        assert {row.opens_on for row in rows} == {day(2027, 7, 20)}
        assert found("2027Q2").asks_annual

    def test_what_the_bureau_dated_does_not_open_overdue(self, bureau, morning, reviewer):
        enter(2027)
        PeriodFactory(
            quarter=4, opens_on=day(2027, 1, 4), due_on=day(2027, 1, 29),
            closes_on=day(2027, 3, 5), state=PeriodState.PLANNED,
        )  # fmt: skip
        morning(day(2027, 2, 1))
        assert found("2026Q4").is_planned
        assert dates("2026Q4")[1] == day(2027, 1, 29)
        assert asked(reviewer) == ["改2026年第四季度填报期的日期"]


class TestSettings:
    def test_nothing_is_planned_by_itself(self, bureau, morning, reviewer):
        enter(2027)
        put(PLAN_AHEAD=0)
        morning(day(2027, 1, 4))
        assert codes() == ["2026Q3"]
        assert asked(reviewer) == ["建立2026年第四季度填报期"]

    def test_the_bureau_opens(self, bureau, morning, reviewer):
        enter(2027)
        put(OPENS_ITSELF=0)
        morning(day(2026, 12, 20))
        for today in (day(2027, 1, 4), day(2027, 1, 8)):
            morning(today)
            assert found("2026Q4").is_planned
        assert dates("2026Q4")[0] == day(2027, 1, 4)  # its day has come: it is not moved on
        assert asked(reviewer) == ["开放2026年第四季度填报期"]

    def test_days_and_annual_values(self, bureau, morning):
        enter(2027)
        put(OPEN_WORKING_DAY=3, DUE_WORKING_DAYS=5, CLOSE_WORKING_DAYS=2, ANNUAL_QUARTERS=14)
        morning(day(2026, 12, 1))
        assert dates("2026Q4") == (day(2027, 1, 6), day(2027, 1, 12), day(2027, 1, 14))
        assert (found("2026Q4").asks_annual, found("2027Q1").asks_annual) == (True, True)
        put(ANNUAL_QUARTERS=2)
        morning(day(2026, 12, 2))
        assert not found("2026Q4").asks_annual

    def test_a_slower_rhythm_gives_up_what_it_no_longer_asks_for(self, bureau, morning):
        enter(2027)
        morning(day(2026, 12, 1))
        put(RHYTHM_QUARTERS=2)
        morning(day(2026, 12, 2))
        assert codes() == ["2026Q3", "2026Q4"]
        assert AuditEvent.objects.filter(action="自动取消填报期", object_code="2027Q1").exists()

    @pytest.mark.parametrize(
        ("ahead", "quarters", "newest", "expected"),
        [
            (2, 1, "2026Q3", ["2026Q4", "2027Q1"]),
            (1, 1, "2026Q3", ["2026Q4"]),
            (2, 1, "2027Q1", []),
            (4, 2, "2026Q3", ["2026Q4", "2027Q2"]),
            (1, 1, "2024Q1", ["2025Q4", "2026Q1", "2026Q2", "2026Q3", "2026Q4"]),
            (0, 1, "2026Q1", []),
        ],
    )
    def test_as_far_as_set(self, ahead, quarters, newest, expected):
        numbers = Thresholds({"PLAN_AHEAD": Decimal(ahead), "RHYTHM_QUARTERS": Decimal(quarters)})
        rows = coming_periods(
            newest=Period.parse(newest), today=day(2026, 11, 30), thresholds=numbers
        )
        assert [row.code for row in rows] == expected


class TestPrompts:
    def test_on_the_queue_from_the_middle_of_november(self, bureau, reviewer, clock):
        clock.move_to(day(2026, 11, 15))
        assert asked(reviewer, "/review/") == []
        clock.move_to(day(2026, 11, 16))
        assert asked(reviewer, "/review/") == ["登记2027年放假"]
        link = document(reviewer("/review/")).one(".prompts").one("a")
        assert link["href"] == "/manage/periods/calendar/?year=2027"
        assert reviewer("/review/start/").headers["Location"] == "/review/"
        enter(2027)
        assert asked(reviewer, "/review/") == []
        assert reviewer("/review/start/").headers["Location"] == "/dashboard/"

    def test_what_was_planned_by_itself_is_shown_before_it_opens(
        self, bureau, reviewer, client, morning
    ):
        enter(2027)
        morning(day(2026, 12, 14))
        assert asked(reviewer) == []
        morning(day(2026, 12, 15))
        said = document(reviewer("/review/")).one(".prompts").one("li").text
        assert said == "核对2026年第四季度填报期：系统建立，1月4日自动开放，1月29日截止"
        client.post(
            "/manage/periods/2026Q4/edit/",
            {"opens_on": "2027-01-04", "due_on": "2027-01-29", "closes_on": "2027-03-05"},
        )
        assert not found("2026Q4").is_automatic
        assert asked(reviewer) == []

    def test_the_first_one(self, reviewer, clock):
        clock.move_to(day(2026, 11, 30))
        assert asked(reviewer, "/review/") == ["建立2026年第三季度填报期"]


def test_five_years_without_a_hand(bureau, morning):
    """Each quarter opens on a working day after its end and is closed, whoever looks."""
    enter(*range(2027, 2032))
    today, seen = day(2026, 12, 31), {}
    while today <= day(2031, 2, 1):
        morning(today)
        seen[today] = [row.code for row in ReportingPeriod.objects.filter(state="open")]
        today += DAY if today.month % 3 == 1 and today.day < 12 else 7 * DAY
    for today, running in ((day(2028, 2, 29), ["2027Q4"]), (day(2030, 12, 31), [])):
        assert seen[max(one for one in seen if one <= today)] == running
    rows = {row.code: row for row in ReportingPeriod.objects.all()}
    assert list(rows)[::-1] == [
        "2026Q3", "2026Q4",
        *(f"{year}Q{quarter}" for year in range(2027, 2031) for quarter in range(1, 5)),
        "2031Q1", "2031Q2",
    ]  # fmt: skip
    assert {code: rows[code].opens_on for code in ("2027Q4", "2029Q3", "2030Q4")} == {
        "2027Q4": day(2028, 1, 4),
        "2029Q3": day(2029, 10, 8),
        "2030Q4": day(2031, 1, 6),
    }
    states = [row.state for row in rows.values()]
    assert states == ["planned", "planned", "open", *["closed"] * 17]
    assert not any(row.is_backfill for row in rows.values())
    assert [code for code, row in rows.items() if row.asks_annual] == [
        "2031Q2", "2030Q2", "2029Q2", "2028Q2", "2027Q2",
    ]  # fmt: skip
