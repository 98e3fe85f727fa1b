"""交接: who has what in hand, what moves, what stays with whoever typed it."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.choices import Role
from agencies.models import Agency, User
from audit.models import AuditEvent
from reporting.choices import DecisionKind, ObligationState, Tier
from reporting.filling.services import entries
from reporting.filling.services.entries import FieldEdit
from reporting.handover.rules import draft_words
from reporting.handover.selectors.handovers import HANDED_WORDS
from reporting.handover.selectors.holdings import holder, holders
from reporting.handover.services import Choice, hand_over
from reporting.models import Decision, Draft, Handover, Obligation, Reminder
from reporting.policies import ConflictError, can_step, why_not
from reporting.typed.services import drafts
from reporting.workflow import Step
from tests.factories.agencies import UserFactory
from tests.factories.cast import make_cast
from tests.factories.reporting import ObligationFactory, PeriodFactory, filled

pytestmark = pytest.mark.django_db

day = datetime.date


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def jtj(cast):
    return cast["张三"].agency


@pytest.fixture
def own(cast, jtj):
    """An obligation that 张三 has begun."""
    found = ObligationFactory(agency=jtj, target__code="T18", target__name="绿色出行比例")
    return filled(found, {"value": "78.6"}, by=cast["张三"])


@pytest.fixture
def back(cast, jtj):
    """One that 张三 handed in and that was returned, with a remark at a field."""
    found = ObligationFactory(agency=jtj, kind="task", task__code="5-1", task__title="推广新能源车")
    filled(found, {"narrative": "已推广"}, by=cast["张三"], state=ObligationState.RETURNED)
    decision = Decision.objects.create(
        obligation=found, kind=DecisionKind.RETURNED, comment="请补数量", by_name="赵六", by_id=1,
        decided_at=timezone.now(),
    )  # fmt: skip
    decision.comments.create(field="quantity_value", text="与上季度相同")
    return found


def give(cast, *obligations, to="李四", by="钱审核", reason="调离", **more):
    picked = Choice(obligations=[one.pk for one in obligations], **more)
    return hand_over(
        agency=cast["张三"].agency, giver=cast["张三"], receiver=cast[to], choice=picked,
        reason=reason, by=cast[by],
    )  # fmt: skip


def codes(cast, name):
    found = holder(agency=Agency.objects.get(code="jtj"), username=cast[name].username)
    return [item.obligation.subject_code for item in found.items]


def typed(user, place="new", **texts):
    edits = {name: FieldEdit(text, 0) for name, text in texts.items()}
    return drafts.save(place=place, edits=edits, by=user).draft


def test_a_person_has_in_hand_what_was_begun_and_is_not_approved(cast, jtj, own, back):
    filled(ObligationFactory(agency=jtj), {}, by=cast["张三"], state=ObligationState.APPROVED)
    ObligationFactory(agency=jtj)
    other = filled(ObligationFactory(agency=jtj), {"value": "1"}, by=cast["李四"])
    assert codes(cast, "张三") == ["T18", "5-1"]
    assert codes(cast, "李四") == [other.subject_code]
    (remark,) = holder(agency=jtj, username=cast["张三"].username).items[1].remarks
    assert remark.endswith("：与上季度相同")


def test_what_moves_is_in_the_receivers_hands_and_in_the_ledger(cast, jtj, own, back):
    PeriodFactory(due_on=day(2026, 12, 3))
    done = give(cast, own, back)
    assert (codes(cast, "张三"), codes(cast, "李四")) == ([], ["T18", "5-1"])
    item = done.items.get(obligation=back)
    assert (item.state, item.remark.splitlines()[0]) == (ObligationState.RETURNED, "请补数量")
    assert item.name == "推广新能源车"
    (entry,) = AuditEvent.objects.filter(action="交接", object_code="2026Q3 T18")
    assert entry.changes == [["经手人", "张三", "李四"], ["交接单", "", done.code]]
    assert (entry.actor_name, entry.reason) == ("钱审核", "调离")
    (whole,) = AuditEvent.objects.filter(action="交接", object_type="交接单")
    assert whole.changes == [["事项", "", "2026Q3 T18、2026Q3 5-1"]]
    note = Reminder.objects.get(user=cast["李四"])
    assert note.tier == Tier.HANDOVER
    assert note.text == (
        f"张三的2项事项（T18、5-1）已交接给您，最近截止12月3日（周四），"
        f"有1项退回的意见待答复。见交接单{done.code}。"
    )


def test_a_part_moves_and_the_rest_stays(cast, own, back):
    give(cast, back)
    assert (codes(cast, "张三"), codes(cast, "李四")) == (["T18"], ["5-1"])


def test_who_gives_it_on_has_it_no_more_and_who_types_again_has(cast, jtj, own):
    give(cast, own)
    hand_over(
        agency=jtj, giver=cast["李四"], receiver=cast["张三"], reason="休假结束",
        choice=Choice([own.pk]), by=cast["钱审核"],
    )  # fmt: skip
    assert (codes(cast, "张三"), codes(cast, "李四")) == (["T18"], [])
    give(cast, own)
    entries.save(pk=own.pk, edits={"note": FieldEdit("补充", 9)}, by=cast["张三"])
    assert (codes(cast, "张三"), codes(cast, "李四")) == (["T18"], ["T18"])


def test_rows_from_before_keys_were_kept_know_their_people_by_name(cast, own):
    own.editors, own.last_editor = [], "张三"
    own.save()
    assert (codes(cast, "张三"), codes(cast, "李四")) == (["T18"], [])
    give(cast, own)
    assert (codes(cast, "张三"), codes(cast, "李四")) == ([], ["T18"])


def test_editors_stay_editors(cast, jtj, own):
    """Four eyes: the giver cannot sign later, and the receiver is no editor for having got it."""
    give(cast, own)
    own.refresh_from_db()
    assert own.editors == [cast["张三"].pk]
    own.state = ObligationState.SIGNING
    cast["张三"].roles = [Role.SIGNER]
    assert "您是本项填报人" in why_not(step=Step.SIGN, obligation=own, by=cast["张三"])
    assert can_step(step=Step.SIGN, obligation=own, by=cast["钱审核"])


def test_who_prepared_it_without_typing_does_not_sign_it(cast, own):
    """A receiver who signs, too, hands in what another typed: a second person signs."""
    cast["李四"].roles = [Role.REPORTER, Role.SIGNER]
    own.state, own.preparer_id = ObligationState.SIGNING, cast["李四"].pk
    assert "您是本项填报人" in why_not(step=Step.SIGN, obligation=own, by=cast["李四"])


def test_a_draft_changes_its_owner(cast, own):
    draft = typed(cast["张三"], title="充电桩用地")
    give(cast, drafts=[draft.pk])
    moved = Draft.objects.get()
    assert (moved.user, moved.content["title"]["text"]) == (cast["李四"], "充电桩用地")
    (entry,) = AuditEvent.objects.filter(object_type="交接单")
    assert entry.changes == [["草稿", "", "提出事项"]], "the ledger has no text of a draft"


def test_of_two_drafts_at_one_place_both_are_kept(client, cast, own):
    draft = typed(cast["张三"], title="充电桩用地")
    typed(cast["李四"], title="公交场站")
    done = give(cast, drafts=[draft.pk])
    assert Draft.objects.get().content["title"]["text"] == "公交场站"
    assert done.drafts.get().kept == {"title": "充电桩用地"}
    seen = {}
    for name in ("李四", "张三", "钱审核", "管理员"):
        client.force_login(cast[name])
        seen[name] = "充电桩用地" in client.get(f"/handover/{done.pk}/").content.decode()
    assert seen == {"李四": True, "张三": False, "钱审核": False, "管理员": False}


def test_an_empty_draft_of_the_receiver_gives_way(cast):
    draft = typed(cast["张三"], title="充电桩用地")
    typed(cast["李四"], title="甲")
    drafts.save(place="new", edits={"title": FieldEdit("", 1)}, by=cast["李四"])
    done = give(cast, drafts=[draft.pk])
    assert (Draft.objects.get().user, done.drafts.get().kept) == (cast["李四"], {})


def test_signer_and_account_are_an_administrators_part(cast, jtj, own):
    qian = cast["钱审核"]
    asked = {
        "agency": jtj, "giver": qian, "receiver": cast["李四"], "reason": "调离",
        "choice": Choice(gives_signing=True, closes_account=True),
    }  # fmt: skip
    with pytest.raises(PermissionDenied, match="由管理员办理"):
        hand_over(**asked, by=qian)
    stays = asked | {"choice": Choice(gives_signing=True)}
    with pytest.raises(ValidationError, match="只有单位审核人一个角色"):
        hand_over(**stays, by=cast["管理员"])
    hand_over(**asked, by=cast["管理员"])
    roles = {user.name: (user.roles, user.is_active) for user in User.objects.filter(agency=jtj)}
    assert roles["钱审核"] == ([Role.SIGNER], False), "a closed account signs nothing"
    assert roles["李四"] == ([Role.REPORTER, Role.SIGNER], True)
    assert AuditEvent.objects.filter(action="停用账号", object_code=qian.username).exists()


def test_who_goes_on_reporting_only_gives_the_signing_away(cast, own):
    cast["张三"].roles = [Role.REPORTER, Role.SIGNER]
    cast["张三"].save()
    give(cast, own, gives_signing=True, by="管理员")
    roles = {name: User.objects.get(pk=cast[name].pk).roles for name in ("张三", "李四")}
    assert roles == {"张三": [Role.REPORTER], "李四": [Role.REPORTER, Role.SIGNER]}


def test_a_closed_account_still_hands_over(cast, jtj, own):
    User.objects.filter(pk=cast["张三"].pk).update(is_active=False)
    assert codes(cast, "张三") == ["T18"]
    give(cast, own, by="管理员")
    assert holder(agency=jtj, username=cast["张三"].username) is None
    assert codes(cast, "李四") == ["T18"]


def test_who_has_moved_to_another_agency_leaves_the_work_here(cast, jtj, own):
    User.objects.filter(pk=cast["张三"].pk).update(agency=cast["王五"].agency)
    typed(cast["张三"], title="新单位的事")
    found = holder(agency=jtj, username=cast["张三"].username)
    assert [item.obligation.subject_code for item in found.items] == ["T18"]
    assert found.drafts == (), "they are of the new agency"
    with pytest.raises(ValidationError, match="已不在区交通运输局"):
        give(cast, own, closes_account=True, by="管理员")
    give(cast, own)
    assert codes(cast, "李四") == ["T18"]


@pytest.mark.parametrize(
    ("to", "said"), [("王五", "另一个启用的账号"), ("钱审核", "没有填报员角色")]
)
def test_the_receiver_is_an_active_reporter_of_the_agency(cast, own, to, said):
    with pytest.raises(ValidationError, match=said):
        give(cast, own, to=to)
    assert not Handover.objects.exists()


def test_nothing_is_handed_over_that_has_moved_meanwhile(cast, own):
    give(cast, own)
    with pytest.raises(ConflictError, match="刚才有变动"):
        give(cast, own)
    assert Handover.objects.count() == 1


def test_a_refusal_in_the_middle_leaves_all_as_it_was(cast, own):
    """The last step refuses: 张三 signs nothing that could be given away."""
    draft = typed(cast["张三"], title="充电桩用地")
    with pytest.raises(ValidationError, match="不是单位审核人"):
        give(cast, own, drafts=[draft.pk], gives_signing=True, by="管理员")
    assert codes(cast, "张三") == ["T18"]
    assert Draft.objects.get().user == cast["张三"]
    assert not AuditEvent.objects.filter(action="交接").exists()


def test_people_cost_the_same_statements_however_many_they_are(cast, jtj, own, back):
    def count():
        with CaptureQueriesContext(
            connection,
        ) as caught:
            holders(agency=jtj)
        return len(caught)

    assert count() == 3
    for number in range(3):
        person = UserFactory(agency=jtj, name=f"新人{number}")
        filled(ObligationFactory(agency=jtj), {"value": "1"}, by=person)
        typed(person, title="草稿")
    assert count() == 3


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("new", "提出事项"),
        ("new-item-7", "提出事项（由填报事项转来）"),
        ("assess-2026-07", "事项2026-07 研判"),
        ("step-2026-07", "事项2026-07 办理记录"),
        ("correct-2026-07-1", "事项2026-07 更正批示"),
        ("other", "表单other"),
    ],
)
def test_a_draft_is_called_by_its_form(place, words):
    assert draft_words(place) == words


def test_an_obligation_says_who_gave_it_to_whom(cast, own, back):
    done = give(cast, own)
    Handover.objects.filter(pk=done.pk).update(
        at=datetime.datetime(2026, 11, 30, 9, tzinfo=datetime.UTC)
    )
    rows = Obligation.objects.annotate(**HANDED_WORDS.column()).order_by("pk")
    assert [HANDED_WORDS.of(row) for row in rows] == ["由张三交接给李四，11-30", ""]


def test_a_correction_that_has_no_day_stands_with_that_of_the_period(cast, own):
    own.correction_reason = "写错一位"
    own.save()
    assert give(cast, own).items.get().due_on == own.period.due_on
