"""Evidence files: added, removed, reused, opened.

Content is written to disk before its row: after a rollback a file without a row may remain, which
`check_evidence` finds; a row without its file cannot arise.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from agencies.models import User
from audit import services as audit
from common.files.containers import FileRefusedError
from common.files.scan import scan
from common.files.store import DamagedError, StoreError
from common.files.types import checked_kind, clean_name
from reporting.filling.selectors.evidence import (
    MEGABYTE,
    MOST_FILES,
    last_evidence,
    size_limit_mb,
    store,
    too_large,
)
from reporting.filling.services.entries import locked, save_touched
from reporting.models import Evidence, Obligation, StoredFile
from reporting.policies import ConflictError, check_can_edit, check_can_read_evidence


@dataclass(frozen=True)
class AddedFiles:
    """The result of adding several files: the stored ones, and a sentence for each refused one."""

    evidence: tuple[Evidence, ...]
    refusals: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReadyFile:
    """A file on disk that has no row yet."""

    name: str
    sha256: str
    size: int
    content_type: str


def add(*, obligation: Obligation, uploads: Sequence["UploadedFile[Any]"], by: User) -> AddedFiles:
    """Store files and attach them to an obligation; a refused one does not block the others.

    Raises PermissionDenied and ConflictError where the obligation takes no entries.
    """
    check_can_edit(obligation=obligation, by=by)
    limit = size_limit_mb()
    ready: list[ReadyFile] = []
    refusals: list[str] = []
    for upload in uploads:
        name = clean_name(upload.name or "")
        try:
            ready.append(stored(upload=upload, name=name, limit_mb=limit))
        except (FileRefusedError, StoreError) as refusal:
            refusals.append(f"{name}：{refusal}")
    added = _attach(obligation.pk, ready, by) if ready else AddedFiles(())
    return AddedFiles(added.evidence, (*refusals, *added.refusals))


@transaction.atomic
def remove(*, evidence: Evidence, by: User) -> Evidence:
    """Remove a file from its obligation; row and content stay readable. Idempotent.

    Raises ConflictError once the file was approved.
    """
    (obligation,) = locked(pks=[evidence.obligation_id])
    check_can_edit(obligation=obligation, by=by)
    found = Evidence.objects.select_related("file").get(pk=evidence.pk)
    if found.removed_at:
        return found
    if found.is_locked:
        raise ConflictError("这份佐证已随审核通过锁定，不能移除；可以另外上传新的")
    found.removed_at = timezone.now()
    found.save(update_fields=["removed_at"])
    save_touched(obligation=obligation, by=by)
    _record("移除佐证", obligation, by, removed=[found.name])
    return found


@transaction.atomic
def reuse_last(*, obligation: Obligation, by: User) -> AddedFiles:
    """Attach the approved files of last quarter's obligation for the same subject (沿用上季度佐证).

    Raises ConflictError where there are none, or the obligation has all of them already.
    """
    (kept,) = locked(pks=[obligation.pk])
    check_can_edit(obligation=kept, by=by)
    present = _present(kept)
    fresh = [row for row in last_evidence(obligation=kept) if row.file_id not in present]
    if not fresh:
        raise ConflictError("上季度没有审核通过的佐证，或都已经沿用；选择文件上传")
    room = max(0, MOST_FILES - len(present))
    rows = [_row(kept, row.file, row.name, by, is_reused=True) for row in fresh[:room]]
    _write("沿用佐证", kept, rows, by)
    refusals = [f"{row.name}：{_full()}" for row in fresh[room:]]
    return AddedFiles(tuple(rows), tuple(refusals))


def open_file(*, evidence: Evidence, by: User) -> BinaryIO:
    """The content, checked against its hash, for a person who may read the obligation.

    Audited, also where it fails. Raises PermissionDenied, DamagedError.
    """
    obligation = evidence.obligation
    try:
        check_can_read_evidence(evidence=evidence, by=by)
        file = store().open(evidence.file.sha256, evidence.file.size)
    except (PermissionDenied, DamagedError):
        _record("下载佐证", obligation, by, added=[evidence.name], succeeded=False)
        raise
    _record("下载佐证", obligation, by, added=[evidence.name])
    return file


def stored(*, upload: "UploadedFile[Any]", name: str, limit_mb: int) -> ReadyFile:
    """Write a file to disk. Raises FileRefusedError, StoreError with a sentence."""
    size = upload.size or 0
    if size > limit_mb * MEGABYTE:
        words = too_large(size=f"{size / MEGABYTE:.1f}", limit_mb=limit_mb)
        raise FileRefusedError("too_large", words)
    kind = checked_kind(cast("BinaryIO", upload.file), name)
    stored = store().put(upload.chunks(), check=scan)
    return ReadyFile(name, stored.sha256, stored.size, kind.content_type)


@transaction.atomic
def _attach(pk: int, ready: list[ReadyFile], by: User) -> AddedFiles:
    (obligation,) = locked(pks=[pk])
    check_can_edit(obligation=obligation, by=by)
    files = stored_rows(ready=ready)
    present = _present(obligation)
    rows: list[Evidence] = []
    refusals: list[str] = []
    for one in ready:
        file = files[one.sha256]
        if file.pk in present:
            refusals.append(f"{one.name}：这份文件已经上传，名称是“{present[file.pk]}”。")
        elif len(present) >= MOST_FILES:
            refusals.append(f"{one.name}：{_full()}")
        else:
            present[file.pk] = one.name
            rows.append(_row(obligation, file, one.name, by))
    _write("上传佐证", obligation, rows, by)
    return AddedFiles(tuple(rows), tuple(refusals))


def _full() -> str:
    return f"每项最多{MOST_FILES}份佐证，移除不用的或合并成一份压缩包后再上传。"


def _present(obligation: Obligation) -> dict[int, str]:
    """Key of each file that the obligation has → its name."""
    rows = Evidence.objects.filter(obligation=obligation, removed_at=None)
    return dict(rows.values_list("file_id", "name"))


def stored_rows(*, ready: Iterable[ReadyFile]) -> dict[str, StoredFile]:
    """The row of each content, created if missing; in one order, which avoids deadlocks."""
    by_hash = {one.sha256: one for one in ready}
    rows = StoredFile.objects.bulk_create(
        (
            StoredFile(sha256=one.sha256, size=one.size, content_type=one.content_type)
            for one in sorted(by_hash.values(), key=lambda one: one.sha256)
        ),
        # Not ignore_conflicts: only an update returns the keys of rows that exist already.
        update_conflicts=True,
        unique_fields=["sha256"],
        update_fields=["size"],
    )
    return {row.sha256: row for row in rows}


def _row(
    obligation: Obligation, file: StoredFile, name: str, by: User, *, is_reused: bool = False
) -> Evidence:
    who = by.display_name
    return Evidence(
        obligation=obligation, file=file, name=name, uploaded_by=who, is_reused=is_reused
    )


def _write(action: str, obligation: Obligation, rows: list[Evidence], by: User) -> None:
    if rows:
        Evidence.objects.bulk_create(rows)
        save_touched(obligation=obligation, by=by)
        _record(action, obligation, by, added=[row.name for row in rows])


def _record(
    action: str,
    obligation: Obligation,
    by: User,
    *,
    added: Iterable[str] = (),
    removed: Iterable[str] = (),
    succeeded: bool = True,
) -> None:
    changes = (
        *(("佐证材料", "", name) for name in added),
        *(("佐证材料", name, "") for name in removed),
    )
    code, name = obligation.code, obligation.name
    entry = audit.Entry(action, "应报事项", code, name, changes=changes, succeeded=succeeded)
    audit.record(entry, by=by)
