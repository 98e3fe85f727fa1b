"""Recognition of what has no number, and what pages read of settlements."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from common.formats import zh_date
from plan.models import Document
from targets import rules, selectors, services
from targets.choices import Comparison, Nature, TargetKind
from targets.models import Settlement
from tests.factories.plan import DocumentFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.unit.targets.settling_scene import revise, row_of, settle

pytestmark = pytest.mark.django_db


class TestRecognise:
    @pytest.fixture
    def judged(self, target):
        return MilestoneFactory(target=target, nature=Nature.JUDGEMENT, comparison="", value=None)

    @pytest.fixture
    def peak(self):
        carbon = TargetFactory(code="T06", kind=TargetKind.PEAK_BY, unit="万吨")
        return MilestoneFactory(
            target=carbon,
            year=timezone.localdate().year + 4,
            nature=Nature.EVENT,
            comparison=Comparison.BY_YEAR,
            value=None,
        )

    def recognise(self, milestone, by, **more):
        given = {
            "verdict": "achieved",
            "proposed_by": "李敏",
            "document": Document.objects.get_or_create(title="认定意见", number="1号")[0],
            "note": "材料齐全，核查属实",
        }
        return services.recognise(milestone=milestone, by=by, **given | more)

    def test_by_document_and_reason(self, target, judged, reviewer):
        assert row_of(target).waits_for_recognition
        found = self.recognise(judged, reviewer, verdict="missed")
        assert (found.verdict, found.observation, found.is_recognised) == ("missed", None, True)
        row = row_of(target)
        assert (row.state, row.waits_for_recognition) == (rules.Settled.STANDS, False)
        day = zh_date(timezone.localdate())
        assert row.sentence == (
            "2025年为定性目标，依据认定意见（1号）认定为未达标"
            f"（李敏提出，赵六{day}确认）：材料齐全，核查属实。"
        )

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"note": "属实"}, "写明认定的理由（至少5个字）"),
            ({"verdict": "provisional"}, "认定结果选已达标或未达标"),
        ],
    )
    def test_what_is_asked_for(self, judged, reviewer, fields, sentence):
        with pytest.raises(ValidationError, match=sentence):
            self.recognise(judged, reviewer, **fields)

    def test_no_number_is_recognised(self, milestone, reviewer):
        with pytest.raises(ValidationError, match="有数值的目标凭核定的年度值判定"):
            self.recognise(milestone, reviewer)

    @pytest.mark.parametrize("name", ["张三", "钱审核", "孙领导", "管理员"])
    def test_only_by_a_reviewer(self, cast, judged, name):
        with pytest.raises(PermissionDenied):
            self.recognise(judged, cast[name])

    def test_a_peak_may_be_recognised_early_but_not_missed(self, peak, reviewer):
        with pytest.raises(ValidationError, match="还没有到期，不能认定"):
            self.recognise(peak, reviewer, verdict="missed")
        assert self.recognise(peak, reviewer).year == peak.year

    def test_a_quality_is_not_recognised_early(self, target, reviewer):
        year = timezone.localdate().year
        ahead = MilestoneFactory(
            target=target, year=year, nature=Nature.JUDGEMENT, comparison="", value=None
        )
        with pytest.raises(ValidationError, match="还没有到期，不能认定"):
            self.recognise(ahead, reviewer)

    def test_before_a_year_ends_with_the_year_before(self, peak, reviewer):
        """2030年前 can be missed as soon as 2029 has passed."""
        oil = MilestoneFactory(
            target=TargetFactory(kind=TargetKind.PEAK_BY),
            year=timezone.localdate().year,
            nature=Nature.EVENT,
            comparison=Comparison.BEFORE_YEAR,
            value=None,
        )
        assert self.recognise(oil, reviewer, verdict="missed")

    def test_values_do_not_outdate_a_recognition_a_new_milestone_does(self, judged, cast):
        self.recognise(judged, cast["赵六"])
        target = judged.target
        revise(target, cast["赵六"], "80")
        assert row_of(target).state == rules.Settled.STANDS
        new = services.assign_milestone(
            milestone=judged,
            value=None,
            document=DocumentFactory(),
            effective_from=datetime.date(2026, 1, 1),
            by=cast["管理员"],
        )
        assert row_of(target).state == rules.Settled.OUTDATED
        again = self.recognise(new, cast["赵六"], reason="目标调整")
        assert again.version == 2

    def test_the_database_asks_for_a_document_too(self, judged):
        with (
            pytest.raises(IntegrityError, match="settlement_value_or_document"),
            transaction.atomic(),
        ):
            Settlement.objects.create(
                target=judged.target, year=2025, milestone=judged, verdict="achieved"
            )


class TestSelectors:
    def test_every_milestone_of_a_year_in_order(self, target, milestone, value):
        standing = MilestoneFactory(year=None, due=None, nature=Nature.STANDING)
        MilestoneFactory(year=2030)
        TargetFactory()
        rows = selectors.settled_year(year=2025).rows
        assert [row.milestone for row in rows] == [milestone, standing]
        assert [row.state for row in rows] == [rules.Settled.OPEN] * 2
        assert [row.can_be_settled for row in rows] == [True, False]
        assert rows[0].sentence == (
            "2025年目标75%以上，实际78.60%（部门统计），已达标，高3.60个百分点。"
        )

    def test_a_goal_of_the_year_comes_before_a_standing_one(self, target, milestone):
        MilestoneFactory(target=target, year=None, due=None, nature=Nature.STANDING)
        assert [row.milestone for row in selectors.settled_year(year=2025).rows] == [milestone]

    @pytest.mark.parametrize("copies", [1, 10])
    def test_statements_do_not_grow(self, reviewer, copies, django_assert_num_queries):
        for _ in range(copies):
            milestone = MilestoneFactory()
            settle(milestone, ObservationFactory(target=milestone.target), reviewer)
        with django_assert_num_queries(4):
            rows = selectors.settled_year(year=2025).rows
            assert all(row.sentence and row.state == rules.Settled.STANDS for row in rows)
        with django_assert_num_queries(4):
            assert selectors.missed_of(selectors.settled_year(year=2025).rows) == ()
        with django_assert_num_queries(1):
            assert all(row.sentence for row in selectors.outlooks(year=2030))

    @pytest.mark.usefixtures("of_2026q3")
    def test_missed_ones_are_carried_over(self, target, milestone, reviewer):
        missed = ObservationFactory(target=target, value=Decimal(70))
        assert selectors.missed_of(selectors.settled_year(year=2025).rows) == ()
        settle(milestone, missed, reviewer)
        (found,) = selectors.missed_of(selectors.settled_year(year=2025).rows)
        assert (found.left.lacking, found.left.needed) == (5, 1)
        assert found.sentence == (
            "2025年目标75%以上未完成，结转到2030年：最新值70.00%（2025年，部门统计），"
            "与2025年目标比差5.00个百分点，今后年均需提高1.00个百分点。"
        )

    def test_what_was_recognised_as_missed_too(self, target, reviewer):
        judged = MilestoneFactory(target=target, nature=Nature.JUDGEMENT, comparison="", value=None)
        services.recognise(
            milestone=judged,
            verdict="missed",
            document=DocumentFactory(),
            proposed_by="李敏",
            note="覆盖不全，未实现",
            by=reviewer,
        )
        (found,) = selectors.missed_of(selectors.settled_year(year=2025).rows)
        assert found.left is None
        assert found.sentence == "2025年目标未完成，结转到2030年：由区发改局凭材料认定。"

    @pytest.mark.usefixtures("of_2026q3")
    def test_outlooks_follow_the_rules_of_the_day(self, target, milestone):
        for year, amount in ((2022, 61), (2023, 67), (2024, 72), (2025, 77)):
            ObservationFactory(target=target, year=year, value=Decimal(amount))
        (row,) = selectors.outlooks(year=2030)
        assert row.outlook.prospect == rules.Prospect.LIKELY
        assert row.outlook.is_floor
        assert "外推，不是承诺" in row.sentence
