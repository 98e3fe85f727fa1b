"""Periods and owed items of the tests."""

import datetime

import factory
from django.utils import timezone

from reporting.choices import ObligationKind, ObligationState, PeriodState
from reporting.models import Obligation, ReportingPeriod
from tests.factories.agencies import AgencyFactory
from tests.factories.projects import ProjectFactory
from tests.factories.targets import TargetFactory
from tests.factories.tasks import TaskFactory


class PeriodFactory(factory.django.DjangoModelFactory):
    """2026Q3, opened four weeks ago and due in three days, whenever the tests run."""

    class Meta:
        model = ReportingPeriod
        django_get_or_create = ("year", "quarter")

    year = 2026
    quarter = 3
    opens_on = factory.LazyFunction(lambda: timezone.localdate() - datetime.timedelta(weeks=4))
    due_on = factory.LazyFunction(lambda: timezone.localdate() + datetime.timedelta(days=3))
    closes_on = datetime.date(2099, 12, 31)
    state = PeriodState.OPEN


class ObligationFactory(factory.django.DjangoModelFactory):
    """A target's item; give `kind` and `task` or `project` for others. `texts` fills it in."""

    class Meta:
        model = Obligation
        skip_postgeneration_save = True

    period = factory.SubFactory(PeriodFactory)
    agency = factory.SubFactory(AgencyFactory)
    kind = ObligationKind.TARGET
    target = factory.Maybe(
        factory.LazyAttribute(lambda o: o.kind == ObligationKind.TARGET),
        factory.SubFactory(TargetFactory, lead=factory.SelfAttribute("..agency")),
        None,
    )
    task = factory.Maybe(
        factory.LazyAttribute(lambda o: o.kind == ObligationKind.TASK),
        factory.SubFactory(TaskFactory, lead=factory.SelfAttribute("..agency")),
        factory.Maybe(
            factory.LazyAttribute(lambda o: o.kind == ObligationKind.CONTRIBUTION),
            factory.SubFactory(TaskFactory),
            None,
        ),
    )
    project = factory.Maybe(
        factory.LazyAttribute(lambda o: o.kind == ObligationKind.PROJECT),
        factory.SubFactory(ProjectFactory, reporting_agency=factory.SelfAttribute("..agency")),
        None,
    )
    state = ObligationState.EMPTY


def content(texts, *, version=1, by=0, name="张三"):
    """Typed content as an item keeps it."""
    return {
        field: {"text": text, "v": version, "by": by, "name": name, "at": "2026-11-20T09:00:00"}
        for field, text in texts.items()
    }


def filled(obligation, texts, *, by=None, state=ObligationState.DRAFT):
    """The item as if somebody had typed these texts."""
    obligation.content = content(texts, by=by.pk if by else 0, name=by.name if by else "张三")
    obligation.version, obligation.state = 1, state
    obligation.editors = [by.pk] if by else []
    obligation.save()
    return obligation
