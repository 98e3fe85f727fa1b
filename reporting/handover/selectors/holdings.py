"""What each person of an agency has in hand, in a constant number of statements."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, Subquery
from django.utils.dateparse import parse_datetime

from agencies.choices import Role
from agencies.models import Agency, User
from common.database.annotations import Annotation
from common.database.json_rows import JSONRow
from reporting.choices import WAITING, DecisionKind, ObligationState
from reporting.handover.rules import draft_words
from reporting.models import Decision, Draft, FieldComment, HandedItem, Obligation
from reporting.policies import due_day, is_writable_time
from reporting.rules.fields import field

_BACK = (DecisionKind.RETURNED, DecisionKind.SENT_BACK)


@dataclass(frozen=True)
class HeldItem:
    """An open obligation that somebody works on, with its deadline and what waits for an answer."""

    obligation: Obligation
    due_on: datetime.date
    opinion: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def remark(self) -> str:
        """The opinion of its return, then each remark that has no answer yet, on a line."""
        return "\n".join(filter(None, (self.opinion, *self.remarks)))


@dataclass(frozen=True)
class HeldDraft:
    """A draft of a person. What is typed in it is not shown to who hands it over."""

    draft: Draft

    @property
    def words(self) -> str:
        return draft_words(self.draft.place)


@dataclass(frozen=True)
class Holder:
    """A person with what he or she has in hand."""

    account: User
    items: tuple[HeldItem, ...] = ()
    drafts: tuple[HeldDraft, ...] = ()

    @property
    def has_work(self) -> bool:
        return bool(self.items or self.drafts)

    @property
    def remark_count(self) -> int:
        return sum(len(item.remarks) for item in self.items)

    @property
    def due_on(self) -> datetime.date | None:
        """The first deadline of what is still with the agency."""
        days = [item.due_on for item in self.items if item.obligation.state not in WAITING]
        return min(days, default=None)

    def is_of(self, agency: Agency) -> bool:
        """Whether the account still belongs to the agency; who has moved may have work here."""
        return self.account.agency_id == agency.pk

    @property
    def signs(self) -> bool:
        return Role.SIGNER in self.account.roles

    @cached_property
    def pks(self) -> frozenset[int]:
        return frozenset(item.obligation.pk for item in self.items)


def holders(*, agency: Agency) -> tuple[Holder, ...]:
    """People of the agency who report or sign, and whoever else has something of it in hand.

    Closed accounts are among them as long as they have something.
    """
    items = [_held(row) for row in _open_obligations(agency)]
    typed = {pk for item in items for pk in _involved(item.obligation)}
    people = User.objects.filter(Q(agency=agency) | Q(pk__in=typed)).select_related("agency")
    accounts = {account.pk: account for account in people.order_by("username")}
    held: dict[int, list[HeldItem]] = defaultdict(list)
    for item in items:
        for pk in _holding(item.obligation, accounts):
            held[pk].append(item)
    drafts: dict[int, list[HeldDraft]] = defaultdict(list)
    for draft in Draft.objects.filter(user__agency=agency).order_by("place"):
        if _has_text(draft):
            drafts[draft.user_id].append(HeldDraft(draft))
    found = (
        Holder(account, tuple(held[pk]), tuple(drafts[pk])) for pk, account in accounts.items()
    )
    return tuple(one for one in found if one.has_work or _takes(one.account, agency))


def holder(*, agency: Agency, username: str) -> Holder | None:
    """The holder of an account's name; None where that person has nothing to do here."""
    found = (one for one in holders(agency=agency) if one.account.username == username)
    return next(found, None)


def receivers(*, agency: Agency) -> list[User]:
    """Active accounts of the agency that can take over."""
    people = User.objects.filter(
        agency=agency, is_active=True, roles__overlap=[Role.REPORTER, Role.SIGNER]
    )
    return list(people.order_by("username"))


def has_text(texts: Mapping[str, Any]) -> bool:
    """Whether the content of a draft says anything."""
    return any(str(kept["text"]).strip() for kept in texts.values())


def _has_text(draft: Draft) -> bool:
    return has_text(draft.content)


def _takes(account: User, agency: Agency) -> bool:
    return account.agency_id == agency.pk and account.has_role(Role.REPORTER, Role.SIGNER)


def _open_obligations(agency: Agency) -> Iterable[Obligation]:
    """Begun or handed over, not approved, and still to be written or decided."""
    rows = (
        Obligation.objects.filter(agency=agency)
        .owed()
        .exclude(state=ObligationState.APPROVED)
        .with_subjects()
        .defer("content")
        .annotate(**_HANDED.column(), **_OPINION.column(), **_REMARKS.column())
        .order_by("period__year", "period__quarter")
        .in_plan_order()
    )
    return (row for row in rows if row.state in WAITING or is_writable_time(obligation=row))


def _held(obligation: Obligation) -> HeldItem:
    # A correction has no day of its own; the list is ordered by that of the period.
    due = due_day(obligation=obligation) or obligation.period.due_on
    if obligation.state != ObligationState.RETURNED:
        return HeldItem(obligation, due)
    remarks = (
        f"{_label(obligation, one['field'])}：{one['text']}" for one in _REMARKS.of(obligation)
    )
    return HeldItem(obligation, due, _OPINION.of(obligation), tuple(remarks))


def _label(obligation: Obligation, name: str) -> str:
    found = field(obligation.kind, name)
    return found.label if found else name


def _involved(obligation: Obligation) -> set[int]:
    handed = {pk for one in _HANDED.of(obligation) for pk in (one["giver"], one["receiver"])}
    return handed | set(obligation.editors) | {obligation.preparer_id or 0} - {0}


def _holding(obligation: Obligation, accounts: Mapping[int, User]) -> set[int]:
    """Who typed or prepared it, less who gave it away, with who was given it.

    Whoever gave it away and was the last to type since holds it again. Rows from before keys were
    kept know their people by name.
    """
    handed = _HANDED.of(obligation)
    names = {obligation.last_editor, obligation.prepared_by} - {""}
    typed = {*obligation.editors, obligation.preparer_id}
    held = {pk for pk, one in accounts.items() if pk in typed or one.display_name in names}
    for one in handed:
        held.discard(one["giver"])
        held.add(one["receiver"])
    at = parse_datetime(handed[-1]["at"]) if handed else None
    if at and obligation.edited_at and obligation.edited_at > at:
        last = obligation.last_editor
        held |= {pk for pk, one in accounts.items() if one.display_name == last}
    return held


def _handed() -> ArraySubquery:
    rows = HandedItem.objects.filter(obligation=OuterRef("pk")).order_by("handover__at", "pk")
    facts = {"giver": "handover__giver", "receiver": "handover__receiver", "at": "handover__at"}
    return ArraySubquery(rows.values(json=JSONRow(**facts)))


def _opinion() -> Subquery:
    returns = Decision.objects.filter(obligation=OuterRef("pk"), kind__in=_BACK, undone_at=None)
    return Subquery(returns.order_by("-decided_at", "-pk").values("comment")[:1])


def _remarks() -> ArraySubquery:
    waiting = FieldComment.objects.filter(
        decision__obligation=OuterRef("pk"),
        decision__kind=DecisionKind.RETURNED,
        decision__undone_at=None,
        answered_at=None,
    )
    return ArraySubquery(waiting.order_by("pk").values(json=JSONRow(field="field", text="text")))


_HANDED = Annotation("handed_on", _handed, list)
_OPINION = Annotation("opinion", _opinion, lambda text: text or "")
_REMARKS = Annotation("open_remarks", _remarks, list)
