"""The calendar's page: a year is pasted, replaced and noted."""

import datetime

import pytest

from audit.models import AuditEvent
from reporting.models import CalendarDay
from reporting.periods.selectors.calendar import working_days
from setup import services as setup
from tests.factories.cast import make_cast

pytestmark = pytest.mark.django_db
URL = "/manage/periods/calendar/?year=2027"
NOTICE = """一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日至11日放假调休。2月20日（周六）上班。"""


@pytest.fixture
def reviewer(client):
    cast = make_cast()
    client.force_login(cast["赵六"])
    return client


def text(answer):
    return answer.content.decode()


def test_paste_a_notice(reviewer):
    assert "2027年的放假和调休还没有登记" in text(reviewer.get(URL))
    answer = reviewer.post(URL, {"text": NOTICE}, follow=True)
    assert "已登记2027年的11天" in text(answer)
    assert "2027年2月20日（周六）" in text(answer)
    assert not working_days().is_working(datetime.date(2027, 2, 8))
    event = AuditEvent.objects.get(object_type="放假和调休")
    assert (event.object_code, event.actor_name) == ("2027", "赵六")
    assert ["2027-02-20", "", "调休上班 春节"] in event.changes


def test_pasting_again_replaces_the_year_and_no_other(reviewer):
    CalendarDay.objects.create(day=datetime.date(2026, 10, 1), kind="holiday", name="国庆节")
    reviewer.post(URL, {"text": NOTICE})
    answer = reviewer.post(URL, {"text": NOTICE}, follow=True)
    assert "没有改动" in text(answer)
    reviewer.post(URL, {"text": "1月1日放假 元旦"})
    assert list(CalendarDay.objects.values_list("day", flat=True)) == [
        datetime.date(2026, 10, 1),
        datetime.date(2027, 1, 1),
    ]
    assert AuditEvent.objects.filter(object_code="2027").count() == 2


def test_what_is_not_understood_changes_nothing(reviewer):
    answer = reviewer.post(URL, {"text": "1月1日放假\n2月30日放假"})
    assert "第2行：没有2027年2月30日这一天" in text(answer)
    assert not CalendarDay.objects.exists()
    assert "没有读到日期" in text(reviewer.post(URL, {"text": "待通知"}))


def test_a_year_out_of_range_is_no_page(reviewer):
    assert reviewer.get("/manage/periods/calendar/?year=1999").status_code == 404


def test_statements(reviewer, django_assert_max_num_queries):
    reviewer.post(URL, {"text": NOTICE})
    with django_assert_max_num_queries(8):
        reviewer.get(URL)
    with django_assert_max_num_queries(12):
        reviewer.post(URL, {"text": NOTICE.replace("11日", "12日")})


def test_the_published_years_are_loaded_with_the_plan_and_left_alone_afterwards():
    assert setup.load_calendar(by=None).added == 72
    CalendarDay.objects.filter(day__year=2026).exclude(day=datetime.date(2026, 1, 1)).delete()
    again = setup.load_calendar(by=None)
    assert (again.added, again.kept) == (0, 34)
