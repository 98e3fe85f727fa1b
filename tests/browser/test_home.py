"""The home by hand: the signer is reminded, what was decided is told once, on a phone too."""

import re

import pytest
from playwright.sync_api import Page, expect

from agencies.choices import Role
from reporting.choices import ObligationState
from reporting.review.services import reviews
from reporting.submitting import services as submissions
from tests.browser.test_every_page import barriers, too_wide
from tests.factories.agencies import PASSWORD, AgencyFactory, UserFactory
from tests.factories.reporting import ObligationFactory, filled
from tests.unit.reporting.checked import CONTRIBUTION

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people():
    agency = AgencyFactory(name="区交通运输局", code="jtj")
    bureau = AgencyFactory(name="区发展和改革局", code="fgj")
    phone = {"phone": "0731-0000 0002"}
    return {
        "jtj_a": UserFactory(username="jtj_a", name="王芳", agency=agency),
        "jtj_s": UserFactory(username="jtj_s", name="陈磊", agency=agency, roles=[Role.SIGNER]),
        "fgw_r": UserFactory(
            username="fgw_r", name="李敏", agency=bureau, roles=[Role.REVIEWER], **phone
        ),
    }


@pytest.fixture
def rows(people):
    """One is begun, two wait for the signer, two are with the bureau."""
    writer, signer = people["jtj_a"], people["jtj_s"]
    found = [ObligationFactory(agency=writer.agency, kind="contribution") for _ in range(5)]
    for row in found:
        filled(row, CONTRIBUTION, by=writer, state=ObligationState.DRAFT)
    keys = [row.pk for row in found]
    submissions.hand_over(pks=keys[1:], by=writer)
    submissions.sign(pks=keys[3:], by=signer)
    return found


def enter(page: Page, address: str, name: str) -> Page:
    page.goto(f"{address}/login/")
    page.get_by_label("账号").fill(name)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    return page


def test_a_reporter_sees_where_it_stands_and_reminds(people, rows, live_server, new_page):
    page = enter(new_page(), live_server.url, "jtj_a")
    chain = page.get_by_role("list", name="事项到了哪里")
    expect(chain.get_by_role("listitem")).to_have_text(
        [
            re.compile(word)
            for word in ("在您这里 1", "本单位审核人 2", "区发改局审核 2", "已通过 0")
        ]
    )
    page.get_by_role("button", name="提醒陈磊").click()
    expect(page.get_by_role("status").first).to_contain_text("已提醒陈磊")
    expect(chain).to_contain_text("今天已提醒")
    signer = enter(new_page(), live_server.url, "jtj_s")
    expect(signer.get_by_role("list", name="提醒")).to_contain_text("王芳提醒")
    reviews.give_back(pk=rows[4].pk, round=1, comment="写明车辆数", by=people["fgw_r"])
    page.get_by_role("button", name="退出").click()
    enter(page, live_server.url, "jtj_a")
    news = page.get_by_role("region", name=re.compile("^上次来过以后"))
    expect(news.get_by_role("listitem")).to_have_text(re.compile(rf"退回\s*{rows[4].subject_code}"))
    assert barriers(page) == []
    assert too_wide(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert barriers(page) == []
    expect(page.get_by_role("link", name="报告重大问题")).to_be_visible()
    expect(page.get_by_role("region", name="找谁")).to_contain_text("0731-0000 0002")
    page.get_by_role("link", name="以前的季度").click()
    expect(page.get_by_role("heading", name="收到的决定和答复")).to_be_visible()
    answer = page.locator(".past-list td.answer").first.bounding_box()
    assert answer is not None
    assert answer["width"] > 200
    assert answer["height"] < 200
