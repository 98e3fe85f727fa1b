"""用Excel填: the start page and the download."""

import datetime
import io
from urllib.parse import quote

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from audit.models import AuditEvent
from reporting.choices import ObligationState, PeriodState
from reporting.models import WorkbookDownload
from reporting.workbooks.rules.layout import Token
from reporting.workbooks.selectors.tokens import read_token
from reporting.workbooks.sheets.marked import marked_copy
from tests.documents import document
from tests.factories.cast import make_cast
from tests.factories.reporting import ObligationFactory, PeriodFactory, filled

pytestmark = pytest.mark.django_db
PAGE, DOWNLOAD = "/fill/2026Q3/excel/", "/fill/2026Q3/excel/download/"


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def zhang(client, cast):
    client.force_login(cast["张三"])
    return client


def owed(cast, kind="task", **fields):
    return ObligationFactory(agency=cast["张三"].agency, kind=kind, **fields)


def opened(answer):
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.content))


def test_the_page_offers_the_workbook_and_says_how(zhang, cast):
    owed(cast)
    page = document(zhang.get(PAGE))
    form = page.one("form[action]", "下载本季度填报表")
    assert form["action"] == DOWNLOAD
    assert "2026年第三季度_区交通运输局_填报表.xlsx" in page.text
    assert "还剩3天" in page.text


def test_a_download_is_kept_told_and_listed(zhang, cast):
    item = owed(cast)
    answer = zhang.post(DOWNLOAD)
    assert answer["Content-Disposition"] == "attachment; filename*=UTF-8''" + quote(
        "2026年第三季度_区交通运输局_填报表.xlsx"
    )
    token = read_token(opened(answer).get_sheet_by_name("_meta").to_python()[0][0])
    kept = WorkbookDownload.objects.get()
    assert token == Token("jtj", "2026Q3", kept.key)
    assert (kept.agency, kept.by, kept.by_name) == (cast["张三"].agency, cast["张三"], "张三")
    assert set(kept.contents) == {f"2026Q3:task:{item.task.code}"}
    event = AuditEvent.objects.get()
    assert event.action == "下载填报表"
    assert (event.object_code, event.object_name) == (
        "2026Q3", "2026年第三季度_区交通运输局_填报表.xlsx",
    )  # fmt: skip
    page = document(zhang.get(PAGE))
    (line,) = page.one("table").every("tr")[1:]
    assert "张三" in line.text
    assert "下载" in line.text
    assert "以前下载和上传的1次" in page.text


def test_the_signer_downloads_too_and_other_roles_do_not(client, cast):
    owed(cast)
    for name, status in (("钱审核", 200), ("赵六", 403), ("孙领导", 403), ("管理员", 403)):
        client.force_login(cast[name])
        assert client.get(PAGE).status_code == status, name
        assert client.post(DOWNLOAD).status_code == status, name


def test_another_agency_gets_its_own_workbook_or_none(client, cast):
    owed(cast)
    client.force_login(cast["王五"])
    assert "本单位没有要填报的事项" in client.get(PAGE).content.decode()
    answer = client.post(DOWNLOAD, follow=True)
    assert "没有可以填的事项" in answer.content.decode()
    assert not WorkbookDownload.objects.exists()


@pytest.mark.parametrize(
    ("state", "words"),
    [(PeriodState.PLANNED, "还没有开放"), (PeriodState.CLOSED, "提出解锁申请")],
)
def test_a_period_that_is_not_open_says_so(zhang, cast, state, words):
    owed(cast, period=PeriodFactory(state=state))
    text = zhang.get(PAGE).content.decode()
    assert words in text
    assert "下载本季度填报表" not in text
    zhang.post(DOWNLOAD)
    assert not WorkbookDownload.objects.exists()


def test_a_period_whose_last_day_is_over_is_closed(zhang, cast):
    over = timezone.localdate() - datetime.timedelta(days=1)
    owed(cast, period=PeriodFactory(opens_on=over, due_on=over, closes_on=over))
    assert "提出解锁申请" in zhang.get(PAGE).content.decode()


def test_what_was_returned_is_filled_in_after_the_period_has_closed(zhang, cast):
    period = PeriodFactory(state=PeriodState.CLOSED)
    filled(owed(cast, period=period), {"status": "on_track"}, state=ObligationState.RETURNED)
    assert "下载本季度填报表" in zhang.get(PAGE).content.decode()
    assert "任务" in opened(zhang.post(DOWNLOAD)).sheet_names


def test_all_handed_in_says_so(zhang, cast):
    filled(owed(cast), {"status": "on_track"}, state=ObligationState.SUBMITTED)
    assert "要修改时先撤回" in zhang.get(PAGE).content.decode()


def test_an_unknown_period_is_not_found(zhang):
    assert zhang.get("/fill/2031Q1/excel/").status_code == 404
    assert zhang.get("/fill/abc/excel/").status_code == 404


def test_a_download_is_no_get(zhang, cast):
    owed(cast)
    assert zhang.get(DOWNLOAD).status_code == 405


def test_statements_do_not_grow_with_rows(zhang, cast, django_assert_max_num_queries):
    for _ in range(3):
        owed(cast)
    with django_assert_max_num_queries(7):
        zhang.get(PAGE)
    with django_assert_max_num_queries(12):
        zhang.post(DOWNLOAD)


def test_two_hundred_items_take_no_more_statements(zhang, cast, django_assert_max_num_queries):
    for kind in ("target", "task", "contribution", "project"):
        for _ in range(52):
            owed(cast, kind)
    with django_assert_max_num_queries(12):
        answer = zhang.post(DOWNLOAD)
    assert len(WorkbookDownload.objects.get().contents) == 208
    assert len(opened(answer).get_sheet_by_name("任务").to_python()) >= 52


def test_a_marked_copy_carries_the_token_of_its_download(zhang, cast):
    item = owed(cast)
    zhang.post(DOWNLOAD)
    download = WorkbookDownload.objects.select_related("agency", "period").get()
    key = f"2026Q3:task:{item.task.code}"
    data = marked_copy(
        download=download, reader=cast["张三"], uploaded={(key, "next_due"): "明年"},
        marks={(key, "next_due"): "看不出是哪个月"},
    )  # fmt: skip
    found = CalamineWorkbook.from_filelike(io.BytesIO(data))
    token = read_token(found.get_sheet_by_name("_meta").to_python()[0][0])
    assert token == Token("jtj", "2026Q3", download.key)
    assert "明年" in found.get_sheet_by_name("任务").to_python(skip_empty_area=False)[3]
