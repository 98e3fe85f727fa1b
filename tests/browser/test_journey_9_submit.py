"""Journey 9: check, hand over, send one back, sign the rest, print the sheet, take back."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from agencies.choices import Role
from reporting.models import Obligation, Submission
from reporting.review.services import reviews
from tests.browser.test_every_page import barriers, too_wide
from tests.factories.agencies import PASSWORD, AgencyFactory, UserFactory
from tests.factories.reporting import ObligationFactory, filled
from tests.factories.targets import ObservationFactory, TargetFactory
from tests.unit.reporting.checked import CONTRIBUTION, TARGET, TASK

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
REASON = "七月起报废燃气公交车，统计范围没有变化"


@pytest.fixture
def people():
    """jtj_a fills in, jtj_s signs, fgw_r reviews."""
    agency = AgencyFactory(name="区交通运输局", code="jtj")
    bureau = AgencyFactory(name="区发展和改革局", code="fgj")
    return {
        "jtj_a": UserFactory(username="jtj_a", name="王芳", agency=agency),
        "jtj_s": UserFactory(username="jtj_s", name="陈磊", agency=agency, roles=[Role.SIGNER]),
        "fgw_r": UserFactory(username="fgw_r", name="李敏", agency=bureau, roles=[Role.REVIEWER]),
    }


@pytest.fixture
def obligations(people):
    """A target with a doubt, a task, contributions that are ready, and a figure that is none."""
    writer = people["jtj_a"]
    agency = writer.agency
    bus = TargetFactory(code="T18", name="纯电动公交车比例", lead=agency, frequency="quarterly")
    ObservationFactory(target=bus, year=2026, quarter=2, value="77.9")
    clean = TargetFactory(code="T19", name="新能源车辆比例", lead=agency, frequency="quarterly")
    rows = {
        "T18": ObligationFactory(agency=agency, target=bus),
        "T19": ObligationFactory(agency=agency, target=clean),
        "task": ObligationFactory(agency=agency, kind="task"),
    }
    reasons = {f"why_{code}": REASON for code in ("W1", "W4", "W8")}
    filled(rows["T18"], TARGET | {"value": "40"} | reasons, by=writer)
    filled(rows["T19"], TARGET | {"value": "abc"}, by=writer)
    filled(rows["task"], TASK, by=writer)
    for number in range(4):
        row = ObligationFactory(agency=agency, kind="contribution")
        filled(row, CONTRIBUTION, by=writer)
        rows[f"c{number}"] = row
    return rows


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


def pages_of(path) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", path.read_bytes()))


def test_submit_chain(people, obligations, live_server, new_page, browser: Browser, tmp_path):
    page = enter(new_page(), live_server.url, "jtj_a")
    page.get_by_role("link", name="检查并报送").click()
    check_and_hand_over(page)
    signer = enter(new_page(), live_server.url, "jtj_s")
    expect(signer.get_by_role("heading", level=1)).to_have_text("待我审核")
    send_back_and_sign(signer, obligations)
    number = Submission.objects.get().full_number
    assert number == "2026Q3-JTJ-01-1"
    print_sheet(signer, tmp_path)
    take_back(page, live_server.url, number, people, obligations)


def check_and_hand_over(page: Page) -> None:
    main = page.locator("main")
    expect(page).to_have_title(re.compile("^错误：检查并报送"))
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("“abc”不是数字")
    expect(main).to_contain_text(REASON)
    sound(page)
    summary.get_by_role("link", name=re.compile("abc")).click()
    expect(page).to_have_url(re.compile(r"/targets/T19/\?check=1&next=.*#id_value$"))
    page.get_by_label("数值", exact=True).fill("78.6")
    page.get_by_role("button", name="保存并返回检查").click()
    page.wait_for_url(re.compile("/check/"))  # once all that was typed is kept
    expect(main).not_to_contain_text("“abc”")
    page.get_by_role("checkbox", name=re.compile("T19")).set_checked(False)
    page.get_by_label("联系电话").fill("0731-84550001")
    page.get_by_role("button", name="报送给本单位审核人").click()
    expect(page.get_by_role("alert")).to_contain_text("我已核对以上内容")
    expect(page.get_by_label("联系电话")).to_have_value("0731-84550001")
    expect(page.get_by_role("checkbox", name=re.compile("T19"))).not_to_be_checked()
    page.get_by_label("我已核对以上内容").check()
    page.get_by_role("button", name="报送给本单位审核人").click()
    expect(main).to_contain_text("已把6项交给本单位审核人")


def send_back_and_sign(page: Page, obligations) -> None:
    sound(page)
    row = page.get_by_role("listitem").filter(has_text=obligations["c0"].name)
    row.get_by_text("退回填报员").click()
    row.get_by_role("textbox").fill("写明完成时间")
    row.get_by_role("button", name=re.compile("^退回")).click()
    expect(page.locator("main")).to_contain_text(f"已把{obligations['c0'].subject_code}")
    assert Obligation.objects.get(pk=obligations["c0"].pk).state == "returned"
    page.get_by_role("button", name="审核并报送").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("已报送5项")
    expect(page.locator("main")).to_contain_text("一般3个工作日内审核")
    sound(page)


def print_sheet(page: Page, folder) -> None:
    page.get_by_role("link", name="打印报送件").click()
    signatures = page.get_by_label("签字盖章")
    for words in ("填报人王芳", "单位审核人陈磊", "单位负责人（签字）", "（单位盖章）"):
        expect(signatures).to_contain_text(words)
    seal = page.locator(".seal").bounding_box()
    assert [round(seal[side] * 25.4 / 96) for side in ("width", "height")] == [52, 42]
    sound(page)
    page.pdf(path=folder / "sheet.pdf", prefer_css_page_size=True)
    assert pages_of(folder / "sheet.pdf") == 1


def take_back(page: Page, address: str, number: str, people, obligations) -> None:
    page.goto(f"{address}/fill/2026Q3/receipt/{number}/")
    page.get_by_role("checkbox", name="撤回T18").check()
    page.get_by_role("button", name="撤回勾选的事项").click()
    expect(page.get_by_role("row").filter(has_text="T18")).to_contain_text("已撤回")
    for key in ("task", "c1", "c2", "c3"):
        reviews.begin(pk=obligations[key].pk, by=people["fgw_r"])
    page.reload()
    expect(page.locator("main")).to_contain_text("不能撤回：区发改局已经开始审核")
    expect(page.get_by_role("button", name=re.compile("撤回"))).to_have_count(0)


def test_a_usual_agency_prints_on_one_page(people, live_server, new_page, tmp_path):
    """Ten items with texts on one, forty continue with a head."""
    page = enter(new_page(), live_server.url, "jtj_s")
    for count, pages in ((10, 1), (40, 4)):
        rows = [ObligationFactory(agency=people["jtj_a"].agency, kind="task")
                for _ in range(count)]  # fmt: skip
        for row in rows:
            filled(row, TASK, by=people["jtj_a"], state="signing")
        page.goto(f"{live_server.url}/my/signing/")
        page.get_by_role("button", name="审核并报送").first.click()
        page.get_by_role("link", name="打印报送件").click()
        page.wait_for_url("**/sheet/")
        path = tmp_path / f"{count}.pdf"
        page.pdf(path=path, prefer_css_page_size=True)
        assert pages_of(path) == pages
