"""What was known at the end of a day: versions that had come and were not yet taken back."""

import datetime
from decimal import Decimal

import pytest
from django.apps import apps
from django.utils import timezone

from pages.asof import read_day
from plan.models import Recorded
from records.asof import AsOf, as_known, as_they_stood, key_of
from targets.models import Observation
from tests.factories.targets import ObservationFactory, TargetFactory

TODAY = datetime.date(2026, 11, 23)
RECORDED = [model for model in apps.get_models() if issubclass(model, Recorded)]


def moment(text):
    return timezone.make_aware(datetime.datetime.fromisoformat(text))


def version(target, number, value, came, gone=None, **fields):
    """A version that came, and perhaps was taken back, at a moment; the last one is current."""
    Observation.objects.filter(target=target, **fields).update(is_current=False)
    row = ObservationFactory(
        target=target,
        version=number,
        value=Decimal(value),
        reason="更正" if number > 1 else "",
        is_current=gone is None,
        retracted_at=moment(gone) if gone else None,
        **fields,
    )
    Observation.objects.filter(pk=row.pk).update(recorded_at=moment(came))
    return row


def known(day):
    rows = as_known(Observation.objects.all(), AsOf(datetime.date.fromisoformat(day)))
    return sorted(((row.year, row.quarter, row.value) for row in rows), key=str)


@pytest.mark.django_db
class TestKnown:
    @pytest.fixture
    def target(self):
        return TargetFactory()

    def test_a_correction_counts_from_the_moment_it_came(self, target):
        version(target, 1, 70, "2026-03-01T09:00")
        version(target, 2, 72, "2026-06-30T23:59:59")
        assert [known(day) for day in ("2026-02-28", "2026-03-01", "2026-06-29", "2026-06-30")] == [
            [], [(2025, None, 70)], [(2025, None, 70)], [(2025, None, 72)],
        ]  # fmt: skip

    def test_the_day_ends_in_local_time(self, target):
        version(target, 1, 70, "2026-07-01T00:00")
        assert known("2026-06-30") == []
        assert known("2026-07-01") == [(2025, None, 70)]

    def test_what_was_taken_back_later_held_until_then(self, target):
        first = version(target, 1, 70, "2026-03-01T09:00")
        version(target, 2, 72, "2026-04-01T09:00", gone="2026-05-10T09:00")
        Observation.objects.filter(pk=first.pk).update(is_current=True)
        values = [known(day)[0][2] for day in ("2026-03-31", "2026-05-09", "2026-05-10")]
        assert values == [70, 72, 70]

    def test_after_all_were_taken_back_nothing_was_known_until_the_next(self, target):
        version(target, 1, 70, "2026-03-01T09:00", gone="2026-04-01T09:00")
        version(target, 2, 71, "2026-05-01T09:00")
        assert [len(known(day)) for day in ("2026-03-31", "2026-04-01", "2026-05-01")] == [1, 0, 1]

    def test_keys_stay_apart_also_where_a_part_is_missing(self, target):
        version(target, 1, 70, "2026-03-01T09:00")
        version(target, 1, 71, "2026-03-01T09:00", quarter=1)
        version(target, 1, 72, "2026-03-01T09:00", year=2024)
        assert len(known("2026-03-02")) == 3

    def test_now_is_what_is_current(self, target):
        version(target, 1, 70, "2026-03-01T09:00")
        version(target, 2, 72, "2026-06-01T09:00")
        assert [row.value for row in as_known(Observation.objects.all(), None)] == [72]

    @pytest.mark.parametrize("day", ["2026-02-28", "2026-03-31", "2026-05-09", "2026-12-31"])
    def test_versions_as_they_stood_agree(self, target, day):
        first = version(target, 1, 70, "2026-03-01T09:00")
        version(target, 2, 72, "2026-04-01T09:00", gone="2026-05-10T09:00")
        Observation.objects.filter(pk=first.pk).update(is_current=True)
        version(target, 1, 60, "2026-04-02T09:00", year=2024)
        asof = AsOf(datetime.date.fromisoformat(day))
        stood = as_they_stood(Observation.objects.order_by("pk"), asof)
        in_force = sorted(
            ((row.year, row.quarter, row.value) for row in stood if row.is_current), key=str
        )
        assert in_force == known(day)
        assert all(row.retracted_at is None or row.standing == "已撤销" for row in stood)


@pytest.mark.parametrize("model", RECORDED, ids=lambda model: model.__name__)
def test_every_kind_of_record_says_what_keeps_its_versions_apart(model):
    key = key_of(model)
    assert key
    assert "version" not in key


@pytest.mark.parametrize(
    ("typed", "day", "said"),
    [
        ("2026-06-30", datetime.date(2026, 6, 30), ""),
        (" 2026年6月30日 ", datetime.date(2026, 6, 30), ""),
        ("2026-11-23", None, ""),
        ("2026-11-24", None, "2026年11月24日还没有到"),
        ("2019-12-31", None, "最早看2020年1月1日的数据"),
        ("2026-02-30", None, "读不出，应如2026-06-30"),
        ("去年", None, "读不出，应如2026-06-30"),
    ],
)
def test_a_day_is_read_or_said_why_not(typed, day, said):
    found = read_day(typed, today=TODAY)
    assert (found.asof.day if found.asof else None) == day
    assert said in found.problem
    assert bool(said) == bool(found.problem)
