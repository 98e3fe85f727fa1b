"""Writes to the register of agencies."""

from collections.abc import Iterable, Sequence

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from agencies.choices import AliasSource
from agencies.models import Agency, AgencyAlias, GroupMember, User
from agencies.policies import check_can_manage
from audit import services as audit
from audit.models import AuditEvent
from common.name_matching import name_key


@transaction.atomic
def create_agency(*, agency: Agency, by: User | None, reason: str = "") -> Agency:
    """Add a new agency; what is left open (code, short name, place in the list) is filled in."""
    check_can_manage(by)
    agency.position = agency.position or _last_position() + 1
    agency.code = agency.code or f"u{agency.position}"
    agency.short_name = agency.short_name or agency.name[:30]
    if audit.save(agency, by=by, reason=reason):
        _touch()
    return agency


@transaction.atomic
def update_agency(*, agency: Agency, by: User | None, reason: str = "") -> AuditEvent | None:
    """Save a changed agency; None if nothing changed. The old name stays as an alias."""
    check_can_manage(by)
    before = Agency.objects.select_for_update().get(pk=agency.pk)
    event = audit.save(agency, by=by, reason=reason)
    if event is None:
        return None
    if name_key(before.name) != name_key(agency.name):
        add_alias(agency=agency, text=before.name, source=AliasSource.HAND, by=by)
    _touch()
    return event


@transaction.atomic
def add_alias(
    *, agency: Agency, text: str, by: User | None, source: str = AliasSource.HAND
) -> AgencyAlias | None:
    """Remember another spelling of an agency; None if it goes by it already."""
    check_can_manage(by)
    text = text.strip()
    key = name_key(text)
    if not key:
        raise ValidationError({"text": "别名不能为空"})
    known = {name_key(name) for name in (agency.name, agency.short_name, agency.full_name) if name}
    if key in known or agency.aliases.filter(key=key).exists():
        return None
    alias = AgencyAlias(agency=agency, text=text, key=key, source=source)
    audit.save(alias, by=by)
    _touch()
    return alias


@transaction.atomic
def remove_alias(*, alias: AgencyAlias, by: User | None, reason: str = "") -> None:
    """Forget a spelling; a table that uses it will be asked about again."""
    check_can_manage(by)
    audit.record(
        audit.Entry("删除", "单位别名", alias.agency.code, str(alias.agency), reason=reason,
                    changes=(("别名", alias.text, ""),)),
        by=by,
    )  # fmt: skip
    alias.delete()
    _touch()


@transaction.atomic
def set_members(*, group: Agency, members: Sequence[Agency], by: User | None) -> AuditEvent | None:
    """Make these the members of a group such as 各街道; None if they are already."""
    check_can_manage(by)
    if not group.is_group:
        raise ValidationError(f"{group.name}不是群体，不能有成员")
    for member in members:
        if member.is_group:
            raise ValidationError(f"{member.name}是群体，不能作为另一个群体的成员")
    Agency.objects.select_for_update().get(pk=group.pk)
    old = {row.member_id: row.member for row in group.memberships.select_related("member")}
    new = {member.pk: member for member in members}
    if old.keys() == new.keys():
        return None
    change = ("成员", _names(old.values()), _names(new.values()))
    event = audit.record(
        audit.Entry("修改", "单位", group.code, group.name, changes=(change,)), by=by
    )
    group.memberships.exclude(member_id__in=new).delete()
    GroupMember.objects.bulk_create(
        GroupMember(group=group, member=member) for pk, member in new.items() if pk not in old
    )
    _touch()
    return event


def _names(agencies: Iterable[Agency]) -> str:
    return "、".join(agency.name for agency in sorted(agencies, key=lambda a: a.position))


def _last_position() -> int:
    return Agency.objects.aggregate(last=Max("position"))["last"] or 0


def _touch() -> None:
    """Raise the data version. Agencies stand below the plan, so its state is found by name."""
    apps.get_model("plan", "DataState").touch()
