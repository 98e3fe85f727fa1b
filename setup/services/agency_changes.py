"""更名, 合并 and 撤销 of agencies: dated, by a document, taken back until something depends."""

import datetime
from contextlib import suppress

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from agencies.choices import AliasSource
from agencies.models import Agency, AgencyAlias, User
from agencies.policies import check_can_manage
from agencies.services import agencies
from audit import services as audit
from common.database.constraints import explained
from pages.asof import EARLIEST
from plan.models import AgencyName, DataState
from plan.services import document_numbered
from reporting.answers.services.transfers import transfer, transfer_back
from setup.choices import AccountsGo
from setup.models import AgencyChange
from setup.selectors.agency_changes import NAMES, blockers, what_depends
from setup.services import agency_moves as moves

FARTHEST = datetime.timedelta(days=366)


@transaction.atomic
def record(*, change: AgencyChange, number: str, title: str, by: User | None) -> AgencyChange:
    """Enter a change with its document; one of today or earlier is carried out at once, others on
    their day.

    Raises ValidationError with everything that stands in its way.
    """
    check_can_manage(by)
    _check_day(change)
    _lock(change)
    _refuse(list(blockers(change)))
    change.document = document_numbered(number=number, title=title, by=by)
    change.recorded_by = by.display_name if by else ""
    change.full_clean(validate_constraints=False)
    with explained(AgencyChange):
        change.save()
    said = [("生效日期", "", f"{change.day:%Y-%m-%d}"), ("依据文件", "", str(change.document))]
    _note(f"登记{change.get_kind_display()}", change, by, said)
    if change.day <= timezone.localdate():
        _carry_out(change, by)
    return change


@transaction.atomic
def carry_out(*, change: AgencyChange, by: User | None) -> None:
    """Carry out a change entered for a later day. Raises ValidationError if it does not go."""
    check_can_manage(by)
    kept = AgencyChange.objects.select_for_update().get(pk=change.pk)
    if kept.is_planned:
        _lock(kept)
        _refuse(list(blockers(kept)))
        _carry_out(kept, by)


def carry_out_due(*, today: datetime.date) -> None:
    """Carry out the changes that are due, each in its own transaction; failures leave an event."""
    for change in AgencyChange.objects.due(today):
        try:
            carry_out(change=change, by=None)
        except ValidationError as error:
            said = [("原因", "", "；".join(error.messages))]
            _note(f"执行{change.get_kind_display()}", change, None, said, succeeded=False)


@transaction.atomic
def take_back(*, change: AgencyChange, by: User | None) -> None:
    """Undo a change, or give up a planned one. Raises ValidationError with what depends on it."""
    check_can_manage(by)
    change = AgencyChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
    if change.undone_at is not None:
        raise ValidationError("这项变动已经撤回")
    _lock(change)
    depends = what_depends(change)
    if depends:
        raise ValidationError([f"不能撤回：{sentence}" for sentence in depends])
    if change.done_at is not None:
        (_name_back if change.is_rename else _bring_back)(change, by)
        _touch(change)
    change.undone_at = timezone.now()
    change.save(update_fields=["undone_at"])
    _note(f"撤回{change.get_kind_display()}", change, by, [("变动", str(change), "")])


def _check_day(change: AgencyChange) -> None:
    if abs(change.day - timezone.localdate()) > FARTHEST:
        raise ValidationError({"day": "生效日期应在今天前后一年以内"})


def _refuse(sentences: list[str]) -> None:
    if sentences:
        raise ValidationError(sentences)


def _lock(change: AgencyChange) -> None:
    """Both agencies, always in the same order."""
    keys = [key for key in (change.agency_id, change.into_id) if key]
    locked = {row.pk: row for row in
              Agency.objects.select_for_update().filter(pk__in=keys).order_by("pk")}  # fmt: skip
    change.agency = locked[change.agency_id]
    change.into = locked[change.into_id] if change.into_id else None


def _carry_out(change: AgencyChange, by: User | None) -> None:
    change.before = {"names": {name: getattr(change.agency, name) for name in NAMES}}
    (_rename if change.is_rename else _end)(change, by)
    change.done_at = timezone.now()
    change.save()
    _touch(change)


def _touch(change: AgencyChange) -> None:
    """Pages of a past day ask for other names only where one was renamed later."""
    if change.is_rename:
        DataState.touch(renamed_at=timezone.now())
    else:
        DataState.touch()


def _rename(change: AgencyChange, by: User | None) -> None:
    agency, old = change.agency, change.before["names"]
    known = set(agency.aliases.values_list("pk", flat=True))
    for name in NAMES:
        setattr(agency, name, getattr(change, name))
    agencies.update_agency(agency=agency, by=by, reason=_because(change))
    for text in filter(None, (old["short_name"], old["full_name"])):
        with suppress(ValidationError):  # another agency goes by it, too
            agencies.add_alias(agency=agency, text=text, source=AliasSource.HAND, by=by)
    added = agency.aliases.exclude(pk__in=known)
    change.before["aliases"] = list(added.values_list("pk", flat=True))
    _put_in_force(change)


def _put_in_force(change: AgencyChange) -> None:
    """The names as a version; the first time those before, which held from the beginning."""
    versions = AgencyName.objects.filter(agency=change.agency)
    newest = versions.order_by("-version").first()
    if newest is None:
        newest = AgencyName.objects.create(agency=change.agency, **change.before["names"])
        always = timezone.make_aware(datetime.datetime.combine(EARLIEST, datetime.time.min))
        versions.update(recorded_at=always)
    versions.update(is_current=False)
    AgencyName.objects.create(
        agency=change.agency,
        version=newest.version + 1,
        since=change.day,
        document=change.document,
        reason=f"更名，{change.document}"[:200],
        recorded_by=change.recorded_by,
        **{name: getattr(change, name) for name in NAMES},
    )


def _name_back(change: AgencyChange, by: User | None) -> None:
    agency = change.agency
    for alias in AgencyAlias.objects.filter(pk__in=change.before["aliases"]):
        agencies.remove_alias(alias=alias, by=by, reason="撤回更名")
    for name, text in change.before["names"].items():
        setattr(agency, name, text)
    audit.save(agency, by=by, reason="撤回更名")
    versions = AgencyName.objects.filter(agency=agency)
    versions.filter(is_current=True).update(is_current=False, retracted_at=timezone.now())
    standing = versions.filter(retracted_at=None).order_by("-version").first()
    if standing:
        versions.filter(pk=standing.pk).update(is_current=True)


def _end(change: AgencyChange, by: User | None) -> None:
    """合并 and 撤销: the agency ends the day before, and what it has goes to its successor."""
    agency = change.agency
    change.before["links"], change.before["gone"] = moves.move_links(change=change, by=by)
    if change.into:
        change.before["obligations"] = transfer(agency=agency, into=change.into, by=by)
    into = change.into if change.accounts == AccountsGo.MOVE else None
    change.before["accounts"] = moves.move_accounts(
        agency=agency, into=into, by=by, reason=_because(change)
    )
    agency.valid_to, agency.successor = change.last_day, change.into
    audit.save(agency, by=by, action=change.get_kind_display(), reason=_because(change))
    moves.refresh_open_periods(by=by)


def _bring_back(change: AgencyChange, by: User | None) -> None:
    agency = change.agency
    agency.valid_to = agency.successor = None
    audit.save(agency, by=by, reason=f"撤回{change.get_kind_display()}")
    moves.move_links_back(change=change, by=by)
    if change.into:
        done = change.before["obligations"]
        transfer_back(agency=agency, into=change.into, done=done, by=by)
    moves.move_accounts_back(agency=agency, keys=change.before["accounts"], by=by)
    moves.refresh_open_periods(by=by)


def _because(change: AgencyChange) -> str:
    note = f"；{change.note}" if change.note else ""
    return f"{change.get_kind_display()}，自{change.day:%Y-%m-%d}，依据{change.document}{note}"


def _note(
    action: str, change: AgencyChange, by: User | None, said: list[audit.Change],
    *, succeeded: bool = True,
) -> None:  # fmt: skip
    what = ("变动", "", str(change))
    entry = audit.Entry(
        action, "单位", change.code, change.old_name, (what, *said), change.note, succeeded
    )
    audit.record(entry, by=by)
