"""Obligations of an agency in a period, in the order of its pages."""

from django.db.models import Case, Exists, QuerySet, Subquery, Value, When

from agencies.choices import Role
from agencies.models import Agency, User
from common.database.annotations import Annotation
from common.quarters import Period
from reporting.choices import ObligationKind
from reporting.models import PLAN_ORDER, Obligation, ReportingPeriod, Submission

_KINDS = tuple(ObligationKind)


def period_obligations(*, agency: Agency, period: ReportingPeriod) -> QuerySet[Obligation]:
    """Obligations of an agency in a period, in the order of its pages."""
    return in_page_order(Obligation.objects.filter(agency=agency, period=period, dropped_on=None))


def in_page_order(obligations: QuerySet[Obligation]) -> QuerySet[Obligation]:
    """Targets, tasks, contributions, projects; each kind in the order of the plan."""
    rank = Case(*(When(kind=kind, then=Value(n)) for n, kind in enumerate(_KINDS)))
    return obligations.annotate(rank=rank).order_by("rank", *PLAN_ORDER)


def period_of(agency: Agency, code: str) -> ReportingPeriod | None:
    """The period of a code, annotated with HAS_SIGNER and LAST_PHONE of the agency."""
    try:
        when = Period.parse(code)
    except ValueError:
        return None
    if when.quarter is None:
        return None
    known = ReportingPeriod.objects.filter(year=when.year, quarter=when.quarter)
    return known.annotate(**HAS_SIGNER.column(agency), **LAST_PHONE.column(agency)).first()


def _signers(agency: Agency) -> Exists:
    return Exists(User.objects.filter(agency=agency, is_active=True, roles__contains=[Role.SIGNER]))


def _last_phone(agency: Agency) -> Subquery:
    phones = Submission.objects.filter(agency=agency).exclude(phone="").order_by("-submitted_at")
    return Subquery(phones.values("phone")[:1])


HAS_SIGNER = Annotation("has_signer", _signers, bool)
LAST_PHONE = Annotation("last_phone", _last_phone, lambda phone: phone or "")
