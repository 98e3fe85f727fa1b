"""Each number of a target on the pages leads to its card, and the card says the same number."""

import re
from decimal import Decimal

import pytest

from agencies.choices import Role
from reporting.choices import ObligationKind
from targets.models import Target
from tests.factories.agencies import UserFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.unit.reporting.reviewed import handed_in, make_agency

pytestmark = pytest.mark.django_db

LINK = re.compile(r'<a class="num" data-value href="(/values/[^"]+)">([^<]+)</a>')
YEAR, QUARTER = "/values/T90/2025/", "/values/T90/2026Q2/"
PAGES = {
    "/targets/T90/": {YEAR: {"77.1", "实际77.1%"}, QUARTER: {"78.4", "78.4%"}},
    "/targets/": {YEAR: {"77.1%"}, QUARTER: {"78.4%"}},
    "/dashboard/2025/": {YEAR: {"77.1%"}, QUARTER: {"78.4%"}},
    "/dashboard/2030/": {QUARTER: {"78.4%"}},
    "/dashboard/": {QUARTER: {"78.4"}},
    "/agencies/jtj/": {QUARTER: {"78.4%"}},
    "/review/2026Q3/targets/T90/jtj/": {QUARTER: {"78.4"}},
}


@pytest.fixture
def reporter():
    reporter = make_agency()
    target = TargetFactory(code="T90", lead=reporter.agency, is_headline=True)
    MilestoneFactory(target=target, year=2025)
    MilestoneFactory(target=target, year=2030, value=Decimal(85))
    ObservationFactory(target=target, value=Decimal("77.1"), grade="final")
    ObservationFactory(target=target, year=2026, quarter=2, value=Decimal("78.4"))
    handed_in(reporter, ObligationKind.TARGET, target=target, value="79.0")
    return reporter


@pytest.mark.usefixtures("of_2026q3")
@pytest.mark.parametrize("page", PAGES)
def test_numbers_lead_to_their_cards(client, reporter, page):
    client.force_login(UserFactory(roles=[Role.REVIEWER]))
    found = {}
    for address, text in LINK.findall(client.get(page).content.decode()):
        found.setdefault(address, set()).add(text)
    assert found == PAGES[page]
    for address, texts in found.items():
        card = client.get(address).content.decode()
        for text in texts:
            assert text.removeprefix("实际").removesuffix("%") in card


def test_links_keep_the_day_and_what_waits(client, reporter):
    client.force_login(UserFactory(roles=[Role.REVIEWER]))
    Target.objects.get().observations.update(recorded_at="2026-01-01T00:00:00+08:00")
    past = client.get("/targets/T90/", {"asof": "2026-02-01"}).content.decode()
    assert f'href="{YEAR}?asof=2026-02-01"' in past
    both = client.get("/targets/T90/", {"basis": "submitted"}).content.decode()
    assert f'href="{YEAR}?basis=submitted"' in both
