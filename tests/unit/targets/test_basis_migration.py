"""What the migration to the register of accounting bases makes of the rows that are there.

One database is taken back, filled with the cases, and brought forward: each case is a target.
"""

import datetime
from decimal import Decimal

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from audit.models import AuditEvent
from records.asof import AsOf
from targets.models import AccountingBasis, Observation, Target
from targets.selectors import target_detail

pytestmark = pytest.mark.django_db
BEFORE, AFTER = [("targets", "0016_values_read_once")], [("targets", "0018_basis_by_name")]
TODAY = datetime.datetime(2026, 11, 30, 9, 0, tzinfo=datetime.UTC)
OWN = "森林资源年度监测（省级）"
AGAIN = {"version": 2, "reason": "更正"}
PAST = {"is_current": False}
# Target → (value, basis, day of November on which it came, other facts).
CASES = {
    "plain_newest": [("15.1", OWN, 5, {"settles": True}), ("15.4", "", 10, {})],
    "named_newest": [("15.1", "", 5, {}), ("15.4", OWN, 10, {"settles": True})],
    "one_day": [("15.1", OWN, 5, {}), ("15.4", "", 5, {})],
    "grades": [("15.1", "", 5, {"grade": "final"}), ("15.4", OWN, 10, {"grade": "estimate"})],
    "corrected": [
        ("14.9", "", 3, PAST),
        ("15.2", OWN, 5, PAST),
        ("15.4", OWN, 6, AGAIN),
        ("15.0", "", 8, AGAIN),
    ],
    "quarter": [("15.1", "", 5, {"quarter": 4}), ("15.4", OWN, 10, {})],
    "spelled": [("15.1", " 森林资源年度 监测(省级)", 5, {}), ("15.4", "市级口径", 10, {})],
    "plain": [("15.1", "", 5, {})],
    "without": [("15.1", "", 5, {}), ("15.4", "市级口径", 6, {})],
}


@pytest.fixture(scope="module", autouse=True)
def migrated(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), time_machine.travel(TODAY, tick=False):
        old = migrate(BEFORE)
        for code, rows in CASES.items():
            _case(old, code, rows)
        migrate(AFTER)
        migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())
        yield
        call_command("flush", interactive=False, verbosity=0)


def migrate(where):
    executor = MigrationExecutor(connection)
    executor.migrate(where)
    return executor.loader.project_state(where).apps


def _case(old, code, rows):
    target = old.get_model("targets", "Target").objects.create(
        code=code[:10], name="森林覆盖率", short_name=code, kind="at_least", unit="%",
        accounting_basis="" if code == "without" else OWN,
    )  # fmt: skip
    values = old.get_model("targets", "Observation").objects
    for value, basis, on, facts in rows:
        more = {name: fact for name, fact in facts.items() if name != "settles"}
        row = values.create(
            target=target, value=Decimal(value), basis=basis,
            **{"year": 2025, "grade": "department", "source": "林业局", **more},
        )  # fmt: skip
        values.filter(pk=row.pk).update(recorded_at=_day(on))
        if "settles" in facts:
            milestone = old.get_model("targets", "Milestone").objects.create(
                target=target, year=2025, comparison="at_least", value=15
            )
            old.get_model("targets", "Settlement").objects.create(
                target=target, year=2025, milestone=milestone, observation=row,
                verdict="achieved", grounds="凭年度值",
            )  # fmt: skip


def _day(number):
    return datetime.datetime(2026, 11, number, 9, 0, tzinfo=datetime.UTC)


def judged(code, day=None):
    asof = AsOf(_day(day).date()) if day else None
    return target_detail(code=code[:10], asof=asof).judged


def shown(code, *days):
    """What the pages say of 2025, on past days and today."""
    found = [judged(code, day).terms.actual(2025) for day in (*days, None)]
    return [actual and str(actual.value.normalize()) for actual in found]


def rows_of(code):
    return Observation.objects.filter(target__short_name=code).order_by("version")


@pytest.mark.parametrize("code", CASES)
def test_of_each_period_and_basis_one_value_is_in_force(code):
    current = rows_of(code).filter(is_current=True)
    assert current.count() == (2 if code in {"quarter", "spelled", "without"} else 1)
    assert rows_of(code).count() == len(CASES[code]), "nothing is lost"


class TestTwoInForce:
    def test_the_newest_stays_and_the_other_is_taken_back(self):
        kept = rows_of("plain_newest").get(is_current=True)
        gone = rows_of("plain_newest").get(is_current=False)
        assert (kept.basis_id, kept.value, kept.retracted_at) == (OWN, Decimal("15.4"), None)
        assert (gone.basis_id, gone.value, gone.retracted_at) == (OWN, Decimal("15.1"), TODAY)
        event = AuditEvent.objects.get(object_code="plain_newe 2025")
        assert (event.action, event.object_type, event.reason) == ("撤销", "实际值", "口径合并")

    def test_what_was_settled_by_the_other_wants_settling_again(self):
        assert judged("plain_newest").is_outdated
        assert not judged("named_newest").is_outdated

    def test_past_days_show_what_they_showed(self):
        """Of two in force pages showed the one under the name, whichever was newer."""
        assert shown("plain_newest", 4, 7, 11, 29) == [None, "15.1", "15.1", "15.1", "15.4"]
        assert shown("named_newest", 4, 7, 11, 29) == [None, "15.1", "15.4", "15.4", "15.4"]

    def test_of_the_same_moment_the_later_row_stays(self):
        assert shown("one_day", 29) == ["15.1", "15.4"]

    def test_a_settled_value_was_shown_before_a_provisional_one(self):
        assert shown("grades", 7, 20) == ["15.1", "15.1", "15.4"]

    def test_corrections_of_both_stay_readable_and_none_comes_back(self):
        rows = rows_of("corrected")
        assert [str(row.value.normalize()) for row in rows] == ["14.9", "15", "15.2", "15.4"]
        assert [row.version for row in rows] == [1, 2, 3, 4]
        assert [row.retracted_at is None for row in rows] == [True, True, False, False]
        assert shown("corrected", 3, 5, 6, 29) == ["14.9", "15.2", "15.4", "15.4", "15"]


class TestNames:
    def test_equal_without_blanks_and_with_narrow_brackets_are_one(self):
        names = set(AccountingBasis.objects.values_list("name", flat=True))
        assert names == {OWN, "市级口径"}
        assert {row.basis_id for row in rows_of("spelled")} == names

    def test_no_name_is_the_targets_own_where_it_has_one(self):
        assert rows_of("plain").get().basis_id == OWN
        assert {row.basis_id for row in rows_of("without")} == {None, "市级口径"}
        assert Target.objects.get(code="without").accounting_basis is None

    def test_only_what_was_taken_back_is_noted(self):
        noted = set(AuditEvent.objects.values_list("object_code", flat=True))
        assert noted == {f"{code[:10]} 2025" for code in CASES if len(shown_twice(code)) > 1}


def shown_twice(code):
    """The names, of a target with one, under which its year had values in force."""
    rows = CASES[code] if code not in {"quarter", "spelled", "without"} else ()
    return {basis for _, basis, _, facts in rows if facts.get("is_current", True)}


class TestDatabase:
    """Whoever writes: two values in force under no name and under the own name cannot be."""

    def test_no_name_is_the_targets_own(self):
        known = rows_of("plain").get()
        known.pk, known.basis, known.version, known.reason = None, None, 2, "更正"
        with pytest.raises(IntegrityError, match="observation_one_current"), transaction.atomic():
            known.save(force_insert=True)

    def test_a_target_that_gets_a_basis_takes_its_values_along(self):
        Target.objects.filter(code="without").update(accounting_basis=OWN)
        assert {row.basis_id for row in rows_of("without")} == {OWN, "市级口径"}

    def test_two_spellings_are_no_two_entries(self):
        with pytest.raises(IntegrityError, match="one_spelling"), transaction.atomic():
            AccountingBasis.objects.create(name="森林资源 年度监测(省级)")
