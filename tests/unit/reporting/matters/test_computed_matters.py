"""The computed list: what the data say has to be decided, until it is."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.management import call_command

from projects.models import Project, ProjectProgress
from projects.selectors import ProjectRow, project_rows
from reporting.matters.rules import computed as rules
from reporting.matters.rules.computed import ComputedKind, UnledTarget, WaitsFor
from reporting.matters.selectors.computed import computed_matters, tasks_without_body
from targets.rules import Actual, Comparison, Goal, GoalState, Grade, Grounds, Verdict
from targets.selectors import judged_targets
from targets.selectors.judging.terms import SettlementInForce
from tasks.models import Task
from tests.unit.targets.judged import TODAY, agency, category, judged

D = Decimal
LED = {"lead": agency("city_management", "区城管局")}


def unled(code, name, field="08", **facts):
    return UnledTarget(code, name, field, "循环经济", **facts)


def only(found):
    assert len(found) == 1
    return found[0]


class TestTargetLeads:
    def test_names_that_begin_alike_are_one_row(self):
        row = only(
            rules.target_leads(
                [
                    unled("T21", "垃圾回收利用率", behind="差5.2个百分点", source="区城管局"),
                    unled("T22", "垃圾分类覆盖率"),
                    unled("T23", "垃圾资源化比例"),
                ]
            )
        )
        assert row.title == "垃圾三项指标（T21—T23）的牵头单位"
        assert row.note == "方案没有列牵头单位；T21差5.2个百分点，数据来源：区城管局"
        assert (row.tag, row.waits_for, row.is_ownerless) == ("指定", WaitsFor.LEADER, True)

    def test_two_codes_are_listed_and_names_unlike_take_the_field(self):
        row = only(rules.target_leads([unled("T21", "垃圾回收利用率"), unled("T23", "再生资源")]))
        assert row.title == "循环经济两项指标（T21、T23）的牵头单位"
        assert row.note == "方案没有列牵头单位"

    def test_one_is_called_by_its_name(self):
        row = only(rules.target_leads([unled("T16", "绿色出行比例")]))
        assert row.title == "绿色出行比例（T16）的牵头单位"

    def test_the_field_with_a_missed_target_comes_first(self):
        found = rules.target_leads(
            [
                unled("T08", "成品油消费量", "02"),
                unled("T21", "垃圾回收利用率", "08", behind="差5.2个百分点"),
            ]
        )
        assert [row.codes for row in found] == [("T21",), ("T08",)]

    def test_codes_of_a_run_with_a_gap_are_listed(self):
        assert rules.code_words(["T21", "T22", "T24"]) == "T21、T22、T24"


class TestProjectReporters:
    def test_overdue_ones_are_named(self):
        codes = [f"P{number}" for number in range(1, 13)]
        row = only(rules.project_reporters(codes, ["P2", "P9"]))
        assert (row.title, row.note) == ("12个项目的填报责任单位", "2个已超期：P2、P9")

    def test_one_without_delay(self):
        row = only(rules.project_reporters(["P12"]))
        assert (row.title, row.note) == ("P12的填报责任单位", "附件没有列填报责任单位")

    def test_none(self):
        assert rules.project_reporters([]) == ()


class TestTaskConvenors:
    def test_many_are_cut(self):
        row = only(rules.task_convenors([f"9-{number}" for number in range(1, 11)]))
        assert row.title == "10项任务的汇总单位"
        assert row.note == "方案没有列牵头单位：9-1、9-2、9-3、9-4、9-5、9-6、9-7、9-8等"

    def test_one_and_none(self):
        assert only(rules.task_convenors(["9-1"])).title == "9-1的汇总单位"
        assert rules.task_convenors([]) == ()


class TestCityGoals:
    def test_goals_by_year(self):
        row = only(rules.city_goals([("T01", 2030), ("T02", 2025), ("T02", 2030), ("T08", 2025)]))
        assert row.title == "市级目标下达"
        assert row.note == "市里还没有下达：T02、T08的2025年目标，T01、T02的2030年目标"
        assert (row.tag, row.waits_for, row.is_ownerless) == ("向上", WaitsFor.LEADER, False)
        assert row.codes == ("T01", "T02", "T08")

    def test_none(self):
        assert rules.city_goals([]) == ()


def settled(row, then, *, is_outdated):
    goal = row.present.goal
    grounds = Grounds(goal, 1, Actual(2025, D(then), Grade.FINAL), 1)
    standing = SettlementInForce(2025, Verdict.ACHIEVED, grounds, is_outdated)
    return replace(row, standings=(standing,))


class TestFromRows:
    def test_a_target_with_a_body_and_its_goals_asks_nothing(self):
        assert computed_matters([judged(target=LED, values=[(2025, "21")])], ()) == ()

    def test_a_convenor_is_a_body_too(self):
        named = {"convenor": agency("reform", "区发改局")}
        assert computed_matters([judged(target=named)], ()) == ()

    def test_a_missed_target_without_a_lead(self):
        field = {"category": category(8, name="循环经济")}
        rows = [
            judged(code, target={"short_name": name, **field}, values=values)
            for code, name, values in (
                ("T21", "垃圾回收利用率", [(2025, "14.8")]),
                ("T22", "垃圾分类覆盖率", []),
                ("T23", "垃圾资源化比例", []),
            )
        ]
        row = only(computed_matters(rows, ()))
        assert row.title == "垃圾三项指标（T21—T23）的牵头单位"
        assert row.note == "方案没有列牵头单位；T21差5.2个百分点"
        assert row.url == "/targets/T21/"

    def test_a_verdict_whose_value_was_corrected(self):
        kept = judged("T10", values=[(2025, "99.2")], target={**LED, "short_name": "居民气化率"})
        row = only(computed_matters([settled(kept, "99.1", is_outdated=True)], ()))
        assert row.kind == ComputedKind.VERDICT
        assert row.title == "居民气化率2025年目标重新判定"
        assert row.note == "判定用99.1%，现为99.2%"
        assert (row.about, row.waits_for, row.url) == ("T10", WaitsFor.BUREAU, "/targets/T10/")

    def test_a_verdict_whose_goal_was_changed(self):
        kept = judged("T10", values=[(2025, "99.2")], target=LED)
        row = only(computed_matters([settled(kept, "99.2", is_outdated=True)], ()))
        assert row.note == "判定以后依据的目标、数值版本或容差有变"

    def test_a_verdict_that_stands_asks_nothing(self):
        kept = judged("T10", values=[(2025, "99.2")], target=LED)
        assert computed_matters([settled(kept, "99.2", is_outdated=False)], ()) == ()

    @pytest.mark.parametrize("is_confirmed", [True, False])
    def test_a_tolerance_until_it_is_confirmed(self, is_confirmed):
        goals = (Goal(2025, comparison=Comparison.ABOUT, value=D("15.38")),)
        facts = {"goals": goals, "is_tolerance_confirmed": is_confirmed}
        row = judged("T04", terms=facts, target={**LED, "short_name": "森林覆盖率"})
        found = computed_matters([row], ())
        assert [one.title for one in found] == (
            [] if is_confirmed else ["森林覆盖率“左右”的容差确认"]
        )
        assert is_confirmed or found[0].note == "现按±2%，还没有依据文件"

    def test_a_goal_that_the_city_has_not_sent(self):
        goals = (Goal(2030, state=GoalState.PENDING), Goal(2025, value=D(20)))
        row = only(computed_matters([judged("T01", terms={"goals": goals}, target=LED)], ()))
        assert row.note == "市里还没有下达：T01的2030年目标"
        assert row.url == "/targets/T01/"

    def test_projects_without_a_body(self):
        """Those that are done, too: the list of projects counts them."""
        rows = [
            project("P12", end_year=2025),
            project("P2", status="completed"),
            project("P9", named=agency("reform", "区发改局")),
            project("P18", end_year=2030),
        ]
        row = only(computed_matters([], rows))
        assert row.codes == ("P2", "P12", "P18")
        assert (row.title, row.note) == ("3个项目的填报责任单位", "1个已超期：P12")
        assert row.url == "/projects/?agency=none"

    def test_tasks_without_a_body(self):
        row = only(computed_matters([], (), [Task(code="9-1"), Task(code="9-2")]))
        assert (row.title, row.url) == ("2项任务的汇总单位", "/tasks/?share=none")


def project(code, *, end_year=2024, status="under_way", named=None):
    record = Project(code=code, number=int(code[1:]), end_year=end_year, reporting_agency=named)
    latest = ProjectProgress(project=record, year=2026, quarter=3, status=status)
    return ProjectRow(record, latest, TODAY)


@pytest.mark.django_db
def test_the_plan_as_published(django_assert_num_queries):
    """The five targets without a lead, the projects of annex 2 and the tasks of the plan."""
    call_command("load_plan", verbosity=0)
    judged_rows, projects = judged_targets(), project_rows()
    with django_assert_num_queries(1):
        found = computed_matters(judged_rows, projects, tasks_without_body())
    assert [row.title for row in found] == [
        "成品油消费两项指标（T08、T09）的牵头单位",
        "垃圾三项指标（T21—T23）的牵头单位",
        "14个项目的填报责任单位",
        "7项任务的汇总单位",
        "市级目标下达",
        "森林覆盖率“左右”的容差确认",
    ]
    assert found[4].note == "市里还没有下达：T02、T08的2025年目标，T01、T02的2030年目标"
