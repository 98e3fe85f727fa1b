"""Targets, milestones and actual values of the tests."""

import datetime
from decimal import Decimal

import factory

from targets.choices import Comparison, DataGrade, TargetKind
from targets.models import AccountingBasis, Milestone, Observation, Target
from tests.factories.agencies import AgencyFactory
from tests.factories.plan import PlanDocumentFactory


class AccountingBasisFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AccountingBasis
        django_get_or_create = ("name",)

    name = "区级口径"


class NamesBasis(factory.django.DjangoModelFactory):
    """A basis may be given by its name; it is in the register then."""

    class Meta:
        abstract = True

    @classmethod
    def _adjust_kwargs(cls, **kwargs):
        for name in {"basis", "accounting_basis"} & kwargs.keys():
            given = kwargs[name]
            if isinstance(given, str):
                kwargs[name] = AccountingBasisFactory(name=given) if given else None
        return kwargs


class TargetFactory(NamesBasis):
    class Meta:
        model = Target

    code = factory.Sequence(lambda n: f"X{n + 1:02d}")
    name = factory.Sequence(lambda n: f"第{n + 1}项比例")
    short_name = factory.LazyAttribute(lambda target: target.name)
    kind = TargetKind.AT_LEAST
    unit = "%"
    lead = factory.SubFactory(AgencyFactory)
    baseline_year = 2020
    position = factory.Sequence(lambda n: n + 1)

    @classmethod
    def _create(cls, *args, **kwargs):
        """A target is of the plan, which has its years."""
        PlanDocumentFactory()
        return super()._create(*args, **kwargs)


class MilestoneFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Milestone

    target = factory.SubFactory(TargetFactory)
    year = 2025
    due = datetime.date(2025, 12, 31)
    comparison = Comparison.AT_LEAST
    value = Decimal(75)


class ObservationFactory(NamesBasis):
    class Meta:
        model = Observation

    target = factory.SubFactory(TargetFactory)
    year = 2025
    value = Decimal("78.6")
    grade = DataGrade.DEPARTMENT
    source = "区交通运输局公交台账"
