"""Writes of editors: field by field, merged between editors, nothing lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from agencies.models import User
from audit import services as audit
from common.web.input_cleaning import key_of
from reporting.answers.selectors.addresses import owed_by
from reporting.choices import ObligationState
from reporting.models import FieldComment, Obligation
from reporting.policies import check_can_edit
from reporting.rules.fields import REPLY, REPLY_MOST, VALUE_PERIOD, field
from reporting.workflow import Step, transition

LONGEST = 20_000
"""The longest text that a field stores; forms ask for far less, which is checked on submission."""


@dataclass(frozen=True)
class FieldEdit:
    """A field's new text, and the version of the field on which it was typed."""

    text: str
    base: int = 0


def typed_edits(*, data: Mapping[str, object]) -> dict[str, FieldEdit]:
    """The edits of a form: each field has its base version in a second control, v_value for value.

    An unticked box is not sent; its version is.
    """
    found: dict[str, FieldEdit] = {}
    for key, base in data.items():
        name = key.removeprefix("v_")
        version = key_of(base)
        if name != key and version is not None:
            found[name] = FieldEdit(str(data.get(name) or ""), version)
    return found


@dataclass(frozen=True)
class FieldConflict:
    """Two editors changed the same field: `theirs` is stored, `mine` is not."""

    field: str
    label: str
    mine: str
    theirs: str
    by: str
    at: str
    version: int


@dataclass(frozen=True)
class UnsavedField:
    """A field left unchanged, because its text could not be stored whole; `message` says why."""

    field: str
    label: str
    message: str


@dataclass(frozen=True)
class SavedObligation:
    """The result of a save: the obligation with its new row version, conflicts, unsaved fields."""

    obligation: Obligation
    changes: Mapping[str, audit.Change]
    conflicts: tuple[FieldConflict, ...]
    unsaved: tuple[UnsavedField, ...] = ()


@transaction.atomic
def save(
    *, pk: int, edits: Mapping[str, FieldEdit], by: User, action: str = "填写"
) -> SavedObligation:
    """Write the fields that nobody else changed since their base version; name the others.

    An unreadable text is stored too; one that cannot be stored whole is named, and does not block
    the others. Raises PermissionDenied, ConflictError where the obligation takes no entries.
    """
    try:
        obligation = _locked_lean(Obligation.objects.with_subjects().filter(pk=pk), by)
    except Obligation.DoesNotExist as error:
        raise ValidationError("有的事项已经不存在，刷新页面再试") from error
    return _save(obligation, edits, by, action)


@transaction.atomic
def save_at(
    *, obligations: QuerySet[Obligation], edits: Mapping[str, FieldEdit], by: User
) -> SavedObligation:
    """Save the obligation at an address that the editor's agency owes now.

    Found and locked in one statement, because this is the most frequent write. Raises like `save`,
    and like `owed_by`.
    """
    return _save(_locked_lean(obligations, by), edits, by, "填写")


@transaction.atomic
def save_many(
    *, edits: Mapping[int, Mapping[str, FieldEdit]], by: User, action: str = "批量填报"
) -> list[SavedObligation]:
    """Save several obligations by their keys, all or nothing, in a constant number of statements.

    Used by the table of all obligations and by 本季度无变化.
    """
    obligations = locked(pks=list(edits))
    found = [_changed(obligation, edits[obligation.pk], by) for obligation in obligations]
    touched = [saved for saved in found if saved.changes]
    Obligation.objects.bulk_update([saved.obligation for saved in touched], _WRITTEN)
    audit.record_all((_entry(saved, action) for saved in touched), by=by)
    return found


@transaction.atomic
def give_up(*, pk: int, name: str, text: str, by: User) -> None:
    """Keep in the ledger the text that an editor gave up for another's."""
    obligation = locked(pks=[pk])[0]
    check_can_edit(obligation=obligation, by=by)
    if unsaved := _unsaved(obligation, name, text):
        raise ValidationError(unsaved.message)
    known = label_of(obligation=obligation, name=name)
    kept = obligation.content.get(name, {}).get("text", "")
    audit.record(_event(obligation, "放弃的文字", ((known, text, kept),)), by=by)


@transaction.atomic
def accept_suggestion(*, pk: int, by: User) -> FieldComment:
    """Write the value that a reviewer's comment suggests into its field; that answers it."""
    comment = (
        FieldComment.objects.select_for_update(of=("self",)).select_related("decision").get(pk=pk)
    )
    obligation = locked(pks=[comment.decision.obligation_id])[0]
    check_can_edit(obligation=obligation, by=by)
    if not comment.suggested:
        raise ValidationError("审核员没有给出建议值")
    base = obligation.content.get(comment.field, {}).get("v", 0)
    _save(obligation, {comment.field: FieldEdit(comment.suggested, base)}, by, "采纳建议值")
    comment.answer, comment.is_accepted = "已采纳建议值", True
    comment.answered_by, comment.answered_at = by.display_name, timezone.now()
    comment.save()
    change = (label_of(obligation=obligation, name=comment.field), comment.text, comment.answer)
    audit.record(_event(obligation, "答复意见", (change,)), by=by)
    return comment


def save_touched(*, obligation: Obligation, by: User) -> None:
    """Save an obligation whose evidence changed: adding a file makes a person its editor too.

    The caller has locked the obligation and checked the policy.
    """
    _mark(obligation, by)
    obligation.save(update_fields=_WRITTEN)


def locked(*, pks: Sequence[int], also: tuple[str, ...] = ()) -> list[Obligation]:
    """The obligations with all they refer to, locked until the end of the transaction, by key.

    `also` names related rows to lock with them. Raises ValidationError where one does not exist.
    """
    obligations = list(
        Obligation.objects.with_subjects()
        # no_key: inserts of rows that refer to an obligation (presence, evidence) need not wait.
        .select_for_update(of=("self", *also), no_key=True)
        .filter(pk__in=pks)
        .order_by("pk")
    )
    if len(obligations) != len(set(pks)):
        raise ValidationError("有的事项已经不存在，刷新页面再试")
    return obligations


def label_of(*, obligation: Obligation, name: str) -> str:
    """The label of a field of the obligation's form. Raises ValidationError for an unknown one."""
    found = field(obligation.kind, name)
    if found is None:
        raise ValidationError(f"这个表没有“{name}”这一栏")
    return found.label


_READ = (
    *(one.name for one in Obligation._meta.concrete_fields),
    "period__year", "period__quarter", "period__state", "period__opens_on", "period__due_on",
    "period__closes_on", "agency__code", "agency__name", "target__code", "target__name",
    "task__code", "task__title", "task__lead", "task__convenor", "project__code", "project__name",
)  # fmt: skip
"""The columns that a save reads: saves are frequent, and reading a whole plan's columns is slow."""


def _locked_lean(obligations: QuerySet[Obligation], by: User) -> Obligation:
    locking = obligations.only(*_READ).select_for_update(of=("self",), no_key=True).order_by()
    return owed_by(locking, by.agency_id)


_WRITTEN = ("content", "version", "state", "editors", "last_editor", "edited_at")


def _save(
    obligation: Obligation, edits: Mapping[str, FieldEdit], by: User, action: str
) -> SavedObligation:
    saved = _changed(obligation, edits, by)
    if saved.changes:
        obligation.save(update_fields=_WRITTEN)
        _answer_comments(saved, by)
        audit.record(_entry(saved, action), by=by)
    return saved


def _answer_comments(saved: SavedObligation, by: User) -> None:
    """A comment whose reply was written is answered, one whose reply was emptied is not."""
    for name in saved.changes:
        if name.startswith(REPLY):
            text = saved.obligation.content[name]["text"].strip()
            _comments(saved.obligation, name).update(
                answer=text,
                answered_by=by.display_name if text else "",
                answered_at=timezone.now() if text else None,
            )


def _comments(obligation: Obligation, name: str) -> QuerySet[FieldComment]:
    """The comment of the obligation that a reply belongs to, unless its value was accepted."""
    key = key_of(name.removeprefix(REPLY)) or 0
    return FieldComment.objects.filter(decision__obligation=obligation, pk=key, is_accepted=False)


def _changed(obligation: Obligation, edits: Mapping[str, FieldEdit], by: User) -> SavedObligation:
    """Change the obligation in memory."""
    check_can_edit(obligation=obligation, by=by)
    changes: dict[str, audit.Change] = {}
    conflicts: list[FieldConflict] = []
    unsaved: list[UnsavedField] = []
    for name, edit in edits.items():
        if name == VALUE_PERIOD and obligation.value_year:
            continue  # a form from before the obligation named its year
        text = edit.text.replace("\r\n", "\n")
        if refused := _unsaved(obligation, name, text):
            unsaved.append(refused)
            continue
        label = label_of(obligation=obligation, name=name)
        stored = obligation.content.get(name, {})
        old = stored.get("text", "")
        if text == old:
            continue
        # Changed since this editor's base version: never overwrite, let the editor choose.
        if stored.get("v", 0) > edit.base:
            conflicts.append(
                FieldConflict(name, label, text, old, stored["name"], stored["at"], stored["v"])
            )
            continue
        changes[name] = (label, old, text)
        _put(obligation, name, text, by)
    if changes:
        _mark(obligation, by)
    return SavedObligation(obligation, changes, tuple(conflicts), tuple(unsaved))


def _unsaved(obligation: Obligation, name: str, text: str) -> UnsavedField | None:
    """Why a text cannot be stored in a field; None where it can."""
    known = field(obligation.kind, name)
    is_reply = name.startswith(REPLY)
    if known is None or (is_reply and not _comments(obligation, name).exists()):
        return UnsavedField(name, name[:40], f"这个表没有“{name[:40]}”这一栏")
    longest = REPLY_MOST if is_reply else LONGEST
    if len(text) > longest:
        said = f"现有{len(text)}字，超过能保存的{longest}字，这一栏没有保存；精简后会自动保存"
        return UnsavedField(name, known.label, said)
    return None


def _put(obligation: Obligation, name: str, text: str, by: User) -> None:
    obligation.content[name] = {
        "text": text,
        # The row version that `_mark` sets after all fields.
        "v": obligation.version + 1,
        "by": by.pk,
        "name": by.display_name,
        "at": timezone.localtime().isoformat(timespec="seconds"),
    }


def _mark(obligation: Obligation, by: User) -> None:
    step = transition(Step.EDIT, obligation.state)
    obligation.state = step.target if step else ObligationState.DRAFT
    obligation.version += 1
    obligation.last_editor, obligation.edited_at = by.display_name, timezone.now()
    if by.pk not in obligation.editors:
        obligation.editors = [*obligation.editors, by.pk]


def _entry(saved: SavedObligation, action: str) -> audit.Entry:
    return _event(saved.obligation, action, tuple(saved.changes.values()))


def _event(obligation: Obligation, action: str, changes: tuple[audit.Change, ...]) -> audit.Entry:
    return audit.Entry(action, "应报事项", obligation.code, obligation.name, changes=changes)
