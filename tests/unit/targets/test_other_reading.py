"""The other reading of a deadline: beside the milestones, in none of their reckonings."""

import datetime
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps as models
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from imports.selectors import plan_registers
from records.asof import AsOf
from setup import selectors as setup
from setup.services.published_plan import read_json
from targets import rules, selectors, services
from targets.choices import MilestoneState, Nature, SettledVerdict
from targets.resources import MilestoneRegister
from targets.selectors.settling import recognisable
from tests.factories.agencies import AdministratorFactory
from tests.factories.plan import DocumentFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.registers import bring_in, table_of
from tests.unit.targets.settling_scene import revise, settle

pytestmark = pytest.mark.django_db

FACTS = {"value": Decimal(60), "year": 2026, "is_alternative": True}


@pytest.fixture(autouse=True)
def today(clock):
    clock.move_to(datetime.date(2026, 11, 30))


def other_reading(target, due=datetime.date(2026, 12, 31), **facts):
    return MilestoneFactory(target=target, **FACTS | {"due": due} | facts)


@pytest.fixture
def both(target):
    """50 by the end of 2025, or 60 by the end of 2026."""
    target.baseline_value = Decimal(30)
    target.save()
    return MilestoneFactory(target=target, value=Decimal(50)), other_reading(target)


class TestItCountsNowhere:
    @pytest.mark.parametrize("asof", [None, AsOf(datetime.date(2027, 3, 1))])
    def test_not_in_the_terms(self, both, asof):
        (judged,) = selectors.judged_targets(asof=asof)
        assert [goal.year for goal in judged.terms.goals] == [2025]
        detail = selectors.target_detail(code="T18", asof=asof)
        assert detail.terms.goals == judged.terms.goals
        assert detail.settlement.row.milestone.year == 2025

    def test_the_required_line_stays_at_its_floor(self, both):
        terms = selectors.target_detail(code="T18").terms
        assert [rules.required(terms, year) for year in (2025, 2026, 2030)] == [50, 50, 50]

    @pytest.mark.parametrize("asof", [None, AsOf(datetime.date(2027, 3, 1))])
    def test_its_year_is_no_year_that_is_settled(self, both, asof):
        assert selectors.settled_year(year=2026, asof=asof).rows == ()
        (row,) = selectors.settled_year(year=2025, asof=asof).rows
        assert row.milestone == both[0]

    def test_it_is_not_recognised(self, target):
        facts = {"nature": Nature.EVENT, "comparison": "", "value": None}
        other_reading(target, **facts)
        assert not recognisable(year=2026)

    def test_the_city_does_not_send_it_down(self, target):
        other_reading(target, state=MilestoneState.PENDING, value=None)
        assert not setup.pending_milestones()
        target.milestones.update(state=MilestoneState.WITHDRAWN)
        assert not setup.assigned_milestones()

    def test_an_import_compares_the_first_reading(self, target):
        MilestoneFactory(target=target, year=2026, value=Decimal(55))
        other_reading(target)
        (known,) = plan_registers.targets()
        assert known.milestones == {2026: (MilestoneState.SET, Decimal(55))}


class TestItIsShown:
    def test_as_a_row_of_its_own(self, both):
        first, other = selectors.target_detail(code="T18").milestone_rows
        assert (first.label, first.text) == ("2025年", "≥50%")
        assert (other.label, other.text, other.word) == ("2026年", "≥60%", "未到期")
        assert other.note == "另一种期限（到2026年12月31日），不计入2025年和2030年"
        assert other.level == "", "no light: nothing rests on it"

    def test_with_what_the_value_says_by_it(self, both, clock):
        clock.move_to(datetime.date(2027, 3, 1))
        ObservationFactory(target=both[0].target, year=2026, value=Decimal("59.9"))
        assert selectors.target_detail(code="T18").milestone_rows[1].word == "未达标"

    def test_beside_a_goal_of_its_own_year(self, target):
        MilestoneFactory(target=target, year=2026, value=Decimal(55))
        other_reading(target)
        rows = selectors.target_detail(code="T18").milestone_rows
        assert [row.text for row in rows] == ["≥55%", "≥60%"]


class TestSettling:
    def test_itself_is_not_settled(self, both, reviewer):
        value = ObservationFactory(target=both[0].target, year=2026)
        with pytest.raises(ValidationError, match="T18 2026（另一种期限）只供对照，不作判定"):
            settle(both[1], value, reviewer)

    def test_an_open_reading_forbids_a_miss(self, both, reviewer):
        """2026年之前: end of 2025 or end of 2026, until the bureau answers."""
        target = both[0].target
        less = ObservationFactory(target=target, value=Decimal("49.9"))
        with pytest.raises(
            ValidationError, match="T18的原文期限有两种读法，按另一种到2026年12月31日才到期"
        ):
            settle(both[0], less, reviewer)
        enough = revise(target, reviewer, "50")
        assert settle(both[0], enough, reviewer).verdict == SettledVerdict.ACHIEVED

    def test_one_that_has_passed_forbids_nothing(self, both, reviewer, clock):
        clock.move_to(datetime.date(2027, 1, 1))
        less = ObservationFactory(target=both[0].target, value=Decimal("49.9"))
        assert settle(both[0], less, reviewer).verdict == SettledVerdict.MISSED

    def test_one_of_an_earlier_year_forbids_nothing(self, both, reviewer, clock):
        target = both[0].target
        later = MilestoneFactory(target=target, year=2030, value=Decimal(70))
        clock.move_to(datetime.date(2031, 3, 1))
        value = ObservationFactory(target=target, year=2030, value=Decimal(69))
        assert settle(later, value, reviewer, year=2030).verdict == SettledVerdict.MISSED


class TestVersions:
    def test_it_has_versions_of_its_own(self, both):
        new = MilestoneFactory.build(
            target=both[0].target,
            **FACTS | {"value": Decimal(65), "due": datetime.date(2026, 12, 31)},
            document=DocumentFactory(),
            effective_from=datetime.date(2026, 11, 1),
        )
        services.set_milestone(milestone=new, by=AdministratorFactory())
        rows = both[0].target.milestones.order_by("year", "version")
        assert list(rows.values_list("year", "version", "is_current")) == [
            (2025, 1, True),
            (2026, 1, False),
            (2026, 2, True),
        ]
        detail = selectors.target_detail(code="T18")
        assert [row.label for row in detail.older_milestones] == ["2026年（另一种期限） 第1版"]
        past = selectors.target_detail(code="T18", asof=AsOf(datetime.date(2026, 11, 29)))
        assert [row.text for row in past.milestone_rows] == ["≥50%", "≥60%"]

    def test_it_needs_its_deadline(self, target):
        other = MilestoneFactory.build(target=target, **FACTS, due=None)
        with pytest.raises(ValidationError, match="另一种期限要写明目标年和期限"):
            services.set_milestone(milestone=other, by=AdministratorFactory())

    def test_the_register_keeps_both_of_a_year(self, target):
        MilestoneFactory(target=target, year=2026, value=Decimal(55))
        other_reading(target)
        _, rows = table_of(MilestoneRegister)
        assert [(row["目标年"], row["另一种期限"], row["目标值"]) for row in rows] == [
            (2026, "否", 55),
            (2026, "是", 60),
        ]
        admin = AdministratorFactory()
        assert bring_in(MilestoneRegister, rows, by=admin).counts["same"] == 2
        new = rows[1] | {"目标年": 2027, "期限": "2027-12-31"}
        bring_in(MilestoneRegister, [new], by=admin)
        assert target.milestones.get(year=2027).is_alternative


def test_the_migration_keeps_what_a_field_said():
    """Each version that named another deadline gets one of its own."""
    before, after = [("targets", "0013_tolerance_confirmed")], [("targets", "0014_other_reading")]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    MigrationExecutor(connection).migrate(before)
    apps = MigrationExecutor(connection).loader.project_state(before).apps
    target = apps.get_model("targets", "Target").objects.create(code="T26", name="社区", position=1)
    facts = {"year": 2025, "comparison": "at_least", "due": "2025-12-31", "target": target}
    old = apps.get_model("targets", "Milestone").objects
    old.create(**facts, value=50, is_current=False)
    old.create(**facts, value=60, version=2, alternative_due="2026-12-31")
    MigrationExecutor(connection).migrate(after)
    new = MigrationExecutor(connection).loader.project_state(after).apps
    rows = new.get_model("targets", "Milestone").objects.order_by("year", "version")
    names = ("year", "version", "is_alternative", "is_current", "value")
    assert list(rows.values_list(*names)) == [
        (2025, 1, False, False, 50),
        (2025, 2, False, True, 60),
        (2026, 2, True, True, 60),
    ]
    first, other = rows.filter(version=2)
    assert (other.due, other.created_at) == (datetime.date(2026, 12, 31), first.created_at)


@pytest.mark.parametrize(
    ("known", "kept"),
    [({}, False), ({"text": "到2025年创建50%以上"}, True), ({"note": "已答复"}, True)],
)
def test_an_upgrade_says_the_note_of_each_reading(known, kept):
    """The published note spoke of both deadlines when they were one row; another text stays."""
    migration = import_module("targets.migrations.0022_note_of_t26")
    target = TargetFactory(code="T26")
    facts = {"target": target, "text": migration._TEXT, "value": Decimal(50)}
    MilestoneFactory(**facts | {"year": 2025, "note": migration._NOTES[2025][0]} | known)
    MilestoneFactory(**facts, year=2026, is_alternative=True, due=datetime.date(2026, 12, 31))
    before = list(target.milestones.values_list("note", flat=True))
    migration.say_each_reading_at_its_own(models, None)
    after = list(target.milestones.values_list("note", flat=True))
    published = next(row for row in read_json(name="targets")["targets"] if row["code"] == "T26")[
        "milestones"
    ]
    assert after[1] == published[1]["note"]
    assert after[0] == (before[0] if kept else published[0]["note"])
