"""Checks that the rows of evidence agree with the files on disk."""

from dataclasses import dataclass

from audit import services as audit
from reporting.filling.selectors.evidence import shown_names, store, stored_files
from reporting.models import StoredFile


@dataclass(frozen=True)
class BrokenFile:
    """A file of a row that is missing or damaged; the names say where it is used."""

    sha256: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class EvidenceFindings:
    """Result of a check. Orphans have no row; unfinished ones are interrupted uploads."""

    checked: int
    missing: tuple[BrokenFile, ...]
    damaged: tuple[BrokenFile, ...]
    orphans: tuple[str, ...]
    unfinished: int
    removed: int


def check(*, remove: bool = False) -> EvidenceFindings:
    """Compare every file with its hash. `remove` deletes files without a row older than a day.

    Files are listed before rows are read: a file uploaded in between is younger than a day.
    """
    files = store()
    present = set(files.contents())
    unfinished = list(files.leftovers())
    rows = stored_files()
    missing = [row for row in rows.values() if not files.has(row.sha256)]
    damaged = [
        row
        for row in rows.values()
        if files.has(row.sha256) and not files.is_whole(row.sha256, row.size)
    ]
    orphans = sorted(present - set(rows))
    swept = [sha256 for sha256 in orphans if files.sweep(sha256)] if remove else []
    for path in unfinished if remove else ():
        path.unlink(missing_ok=True)
    removed = len(swept) + (len(unfinished) if remove else 0)
    if removed:
        _record(swept, len(unfinished))
    return EvidenceFindings(
        len(rows),
        _named(missing),
        _named(damaged),
        tuple(sha256 for sha256 in orphans if sha256 not in set(swept)),
        len(unfinished),
        removed,
    )


def _named(rows: list[StoredFile]) -> tuple[BrokenFile, ...]:
    names = shown_names(files=rows)
    return tuple(BrokenFile(row.sha256, tuple(names.get(row.pk, ()))) for row in rows)


def _record(swept: list[str], unfinished: int) -> None:
    changes = tuple(("无记录文件", sha256, "") for sha256 in swept)
    reason = f"另有未传完的文件{unfinished}个" if unfinished else ""
    audit.record(
        audit.Entry("清理佐证文件", "佐证材料", "check_evidence", changes=changes, reason=reason),
        by=None,
    )
