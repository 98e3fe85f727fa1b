"""The home of an agency: order, numbers, what is settled together."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.choices import Role
from reporting.choices import (
    DecisionKind,
    ObligationState,
    PeriodState,
    RequestKind,
    RequestState,
    Tier,
)
from reporting.models import Decision, Obligation, Reminder, TimeRequest
from reporting.unchanged.services.shortcuts import no_change
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.projects import ProjectProgressFactory
from tests.factories.reporting import ObligationFactory, PeriodFactory, filled
from tests.factories.targets import ObservationFactory, TargetFactory
from tests.factories.tasks import TaskContributionFactory, TaskProgressFactory

pytestmark = pytest.mark.django_db

HOME = "/my/"

day = datetime.date


@pytest.fixture
def agency():
    return AgencyFactory(name="区交通运输局", code="jtj")


@pytest.fixture
def zhang(agency, client):
    user = UserFactory(name="张三", agency=agency)
    client.force_login(user)
    return user


def obligation(agency, kind="target", state=ObligationState.EMPTY, **more):
    found = ObligationFactory(agency=agency, kind=kind, **more)
    return filled(found, {}, state=state) if state != ObligationState.EMPTY else found


def text_of(page):
    return page.content.decode()


def codes(rows):
    return [row.code for row in rows]


def test_returned_first_then_by_the_day_then_what_is_begun(client, agency, zhang):
    today = timezone.localdate()
    period = PeriodFactory(due_on=today - datetime.timedelta(days=1))
    later = today + datetime.timedelta(days=3)
    rows = {
        state: obligation(agency, state=state, period=period, due_on=later)
        for state in (ObligationState.SUBMITTED, ObligationState.EMPTY, ObligationState.DRAFT,
                      ObligationState.RETURNED)
    }  # fmt: skip
    late = obligation(agency, period=period)
    Decision.objects.create(
        obligation=rows[ObligationState.RETURNED], kind=DecisionKind.RETURNED,
        comment="充电桩数量与上季度相同", by_name="李敏", by_id=1, by_agency="区发改局",
        decided_at=timezone.now(),
    )  # fmt: skip
    answer = client.get(HOME)
    page, text = answer.context["page"], text_of(answer)
    order = [ObligationState.RETURNED, None, ObligationState.DRAFT, ObligationState.EMPTY]
    wanted = [rows[state].subject_code if state else late.subject_code for state in order]
    assert codes(page.lists[0].rows) == wanted
    assert codes(page.handed_in) == [rows[ObligationState.SUBMITTED].subject_code]
    assert "李敏：“充电桩数量与上季度相同”" in text
    assert page.headline == f"还有4项在您这里，{late.subject_code} 已逾期1天"
    assert page.chain[0].first == "退回1、草稿1、未开始2"
    assert "逾期1天" in text


def test_the_last_value_stands_in_the_row(client, agency, zhang):
    row = obligation(agency, target__frequency="quarterly")

    def last():
        return client.get(HOME).context["page"].mine[0].last

    assert last() == "尚无"
    ObservationFactory(target=row.target, year=2025, quarter=None, value=Decimal("77"))
    assert last() == "77.0%（2025年）"
    ObservationFactory(target=row.target, year=2026, quarter=1, value=Decimal("77.5"))
    assert last() == "77.5%（Q1）"
    ObservationFactory(target=row.target, year=2026, quarter=2, value=Decimal("77.9"))
    ObservationFactory(target=row.target, year=2026, quarter=3, value=Decimal("99"))
    assert last() == "77.9%"


def test_what_was_said_of_a_task_last_quarter(client, agency, zhang):
    led, shared = obligation(agency, "task"), obligation(agency, "contribution")
    other = obligation(AgencyFactory(), "contribution", task=shared.task)
    TaskProgressFactory(task=led.task, year=2026, quarter=2, status="lagging")
    for row, text in ((shared, "投放公益广告"), (other, "别的单位")):
        TaskContributionFactory(
            task=shared.task, agency=row.agency, year=2026, quarter=2, text=text
        )
    found = {row.code: row.last for row in client.get(HOME).context["page"].mine}
    assert found == {led.subject_code: "进展滞后", shared.subject_code: "投放公益广告"}


def test_annual_targets_that_are_not_owed_are_named(client, agency, zhang):
    asked = obligation(agency, target__frequency="annual")
    TargetFactory(
        lead=agency, code="T16", name="绿色出行", frequency="annual", commitment="striven"
    )
    TargetFactory(lead=AgencyFactory(), code="T03", frequency="annual")
    page = client.get(HOME).context["page"]
    assert page.without.startswith("年度指标本季度不需填：T16 绿色出行［力争］。")
    assert page.without.endswith("本单位本季度没有牵头任务、配合事项、负责填报的重点项目。")
    assert asked.subject_code not in page.without


@pytest.mark.usefixtures("of_2026q3")
def test_without_items_it_says_when_the_next_ones_come(client, zhang):
    text = text_of(client.get(HOME))
    assert "本季度没有需要填报的事项" in text
    assert "下一个填报期：2026年第四季度，预计2027年1月开放。" in text


def test_a_closed_period_is_only_read(client, agency, zhang):
    obligation(agency, kind="contribution", period=PeriodFactory(state=PeriodState.CLOSED))
    text = text_of(client.get(HOME))
    assert "已经关闭" in text
    assert 'class="act"' not in text
    assert "全部填“本季度无配合事项”" not in text
    assert "还有1项没有报，填报已经关闭" in text


class TestYearsOn:
    """What an agency is told when its newest quarter is long closed."""

    @pytest.fixture
    def closed(self, agency, zhang):
        period = PeriodFactory(
            opens_on=day(2026, 10, 8), due_on=day(2026, 11, 4), closes_on=day(2026, 12, 2),
            state=PeriodState.CLOSED,
        )  # fmt: skip
        obligation(agency, period=period, state=ObligationState.SUBMITTED)
        return obligation(agency, period=period)

    def home(self, client, zhang, clock, today):
        clock.move_to(today)
        zhang.password_changed_at = timezone.now()
        zhang.save()
        client.force_login(zhang)
        answer = client.get(HOME)
        return answer.context["page"], text_of(answer)

    def test_it_is_closed_not_overdue_for_hundreds_of_days(self, client, zhang, clock, closed):
        PeriodFactory(
            quarter=4, opens_on=day(2027, 1, 4), due_on=day(2027, 1, 29),
            closes_on=day(2027, 3, 5), state=PeriodState.PLANNED,
        )  # fmt: skip
        page, text = self.home(client, zhang, clock, day(2028, 4, 9))
        assert page.status_words == "已关闭，缺报1项"
        assert "2026年第三季度填报已经关闭" in text
        assert "2028年第一季度的填报期还没有开放，开放以后在这里填报。" in text

    def test_the_next_one_is_named_by_its_day(self, client, zhang, clock, closed):
        PeriodFactory(
            quarter=4, opens_on=day(2027, 1, 4), due_on=day(2027, 1, 29),
            closes_on=day(2027, 3, 5), state=PeriodState.PLANNED,
        )  # fmt: skip
        page, text = self.home(client, zhang, clock, day(2027, 1, 1))
        assert (page.period.code, page.status_words) == ("2026Q3", "已关闭，缺报1项")
        assert "下一个填报期：2026年第四季度，2027年1月4日开放。" in text

    def test_two_that_run_stand_beside_each_other(self, client, zhang, clock, closed):
        four = PeriodFactory(
            quarter=4, opens_on=day(2027, 1, 4), due_on=day(2027, 1, 29), closes_on=day(2027, 5, 5)
        )
        obligation(zhang.agency, period=four)
        one = PeriodFactory(
            year=2027, quarter=1, opens_on=day(2027, 4, 1), due_on=day(2027, 4, 28),
            closes_on=day(2027, 5, 28),
        )  # fmt: skip
        obligation(zhang.agency, period=one)
        obligation(zhang.agency, period=one)
        page, text = self.home(client, zhang, clock, day(2027, 4, 6))
        assert [row.code for row in page.chosen_periods] == ["2027Q1", "2026Q4"]
        assert page.period == four
        assert "2027年第一季度，还有2项" in text

    def test_what_came_back_after_the_end_is_reached(self, client, zhang, clock, closed):
        closed.state, closed.returns = ObligationState.RETURNED, 1
        closed.save()
        four = PeriodFactory(
            quarter=4, opens_on=day(2027, 1, 4), due_on=day(2027, 1, 29), closes_on=day(2027, 3, 5)
        )
        obligation(zhang.agency, period=four)
        page, text = self.home(client, zhang, clock, day(2027, 1, 4))
        assert [row.code for row in page.chosen_periods] == ["2026Q4", "2026Q3"]
        assert "2026年第三季度，还有1项" in text
        four.obligations.update(state=ObligationState.APPROVED)
        page, _ = self.home(client, zhang, clock, day(2027, 1, 5))
        assert page.period.code == "2026Q3"


@pytest.mark.usefixtures("of_2026q3")
def test_open_periods_are_chosen_from_and_back_filling_comes_second(client, agency, zhang):
    back = PeriodFactory(year=2026, quarter=1, is_backfill=True, due_on="2026-11-10")
    obligation(agency, period=back)
    obligation(agency)
    page = client.get(HOME).context["page"]
    assert page.period.code == "2026Q3"
    assert [row.code for row in page.chosen_periods] == ["2026Q3", "2026Q1"]
    page = client.get(f"{HOME}?period=2026Q1").context["page"]
    assert (page.period.code, page.status_words) == ("2026Q1", "补录，不计逾期")


def test_another_agency_sees_its_own(client, agency, zhang):
    own, other = obligation(agency), obligation(AgencyFactory())
    text = text_of(client.get(HOME))
    assert own.subject_code in text
    assert other.subject_code not in text


def test_nothing_to_contribute_settles_what_is_not_begun(client, agency, zhang):
    begun = obligation(agency, "contribution", ObligationState.DRAFT)
    filled(begun, {"text": "已经写了"}, by=zhang)
    empty, other = obligation(agency, "contribution"), obligation(AgencyFactory(), "contribution")
    page = client.post(reverse("reporting:nothing"), {"period": "2026Q3"}, follow=True)
    assert "已有1项" in text_of(page)
    texts = {row.pk: row.texts for row in Obligation.objects.all()}
    assert texts == {begun.pk: {"text": "已经写了"}, empty.pk: {"nothing": "1"}, other.pk: {}}


def settled(agency):
    row = obligation(agency, "project")
    ProjectProgressFactory(project=row.project, quarter=2, status="completed")
    return row


def test_settled_projects_and_annual_targets_are_ticked_together(client, agency, zhang):
    projects = [settled(agency), settled(agency)]
    running = obligation(agency, "project")
    ProjectProgressFactory(project=running.project, quarter=2)
    annual = obligation(agency, target__frequency="annual")
    page = client.get(HOME).context["page"]
    assert {row.obligation.pk for row in page.tickable} == {row.pk for row in (*projects, annual)}
    address = reverse("reporting:no_change")
    data = {"period": "2026Q3", "items": [row.pk for row in (*projects, annual)]}
    assert "共同的原因" in text_of(client.post(address, data, follow=True))
    assert not Obligation.objects.exclude(content={}).exists()
    page = client.post(address, data | {"reason": "年度统计，次年3月公布"}, follow=True)
    assert "已有3项" in text_of(page)
    texts = {row.pk: row.texts for row in Obligation.objects.all()}
    assert texts[projects[0].pk] == {"no_change": "1"}
    assert texts[annual.pk] == {"availability": "annual", "note": "年度统计，次年3月公布"}
    data = {"period": "2026Q3", "items": [running.pk]}
    assert "要逐项填写" in text_of(client.post(address, data, follow=True))


def test_items_of_others_are_not_settled(client, agency, zhang):
    row = settled(AgencyFactory())
    answer = client.post(reverse("reporting:no_change"), {"period": "2026Q3", "items": [row.pk]})
    assert answer.status_code == 403
    row.refresh_from_db()
    assert row.texts == {}


def test_settling_takes_a_constant_number_of_statements(agency):
    user = UserFactory(agency=agency)
    counts = []
    for size in (1, 10):
        rows = [settled(agency) for _ in range(size)]
        with CaptureQueriesContext(connection) as made:
            assert no_change(pks=[row.pk for row in rows], reason="", by=user) == size
        counts.append(len(made))
    assert counts[0] == counts[1] <= 13  # with what stood there before


def test_a_first_visit_has_a_tip(client, agency, zhang):
    row = obligation(agency)
    assert "怎样填最省事" in text_of(client.get(HOME))
    filled(row, {"note": "x"}, by=zhang)
    assert "怎样填最省事" not in text_of(client.get(HOME))


def test_reminders_stand_at_the_top(client, agency, zhang):
    Reminder.objects.create(
        key="x", agency=agency, period=PeriodFactory(), tier=Tier.AHEAD, text="还有8项未报",
    )  # fmt: skip
    assert "还有8项未报" in text_of(client.get(HOME))


def test_roles_land_where_they_work(client, agency, zhang):
    assert client.get("/").headers["Location"] == HOME
    signer = UserFactory(name="陈磊", agency=agency, roles=[Role.SIGNER])
    client.force_login(signer)
    assert client.get("/").headers["Location"] == f"{HOME}?tab=sign"
    obligation(agency)
    page = client.get(f"{HOME}?tab=sign")
    assert page.status_code == 200
    assert "本单位审核人　陈磊" in text_of(page)


def test_earlier_quarters_stay_readable(client, agency, zhang):
    period = PeriodFactory(year=2026, quarter=2, state=PeriodState.CLOSED)
    row = ObligationFactory(agency=agency, period=period)
    filled(row, {"availability": "new", "value": "77.9"}, state=ObligationState.APPROVED)
    obligation(agency)
    page = client.get(reverse("reporting:past"))
    assert page.context["page"].period == period
    text = text_of(page)
    assert "77.9" in text
    assert row.get_absolute_url() in text
    assert client.get(f"{reverse('reporting:past')}?period=2026Q3").status_code == 200


def scene(agency, size):
    """Obligations in all stations, people, quarters, and news of each kind."""
    period = PeriodFactory()
    for number in range(size):
        for kind in ("target", "task", "contribution", "project"):
            obligation(agency, kind)
            ObligationFactory(kind=kind)
        for state in (ObligationState.SIGNING, ObligationState.SUBMITTED, ObligationState.RETURNED):
            row = obligation(agency, state=state)
        kind = DecisionKind.RETURNED if number % 2 else DecisionKind.APPROVED
        Decision.objects.create(
            obligation=row, kind=kind, comment="核实", by_name="李敏", by_id=0,
            decided_at=timezone.now(),
        )  # fmt: skip
        TimeRequest.objects.create(
            kind=RequestKind.EXTENSION, state=RequestState.GRANTED, obligation=row, period=period,
            agency=agency, until="2099-01-01", reason="原因", asked_by="张三",
            decided_at=timezone.now(),
        )  # fmt: skip
        UserFactory(agency=agency, roles=[Role.SIGNER])
        UserFactory(roles=[Role.REVIEWER])
        TargetFactory(lead=agency, frequency="annual")
        year, quarter = 2025 - number // 4, number % 4 + 1
        ObligationFactory(agency=agency, period=PeriodFactory(year=year, quarter=quarter))


MOST = {"/my/": 7, "/my/history/": 8}


@pytest.mark.parametrize("address", MOST)
def test_as_many_statements_at_ten_times_the_rows(client, agency, zhang, address):
    scene(agency, 1)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    scene(agency, 10)
    with CaptureQueriesContext(connection) as rows:
        assert client.get(address).status_code == 200
    assert len(rows) == len(few) <= MOST[address], [q["sql"][:90] for q in rows.captured_queries]
