"""The way of a figure: typed, handed in, reviewed, in the plan; taken back, corrected."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from agencies.choices import Role
from audit.models import AuditEvent
from projects.models import ProjectProgress
from reporting.answers.selectors.checking import checked_by_key
from reporting.choices import ObligationKind, ObligationState
from reporting.filling.services import corrections, entries
from reporting.filling.services.entries import FieldEdit
from reporting.models import Decision, Evidence, Obligation, StoredFile, SubmittedItem
from reporting.policies import ConflictError
from reporting.review.services import reviews
from reporting.review.services.reviews import FieldRemark
from reporting.submitting import services as submissions
from targets.models import Observation
from tasks.models import TaskContribution, TaskProgress
from tests.factories.agencies import UserFactory
from tests.factories.cast import make_cast
from tests.factories.projects import ProjectProgressFactory
from tests.factories.reporting import ObligationFactory, filled
from tests.factories.targets import ObservationFactory

pytestmark = pytest.mark.django_db

VALUE = {
    "availability": "new",
    "value": "78.6",
    "value_period": "2026Q3",
    "grade": "department",
    "source": "公交台账",
}
TASK = {"status": "on_track", "narrative": "新开通公交专用道3条，更换纯电动公交车120辆，" * 4}
PROJECT = {
    "status": "under_way",
    "invested_wan": "12000",
    "works_percent": "60",
    "started_on": "2023-05",
    "expected_on": "2026-12",
}


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def unsigned(cast):
    """The same agency without a signer of its own."""
    cast["钱审核"].is_active = False
    cast["钱审核"].save()
    return cast


def owed(cast, kind=ObligationKind.TARGET, texts=VALUE, who="张三", **fields):
    row = ObligationFactory(agency=cast[who].agency, kind=kind, **fields)
    return attach(filled(row, texts, by=cast[who]))


def attach(row, name="台账.xlsx"):
    stored = StoredFile.objects.create(
        sha256=f"{row.pk:064d}", size=1, content_type="application/pdf"
    )
    Evidence.objects.create(obligation=row, file=stored, name=name, uploaded_by="张三")
    return row


def hand_in(row, cast, who="张三"):
    submission = submissions.submit(pks=[row.pk], by=cast[who], phone="0731-1")
    row.refresh_from_db()
    return submission


def approve(row, cast, who="赵六", round=1):
    (decision,) = reviews.approve(rounds={row.pk: round}, by=cast[who])
    row.refresh_from_db()
    return decision


def test_only_an_approved_value_reaches_the_plan(unsigned):
    row = owed(unsigned)
    submission = hand_in(row, unsigned)
    assert submission.number == "2026Q3-JTJ-01"
    assert row.state == ObligationState.SUBMITTED
    assert not Observation.objects.exists()
    approve(row, unsigned)
    value = Observation.objects.get()
    assert (value.value, value.year, value.quarter, value.grade) == (
        Decimal("78.6"), 2026, 3, "department",
    )  # fmt: skip
    assert row.state == ObligationState.APPROVED
    assert Evidence.objects.get().is_locked


def test_tasks_contributions_and_projects_reach_the_plan(unsigned):
    rows = [
        owed(unsigned, ObligationKind.TASK, TASK),
        owed(unsigned, ObligationKind.CONTRIBUTION, {"text": "配合完成充电桩选址"}),
        owed(unsigned, ObligationKind.PROJECT, PROJECT | {"why_W4": "", "problems": ""}),
    ]
    found = checked_by_key(obligations=rows)
    for row in rows:
        texts = row.texts | {
            doubt.reason_field: "经核实情况属实，资料见附件" for doubt in found[row.pk].doubts
        }
        filled(row, texts, by=unsigned["张三"])
        hand_in(row, unsigned)
        approve(row, unsigned)
    assert TaskProgress.objects.get().narrative == TASK["narrative"]
    assert TaskContribution.objects.get().text == "配合完成充电桩选址"
    assert ProjectProgress.objects.get().invested_wan == Decimal(12000)


def test_a_settled_project_repeats_its_last_record(unsigned):
    row = owed(unsigned, ObligationKind.PROJECT, {"no_change": "1"})
    ProjectProgressFactory(
        project=row.project, quarter=2, status="completed", completed_on="2024-12",
        invested_wan=Decimal(29000),
    )  # fmt: skip
    hand_in(row, unsigned)
    approve(row, unsigned)
    record = ProjectProgress.objects.get(quarter=3)
    assert (record.status, record.completed_on) == ("completed", "2024-12")


def test_what_is_not_ready_is_refused_as_a_whole(unsigned):
    good, bad = owed(unsigned), owed(unsigned, texts=VALUE | {"value": "abc"})
    with pytest.raises(ValidationError) as refusal:
        submissions.submit(pks=[good.pk, bad.pk], by=unsigned["张三"])
    assert bad.subject_code in str(refusal.value)
    assert not SubmittedItem.objects.exists()
    good.refresh_from_db()
    assert good.state == ObligationState.DRAFT


def test_a_doubt_needs_a_reason_that_travels_to_the_reviewer(unsigned):
    row = owed(unsigned, texts=VALUE | {"value": "40"})
    ObservationFactory(target=row.target, year=2026, quarter=2, value=Decimal("77.9"))
    with pytest.raises(ValidationError, match="超过常见波动"):
        hand_in(row, unsigned)
    entries.save(
        pk=row.pk,
        edits={"why_W1": FieldEdit("七月起报废燃气车，统计范围不变")},
        by=unsigned["张三"],
    )
    hand_in(row, unsigned)
    (doubt,) = [one for one in SubmittedItem.objects.get().doubts if one["code"] == "W1"]
    assert doubt["reason"] == "七月起报废燃气车，统计范围不变"
    assert row.doubts == 1


def test_with_a_signer_preparer_and_signer_are_two_people(cast):
    row = owed(cast)
    with pytest.raises(PermissionDenied, match="本单位审核人"):
        hand_in(row, cast)
    submissions.hand_over(pks=[row.pk], by=cast["张三"])
    submission = submissions.sign(pks=[row.pk], by=cast["钱审核"])
    assert (submission.prepared_by, submission.signed_by) == ("张三", "钱审核")


def test_nobody_signs_what_they_entered(cast):
    cast["张三"].roles = [Role.REPORTER, Role.SIGNER]
    cast["张三"].save()
    row = owed(cast)
    submissions.hand_over(pks=[row.pk], by=cast["张三"])
    with pytest.raises(PermissionDenied, match="填报人"):
        submissions.sign(pks=[row.pk], by=cast["张三"])


def test_a_signer_sends_one_back_and_signs_the_rest(cast):
    one, two = owed(cast), owed(cast)
    submissions.hand_over(pks=[one.pk, two.pk], by=cast["张三"])
    submissions.send_back(pk=one.pk, comment="核对分母", by=cast["钱审核"])
    submissions.sign(pks=[two.pk], by=cast["钱审核"])
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.state, two.state) == (ObligationState.RETURNED, ObligationState.SUBMITTED)


def test_withdrawal_until_the_review_begins(unsigned):
    row = owed(unsigned)
    hand_in(row, unsigned)
    submissions.withdraw(pks=[row.pk], by=unsigned["李四"])
    row.refresh_from_db()
    assert row.state == ObligationState.DRAFT
    hand_in(row, unsigned)
    reviews.begin(pk=row.pk, by=unsigned["赵六"])
    with pytest.raises(ConflictError, match="已经开始审核"):
        submissions.withdraw(pks=[row.pk], by=unsigned["张三"])


def test_a_return_must_be_answered_at_every_field(unsigned):
    row = owed(unsigned)
    hand_in(row, unsigned)
    reviews.give_back(
        pk=row.pk, round=1, comment="", by=unsigned["赵六"],
        remarks=[FieldRemark("value", "与上季度相同，请核实", "79.1")],
    )  # fmt: skip
    row.refresh_from_db()
    assert (row.state, row.returns) == (ObligationState.RETURNED, 1)
    with pytest.raises(ValidationError, match="没有答复"):
        hand_in(row, unsigned)
    comment = Decision.objects.get().comments.get()
    entries.accept_suggestion(pk=comment.pk, by=unsigned["张三"])
    hand_in(row, unsigned)
    assert SubmittedItem.objects.get(round=2).texts["value"] == "79.1"
    approve(row, unsigned, round=2)
    assert Observation.objects.get().value == Decimal("79.1")


def test_the_bureau_does_not_approve_what_it_entered_itself(cast):
    cast["赵六"].roles = [Role.REPORTER, Role.REVIEWER]
    cast["赵六"].save()
    other = UserFactory(name="周七", agency=cast["赵六"].agency, roles=[Role.REVIEWER])
    row = owed(cast, who="赵六")
    hand_in(row, cast, who="赵六")
    for act in (
        lambda: approve(row, cast),
        lambda: reviews.give_back(pk=row.pk, round=1, comment="核实", by=cast["赵六"]),
        lambda: reviews.begin(pk=row.pk, by=cast["赵六"]),
    ):
        with pytest.raises(PermissionDenied, match="由其他审核员审核"):
            act()
    decision = reviews.approve(rounds={row.pk: 1}, by=other)[0]
    assert decision.is_own_agency
    event = AuditEvent.objects.filter(action="通过").get()
    assert ["审核本单位事项", "", "是"] in event.changes


def test_an_approval_is_undone_within_ten_minutes(unsigned):
    row = owed(unsigned)
    before = ObservationFactory(target=row.target, year=2026, quarter=3, value=Decimal(70))
    hand_in(row, unsigned)
    decision = approve(row, unsigned)
    assert Observation.objects.get(is_current=True).value == Decimal("78.6")
    reviews.undo(decisions=[decision.pk], by=unsigned["赵六"])
    row.refresh_from_db()
    assert row.state == ObligationState.REVIEWING
    assert Observation.objects.get(is_current=True).pk == before.pk
    assert not Evidence.objects.get().is_locked
    decision = approve(row, unsigned)
    late = timezone.now() - datetime.timedelta(minutes=11)
    Obligation.objects.filter(pk=row.pk).update(decided_at=late)
    with pytest.raises(ConflictError, match="超过10分钟"):
        reviews.undo(decisions=[decision.pk], by=unsigned["赵六"])


def test_a_correction_leaves_the_approved_value_until_it_is_approved_itself(unsigned):
    row = owed(unsigned)
    hand_in(row, unsigned)
    approve(row, unsigned)
    corrections.correct(pk=row.pk, reason="分母漏计旅游公交", by=unsigned["张三"])
    entries.save(pk=row.pk, edits={"value": FieldEdit("77.1", 1)}, by=unsigned["李四"])
    assert Observation.objects.get(is_current=True).value == Decimal("78.6")
    hand_in(row, unsigned)
    approve(row, unsigned, round=2)
    new, old = Observation.objects.order_by("-version")
    assert (new.value, new.reason, old.is_current) == (
        Decimal("77.1"), "分母漏计旅游公交", False,
    )  # fmt: skip
    assert row.correction_reason == ""


def test_a_correction_is_given_up(unsigned):
    row = owed(unsigned)
    hand_in(row, unsigned)
    approve(row, unsigned)
    corrections.correct(pk=row.pk, reason="分母漏计旅游公交", by=unsigned["张三"])
    entries.save(pk=row.pk, edits={"value": FieldEdit("77.1", 1)}, by=unsigned["张三"])
    corrections.drop_correction(pk=row.pk, by=unsigned["张三"])
    row.refresh_from_db()
    assert (row.state, row.texts["value"]) == (ObligationState.APPROVED, "78.6")


def test_a_reviewer_decides_on_what_they_saw(unsigned):
    row = owed(unsigned)
    hand_in(row, unsigned)
    submissions.withdraw(pks=[row.pk], by=unsigned["张三"])
    hand_in(row, unsigned)
    with pytest.raises(ConflictError, match="重新报送"):
        approve(row, unsigned, round=1)
    approve(row, unsigned, round=2)
    with pytest.raises(ConflictError):
        approve(row, unsigned, round=2)


def test_a_batch_takes_only_what_is_clean(unsigned):
    clean, doubtful = owed(unsigned), owed(unsigned)
    hand_in(clean, unsigned)
    hand_in(doubtful, unsigned)
    Obligation.objects.filter(pk=doubtful.pk).update(doubts=1)
    with pytest.raises(ConflictError, match="有疑点"):
        reviews.approve(rounds={clean.pk: 1, doubtful.pk: 1}, by=unsigned["赵六"], batch=True)
    assert not Observation.objects.exists()


def test_no_new_value_writes_nothing_to_the_plan(unsigned):
    row = owed(unsigned, texts={"availability": "annual"})
    hand_in(row, unsigned)
    approve(row, unsigned)
    assert not Observation.objects.exists()
