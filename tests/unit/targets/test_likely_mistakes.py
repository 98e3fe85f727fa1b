"""Numbers that can only be misread are asked about, whatever way they come in."""

import pytest

from targets import rules, selectors
from targets.choices import MilestoneState, Pace, TargetKind
from targets.models import Milestone, Observation
from targets.resources import MilestoneRegister, ObservationRegister
from tests.factories.agencies import AdministratorFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.registers import bring_in, refused
from tests.unit.targets.terms import D, actual, reduction, share


class TestRules:
    @pytest.mark.parametrize(
        ("value", "last", "words"),
        [
            ("196", "19.5", "10 倍"),
            ("1.96", "19.5", "1/10"),
            ("0.195", "19.5", "1/100"),
            ("520000", "52", "1 万倍"),
            ("240", "20", "10 倍"),
            ("241", "20", None),
            ("159", "20", None),
            ("5", "0", None),
            ("-200", "20", None),
        ],
    )
    def test_a_slip_of_point_or_unit(self, value, last, words):
        found = rules.slip_factor(D(value), D(last))
        assert (found and found[1]) == words

    @pytest.mark.parametrize(
        ("value", "asked", "is_one"),
        [("0.15", "15", True), ("1", "15", False), ("0.15", "9.9", False), ("0.15", None, False)],
    )
    def test_a_fraction(self, value, asked, is_one):
        assert rules.is_fraction(D(value), asked and D(asked)) is is_one

    def test_a_goal_typed_as_a_fraction(self):
        assert "当成“15%”" in rules.doubt_of_percent(D("0.15"), "%")
        assert rules.doubt_of_percent(D("0.15"), "万吨") == ""
        assert rules.doubt_of_percent(D(1), "%") == ""

    def test_a_reduction_below_what_was_reached(self):
        assert "（15.6%）" in rules.doubt_of_reduction(D("13.5"), D("15.6"), 2020)
        assert rules.doubt_of_reduction(D("15.6"), D("15.6"), 2020) == ""
        assert rules.doubt_of_reduction(D("13.5"), None, 2020) == ""

    def test_a_value(self):
        terms = share()
        assert "不到1%" in rules.doubt_of_value(terms, actual(2025, "0.2"), None)
        assert "约为上一年（19.5%）的1/10" in rules.doubt_of_value(
            terms, actual(2025, "2"), D("19.5")
        )
        assert rules.doubt_of_value(terms, actual(2025, "20"), D("19.5")) == ""
        assert rules.doubt_of_value(terms, actual(2025, "20"), None) == ""
        assert rules.doubt_of_value(terms, actual(2025, "2", basis="旧口径"), D("19.5")) == ""

    def test_a_fall_with_a_minus(self):
        found = rules.doubt_of_value(reduction(15), actual(2025, "-15"), None)
        assert found == "−15%表示上升；下降15%时填正数"


@pytest.mark.django_db
class TestRegisters:
    @pytest.fixture
    def admin(self):
        return AdministratorFactory(username="admin")

    @pytest.fixture
    def intensity(self):
        facts = {"kind": TargetKind.REDUCTION, "pace": Pace.GEOMETRIC, "decimals": 2}
        target = TargetFactory(code="T01", baseline_year=2020, baseline_value=D(0), **facts)
        MilestoneFactory(target=target, year=2025, value=D(15))
        ObservationFactory(target=target, year=2025, value=D("15.6"))
        return target

    def goal(self, value, base_year=""):
        said = {"要求": "数值", "比较": "≥", "状态": "已明确"}
        return {"指标编号": "T01", "目标年": 2030, "目标值": value, "比较基年": base_year} | said

    def test_a_goal_that_falls_wants_a_word(self, admin, intensity):
        row = self.goal("13.5")
        [said] = refused(MilestoneRegister, [row], by=admin)
        assert said.startswith("第2行 目标值：较2020年的累计降低率低于以前的目标或实际（15.6%）")
        assert not Milestone.objects.filter(year=2030).exists()
        assert bring_in(MilestoneRegister, [row], by=admin, sure=True).can_confirm
        assert Milestone.objects.get(year=2030).value == D("13.5")

    def test_against_2025_nothing_is_asked(self, admin, intensity):
        assert not bring_in(MilestoneRegister, [self.goal("13.5", 2025)], by=admin).questions

    def test_a_preview_asks_and_may_be_confirmed(self, admin, intensity):
        found = bring_in(MilestoneRegister, [self.goal("0.27")], by=admin, dry_run=True)
        assert len(found.questions) == 1
        assert found.can_confirm

    def test_values_by_those_of_the_workbook_and_in_force(self, admin):
        target = TargetFactory(code="T18", name="纯电动公交车比例")
        MilestoneFactory(target=target, year=2025, value=D(80))
        ObservationFactory(target=target, year=2023, value=D(70))
        rows = [
            {
                "指标编号": "T18",
                "年份": year,
                "数值": value,
                "数据状态": "部门统计",
                "数据来源": "台账",
            }
            for year, value in ((2024, "75"), (2025, "7.8"), (2022, "0.6"))
        ]
        said = refused(ObservationRegister, rows, by=admin)
        assert said == [
            "第3行 数值：7.8%约为上一年（75.0%）的1/10，核对单位和小数点",
        ]
        assert Observation.objects.count() == 1
        assert bring_in(ObservationRegister, rows, by=admin, sure=True).can_confirm
        assert Observation.objects.count() == 4

    def test_what_is_in_force_already_is_not_asked_about(self, admin, intensity):
        MilestoneFactory(target=intensity, year=2030, value=D("13.5"), state=MilestoneState.SET)
        row = self.goal("13.5") | {"说明": "按文件核对"}
        milestone = Milestone.objects.get(year=2030)
        assert selectors.doubt_of_goal(milestone=milestone, value=milestone.value)
        assert not bring_in(MilestoneRegister, [row], by=admin, dry_run=True).questions
