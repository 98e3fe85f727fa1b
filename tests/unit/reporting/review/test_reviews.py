"""What the bureau decides: once a round, with four eyes; only what is approved is in force."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import AuditEvent
from plan.models import DataState
from reporting.choices import ObligationKind, ObligationState
from reporting.filling.services import corrections, entries
from reporting.filling.services.entries import FieldEdit
from reporting.models import Decision, Evidence, FieldComment, StoredFile
from reporting.policies import ConflictError
from reporting.review.services import reviews
from reporting.review.services.reviews import FieldRemark
from reporting.submitting import services as submissions
from targets.models import AccountingBasis, Observation
from tasks.models import TaskContribution, TaskProgress
from tests.factories.reporting import ObligationFactory, filled
from tests.factories.targets import AccountingBasisFactory
from tests.unit.reporting.reviewed import (
    FORMS,
    REASONS,
    fresh,
    hand_in,
    handed_in,
    make_agency,
    make_bureau,
)

pytestmark = pytest.mark.django_db
KINDS = list(ObligationKind)


@pytest.fixture
def bureau():
    return make_bureau()


@pytest.fixture
def zhao(bureau):
    return bureau["赵六"]


@pytest.fixture
def zhang():
    return make_agency()


def approve(*obligations, by, **options):
    rounds = {obligation.pk: obligation.rounds.first().round for obligation in obligations}
    return reviews.approve(rounds=rounds, by=by, **options)


def give_back(obligation, by, **options):
    number = obligation.rounds.first().round
    return reviews.give_back(pk=obligation.pk, round=number, by=by, **{"comment": "核实"} | options)


def test_an_approved_value_is_in_force_at_once_and_the_item_is_locked(zhao, zhang):
    obligation = ObligationFactory(agency=zhang.agency, kind=ObligationKind.TARGET)
    filled(obligation, FORMS["target"] | REASONS | {"value": "78.6"}, by=zhang)
    file = StoredFile.objects.create(sha256="a" * 64, size=1, content_type="application/pdf")
    Evidence.objects.create(obligation=obligation, file=file, name="台账.pdf", uploaded_by="张三")
    hand_in(obligation, zhang)
    assert not Observation.objects.exists()
    (decision,) = approve(obligation, by=zhao, comment="属实")
    row = Observation.objects.get()
    assert (row.target, row.period.code, row.value) == (
        obligation.target,
        "2026Q3",
        Decimal("78.6"),
    )
    assert (row.recorded_by, row.is_current) == ("赵六", True)
    assert fresh(obligation).state == ObligationState.APPROVED
    assert Evidence.objects.get().is_locked
    assert (decision.by_name, decision.comment, decision.is_own_agency) == ("赵六", "属实", False)
    actions = AuditEvent.objects.filter(actor_name="赵六").values_list("action", flat=True)
    assert set(actions) == {"通过", "录入"}


def test_an_approved_basis_is_that_of_the_register(zhao, zhang):
    basis = AccountingBasisFactory(name="含出租车（区级）")
    obligation = ObligationFactory(agency=zhang.agency, kind=ObligationKind.TARGET)
    texts = {
        "value": "78.6",
        "basis": "含出租车 (区级)",
        "why_W11": "本季度起计入出租车，口径按区级统计",
    }
    filled(obligation, FORMS["target"] | REASONS | texts, by=zhang)
    hand_in(obligation, zhang)
    AccountingBasis.objects.update(name="公交车和出租车")
    with pytest.raises(ValidationError, match=r"口径“含出租车 .区级.”没有登记"):
        approve(obligation, by=zhao)
    AccountingBasis.objects.update(name=basis.name)
    approve(obligation, by=zhao)
    assert Observation.objects.get().basis_id == basis.name


def test_files_approved_beside_an_unchanged_value_make_the_pages_anew(zhao, zhang):
    obligation = handed_in(zhang, ObligationKind.TARGET, value="78.6")
    approve(obligation, by=zhao)
    corrections.correct(pk=obligation.pk, reason="补充佐证材料", by=zhang)
    file = StoredFile.objects.create(sha256="b" * 64, size=1, content_type="application/pdf")
    evidence = Evidence.objects.create(
        obligation=obligation, file=file, name="台账.pdf", uploaded_by="张三"
    )
    hand_in(obligation, zhang)
    before = DataState.current().version
    (decision,) = approve(obligation, by=zhao)
    assert Observation.objects.get().version == 1
    evidence.refresh_from_db()
    assert evidence.is_locked
    after = DataState.current().version
    assert after > before
    reviews.undo(decisions=[decision.pk], by=zhao)
    evidence.refresh_from_db()
    assert not evidence.is_locked
    assert DataState.current().version > after


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_written_into_the_plan_and_taken_back(zhao, zhang, kind):
    obligation = handed_in(zhang, kind)
    model = {
        "target": Observation, "task": TaskProgress, "contribution": TaskContribution,
        "project": obligation.project and type(obligation.project).progress.rel.related_model,
    }[kind]  # fmt: skip
    decisions = approve(obligation, by=zhao)
    assert model.objects.filter(is_current=True).count() == 1
    reviews.undo(decisions=[one.pk for one in decisions], by=zhao)
    assert not model.objects.filter(is_current=True).exists()
    assert fresh(obligation).state == ObligationState.REVIEWING
    approve(obligation, by=zhao)
    assert model.objects.filter(is_current=True).count() == 1


def test_a_return_without_a_day_has_the_usual_one(zhao, zhang, clock):
    clock.move_to(datetime.date(2026, 11, 27))  # a Friday
    obligation = handed_in(zhang, ObligationKind.TARGET)
    give_back(obligation, zhao, comment="核实")
    assert fresh(obligation).answer_due == datetime.date(2026, 12, 2)


def test_a_return_pins_comments_to_fields_and_counts(zhao, zhang):
    obligation = handed_in(zhang, ObligationKind.TARGET)
    due = timezone.localdate() + datetime.timedelta(3)
    remarks = [FieldRemark("value", "差10倍", "7.86"), FieldRemark("evidence", "补充台账")]
    give_back(obligation, zhao, comment="", remarks=remarks, answer_due=due)
    obligation = fresh(obligation)
    assert (obligation.state, obligation.returns, obligation.answer_due) == (
        ObligationState.RETURNED,
        1,
        due,
    )
    assert [(one.field, one.text, one.suggested) for one in FieldComment.objects.all()] == [
        ("value", "差10倍", "7.86"),
        ("evidence", "补充台账", ""),
    ]
    assert Decision.objects.get().comment == "见各栏意见"
    event = AuditEvent.objects.get(action="退回修改")
    assert ["数值", "差10倍", "7.86"] in event.changes
    assert ["佐证材料", "补充台账", ""] in event.changes


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"comment": " "}, "写明意见"),
        ({"remarks": [FieldRemark("nosuch", "x")]}, "没有“nosuch”"),
        ({"remarks": [FieldRemark("value", " ", " ")]}, "写明问题或建议值"),
        ({"remarks": [FieldRemark("value", "长" * 501)]}, "不超过500字"),
        ({"remarks": [FieldRemark("value", "", "9" * 61)]}, "不超过60字"),
        ({"remarks": [FieldRemark("evidence", "补", "x")]}, "不能给建议值"),
        ({"answer_due": datetime.date(2020, 1, 1)}, "早于今天"),
    ],
)
def test_a_return_that_says_nothing_useful_is_refused(zhao, zhang, options, words):
    obligation = handed_in(zhang, ObligationKind.TARGET)
    with pytest.raises(ValidationError, match=words):
        give_back(obligation, zhao, **options)
    assert fresh(obligation).state == ObligationState.SUBMITTED
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("field", "suggested", "words"),
    [("value", "abc", "“abc”不是数字"), ("value", "778%", "0–100%"), ("value", "12万", "单位"),
     ("value_period", "某季", "填写年份或季度"), ("grade", "nosuch", "数据状态")],
)  # fmt: skip
def test_a_suggested_value_keeps_the_rules_of_its_field(zhao, zhang, field, suggested, words):
    obligation = handed_in(zhang, ObligationKind.TARGET)
    with pytest.raises(ValidationError, match=words) as refusal:
        give_back(obligation, zhao, remarks=[FieldRemark(field, "核对", suggested)])
    assert set(refusal.value.message_dict) == {field}
    assert fresh(obligation).state == ObligationState.SUBMITTED
    assert not FieldComment.objects.exists()


def test_every_comment_must_be_answered_before_the_next_round(zhao, zhang):
    obligation = handed_in(zhang, ObligationKind.TARGET)
    give_back(obligation, zhao, remarks=[FieldRemark("value", "差10倍", "7.86")])
    with pytest.raises(ValidationError, match="没有答复"):
        submissions.submit(pks=[obligation.pk], by=zhang)
    entries.accept_suggestion(pk=FieldComment.objects.get().pk, by=zhang)
    obligation = hand_in(obligation, zhang)
    assert [row.round for row in obligation.rounds.all()] == [2, 1]
    assert obligation.rounds.first().texts["value"] == "7.86"


def test_a_round_that_was_not_looked_at_is_not_decided(zhao, zhang):
    obligation = handed_in(zhang)
    submissions.withdraw(pks=[obligation.pk], by=zhang)
    with pytest.raises(ConflictError, match="草稿"):
        reviews.approve(rounds={obligation.pk: 1}, by=zhao)
    hand_in(obligation, zhang)
    for act in (
        lambda: reviews.approve(rounds={obligation.pk: 1}, by=zhao),
        lambda: reviews.give_back(pk=obligation.pk, round=1, comment="核实", by=zhao),
    ):
        with pytest.raises(ConflictError, match="重新报送"):
            act()
    assert not Decision.objects.exists()


def test_a_second_decision_is_told_what_the_first_was(bureau, zhang):
    obligation = handed_in(zhang)
    approve(obligation, by=bureau["赵六"])
    with pytest.raises(ConflictError, match="现在是“已通过”"):
        give_back(obligation, bureau["周七"])
    assert Decision.objects.count() == 1


def test_nobody_decides_what_they_entered_and_the_bureau_is_no_exception(bureau):
    mine = handed_in(bureau["吴八"], ObligationKind.TASK)
    for act in (
        lambda: approve(mine, by=bureau["吴八"]),
        lambda: approve(mine, by=bureau["吴八"], batch=True),
        lambda: give_back(mine, bureau["吴八"]),
        lambda: reviews.begin(pk=mine.pk, by=bureau["吴八"]),
    ):
        with pytest.raises(PermissionDenied, match="您是本项填报人"):
            act()
    (decision,) = approve(mine, by=bureau["周七"])
    assert decision.is_own_agency
    event = AuditEvent.objects.get(action="通过")
    assert ["审核本单位事项", "", "是"] in event.changes
    with pytest.raises(PermissionDenied, match="您是本项填报人"):
        reviews.undo(decisions=[decision.pk], by=bureau["吴八"])


def test_beginning_keeps_the_agency_from_withdrawing_and_happens_once(zhao, zhang):
    obligation = handed_in(zhang)
    reviews.begin(pk=obligation.pk, by=zhao)
    reviews.begin(pk=obligation.pk, by=zhao)
    assert AuditEvent.objects.filter(action="开始审核").count() == 1
    with pytest.raises(ConflictError, match="已经开始审核"):
        submissions.withdraw(pks=[obligation.pk], by=zhang)


def test_a_batch_takes_only_what_is_clean_and_all_or_nothing(zhao, zhang):
    clean = handed_in(zhang)
    doubtful = handed_in(zhang, ObligationKind.TARGET)
    assert doubtful.doubts
    with pytest.raises(ConflictError, match="须逐项打开"):
        approve(clean, doubtful, by=zhao, batch=True)
    assert fresh(clean).state == ObligationState.SUBMITTED
    again = handed_in(zhang)
    give_back(again, zhao)
    again = hand_in(again, zhang)
    with pytest.raises(ConflictError, match="须逐项打开"):
        approve(again, by=zhao, batch=True)
    decisions = approve(clean, handed_in(zhang), by=zhao, batch=True)
    assert len({one.batch for one in decisions}) == 1
    assert decisions[0].batch


def test_a_batch_is_taken_back_whole_within_ten_minutes(zhao, zhang):
    obligations = [handed_in(zhang) for _ in range(3)]
    keys = [one.pk for one in approve(*obligations, by=zhao, batch=True)]
    reviews.undo(decisions=keys, by=zhao)
    assert {fresh(obligation).state for obligation in obligations} == {ObligationState.REVIEWING}
    with pytest.raises(ConflictError, match="已经撤销"):
        reviews.undo(decisions=keys, by=zhao)
    later = [one.pk for one in approve(*obligations, by=zhao, batch=True)]
    for obligation in obligations:
        obligation = fresh(obligation)
        obligation.decided_at -= datetime.timedelta(minutes=11)
        obligation.save()
    with pytest.raises(ConflictError, match="超过10分钟"):
        reviews.undo(decisions=later, by=zhao)


def test_a_correction_keeps_the_old_value_until_it_is_approved(zhao, zhang):
    obligation = handed_in(zhang, ObligationKind.TARGET, value="78.6")
    (first,) = approve(obligation, by=zhao)
    corrections.correct(pk=obligation.pk, reason="漏报两条线路", by=zhang)
    saved = fresh(obligation).content["value"]["v"]
    entries.save(pk=obligation.pk, edits={"value": FieldEdit("79.1", saved)}, by=zhang)
    obligation = hand_in(obligation, zhang)
    assert Observation.objects.get(is_current=True).value == Decimal("78.6")
    with pytest.raises(ConflictError, match="须逐项打开"):
        approve(obligation, by=zhao, batch=True)
    (second,) = approve(obligation, by=zhao)
    rows = Observation.objects.order_by("version")
    assert [(row.value, row.is_current, row.reason) for row in rows][1] == (
        Decimal("79.1"), True, "漏报两条线路",
    )  # fmt: skip
    assert not fresh(obligation).is_correction
    with pytest.raises(ConflictError, match="已经更正"):
        reviews.undo(decisions=[first.pk], by=zhao)
    reviews.undo(decisions=[second.pk], by=zhao)
    assert Observation.objects.get(is_current=True).value == Decimal("78.6")
    assert fresh(obligation).correction_reason == "漏报两条线路"


def test_an_error_in_the_middle_of_an_approval_leaves_nothing(zhao, zhang):
    obligations = [handed_in(zhang) for _ in range(2)]
    events = AuditEvent.objects.count()
    numbers = {obligations[0].pk: 1, obligations[1].pk: 9}
    with pytest.raises(ConflictError):
        reviews.approve(rounds=numbers, by=zhao, batch=True)
    assert AuditEvent.objects.count() == events
    assert not TaskContribution.objects.exists()


STEADY = {"narrative": "按年度工作安排推进各项日常工作，总体平稳有序。" * 3}
"""Progress that claims nothing new, which several tasks may share."""


def plain(queries):
    """Statements without those that open and close a transaction."""
    words = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    return [one["sql"] for one in queries if not one["sql"].startswith(words)]


def test_the_statements_of_a_batch_do_not_grow_with_its_rows(zhao, zhang):
    counts = []
    approve(handed_in(zhang), by=zhao)  # the state of the data is made once
    for size in (1, 3, 30):
        obligations = [
            handed_in(zhang, kind, **texts)
            for _ in range(size)
            for kind, texts in (("contribution", {}), ("task", STEADY))
        ]
        clean = [obligation for obligation in obligations if not obligation.doubts]
        assert len(clean) == 2 * size
        with CaptureQueriesContext(connection) as seen:
            reviews.approve(rounds={obligation.pk: 1 for obligation in clean}, by=zhao, batch=True)
        counts.append(len(plain(seen)))
    assert len(set(counts)) == 1
    assert counts[0] == 13  # two kinds: seven for all of them, three for each


@pytest.mark.parametrize("kind", KINDS)
def test_one_approval_takes_nine_statements(zhao, zhang, kind):
    approve(handed_in(zhang), by=zhao)
    obligation = handed_in(zhang, kind)
    with CaptureQueriesContext(connection) as seen:
        reviews.approve(rounds={obligation.pk: 1}, by=zhao)
    assert len(plain(seen)) <= 9  # with session and account eleven, with files twelve
