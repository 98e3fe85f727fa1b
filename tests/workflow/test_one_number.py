"""The demonstration data and plans made up by chance: one number wherever it stands."""

import pytest

from tests.workflow.one_newest import OneNewest
from tests.workflow.one_number import OneNumber
from tests.workflow.one_overview import OneOverview

pytestmark = [pytest.mark.django_db, pytest.mark.any_server]


class TestOfTheDemonstration(OneNumber):
    @pytest.fixture
    def plan(self, demonstration):
        """The published plan with the demonstration set."""


class TestNewestOfTheDemonstration(OneNewest):
    DAYS = (None, "2026-08-01", "2026-02-01")
    WAITING = (("T17", "2026Q3", "100"),)

    @pytest.fixture
    def plan(self, demonstration):
        """The published plan with the demonstration set."""

    def test_figures_of_the_demonstration(self, reader):
        shown = {row["编号"]: row["最新值"] for row in reader.table("/targets/")}
        assert shown["T21"] == "31.2%2026年第三季度，部门统计"
        assert shown["T26"] == "47.0%2026年第三季度，部门统计"
        assert shown["T15"] == "96.0%2026年第二季度，部门统计"
        assert shown["T03"] == "19.2%2025年，初步核算"
        lights = {row["编号"]: row["预警等级"] for row in reader.table("/targets/")}
        assert lights["T21"] == "一级按2025年值"
        assert lights["T15"] == "未判定缺年度值"
        waiting = {r["编号"]: r["最新值"] for r in reader.table("/targets/?basis=submitted")}
        assert waiting["T17"] == "100.0%2026年第三季度，部门统计，含待审核"


class TestOverviewOfTheDemonstration(OneOverview):
    DAYS = (None, "2026-08-01")

    @pytest.fixture
    def plan(self, demonstration):
        """The published plan with the demonstration set."""
