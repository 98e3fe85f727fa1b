"""交接: open work of one person given to a colleague of the same agency, in one transaction.

What was typed stays under the name of who typed it: editors remain editors, so that nobody can sign
or approve what they entered, whoever has it in hand now.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from agencies.choices import Role
from agencies.models import Agency, User
from agencies.services import accounts
from audit import services as audit
from common.formats import zh_date_weekday
from common.web.input_cleaning import fitting
from reporting.choices import WAITING, Tier
from reporting.handover.rules import draft_words
from reporting.handover.selectors.holdings import HeldItem, Holder, has_text, holder, receivers
from reporting.models import (
    Draft,
    HandedDraft,
    HandedItem,
    Handover,
    Obligation,
    Reminder,
    ReportingPeriod,
)
from reporting.policies import ConflictError, check_can_change_accounts, check_can_hand_over

_MOST_CODES = 8


@dataclass(frozen=True)
class Choice:
    """What is handed over: keys of obligations and drafts, the signer's role, the account."""

    obligations: Collection[int] = ()
    drafts: Collection[int] = ()
    gives_signing: bool = False
    closes_account: bool = False

    @property
    def changes_accounts(self) -> bool:
        return self.gives_signing or self.closes_account


@transaction.atomic
def hand_over(
    *, agency: Agency, giver: User, receiver: User, choice: Choice, reason: str, by: User
) -> Handover:
    """Give what is chosen to the receiver. Raises PermissionDenied; ConflictError where something
    of it is no longer in the giver's hands; ValidationError with what to do.
    """
    check_can_hand_over(agency=agency, by=by)
    if choice.changes_accounts:
        check_can_change_accounts(by=by)
    # Both accounts first, in one order: neither takes part in another handover, or begins a draft.
    people = User.objects.select_for_update(of=("self",)).select_related("agency").order_by("pk")
    both = {user.pk: user for user in people.filter(pk__in=(giver.pk, receiver.pk))}
    giver, receiver = both[giver.pk], both[receiver.pk]
    rows = Obligation.objects.select_for_update(no_key=True).filter(pk__in=choice.obligations)
    list(rows.order_by("pk").values_list("pk"))
    list(Draft.objects.select_for_update().filter(user__in=both).order_by("pk").values_list("pk"))
    items, drafts = _chosen(agency, giver, choice)
    _check_people(agency, giver, receiver, choice)
    handover = _noted(agency, giver, receiver, choice, reason, by)
    _hand_items(handover, items, by)
    _hand_drafts(handover, drafts)
    _change_accounts(handover, giver, receiver, by)
    _record(handover, items, drafts, by)
    _tell(handover, items, drafts)
    return handover


def _chosen(agency: Agency, giver: User, choice: Choice) -> tuple[list[HeldItem], list[Draft]]:
    """What was chosen, read anew: the page may be an hour old."""
    held = holder(agency=agency, username=giver.username) or Holder(giver)
    drafts = {one.draft.pk: one.draft for one in held.drafts}
    if not (held.pks.issuperset(choice.obligations) and drafts.keys() >= set(choice.drafts)):
        raise ConflictError(f"{giver.display_name}手里的事项刚才有变动，请重新核对后再交接")
    if not (choice.obligations or choice.drafts or choice.changes_accounts):
        raise ValidationError("至少选一项要交接的内容")
    items = [one for one in held.items if one.obligation.pk in choice.obligations]
    return items, [drafts[pk] for pk in sorted(choice.drafts)]


def _check_people(agency: Agency, giver: User, receiver: User, choice: Choice) -> None:
    if choice.changes_accounts and giver.agency_id != agency.pk:
        raise ValidationError(f"{giver.display_name}已不在{agency}，角色和账号不在这里变动")
    known = receiver.pk in {one.pk for one in receivers(agency=agency)}
    if receiver.pk == giver.pk or not known:
        raise ValidationError({"receiver": f"接收人应当是{agency}另一个启用的账号"})
    if choice.obligations and not receiver.has_role(Role.REPORTER):
        said = (
            f"{receiver.display_name}没有填报员角色，不能接着填报，请选填报员或先由管理员加上角色"
        )
        raise ValidationError({"receiver": said})


def _noted(
    agency: Agency, giver: User, receiver: User, choice: Choice, reason: str, by: User
) -> Handover:
    return Handover.objects.create(
        agency=agency,
        agency_name=agency.name,
        giver=giver,
        giver_name=giver.display_name,
        receiver=receiver,
        receiver_name=receiver.display_name,
        reason=fitting(reason, label="交接原因", most=100),
        gives_signing=choice.gives_signing,
        closes_account=choice.closes_account,
        by_name=by.display_name,
        by_id=by.pk,
    )


def _hand_items(handover: Handover, items: Iterable[HeldItem], by: User) -> None:
    names = (handover.giver_name, handover.receiver_name)
    HandedItem.objects.bulk_create(
        HandedItem(
            handover=handover,
            obligation=item.obligation,
            name=item.obligation.name[:300],
            state=item.obligation.state,
            due_on=item.due_on,
            remark=item.remark,
        )
        for item in items
    )
    audit.record_all(
        (
            audit.Entry(
                "交接",
                "应报事项",
                item.obligation.code,
                item.obligation.name,
                changes=(("经手人", *names), ("交接单", "", handover.code)),
                reason=handover.reason,
            )
            for item in items
        ),
        by=by,
    )


def _hand_drafts(handover: Handover, drafts: Collection[Draft]) -> None:
    """Change the owner; where the receiver is writing in the same form, keep both texts."""
    places = [draft.place for draft in drafts]
    own = Draft.objects.select_for_update().filter(user=handover.receiver, place__in=places)
    there = {draft.place: draft for draft in own}
    for draft in drafts:
        theirs = there.get(draft.place)
        kept: dict[str, str] = {}
        if theirs and has_text(theirs.content):
            kept = {name: one["text"] for name, one in draft.content.items()}
        HandedDraft.objects.create(
            handover=handover, place=draft.place, changed_at=draft.changed_at, kept=kept
        )
        if kept:
            draft.delete()
            continue
        if theirs:
            theirs.delete()
        draft.user = handover.receiver
        draft.save(update_fields=["user", "changed_at"])


def _change_accounts(handover: Handover, giver: User, receiver: User, by: User) -> None:
    reason = f"交接 {handover.code}"
    if handover.gives_signing:
        receiver.roles = [role for role in Role if role in {*receiver.roles, Role.SIGNER}]
        giver.roles = _without_signing(giver, closes=handover.closes_account)
        accounts.change_account(user=receiver, by=by, reason=reason)
    giver.is_active = giver.is_active and not handover.closes_account
    if handover.gives_signing or handover.closes_account:
        accounts.change_account(user=giver, by=by, reason=reason)


def _without_signing(giver: User, *, closes: bool) -> list[str]:
    """The roles that are left. An account has one at least; a closed one may keep its last."""
    name = giver.display_name
    if Role.SIGNER not in giver.roles:
        raise ValidationError(f"{name}不是单位审核人，没有这个职责可以交接")
    left = [role for role in giver.roles if role != Role.SIGNER]
    if not (left or closes):
        raise ValidationError(f"{name}只有单位审核人一个角色：勾选停用账号，或先给他加上填报员")
    return left or giver.roles


def _record(
    handover: Handover, items: Collection[HeldItem], drafts: Iterable[Draft], by: User
) -> None:
    lists = (
        ("事项", "、".join(item.obligation.code for item in items)),
        ("草稿", "、".join(draft_words(draft.place) for draft in drafts)),
        ("单位审核人", handover.receiver_name if handover.gives_signing else ""),
        ("停用账号", handover.giver.username if handover.closes_account else ""),
    )
    changes = tuple((label, "", text) for label, text in lists if text)
    entry = audit.Entry(
        "交接", "交接单", handover.code, str(handover), changes=changes, reason=handover.reason
    )
    audit.record(entry, by=by)


def _tell(handover: Handover, items: Collection[HeldItem], drafts: Collection[Draft]) -> None:
    """Tell the receiver. Reminders belong to a period; before the first one there is nothing."""
    first = min(items, key=lambda item: item.due_on, default=None)
    period = first.obligation.period if first else ReportingPeriod.objects.first()
    if period is None:
        return
    Reminder.objects.create(
        key=f"handover {handover.pk}",
        tier=Tier.HANDOVER,
        period=period,
        user=handover.receiver,
        text=_words(handover, items, drafts),
        items={"codes": [item.obligation.subject_code for item in items]},
        sent_by=handover.by_name,
    )


def _words(handover: Handover, items: Collection[HeldItem], drafts: Collection[Draft]) -> str:
    codes = [item.obligation.subject_code for item in items]
    named = "、".join(codes[:_MOST_CODES]) + ("等" if len(codes) > _MOST_CODES else "")
    days = [item.due_on for item in items if item.obligation.state not in WAITING]
    waiting = sum(bool(item.remark) for item in items)
    parts = [
        f"{len(codes)}项事项（{named}）" if codes else "",
        f"{len(drafts)}份草稿" if drafts else "",
        "单位审核人的职责" if handover.gives_signing else "",
    ]
    text = f"{handover.giver_name}的{'、'.join(filter(None, parts)) or '工作'}已交接给您"
    text += f"，最近截止{zh_date_weekday(min(days)).partition('年')[2]}" if days else ""
    text += f"，有{waiting}项退回的意见待答复" if waiting else ""
    return f"{text}。见交接单{handover.code}。"
