"""What editors type is merged by field, refused with a sentence, and never lost."""

import pytest
from django.core.exceptions import PermissionDenied

from agencies.choices import Role
from audit.models import AuditEvent
from reporting.choices import ObligationState, PeriodState
from reporting.filling.services import entries
from reporting.filling.services.entries import FieldEdit
from reporting.models import Decision, FieldComment
from reporting.policies import ConflictError
from tests.factories.agencies import UserFactory
from tests.factories.reporting import ObligationFactory, filled

pytestmark = pytest.mark.django_db


@pytest.fixture
def obligation():
    return ObligationFactory()


@pytest.fixture
def zhang(obligation):
    return UserFactory(name="张三", agency=obligation.agency)


@pytest.fixture
def li(obligation):
    return UserFactory(name="李四", agency=obligation.agency)


def save(obligation, by, **fields):
    edits = {name: FieldEdit(*(value if isinstance(value, tuple) else (value,)))
             for name, value in fields.items()}  # fmt: skip
    return entries.save(pk=obligation.pk, edits=edits, by=by)


def test_a_first_entry_makes_a_draft_and_leaves_an_event(obligation, zhang):
    saved = save(obligation, zhang, value="78.6")
    obligation.refresh_from_db()
    assert obligation.state == ObligationState.DRAFT
    assert (obligation.texts, obligation.version, obligation.editors) == (
        {"value": "78.6"},
        1,
        [zhang.pk],
    )
    assert set(saved.changes) == {"value"}
    event = AuditEvent.objects.get()
    assert (event.action, event.object_code, event.changes) == (
        "填写", f"2026Q3 {obligation.subject_code}", [["数值", "", "78.6"]],
    )  # fmt: skip


def test_a_text_that_is_no_number_is_kept(obligation, zhang):
    save(obligation, zhang, value="abc")
    obligation.refresh_from_db()
    assert obligation.texts["value"] == "abc"


def test_different_fields_of_two_editors_are_both_kept(obligation, zhang, li):
    save(obligation, zhang, value="78.6")
    saved = save(obligation, li, note="新购120辆")
    assert not saved.conflicts
    obligation.refresh_from_db()
    assert obligation.texts == {"value": "78.6", "note": "新购120辆"}


def test_the_second_of_two_texts_for_one_field_is_told_and_not_written(obligation, zhang, li):
    save(obligation, zhang, note="甲")
    saved = save(obligation, li, note="乙")
    (conflict,) = saved.conflicts
    assert (conflict.mine, conflict.theirs, conflict.by) == ("乙", "甲", "张三")
    obligation.refresh_from_db()
    assert obligation.texts["note"] == "甲"
    chosen = save(obligation, li, note=("乙", conflict.version))
    assert not chosen.conflicts
    assert chosen.obligation.texts["note"] == "乙"


def test_the_same_text_from_two_editors_is_no_conflict(obligation, zhang, li):
    save(obligation, zhang, note="甲")
    assert not save(obligation, li, note="甲").conflicts
    assert AuditEvent.objects.count() == 1


def test_what_is_given_up_stays_in_the_ledger(obligation, zhang):
    save(obligation, zhang, note="甲")
    entries.give_up(pk=obligation.pk, name="note", text="乙", by=zhang)
    event = AuditEvent.objects.order_by("-pk").first()
    assert (event.action, event.changes) == ("放弃的文字", [["备注", "乙", "甲"]])


def test_a_returned_item_stays_returned_while_it_is_edited(obligation, zhang):
    filled(obligation, {"value": "1"}, state=ObligationState.RETURNED)
    save(obligation, zhang, value=("2", 1))
    obligation.refresh_from_db()
    assert obligation.state == ObligationState.RETURNED


@pytest.mark.parametrize("name", ["numbers", "invested_wan", "content"])
def test_a_field_that_the_form_does_not_have_is_refused(obligation, zhang, name):
    saved = save(obligation, zhang, **{name: "1", "note": "存"})
    assert [one.field for one in saved.unsaved] == [name]
    assert obligation.__class__.objects.get(pk=obligation.pk).texts == {"note": "存"}


def test_another_agency_and_other_roles_do_not_write(obligation):
    for stranger in (
        UserFactory(),
        UserFactory(agency=obligation.agency, roles=[Role.SIGNER]),
        UserFactory(roles=[Role.REVIEWER]),
        UserFactory(roles=[Role.ADMINISTRATOR], agency=None),
        UserFactory(roles=[Role.LEADER], agency=None),
    ):
        with pytest.raises(PermissionDenied):
            save(obligation, stranger, value="1")
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (ObligationState.SIGNING, "先撤回"),
        (ObligationState.SUBMITTED, "先撤回"),
        (ObligationState.REVIEWING, "告诉审核员退回"),
        (ObligationState.APPROVED, "更正"),
    ],
)
def test_an_item_that_was_handed_in_takes_no_entries(obligation, zhang, state, words):
    obligation.state = state
    obligation.save()
    with pytest.raises(ConflictError, match=words):
        save(obligation, zhang, value="1")


@pytest.mark.parametrize("state", [PeriodState.PLANNED, PeriodState.CLOSED])
def test_a_period_that_is_not_open_takes_no_entries(obligation, zhang, state):
    obligation.period.state = state
    obligation.period.save()
    with pytest.raises(ConflictError, match="解锁"):
        save(obligation, zhang, value="1")


def test_a_suggested_value_is_taken_over_with_a_click(obligation, zhang):
    filled(obligation, {"value": "7.86"}, state=ObligationState.RETURNED)
    decision = Decision.objects.create(
        obligation=obligation, kind="returned", comment="核实", by_name="赵六", by_id=1,
        decided_at="2026-11-20T09:00:00+08:00",
    )  # fmt: skip
    comment = FieldComment.objects.create(
        decision=decision, field="value", text="差10倍", suggested="78.6"
    )
    entries.accept_suggestion(pk=comment.pk, by=zhang)
    obligation.refresh_from_db()
    comment.refresh_from_db()
    assert obligation.texts["value"] == "78.6"
    assert comment.is_accepted
    assert comment.is_answered
    assert comment.answered_by == "张三"


def test_replies_are_fields_that_answer_their_comments(obligation, zhang, li):
    first, second, foreign = (comment_at(one) for one in (obligation, obligation, None))
    names = [f"reply_{one.pk}" for one in (first, second, foreign)]
    save(obligation, zhang, **dict.fromkeys(names[:2], "已按台账更正"))
    for one in (first, second):
        one.refresh_from_db()
        assert (one.answer, one.answered_by, one.is_answered) == ("已按台账更正", "张三", True)
    saved = save(obligation, li, **{names[0]: "李四的答复"})
    assert [one.mine for one in saved.conflicts] == ["李四的答复"]
    edit = {names[0]: FieldEdit("", saved.conflicts[0].version)}
    entries.save(pk=obligation.pk, edits=edit, by=li)
    first.refresh_from_db()
    assert not first.is_answered
    assert len(save(obligation, zhang, **{names[2]: "别的事项"}).unsaved) == 1
    foreign.refresh_from_db()
    assert not foreign.is_answered
    (refused,) = save(obligation, zhang, **{names[1]: "长" * 501}).unsaved
    assert "现有501字" in refused.message


def comment_at(obligation):
    decision = Decision.objects.create(
        obligation=obligation or ObligationFactory(), kind="returned", comment="核实",
        by_name="赵六", by_id=1, decided_at="2026-11-20T09:00:00+08:00",
    )  # fmt: skip
    return FieldComment.objects.create(decision=decision, field="value", text="差10倍")


def test_a_save_takes_few_statements_however_large_the_plan(
    obligation, zhang, django_assert_max_num_queries
):
    ObligationFactory.create_batch(5, agency=obligation.agency)
    with django_assert_max_num_queries(5):  # savepoint in, row, update, event, savepoint out
        save(obligation, zhang, value="78.6")


def test_many_items_are_saved_in_a_constant_number_of_statements(
    zhang, obligation, django_assert_num_queries
):
    few = [obligation.pk, ObligationFactory(agency=obligation.agency).pk]
    many = [one.pk for one in ObligationFactory.create_batch(20, agency=obligation.agency)]
    for keys in (few, many):
        with django_assert_num_queries(5):
            entries.save_many(
                edits={key: {"note": FieldEdit("本季度无变化")} for key in keys}, by=zhang
            )
