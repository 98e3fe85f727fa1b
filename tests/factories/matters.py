"""Matters of the tests."""

import itertools

import factory
from django.utils import timezone

from reporting.choices import MatterKind, MatterState, RiskLevel
from reporting.models import Matter
from tests.factories.agencies import AgencyFactory

_NUMBERS = itertools.count(1)


class MatterFactory(factory.django.DjangoModelFactory):
    """Raised by an agency, and nobody carries it out yet."""

    class Meta:
        model = Matter

    code = factory.LazyFunction(lambda: f"2001-{next(_NUMBERS):02d}")
    kind = MatterKind.COORDINATE
    title = "资金缺口"
    text = "资金没有着落"
    agency = factory.SubFactory(AgencyFactory)
    agency_name = factory.SelfAttribute("agency.name")
    reported_by = "张三"


class RiskFactory(MatterFactory):
    """A row of the ledger of risks that the bureau has assessed."""

    kind = MatterKind.URGE
    state = MatterState.ASSESSED
    in_ledger = True
    level = RiskLevel.MIDDLE
    measures = "协调"
    handler = factory.SelfAttribute("agency")
    reported_by = "赵六"


class ClosedRiskFactory(RiskFactory):
    state = MatterState.CLOSED
    closing_note = "已落实"
    closed_at = factory.LazyFunction(timezone.now)
