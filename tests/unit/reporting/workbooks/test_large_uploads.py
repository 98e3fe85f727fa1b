"""A large file is read by a job while the page shows how far it is; it can be given up."""

import io
import os
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from common.background import NoWorkerError
from reporting import jobs
from reporting.choices import UploadState
from reporting.models import WorkbookUpload
from reporting.workbooks.services import uploads
from tests.factories.agencies import UserFactory
from tests.factories.reporting import ObligationFactory
from tests.unit.reporting.workbooks.uploaded import downloaded, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("of_2026q3")]


@pytest.fixture
def own():
    return ObligationFactory()


@pytest.fixture
def zhang(own, client):
    user = UserFactory(agency=own.agency)
    client.force_login(user)
    return user


@pytest.fixture
def handed_over(monkeypatch):
    """The jobs that were handed to the worker."""
    found = []
    monkeypatch.setattr(uploads, "send", lambda *call: found.append(call))
    return found


@pytest.fixture
def large(own, zhang):
    """The agency's file with a picture of 600 KB in it."""
    stream = io.BytesIO(downloaded(zhang, own.period))
    with zipfile.ZipFile(stream, "a") as book:
        book.writestr("xl/media/image1.png", os.urandom(600 * 1024))
    return stream.getvalue()


def test_a_large_file_is_read_by_a_job(client, own, handed_over, large):
    upload = sent(client, own.period, large)
    assert upload.state == UploadState.READING
    assert handed_over == [(uploads.READ_JOB, upload.pk)]
    page = client.get(upload.get_absolute_url())
    assert "正在后台读取" in page.content.decode()
    assert page.headers["Refresh"] == "2"
    jobs.read_workbook(upload.pk)
    jobs.read_workbook(upload.pk)
    upload.refresh_from_db()
    assert (upload.state, upload.progress) == (UploadState.CHECKING, 100)
    assert "内容都没有变化" in client.get(upload.get_absolute_url()).content.decode()


def test_a_file_that_was_given_up_stays_so(client, own, handed_over, large):
    upload = sent(client, own.period, large)
    client.post(reverse("reporting:excel_give_up", args=[own.period.code, upload.pk]))
    jobs.read_workbook(upload.pk)
    upload.refresh_from_db()
    assert upload.state == UploadState.GIVEN_UP
    assert bytes(upload.content) == b""
    assert "已取消" in client.get(upload.get_absolute_url()).content.decode()


def test_what_is_given_up_while_it_is_read_stays_so(client, own, handed_over, large, monkeypatch):
    upload = sent(client, own.period, large)
    read = uploads.read_file

    def slowly(data, name):
        client.post(reverse("reporting:excel_give_up", args=[own.period.code, upload.pk]))
        return read(data, name)

    monkeypatch.setattr(uploads, "read_file", slowly)
    jobs.read_workbook(upload.pk)
    upload.refresh_from_db()
    assert upload.state == UploadState.GIVEN_UP


def test_without_a_worker_the_file_is_refused_in_words(client, own, large, monkeypatch):
    def nobody(*call):
        raise NoWorkerError

    monkeypatch.setattr(uploads, "send", nobody)
    upload = sent(client, own.period, large)
    assert "后台服务没有响应" in client.get(upload.get_absolute_url()).content.decode()


def test_old_contents_are_forgotten_and_the_upload_stays(own, zhang):
    data = downloaded(zhang, own.period)
    file = SimpleUploadedFile("填报表.xlsx", data)
    upload = uploads.take(period=own.period, upload=file, by=zhang)
    uploads.sweep()
    upload.refresh_from_db()
    assert upload.cells
    WorkbookUpload.objects.update(at=timezone.now() - uploads.KEPT * 2)
    uploads.sweep()
    upload.refresh_from_db()
    assert (upload.cells, bytes(upload.content)) == ([], b"")
