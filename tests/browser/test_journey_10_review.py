"""Journey 10, the part of approval: filters, many at once, taken back, four eyes."""

import re

import pytest
from playwright.sync_api import Page, expect

from agencies.choices import Role
from reporting.models import Obligation
from tests.browser.test_every_page import barriers, too_wide
from tests.browser.test_journey_4_returned import enter, sound
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.unit.reporting.reviewed import fresh, handed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def people():
    agency = AgencyFactory(name="区交通运输局", code="jtj")
    bureau = AgencyFactory(name="区发展和改革局", code="fgj")
    both = [Role.REPORTER, Role.REVIEWER]
    return {
        "jtj_a": UserFactory(username="jtj_a", name="王芳", agency=agency),
        "fgw_r": UserFactory(username="fgw_r", name="李敏", agency=bureau, roles=[Role.REVIEWER]),
        "fgj_a": UserFactory(username="fgj_a", name="赵静", agency=bureau, roles=both),
    }


@pytest.fixture
def waiting(people):
    """T18 with a doubt, five clean ones of the agency, one of the bureau's own."""
    writer = people["jtj_a"]
    bus = TargetFactory(
        code="T18", name="纯电动公交车比例", lead=writer.agency, frequency="quarterly", decimals=2
    )
    MilestoneFactory(target=bus)
    for quarter, value in ((1, "77.1"), (2, "77.9")):
        ObservationFactory(target=bus, year=2026, quarter=quarter, value=value)
    return {
        "T18": handed_in(writer, "target", target=bus, value="84.2"),
        "clean": [handed_in(writer) for _ in range(5)],
        "own": handed_in(people["fgj_a"], "task"),
    }


def test_review(people, waiting, live_server, new_page):
    page = enter(new_page(), live_server.url, "fgw_r")
    filters_stay_in_the_address(page)
    approve_what_is_clean(page, waiting)
    take_back(page, waiting)
    own = enter(new_page(), live_server.url, "fgj_a")
    nobody_approves_the_own(own, waiting, live_server.url)


def filters_stay_in_the_address(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("审核 · 2026年第三季度")
    rows = page.locator(".queue li")
    expect(rows).to_have_count(7)
    expect(rows.first).to_contain_text("较上期+6.30")
    expect(page.get_by_role("button", name="筛选")).to_be_hidden()
    page.get_by_label("只看有疑点").check()
    expect(page).to_have_url(re.compile("doubts=1"))
    expect(rows).to_have_count(1)
    page.reload()
    expect(rows).to_have_count(1)
    expect(page.get_by_label("只看有疑点")).to_be_checked()
    sound(page)
    page.get_by_role("link", name="待审7").click()
    expect(page.get_by_label("只看有疑点")).not_to_be_checked()
    expect(page.get_by_role("button", name="筛选")).to_be_hidden()
    page.get_by_label("单位", exact=True).select_option("区交通运输局")
    expect(page).to_have_url(re.compile("agency=jtj"))
    expect(rows).to_have_count(6)


def approve_what_is_clean(page: Page, waiting) -> None:
    button = page.get_by_role("button", name=re.compile("^批量通过"))
    expect(button).to_be_disabled()
    expect(page.get_by_label("选择T18 区交通运输局")).to_be_disabled()
    page.get_by_label("全选无疑点（5）").check()
    expect(button).to_have_text("批量通过5项")
    page.locator("[data-pick]:not(:disabled)").first.uncheck()
    expect(button).to_have_text("批量通过4项")
    page.get_by_label("全选无疑点（5）").check()
    button.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("批量通过5项")
    for obligation in waiting["clean"]:
        expect(page.get_by_role("row").filter(has_text=obligation.name)).to_contain_text(
            "按分工完成本单位公务用车更新。"
        )
    assert fresh(waiting["clean"][0]).state == "submitted"
    sound(page)
    page.get_by_role("button", name="通过这5项").click()
    expect(page.get_by_role("status").first).to_contain_text("已通过5项")
    assert Obligation.objects.filter(state="approved").count() == 5


def take_back(page: Page, waiting) -> None:
    undo = page.get_by_role("button", name=re.compile(r"^撤销（(9:5\d|10:00)）"))
    expect(undo).to_be_visible()
    sound(page)
    undo.click()
    expect(page.get_by_role("status").first).to_contain_text("重新待审")
    expect(page.get_by_role("button", name=re.compile("^撤销（"))).to_have_count(0)
    assert not Obligation.objects.filter(state="approved").exists()


def nobody_approves_the_own(page: Page, waiting, address: str) -> None:
    own = waiting["own"]
    where = f"{address}/review/2026Q3/tasks/{own.subject_code}/"
    page.goto(where)
    expect(page.locator("body")).to_contain_text("您是本项填报人，请由其他审核员审核")
    expect(page.locator("#item")).to_contain_text("本局事项")
    expect(page.get_by_role("button", name=re.compile("^(通过|退回)"))).to_have_count(0)
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    answer = page.request.post(
        where,
        form={"csrfmiddlewaretoken": token, "item": str(own.pk), "round": "1", "do": "approve"},
        headers={"Referer": where},
    )
    assert answer.status == 403
    assert fresh(own).state == "submitted"


def test_without_a_script_and_on_a_phone(people, waiting, live_server, new_page):
    page = enter(new_page(java_script_enabled=False), live_server.url, "fgw_r")
    page.get_by_label("只看有疑点").check()
    page.get_by_role("button", name="筛选").click()
    expect(page.locator(".queue li")).to_have_count(1)
    page.get_by_role("link", name=re.compile("^待审")).click()
    page.get_by_label(re.compile("^全选无疑点")).check()
    page.get_by_role("button", name="批量通过").click()
    page.get_by_role("button", name=re.compile("^通过这")).click()
    expect(page.get_by_role("button", name=re.compile(r"^撤销（\d\d:\d\d前可以）"))).to_be_visible()
    page.get_by_role("link", name="纯电动公交车比例").click()
    page.get_by_label("审核意见").fill("属实")
    page.get_by_role("button", name="通过", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("已通过T18")

    small = enter(new_page(viewport=PHONE), live_server.url, "fgj_a")
    expect(small.locator("#item")).to_be_hidden()
    small.goto(f"{live_server.url}/review/2026Q3/targets/T18/")
    expect(small.locator(".queue")).to_be_hidden()
    small.get_by_role("link", name="← 审核队列").click()
    expect(small.locator(".queue")).to_be_visible()
    assert barriers(small) == []
    assert too_wide(small) == []
