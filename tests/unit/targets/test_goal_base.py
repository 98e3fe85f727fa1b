"""A goal that is said against another year than its target's: 13.5 % less than in 2025."""

import datetime
from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from setup.forms import AssignedForm
from targets import rules, selectors, services
from targets.choices import MilestoneState, Pace, TargetKind
from targets.rules import GapMethod, Goal, GroundKind, JudgingRules, Level, Prospect, Verdict
from targets.selectors.settling import settled_year
from tests.factories.cast import make_cast
from tests.factories.plan import DocumentFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.unit.targets.terms import TODAY, D, actual, reduction


def said(entered="13.5", base_year=2025):
    return Goal(2030, base_year=base_year, entered=D(entered))


def intensity(*values, **more):
    """15 % by 2025 against 2020, and 13.5 % more by 2030 against 2025."""
    terms = reduction(15, *values, decimals=2, **more)
    return replace(terms, goals=(*terms.goals, said()))


class TestConverted:
    def test_it_is_chained_to_what_was_reached(self):
        """1 − (1 − 15.6 %)(1 − 13.5 %) = 26.994 %."""
        assert intensity((2025, "15.6")).goal(2030).value == D("26.99")

    def test_the_line_runs_from_what_was_reached(self):
        """From 84.4 to 73.01 of the level at 2.858 % a year."""
        terms = intensity((2025, "15.6"))
        line = [rules.required(terms, year) for year in range(2024, 2031)]
        assert line == [
            *(D("12.19"), D("15")),
            *(D("18.01"), D("20.36"), D("22.63"), D("24.84"), D("26.99")),
        ]

    def test_years_up_to_the_base_keep_the_old_line(self):
        terms = intensity((2025, "15.6"))
        for year in range(2020, 2026):
            assert rules.required(terms, year) == rules.required(reduction(15, decimals=2), year)

    def test_a_quarter_begins_at_what_was_reached(self):
        terms = intensity((2025, "15.6"))
        assert rules.required_at(terms, 2026, 2) == D("16.81")

    def test_it_is_never_reached_by_what_it_is_said_against(self):
        values = [(2020 + n, value) for n, value in enumerate(("3", "6.5", "9", "12.2", "15.6"), 1)]
        terms = intensity(*values)
        found = rules.outlook(terms, 2030, today_year=2026)
        assert found.prospect != Prospect.NOT_PROJECTED
        assert "26.99%以上（较2025年下降13.5%，按2025年15.60%换算）" in rules.outlook_sentence(
            terms, found, today=TODAY
        )
        goal = rules.goal_ahead(terms, 2030)[0]
        words = rules.pace_words(terms, goal, rules.pace(terms, 2030, today=TODAY))
        assert words.startswith("今后年均需下降2.8")

    def test_without_the_value_of_its_base_year_nothing_is_said(self):
        terms = intensity((2024, "12.5"))
        assert terms.goal(2030).waits_for_base
        assert rules.goal_value(terms, terms.goal(2030)) == "较2025年下降13.5%"
        late = rules.judge(terms, 2030, today_year=2031)
        assert late.verdict == Verdict.MISSING
        assert "还没有2025年的年度值，不能换算" in rules.verdict_sentence(terms, late)
        assert rules.outlook(terms, 2030, today_year=2026).reason == (
            "还没有2025年的年度值，不能换算"
        )

    def test_another_basis_is_no_base(self):
        terms = intensity((2025, "15.6"))
        other = replace(terms, actuals=(actual(2025, "15.6", basis="新口径"),))
        assert other.goal(2030).waits_for_base

    def test_a_correction_moves_it(self):
        assert intensity((2025, "15.2")).goal(2030).value == D("26.65")

    def test_the_gap_is_one_of_the_way_since_the_base(self):
        """2026 asks for 18.01 after 15.6: 16.8 lacks 1.21 of 2.41."""
        terms = intensity((2025, "15.6"), (2026, "16.8"))
        found = rules.light(terms.under(JudgingRules(2, method=GapMethod.CHANGE)))
        assert (found.level, found.gap) == (Level.RED, D("1.21") / D("2.41"))

    @pytest.mark.parametrize(("grade", "hollow"), [("final", False), ("preliminary", True)])
    def test_until_it_is_settled_the_light_is_open(self, grade, hollow):
        terms = intensity((2025, "15.6", grade), (2026, "19"))
        assert rules.light(terms).level == Level.GREEN
        assert rules.rests_on_open_base(terms) is hollow
        assert not rules.rests_on_open_base(intensity((2025, "15.6", grade)))

    def test_completion_is_that_since_the_base(self):
        """From 15.6 to 27 the level fell by 13.507 %, of 13.5 asked for."""
        terms = intensity((2025, "15.6"), (2030, "27"))
        found = rules.judge(terms, 2030, today_year=2031)
        assert (found.verdict, round(found.index, 2)) == (Verdict.ACHIEVED, D("100.05"))
        rise = intensity((2025, "15.6"), (2030, "15"))
        assert rules.judge(rise, 2030, today_year=2031).index is None

    def test_a_base_that_is_not_settled_settles_nothing(self):
        terms = intensity((2025, "15.6", "preliminary"), (2030, "27"))
        found = rules.judge(terms, 2030, today_year=2031)
        assert (found.verdict, found.outcome) == (Verdict.PROVISIONAL, Verdict.ACHIEVED)

    def test_an_assigned_reduction_has_that_line_too(self):
        terms = replace(intensity((2025, "15.6")), kind=rules.Kind.ASSIGNED, pace="assigned")
        assert rules.required(terms, 2026) == D("18.01")
        assert rules.required(terms, 2025) == 15

    @settings(deadline=None)
    @given(
        reached=st.decimals("0", "60", places=2),
        entered=st.decimals("0.5", "40", places=2),
    )
    def test_the_line_leads_from_the_base_to_the_goal(self, reached, entered):
        terms = intensity((2025, reached))
        terms = replace(terms, goals=(terms.goals[0], said(entered)))
        line = [rules.required(terms, year) for year in range(2026, 2031)]
        assert line == sorted(line)
        assert line[0] >= reached
        exact = (1 - (1 - reached / 100) * (1 - entered / 100)) * 100
        assert abs(line[-1] - exact) <= D("0.005")


@pytest.mark.django_db
class TestStored:
    @pytest.fixture
    def cast(self):
        return make_cast()

    @pytest.fixture
    def target(self):
        target = TargetFactory(
            code="T01",
            name="单位GDP能耗累计降低率",
            kind=TargetKind.REDUCTION,
            pace=Pace.GEOMETRIC,
            decimals=2,
            baseline_year=2020,
            baseline_value=D(0),
        )
        MilestoneFactory(target=target, value=D(15))
        ObservationFactory(target=target, value=D("15.6"), grade="final")
        return target

    def pending(self, target):
        return MilestoneFactory(target=target, year=2030, value=None, state=MilestoneState.PENDING)

    def assign(self, cast, target, **facts):
        values = {"value": D("13.5"), "base_year": 2025} | facts
        return services.assign_milestone(
            milestone=self.pending(target),
            document=DocumentFactory(),
            effective_from=datetime.date(2026, 6, 1),
            by=cast["管理员"],
            **values,
        )

    def test_it_is_kept_as_it_was_entered(self, cast, target):
        row = self.assign(cast, target)
        row.refresh_from_db()
        assert (row.value, row.base_year) == (D("13.5"), 2025)
        judged = selectors.judged_targets()[0]
        assert judged.ahead_goal == "≥26.99%"
        shown = selectors.target_detail(code="T01").milestone_rows[1]
        assert (shown.text, shown.note) == (
            "≥26.99%",
            "较2025年下降13.5%，按2025年15.60%换算",
        )

    @pytest.mark.parametrize("year", [2019, 2020, 2030])
    def test_other_years_are_refused(self, cast, target, year):
        with pytest.raises(ValidationError, match=r"比较基年|基期"):
            self.assign(cast, target, base_year=year)

    def test_a_share_has_no_such_base(self, cast):
        share = TargetFactory(code="T03", baseline_year=2020)
        with pytest.raises(ValidationError, match="只有累计降低率"):
            self.assign(cast, share)

    def form(self, milestone, **typed):
        facts = {
            "outcome": "assigned",
            "value": "13.5",
            "number": "长发改〔2026〕9号",
            "title": "关于下达能耗目标的通知",
            "effective_from": "2026-06-01",
        }
        reached = selectors.reduction_reached(milestone=milestone)
        return AssignedForm(facts | typed, milestone=milestone, reached=reached)

    def test_the_form_asks_against_which_year(self, target):
        milestone = self.pending(target)
        assert "base_year" in self.form(milestone).errors
        form = self.form(milestone, base_year="2025")
        assert form.is_valid()
        assert form.entry["base_year"] == 2025

    def test_what_can_only_be_misread_is_asked_about(self, target):
        milestone = self.pending(target)
        form = self.form(milestone, base_year="2020")
        assert "低于以前的目标或实际（15.6%）" in form.errors["value"][0]
        sure = self.form(milestone, base_year="2020", sure="on")
        assert sure.is_valid()
        assert sure.entry["base_year"] is None
        assert self.form(milestone, base_year="2020", value="27").is_valid()

    @pytest.mark.usefixtures("of_2026q3")
    def test_what_it_was_settled_by_is_kept_and_a_correction_outdates_it(self, cast):
        """9 % by 2023 and 8 % since are 16.28 %; after a correction to 8 % they are 15.36 %."""
        facts = {"kind": TargetKind.REDUCTION, "pace": Pace.GEOMETRIC, "decimals": 2}
        target = TargetFactory(code="T01", baseline_year=2020, baseline_value=D(0), **facts)
        MilestoneFactory(target=target, value=D(8), base_year=2023)
        base = ObservationFactory(target=target, year=2023, value=D(9), grade="final")
        value = ObservationFactory(target=target, year=2025, value=D(17), grade="final")
        milestone = target.milestones.get()
        row = services.settle(
            milestone=milestone, observation=value, by=cast["赵六"], proposed_by="李敏"
        )
        assert (row.verdict, row.base) == ("achieved", base)
        assert "换算所依据的年度值9.00%" in row.grounds
        assert settled_year(year=2025).rows[0].changes == ()
        assert not selectors.judged_targets()[0].is_outdated

        target.observations.filter(pk=base.pk).update(is_current=False)
        again = {"year": 2023, "value": D(8), "grade": "final", "version": 2, "reason": "更正"}
        ObservationFactory(target=target, **again)
        found = settled_year(year=2025).rows[0]
        assert found.state == rules.Settled.OUTDATED
        assert [change.ground for change in found.changes] == [
            GroundKind.MILESTONE,
            GroundKind.BASE,
        ]
        assert "换算所依据的年度值由9.00%" in found.changed_words
        assert "阶段目标由16.28%以上（第1版）改为15.36%以上（第1版）" in found.changed_words
        assert selectors.judged_targets()[0].is_outdated

    def test_a_base_that_is_not_final_settles_nothing(self, cast):
        target = TargetFactory(
            kind=TargetKind.REDUCTION, pace=Pace.GEOMETRIC, baseline_year=2020, baseline_value=D(0)
        )
        milestone = MilestoneFactory(target=target, value=D(8), base_year=2023)
        ObservationFactory(target=target, year=2023, value=D(9), grade="preliminary")
        value = ObservationFactory(target=target, year=2025, value=D(17), grade="final")
        with pytest.raises(ValidationError, match="2023年的年度值还没有核定"):
            services.settle(milestone=milestone, observation=value, by=cast["赵六"])
