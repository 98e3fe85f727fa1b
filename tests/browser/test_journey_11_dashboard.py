"""Journey 11: the leader reads the overview; the city's value comes; by keyboard, phone, no JS."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.pressing import press
from tests.browser.test_every_page import barriers

pytestmark = pytest.mark.browser

ROWS = "main tbody td.code"
PAGES = (
    "/dashboard/", "/dashboard/2025/", "/dashboard/2030/", "/dashboard/reporting/", "/targets/",
    "/targets/T03/", "/targets/T21/", "/tasks/", "/tasks/5-1/", "/projects/",
    "/projects/P16/",
)  # fmt: skip


def test_a_leader_reads_the_overview_and_follows_its_numbers(site, page, sign_in):
    sign_in(page, "ld")
    expect(page).to_have_url(f"{site.address}/dashboard/")
    expect(page.locator(".claim")).to_have_text("按现趋势，2030年目标还不能全部实现")
    expect(page.locator(".because")).to_contain_text("比时序进度慢15个月")
    score = page.locator("table.score td a")
    numbers = {
        link.get_attribute("href"): int(link.locator("b").inner_text()) for link in score.all()
    }
    assert sum(count for address, count in numbers.items() if "/2025/" in address) == 20
    for address, count in numbers.items():
        page.goto(site.address + address)
        assert len({*page.locator(ROWS).all_inner_texts()}) == count, address
    page.goto(f"{site.address}/dashboard/")
    striven = page.locator(".board tr").filter(has_text="力争").locator("i")
    assert {*striven.all_inner_texts()} == {"T07", "T16", "T20"}
    assert barriers(page) == []


def test_rows_say_what_the_list_says(site, page, sign_in):
    sign_in(page, "ld")
    rows = {
        row.locator("i").inner_text(): row.locator("td.newest b").inner_text()
        for row in page.locator(".board tbody tr").filter(has=page.locator("td.newest b")).all()
    }
    assert len(rows) > 20
    page.goto(f"{site.address}/targets/")
    for code, value in rows.items():
        row = page.get_by_role("row").filter(has=page.get_by_text(code, exact=True))
        expect(row).to_contain_text(value)


def test_no_forecast_where_there_are_too_few_years(site, page, sign_in):
    """T21 has three annual values: nothing is drawn ahead, and the page says why."""
    sign_in(page, "ld", "/targets/T21/")
    main = page.locator("main")
    expect(main).to_contain_text("只有3个年度值，满4个才作外推")
    names = page.request.get(f"{site.address}/targets/T21/figure.json").json()
    assert "外推" not in [trace.get("name") for trace in names["wide"]["data"]]


def test_one_sheet_from_the_overview(site, page, sign_in):
    sign_in(page, "ld")
    claim = page.locator(".claim").inner_text()
    page.get_by_role("link", name="打印一页纸").click()
    expect(page).to_have_url(re.compile(r"/dashboard/print/\?period=\d{4}Q\d"))
    expect(page.locator("main")).to_contain_text(claim)
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) == 1


def test_verdicts_that_are_easily_wrong(site, page, sign_in):
    sign_in(page, "ld", "/help/")
    for code, words in (
        ("T04", "实际15.38%（最终核实），已达标"),
        ("T04", "左右暂按±2%"),
        ("T11", "实际1.30（部门统计），未达标，未低于1.3"),
        ("T01", "数据待核定（初步达标）"),
        ("T02", "2030年目标待市下达，不作评价"),
        ("T06", "仍在上升，增速放缓"),
    ):
        page.goto(f"{site.address}/targets/{code}/")
        expect(page.locator("main")).to_contain_text(words)
    expect(page.locator(".chart svg").first).not_to_contain_text("进度要求")


def test_the_live_chart_stands_in_for_the_picture_and_shares_nothing(site, page, sign_in):
    sign_in(page, "ld", "/targets/T03/")
    chart = page.locator("#trajectory-T03")
    expect(chart).to_have_class(re.compile("is-live"), timeout=30_000)
    live = chart.locator(".chart-live .js-plotly-plot, .chart-live.js-plotly-plot")
    expect(live).to_have_count(1)
    buttons = chart.locator(".modebar-btn")
    titles = [button.get_attribute("data-title") for button in buttons.all()]
    assert len(titles) == 4
    assert not [title for title in titles if re.search("分享|上传|云|[Ss]hare|[Cc]loud", title)]
    expect(chart.locator(".chart-note")).to_contain_text("演示数据")
    with page.expect_download() as saved:
        chart.get_by_role("button", name="下载图片").click()
    assert saved.value.suggested_filename.endswith(".png")


def test_by_keyboard_to_the_charts_table_and_through_a_cell_of_the_heat_map(site, page, sign_in):
    sign_in(page, "ld", "/targets/T03/")
    table = page.locator(".chart-table").first
    summary = table.locator("summary")
    for _ in range(60):
        page.keyboard.press("Tab")
        if summary.evaluate("element => element === document.activeElement"):
            break
    expect(summary).to_be_focused()
    page.keyboard.press("Enter")
    expect(table.get_by_role("row").filter(has_text="2025年")).to_contain_text("19.2")

    page.goto(f"{site.address}/dashboard/")
    cell = page.locator("table.heat tbody tr").first.locator("a").last
    count = re.search(r"/(\d+)", cell.inner_text())
    for _ in range(250):
        page.keyboard.press("Tab")
        if cell.evaluate("element => element === document.activeElement"):
            break
    expect(cell).to_be_focused()
    assert cell.evaluate("element => getComputedStyle(element).outlineStyle") != "none"
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/tasks/\?category=1&period=\d{4}Q\d"))
    expect(page.locator(ROWS)).to_have_count(int(count[1]) if count else 3)


def test_on_a_phone_nothing_scrolls_sideways(site, new_page, sign_in):
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    sign_in(page, "ld", "/help/")
    for address in PAGES:
        page.goto(site.address + address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address


def test_without_scripts_figures_are_pictures_and_tables(site, new_page, sign_in):
    page = new_page(java_script_enabled=False)
    sign_in(page, "ld", "/help/")
    page.goto(f"{site.address}/dashboard/")
    expect(page.locator("#rows .chart-picture svg").first).to_be_visible()
    for address, least in (("/dashboard/2025/", 1), ("/targets/T03/", 1)):
        page.goto(site.address + address)
        charts = page.locator("figure.chart")
        assert charts.count() >= least
        for chart in charts.all():
            expect(chart.locator(".chart-picture svg").first).to_be_visible()
            chart.locator("summary").click()
            expect(chart.locator("table")).to_be_visible()
            assert chart.locator("tbody tr").count() >= 2
            expect(chart.get_by_role("button", name="下载图片")).to_be_hidden()
    expect(page.locator("aside.demo")).to_be_visible()


def test_lights_tell_apart_without_colour(site, page, sign_in):
    """Each light has a shape of its own and a word."""
    sign_in(page, "ld", "/targets/")
    found = page.eval_on_selector_all(
        "main tbody .light use, main tbody .light svg use",
        "uses => [...new Set(uses.map(use => use.getAttribute('href')))]",
    )
    words = page.eval_on_selector_all(
        "main tbody .light", "lights => lights.every(light => light.textContent.trim())"
    )
    assert len(found) >= 4
    assert words


def test_in_grey_lights_are_still_four_pictures(site, page, sign_in):
    """As a black-and-white copy shows them."""
    sign_in(page, "ld", "/targets/")
    seen = page.context.new_cdp_session(page)
    seen.send("Emulation.setEmulatedVisionDeficiency", {"type": "achromatopsia"})
    pictures = {}
    for light in page.locator("main tbody .light svg").all():
        shape = light.locator("use").get_attribute("href")
        if shape not in pictures:
            pictures[shape] = light.screenshot()
    assert len(pictures) >= 4
    assert len(set(pictures.values())) == len(pictures)


def test_no_barrier_on_any_page_of_the_dashboard(site, page, sign_in):
    sign_in(page, "ld", "/help/")
    for address in PAGES:
        page.goto(site.address + address)
        assert barriers(page) == [], address


def test_z_the_citys_value_changes_light_and_history(site, page, sign_in):
    """The last one of this file: what it enters stays in the site of this run."""
    sign_in(page, "admin", "/plan/manage/assigned/")
    row = page.get_by_role("row").filter(has_text="T02").filter(has_text="2025年")
    row.get_by_role("link", name="录入").click()
    page.get_by_label("目标值").fill("18")
    page.get_by_label("文号").fill("长发改〔2026〕77号")
    page.get_by_label("文件名称").fill("关于下达碳排放降低目标的通知")
    page.get_by_label("生效日期").fill("2026-11-01")
    press(page, "保存")
    page.goto(f"{site.address}/targets/T02/")
    main = page.locator("main")
    expect(main).to_contain_text(
        "2025年目标18%以上，实际16.10%（初步核算），数据待核定（初步未达标）"
    )
    expect(main).to_contain_text("长发改〔2026〕77号")
    page.get_by_role("link", name="修改记录").click()
    history = page.locator("main")
    for words in ("改变目标值", "待市下达", "已明确", "长发改〔2026〕77号"):
        expect(history).to_contain_text(words)
    page.goto(f"{site.address}/dashboard/")
    row = page.locator(".board tr").filter(has_text="T02")
    expect(row.locator("td.verdict")).to_contain_text("初步未达标")
