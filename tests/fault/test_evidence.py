"""Disk full, folder gone, process killed, two at once: no row without its file, one sentence."""

import io
import os
import resource
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse

from audit.models import AuditEvent
from common.files.store import DAY_SECONDS
from reporting.filling.selectors.evidence import store
from reporting.filling.services import evidence
from reporting.models import Evidence, Obligation, StoredFile
from tests.factories.agencies import UserFactory
from tests.factories.evidence import upload
from tests.factories.reporting import ObligationFactory
from tests.fault.test_imports_at_once import at_once
from tests.servers import ROOT, url_of_test_database
from tests.unit.common.files.document_bytes import PDF

pytestmark = pytest.mark.django_db(transaction=True)
SCRIPT = {"Accept": "application/json"}
SECONDS = 40

UPLOAD = """
import django, sys
django.setup()
from agencies.models import User
from reporting.models import Obligation
from reporting.filling.services import evidence
from tests.factories.evidence import upload
item = Obligation.objects.with_subjects().get(pk=sys.argv[1])
evidence.add(obligation=item, uploads=[upload()], by=User.objects.get(pk=sys.argv[2]))
"""


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def obligation():
    return ObligationFactory()


@pytest.fixture
def zhang(obligation):
    return UserFactory(name="张三", agency=obligation.agency)


@pytest.fixture
def signed_in(client, zhang):
    client.force_login(zhang)
    return client


def send(client, obligation, *files):
    address = reverse("reporting:file_upload", args=[obligation.pk])
    return client.post(address, {"files": list(files)}, headers=SCRIPT)


def all_files():
    return [path for path in store().root.rglob("*") if path.is_file()]


def nothing_there(obligation):
    obligation.refresh_from_db()
    return not (
        Evidence.objects.exists()
        or StoredFile.objects.exists()
        or AuditEvent.objects.exists()
        or obligation.version
    )


@contextmanager
def files_of_at_most(size):
    """Every file that grows beyond it cannot be written, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_a_sentence_and_leaves_nothing(signed_in, obligation):
    large = upload("批复.pdf", PDF + bytes(200_000))
    with files_of_at_most(100_000):
        answer = send(signed_in, obligation, large)
    assert answer.status_code == 200
    (sentence,) = answer.json()["errors"]
    assert sentence.startswith("批复.pdf：服务器没有存下这份文件（磁盘已满或不能写入）")
    assert nothing_there(obligation)
    assert all_files() == []


def test_what_fits_is_kept_beside_what_does_not(signed_in, obligation):
    with files_of_at_most(100_000):
        answer = send(signed_in, obligation, upload("批复.pdf", PDF + bytes(200_000)), upload())
    assert len(answer.json()["errors"]) == 1
    assert [file["name"] for file in answer.json()["files"]] == ["公交台账.pdf"]


def test_a_folder_that_cannot_be_written(signed_in, obligation, tmp_path):
    (tmp_path / "files").write_bytes(b"in the way of the folder")
    (sentence,) = send(signed_in, obligation, upload()).json()["errors"]
    assert "服务器没有存下这份文件" in sentence
    assert nothing_there(obligation)


def wait_for(condition):
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def start_upload(obligation, person, folder):
    environment = os.environ | {
        "DATABASE_URL": url_of_test_database(),
        "KAIFU_DATA_DIR": str(folder),
    }
    command = [sys.executable, "-c", UPLOAD, str(obligation.pk), str(person.pk)]
    return subprocess.Popen(command, cwd=ROOT, env=environment)


def test_killed_between_the_file_and_its_row(obligation, zhang, tmp_path):
    """The item is locked here, so that the other process waits behind its stored file."""
    with transaction.atomic():
        Obligation.objects.select_for_update().get(pk=obligation.pk)
        process = start_upload(obligation, zhang, tmp_path)
        wait_for(lambda: list(store().contents()))
        process.send_signal(signal.SIGKILL)
        process.wait(SECONDS)
    assert nothing_there(obligation)
    (orphan,) = all_files()
    assert orphan.read_bytes() == PDF

    then = orphan.stat().st_mtime - 2 * DAY_SECONDS
    os.utime(orphan, (then, then))
    call_command("check_evidence", "--remove", stdout=io.StringIO())
    assert all_files() == []


def test_after_the_kill_the_same_file_is_simply_uploaded_again(signed_in, obligation):
    store().put([PDF])
    assert len(send(signed_in, obligation, upload()).json()["files"]) == 1
    assert len(all_files()) == 1


def test_the_same_file_sent_twice_at_the_same_moment(obligation, zhang):
    outcomes = []

    def act():
        kept = Obligation.objects.with_subjects().get(pk=obligation.pk)
        outcomes.append(evidence.add(obligation=kept, uploads=[upload()], by=zhang))

    at_once(act, act)
    assert sorted(len(outcome.evidence) for outcome in outcomes) == [0, 1]
    assert [len(outcome.refusals) for outcome in outcomes if not outcome.evidence] == [1]
    assert Evidence.objects.count() == StoredFile.objects.count() == 1


def test_the_same_content_for_two_items_at_the_same_moment(obligation, zhang):
    other = ObligationFactory(agency=obligation.agency)

    def act(pk):
        kept = Obligation.objects.with_subjects().get(pk=pk)
        evidence.add(obligation=kept, uploads=[upload()], by=zhang)

    at_once(lambda: act(obligation.pk), lambda: act(other.pk))
    assert Evidence.objects.count() == 2
    assert StoredFile.objects.count() == len(all_files()) == 1
