import io
import os

import pytest
from django.core.management import call_command

from audit.models import AuditEvent
from common.files.store import DAY_SECONDS
from reporting.filling.selectors.evidence import store
from tests.factories.evidence import attach
from tests.factories.reporting import ObligationFactory
from tests.unit.common.files.document_bytes import JPG, PDF

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def run(*options):
    """What the command prints, and whether it is content."""
    out = io.StringIO()
    try:
        call_command("check_evidence", *options, stdout=out)
    except SystemExit as stop:
        return out.getvalue(), stop.code == 0
    return out.getvalue(), True


def make_old(path):
    then = path.stat().st_mtime - 2 * DAY_SECONDS
    os.utime(path, (then, then))


def orphan(data=b"nobody's"):
    path = store().path(store().put([data]).sha256)
    make_old(path)
    return path


def test_all_is_well():
    attach(ObligationFactory())
    assert run() == ("核对1个文件：全部完好\n", True)


def test_an_installation_without_files():
    assert run() == ("核对0个文件：全部完好\n", True)


def test_what_is_missing_or_damaged_is_named_with_its_item():
    obligation = ObligationFactory()
    gone, spoilt = attach(obligation), attach(obligation, name="照片.jpg", data=JPG)
    store().path(gone.file.sha256).unlink()
    store().path(spoilt.file.sha256).write_bytes(b"x")
    text, content = run("--remove")
    assert not content
    assert "缺失1个，损坏1个" in text
    assert f"缺失 {gone.file.sha256} {obligation.code} 公交台账.pdf" in text
    assert f"损坏 {spoilt.file.sha256} {obligation.code} 照片.jpg" in text
    assert store().path(spoilt.file.sha256).exists()


def test_files_without_a_row_are_reported_and_stay():
    path = orphan()
    text, content = run()
    assert content
    assert f"无记录 {path.name}" in text
    assert path.exists()
    assert not AuditEvent.objects.exists()


def test_old_files_without_a_row_go_on_demand():
    path = orphan()
    kept = attach(ObligationFactory())
    make_old(store().path(kept.file.sha256))
    half = store().root / "incoming" / "killed"
    half.write_bytes(b"ha")
    make_old(half)
    text, content = run("--remove")
    assert content
    assert "已删去一天以前的无记录文件和未传完的文件2个" in text
    assert not path.exists()
    assert not half.exists()
    assert store().is_whole(kept.file.sha256, len(PDF))
    event = AuditEvent.objects.get()
    assert (event.action, event.way) == ("清理佐证文件", "command")
    assert event.changes == [["无记录文件", path.name, ""]]


def test_a_young_file_without_a_row_may_be_an_upload_under_way():
    stored = store().put([b"just arriving"])
    text, _ = run("--remove")
    assert f"无记录 {stored.sha256}" in text
    assert store().has(stored.sha256)
