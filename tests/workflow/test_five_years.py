"""The plan over its years as one story on a moved clock: November 2026 to February 2032.

Nobody touches the code in between: the bureau enters the holidays of each year, agencies answer
what they are asked for, two reviewers settle what is due.
"""

import datetime

import pytest
from django.test import Client

from agencies.choices import Role
from agencies.models import Agency
from reporting.answers.selectors.checking import checked_by_key
from reporting.chasing.services import reminders
from reporting.choices import PeriodState
from reporting.filling.services import corrections, entries
from reporting.filling.services.entries import FieldEdit
from reporting.models import Obligation, ReportingPeriod
from reporting.periods.rules.holiday_list import read_holidays
from reporting.periods.services import calendar as working_calendar
from reporting.periods.services import periods
from reporting.review.services import reviews
from reporting.submitting import services as submissions
from setup import services as setup
from setup.choices import AccountsGo, AgencyChangeKind
from setup.models import AgencyChange
from targets import services as targets
from targets.models import Observation, Settlement, Target
from targets.services import Pick
from tests.clock import ZONE
from tests.documents import document
from tests.factories.agencies import UserFactory
from tests.workflow.test_reporting_flow import attach

pytestmark = [pytest.mark.django_db, pytest.mark.any_server]

DAY = datetime.date
START = DAY(2026, 11, 30)
WEEK = datetime.timedelta(days=7)
HOLIDAYS = """一、元旦：1月1日放假。
二、春节：1月28日至2月4日放假。
三、清明节：4月4日至6日放假。
四、劳动节：5月1日至3日放假。
五、国庆节：10月1日至7日放假。"""
BOARD = ("/", "/wall/", "/print/", "/2025/", "/2030/")
PAGES = (
    *(f"/dashboard{page}" for page in BOARD),
    "/targets/",
    "/tasks/",
    "/projects/",
    "/agencies/",
)


class Office:
    """The installation over the years: its mornings, and the people who work with it."""

    def __init__(self, clock):
        self.clock, self.today = clock, START
        clock.move_to(START)
        setup.load_plan(by=None)
        forestry, transport = (Agency.objects.get(code=code) for code in ("nyj", "jtj"))
        bureau = Agency.objects.get(code="fgj")
        self.forester = UserFactory(name="林员", agency=forestry)
        self.driver = UserFactory(name="车员", agency=transport)
        self.reviewer = UserFactory(name="甲审", agency=bureau, roles=[Role.REVIEWER])
        self.second = UserFactory(name="乙审", agency=bureau, roles=[Role.REVIEWER])
        self.leader = UserFactory(name="领导", agency=None, roles=[Role.LEADER])
        self.admin = UserFactory(name="管理员", agency=None, roles=[Role.ADMINISTRATOR])
        first = ReportingPeriod(
            year=2026, quarter=3, asks_annual=True, opens_on=START, due_on=START + WEEK,
            closes_on=START + 2 * WEEK,
        )  # fmt: skip
        periods.save_period(period=first, by=None)
        periods.follow_calendar(today=START)

    def go_to(self, day, time=datetime.time(9)):
        """Live through the mornings until a day; the computer is on every Monday and that day."""
        while self.today + WEEK < day:
            self._wake(self.today + WEEK)
        self._wake(day)
        self.clock.move_to(datetime.datetime.combine(day, time, ZONE))

    def _wake(self, day):
        self.today = day
        self.clock.move_to(day)
        setup.carry_out_due(today=day)
        periods.follow_calendar(today=day)
        reminders.send_due(today=day)

    def opens_every_page(self):
        for who in (self.leader, self.reviewer, self.driver, self.admin):
            for address in PAGES:
                self.reads(who, address)
        self.reads(self.driver, "/my/")
        self.reads(self.reviewer, "/review/")

    def changes(self, agency, kind, day, **what):
        """Entered some days before, carried out by the computer on its day."""
        self.go_to(day - datetime.timedelta(days=10))
        change = AgencyChange(agency=agency, kind=kind, day=day, **what)
        setup.record(
            change=change, number=f"开编〔{day.year}〕1号", title="机构改革方案", by=self.admin
        )
        self.go_to(day)

    def enter_holidays(self, year):
        self.go_to(DAY(year - 1, 11, 25))
        days = read_holidays(HOLIDAYS, year).days
        working_calendar.set_year(year=year, days=days, by=self.reviewer)

    def asks(self, who, address):
        client = Client()
        client.force_login(who)
        return client.get(address)

    def reads(self, who, address):
        answer = self.asks(who, address)
        assert answer.status_code == 200, (self.today, address, answer.status_code)
        return document(answer).one("main").line

    def hands_in(self, who, code, quarter, year=None, **texts):
        """Fill one item and hand it in; its receipt."""
        row = obligation(code, quarter, year)
        edits = {"availability": "new", "source": "部门统计"} | texts
        if year is None:
            edits["value_period"] = quarter
        self.types(row, edits, who)
        doubts = checked_by_key(obligations=[row])[row.pk].doubts
        self.types(row, {one.reason_field: "已与上级部门核对，情况属实" for one in doubts}, who)
        if not row.evidence.exists():
            attach(row)
        return submissions.submit(pks=[row.pk], by=who, phone="0731-1")

    def types(self, row, edits, who):
        row.refresh_from_db()
        known = {name: kept["v"] for name, kept in row.content.items()}
        typed = {name: FieldEdit(text, known.get(name, 0)) for name, text in edits.items()}
        entries.save(pk=row.pk, edits=typed, by=who)
        row.refresh_from_db()

    def approves(self, code, quarter, year=None):
        row = obligation(code, quarter, year)
        reviews.approve(rounds={row.pk: row.rounds.count()}, by=self.reviewer)

    def settles(self, code, year, reason=""):
        """One reviewer proposes the verdict that the value in force gives, the other confirms."""
        value = Observation.objects.get(target__code=code, year=year, quarter=None, is_current=True)
        milestone = value.target.milestones.get(year=year, is_current=True, is_alternative=False)
        pick = Pick(milestone.pk, value.pk, year, reason)
        rows = targets.propose_settlements(picks=[pick], by=self.reviewer)
        targets.confirm(keys=[row.pk for row in rows], by=self.second)
        return Settlement.objects.get(target__code=code, year=year, is_current=True)


@pytest.fixture
def office(clock, settings):
    settings.PASSWORD_MAX_AGE_DAYS = 3650  # nobody of the story is there to choose a new one
    return Office(clock)


def obligation(code, quarter, year=None):
    return Obligation.objects.with_subjects().get(
        target__code=code, period__year=int(quarter[:4]), period__quarter=int(quarter[-1]),
        value_year=year,
    )  # fmt: skip


def owed(code, quarter):
    year, number = int(quarter[:4]), int(quarter[-1])
    rows = Obligation.objects.with_subjects().owed().filter(target__code=code)
    return list(rows.filter(period__year=year, period__quarter=number).order_by("-value_year"))


def states():
    found = ReportingPeriod.objects.order_by("year", "quarter")
    return {row.code: row.state for row in found}


def test_five_years(office):
    receipt, words = of_2026(office)
    first_values_of_2025(office)
    finals_revise_2025(office)
    corrected_and_settled_again(office)
    a_leap_day(office)
    renamed_and_merged(office)
    new_years_eve_of_2030(office)
    settled_2030(office)
    after_the_plan(office)
    assert office.reads(office.reviewer, receipt) == words
    assert [code for code, state in states().items() if state == PeriodState.CLOSED] == [
        f"{year}Q{quarter}"
        for year in range(2026, 2032)
        for quarter in range(1, 5)
        if "2026Q3" <= f"{year}Q{quarter}" <= "2031Q3"
    ]


def of_2026(office):
    assert states()["2026Q3"] == PeriodState.OPEN
    receipt = office.hands_in(office.driver, "T18", "2026Q3", value="77.9", grade="department")
    office.approves("T18", "2026Q3")
    page = f"/fill/2026Q3/receipt/{receipt.number}/"
    words = office.reads(office.reviewer, page)
    assert "区交通运输局" in words
    return page, words


def first_values_of_2025(office):
    office.hands_in(office.forester, "T05", "2026Q3", 2025, value="51.2", grade="preliminary")
    office.approves("T05", "2026Q3", 2025)
    assert "T05" in office.reads(office.leader, "/dashboard/2025/")
    office.enter_holidays(2027)
    office.go_to(DAY(2027, 1, 1))
    planned = dict.fromkeys(("2026Q4", "2027Q1", "2027Q2"), "planned")
    assert states() == {"2026Q3": "closed"} | planned
    office.go_to(DAY(2027, 1, 11))
    assert states()["2026Q4"] == PeriodState.OPEN


def finals_revise_2025(office):
    """July 2027: the preliminary value of 2026 and the final one of 2025, which settles."""
    office.go_to(DAY(2027, 7, 5))
    assert states()["2027Q2"] == PeriodState.OPEN
    assert [row.value_year for row in owed("T05", "2027Q2")] == [2026, 2025]
    office.hands_in(office.forester, "T05", "2027Q2", 2026, value="52.9", grade="preliminary")
    office.hands_in(office.forester, "T05", "2027Q2", 2025, value="51.4", grade="final")
    office.approves("T05", "2027Q2", 2026)
    office.approves("T05", "2027Q2", 2025)
    assert office.settles("T05", 2025).verdict == "achieved"


def corrected_and_settled_again(office):
    """What settled 2025 is corrected: it has to be settled again, with the reason."""
    office.go_to(DAY(2027, 7, 12))
    corrections.correct(
        pk=obligation("T05", "2027Q2", 2025).pk, reason="复核样地数据后更正", by=office.forester
    )
    office.hands_in(office.forester, "T05", "2027Q2", 2025, value="50.6", grade="final")
    office.approves("T05", "2027Q2", 2025)
    assert "须重新判定" in office.reads(office.leader, "/dashboard/2025/")
    again = office.settles("T05", 2025, reason="样地复核更正，按更正值判定")
    assert (again.verdict, again.version) == ("missed", 2)
    office.go_to(DAY(2027, 12, 6))
    assert [row.value_year for row in owed("T05", "2027Q3")] == []


def a_leap_day(office):
    office.enter_holidays(2028)
    office.go_to(DAY(2028, 2, 29))
    office.opens_every_page()


def renamed_and_merged(office):
    """In 2028 one body takes another name, in 2029 another one goes into it."""
    transport = Agency.objects.get(code="jtj")
    office.changes(
        transport,
        AgencyChangeKind.RENAME,
        DAY(2028, 5, 8),
        name="区交通物流局",
        short_name="区交物局",
    )
    assert "区交通物流局" in office.reads(office.leader, "/agencies/jtj/")
    assert "区交通运输局" in office.reads(office.leader, "/agencies/jtj/?asof=2028-05-05")
    office.enter_holidays(2029)
    forestry = Agency.objects.get(code="nyj")
    office.changes(
        forestry, AgencyChangeKind.MERGE, DAY(2029, 3, 5), into=transport, accounts=AccountsGo.MOVE
    )
    office.forester.refresh_from_db()
    assert office.forester.agency == transport
    assert Target.objects.get(code="T05").lead == transport
    office.enter_holidays(2030)
    office.go_to(DAY(2029, 7, 9))
    assert {row.agency for row in owed("T05", "2029Q2")} == {transport}


def new_years_eve_of_2030(office):
    office.enter_holidays(2031)
    office.go_to(DAY(2030, 12, 31), datetime.time(23, 50))
    office.opens_every_page()
    assert "2030年展望" in office.reads(office.leader, "/dashboard/2030/")


def settled_2030(office):
    """February 2031: the verdict page waits for values, then two reviewers settle 2030."""
    office.go_to(DAY(2031, 2, 10))
    office.opens_every_page()
    assert "待数据" in office.reads(office.leader, "/dashboard/2030/")
    office.go_to(DAY(2031, 7, 7))
    office.hands_in(office.forester, "T05", "2031Q2", 2030, value="60.4", grade="department")
    office.approves("T05", "2031Q2", 2030)
    assert office.settles("T05", 2030).verdict == "achieved"
    kept_in_2030(office)


def kept_in_2030(office):
    """The plan asks T18 for nothing new in 2030: what it asked for in 2025 has to be kept."""
    quarter = Observation.objects.get(target__code="T18", is_current=True)
    annual = Observation.objects.create(
        target=quarter.target, year=2030, value=70, grade="department", source="部门统计"
    )
    assert "≥75%（保持2025年目标）" in office.reads(office.leader, "/dashboard/2030/")
    milestone = annual.target.milestones.get(year=2025)
    pick = Pick(milestone.pk, annual.pk, 2030)
    (row,) = targets.propose_settlements(picks=[pick], by=office.reviewer)
    targets.confirm(keys=[row.pk], by=office.second)
    settled = Settlement.objects.get(target__code="T18", is_current=True)
    assert (settled.year, settled.verdict) == (2030, "missed")
    assert "保持2025年目标" in office.reads(office.leader, "/targets/T18/")


def after_the_plan(office):
    """The plan has ended; what it asked for stays a floor, and the quarters go on."""
    office.enter_holidays(2032)
    office.go_to(DAY(2032, 2, 9))
    office.opens_every_page()
    assert states()["2031Q4"] == PeriodState.OPEN
