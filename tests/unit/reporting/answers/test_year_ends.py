"""Year and fourth quarter of a stock: both are shown to the reviewer, and a difference is asked."""

from decimal import Decimal

import pytest

from reporting.answers.selectors.checking import checked_by_key
from targets.models import Target
from tests.documents import parsed
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.unit.reporting.reviewed import REASON, handed_in, make_agency, make_bureau

pytestmark = pytest.mark.django_db
WHY = {"why_W13": REASON}


@pytest.fixture
def zhang():
    return make_agency()


@pytest.fixture
def target(zhang):
    found = TargetFactory(code="T26", lead=zhang.agency, q4_is_year_end=True)
    MilestoneFactory(target=found, value=Decimal(50))
    return found


def of(obligation):
    found = checked_by_key(obligations=[obligation])[obligation.pk]
    return found.facts.twin, [doubt.message for doubt in found.doubts if doubt.code == "W13"]


def test_an_annual_value_is_compared_with_its_fourth_quarter(client, zhang, target):
    ObservationFactory(target=target, year=2024, value=Decimal(38))
    ObservationFactory(target=target, year=2025, quarter=4, value=Decimal(41))
    ObservationFactory(target=target, year=2025, quarter=3, value=Decimal(39))
    obligation = handed_in(zhang, "target", target=target, value="41.5", value_period="2025", **WHY)
    twin, said = of(obligation)
    assert twin == 41
    assert said[0].startswith("年度值 41.5%，四季度末值 41.0%，相差 0.5 个百分点：")
    client.force_login(make_bureau()["赵六"])
    text = parsed(client.get(f"/review/{'/'.join(obligation.address)}/").content.decode()).line
    assert "上年 2024 38.0 % 四季度末 2025Q4 41.0 % 2025年 · 部门统计 41.5 %" in text
    assert said[0] in text


def test_a_fourth_quarter_is_compared_with_its_year(zhang, target):
    ObservationFactory(target=target, year=2025, value=Decimal(41))
    obligation = handed_in(zhang, "target", target=target, value="40", value_period="2025Q4", **WHY)
    twin, said = of(obligation)
    assert twin == 41
    assert said[0].startswith("四季度末值 40.0%，年度值 41.0%，相差 1.0 个百分点：")


@pytest.mark.parametrize("known", [False, None])
def test_nothing_is_compared_where_it_is_no_stock(zhang, target, known):
    Target.objects.update(q4_is_year_end=known)
    target.refresh_from_db()
    ObservationFactory(target=target, year=2025, quarter=4, value=Decimal(41))
    obligation = handed_in(zhang, "target", target=target, value="41.5", value_period="2025")
    assert of(obligation) == (None, [])


@pytest.mark.parametrize("more", [{"quarter": 3}, {"quarter": 4, "basis": "另一口径"}])
def test_only_the_fourth_quarter_of_the_own_basis(zhang, target, more):
    ObservationFactory(target=target, year=2025, value=Decimal(41), **more)
    obligation = handed_in(zhang, "target", target=target, value="41.5", value_period="2025")
    assert of(obligation) == (None, [])
