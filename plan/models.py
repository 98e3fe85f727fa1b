from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from agencies.models import Agency
from plan.choices import CategoryScope, ClausePart

AREAS = ("plan", "targets", "tasks", "projects")
_Touch = tuple[Collection[str], Mapping[str, Any]]
_gathered: ContextVar[list[_Touch] | None] = ContextVar("gathered", default=None)


class Document(models.Model):
    """A document that sets targets: the plan itself, or a notice of the city."""

    title = models.CharField("文件名称", max_length=120)
    number = models.CharField("文号", max_length=60, blank=True)
    issuer = models.CharField("发文单位", max_length=60, blank=True)
    issued_on = models.DateField("发文日期", null=True, blank=True)
    is_plan = models.BooleanField("本区实施方案", default=False)
    base_year = models.PositiveSmallIntegerField("基期", null=True, blank=True)
    milestone_years = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name="目标年",
        default=list,
        blank=True,
        help_text="方案分阶段提出目标的年份，从早到晚；最后一年是方案的期限",
    )

    class Meta:
        verbose_name = "依据文件"
        verbose_name_plural = "依据文件"
        ordering = ["-is_plan", "issued_on", "title"]
        constraints = [
            models.UniqueConstraint(
                fields=["title", "number"],
                name="document_once",
                violation_error_message="这份文件已经登记",
            ),
            models.UniqueConstraint(
                fields=["is_plan"],
                condition=Q(is_plan=True),
                name="document_one_plan",
                violation_error_message="实施方案只能有一份",
            ),
            models.CheckConstraint(
                condition=Q(is_plan=True) | Q(base_year=None, milestone_years=[]),
                name="document_years_of_plan",
                violation_error_message="只有实施方案有基期和目标年",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.number}）" if self.number else self.title


class ClauseQuerySet(models.QuerySet["Clause"]):
    def in_use(self) -> ClauseQuerySet:
        """Clauses from which a task, project or overall goal in force is taken."""
        return self.filter(
            Q(tasks__isnull=False, tasks__retired_on=None)
            | Q(annex_tasks__isnull=False, annex_tasks__retired_on=None)
            | Q(projects__isnull=False, projects__retired_on=None)
            | Q(goals__isnull=False, goals__retired_on=None)
        ).distinct()


class Clause(models.Model):
    """One numbered piece of the plan's text, as printed; `code` is its address on the page."""

    document = models.ForeignKey(
        Document, models.CASCADE, verbose_name="文件", related_name="clauses"
    )
    part = models.CharField("部分", max_length=10, choices=ClausePart)
    code = models.CharField("编号", max_length=20, unique=True)
    address = models.CharField("条款", max_length=40, unique=True)
    depth = models.PositiveSmallIntegerField("层级")
    position = models.PositiveIntegerField("顺序", unique=True)
    heading = models.CharField("标题", max_length=200, blank=True)
    text = models.TextField("正文", blank=True)

    objects = ClauseQuerySet.as_manager()

    class Meta:
        verbose_name = "条款"
        verbose_name_plural = "条款"
        ordering = ["position"]

    def __str__(self) -> str:
        return self.address

    def get_absolute_url(self) -> str:
        return f"{reverse('plan:text')}?clause={self.code}#{self.code}"

    def url_of(self, quote: str) -> str:
        """Where the words stand in the text, marked."""
        query = urlencode({"clause": self.code, "quote": quote})
        return f"{reverse('plan:text')}?{query}#{self.code}"

    @property
    def label(self) -> str:
        """The address, or the heading where a chapter's number would say little: 二、主要目标."""
        return self.heading if len(self.address) == 1 and self.heading else self.address

    @property
    def words(self) -> str:
        """Heading and text, where quotations are looked for."""
        return f"{self.heading}\n{self.text}"


class Category(models.Model):
    """A field of action: ten of the tasks (方案 三), six of the projects (附件2)."""

    scope = models.CharField("范围", max_length=10, choices=CategoryScope)
    number = models.PositiveSmallIntegerField("序号")
    name = models.CharField("名称", max_length=80)
    short_name = models.CharField("简称", max_length=20, blank=True)
    clause = models.ForeignKey(
        Clause, models.SET_NULL, null=True, blank=True, verbose_name="条款", related_name="+"
    )

    class Meta:
        verbose_name = "领域"
        verbose_name_plural = "领域"
        ordering = ["scope", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "number"],
                name="category_number_once",
                violation_error_message="同一范围内序号不能重复",
            ),
            models.UniqueConstraint(
                fields=["scope", "name"],
                name="category_name_once",
                violation_error_message="同一范围内名称不能重复",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        return self.short_name or self.name


class Retirable(models.Model):
    """What a later plan may drop: it is taken out of force, never deleted."""

    retired_on = models.DateField("停用日期", null=True, blank=True)

    class Meta:
        abstract = True


class Goal(Retirable):
    """A row of the overall goals of annex 1: a sentence that holds one or more targets."""

    number = models.PositiveSmallIntegerField("序号", unique=True)
    title = models.CharField("总体目标", max_length=120)
    statement = models.TextField("目标任务")
    lead = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="牵头单位",
        related_name="led_goals",
    )
    responsible = models.ManyToManyField(
        Agency, through="GoalAgency", verbose_name="责任单位", related_name="shared_goals"
    )
    clause = models.ForeignKey(
        Clause, models.SET_NULL, null=True, blank=True, verbose_name="条款", related_name="goals"
    )

    class Meta:
        verbose_name = "总体目标"
        verbose_name_plural = "总体目标"
        ordering = ["number"]

    def __str__(self) -> str:
        return f"总体目标{self.number} {self.title}"


class AgencyShare(models.Model):
    """A responsible agency in the order in which the plan prints it."""

    agency = models.ForeignKey(
        Agency, models.PROTECT, verbose_name="单位", related_name="%(class)s_shares"
    )
    position = models.PositiveSmallIntegerField("顺序")

    class Meta:
        abstract = True
        ordering = ["position"]

    def __str__(self) -> str:
        return str(self.agency)


class GoalAgency(AgencyShare):
    goal = models.ForeignKey(Goal, models.CASCADE, verbose_name="总体目标", related_name="shares")

    class Meta(AgencyShare.Meta):
        verbose_name = "总体目标责任单位"
        verbose_name_plural = "总体目标责任单位"
        constraints = [
            models.UniqueConstraint(
                fields=["goal", "agency"],
                name="goal_agency_once",
                violation_error_message="责任单位重复",
            )
        ]


def one_in_force(
    name: str, *key: str, again: str, two: str, nulls_distinct: bool | None = None
) -> list[models.BaseConstraint]:
    """Of each key a number is given to one version, and one version is in force.

    `again` and `two` are the sentences for a number given twice and for two in force. Quarters that
    may be empty, for a whole year, ask for `nulls_distinct=False`.
    """
    return [
        models.UniqueConstraint(
            fields=[*key, "version"],
            nulls_distinct=nulls_distinct,
            name=f"{name}_version_once",
            violation_error_message=again,
        ),
        models.UniqueConstraint(
            fields=key,
            condition=Q(is_current=True),
            nulls_distinct=nulls_distinct,
            name=f"{name}_one_current",
            violation_error_message=two,
        ),
    ]


class Recorded(models.Model):
    """One version of something approved. A correction is a new version; nothing is deleted.

    A retracted version stays readable and keeps its number; it is never in force again.
    """

    version = models.PositiveSmallIntegerField("版本", default=1)
    is_current = models.BooleanField("现行", default=True)
    reason = models.CharField("更正原因", max_length=200, blank=True)
    is_demo = models.BooleanField("演示数据", default=False, db_index=True)
    recorded_at = models.DateTimeField("入库时间", auto_now_add=True)
    recorded_by = models.CharField("录入人", max_length=60, blank=True)
    retracted_at = models.DateTimeField("撤销时间", null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(retracted_at=None) | Q(is_current=False),
                name="%(class)s_retracted_not_current",
                violation_error_message="已撤销的版本不能是现行版本",
            )
        ]

    @property
    def standing(self) -> str:
        """Why a version is not in force; empty for the one that is."""
        if self.is_current:
            return ""
        return "已撤销" if self.retracted_at else "已被取代"


class AgencyName(Recorded):
    """What an agency was called from a day on, by a document. Who was never renamed has none."""

    agency = models.ForeignKey(Agency, models.PROTECT, verbose_name="单位", related_name="names")
    name = models.CharField("名称", max_length=80)
    short_name = models.CharField("简称", max_length=30)
    full_name = models.CharField("全称", max_length=120, blank=True)
    since = models.DateField("自", null=True, blank=True)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, verbose_name="依据文件", related_name="+"
    )

    class Meta(Recorded.Meta):
        verbose_name = "单位名称"
        verbose_name_plural = "单位名称"
        ordering = ["agency", "version"]
        constraints = [
            *Recorded.Meta.constraints,
            *one_in_force(
                "agency_name",
                "agency",
                again="这个单位的这一版名称已经登记",
                two="一个单位只能有一个现行名称",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DataState(models.Model):
    """The one row that every write to the plan's data touches.

    `version` is the key of cached pages; `has_demo` puts the demonstration strip on every page,
    `proposals_waiting` stands in the navigation of every page.
    The mark of an area is new with each write that its pages may show: recorded values change that
    of their own area, everything else (plan, agencies, rules) all of them.
    """

    version = models.PositiveBigIntegerField("数据版本", default=1)
    plan_mark = models.UUIDField("方案标记", default=uuid.uuid4)
    targets_mark = models.UUIDField("指标标记", default=uuid.uuid4)
    tasks_mark = models.UUIDField("任务标记", default=uuid.uuid4)
    projects_mark = models.UUIDField("项目标记", default=uuid.uuid4)
    has_demo = models.BooleanField("含演示数据", default=False)
    proposals_waiting = models.PositiveIntegerField("等第二人确认的事项", default=0)
    renamed_at = models.DateTimeField("最近一次单位更名时间", null=True, blank=True)
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
    def touch(cls, area: str = "", **fields: Any) -> None:
        """Raise the version inside the writing transaction; the row is locked until its end.

        `area` (targets, tasks, projects) where nothing but recorded values of it has changed.
        """
        areas = (area,) if area else AREAS
        gathered = _gathered.get()
        if gathered is None:
            cls._raise(areas, fields)
        else:
            gathered.append((areas, fields))

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
            areas = {area for touched, _ in gathered for area in touched}
            cls._raise(areas, {name: to for _, fields in gathered for name, to in fields.items()})

    @classmethod
    def _raise(cls, areas: Collection[str], fields: Mapping[str, Any]) -> None:
        marks = {f"{name}_mark": uuid.uuid4() for name in areas}
        row, now = cls.objects.filter(pk=1), timezone.now()
        if not row.update(version=F("version") + 1, changed_at=now, **marks, **fields):
            _, created = cls.objects.get_or_create(pk=1, defaults=fields)
            if not created:
                cls._raise(areas, fields)

    def mark_of(self, area: str) -> uuid.UUID:
        """What changes with each write that pages of the area may show."""
        mark: uuid.UUID = getattr(self, f"{area}_mark")
        return mark
