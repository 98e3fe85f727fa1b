"""A large workbook of a quarter is read by a real worker."""

import io
import os
import time
import zipfile

import pytest

from reporting.choices import UploadState
from tests.factories.agencies import UserFactory
from tests.factories.reporting import ObligationFactory
from tests.unit.reporting.workbooks.uploaded import downloaded, sent

SECONDS = 30


@pytest.mark.worker
@pytest.mark.usefixtures("celery_worker_process")
@pytest.mark.django_db(transaction=True)
def test_a_worker_reads_and_the_page_shows_what_it_says(client):
    own = ObligationFactory()
    user = UserFactory(agency=own.agency)
    client.force_login(user)
    stream = io.BytesIO(downloaded(user, own.period))
    with zipfile.ZipFile(stream, "a") as book:
        book.writestr("xl/media/image1.png", os.urandom(600 * 1024))
    upload = sent(client, own.period, stream.getvalue())
    assert upload.state == UploadState.READING
    end = time.monotonic() + SECONDS
    while upload.state == UploadState.READING:
        assert time.monotonic() < end
        time.sleep(0.1)
        upload.refresh_from_db()
    assert "内容都没有变化" in client.get(upload.get_absolute_url()).content.decode()
