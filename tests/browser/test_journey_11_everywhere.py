"""Journey 11, the way of a figure: approved, corrected, measured against 2025: then everywhere."""

import datetime
import re
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from agencies.choices import Role
from plan.models import DataState
from reporting.review.services import reviews
from targets.choices import MilestoneState, Pace, TargetKind
from targets.models import Observation
from tests.browser.pressing import press
from tests.browser.test_journey_4_returned import enter
from tests.clock import OF_2026Q3
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.unit.reporting.reviewed import handed_in
from tests.unit.targets.settling_scene import settle

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MATTER = "垃圾分拣中心因征地补偿停工"
WORDS = "请区财政局、区城管局月底前解决"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
WHERE = ("/dashboard/", "/dashboard/wall/", "/dashboard/print/", "/targets/")
JULY, MARCH = datetime.date(2026, 7, 20), datetime.date(2026, 3, 20)


@pytest.fixture
def people(clock):
    """cgj_a fills in, fgw_r and fgw_s review, ld reads, admin enters what the city sends down."""
    clock.move_to(OF_2026Q3)
    agency = AgencyFactory(name="区城市管理和综合执法局", short_name="区城管局", code="cgj")
    bureau = AgencyFactory(name="区发展和改革局", short_name="区发改局", code="fgj")
    named = (
        ("cgj_a", "王芳", agency, [Role.REPORTER]),
        ("fgw_r", "李敏", bureau, [Role.REVIEWER]),
        ("fgw_s", "赵静", bureau, [Role.REVIEWER]),
        ("ld", "孙领导", None, [Role.LEADER]),
        ("admin", "管理员", None, [Role.ADMINISTRATOR]),
    )
    return {
        username: UserFactory(username=username, name=name, agency=agency, roles=roles)
        for username, name, agency, roles in named
    }


def known_on(day: datetime.date, **facts) -> Observation:
    """A value that was approved on a day."""
    row = ObservationFactory(**facts)
    moment = timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))
    Observation.objects.filter(pk=row.pk).update(recorded_at=moment)
    return row


@pytest.fixture
def waste(people):
    """29.8% in 2025, 30.4% in the second quarter; 31.2% of the third waits for review."""
    target = TargetFactory(
        code="T21", name="生活垃圾分类回收利用率", short_name="垃圾回收利用率", decimals=1,
        lead=people["cgj_a"].agency, frequency="quarterly", is_headline=True,
    )  # fmt: skip
    MilestoneFactory(target=target, value=Decimal(35))
    known_on(MARCH, target=target, year=2025, value=Decimal("29.8"))
    known_on(JULY, target=target, year=2026, quarter=2, value=Decimal("30.4"))
    handed_in(people["cgj_a"], "target", target=target, value="31.2")
    DataState.touch()
    return target


def line(page: Page, code: str):
    """The row of a target, wherever it stands; on the wall also on a slide that is not shown."""
    return page.locator("main tr").filter(has_text=code).first


def test_an_approved_value_stands_everywhere(waste, live_server, new_page):
    leader = enter(new_page(), live_server.url, "ld")
    stands_everywhere(leader, live_server.url, "30.4")
    approve(enter(new_page(), live_server.url, "fgw_r"), "生活垃圾分类回收利用率", "T21")
    stands_everywhere(leader, live_server.url, "31.2")
    leader.goto(f"{live_server.url}/changes/")
    change = line(leader, "垃圾")
    expect(change).to_contain_text(re.compile(r"30\.4%\s*→\s*31\.2%"))
    leader.goto(f"{live_server.url}/dashboard/")
    expect(leader.locator(".changed")).to_contain_text(re.compile(r"30\.4%\s*→\s*31\.2%"))


def stands_everywhere(page: Page, address: str, figure: str) -> None:
    for where in WHERE:
        page.goto(address + where)
        expect(line(page, "T21"), where).to_contain_text(figure)


def approve(page: Page, name: str, code: str) -> None:
    page.locator(".queue").get_by_role("link", name=name).click()
    expect(page.locator("#item")).to_contain_text(name)
    page.get_by_label("审核意见").fill("属实")
    page.get_by_role("button", name="通过", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text(f"已通过{code}")


@pytest.fixture
def settled(people):
    """2025 of T22 was reported as 77.1%, approved and settled by two."""
    target = TargetFactory(
        code="T22", name="生活垃圾资源化利用率", short_name="垃圾资源化利用率", decimals=1,
        lead=people["cgj_a"].agency, frequency="annual",
    )  # fmt: skip
    milestone = MilestoneFactory(target=target, value=Decimal(75))
    obligation = handed_in(
        people["cgj_a"], "target", target=target, value="77.1", value_period="2025", grade="final"
    )
    reviews.approve(rounds={obligation.pk: 1}, by=people["fgw_r"], comment="属实")
    value = Observation.objects.get(target=target, year=2025, quarter=None)
    settle(milestone, value, people["fgw_s"])
    return obligation


def test_a_correction_after_settlement_asks_for_another_verdict(settled, live_server, new_page):
    leader = enter(new_page(), live_server.url, "ld")
    for where in ("/dashboard/", "/dashboard/2025/"):
        leader.goto(live_server.url + where)
        expect(line(leader, "T22")).to_contain_text("达标")
        expect(line(leader, "T22")).not_to_contain_text("须重新判定")
    agency = enter(new_page(), live_server.url, "cgj_a")
    correct(agency, live_server.url)
    approve(enter(new_page(), live_server.url, "fgw_r"), "生活垃圾资源化利用率", "T22")
    for where, mark in (("/dashboard/", "须重新判定"), ("/dashboard/2025/", "※")):
        leader.goto(live_server.url + where)
        expect(line(leader, "T22"), where).to_contain_text(mark)


def correct(page: Page, address: str) -> None:
    page.goto(f"{address}/fill/2026Q3/targets/T22/")
    page.get_by_label("更正原因").fill("复核台账后更正")
    page.get_by_role("button", name="更正", exact=True).click()
    page.locator("#id_value").fill("74.2")
    page.keyboard.press("Tab")
    expect(page.locator("[data-saved]")).to_have_text(re.compile(r"已自动保存 \d\d:\d\d:\d\d"))
    page.goto(f"{address}/my/")
    page.get_by_role("link", name="检查并报送").click()
    page.get_by_label("联系电话").fill("0731-84550001")
    page.get_by_label("我已核对以上内容").check()
    page.get_by_role("button", name=re.compile("^报送区发改局")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("已报送1项")


@pytest.fixture
def energy(people):
    """15.6% less than in 2020 by 2025; the city has not sent down what is asked for by 2030."""
    target = TargetFactory(
        code="T01", name="单位GDP能耗累计降低率", short_name="单位GDP能耗", decimals=2,
        kind=TargetKind.REDUCTION, pace=Pace.GEOMETRIC, baseline_value=Decimal(0),
        is_headline=True, lead=people["fgw_r"].agency,
    )  # fmt: skip
    MilestoneFactory(target=target, value=Decimal(15))
    MilestoneFactory(target=target, year=2030, due=datetime.date(2030, 12, 31), value=None,
                     state=MilestoneState.PENDING)  # fmt: skip
    for year, value in ((2021, "3"), (2022, "6.5"), (2023, "9"), (2024, "12.2"), (2025, "15.6")):
        ObservationFactory(target=target, year=year, value=Decimal(value), grade="final")
    DataState.touch()
    return target


def test_a_goal_that_is_measured_against_2025(energy, live_server, new_page):
    """13.5% less than in 2025, 15.60% having been reached, are 26.99% less than in 2020."""
    leader = enter(new_page(), live_server.url, "ld")
    for where in ("/dashboard/", "/dashboard/wall/"):
        leader.goto(live_server.url + where)
        expect(line(leader, "T01"), where).to_contain_text("目标待市下达")
    assign(enter(new_page(), live_server.url, "admin"), live_server.url)
    for where in ("/dashboard/", "/dashboard/wall/"):
        leader.goto(live_server.url + where)
        expect(line(leader, "T01"), where).not_to_contain_text("待市下达")
    leader.goto(f"{live_server.url}/dashboard/2030/")
    expect(line(leader, "T01")).to_contain_text("26.99")
    leader.goto(f"{live_server.url}/targets/T01/")
    expect(leader.locator("main")).to_contain_text("较2025年下降13.5%，按2025年15.60%换算")


def assign(page: Page, address: str) -> None:
    page.goto(f"{address}/plan/manage/assigned/")
    row = page.get_by_role("row").filter(has_text="T01").filter(has_text="2030年")
    row.get_by_role("link", name="录入").click()
    page.get_by_label("目标值").fill("13.5")
    page.get_by_label("较2025年").check()
    page.get_by_label("文号").fill("长发改〔2026〕77号")
    page.get_by_label("文件名称").fill("关于下达单位GDP能耗降低目标的通知")
    page.get_by_label("生效日期").fill("2026-11-01")
    press(page, "保存")


def test_a_matter_is_instructed_and_closed(people, live_server, new_page):
    """The agency raises it, the bureau enters the leader's words, another reviewer closes it."""
    agency, reviewer, leader = (
        enter(new_page(), live_server.url, name) for name in ("cgj_a", "fgw_r", "ld")
    )
    raise_it(agency, live_server.url)
    address = agency.url
    assess(reviewer, address)
    leader.goto(f"{live_server.url}/matters/?show=leader")
    expect(leader.locator("main")).to_contain_text(MATTER)
    instruct(reviewer, address)
    for page in (agency, leader):
        page.goto(address)
        expect(page.locator("blockquote.word")).to_contain_text(WORDS)
    propose_to_close(reviewer, address)
    other = enter(new_page(), live_server.url, "fgw_s")
    other.goto(address)
    press(other, "确认销号")
    leader.goto(f"{live_server.url}/matters/?show=closed")
    expect(leader.locator("main")).to_contain_text(MATTER)
    leader.goto(f"{live_server.url}/matters/?show=leader")
    expect(leader.locator("main .mt")).to_have_count(0)


def raise_it(page: Page, address: str) -> None:
    page.goto(f"{address}/matters/new/")
    page.get_by_label("事项", exact=True).fill(MATTER)
    page.get_by_label("情况").fill("三季度起停工，影响垃圾回收利用率")
    page.get_by_label("需要决定什么").fill("请协调征地补偿")
    press(page, "报告区发改局")
    expect(page.get_by_role("heading", level=1)).to_have_text(MATTER)


def assess(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("link", name="研判").click()
    page.get_by_label("研判意见").fill("情况属实，建议由区领导协调")
    press(page, "保存研判")
    expect(page.locator(".flow")).to_contain_text("研判")


def instruct(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("link", name="登记批示").click()
    page.get_by_label("批示领导").fill("孙领导")
    page.get_by_label("批示日期").fill("2026-11-27")
    page.get_by_label("批示原文").fill(WORDS)
    page.get_by_label("承办单位").select_option(label="区城市管理和综合执法局")
    press(page, "登记批示，转承办单位")
    expect(page.locator("blockquote.word")).to_contain_text("孙领导")


def propose_to_close(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("提出销号").check()
    page.get_by_label("内容").fill("补偿已经到位，复工")
    pdf = {"name": "复工通知.pdf", "mimeType": "application/pdf", "buffer": PDF}
    page.get_by_label("佐证材料").set_input_files(pdf)
    press(page, "记下")
    expect(page.locator("main")).to_contain_text("等另一名审核员确认")
