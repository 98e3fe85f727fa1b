"""The register of accounting bases: entries, merging, splitting and undoing."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command

from audit.models import AuditEvent
from plan.models import DataState
from targets import services
from targets.models import AccountingBasis, BasisChange, Milestone, Observation, Target
from targets.rules.series.accounting import spelling
from targets.selectors import settled_year, target_detail
from targets.selectors.accounting import basis_names
from tests.factories.targets import (
    AccountingBasisFactory,
    MilestoneFactory,
    ObservationFactory,
    TargetFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 20, tzinfo=datetime.UTC)


@pytest.fixture
def admin(cast):
    return cast["管理员"]


@pytest.fixture
def own():
    return AccountingBasisFactory(name="在营公交车")


@pytest.fixture
def other():
    return AccountingBasisFactory(name="含出租车")


@pytest.fixture
def target(own):
    return MilestoneFactory(
        target=TargetFactory(code="T18", name="纯电动公交车比例", accounting_basis=own)
    ).target


def value(target, basis, number, day, **more):
    row = ObservationFactory(target=target, basis=basis, value=Decimal(number), **more)
    came = NOW - datetime.timedelta(days=day)
    Observation.objects.filter(pk=row.pk).update(recorded_at=came)
    return row


def state():
    """Everything that a change may change."""
    values = Observation.objects.order_by("pk").values_list(
        "pk", "basis", "version", "is_current", "retracted_at", "reason"
    )
    targets = Target.objects.order_by("pk").values_list("pk", "accounting_basis")
    goals = Milestone.objects.order_by("pk").values_list("pk", "basis")
    bases = AccountingBasis.objects.values_list("name", "measures", "valid_from", "valid_to")
    return list(values), list(targets), list(goals), set(bases)


class TestSpelling:
    @pytest.mark.parametrize("text", ["甲（乙）", " 甲(乙)", "甲　（ 乙 ）", "甲(乙）\n"])
    def test_blanks_and_widths_of_brackets_do_not_count(self, text):
        assert spelling(text) == "甲(乙)"

    @pytest.mark.parametrize("text", ["甲乙", "甲（丙）", "甲-（乙）", "甲（乙）。"])
    def test_anything_else_does(self, text):
        assert spelling(text) != "甲(乙)"


class TestEntries:
    def test_two_spellings_of_a_name_are_refused(self, admin, own):
        AccountingBasisFactory(name="在营公交车（区级）")
        again = AccountingBasis(name="在营 公交车(区级)")
        with pytest.raises(ValidationError, match="只差空格或括号"):
            services.save_basis(basis=again, by=admin)

    def test_years_are_in_order(self, admin, own):
        own.valid_from, own.valid_to = 2026, 2025
        with pytest.raises(ValidationError, match="不能早于起始年"):
            services.save_basis(basis=own, by=admin)

    def test_only_an_administrator_keeps_them(self, cast, own, other):
        by = cast["赵六"]
        for write in (
            lambda: services.save_basis(basis=AccountingBasis(name="新口径"), by=by),
            lambda: services.assign_basis(target=TargetFactory(), basis=own, by=by),
            lambda: services.merge(basis=other, into=own, by=by, reason="同一口径"),
        ):
            with pytest.raises(PermissionDenied):
                write()

    def test_a_new_name_is_that_of_all_that_refers_to_it(self, admin, target, own):
        row = value(target, own, "78", 5)
        goal = MilestoneFactory(target=target, year=2030, basis=own)
        own.name = "在营公交车（不含机动）"
        version = DataState.current().version
        assert services.save_basis(basis=own, by=admin).changes[0][2] == own.name
        row.refresh_from_db()
        target.refresh_from_db()
        goal.refresh_from_db()
        assert {row.basis_id, target.accounting_basis_id, goal.basis_id} == {own.name}
        assert DataState.current().version > version
        assert basis_names().canonical("在营公交车") == own.name

    def test_a_target_gets_its_basis_with_its_values(self, admin, own):
        target = TargetFactory()
        row = value(target, None, "78", 5)
        event = services.assign_basis(target=target, basis=own, by=admin, reason="补登记")
        row.refresh_from_db()
        assert row.basis_id == own.name
        assert ["口径", "", own.name] in event.changes

    def test_values_under_both_stand_in_the_way(self, admin, own):
        target = TargetFactory(code="T19")
        value(target, None, "78", 5)
        value(target, own, "80", 4)
        with pytest.raises(ValidationError, match="T19 2025年既有没注明口径的数值"):
            services.assign_basis(target=target, basis=own, by=admin)

    def test_a_basis_by_which_there_are_values_is_not_cleared(self, admin, target, own):
        value(target, own, "78", 5)
        target.accounting_basis = None
        with pytest.raises(ValidationError, match="口径不能清空"):
            services.save_target(target=target, by=admin)


class TestMerging:
    def test_what_refers_to_it_is_of_the_one_that_stays(self, admin, target, own, other):
        moved = value(target, other, "80", 3, year=2024)
        second = TargetFactory(accounting_basis=other)
        goal = MilestoneFactory(target=target, year=2030, basis=other)
        services.merge(basis=other, into=own, by=admin, reason="同一口径")
        for row in (moved, second, goal):
            row.refresh_from_db()
        assert {moved.basis_id, second.accounting_basis_id, goal.basis_id} == {own.name}
        assert not AccountingBasis.objects.filter(name=other.name).exists()
        event = AuditEvent.objects.latest("pk")
        assert (event.action, event.reason) == ("合并", "同一口径")
        assert event.changes[0] == ["口径", "含出租车", "在营公交车"]

    @pytest.mark.parametrize(("own_day", "kept"), [(5, "80"), (1, "78")])
    def test_of_two_in_force_the_newest_stays(self, admin, target, own, other, own_day, kept):
        first, second = value(target, own, "78", own_day), value(target, other, "80", 3)
        services.merge(basis=other, into=own, by=admin, reason="同一口径")
        current = Observation.objects.get(is_current=True)
        gone = Observation.objects.get(is_current=False)
        assert current.value == Decimal(kept)
        assert {current.pk, gone.pk} == {first.pk, second.pk}
        assert gone.retracted_at is not None
        event = AuditEvent.objects.get(action="撤销")
        assert (event.object_code, event.reason) == ("T18 2025", "口径合并")

    @pytest.mark.usefixtures("of_2026q3")
    def test_what_the_other_settled_wants_settling_again(self, target, own, other, admin):
        first = value(target, own, "78", 5, is_demo=True)
        value(target, other, "80", 3)
        services.settle(milestone=target.milestones.get(), observation=first, by=None)
        assert not target_detail(code="T18").judged.is_outdated
        services.merge(basis=other, into=own, by=admin, reason="同一口径")
        assert target_detail(code="T18").judged.is_outdated

    def test_into_itself_or_without_reason_it_is_refused(self, admin, own, other):
        with pytest.raises(ValidationError, match="另一个口径"):
            services.merge(basis=own, into=own, by=admin, reason="同一口径")
        with pytest.raises(ValidationError, match="写明原因"):
            services.merge(basis=own, into=other, by=admin, reason=" ")

    def test_a_text_with_the_former_name_is_read_as_the_one_that_stays(self, admin, own, other):
        services.merge(basis=other, into=own, by=admin, reason="同一口径")
        assert basis_names().canonical("含 出租车") == own.name


class TestSplitting:
    def test_the_values_of_some_years_move(self, admin, target, own, other):
        rows = [value(target, own, "78", 5, year=year) for year in (2023, 2024, 2025)]
        services.split(
            basis=own, into=other, years=(2024, 2025), targets=[target], moves_targets=True,
            by=admin, reason="2024年起计入出租车",
        )  # fmt: skip
        for row in rows:
            row.refresh_from_db()
        target.refresh_from_db()
        assert [row.basis_id for row in rows] == [own.name, other.name, other.name]
        assert target.accounting_basis_id == other.name

    def test_the_goals_of_those_years_too(self, admin, target, own, other):
        goals = [MilestoneFactory(target=target, year=year, basis=own) for year in (2026, 2030)]
        standing = MilestoneFactory(target=target, year=None, nature="standing", basis=own)
        services.split(
            basis=own, into=other, years=(2030, 2030), targets=[target], moves_targets=False,
            by=admin, reason="2030年目标计入出租车",
        )  # fmt: skip
        for goal in (*goals, standing):
            goal.refresh_from_db()
        assert [goal.basis_id for goal in goals] == [own.name, other.name]
        assert standing.basis_id == own.name

    def test_nothing_to_move_is_refused(self, admin, target, own, other):
        with pytest.raises(ValidationError, match="没有按这个口径登记的数值"):
            services.split(
                basis=own, into=other, years=(2024, 2025), targets=[target], moves_targets=False,
                by=admin, reason="计入出租车",
            )  # fmt: skip


class TestUndoing:
    def test_a_merge_is_as_if_it_had_not_been(self, admin, target, own, other):
        value(target, own, "78", 5)
        value(target, other, "79", 4, is_current=False)
        value(target, other, "80", 3, version=2, reason="更正")
        value(target, other, "60", 3, year=2024)
        TargetFactory(accounting_basis=other)
        MilestoneFactory(target=target, year=2030, basis=other)
        before = state()
        change = services.merge(basis=other, into=own, by=admin, reason="同一口径")
        assert state() != before
        services.undo(change=change, by=admin)
        assert state() == before
        assert AuditEvent.objects.latest("pk").action == "撤销合并"
        assert basis_names().canonical("含出租车") == "含出租车"

    def test_a_split_too(self, admin, target, own, other):
        value(target, own, "78", 5)
        value(target, other, "80", 3)
        MilestoneFactory(target=target, year=2026, basis=own)
        before = state()
        change = services.split(
            basis=own, into=other, years=(2025, 2026), targets=[target], moves_targets=True,
            by=admin, reason="计入出租车",
        )  # fmt: skip
        assert state() != before
        services.undo(change=change, by=admin)
        assert state() == before

    def test_not_where_a_goal_has_another_basis_since(self, admin, target, own, other):
        goal = MilestoneFactory(target=target, year=2030, basis=other)
        change = services.merge(basis=other, into=own, by=admin, reason="同一口径")
        Milestone.objects.filter(pk=goal.pk).update(basis=None)
        with pytest.raises(ValidationError, match="目标的口径又有修改"):
            services.undo(change=change, by=admin)

    def test_once_and_not_over_what_came_since(self, admin, target, own, other):
        row = value(target, other, "80", 3)
        change = services.merge(basis=other, into=own, by=admin, reason="同一口径")
        row.refresh_from_db()
        services.retract_observations(rows=[row], by=admin, reason="有误")
        with pytest.raises(ValidationError, match="不能再退回"):
            services.undo(change=change, by=admin)
        assert BasisChange.objects.get().undone_at is None
        assert not AccountingBasis.objects.filter(name=other.name).exists()


class TestGoal:
    def test_stands_with_its_basis_only_where_that_is_another(self, target, own, other):
        MilestoneFactory(target=target, year=2026, basis=own)
        MilestoneFactory(target=target, year=2030, basis=other)
        rows = target_detail(code="T18").milestone_rows
        assert [row.note for row in rows] == ["", "", "口径：含出租车"]

    @pytest.mark.usefixtures("of_2026q3")
    def test_is_judged_and_settled_by_a_value_of_its_basis_alone(self, target, own, other):
        Milestone.objects.update(basis=other)
        goal = target.milestones.get()
        row = value(target, own, "78", 5, is_demo=True)
        found = target_detail(code="T18").judged
        assert found.settled.label == found.light.reason == "口径变更待确认"
        with pytest.raises(ValidationError, match="实际值的口径与目标不同"):
            services.settle(milestone=goal, observation=row, by=None)
        fits = value(target, other, "74", 3, is_demo=True)
        assert target_detail(code="T18").judged.settled.label == "未达标"
        [shown] = settled_year(year=2025).rows
        assert shown.observation == fits
        services.settle(milestone=goal, observation=fits, by=None)
        found = target_detail(code="T18").judged
        assert (found.standing.verdict, found.is_outdated) == ("missed", False)


class TestCommand:
    def test_lists_what_has_none_and_fails(self, capsys, target):
        ObservationFactory(target=TargetFactory(code="T19", name="新能源车辆比例"))
        with pytest.raises(CommandError, match="1项指标没有口径") as failed:
            call_command("check_basis")
        assert failed.value.returncode == 1
        assert capsys.readouterr().out == "T19 新能源车辆比例：没有口径，现行数值1项，阶段目标0项\n"

    def test_is_content_where_all_have_one(self, capsys, target):
        call_command("check_basis")
        assert capsys.readouterr().out == "所有指标都有口径\n"
