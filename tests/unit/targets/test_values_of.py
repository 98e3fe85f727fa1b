"""A peak that reads the values of another target, so that they are reported and held once."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse

from agencies.choices import Role
from reporting.periods.selectors.planned_obligations import planned_obligations
from targets import selectors, services
from targets.choices import Comparison, MilestoneState, Nature, TargetKind
from targets.models import Observation, Target
from targets.rules import Actual, Grade
from targets.selectors.judging.unreviewed import Unreviewed
from tests.documents import document
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.reporting import PeriodFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.unit.targets.terms import D

pytestmark = pytest.mark.django_db
CONTROL, PEAK = "成品油消费量控制（“十四五”期间）", "成品油消费基本达峰"


@pytest.fixture
def control():
    target = TargetFactory(
        code="T08", name=CONTROL, kind=TargetKind.ASSIGNED, unit="万吨", lead=AgencyFactory()
    )
    MilestoneFactory(target=target, year=2025, value=D("20.5"), comparison=Comparison.AT_MOST)
    return target


@pytest.fixture
def peak(control):
    target = TargetFactory(
        code="T09", name=PEAK, kind=TargetKind.PEAK_BY, unit="万吨", lead=AgencyFactory(),
        values_of=control,
    )  # fmt: skip
    MilestoneFactory(
        target=target, year=2030, value=None, nature=Nature.EVENT,
        comparison=Comparison.BEFORE_YEAR, state=MilestoneState.SET,
    )  # fmt: skip
    return target


def series(target, values=((2021, "21.4"), (2022, "21.6"), (2023, "20.8"), (2024, "20.1"))):
    return [ObservationFactory(target=target, year=year, value=D(value)) for year, value in values]


def judged(code, **more):
    return next(row for row in selectors.judged_targets(**more) if row.target.code == code)


@pytest.mark.usefixtures("of_2026q3")
def test_each_judges_the_same_values_by_its_own_goal(control, peak):
    series(control)
    ObservationFactory(target=control, year=2025, value=D("20.0"), grade="final", is_demo=True)
    both = [judged(code) for code in ("T08", "T09")]
    assert both[0].terms.actuals == both[1].terms.actuals
    assert both[0].settled.verdict == "achieved"
    assert "连降3年" in both[1].light.reason or "连降3年" in both[1].settled_sentence
    assert all(row.has_demo for row in both)


def test_the_page_shows_them_and_where_they_are_from(control, peak, client):
    series(control)
    client.force_login(UserFactory(roles=[Role.LEADER]))
    page = document(client.get(reverse("targets:detail", args=["T09"]))).text
    assert f"数值取自T08{CONTROL}" in page
    assert "20.1" in page
    assert [row.observation.year for row in selectors.target_detail(code="T09").values] == [
        2024, 2023, 2022, 2021,
    ]  # fmt: skip


def test_what_waits_for_review_is_laid_over_both(control, peak):
    waiting = Unreviewed({control.pk: (Actual(2025, D("19.9"), Grade.FINAL, is_unreviewed=True),)})
    for code in ("T08", "T09"):
        assert judged(code, unreviewed=waiting).terms.latest.value == D("19.9")
        found = selectors.target_detail(code=code, unreviewed=waiting)
        assert found.terms.latest.value == D("19.9")


def test_it_is_owed_once(control, peak):
    period = PeriodFactory(asks_annual=True)
    assert {row.subject for row in planned_obligations(period=period).owed} == {control.pk}


def test_a_value_of_its_own_is_refused(control, peak, cast):
    row = Observation(target=peak, year=2024, value=D(20), grade="final", source="年报")
    with pytest.raises(ValidationError, match="数值取自T08"):
        services.record_observations(observations=[row], by=cast["赵六"])


def test_only_a_peak_reads_and_only_from_a_holder(control, peak):
    with pytest.raises(IntegrityError, match="target_values_of_peak"):
        TargetFactory(code="T10", unit="万吨", values_of=control)


@pytest.mark.parametrize("change", [{"unit": "吨"}, {"reads": "T09"}])
def test_what_cannot_be_read_is_refused(control, peak, change):
    other = Target.objects.get(code=change.pop("reads", "T08"))
    new = TargetFactory.build(kind=TargetKind.PEAK_BY, **({"unit": "万吨"} | change))
    new.values_of = other
    with pytest.raises(ValidationError, match="同一单位、自己有数值"):
        new.clean()


def test_own_values_are_taken_back_first(control):
    new = TargetFactory(kind=TargetKind.PEAK_BY, unit="万吨")
    ObservationFactory(target=new, year=2024)
    new.values_of = control
    with pytest.raises(ValidationError, match="先撤销"):
        new.clean()


class TestExisting:
    """What two targets held apart becomes one series, where they do not contradict each other."""

    @pytest.fixture
    def apart(self, peak):
        Target.objects.filter(pk=peak.pk).update(values_of=None)
        return peak

    def migrate(self):
        import_module("targets.migrations.0016_values_read_once").read_once(apps, None)

    def test_what_is_lacking_moves_what_is_doubled_stays_readable(self, control, apart):
        series(control)
        series(apart, ((2020, "21.9"), (2021, "21.4")))
        self.migrate()
        apart.refresh_from_db()
        assert apart.values_of == control
        held = control.observations.filter(is_current=True)
        assert sorted(row.year for row in held) == [2020, 2021, 2022, 2023, 2024]
        doubled = apart.observations.get()
        assert (doubled.year, doubled.is_current) == (2021, False)
        assert doubled.retracted_at is not None

    def test_what_contradicts_is_left_to_the_bureau(self, control, apart):
        series(control)
        series(apart, ((2021, "21.5"),))
        self.migrate()
        apart.refresh_from_db()
        assert apart.values_of is None
        assert apart.observations.get().is_current

    def test_another_target_of_that_code_is_left_alone(self, control, apart):
        Target.objects.filter(pk=apart.pk).update(name="别的指标")
        self.migrate()
        apart.refresh_from_db()
        assert apart.values_of is None
