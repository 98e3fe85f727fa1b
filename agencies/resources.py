"""Registers of agencies, their aliases and accounts."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from agencies.choices import AliasSource
from agencies.models import Agency, AgencyAlias, User
from agencies.registers import AgencyReferences, AuditedRegister, assign, instance_of, linked_ids
from agencies.services import accounts, agencies
from common.registers.cells import DateTimeCell, TextCell
from common.registers.columns import Column, list_column, shown
from common.registers.resource import ListSource, Row

_MASKED = "*"


class AgencyRegister(AuditedRegister):
    """Agencies by their code; the members of a group in one cell."""

    model = Agency
    key = ("code",)

    def make_columns(self) -> Sequence[Column]:
        agencies = AgencyReferences()
        names = ("code", "name", "short_name", "full_name", "kind", "kind_confirmed")
        more = ("is_coordinator", "position", "valid_from", "valid_to", "note")
        return [
            *self.columns(*names, *more),
            self.column("successor", references=agencies),
            list_column("members", "成员", agencies, ordered=False),
        ]

    def list_sources(self) -> Mapping[str, ListSource]:
        return {"members": partial(linked_ids, Agency, "members", "position")}

    def write_row(self, row: Row, *, by: Any) -> None:
        values = row.differences
        members = values.pop("members", None)
        agency = assign(instance_of(self, row.current), values)
        if row.is_new:
            agencies.create_agency(agency=agency, by=by)
        else:
            agencies.update_agency(agency=agency, by=by)
        if members is not None:
            found = list(Agency.objects.filter(pk__in=members))
            agencies.set_members(group=agency, members=found, by=by)


class AliasRegister(AuditedRegister):
    """Other spellings of agencies; a row moves an alias to the agency that it names."""

    model = AgencyAlias
    key = ("text",)

    def make_columns(self) -> Sequence[Column]:
        return [
            self.column("text"),
            self.column("agency", references=AgencyReferences()),
            self.column("source", readonly=True),
        ]

    def write_row(self, row: Row, *, by: Any) -> None:
        if not row.is_new:
            agencies.remove_alias(alias=instance_of(self, row.current), by=by)
        agency = Agency.objects.get(pk=row.values["agency_id"])
        agencies.add_alias(agency=agency, text=row.key[0], source=AliasSource.HAND, by=by)


class PhoneCell(TextCell):
    """A telephone number, masked when written out; a masked one is not read back."""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:  # noqa: ARG002
        text = str(value or "")
        return f"{text[:3]}{_MASKED * 4}{text[-2:]}" if len(text) > 5 else text


class AccountRegister(AuditedRegister):
    """Accounts by name. New ones get a password that the confirmation shows once."""

    model = User
    key = ("username",)

    def make_columns(self) -> Sequence[Column]:
        return [
            self.column("username"),
            self.column("name"),
            self.column("agency", references=AgencyReferences()),
            self.column("roles", required=False),
            Column("phone", "办公电话", PhoneCell(max_length=30)),
            self.column("email", required=False),
            self.column("is_active"),
            shown("last_login", "最近登录", DateTimeCell()),
        ]

    def adjust(self, row: Row) -> None:
        if _MASKED in row.values.get("phone", ""):
            row.values["phone"] = row.old.get("phone", "")

    def write_row(self, row: Row, *, by: Any) -> None:
        user = assign(instance_of(self, row.current), row.differences)
        if not row.is_new:
            accounts.change_account(user=user, by=by)
            return
        self.secrets.append((user.username, accounts.open_account(user=user, by=by)))
