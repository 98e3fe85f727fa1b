"""Journey 4: returned with a comment at a field, answered, mended, compared in the second round."""

import re

import pytest
from playwright.sync_api import Page, expect

from agencies.choices import Role
from reporting.models import FieldComment
from tests.browser.test_every_page import barriers, too_wide
from tests.factories.agencies import PASSWORD, AgencyFactory, UserFactory
from tests.factories.reporting import ObligationFactory
from tests.factories.tasks import TaskFactory, TaskProgressFactory
from tests.unit.reporting.checked import NARRATIVE
from tests.unit.reporting.reviewed import fresh, handed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COMMENT = "充电桩数量与上季度相同，请核实"
PILES = {"quantity_name": "公共充电桩累计", "quantity_value": "3286", "quantity_unit": "个"}


@pytest.fixture
def people():
    """jtj_a fills in, fgw_r reviews."""
    agency = AgencyFactory(name="区交通运输局", code="jtj")
    bureau = AgencyFactory(name="区发展和改革局", code="fgj")
    return {
        "jtj_a": UserFactory(username="jtj_a", name="王芳", agency=agency),
        "fgw_r": UserFactory(username="fgw_r", name="李敏", agency=bureau, roles=[Role.REVIEWER]),
    }


@pytest.fixture
def obligation(people):
    """5-1 as it was handed in, with another item that the agency has not begun."""
    writer = people["jtj_a"]
    task = TaskFactory(code="5-1", title="加快绿色交通基础设施建设", lead=writer.agency)
    TaskProgressFactory(task=task, quarter=2, narrative="半年调度：重点项目完成过半。", **PILES)
    ObligationFactory(agency=writer.agency, kind="contribution")
    return handed_in(writer, "task", task=task, narrative=NARRATIVE, **PILES)


def enter(page: Page, address: str, name: str) -> Page:
    page.goto(f"{address}/login/")
    page.get_by_label("账号").fill(name)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_load_state()
    return page


def sound(page: Page) -> None:
    assert barriers(page) == []
    assert too_wide(page) == []


def test_a_returned_item_comes_back_mended(people, obligation, live_server, new_page):
    reviewer = enter(new_page(), live_server.url, "fgw_r")
    give_back(reviewer)
    agency = enter(new_page(), live_server.url, "jtj_a")
    answer_and_mend(agency)
    hand_in_again(agency)
    assert fresh(obligation).returns == 1
    compare(reviewer, live_server.url)


def give_back(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("审核 · 2026年第三季度")
    sound(page)
    page.locator(".queue").get_by_role("link", name="加快绿色交通基础设施建设").click()
    page.get_by_role("button", name="开始审核").click()
    expect(page.locator("header .tagged")).to_have_text("审核中")
    page.get_by_role("button", name="退回修改").click()
    expect(page.get_by_role("alert")).to_contain_text("退回要写明意见")
    expect(page).to_have_title(re.compile("^错误："))
    page.get_by_text("常用语").click()
    page.get_by_label("补充下一步措施和完成时限").click()
    expect(page.get_by_label("审核意见")).to_have_value("补充下一步措施和完成时限")
    page.get_by_label("对“量化数值”提意见").click()
    page.get_by_label("对“量化数值”的意见").fill(COMMENT)
    page.get_by_label("建议值").last.scroll_into_view_if_needed()
    sound(page)
    page.get_by_role("button", name="退回修改").click()
    expect(page.get_by_role("status").first).to_contain_text(
        "已退回5-1 加快绿色交通基础设施建设，限"
    )
    assert FieldComment.objects.get().text == COMMENT


def answer_and_mend(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text("项在您这里")
    top = page.get_by_role("region", name=re.compile("^在您这里"))
    expect(top).to_contain_text("补充下一步措施和完成时限")
    expect(top).to_contain_text("李敏")
    top.get_by_role("link", name="加快绿色交通基础设施建设").click()
    block = page.locator("[data-field=quantity_value]")
    expect(block).to_contain_text(COMMENT)
    expect(block).to_contain_text("李敏")
    block.locator("#id_quantity_value").fill("3,412")
    page.get_by_label("下一步措施").fill("12月底前完成剩余场站改造。")
    page.keyboard.press("Tab")
    expect(page.locator("[data-saved]")).to_have_text(re.compile(r"已自动保存 \d\d:\d\d:\d\d"))
    page.wait_for_load_state("networkidle")  # doubts that come or go move what stands below
    block.get_by_label("答复").fill("漏报三季度新建126个，已更正")
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "kept")
    page.reload()
    expect(block.get_by_label("答复")).to_have_value("漏报三季度新建126个，已更正")


def hand_in_again(page: Page) -> None:
    page.get_by_role("link", name="本季度待填").first.click()
    page.get_by_role("link", name="检查并报送").click()
    page.get_by_label("联系电话").fill("0731-84550001")
    page.get_by_label("我已核对以上内容").check()
    page.get_by_role("button", name=re.compile("^报送区发改局")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("已报送1项")


def compare(page: Page, address: str) -> None:
    page.goto(f"{address}/review/")
    page.locator(".queue").get_by_role("link", name="加快绿色交通基础设施建设").click()
    changed = page.get_by_role("region", name=re.compile("退回后的改动"))
    expect(changed).to_contain_text("2处，与第1次报送相比")
    expect(changed).to_contain_text(COMMENT)
    expect(changed).to_contain_text("答复：漏报三季度新建126个，已更正（王芳）")
    expect(changed).to_contain_text("3,412")
    expect(page.locator("#item")).to_contain_text("1次")
    sound(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").first).to_contain_text("已通过5-1")
