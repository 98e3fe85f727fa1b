"""The version of the plan's data, and what has changed with it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

AREAS = ("plan", "targets", "tasks", "projects")
_Touch = tuple[Collection[str], Collection[int] | None, Mapping[str, Any]]
_FEW = 100
"""Of more targets than that the log does not tell which: they are all read anew."""
_gathered: ContextVar[list[_Touch] | None] = ContextVar("gathered", default=None)


class DataState(models.Model):
    """The single row that every write to the plan's data touches.

    `version` is the key of cached pages; `has_demo` puts the demonstration strip on every page,
    `proposals_waiting` and `matters_waiting` stand in the navigation of every page.
    The mark of an area is new with each write that its pages may show: recorded values change that
    of their own area, everything else (plan, agencies, rules) all of them. `targets_log` holds the
    last marks of the targets, each with those whose values it has changed.
    """

    version = models.PositiveBigIntegerField("数据版本", default=1)
    plan_mark = models.UUIDField("方案标记", default=uuid.uuid4)
    targets_mark = models.UUIDField("指标标记", default=uuid.uuid4)
    tasks_mark = models.UUIDField("任务标记", default=uuid.uuid4)
    projects_mark = models.UUIDField("项目标记", default=uuid.uuid4)
    has_demo = models.BooleanField("含演示数据", default=False)
    proposals_waiting = models.PositiveIntegerField("等第二人确认的事项", default=0)
    matters_waiting = models.PositiveIntegerField("等区发改局办理的事项", default=0)
    renamed_at = models.DateTimeField("最近一次单位更名时间", null=True, blank=True)
    targets_log = models.JSONField("最近变化的指标", default=list, blank=True)
    changed_at = models.DateTimeField("更新时间", auto_now=True)

    class Meta:
        verbose_name = "数据状态"
        verbose_name_plural = "数据状态"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="data_state_single")]

    def __str__(self) -> str:
        return f"第{self.version}版"

    @classmethod
    def current(cls) -> DataState:
        return cls.objects.filter(pk=1).first() or cls(pk=1, version=0)

    @classmethod
    def touch(cls, area: str = "", *, only: Collection[int] | None = None, **fields: Any) -> None:
        """Raise the version inside the writing transaction; the row is locked until its end.

        `area` (targets, tasks, projects) where nothing but recorded values of it has changed,
        `only` those of these rows.
        """
        cls._touch((area,) if area else AREAS, only, fields)

    @classmethod
    def tell(cls, **fields: Any) -> None:
        """Raise the version for what the frame of every page shows; no page's data has changed."""
        cls._touch((), None, fields)

    @classmethod
    def _touch(
        cls, areas: Collection[str], only: Collection[int] | None, fields: Mapping[str, Any]
    ) -> None:
        gathered = _gathered.get()
        if gathered is None:
            cls._raise(areas, only, fields)
        else:
            gathered.append((areas, only, fields))

    @classmethod
    @contextmanager
    def touched_once(cls) -> Iterator[None]:
        """All touches within the block are one statement at its end."""
        gathered: list[_Touch] = []
        token = _gathered.set(gathered)
        try:
            yield
        finally:
            _gathered.reset(token)
        if gathered:
            areas = {area for touched, _, _ in gathered for area in touched}
            fields = {name: to for _, _, given in gathered for name, to in given.items()}
            cls._raise(areas, _targets_of(gathered), fields)

    @classmethod
    def _raise(
        cls, areas: Collection[str], only: Collection[int] | None, fields: Mapping[str, Any]
    ) -> None:
        marks: dict[str, Any] = {f"{name}_mark": uuid.uuid4() for name in areas}
        if "targets" in areas:
            marks["targets_log"] = _log(marks["targets_mark"], only)
        # one UPDATE, not read and write: it locks the row until the transaction ends, so that two
        # writers never make the same version
        row, now = cls.objects.filter(pk=1), timezone.now()
        if not row.update(version=F("version") + 1, changed_at=now, **marks, **fields):
            _, created = cls.objects.get_or_create(pk=1, defaults=fields)
            if not created:  # another first write was faster; its row can be updated now
                cls._raise(areas, only, fields)

    def mark_of(self, area: str) -> uuid.UUID:
        """What changes with each write that pages of the area may show."""
        mark: uuid.UUID = getattr(self, f"{area}_mark")
        return mark

    def targets_since(self, mark: uuid.UUID) -> frozenset[int] | None:
        """Keys of the targets whose values changed since the mark; None if any may have."""
        # a log that lost the mark, or does not end with the present one, cannot tell what changed
        marks = [known for known, _ in self.targets_log]
        if str(mark) not in marks or marks[-1] != str(self.targets_mark):
            return None
        after = self.targets_log[marks.index(str(mark)) + 1 :]
        return frozenset(key for _, keys in after for key in keys)


class _Logged(models.Func):
    """The log with one mark more; of the marks before it the last few stay."""

    template = (
        "(CASE WHEN jsonb_array_length(targets_log) < 20 THEN targets_log ELSE targets_log - 0 END)"
        " || %(expressions)s"
    )


def _log(mark: uuid.UUID, only: Collection[int] | None) -> models.Func | list[Any]:
    """The log with a mark that changed these targets; it starts anew where any may have changed."""
    if only is None or len(only) > _FEW:
        return [[str(mark), []]]
    return _Logged(models.Value([[str(mark), sorted(only)]], models.JSONField()))


def _targets_of(gathered: Iterable[_Touch]) -> Collection[int] | None:
    """Keys of all touched targets; None if one touch concerned any target."""
    touched = [only for areas, only, _ in gathered if "targets" in areas]
    return None if None in touched else {key for only in touched if only for key in only}
