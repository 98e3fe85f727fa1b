"""The demonstration data and plans made up by chance: one number wherever it stands."""

import pytest

from tests.workflow.one_number import OneNumber

pytestmark = [pytest.mark.django_db, pytest.mark.any_server]


class TestOfTheDemonstration(OneNumber):
    @pytest.fixture
    def plan(self, demonstration):
        """The published plan with the demonstration set."""
