"""Two reviewers confirm the same proposal at the same moment."""

import pytest

from agencies.choices import Role
from audit.models import AuditEvent
from plan.models import DataState
from targets import services
from targets.models import Proposal, Settlement
from targets.services import Pick
from tests.factories.agencies import UserFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.fault.test_two_reviewers import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_takes_effect_once_and_the_second_reads_who_was_first():
    DataState.current()
    target = TargetFactory(code="T18")
    milestone = MilestoneFactory(target=target)
    value = ObservationFactory(target=target, grade="final")
    first, second, third = (
        UserFactory(name=name, roles=[Role.REVIEWER]) for name in ("李敏", "王敏", "赵六")
    )
    pick = Pick(milestone.pk, value.pk, 2025)
    (asked,) = services.propose_settlements(picks=[pick], by=first)
    said = together(
        lambda: services.confirm(keys=[asked.pk], by=second),
        lambda: services.confirm(keys=[asked.pk], by=third),
    )
    winner = Proposal.objects.get().decided_by
    assert winner in {second, third}
    assert len(said) == 1
    assert f"T18 2025年判定：{winner.display_name}已在" in said[0]
    assert Settlement.objects.get().recorded_by == winner.display_name
    assert AuditEvent.objects.filter(action="确认判定").count() == 1
