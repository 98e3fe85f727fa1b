"""A quarter without change: counted clicks and characters, up to the agency's own signer."""

import pytest
from playwright.sync_api import Page, expect

from agencies.choices import Role
from reporting.choices import ObligationState
from reporting.models import Obligation
from tests.browser.test_every_page import barriers, too_wide
from tests.factories.agencies import PASSWORD, AgencyFactory, UserFactory
from tests.factories.reporting import ObligationFactory
from tests.factories.targets import ObservationFactory
from tests.factories.tasks import TaskContributionFactory, TaskProgressFactory

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("of_2026q3"),
]
REASON = "三季度以设施运维和项目前期为主，四季度集中建设，12月底前完成。"


@pytest.fixture
def agency():
    """Thirteen obligations as the transport bureau has them; one target has no value in Q2."""
    made = AgencyFactory(name="区交通运输局", code="jtj")
    UserFactory(username="jtj_a", name="王芳", agency=made, phone="0731-84550001")
    UserFactory(username="jtj_s", name="陈磊", agency=made, roles=[Role.SIGNER])
    for value in ("96", None, "77.9", None):
        row = ObligationFactory(agency=made, target__frequency="quarterly")
        if value:
            ObservationFactory(target=row.target, year=2026, quarter=2, value=value)
        elif not Obligation.objects.filter(target__is_flow=True).exists():
            row.target.is_flow = True
            row.target.save()
    for _ in range(4):
        row = ObligationFactory(agency=made, kind="task")
        TaskProgressFactory(task=row.task, quarter=2)
    for text in ("", "督促2家企业按月报送。", "开展油品消费摸底。", "投放公益广告。", ""):
        row = ObligationFactory(agency=made, kind="contribution")
        TaskContributionFactory(task=row.task, agency=made, quarter=2, text=text, nothing=not text)
    return made


def test_a_quarter_without_change_takes_six_clicks_and_one_reason(live_server, page, agency):
    page.goto(f"{live_server.url}/login/")
    page.get_by_label("账号").fill("jtj_a")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/my/**")
    clicks = Clicks(page)
    page.goto(f"{live_server.url}/fill/2026Q3/unchanged/")
    clicks.count += 1  # 与上季度相比 on the home
    clicks.on(page.get_by_label("全部无变化（12项）"))
    expect(page.locator("[data-part=bar]")).to_contain_text("有1处要改")
    expect(page.locator("tr.stop [data-have]").first).to_be_focused()
    clicks.on(page.get_by_label("尚未取得"))
    expect(page.get_by_label("项共用一个原因")).to_be_focused()
    page.keyboard.type(REASON)
    clicks.on(page.get_by_label("我已核对以上内容"))
    send = page.get_by_role("button", name="报送给本单位审核人（13项）")
    expect(send).to_be_enabled()
    assert not barriers(page)
    assert not too_wide(page)
    clicks.on(send)
    page.wait_for_url("**/my/**")
    states = Obligation.objects.values_list("state", flat=True)
    assert set(states) == {ObligationState.SIGNING}
    assert clicks.count <= 6
    assert len(REASON) < 50


class Clicks:
    """Counts what the hand does."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def on(self, control):
        self.count += 1
        control.click()
