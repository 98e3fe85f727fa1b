"""More time: asked, decided, counted."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from agencies.choices import Role
from audit.models import AuditEvent
from reporting.chasing.selectors.requests import counted, requests
from reporting.chasing.services import requests as services
from reporting.choices import ObligationState, PeriodState
from reporting.models import Obligation, Reminder, TimeRequest
from reporting.periods.rules.punctuality import HandInDates, was_on_time
from reporting.policies import ConflictError, can_step
from reporting.workflow import Step
from tests.factories.agencies import UserFactory
from tests.factories.cast import make_cast
from tests.factories.reporting import ObligationFactory, PeriodFactory

pytestmark = pytest.mark.django_db
REASON = "区统计局推迟公布"


def days(count):
    return timezone.localdate() + datetime.timedelta(days=count)


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def period():
    return PeriodFactory(opens_on=days(-5), due_on=days(5), closes_on=days(30))


@pytest.fixture
def obligations(cast, period):
    return [ObligationFactory(agency=cast["张三"].agency, period=period) for _ in range(3)]


def ask(cast, period, **changes):
    given = {"period": period, "until": days(10), "reason": REASON, "by": cast["张三"]}
    return services.ask(**given | changes)


class TestAsking:
    def test_one_item_or_all(self, cast, period, obligations):
        one = ask(cast, period, obligation=obligations[0])
        every = ask(cast, period)
        assert (one.kind, one.obligation, every.obligation) == ("extension", obligations[0], None)
        event = AuditEvent.objects.filter(object_type="延期和解锁").first()
        assert (event.action, event.reason, event.actor_name) == ("延期申请", REASON, "张三")

    def test_the_same_request_waits_only_once(self, cast, period, obligations):
        ask(cast, period)
        with pytest.raises(ValidationError, match="已经有一份申请在等待决定"):
            ask(cast, period)

    def test_on_the_due_day_but_not_after_it(self, cast, period, obligations):
        period.due_on = days(0)
        period.save()
        ask(cast, period)
        period.due_on = days(-1)
        period.save()
        with pytest.raises(ConflictError, match="已经截止，不能申请延期"):
            ask(cast, period, obligation=obligations[0])

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"until": days(5)}, "晚于截止日期"),
            ({"until": days(31)}, "不能晚于关闭日期"),
            ({"reason": "忙"}, "至少5个字"),
        ],
    )
    def test_wrong_days_and_reasons(self, cast, period, obligations, changes, words):
        with pytest.raises(ValidationError, match=words):
            ask(cast, period, **changes)
        assert not TimeRequest.objects.exists()

    def test_after_closing_it_is_an_unlocking(self, cast, period, obligations):
        period.state = PeriodState.CLOSED
        period.save()
        assert ask(cast, period).kind == "unlock"

    def test_before_opening_there_is_nothing_to_ask(self, cast, period, obligations):
        period.state = PeriodState.PLANNED
        with pytest.raises(ConflictError, match="还没有开放"):
            ask(cast, period)

    def test_only_for_the_own_agency(self, cast, period, obligations):
        with pytest.raises(PermissionDenied):
            ask(cast, period, by=cast["王五"], obligation=obligations[0])
        with pytest.raises(ConflictError, match="没有可以申请的事项"):
            ask(cast, period, by=cast["王五"])
        for name in ("孙领导", "管理员", "赵六"):
            with pytest.raises(PermissionDenied):
                ask(cast, period, by=cast[name])


class TestDeciding:
    def test_granting_moves_the_due_day_of_what_was_not_handed_in(self, cast, period, obligations):
        obligations[0].first_submitted_at = timezone.now()
        obligations[0].state = ObligationState.SUBMITTED
        obligations[0].save()
        obligations[1].due_on = days(20)
        obligations[1].save()
        services.decide(pk=ask(cast, period).pk, grant=True, by=cast["赵六"])
        due = [row.due_on for row in Obligation.objects.order_by("pk")]
        assert due == [None, days(20), days(10)]  # handed in; longer already; moved

    def test_the_bureau_may_choose_another_day(self, cast, period, obligations):
        request = ask(cast, period, obligation=obligations[0])
        services.decide(pk=request.pk, grant=True, until=days(7), by=cast["赵六"])
        obligations[0].refresh_from_db()
        assert obligations[0].due_on == days(7)

    def test_a_refusal_needs_a_reason_and_moves_nothing(self, cast, period, obligations):
        request = ask(cast, period)
        with pytest.raises(ValidationError, match="写明理由"):
            services.decide(pk=request.pk, grant=False, by=cast["赵六"])
        services.decide(pk=request.pk, grant=False, note="数据已经公布", by=cast["赵六"])
        assert not Obligation.objects.exclude(due_on=None).exists()
        note = Reminder.objects.get()
        assert "延期申请：不同意。数据已经公布" in note.text
        assert note.agency == cast["张三"].agency

    def test_it_is_decided_once(self, cast, period, obligations):
        request = ask(cast, period)
        services.decide(pk=request.pk, grant=True, by=cast["赵六"])
        with pytest.raises(ConflictError, match="已由赵六决定：同意"):
            services.decide(pk=request.pk, grant=False, note="不再同意", by=cast["赵六"])

    def test_unlocking_lets_in_until_its_day(self, cast, period, obligations):
        period.state = PeriodState.CLOSED
        period.save()
        request = ask(cast, period, obligation=obligations[0], until=days(2))
        services.decide(pk=request.pk, grant=True, by=cast["赵六"])
        for number, obligation in enumerate(obligations):
            row = Obligation.objects.with_subjects().get(pk=obligation.pk)
            assert can_step(step=Step.EDIT, obligation=row, by=cast["张三"]) is (number == 0)
            assert row.due_on is None  # what comes now is late

    def test_nobody_decides_on_the_own_request(self, cast, period):
        both = UserFactory(
            name="周两", agency=cast["赵六"].agency, roles=[Role.REPORTER, Role.REVIEWER]
        )
        ObligationFactory(agency=both.agency, period=period)
        request = ask(cast, period, by=both)
        with pytest.raises(PermissionDenied, match="您自己提出的"):
            services.decide(pk=request.pk, grant=True, by=both)
        assert services.decide(pk=request.pk, grant=True, by=cast["赵六"]).state == "granted"
        with pytest.raises(PermissionDenied, match="由您填报"):
            services.extend(
                period=period, agencies=[both.agency], until=days(12), reason=REASON, by=both
            )

    @pytest.mark.parametrize("name", ["张三", "钱审核", "孙领导", "管理员"])
    def test_only_reviewers_decide(self, cast, period, obligations, name):
        request = ask(cast, period)
        with pytest.raises(PermissionDenied):
            services.decide(pk=request.pk, grant=True, by=cast[name])
        with pytest.raises(PermissionDenied):
            services.extend(period=period, agencies=[], until=days(9), reason=REASON, by=cast[name])


def test_the_on_time_rate_counts_a_granted_request_and_no_refused_one(cast, period, obligations):
    """Handed in eight days from now, three days after the period's due day."""
    came = days(8)
    granted, refused, _ = obligations
    for obligation, answer in ((granted, True), (refused, False)):
        request = ask(cast, period, obligation=obligation)
        services.decide(pk=request.pk, grant=answer, note="数据已经公布", by=cast["赵六"])
        obligation.refresh_from_db()
    late = [was_on_time(HandInDates(x.due_on or period.due_on, came), days(9)) for x in obligations]
    assert late == [True, False, False]


class TestPages:
    def test_ask_and_see_the_answer(self, client, cast, period, obligations):
        url = f"/my/{period.code}/time/"
        client.force_login(cast["张三"])
        assert "延期申请" in client.get(url).content.decode()
        data = {"item": obligations[0].pk, "until": f"{days(9)}", "reason": REASON}
        page = client.post(url, data, follow=True).content.decode()
        assert "延期申请已提出" in page
        assert "待决定" in page
        client.force_login(cast["赵六"])
        page = client.get("/review/requests/").content.decode()
        assert REASON in page
        assert "共申请1次，同意0次" in page
        request = TimeRequest.objects.get()
        answer = client.post(
            f"/review/requests/{request.pk}/",
            {"answer": "grant", "until": f"{days(9)}"},
            follow=True,
        ).content.decode()
        assert "同意，已告知该单位" in answer
        obligations[0].refresh_from_db()
        assert obligations[0].due_on == days(9)

    def test_wrong_input_is_kept(self, client, cast, period, obligations):
        client.force_login(cast["张三"])
        page = client.post(
            f"/my/{period.code}/time/", {"item": "all", "until": "明天", "reason": REASON}
        )
        assert "日期写成" in page.content.decode()
        assert REASON in page.content.decode()

    def test_a_key_of_another_agency_is_no_choice(self, client, cast, period, obligations):
        client.force_login(cast["王五"])
        ObligationFactory(agency=cast["王五"].agency, period=period)
        data = {"item": obligations[0].pk, "until": f"{days(9)}", "reason": REASON}
        client.post(f"/my/{period.code}/time/", data)
        assert not TimeRequest.objects.exists()

    def test_not_yet_open(self, client, cast, period, obligations):
        period.state = PeriodState.PLANNED
        period.save()
        client.force_login(cast["张三"])
        assert "现在不能申请" in client.get(f"/my/{period.code}/time/").content.decode()

    @pytest.mark.parametrize("count", [1, 10])
    def test_statements(self, client, cast, period, django_assert_max_num_queries, count):
        for _ in range(count):
            obligation = ObligationFactory(agency=cast["张三"].agency, period=period, kind="task")
            ask(cast, period, obligation=obligation)
        client.force_login(cast["张三"])
        with django_assert_max_num_queries(8):
            client.get(f"/my/{period.code}/time/")
        client.force_login(cast["赵六"])
        with django_assert_max_num_queries(8):
            client.get("/review/requests/")

    def test_repeats_are_counted_over_all_periods(self, cast, period, obligations):
        services.decide(pk=ask(cast, period).pk, grant=True, by=cast["赵六"])
        ask(cast, period, until=days(15))
        found = [counted(row) for row in requests()]
        assert [(row.times, row.granted) for row in found] == [(2, 1), (2, 1)]
        assert found[0].request.state == "pending"
