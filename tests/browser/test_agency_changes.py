"""An agency is renamed, merged and given back; its people go on, its receipts do not change."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from agencies.choices import Role
from reporting.models import Submission
from tests.browser.test_journey_4_returned import enter, sound
from tests.factories.agencies import AdministratorFactory, AgencyFactory, UserFactory
from tests.factories.reporting import ObligationFactory, filled
from tests.factories.targets import TargetFactory
from tests.unit.reporting.reviewed import handed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DESK, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
OLD, NEW, HEIR = "区科学技术局", "区科技创新局", "区工业和信息化局"


@pytest.fixture
def zhang():
    agency = AgencyFactory(name=OLD, short_name="区科技局", code="kjj")
    AgencyFactory(name=HEIR, short_name="区工信局", code="gxj")
    AdministratorFactory(username="admin")
    person = UserFactory(username="zhangsan", agency=agency, roles=[Role.REPORTER])
    handed_in(person)
    target = TargetFactory(code="T30", lead=agency, frequency="quarterly")
    filled(ObligationFactory(agency=agency, target=target), {"value": "12.5"}, by=person)
    return person


def begin(page: Page, address: str, verb: str) -> None:
    page.goto(f"{address}/agencies/kjj/")
    page.get_by_role("link", name=verb, exact=True).click()
    page.get_by_label("文号").fill("开编委〔2026〕12号")
    page.get_by_label("文件名称").fill("关于机构调整的通知")


def confirm(page: Page, verb: str, *said: str) -> None:
    page.get_by_role("button", name="预览影响").click()
    preview = page.locator("#preview")
    for words in said:
        expect(preview).to_contain_text(words)
    sound(page)
    page.get_by_role("button", name=f"确认{verb}").click()
    expect(page.get_by_role("status")).to_contain_text("已执行")
    sound(page)


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_renamed_merged_and_given_back(zhang, live_server, new_page, viewport):
    address, day = live_server.url, timezone.localdate().isoformat()
    receipt = f"{address}/fill/2026Q3/receipt/{Submission.objects.get().full_number}/"
    admin = enter(new_page(viewport=viewport), address, "admin")
    person = enter(new_page(viewport=viewport), address, "zhangsan")

    def read() -> str:
        person.goto(receipt)
        return person.get_by_role("main").inner_text()

    def home(name: str) -> None:
        person.goto(f"{address}/my/")
        expect(person.locator(".facts span").first).to_have_text(name)

    before = read()
    assert OLD in before
    home(OLD)

    begin(admin, address, "更名")
    admin.get_by_label("生效日期").fill(day)
    admin.get_by_label("新名称").fill(NEW)
    admin.get_by_label("新简称").fill("区科创局")
    confirm(admin, "更名", "2026Q3 T30", "不变，显示新名称", "写的仍是当时的名称")
    assert read() == before
    home(NEW)

    begin(admin, address, "合并")
    admin.get_by_label("生效日期").fill(day)
    admin.get_by_label("承继单位", exact=True).select_option(HEIR)
    admin.get_by_label("转入承继单位").check()
    confirm(admin, "合并", "2026Q3 T30", "连同已填内容移交", "转入区工业和信息化局", "改为区工信局")
    assert read() == before
    home(HEIR)
    person.goto(f"{address}/fill/2026Q3/targets/T30/")
    expect(person.locator("[name=value]")).to_have_value("12.5")

    row = admin.get_by_role("row", name=f"{NEW}并入{HEIR}")
    row.get_by_role("button", name="撤回").click()
    expect(admin.get_by_role("status")).to_contain_text("已撤回")
    assert read() == before
    home(NEW)
