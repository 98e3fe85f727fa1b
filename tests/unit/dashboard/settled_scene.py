"""Milestones of 2025 with their values, proposed and decided through the pages."""

from decimal import Decimal

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.choices import Role
from dashboard.selectors.years.settled import milestones_of
from targets.models import Proposal
from targets.selectors import settled_year
from tests.factories.agencies import UserFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory

PAGE = "/dashboard/2025/"


def milestone(code, goal, value=None, *, grade="final", **facts):
    asked = {name: facts.pop(name) for name in ("nature", "comparison") if name in facts}
    target = TargetFactory(code=code, **facts)
    found = MilestoneFactory(target=target, year=2025, value=goal and Decimal(goal), **asked)
    if value is not None:
        ObservationFactory(
            target=target, year=2025, quarter=None, value=Decimal(value), grade=grade
        )
    return found


def page():
    return milestones_of(settled_year(year=2025))


def marks(*codes):
    return [row.mark for row in page().rows if row.code in codes]


def propose(client, *codes, **more):
    data = {"pick": marks(*codes), "confirm": "1", **more}
    return client.post(reverse("dashboard:settle", args=[2025]), data, follow=True)


def decide(step="confirm", by=None, **more):
    """What a second reviewer does with all that waits."""
    second = Client()
    second.force_login(by or UserFactory(name="王敏", roles=[Role.REVIEWER]))
    keys = [row.pk for row in Proposal.objects.waiting()]
    return second.post(
        reverse("targets:decide"), {"pick": keys, "step": step, "back": PAGE, **more}, follow=True
    )


def settle(client, *codes, **more):
    """Proposed by the one and confirmed by another."""
    answer = propose(client, *codes, **more)
    if Proposal.objects.waiting().exists():
        decide()
    return answer


def state_of(code):
    return next(row.state for row in page().rows if row.code == code)


def posted(client, address, data):
    """The statements that a submission took."""
    with CaptureQueriesContext(connection) as found:
        assert client.post(address, data).status_code == 302
    control = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    return [q["sql"] for q in found.captured_queries if not q["sql"].startswith(control)]
