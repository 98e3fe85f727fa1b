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
def item():
    return ObligationFactory()


@pytest.fixture
def zhang(item):
    return UserFactory(name="张三", agency=item.agency)


@pytest.fixture
def li(item):
    return UserFactory(name="李四", agency=item.agency)


def save(item, by, **fields):
    edits = {name: FieldEdit(*(value if isinstance(value, tuple) else (value,)))
             for name, value in fields.items()}  # fmt: skip
    return entries.save(pk=item.pk, edits=edits, by=by)


def test_a_first_entry_makes_a_draft_and_leaves_an_event(item, zhang):
    saved = save(item, zhang, value="78.6")
    item.refresh_from_db()
    assert item.state == ObligationState.DRAFT
    assert (item.texts, item.version, item.editors) == ({"value": "78.6"}, 1, [zhang.pk])
    assert set(saved.changes) == {"value"}
    event = AuditEvent.objects.get()
    assert (event.action, event.object_code, event.changes) == (
        "填写", f"2026Q3 {item.subject_code}", [["数值", "", "78.6"]],
    )  # fmt: skip


def test_a_text_that_is_no_number_is_kept(item, zhang):
    save(item, zhang, value="abc")
    item.refresh_from_db()
    assert item.texts["value"] == "abc"


def test_different_fields_of_two_editors_are_both_kept(item, zhang, li):
    save(item, zhang, value="78.6")
    saved = save(item, li, note="新购120辆")
    assert not saved.conflicts
    item.refresh_from_db()
    assert item.texts == {"value": "78.6", "note": "新购120辆"}


def test_the_second_of_two_texts_for_one_field_is_told_and_not_written(item, zhang, li):
    save(item, zhang, note="甲")
    saved = save(item, li, note="乙")
    (conflict,) = saved.conflicts
    assert (conflict.mine, conflict.theirs, conflict.by) == ("乙", "甲", "张三")
    item.refresh_from_db()
    assert item.texts["note"] == "甲"
    chosen = save(item, li, note=("乙", conflict.version))
    assert not chosen.conflicts
    assert chosen.obligation.texts["note"] == "乙"


def test_the_same_text_from_two_editors_is_no_conflict(item, zhang, li):
    save(item, zhang, note="甲")
    assert not save(item, li, note="甲").conflicts
    assert AuditEvent.objects.count() == 1


def test_what_is_given_up_stays_in_the_ledger(item, zhang):
    save(item, zhang, note="甲")
    entries.give_up(pk=item.pk, name="note", text="乙", by=zhang)
    event = AuditEvent.objects.order_by("-pk").first()
    assert (event.action, event.changes) == ("放弃的文字", [["备注", "乙", "甲"]])


def test_a_returned_item_stays_returned_while_it_is_edited(item, zhang):
    filled(item, {"value": "1"}, state=ObligationState.RETURNED)
    save(item, zhang, value=("2", 1))
    item.refresh_from_db()
    assert item.state == ObligationState.RETURNED


@pytest.mark.parametrize("name", ["numbers", "invested_wan", "content"])
def test_a_field_that_the_form_does_not_have_is_refused(item, zhang, name):
    saved = save(item, zhang, **{name: "1", "note": "存"})
    assert [one.field for one in saved.unsaved] == [name]
    assert item.__class__.objects.get(pk=item.pk).texts == {"note": "存"}


def test_another_agency_and_other_roles_do_not_write(item):
    for stranger in (
        UserFactory(),
        UserFactory(agency=item.agency, roles=[Role.SIGNER]),
        UserFactory(roles=[Role.REVIEWER]),
        UserFactory(roles=[Role.ADMINISTRATOR], agency=None),
        UserFactory(roles=[Role.LEADER], agency=None),
    ):
        with pytest.raises(PermissionDenied):
            save(item, stranger, value="1")
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
def test_an_item_that_was_handed_in_takes_no_entries(item, zhang, state, words):
    item.state = state
    item.save()
    with pytest.raises(ConflictError, match=words):
        save(item, zhang, value="1")


@pytest.mark.parametrize("state", [PeriodState.PLANNED, PeriodState.CLOSED])
def test_a_period_that_is_not_open_takes_no_entries(item, zhang, state):
    item.period.state = state
    item.period.save()
    with pytest.raises(ConflictError, match="解锁"):
        save(item, zhang, value="1")


def test_a_suggested_value_is_taken_over_with_a_click(item, zhang):
    filled(item, {"value": "7.86"}, state=ObligationState.RETURNED)
    decision = Decision.objects.create(
        obligation=item, kind="returned", comment="核实", by_name="赵六", by_id=1,
        decided_at="2026-11-20T09:00:00+08:00",
    )  # fmt: skip
    comment = FieldComment.objects.create(
        decision=decision, field="value", text="差10倍", suggested="78.6"
    )
    entries.answer_comment(pk=comment.pk, answer="", accept=True, by=zhang)
    item.refresh_from_db()
    comment.refresh_from_db()
    assert item.texts["value"] == "78.6"
    assert comment.is_accepted
    assert comment.is_answered
    assert comment.answered_by == "张三"


def test_a_save_takes_few_statements_however_large_the_plan(
    item, zhang, django_assert_max_num_queries
):
    ObligationFactory.create_batch(5, agency=item.agency)
    with django_assert_max_num_queries(5):  # savepoint in, row, update, event, savepoint out
        save(item, zhang, value="78.6")


def test_many_items_are_saved_in_a_constant_number_of_statements(
    zhang, item, django_assert_num_queries
):
    few = [item.pk, ObligationFactory(agency=item.agency).pk]
    many = [one.pk for one in ObligationFactory.create_batch(20, agency=item.agency)]
    for keys in (few, many):
        with django_assert_num_queries(5):
            entries.save_many(
                edits={key: {"note": FieldEdit("本季度无变化")} for key in keys}, by=zhang
            )
