"""Where the obligations are: who has them, since when, until when."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.choices import Role
from audit.models import AuditEvent
from reporting.choices import ObligationState
from reporting.models import Reminder
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.reporting import ObligationFactory, PeriodFactory, content

pytestmark = pytest.mark.django_db

HOME = "/my/"
STATE = ObligationState
day = datetime.date


@pytest.fixture
def agency(clock):
    clock.move_to(day(2026, 11, 30))
    return AgencyFactory(name="区交通运输局", code="jtj")


@pytest.fixture
def period(agency):
    return PeriodFactory(
        opens_on=day(2026, 11, 2), due_on=day(2026, 12, 7), closes_on=day(2027, 1, 15)
    )


@pytest.fixture
def wang(agency, client):
    user = UserFactory(name="王芳", agency=agency)
    client.force_login(user)
    return user


@pytest.fixture
def chen(agency):
    return UserFactory(name="陈磊", username="jtj_s", agency=agency, roles=[Role.SIGNER])


def moment(date):
    return datetime.datetime.combine(date, datetime.time(4), tzinfo=datetime.UTC)


def owed(agency, period, state, **more):
    return ObligationFactory(agency=agency, period=period, state=state, **more)


@pytest.fixture
def quarter(agency, period, chen):
    """13 owed: 4 with the reporter, 5 with the signer, 3 with the bureau, 1 approved."""
    UserFactory(name="李敏", roles=[Role.REVIEWER])
    friday = moment(day(2026, 11, 27))
    owed(agency, period, STATE.RETURNED, returns=1, answer_due=day(2026, 12, 3))
    owed(agency, period, STATE.DRAFT)
    owed(agency, period, STATE.EMPTY)
    owed(agency, period, STATE.EMPTY, due_on=day(2026, 12, 15))
    for _ in range(5):
        owed(agency, period, STATE.SIGNING, handed_over_at=friday)
    for _ in range(3):
        owed(agency, period, STATE.SUBMITTED, submitted_at=friday, first_submitted_at=friday)
    owed(agency, period, STATE.APPROVED, submitted_at=friday, decided_at=timezone.now())
    return period


def home(client):
    answer = client.get(HOME)
    return answer.context["page"], answer.content.decode()


def links(page):
    return [(one.title, one.count) for one in page.chain]


def test_each_link_says_who_since_when_until_when(client, wang, quarter):
    page, text = home(client)
    assert links(page) == [
        ("在您这里", 4), ("本单位审核人", 5), ("区发改局审核", 3), ("已通过", 1),
    ]  # fmt: skip
    assert sum(one.count for one in page.chain) == len(page.rows) == 13
    mine, signer, review, approved = page.chain
    assert (mine.first, mine.second) == ("退回1、草稿1、未开始2", "最近的期限")
    assert mine.strong == "12月3日（周四），还剩3天"
    assert (signer.first, signer.second) == ("陈磊，11月27日交去，已等3天", "12月7日前签送")
    assert (review.first, review.second) == (
        "李敏，11月27日收到", "一般3个工作日，12月2日前",
    )  # fmt: skip
    assert approved.first.endswith("，今天通过")
    assert page.headline.startswith("还有4项在您这里，")
    assert page.headline.endswith(" 要在12月3日前改好")
    assert "提醒陈磊" in text
    assert "等陈磊审核" in text


def test_what_waits_for_the_signer_is_never_called_handed_in(client, wang, agency, period, chen):
    for _ in range(9):
        owed(agency, period, STATE.SIGNING)
    page, text = home(client)
    assert links(page) == [
        ("在您这里", 0), ("本单位审核人", 9), ("区发改局审核", 0), ("已通过", 0),
    ]  # fmt: skip
    assert "已报送" not in text
    assert "已全部" not in page.status_words
    assert page.headline == "您这里没有要办的事"
    check = client.get("/fill/2026Q3/check/").content.decode()
    assert "已报送" not in check.partition("<main")[2].partition("</main")[0]
    assert "已经报送" not in check


def test_three_links_where_nobody_signs(client, wang, agency, period):
    owed(agency, period, STATE.EMPTY)
    page, text = home(client)
    assert [one.title for one in page.chain] == ["在您这里", "区发改局审核", "已通过"]
    assert "chain-3" in text


def test_all_is_with_the_bureau(client, wang, agency, period, chen):
    sent = moment(day(2026, 12, 4))
    for state in (STATE.SUBMITTED, STATE.APPROVED):
        owed(agency, period, state, submitted_at=sent, first_submitted_at=sent, decided_at=sent)
    page, text = home(client)
    assert page.status_words == "2项已全部报送，12月4日（周五）送到区发改局，按时"
    assert page.chain[1].first == "陈磊已全部签送"
    assert "本季度已报完" in text
    assert 'class="act"' not in text
    late = owed(agency, period, STATE.SUBMITTED, submitted_at=sent)
    late.first_submitted_at, late.was_due_on = sent, day(2026, 12, 1)
    late.save()
    assert home(client)[0].status_words.endswith("其中1项逾期")


def test_late_is_bold_and_a_correction_has_no_day(client, wang, agency, period, clock):
    late = owed(agency, period, STATE.EMPTY)
    right = owed(agency, period, STATE.DRAFT, correction_reason="数值有误")
    opened = owed(agency, period, STATE.DRAFT, correction_reason="数值有误")
    opened.unlocked_until = day(2026, 12, 20)
    opened.save()
    clock.move_to(day(2026, 12, 9))
    client.force_login(wang)
    page, text = home(client)
    said = {row.code: row.deadline_words for row in page.mine}
    assert said == {
        late.subject_code: "逾期2天",
        right.subject_code: "更正，不限期",
        opened.subject_code: "解锁至12月20日",
    }
    assert "<b>逾期2天</b>" in text
    assert page.headline == f"还有3项在您这里，{late.subject_code} 已逾期2天"


def test_an_extension_is_said_and_a_return_goes_before_it(client, wang, agency, period):
    extended = owed(agency, period, STATE.EMPTY, due_on=day(2026, 12, 15))
    back = owed(
        agency, period, STATE.RETURNED, due_on=day(2026, 12, 15), answer_due=day(2026, 12, 3)
    )
    found = {row.code: row.deadline_words for row in home(client)[0].mine}
    assert found == {
        extended.subject_code: "12月15日，已延期",
        back.subject_code: "12月3日（周四）",
    }


def test_more_than_eight_stand_by_kind_with_the_returned_first(client, wang, agency, period):
    owed(agency, period, STATE.RETURNED, answer_due=day(2026, 12, 3))
    for kind in ("target", "task", "contribution"):
        for _ in range(3):
            owed(agency, period, STATE.EMPTY, kind=kind)
    titles = [(one.title, one.note) for one in home(client)[0].lists]
    assert titles == [
        ("被退回，先改", "1项"), ("指标", "3项"), ("牵头任务", "3项"),
        ("配合事项", "3项，每项一个框"),
    ]  # fmt: skip


def test_the_signer_s_home_counts_what_waits_for_the_signer(client, quarter, chen):
    client.force_login(chen)
    page, text = home(client)
    assert page.headline == "5项等您审核，12月7日前签送"
    assert [(one.title, one.is_mine) for one in page.chain[:2]] == [
        ("填报员", False), ("在您这里", True),
    ]  # fmt: skip
    assert "等您审核" in text
    assert "提醒陈磊" not in text


class TestReminding:
    ADDRESS = "/my/2026Q3/remind/"

    def test_the_signer_sees_it_once_a_day(self, client, wang, quarter, chen, clock):
        answer = client.post(self.ADDRESS, follow=True).content.decode()
        assert "已提醒陈磊" in answer
        assert "今天已提醒" in answer
        (row,) = Reminder.objects.all()
        assert (row.user, row.agency, row.sent_by) == (chen, None, "王芳")
        assert row.text.startswith(
            "王芳提醒：2026年第三季度有5项已填好，等您审核，12月7日前要报到区发改局："
        )
        event = AuditEvent.objects.get(object_type="提醒")
        assert (event.action, event.object_code, event.actor_name) == (
            "提醒", "2026Q3 jtj_s sign 2026-11-30", "王芳",
        )  # fmt: skip
        assert "今天已经提醒过" in client.post(self.ADDRESS, follow=True).content.decode()
        assert Reminder.objects.count() == 1
        clock.move_to(day(2026, 12, 1))
        client.force_login(wang)
        client.post(self.ADDRESS)
        assert Reminder.objects.count() == 2

    def test_on_the_signer_s_page_and_not_on_the_reporter_s(self, client, wang, quarter, chen):
        client.post(self.ADDRESS)
        assert "王芳提醒" not in home(client)[1]
        client.force_login(chen)
        assert "王芳提醒" in client.get(reverse("reporting:signing")).content.decode()

    def test_not_where_nothing_waits_and_not_by_the_signer(self, client, wang, period, chen):
        owed(wang.agency, period, STATE.DRAFT)
        assert "提醒陈磊" not in home(client)[1]
        answer = client.post(self.ADDRESS, follow=True).content.decode()
        assert "没有等本单位审核人审核的事项" in answer
        client.force_login(chen)
        assert client.post(self.ADDRESS).status_code == 403
        assert not Reminder.objects.exists()


def test_what_was_typed_is_said_in_short(client, wang, agency, period, chen):
    row = owed(agency, period, STATE.SIGNING, target__decimals=2)
    row.content = content({"availability": "new", "value": "78.6"})
    row.save()
    share = owed(agency, period, STATE.SIGNING, kind="contribution")
    share.content = content({"text": "督促客运企业使用国六标准柴油"})
    share.save()
    assert [row.answer for row in home(client)[0].with_signer] == ["78.60%", "已写"]
