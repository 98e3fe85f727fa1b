"""A target with its milestone and value, and who may settle it."""

import pytest

from tests.factories.cast import make_cast
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def reviewer(cast):
    return cast["赵六"]


@pytest.fixture
def target():
    return TargetFactory(code="T18", name="纯电动公交车比例", decimals=2)


@pytest.fixture
def milestone(target):
    return MilestoneFactory(target=target)


@pytest.fixture
def value(target):
    return ObservationFactory(target=target)
