"""Files of a matter's steps: scans of 批示 and evidence of what was done."""

from collections.abc import Sequence
from typing import Any, BinaryIO

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile

from agencies.models import User
from audit import services as audit
from common.files.containers import FileRefusedError
from common.files.store import DamagedError, StoreError
from common.files.types import clean_name
from reporting.filling.selectors.evidence import MOST_FILES, size_limit_mb, store
from reporting.filling.services.evidence import ReadyFile, stored, stored_rows
from reporting.models import Matter, MatterFile, MatterNote
from reporting.policies import reads_whole_matter


def attach(*, note: MatterNote, files: Sequence["UploadedFile[Any]"], by: User) -> None:
    """Store the files of a step. Raises ValidationError with a sentence for each refused one.

    Called inside the step's transaction, after its policy check.
    """
    if not files:
        return
    if len(files) > MOST_FILES:
        raise ValidationError({"files": f"一次最多上传{MOST_FILES}份，合并成一份压缩包后再上传"})
    limit, ready, refusals = size_limit_mb(), [], []
    for upload in files:
        name = clean_name(upload.name or "")
        try:
            ready.append(stored(upload=upload, name=name, limit_mb=limit))
        except (FileRefusedError, StoreError) as refusal:
            refusals.append(f"{name}：{refusal}")
    if refusals:
        raise ValidationError({"files": refusals})
    _write(note, ready)
    _record("上传佐证", note.matter, by, [one.name for one in ready])


def open_file(*, file: MatterFile, by: User) -> BinaryIO:
    """The content, checked against its hash, for a person who may read the matter's steps.

    Audited, also where it fails. Raises PermissionDenied, DamagedError.
    """
    matter = file.note.matter
    try:
        if not reads_whole_matter(matter=matter, by=by):
            raise PermissionDenied("办理材料由提出单位、承办单位、审核员和领导查看")
        content = store().open(file.file.sha256, file.file.size)
    except (PermissionDenied, DamagedError):
        _record("下载佐证", matter, by, [file.name], succeeded=False)
        raise
    _record("下载佐证", matter, by, [file.name])
    return content


def _write(note: MatterNote, ready: Sequence[ReadyFile]) -> None:
    rows = stored_rows(ready=ready)
    MatterFile.objects.bulk_create(
        MatterFile(note=note, file=rows[one.sha256], name=one.name) for one in ready
    )


def _record(
    action: str, matter: Matter, by: User, names: Sequence[str], *, succeeded: bool = True
) -> None:
    changes = tuple(("佐证材料", "", name) for name in names)
    audit.record(
        audit.Entry(action, "事项", matter.code, str(matter), changes, succeeded=succeeded), by=by
    )
