"""One bar for every role, the search in it by keyboard, and a handover to a colleague."""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from agencies.choices import Role
from agencies.models import User
from tests.browser.test_every_page import barriers, too_wide
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.reporting import ObligationFactory, filled
from tests.factories.targets import TargetFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BAR = """() => {
  const bar = document.querySelector(".top > div");
  const [nav, find, who] = ["nav", ".find", ".who"].map((part) => bar.querySelector(part));
  const ends = [nav, find, who].map((part) => part.getBoundingClientRect());
  return bar.offsetHeight === 48 && ends[0].right <= ends[1].left && ends[1].right <= ends[2].left
    && [...nav.children].every((item) => item.scrollWidth <= item.clientWidth + 1);
}"""
ROLES = (
    [Role.REPORTER], [Role.SIGNER], [Role.REPORTER, Role.SIGNER], [Role.REVIEWER, Role.REPORTER],
    [Role.LEADER], [Role.ADMINISTRATOR], [Role.ADMINISTRATOR, Role.REPORTER, Role.SIGNER],
)  # fmt: skip


def enter(page: Page, address: str, user: User) -> Page:
    """The page with a session of that account."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.clear_cookies()
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": address}]
    )
    return page


def test_the_bar_holds_the_search_for_every_role(page, live_server):
    agency = AgencyFactory(name="区机关事务服务中心")
    user = UserFactory(name="欧阳晓明", agency=agency)
    for roles in ROLES:
        User.objects.filter(pk=user.pk).update(roles=roles)
        enter(page, live_server.url, user).goto(f"{live_server.url}/find/")
        assert page.evaluate(BAR), roles


def test_words_are_looked_for_by_keyboard_and_on_a_phone(page, new_page, live_server):
    TargetFactory(code="T18", name="纯电动公交车比例")
    user = UserFactory()
    enter(page, live_server.url, user).goto(f"{live_server.url}/help/")
    assert barriers(page) == []
    page.get_by_label("查找指标、任务、项目、单位、条款").press_sequentially("公交")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="T18 纯电动公交车比例")).to_be_visible()
    assert page.locator("mark").all_inner_texts() == ["公交"]
    assert barriers(page) == []
    phone = new_page(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    enter(phone, live_server.url, user).goto(f"{live_server.url}/help/")
    phone.get_by_label("主导航").get_by_role("link", name="查找").click()
    phone.get_by_label("编号或文字").fill("t18")
    phone.get_by_label("编号或文字").press("Enter")
    expect(phone).to_have_url(f"{live_server.url}/targets/T18/")


def test_a_signer_hands_over_and_the_colleague_finds_it(page, new_page, live_server):
    agency = AgencyFactory(name="区交通运输局", code="jtj")
    wang, liu = (UserFactory(name=name, agency=agency) for name in ("王芳", "刘强"))
    chen = UserFactory(name="陈磊", agency=agency, roles=[Role.SIGNER])
    filled(ObligationFactory(agency=agency, target__code="T18"), {"value": "78"}, by=wang)
    enter(page, live_server.url, chen).goto(f"{live_server.url}/my/signing/")
    page.get_by_role("link", name="交接", exact=True).click()
    page.get_by_role("link", name="交接王芳手里的事项").click()
    expect(page.get_by_role("checkbox", name="交接2026Q3 T18")).to_be_checked()
    assert barriers(page) == []
    page.get_by_label("接收人").select_option(label=f"刘强（{liu.username}），填报员")
    page.get_by_label("交接原因").fill("调离")
    page.get_by_role("button", name="交接给接收人").click()
    expect(page.get_by_role("heading", name="王芳交接给刘强")).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("link", name="打印交接清单").click()
    expect(page.get_by_text("监交人（签字）")).to_be_visible()
    phone = new_page(viewport={"width": 390, "height": 844})
    enter(phone, live_server.url, liu).goto(f"{live_server.url}/my/")
    phone.get_by_role("link", name="看交接单").click()
    phone.get_by_role("link", name="JJ-").click()
    expect(phone.get_by_role("heading", name="王芳交接给刘强")).to_be_visible()
    assert too_wide(phone) == []
