"""The evidence of an obligation, and where it is stored."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import (
    BooleanField,
    Case,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from common.files.store import FileStore
from common.files.types import ACCEPT, ALLOWED
from reporting.models import Evidence, MatterFile, Obligation, StoredFile
from reporting.periods.selectors.thresholds import thresholds

MOST_FILES = 20
MEGABYTE = 1024 * 1024
_TOO_LARGE = "文件有{size}MB，超过{limit}MB的上限，压缩图片或拆成几份后重新上传。"


@dataclass(frozen=True)
class EvidenceFile:
    """One file of an obligation for its page."""

    pk: int
    name: str
    size: int
    uploaded_by: str
    is_locked: bool
    is_reused: bool

    @classmethod
    def of(cls, row: Evidence) -> "EvidenceFile":
        return cls(row.pk, row.name, row.file.size, row.uploaded_by, row.is_locked, row.is_reused)

    @property
    def size_text(self) -> str:
        return size_words(self.size)


@dataclass(frozen=True)
class EvidenceBlock:
    """The files of an obligation, and those of its last approved quarter that can be reused."""

    files: tuple[EvidenceFile, ...]
    last: tuple[EvidenceFile, ...]
    limit_mb: int
    most: int = MOST_FILES
    accept: str = ACCEPT
    allowed: str = ALLOWED

    @property
    def last_names(self) -> str:
        return "、".join(file.name for file in self.last)

    @property
    def too_large(self) -> str:
        """The refusal of a large file, for the script, which replaces {size} by the file's size."""
        return too_large(size="{size}", limit_mb=self.limit_mb)


def size_words(size: int) -> str:
    """214 KB, 3.2 MB."""
    if size < MEGABYTE:
        return f"{max(1, round(size / 1024))} KB"
    return f"{size / MEGABYTE:.1f} MB"


def store() -> FileStore:
    """The file store of the installation: outside the web root, never served directly."""
    return FileStore(settings.DATA_DIR / "files" / "evidence")


def size_limit_mb() -> int:
    """The size limit of one file, as the bureau has set it."""
    return thresholds().whole("EVIDENCE_MB")


def too_large(*, size: str, limit_mb: int) -> str:
    """The refusal of a file above the limit, for the page and the service."""
    return _TOO_LARGE.format(size=size, limit=limit_mb)


def evidence_block(*, obligation: Obligation, limit_mb: int) -> EvidenceBlock:
    """Both lists in one statement. Files the obligation has are not offered again.

    `limit_mb` is the current size limit, which the page has read with the other settings.
    """
    rows = (
        Evidence.objects.filter(removed_at=None)
        .filter(
            Q(obligation=obligation)
            | Q(obligation=Subquery(_last_approved(obligation)), is_locked=True)
        )
        .select_related("file")
        .order_by("pk")
    )
    own = [row for row in rows if row.obligation_id == obligation.pk]
    present = {row.file_id for row in own}
    last = [row for row in rows if row.obligation_id != obligation.pk]
    return EvidenceBlock(
        tuple(map(EvidenceFile.of, own)),
        tuple(EvidenceFile.of(row) for row in last if row.file_id not in present),
        limit_mb,
    )


def last_evidence(*, obligation: Obligation) -> QuerySet[Evidence]:
    """The approved files of the agency's last quarter for the same subject."""
    return (
        Evidence.objects.filter(
            obligation=Subquery(_last_approved(obligation)), removed_at=None, is_locked=True
        )
        .select_related("file")
        .order_by("pk")
    )


def _last_approved(obligation: Obligation) -> QuerySet[Obligation, Any]:
    """The key of the newest earlier obligation whose approval locked files."""
    period = obligation.period
    locked = Evidence.objects.filter(obligation=OuterRef("pk"), removed_at=None, is_locked=True)
    return (
        Obligation.objects.filter(
            Q(period__year__lt=period.year)
            | Q(period__year=period.year, period__quarter__lt=period.quarter),
            Exists(locked),
            agency=obligation.agency_id,
            kind=obligation.kind,
            target=obligation.target_id,
            task=obligation.task_id,
            project=obligation.project_id,
        )
        .order_by("-period__year", "-period__quarter", _same_year(obligation).desc(), "-pk")
        .values("pk")[:1]
    )


def _same_year(obligation: Obligation) -> Case:
    """Order key that prefers the files of the same year where a target has two years."""
    same = When(value_year=obligation.value_year, then=Value(True))
    return Case(same, default=Value(False), output_field=BooleanField())


def stored_files() -> dict[str, StoredFile]:
    """Every file that a row refers to, by its hash."""
    return {row.sha256: row for row in StoredFile.objects.all()}


def shown_names(*, files: list[StoredFile]) -> dict[int, list[str]]:
    """File key → where the file is used: 2026Q3 T18 公交台账.xlsx."""
    names: dict[int, list[str]] = {}
    rows = Evidence.objects.filter(file__in=files, removed_at=None).select_related(
        "obligation__period", "obligation__agency", "obligation__target", "obligation__task",
        "obligation__project",
    )  # fmt: skip
    for row in rows:
        names.setdefault(row.file_id, []).append(f"{row.obligation.code} {row.name}")
    steps = MatterFile.objects.filter(file__in=files).select_related("note__matter")
    for step in steps:
        names.setdefault(step.file_id, []).append(f"{step.note.matter.code} {step.name}")
    return names
