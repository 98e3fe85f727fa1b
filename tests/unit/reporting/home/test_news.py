"""What happened since the last visit stands on the home, and stays in the history."""

import datetime

import pytest
from django.utils import timezone

from agencies.choices import Role
from agencies.models import User
from reporting.choices import DecisionKind, MatterStep, ObligationState, RequestKind, RequestState
from reporting.models import Decision, FieldComment, Matter, MatterNote, TimeRequest
from tests.factories.agencies import PASSWORD, AgencyFactory, UserFactory
from tests.factories.reporting import ObligationFactory, PeriodFactory
from tests.factories.targets import TargetFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("of_2026q3")]

LAST = datetime.datetime(2026, 11, 27, 8, 42, tzinfo=datetime.UTC)
day = datetime.date


@pytest.fixture
def agency():
    return AgencyFactory(name="区交通运输局", code="jtj")


@pytest.fixture
def wang(agency):
    return UserFactory(name="王芳", username="jtj_a", agency=agency, last_login=LAST)


@pytest.fixture
def period():
    return PeriodFactory(opens_on=day(2026, 11, 2), due_on=day(2026, 12, 7))


def target_of(agency, period, code, name="指标"):
    target = TargetFactory(code=code, name=name, lead=agency)
    return ObligationFactory(agency=agency, period=period, target=target)


def sign_in(client, user):
    client.logout()
    client.post("/login/", {"username": user.username, "password": PASSWORD})


def decide(row, kind=DecisionKind.APPROVED, *, hours=1, by=0, **more):
    at = timezone.now() - datetime.timedelta(hours=hours)
    return Decision.objects.create(
        obligation=row, kind=kind, comment="核实", by_name="李敏", by_id=by, decided_at=at, **more
    )


def news(client):
    page = client.get("/my/").context["page"]
    return [(line.word, line.text) for line in page.news]


def matter(agency):
    facts = {"code": "2026-07", "title": "霞凝港岸电增容", "agency_name": agency.name}
    return Matter.objects.create(agency=agency, reported_by="王芳", **facts)


def note(row, **more):
    facts = {"step": MatterStep.ANSWER, "text": "已协调", "by_name": "李敏"}
    return MatterNote.objects.create(matter=row, **facts, **more)


def test_returned_approved_extended_and_answered(client, agency, wang, period):
    decide(target_of(agency, period, "T18", "公交"), DecisionKind.RETURNED, hours=1)
    decide(target_of(agency, period, "T17", "新增"), hours=2)
    TimeRequest.objects.create(
        kind=RequestKind.EXTENSION, period=period, agency=agency, until=day(2026, 12, 15),
        obligation=target_of(agency, period, "T19"), reason="口径调整", asked_by="王芳",
        state=RequestState.GRANTED, decided_at=timezone.now() - datetime.timedelta(hours=3),
    )  # fmt: skip
    note(matter(agency), at=timezone.now() - datetime.timedelta(hours=4))
    sign_in(client, wang)
    assert news(client) == [
        ("退回", "T18 公交"),
        ("通过", "T17 新增"),
        ("延期", "T19 延到12月15日（周二）"),
        ("答复", "重大问题：霞凝港岸电增容"),
    ]
    assert "上次来过以后 <small>11月27日（周五）16:42</small>" in " ".join(
        client.get("/my/").content.decode().split()
    )


def test_the_list_is_empty_after_the_visit_and_stays_in_the_history(
    client, agency, wang, period, clock
):
    ObligationFactory(agency=agency, period=period, state=ObligationState.DRAFT)
    decide(target_of(agency, period, "T18", "公交"))
    sign_in(client, wang)
    assert len(news(client)) == 1
    assert len(news(client)) == 1  # as long as the visit lasts
    clock.move_by(datetime.timedelta(minutes=5))
    sign_in(client, wang)
    assert news(client) == []
    assert "没有新的退回、通过、答复或延期。" in client.get("/my/").content.decode()
    past = client.get("/my/history/?period=2026Q3").content.decode()
    assert "收到的决定和答复" in past
    assert "T18 公交" in past


def test_not_what_is_older_undone_by_oneself_or_of_others(client, agency, wang, period):
    row = target_of(agency, period, "T18")
    decide(row, hours=24 * 5)
    decide(row, undone_at=timezone.now())
    decide(row, DecisionKind.SENT_BACK, by=wang.pk)
    decide(target_of(AgencyFactory(), period, "T01"))
    note(matter(AgencyFactory()))
    sign_in(client, wang)
    assert news(client) == []


def test_refused_unlocked_and_for_everything(client, agency, wang, period):
    for hours, kind, state, obligation in (
        (1, RequestKind.EXTENSION, RequestState.REFUSED, target_of(agency, period, "T19")),
        (2, RequestKind.UNLOCK, RequestState.GRANTED, None),
        (3, RequestKind.EXTENSION, RequestState.PENDING, None),
    ):
        at = timezone.now() - datetime.timedelta(hours=hours)
        TimeRequest.objects.create(
            kind=kind, state=state, obligation=obligation, period=period, agency=agency,
            until=day(2026, 12, 15), reason="原因说明", asked_by="王芳",
            decided_at=None if state == RequestState.PENDING else at,
        )  # fmt: skip
    sign_in(client, wang)
    assert news(client) == [
        ("延期", "T19 的延期没有同意"),
        ("解锁", "全部未报事项 解锁到12月15日（周二）"),
    ]


def test_many_approvals_are_one_line(client, agency, wang, period):
    for number in range(5):
        decide(target_of(agency, period, f"T{number + 10}"), hours=number + 1)
    sign_in(client, wang)
    assert news(client) == [("通过", "T10、T11、T12、T13等5项")]


def test_a_signer_sees_what_a_colleague_answered(client, agency, wang, period):
    chen = UserFactory(name="陈磊", agency=agency, roles=[Role.SIGNER], last_login=LAST)
    row = target_of(agency, period, "T18", "公交")
    decision = decide(row, DecisionKind.RETURNED, hours=2, by=chen.pk)
    FieldComment.objects.create(
        decision=decision, field="value", text="核实", answer="已核实", answered_by="王芳",
        answered_at=timezone.now() - datetime.timedelta(hours=1),
    )  # fmt: skip
    sign_in(client, chen)
    assert news(client) == [("答复", "T18 的审核意见，王芳")]
    sign_in(client, wang)
    assert news(client) == [("退回", "T18 公交")]


def test_a_first_visit_tells_of_the_last_week(client, agency, wang, period):
    User.objects.update(last_login=None)
    ObligationFactory(agency=agency, period=period, state=ObligationState.DRAFT)
    decide(target_of(agency, period, "T18", "公交"), hours=24 * 6)
    decide(target_of(agency, period, "T17", "新增"), hours=24 * 8)
    sign_in(client, wang)
    assert news(client) == [("通过", "T18 公交")]
    assert "最近7天" in client.get("/my/").content.decode()
