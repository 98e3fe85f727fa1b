"""Two reviewers settle a milestone and take a fourth quarter as the year's value."""

import pytest
from playwright.sync_api import expect

from agencies.choices import Role
from targets.models import Observation, Settlement
from tests.browser.pressing import press
from tests.browser.test_journey_4_returned import enter
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def reviewers():
    bureau = AgencyFactory(name="区发展和改革局", code="fgj")
    for username, name in (("fgw_r", "李敏"), ("fgw_s", "赵静")):
        UserFactory(username=username, name=name, agency=bureau, roles=[Role.REVIEWER])


def test_one_proposes_and_another_confirms(reviewers, live_server, new_page):
    settled, stock = TargetFactory(code="T18"), TargetFactory(code="T26", q4_is_year_end=True)
    MilestoneFactory(target=settled)
    MilestoneFactory(target=stock, value=50)
    ObservationFactory(target=settled, value="77.1")
    ObservationFactory(target=stock, year=2025, quarter=4, value="41.0")

    one = enter(new_page(), live_server.url, "fgw_r")
    one.goto(f"{live_server.url}/dashboard/2025/")
    one.get_by_role("row", name="T18").get_by_role("checkbox").check()
    press(one, "提出判定勾选的指标")
    press(one, "提出判定")
    expect(one.get_by_role("heading", name="您提出1项，等另一人确认")).to_be_visible()
    one.goto(f"{live_server.url}/targets/T26/")
    one.get_by_role("button", name="提出作为年度值").click()
    expect(one.get_by_role("alert").or_(one.get_by_role("status"))).to_contain_text("已提出T26")
    assert not Settlement.objects.exists()

    other = enter(new_page(), live_server.url, "fgw_s")
    other.goto(f"{live_server.url}/manage/proposals/")
    other.get_by_role("button", name="确认勾选的").click()
    expect(other.get_by_text("没有等确认的事项")).to_be_visible()
    assert Settlement.objects.get().proposed_by == "李敏"
    assert Observation.objects.get(target=stock, quarter=None).value == 41
