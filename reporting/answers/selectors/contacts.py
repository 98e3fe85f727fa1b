"""Whom an agency calls: its own signers, who reviews its obligations, the bureau's duty desk."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from agencies.choices import Role
from agencies.models import Agency, User
from common.database.annotations import Annotation
from common.database.json_rows import JSONRow
from reporting.choices import DecisionKind
from reporting.models import Decision

UNLISTED = "未登记，请告诉管理员"
"""Instead of a phone that nobody has entered."""


@dataclass(frozen=True)
class Contact:
    """A person or a desk with its telephone, and what one asks there."""

    duty: str
    name: str
    phone: str
    about: str = ""

    @property
    def phone_words(self) -> str:
        return self.phone or UNLISTED


@dataclass(frozen=True)
class Contacts:
    """Whom an agency calls."""

    signers: tuple[Contact, ...]
    reviewers: tuple[Contact, ...]
    desk: Contact

    @property
    def all(self) -> tuple[Contact, ...]:
        return (*self.signers, *self.reviewers, self.desk)

    @property
    def reviewer_names(self) -> str:
        return "、".join(one.name for one in self.reviewers)

    @property
    def signer_names(self) -> str:
        return "、".join(one.name for one in self.signers)


def contacts_of(*, agency: Agency) -> Contacts:
    """Whom the agency calls; one statement."""
    return read_contacts(with_contacts(Agency.objects.filter(pk=agency.pk), agency).get())


def with_contacts(agencies: QuerySet[Agency], agency: Agency) -> QuerySet[Agency]:
    """The agencies with the people whom one of them calls, in the same statement."""
    return agencies.annotate(**_PEOPLE.column(agency))


def read_contacts(agency: Agency) -> Contacts:
    """Whom an agency read by `with_contacts` calls."""
    return _read(agency, _PEOPLE.of(agency))


def duty_desk() -> Contact:
    """The bureau's desk, as the settings name it."""
    return Contact(
        "双碳办值班", settings.CONTACT, settings.CONTACT_PHONE, "登录不了、交接、其他问题"
    )


def _people(agency: Agency) -> ArraySubquery:
    """Signers of the agency and all reviewers, with the last decision of each on its obligations.

    Decisions of this year's and last year's quarters count, however long the history is.
    """
    signs = Q(agency=agency, roles__contains=[Role.SIGNER])
    people = User.objects.filter(signs | Q(roles__contains=[Role.REVIEWER]), is_active=True)
    decided = Decision.objects.filter(
        by_id=OuterRef("pk"),
        obligation__agency=agency,
        obligation__period__year__gte=timezone.localdate().year - 1,
        kind__in=(DecisionKind.APPROVED, DecisionKind.RETURNED),
    ).order_by("-decided_at")
    json = JSONRow(
        name="name",
        phone="phone",
        roles="roles",
        agency="agency",
        last=Subquery(decided.values("decided_at")[:1]),
    )
    return ArraySubquery(people.order_by("username").values(json=json))


def _read(agency: Agency, people: Iterable[Mapping[str, Any]]) -> Contacts:
    rows = list(people)
    signers = [row for row in rows if row["agency"] == agency.pk and Role.SIGNER in row["roles"]]
    reviewers = [row for row in rows if Role.REVIEWER in row["roles"]]
    decided = sorted((row for row in reviewers if row["last"]), key=lambda row: row["last"])
    duty = "审核本单位的是" if decided else "区发改局审核员"
    return Contacts(
        tuple(Contact("本单位审核人", row["name"], row["phone"]) for row in signers),
        tuple(
            Contact(duty, row["name"], row["phone"], "区发改局双碳办，问退回意见、口径和期限")
            for row in decided[-1:] or reviewers
        ),
        duty_desk(),
    )


_PEOPLE = Annotation("people_to_call", _people, tuple)
