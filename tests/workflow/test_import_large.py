"""A table of more than 1000 rows is read by a worker while the page shows that it goes on."""

import time

import pytest

from common.workbooks.reading import read_workbook
from imports.choices import ImportState
from imports.services import reading, runs
from imports.services.reading import read_run
from projects.models import Project
from tests.unit.common.workbooks.workbook_bytes import workbook
from tests.workflow import annexes

HEADER = ["序号", "类别", "项目单位", "项目名称", "建设内容", "起止年限", "项目总投资（万元）"]
SECONDS = 30


def table(rows):
    lines = (
        [n, "环保工程", "区农业农村局", f"第{n}号湿地", "清淤", "2023-2025", n]
        for n in range(1, rows + 1)
    )
    return ("附件2.xlsx", workbook([HEADER, *lines]))


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_a_worker_reads_and_the_page_goes_on_by_itself(admin_client, celery_worker_process):
    answer = annexes.upload(admin_client, table(1200))
    run = annexes.latest()
    assert answer.url.startswith(run.get_absolute_url())
    end = time.monotonic() + SECONDS
    while annexes.latest().state == ImportState.READING:
        assert time.monotonic() < end
        time.sleep(0.1)
    assert "下面有<b>1200</b>行内容" in annexes.page(admin_client, "header")

    annexes.take_agencies(admin_client)
    annexes.send(admin_client, "confirm")
    assert Project.objects.count() == 1200


@pytest.mark.django_db(transaction=True)
def test_while_it_is_read_the_page_polls_and_nothing_can_be_sent(admin_client):
    annexes.upload(admin_client, table(1001))
    run = annexes.latest()
    assert run.state == ImportState.READING
    answer = admin_client.get(run.get_absolute_url())
    assert "正在后台读取" in answer.content.decode()
    assert answer.headers["Refresh"] == "2"
    sent = admin_client.post(run.get_absolute_url(), {"step": "confirm"}, follow=True)
    assert "不能再改" in sent.content.decode()
    admin_client.post(f"{run.get_absolute_url()}abandon/")
    read_run(pk=run.pk)
    assert annexes.latest().state == ImportState.ABANDONED


@pytest.mark.django_db(transaction=True)
def test_what_is_given_up_while_it_is_read_stays_given_up(admin_client, monkeypatch):
    annexes.upload(admin_client, table(1001))
    run = annexes.latest()

    def slowly(content, name):
        admin_client.post(f"{run.get_absolute_url()}abandon/")
        return read_workbook(content, name)

    monkeypatch.setattr(reading, "read_workbook", slowly)
    read_run(pk=run.pk)
    assert annexes.latest().state == ImportState.ABANDONED


@pytest.mark.django_db(transaction=True)
def test_what_was_read_meanwhile_is_given_up_all_the_same(admin_client, administrator):
    """The page said that it is being read; the job came to its end before the click arrived."""
    annexes.upload(admin_client, table(1001))
    seen = annexes.latest()
    read_run(pk=seen.pk)
    runs.abandon(run=seen, by=administrator)
    assert annexes.latest().state == ImportState.ABANDONED


@pytest.mark.django_db
def test_up_to_1000_rows_are_read_at_once(admin_client):
    annexes.upload(admin_client, table(999))
    assert annexes.latest().state == ImportState.CHECKING
