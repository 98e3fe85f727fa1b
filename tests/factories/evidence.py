"""Evidence of the tests, with its content on disk."""

from django.core.files.uploadedfile import SimpleUploadedFile

from reporting.filling.selectors.evidence import store
from reporting.models import Evidence, StoredFile
from tests.unit.common.files.document_bytes import PDF


def upload(name="公交台账.pdf", data=PDF):
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, data)


def attach(obligation, *, name="公交台账.pdf", data=PDF, **fields):
    """Evidence that is there already."""
    stored = store().put([data])
    file, _ = StoredFile.objects.get_or_create(
        sha256=stored.sha256, defaults={"size": stored.size, "content_type": "application/pdf"}
    )
    return Evidence.objects.create(
        obligation=obligation, file=file, name=name, uploaded_by="张三", **fields
    )
