from __future__ import annotations

import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q

from agencies.models import Agency
from plan.models import Document
from setup.choices import AccountsGo, AgencyChangeKind


class AgencyChangeQuerySet(models.QuerySet["AgencyChange"]):
    def planned(self) -> AgencyChangeQuerySet:
        """Neither carried out nor taken back."""
        return self.filter(done_at=None, undone_at=None)

    def standing(self) -> AgencyChangeQuerySet:
        """Carried out and not taken back."""
        return self.filter(done_at__isnull=False, undone_at=None)

    def due(self, day: datetime.date) -> AgencyChangeQuerySet:
        return self.planned().filter(day__lte=day).order_by("day", "pk")


class AgencyChange(models.Model):
    """更名, 合并 or 撤销 of an agency: one dated action by a document, which can be taken back.

    `before` holds what it moved and renamed, as it stood.
    """

    kind = models.CharField("变动", max_length=8, choices=AgencyChangeKind)
    agency = models.ForeignKey(Agency, models.PROTECT, verbose_name="单位", related_name="changes")
    day = models.DateField("生效日期")
    name = models.CharField("新名称", max_length=80, blank=True)
    short_name = models.CharField("新简称", max_length=30, blank=True)
    full_name = models.CharField("新全称", max_length=120, blank=True)
    into = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="承继单位",
        related_name="taken_over",
    )
    accounts = models.CharField("原单位账号", max_length=8, choices=AccountsGo, blank=True)
    document = models.ForeignKey(
        Document, models.PROTECT, verbose_name="依据文件", related_name="agency_changes"
    )
    note = models.CharField("说明", max_length=400, blank=True)
    before = models.JSONField("变动前", default=dict, blank=True, editable=False)
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)
    recorded_by = models.CharField("登记人", max_length=60, blank=True)
    done_at = models.DateTimeField("执行时间", null=True, blank=True, editable=False)
    undone_at = models.DateTimeField("撤回时间", null=True, blank=True, editable=False)

    objects = AgencyChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "单位变动"
        verbose_name_plural = "单位变动"
        ordering = ["-day", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="rename", into=None) & ~Q(name="") & ~Q(short_name="")
                | Q(kind="merge", into__isnull=False, name="") & ~Q(accounts="")
                | Q(kind="abolish", into=None, name=""),
                name="agency_change_says_what",
                violation_error_message="更名要写新名称和简称，合并要选承继单位和账号的去向",
            ),
            models.CheckConstraint(
                condition=~Q(into=F("agency")),
                name="agency_change_not_into_itself",
                violation_error_message="承继单位不能是本单位",
            ),
            models.UniqueConstraint(
                fields=["agency"],
                condition=Q(done_at=None, undone_at=None),
                name="agency_change_one_planned",
                violation_error_message="这个单位已经登记了一项还没有生效的变动，先撤回它",
            ),
        ]

    def __str__(self) -> str:
        if self.kind == AgencyChangeKind.RENAME:
            return f"{self.old_name}更名为{self.name}"
        return f"{self.old_name}并入{self.into}" if self.into else f"撤销{self.old_name}"

    @property
    def code(self) -> str:
        """How the ledger names it: by its agency."""
        return self.agency.code

    @property
    def old_name(self) -> str:
        names: dict[str, Any] = self.before.get("names", {})
        return str(names.get("name", self.agency.name))

    @property
    def is_rename(self) -> bool:
        return self.kind == AgencyChangeKind.RENAME

    @property
    def is_planned(self) -> bool:
        return self.done_at is None and self.undone_at is None

    @property
    def last_day(self) -> datetime.date:
        """The last day on which a merged or abolished agency exists."""
        return self.day - datetime.timedelta(days=1)
