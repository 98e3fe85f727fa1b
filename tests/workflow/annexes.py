"""The published annexes in the wizard: steps that several stories take."""

import io
from pathlib import Path

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from imports.models import ImportRun
from imports.selectors.preview import Answers, build_preview
from imports.selectors.reading_storage import unpack

ROOT = Path(__file__).resolve().parents[2]
ANNEX1 = ROOT / "fixtures" / "annex1_key_items.xlsx"
ANNEX2 = ROOT / "fixtures" / "annex2_key_projects.xlsx"
LIST = "/manage/import/"


def upload(client, file: Path | tuple[str, bytes]):
    """Send a file through the form; returns the answer."""
    name, data = file if isinstance(file, tuple) else (file.name, file.read_bytes())
    return client.post(LIST, {"file": SimpleUploadedFile(name, data)})


def latest() -> ImportRun:
    return ImportRun.objects.latest("pk")


def preview(run: ImportRun):
    """What the run would do now."""
    run.refresh_from_db()
    return build_preview(unpack(run.reading), Answers.of(run.answers, run.agency_answers))


def send(client, step: str, number: int = 1, **fields):
    """Post a step of the latest run, as its page of that number would."""
    run = latest()
    sent = {"step": step, "version": run.version, "action": "next", **fields}
    return client.post(f"{run.get_absolute_url()}?step={step}&page={number}", sent)


def name_convenors(client, choice=None):
    """Answer every task without lead: its first responsible agency, or one choice for all."""
    lines = [line for line in preview(latest()).lines if line.asks]
    answers = {f"value-{line.key}": choice or line.candidates[0] for line in lines}
    for number in range(1, len(lines) // 100 + 2):
        answer = send(client, "problems", number, **answers)
    return answer


def take_agencies(client):
    return send(client, "agencies", action="take_all")


def page(client, step=""):
    """The HTML of a step of the latest run, white space collapsed as a browser does."""
    answer = client.get(latest().get_absolute_url(), {"step": step} if step else {})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def name_reporters(client, agency):
    """Let one body report every project whose owner cannot."""
    return send(client, "agencies", rest=agency)


def changed(file: Path, cells: dict[str, object]) -> tuple[str, bytes]:
    """The published workbook with some cells written anew."""
    workbook = openpyxl.load_workbook(file)
    for place, value in cells.items():
        workbook.active[place] = value
    stream = io.BytesIO()
    workbook.save(stream)
    return (file.name, stream.getvalue())


def import_all(client, file, reporter=""):
    """Take a file through all steps by its suggestions."""
    upload(client, file)
    name_convenors(client, "later")
    take_agencies(client)
    if reporter:
        name_reporters(client, reporter)
    keys = [line.key for line in preview(latest()).targets]
    send(client, "differences", shown_target=keys, target=keys)
    return send(client, "confirm")
