"""Reads over agencies that other apps ask for."""

import datetime
from collections.abc import Mapping
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from agencies.choices import GROUP_KINDS, AccountState
from agencies.models import Agency, AgencyAlias, User
from common.name_matching import KnownNames


def known_names() -> KnownNames:
    """Every spelling of every agency: name, short and full name, aliases. Two statements."""
    agencies = list(Agency.objects.values_list("name", "short_name", "full_name", "kind"))
    spellings = list(AgencyAlias.objects.values_list("text", "agency__name"))
    for name, short_name, full_name, _ in agencies:
        spellings += [(text, name) for text in (name, short_name, full_name) if text]
    return KnownNames.of(spellings, (name for name, *_, kind in agencies if kind in GROUP_KINDS))


UNUSED_AFTER = datetime.timedelta(days=90)


def accounts(*, filters: Mapping[str, str]) -> QuerySet[User]:
    """Accounts with their agency, narrowed by `q`, `role`, `agency` (code) and `state`."""
    users = User.objects.select_related("agency").order_by("agency__position", "username")
    if text := filters.get("q"):
        users = users.filter(Q(username__icontains=text) | Q(name__icontains=text))
    if role := filters.get("role"):
        users = users.filter(roles__contains=[role])
    if agency := filters.get("agency"):
        users = users.filter(agency__code=agency)
    return users.filter(_in_state(filters.get("state", "")))


class AccountHolder(NamedTuple):
    """An agency that can hold accounts."""

    pk: int
    code: str
    name: str
    has_account: bool


def account_holders() -> list[AccountHolder]:
    """Agencies that can hold accounts, in the plan's order, and which of them have one in use."""
    used = User.objects.filter(agency=OuterRef("pk"), is_active=True)
    found = Agency.objects.able_to_report().in_plan_order().annotate(has_account=Exists(used))
    return [AccountHolder(*row) for row in found.values_list("pk", "code", "name", "has_account")]


def able_to_report_today() -> QuerySet[Agency]:
    """Bodies that exist today and can be named to report, in the plan's order."""
    return Agency.objects.able_to_report().on(timezone.localdate()).in_plan_order()


def _in_state(state: str) -> Q:
    before = timezone.now() - UNUSED_AFTER
    active = Q(is_active=True)
    states: dict[str, Q] = {
        AccountState.ACTIVE: active,
        AccountState.CLOSED: ~active,
        AccountState.UNUSED: active
        & (Q(last_login__lt=before) | Q(last_login=None, created_at__lt=before)),
        AccountState.NEVER: active & Q(last_login=None),
    }
    return states.get(state, Q())
