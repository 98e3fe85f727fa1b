"""How the tests of settling act and look."""

from decimal import Decimal

from audit.models import AuditEvent
from plan.models import DataState
from targets import selectors, services
from targets.choices import DataGrade
from targets.models import Settlement
from tests.factories.targets import ObservationFactory


def settle(milestone, observation, by, **more):
    """As confirmed by one reviewer after another has proposed it."""
    facts = {"proposed_by": "李敏"} | more
    return services.settle(milestone=milestone, observation=observation, by=by, **facts)


def row_of(target, year=2025):
    return next(
        r for r in selectors.settled_year(year=year).rows if r.judged.target.pk == target.pk
    )


def revise(target, by, value, grade=DataGrade.FINAL, **more):
    facts = {"value": Decimal(value), "grade": grade, "reason": "五经普修订"} | more
    return services.record_observations(
        observations=[ObservationFactory.build(target=target, **facts)], by=by
    )[0]


def facts():
    return Settlement.objects.count(), AuditEvent.objects.count(), DataState.current().version
