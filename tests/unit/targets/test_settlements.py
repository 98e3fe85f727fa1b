"""Settling in the database: who may, by what, what is kept, what makes it outdated."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from audit.models import AuditEvent
from common.formats import zh_date
from plan.models import DataState
from targets import rules, services
from targets.choices import Comparison, DataGrade, MilestoneState, Nature, TargetKind
from targets.models import Observation, Settlement
from targets.selectors import judged_targets, missed_of, settled_year
from tests.factories.plan import DocumentFactory
from tests.factories.targets import (
    AccountingBasisFactory,
    MilestoneFactory,
    ObservationFactory,
    TargetFactory,
)
from tests.unit.targets.settling_scene import facts, revise, row_of, settle

pytestmark = pytest.mark.django_db
TWO = {"proposed_by": "李敏"}


class TestSettle:
    def test_wants_a_second_person(self, milestone, value, reviewer):
        with pytest.raises(ValidationError, match="由一位审核员提出、另一位确认后生效"):
            settle(milestone, value, reviewer, proposed_by="")
        found = settle(milestone, value, reviewer)
        with pytest.raises(ValidationError, match="由一位审核员提出、另一位确认后生效"):
            services.retract_settlement(settlement=found, by=reviewer, reason="误判")
        assert Settlement.objects.get().is_current

    @pytest.mark.parametrize(
        ("amount", "verdict"), [("75", "achieved"), ("74.9999", "missed"), ("78.6", "achieved")]
    )
    def test_stores_what_it_rests_on(self, target, milestone, reviewer, amount, verdict):
        value = ObservationFactory(target=target, value=Decimal(amount))
        found = settle(milestone, value, reviewer)
        found.refresh_from_db()
        assert (found.verdict, found.year, found.version) == (verdict, 2025, 1)
        assert (found.milestone, found.observation, found.rule) == (milestone, value, None)
        assert (found.recorded_by, found.recorded_at.date()) == ("赵六", timezone.now().date())
        assert (found.rule_version, found.is_demo, found.is_recognised) == (1, False, False)

    def test_is_in_the_ledger(self, milestone, value, reviewer):
        settle(milestone, value, reviewer, note="按市统计局反馈")
        event = AuditEvent.objects.get(object_type="判定")
        assert (event.object_code, event.action, event.actor_name) == ("T18 2025", "录入", "赵六")
        assert ["判定结果", "", "已达标"] in event.changes
        words = "实际值78.60%（部门统计，第1版）；阶段目标75%以上（第1版）；判定规则第1版"
        assert ["判定依据", "", words] in event.changes

    def test_the_same_again_changes_nothing(self, milestone, value, reviewer):
        settle(milestone, value, reviewer)
        before = facts()
        assert settle(milestone, value, reviewer) is None
        assert facts() == before

    @pytest.mark.parametrize("name", ["张三", "李四", "钱审核", "王五", "孙领导", "管理员"])
    def test_only_a_reviewer(self, cast, milestone, value, name):
        with pytest.raises(PermissionDenied, match="阶段目标由区发改局审核员判定"):
            settle(milestone, value, cast[name])
        assert not Settlement.objects.exists()

    def test_a_command_settles_the_demonstration_alone(self, target, milestone, value):
        with pytest.raises(PermissionDenied):
            settle(milestone, value, None)
        Observation.objects.filter(pk=value.pk).update(is_demo=True)
        value.refresh_from_db()
        found = settle(milestone, value, None)
        assert found.is_demo
        Observation.objects.filter(is_demo=True).delete()
        assert not Settlement.objects.exists()

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"grade": DataGrade.PRELIMINARY}, "数据状态是初步核算；最终核实或部门统计的年度值"),
            ({"grade": DataGrade.ESTIMATE}, "数据状态是测算"),
            ({"year": 2024}, "T18 2024年的数值不是2025年的年度值"),
            ({"year": 2026, "quarter": 3}, "T18 2026年第三季度的数值不是2025年的年度值"),
            ({"quarter": 4}, "T18 2025年第四季度的数值不是2025年的年度值"),
            ({"basis": "含出租车"}, "实际值的口径与目标不同"),
            ({"value": None, "not_applicable": True}, "2025年不适用，不作判定"),
            ({"is_current": False}, "已有新版本或已撤销，看过现行数值再判定"),
        ],
    )
    def test_what_does_not_settle(self, target, milestone, reviewer, fields, sentence):
        before = facts()
        with pytest.raises(ValidationError, match=sentence):
            settle(milestone, ObservationFactory(target=target, **fields), reviewer)
        assert facts() == before

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"state": MilestoneState.PENDING, "value": None}, "目标待市下达，不作判定"),
            ({"state": MilestoneState.WITHDRAWN, "value": None}, "目标不再下达，不作判定"),
            ({"is_current": False}, "目标已有新版本，看过新目标再判定"),
            (
                {"nature": Nature.JUDGEMENT, "comparison": "", "value": None},
                "没有数值的目标凭文件认定",
            ),
        ],
    )
    def test_what_is_not_to_be_settled(self, target, value, reviewer, fields, sentence):
        fields = {"state": MilestoneState.SET} | fields
        with pytest.raises(ValidationError, match=sentence):
            settle(MilestoneFactory(target=target, **fields), value, reviewer)

    def test_nothing_before_its_year_has_passed(self, target, reviewer):
        year = timezone.localdate().year
        ahead = MilestoneFactory(target=target, year=year)
        with pytest.raises(ValidationError, match=f"{year}年目标还没有到期"):
            settle(ahead, ObservationFactory(target=target, year=year), reviewer)

    def test_a_value_of_another_target(self, milestone, reviewer):
        with pytest.raises(ValidationError, match="数值不是T18的"):
            settle(milestone, ObservationFactory(), reviewer)

    def test_a_retired_target(self, target, milestone, value, reviewer):
        target.retired_on = datetime.date(2026, 1, 1)
        target.save()
        with pytest.raises(ValidationError, match="T18已停用，不再登记判定"):
            settle(milestone, value, reviewer)

    def test_a_standing_rule_is_settled_for_a_year(self, target, value, reviewer):
        standing = MilestoneFactory(target=target, year=None, due=None, nature=Nature.STANDING)
        found = settle(standing, value, reviewer)
        assert (found.year, found.milestone) == (2025, standing)
        with pytest.raises(ValidationError, match="不是2024年的年度值"):
            settle(standing, value, reviewer, year=2024)

    def test_the_same_machinery_settles_any_year(self, target, reviewer):
        past = MilestoneFactory(target=target, year=2023, value=Decimal(60))
        found = settle(past, ObservationFactory(target=target, year=2023), reviewer)
        assert (found.year, found.verdict) == (2023, "achieved")
        assert row_of(target, 2023).state == rules.Settled.STANDS

    def test_a_band_keeps_the_tolerance_of_its_time(self, reviewer):
        forest = TargetFactory(kind=TargetKind.ABOUT, decimals=2)
        band = MilestoneFactory(target=forest, comparison=Comparison.ABOUT, value=Decimal("15.38"))
        value = ObservationFactory(target=forest, value=Decimal("15.0724"))
        assert settle(band, value, reviewer).tolerance_percent == 2
        services.change_rules(
            valid_from=timezone.localdate(),
            near_percent=Decimal(10),
            tolerance_percent=Decimal("1.5"),
            caps_striven=True,
            reason="征求意见后调整",
            by=reviewer,
        )
        row = row_of(forest)
        assert (row.state, row.verdict) == (rules.Settled.OUTDATED, rules.Verdict.ACHIEVED)
        assert row.present.label == "初步未达标，容差待确认"
        with pytest.raises(ValidationError, match="容差还没有依据文件确认"):
            settle(band, value, reviewer, reason="容差改为1.5%")
        assert row_of(forest).verdict == rules.Verdict.ACHIEVED

    def test_statements(self, target, milestone, value, reviewer, django_assert_max_num_queries):
        DataState.touch()
        with django_assert_max_num_queries(12):
            settle(milestone, value, reviewer)
        new = revise(target, reviewer, "74.2")
        with django_assert_max_num_queries(12):
            settle(milestone, new, reviewer, reason="数值修订")


class TestStriven:
    @pytest.mark.usefixtures("of_2026q3")
    def test_its_settlement_is_told_in_its_own_word(self, reviewer):
        target = TargetFactory(code="T07", commitment="striven")
        goal = MilestoneFactory(target=target, value=Decimal(50))
        value = ObservationFactory(target=target, value=Decimal("49.9"))
        made = settle(goal, value, reviewer)
        assert (made.verdict, made.says) == ("missed", rules.Verdict.FELL_SHORT)
        (judged,) = judged_targets()
        row = row_of(target)
        assert judged.verdict_words == row.verdict.label == "未达到力争值"
        assert "未达到力争值" in row.sentence
        left = missed_of(settled_year(year=2025).rows)
        assert [one.row.judged.target.code for one in left] == ["T07"]


class TestRecognised:
    @pytest.mark.usefixtures("of_2026q3")
    def test_every_sentence_says_so(self, reviewer):
        """No number stands behind it."""
        cars = TargetFactory(code="T20", name="公共机构用车电动化", kind=TargetKind.QUALITATIVE)
        goal = MilestoneFactory(target=cars, nature=Nature.JUDGEMENT, comparison="", value=None)
        services.recognise(
            milestone=goal, verdict="missed", document=DocumentFactory(), note="还没有全面电动化",
            by=reviewer, proposed_by="李敏",
        )  # fmt: skip
        (judged,) = judged_targets()
        assert judged.settled_sentence == "2025年为定性目标，凭文件认定为未达标。"
        assert row_of(cars).sentence.endswith("确认）：还没有全面电动化。")
        (left,) = missed_of(settled_year(year=2025).rows)
        assert left.sentence == "2025年目标未完成，结转到2030年：由区发改局凭材料认定。"


def retracted_before_the_guard(value):
    """As installations have it from before a settled value could not be taken back."""
    now = timezone.now()
    Observation.objects.filter(pk=value.pk).update(is_current=False, retracted_at=now)


class TestRevisions:
    def test_never_flips_silently(self, target, milestone, value, reviewer):
        settle(milestone, value, reviewer)
        new = revise(target, reviewer, "74.2")
        row = row_of(target)
        assert (row.state, row.verdict) == (rules.Settled.OUTDATED, rules.Verdict.ACHIEVED)
        (change,) = row.changes
        assert (change.ground, change.difference) == (rules.GroundKind.VALUE, Decimal("-4.4"))
        assert "赵六" in row.sentence
        today = zh_date(timezone.localdate())
        assert row.sentence == (
            "2025年目标75%以上，实际74.20%（最终核实），差0.80个百分点。"
            f"原判定为已达标（李敏提出，赵六{today}确认）；此后实际值由78.60%（部门统计，第1版）改为74.20%（最终核实，第2版），"
            "下降4.40个百分点，须重新判定（按现有数据：未达标），重新判定以前原结论不变。"
        )
        assert row.can_be_settled
        with pytest.raises(ValidationError, match="看过现行数值再判定"):
            settle(milestone, value, reviewer, reason="数值修订")
        with pytest.raises(ValidationError, match="已有判定，更正要写明原因"):
            settle(milestone, new, reviewer)
        again = settle(milestone, new, reviewer, reason="五经普修订")
        assert (again.version, again.verdict) == (2, "missed")
        rows = target.settlements.order_by("version").values_list("verdict", "is_current")
        assert list(rows) == [("achieved", False), ("missed", True)]
        event = AuditEvent.objects.filter(object_type="判定", action="更正").get()
        assert ["判定结果", "已达标", "未达标"] in event.changes

    def test_a_new_milestone(self, target, milestone, value, cast):
        settle(milestone, value, cast["赵六"])
        new = services.assign_milestone(
            milestone=milestone,
            value=Decimal(80),
            document=DocumentFactory(),
            effective_from=datetime.date(2026, 1, 1),
            by=cast["管理员"],
        )
        row = row_of(target)
        assert row.state == rules.Settled.OUTDATED
        assert [change.difference for change in row.changes] == [5]
        assert settle(new, value, cast["赵六"], reason="目标调整").verdict == "missed"

    def test_a_value_taken_back(self, target, milestone, value, reviewer):
        settle(milestone, value, reviewer)
        retracted_before_the_guard(value)
        row = row_of(target)
        assert (row.state, row.observation, row.can_be_settled) == (
            rules.Settled.OUTDATED,
            None,
            False,
        )
        assert "改为没有可用的现行年度值" in row.sentence

    @pytest.mark.usefixtures("of_2026q3")
    def test_the_accounting_basis_of_the_target_changes(self, target, milestone, reviewer):
        target.accounting_basis = AccountingBasisFactory(name="公交车")
        target.save()
        settle(milestone, ObservationFactory(target=target, basis="公交车"), reviewer)
        assert row_of(target).state == rules.Settled.STANDS
        target.accounting_basis = AccountingBasisFactory(name="含出租车")
        target.save()
        assert row_of(target).state == rules.Settled.OUTDATED
        (judged,) = judged_targets()
        assert judged.is_outdated

    def test_other_years_quarters_and_bases_change_nothing(
        self, target, milestone, value, reviewer
    ):
        settle(milestone, value, reviewer)
        revise(target, reviewer, "80", year=2024)
        revise(target, reviewer, "80", quarter=3)
        revise(target, reviewer, "80", basis="含出租车")
        assert row_of(target).state == rules.Settled.STANDS

    def test_a_settlement_taken_back(self, target, milestone, value, reviewer):
        first = settle(milestone, value, reviewer)
        second = settle(milestone, revise(target, reviewer, "70"), reviewer, reason="修订")
        with pytest.raises(ValidationError, match="撤销要写明原因"):
            services.retract_settlement(settlement=second, by=reviewer, reason=" ", **TWO)
        back = services.retract_settlement(settlement=second, by=reviewer, reason="误判", **TWO)
        assert back == first
        assert row_of(target).verdict == rules.Verdict.ACHIEVED
        assert (
            services.retract_settlement(settlement=back, by=reviewer, reason="误判", **TWO) is None
        )
        assert row_of(target).state == rules.Settled.OPEN

    def test_only_a_reviewer_takes_back(self, cast, milestone, value):
        found = settle(milestone, value, cast["赵六"])
        with pytest.raises(PermissionDenied):
            services.retract_settlement(settlement=found, by=cast["管理员"], reason="误判")


class TestTakenBack:
    """A value that a settlement rests on is not taken back under it."""

    def test_wants_the_settlement_first(self, target, milestone, value, reviewer):
        settlement = settle(milestone, value, reviewer)
        before = facts()
        with pytest.raises(ValidationError, match="T18 2025年的判定依据这个数值，先撤销判定"):
            services.retract_observations(rows=[value], by=reviewer, reason="填错")
        assert facts() == before
        services.retract_settlement(settlement=settlement, by=reviewer, reason="数值要撤销", **TWO)
        assert services.retract_observations(rows=[value], by=reviewer, reason="填错") == []

    @pytest.mark.usefixtures("of_2026q3")
    def test_what_was_taken_back_before_is_shown_as_missing(
        self, target, milestone, value, reviewer
    ):
        settle(milestone, value, reviewer)
        retracted_before_the_guard(value)
        (judged,) = judged_targets()
        assert (judged.settled_actual, judged.settled_gap) == ("", "")
        assert judged.verdict_words == "已达标（按78.60%），须重新判定"
        assert judged.settled_sentence == (
            "2025年目标75%以上，还没有2025年的年度值；"
            "原按实际78.60%、目标75%以上判定为已达标，须重新判定。"
        )
