"""A milestone year without a goal of its own is judged by what it has to keep."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from plan.models import Document
from targets import rules, services
from targets.models import Settlement
from targets.rules import Goal, Verdict
from targets.services import Pick
from tests.factories.agencies import UserFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.unit.targets.terms import D, share

ONE_GOAL = ((2025, 20),)


class TestJudge:
    @pytest.mark.parametrize(
        ("value", "verdict"), [("20", Verdict.ACHIEVED), ("19.9", Verdict.MISSED)]
    )
    def test_the_value_of_the_year_itself_keeps_it_or_not(self, value, verdict):
        found = rules.judge(share((2030, value), goals=ONE_GOAL), 2030, today_year=2031)
        assert found.verdict == verdict
        assert found.goal == Goal(2030, value=D(20), kept_since=2025)
        assert rules.goal_value(share(), found.goal) == "≥20%（保持2025年目标）"

    def test_the_value_of_2025_does_not_settle_2030(self):
        found = rules.judge(share((2025, 22), goals=ONE_GOAL), 2030, today_year=2031)
        assert found.verdict == Verdict.MISSING

    def test_a_goal_of_its_own_goes_first(self):
        found = rules.judge(share((2030, "20.5")), 2030, today_year=2031)
        assert (found.verdict, found.goal.kept_since) == (Verdict.MISSED, None)

    @pytest.mark.parametrize("terms", [share(goals=()), share(goals=((2035, 25),))])
    def test_nothing_to_keep(self, terms):
        assert rules.judge(terms, 2030, today_year=2031).verdict == Verdict.NOT_APPLICABLE

    def test_before_the_year_is_over_nothing_is_judged(self):
        found = rules.judge(share((2030, 21), goals=ONE_GOAL), 2030, today_year=2030)
        assert found.verdict == Verdict.NOT_APPLICABLE


@pytest.mark.django_db
class TestSettle:
    @pytest.fixture(autouse=True)
    def later(self, clock):
        clock.move_to(datetime.date(2031, 7, 1))
        Document.objects.create(
            title="实施方案", is_plan=True, base_year=2020, milestone_years=[2025, 2030]
        )

    @pytest.fixture
    def kept(self):
        target = TargetFactory(code="T90")
        return MilestoneFactory(target=target, year=2025, value=D(75))

    def settle(self, milestone, year, value="74"):
        row = ObservationFactory(target=milestone.target, year=year, value=D(value), grade="final")
        reviewer = UserFactory(roles=["reviewer"])
        services.propose_settlements(picks=[Pick(milestone.pk, row.pk, year)], by=reviewer)
        return row

    def test_it_is_proposed_for_the_later_year(self, kept):
        self.settle(kept, 2030)
        (asked,) = kept.target.proposals.all()
        assert (asked.year, "未达标" in asked.words) == (2030, True)

    def test_not_where_the_year_has_a_goal_of_its_own(self, kept):
        MilestoneFactory(target=kept.target, year=2030, value=D(80))
        with pytest.raises(ValidationError, match="不按2025年目标判定"):
            self.settle(kept, 2030)

    def test_not_in_a_year_between_milestones(self, kept):
        with pytest.raises(ValidationError, match="不按2025年目标判定"):
            self.settle(kept, 2028)
        assert not Settlement.objects.exists()
