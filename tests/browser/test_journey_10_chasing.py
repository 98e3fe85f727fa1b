"""Journey 10, second half: who is behind, a text for the group, a reminder, more time, a sheet."""

import datetime
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from agencies.choices import Role
from audit.models import AuditEvent
from reporting.choices import ObligationState
from reporting.models import Obligation
from tests.browser.test_every_page import barriers
from tests.factories.agencies import PASSWORD, AgencyFactory, UserFactory
from tests.factories.reporting import ObligationFactory, PeriodFactory
from tests.factories.targets import TargetFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}


def days(count):
    return timezone.localdate() + datetime.timedelta(days=count)


@pytest.fixture
def period():
    return PeriodFactory(opens_on=days(-20), due_on=days(5), closes_on=days(60))


@pytest.fixture
def behind(period):
    """区交通运输局 owes T18 and T19, 区农业农村局 T05; 区科技局 has handed in."""
    bureau = AgencyFactory(name="区发展和改革局", code="fgj")
    UserFactory(
        username="fgw_r", name="李敏", phone="84558899", agency=bureau, roles=[Role.REVIEWER]
    )
    for name, short, code, targets in (
        ("区交通运输局", "区交通局", "jtj", ("T18", "T19")),
        ("区农业农村局", "区农业农村局", "nyj", ("T05",)),
        ("区科学技术局", "区科技局", "kjj", ("T30",)),
    ):
        agency = AgencyFactory(name=name, short_name=short, code=code)
        UserFactory(username=f"{code}_a", name="王芳", phone="84550101", agency=agency)
        for target in targets:
            state = ObligationState.SUBMITTED if code == "kjj" else ObligationState.EMPTY
            subject = TargetFactory(code=target, lead=agency)
            ObligationFactory(period=period, agency=agency, target=subject, state=state)


def enter(page: Page, address: str, username: str) -> None:
    page.goto(f"{address}/login/")
    page.get_by_label("账号").fill(username)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_load_state()


def test_from_the_late_list_to_the_agency_and_back(
    period, behind, live_server, page: Page, new_page
):
    chase = f"{live_server.url}/review/2026Q3/remind/"
    enter(page, live_server.url, "fgw_r")
    page.goto(chase)
    expect(page.get_by_role("row").nth(1)).to_contain_text("区交通运输局")  # most is missing
    expect(page.get_by_text("1个单位已经报齐")).to_be_visible()
    assert not page.get_by_role("row", name="区科学技术局").count()
    assert not barriers(page)

    # a text for the WeChat group: codes and deadline, no link
    page.get_by_label("选择区交通运输局").check()
    expect(page.get_by_text("已选1个单位")).to_be_visible()
    page.get_by_role("button", name="复制文字").click()
    text = page.get_by_label("已复制的文字").input_value()
    due = period.due_on
    assert f"碳达峰进展填报{due.month}月{due.day}日截止，贵单位还有2项待报：T18、T19。" in text
    assert "联系人李敏 84558899" in text
    assert not re.search(r"https?:|/", text)

    # a reminder in the application, once, in the ledger too
    page.get_by_role("button", name="站内提醒").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("提醒1个单位")
    page.get_by_role("button", name="发出提醒").click()
    expect(page.get_by_text("已提醒1个单位")).to_be_visible()
    assert AuditEvent.objects.get(object_type="提醒").actor_name == "李敏"

    agency = new_page()
    enter(agency, live_server.url, "jtj_a")
    agency.goto(f"{live_server.url}/my/")
    expect(agency.get_by_text("贵单位还有2项待报：T18、T19")).to_be_visible()
    agency.get_by_role("button", name="知道了").click()
    expect(agency.get_by_text("贵单位还有2项待报")).to_have_count(0)

    # more time for one agency changes its due day, and no other
    page.get_by_label("选择区交通运输局").check()
    page.get_by_role("button", name="延期").click()
    page.get_by_label("延至").fill(f"{days(12)}")
    page.get_by_label("理由").fill("公交公司台账推迟")
    page.get_by_role("button", name="延期").click()
    expect(page.get_by_text("已为1个单位延期")).to_be_visible()
    for row in Obligation.objects.select_related("agency"):
        assert row.due_on == (days(12) if row.agency.code == "jtj" else None)
    agency.goto(f"{live_server.url}/my/")
    new = days(12)
    expect(agency.locator("main")).to_contain_text(f"{new.month}月{new.day}日")


def test_an_agency_asks_for_more_time_and_is_told(period, behind, live_server, new_page):
    agency, bureau = new_page(), new_page()
    enter(agency, live_server.url, "jtj_a")
    agency.goto(f"{live_server.url}/my/")
    agency.get_by_role("link", name="申请延期").click()
    agency.get_by_label("事项").select_option(label=f"T18 {name_of('T18')}")
    agency.get_by_label("延至").fill(f"{days(9)}")
    agency.get_by_label("理由").fill("区统计局推迟公布")
    agency.get_by_role("button", name="提出申请").click()
    expect(agency.get_by_text("延期申请已提出")).to_be_visible()

    enter(bureau, live_server.url, "fgw_r")
    bureau.goto(f"{live_server.url}/review/requests/")
    expect(bureau.get_by_text("这个单位共申请1次，同意0次")).to_be_visible()
    bureau.get_by_role("button", name="同意", exact=True).click()
    expect(bureau.get_by_text("同意，已告知该单位")).to_be_visible()

    agency.goto(f"{live_server.url}/my/")
    until = f"{days(9).month}月{days(9).day}日（周{'一二三四五六日'[days(9).weekday()]}）"
    told = agency.get_by_role("region", name="最近7天").get_by_role("listitem")
    expect(told).to_have_text(re.compile(rf"^\s*延期\s*T18 延到{until}"))
    obligation = Obligation.objects.get(target__code="T18")
    assert obligation.due_on == days(9)


def name_of(code):
    return Obligation.objects.get(target__code=code).name


def test_the_sheet_is_one_page_of_a4_for_each_agency(
    period, behind, live_server, page: Page, tmp_path
):
    enter(page, live_server.url, "fgw_r")
    page.goto(f"{live_server.url}/review/2026Q3/remind/orders/")
    expect(page.get_by_role("heading", name="碳达峰进展填报督办单")).to_have_count(2)
    paper = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 2


def test_without_a_script_the_texts_stand_in_boxes(period, behind, live_server, new_page):
    page = new_page(java_script_enabled=False)
    enter(page, live_server.url, "fgw_r")
    page.goto(f"{live_server.url}/review/2026Q3/remind/")
    page.get_by_label("选择区农业农村局").check()
    page.get_by_role("button", name="复制文字").click()
    expect(page.get_by_label("区农业农村局")).to_have_value(re.compile("贵单位还有1项待报：T05"))


@pytest.mark.parametrize("path", ["review/2026Q3/remind/", "review/requests/"])
def test_on_a_phone_nothing_scrolls_sideways(period, behind, live_server, new_page, path):
    page = new_page(viewport=PHONE)
    enter(page, live_server.url, "fgw_r")
    page.goto(f"{live_server.url}/{path}")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert not barriers(page)
