"""The newest value of a year or a quarter: which it is and what is said of it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from common.quarters import Period
from records.asof import AsOf
from targets import rules
from targets.models import Observation
from targets.rules import Actual, Goal, Grade, Terms
from targets.selectors import Unreviewed, judged_targets, target_detail
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.unit.targets.terms import TODAY

D = Decimal
PLAIN = Terms(kind="at_least", goals=(Goal(2025, value=D(35)),), unit="%", basis="区级口径")


def year(value, year=2025, basis="", grade=Grade.DEPARTMENT):
    return Actual(year, D(value), grade, basis)


def quarter(value, code="2026Q3", basis="", grade=Grade.DEPARTMENT, **more):
    period = Period.parse(code)
    return Actual(period.year, D(value), grade, basis, quarter=period.quarter, **more)


def terms(*values):
    annual = tuple(value for value in values if value.quarter is None)
    return replace(PLAIN, actuals=annual).with_quarters(v for v in values if v.quarter)


class TestWhich:
    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ((year("29.8"),), "2025年29.8%（部门统计）"),
            ((quarter("31.2"),), "2026年第三季度31.2%（部门统计）"),
            ((year("29.8"), quarter("31.2")), "2026年第三季度31.2%（部门统计）"),
            ((year("29.8"), quarter("29.9", "2025Q4")), "2025年29.8%（部门统计）"),
            ((year("28", 2024), quarter("29.9", "2025Q1")), "2025年第一季度29.9%（部门统计）"),
            ((year("33", 2026, grade=Grade.ESTIMATE), quarter("31.2")), "2026年33.0%（测算）"),
            (
                (quarter("30", "2026Q1"), quarter("31.2"), quarter("30.6", "2026Q2")),
                "2026年第三季度31.2%（部门统计）",
            ),
            ((year("29.8"), quarter("99", basis="市级口径")), "2025年29.8%（部门统计）"),
            ((year("29.8"), quarter("31.2", basis="区级口径")), "2026年第三季度31.2%（部门统计）"),
            ((year("93.5", basis="市级口径"),), "2025年93.5%（部门统计，口径不同）"),
        ],
    )
    def test_the_later_end_counts_and_the_year_of_two(self, values, words):
        assert rules.newest_of(terms(*values), today=TODAY).words == words

    def test_none_without_values(self):
        assert rules.newest_of(PLAIN, today=TODAY) is None

    def test_it_is_told_apart_from_what_its_quarter_requires(self):
        assert rules.newest_of(terms(quarter("34.96")), today=TODAY).text == "34.96%"

    def test_what_waits_goes_before_what_is_in_force(self):
        known = terms(quarter("31.2"))
        waiting = quarter("31.5", is_unreviewed=True)
        found = rules.newest_of(known.with_quarters([waiting]), today=TODAY)
        assert found.words == "2026年第三季度31.5%（部门统计，含待审核）"
        same = quarter("31.2", is_unreviewed=True)
        assert known.with_quarters([same]) == known
        older = quarter("30", "2026Q2", is_unreviewed=True)
        assert known.with_quarters([older]) == known

    def test_nothing_is_judged_by_it(self):
        plain, known = terms(year("29.8")), terms(year("29.8"), quarter("36"))
        assert rules.judge(known, 2025, today_year=2026) == rules.judge(
            plain, 2025, today_year=2026
        )
        assert rules.light(known) == rules.light(plain)
        alone = rules.light(terms(quarter("36")))
        assert (alone.level, alone.reason) == (rules.Level.GREY, "缺年度值")


class TestSentences:
    def test_carried_over(self):
        found = rules.carry_over(terms(year("29.8")), 2025, until=2030, today=TODAY)
        head = "2025年目标35%以上未完成，结转到2030年："
        rest = "29.8%（2025年，部门统计），与2025年目标比差5.2个百分点，今后年均需提高1.04个百分点"
        said = rules.carry_over_sentence(terms(year("29.8")), found)
        assert said == f"{head}最新值{rest}。"
        said = rules.carry_over_sentence(terms(year("29.8"), quarter("31.2")), found)
        tail = "最新值31.2%（2026年第三季度，部门统计）。"
        assert said == f"{head}最新年度值{rest}；{tail}"
        alone = terms(quarter("31.2"))
        said = rules.carry_over_sentence(
            alone, rules.carry_over(alone, 2025, until=2030, today=TODAY)
        )
        assert said == f"{head}还没有可比的年度值；{tail}"

    def test_of_a_goal_that_is_kept(self):
        kept = rules.Pace(2030, D(25), TODAY, 5, D(0), None, 0)
        said = [
            rules.pace_words(known, Goal(2030, value=D(25)), kept)
            for known in (terms(year("29.8")), terms(year("29.8"), quarter("24")))
        ]
        assert said == ["最新值已达到，须保持。", "最新年度值已达到，须保持。"]

    def test_a_pace_says_from_which_year_it_counts(self):
        goal, pace = Goal(2030, value=D(35)), rules.Pace(2030, D(35), TODAY, 5, D("1.04"), None, 0)
        said = [
            rules.pace_words(known, goal, pace)
            for known in (terms(year("29.8")), terms(year("29.8"), quarter("31.2")))
        ]
        assert said == [
            "今后年均需提高1.04个百分点。",
            "从2025年值算起，今后年均需提高1.04个百分点。",
        ]

    @pytest.mark.parametrize(
        ("values", "said"),
        [
            ((), "还没有数值"),
            ((year("29.8"),), "2025年为29.8%（部门统计）"),
            ((quarter("31.2"),), "2026年第三季度为31.2%（部门统计）"),
            (
                (year("29.8"), quarter("31.2")),
                "2025年为29.8%（部门统计），2026年第三季度为31.2%（部门统计）",
            ),
        ],
    )
    def test_without_a_goal(self, values, said):
        found = rules.latest_sentence(terms(*values), 2025, today=TODAY)
        assert found == f"{said}。方案没有提出2025年目标。"


@pytest.mark.django_db
class TestRead:
    @pytest.fixture
    def target(self):
        found = TargetFactory(code="T88", accounting_basis="区级口径")
        MilestoneFactory(target=found, value=D(35))
        ObservationFactory(target=found, value=D("29.8"))
        return found

    def both(self, **more):
        """The newest value of list and page in words, which have to be the same."""
        listed = next(row for row in judged_targets(**more) if row.target.code == "T88")
        shown = target_detail(code="T88", **more).judged
        assert listed.terms == shown.terms
        return listed.newest.words

    def add(self, target, value, code="2026Q3", **more):
        period = Period.parse(code)
        facts = {"year": period.year, "quarter": period.quarter, "value": value}
        return ObservationFactory(target=target, **facts, **more)

    @pytest.mark.usefixtures("of_2026q3")
    def test_in_force_and_of_the_own_basis(self, target):
        self.add(target, D("30.6"), "2026Q2", basis="区级口径", grade="preliminary")
        self.add(target, D("31.2"), "2026Q4", is_current=False)
        self.add(target, D("50"), basis="市级口径")
        self.add(target, None, not_applicable=True)
        assert self.both() == "2026年第二季度30.6%（初步核算）"

    def test_as_known_on_a_day(self, target):
        for code, value, came in (("2026Q2", "30.6", "07-20"), ("2026Q3", "31.2", "10-20")):
            row = self.add(target, D(value), code)
            Observation.objects.filter(pk=row.pk).update(recorded_at=f"2026-{came}T09:00+08:00")
        Observation.objects.filter(quarter=None).update(recorded_at="2026-04-20T09:00+08:00")
        days = {"2026-10-20": "31.2%", "2026-10-19": "30.6%", "2026-07-19": "29.8%"}
        for day, value in days.items():
            assert value in self.both(asof=AsOf(Period.parse("2026").end.fromisoformat(day)))

    @pytest.mark.usefixtures("of_2026q3")
    def test_what_waits_is_laid_over(self, target):
        self.add(target, D("30.6"), "2026Q2")
        row = Observation(year=2026, quarter=3, value=D("31.2"), grade="department")
        found = Unreviewed(quarters={target.pk: (row,)})
        assert self.both(unreviewed=found) == "2026年第三季度31.2%（部门统计，含待审核）"
