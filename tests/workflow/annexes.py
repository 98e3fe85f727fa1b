"""The published annexes in the wizard: steps that several stories take."""

from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from imports.models import ImportRun
from imports.selectors.preview import Answers, look
from imports.selectors.stored import unpack

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
    return look(unpack(run.reading), Answers.of(run.answers, run.agency_answers))


def send(client, step: str, **fields):
    """Post a step of the latest run, as its page would."""
    run = latest()
    sent = {"step": step, "version": run.version, "action": "next", **fields}
    return client.post(f"{run.get_absolute_url()}?step={step}", sent)


def name_convenors(client, choice=None):
    """Answer every task without lead: its first responsible agency, or one choice for all."""
    lines = [line for line in preview(latest()).lines if line.asks]
    answers = {f"value-{line.key}": choice or line.candidates[0] for line in lines}
    return send(client, "problems", **answers)


def take_agencies(client):
    return send(client, "agencies", action="take_all")
