"""Obligations of agencies in a period, with the texts typed into them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from agencies.models import Agency
from common.quarters import Period
from projects.models import Project
from reporting.choices import ObligationKind, ObligationState
from reporting.models.periods import ReportingPeriod
from reporting.rules import value_years
from reporting.rules.fields import VALUE_PERIOD
from targets.models import Target
from tasks.models import Task

SUBJECTS = ("period", "agency", "target", "task", "project")
"""Relations that every page and every write needs, joined into the same statement."""

KIND_PATHS = {
    ObligationKind.TARGET: "targets",
    ObligationKind.TASK: "tasks",
    ObligationKind.CONTRIBUTION: "contributions",
    ObligationKind.PROJECT: "projects",
}
"""The part of an address that stands for each kind."""


PLAN_ORDER = (
    "target__position", "-value_year", "task__category__number", "task__number",
    "project__number", "pk",
)  # fmt: skip
"""The order of the plan; of one target the newest year first."""


class ObligationQuerySet(models.QuerySet["Obligation"]):
    def owed(self) -> ObligationQuerySet:
        """Only obligations that are still owed."""
        return self.filter(dropped_on=None)

    def with_subjects(self) -> ObligationQuerySet:
        """With period, agency and target, task or project joined."""
        return self.select_related(*SUBJECTS)

    def in_plan_order(self) -> ObligationQuerySet:
        return self.order_by(*PLAN_ORDER)


def coded(code: str, value_year: int | None) -> str:
    """The code of a subject in rows and addresses: T18, T01@2026."""
    return f"{code}@{value_year}" if value_year else code


class Obligation(models.Model):
    """One thing that one agency has to report in one period. Never deleted, never recreated.

    `content` maps a field to its text, the row version of its last change, who and when. `version`
    grows with every write; it is the base of the optimistic merge of editors.
    """

    period = models.ForeignKey(
        ReportingPeriod, models.PROTECT, verbose_name="填报期", related_name="obligations"
    )
    agency = models.ForeignKey(
        Agency, models.PROTECT, verbose_name="单位", related_name="obligations"
    )
    kind = models.CharField("类型", max_length=12, choices=ObligationKind)
    target = models.ForeignKey(
        Target,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="指标",
        related_name="obligations",
    )
    task = models.ForeignKey(
        Task, models.PROTECT, null=True, blank=True, verbose_name="任务", related_name="obligations"
    )
    project = models.ForeignKey(
        Project,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="项目",
        related_name="obligations",
    )
    value_year = models.PositiveSmallIntegerField(
        "数据年度", null=True, blank=True, help_text="年度指标的数值属于哪一年；其他事项没有"
    )
    state = models.CharField(
        "状态", max_length=10, choices=ObligationState, default=ObligationState.EMPTY
    )
    content = models.JSONField("填报内容", default=dict, blank=True)
    version = models.PositiveIntegerField("行版本", default=0)
    editors = ArrayField(
        models.BigIntegerField(), verbose_name="填报过的账号", default=list, blank=True
    )
    prepared_by = models.CharField("填报人", max_length=60, blank=True)
    preparer_id = models.BigIntegerField("报送账号", null=True, blank=True)
    phone = models.CharField("联系电话", max_length=30, blank=True)
    signer_id = models.BigIntegerField("签发账号", null=True, blank=True)
    last_editor = models.CharField("最后填报人", max_length=60, blank=True)
    edited_at = models.DateTimeField("最后填报时间", null=True, blank=True)
    handed_over_at = models.DateTimeField("交单位审核时间", null=True, blank=True)
    submitted_at = models.DateTimeField("报送时间", null=True, blank=True)
    first_submitted_at = models.DateTimeField("首次报送时间", null=True, blank=True)
    decided_at = models.DateTimeField("审核时间", null=True, blank=True)
    returns = models.PositiveSmallIntegerField("退回次数", default=0)
    answer_due = models.DateField("退回修改期限", null=True, blank=True)
    due_on = models.DateField("延期至", null=True, blank=True)
    was_due_on = models.DateField("首次报送时的截止日期", null=True, blank=True)
    unlocked_until = models.DateField("解锁至", null=True, blank=True)
    correction_reason = models.CharField("更正原因", max_length=200, blank=True)
    doubts = models.PositiveSmallIntegerField("疑点数", default=0)
    dropped_on = models.DateField("不再应报", null=True, blank=True)
    dropped_because = models.CharField("不再应报的原因", max_length=200, blank=True)

    objects = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = "应报事项"
        verbose_name_plural = "应报事项"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="target", target__isnull=False, task=None, project=None)
                | Q(
                    kind__in=["task", "contribution"],
                    target=None,
                    task__isnull=False,
                    project=None,
                )
                | Q(kind="project", target=None, task=None, project__isnull=False),
                name="obligation_one_subject",
                violation_error_message="应报事项的类型和对象不一致",
            ),
            models.UniqueConstraint(
                fields=[
                    "period",
                    "agency",
                    "kind",
                    "target",
                    "task",
                    "project",
                    "value_year",
                ],
                nulls_distinct=False,
                name="obligation_once",
                violation_error_message="这个单位这一期的这一项已经登记",
            ),
            models.CheckConstraint(
                condition=Q(value_year=None)
                | Q(kind="target", value_year__gte=2000, value_year__lte=2199),
                name="obligation_value_year",
                violation_error_message="只有指标按年度填报，数据年度应当是2000至2199",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "period"], name="obligation_agency"),
            models.Index(fields=["state", "period"], name="obligation_state"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def subject(self) -> Target | Task | Project:
        """The target, task or project that it reports on."""
        found = self.target or self.task or self.project
        assert found is not None  # noqa: S101 - the database holds it to exactly one
        return found

    @property
    def subject_code(self) -> str:
        """Its code in rows and addresses of its period: T18, for an annual value T01@2026."""
        return coded(self.subject.code, self.value_year)

    @property
    def name(self) -> str:
        """The name of the target or project, or the title of the task; with the year of a value."""
        return " ".join(filter(None, (self.subject_name, self.year_words)))

    @property
    def subject_name(self) -> str:
        return self.subject.title if isinstance(self.subject, Task) else self.subject.name

    @property
    def year_words(self) -> str:
        """2026年度（初步）; empty where it is not an annual value."""
        return value_years.words(self.value_year, self.period.period) if self.value_year else ""

    @property
    def own_period(self) -> Period:
        """The period of its value unless its form names another one: its year or its quarter."""
        return Period(self.value_year) if self.value_year else self.period.period

    def meant(self, typed: Period | None) -> Period:
        """The period of its form's value: its own year, else the one typed, else its quarter."""
        return self.own_period if self.value_year or typed is None else typed

    @property
    def goal_year(self) -> int:
        """The year whose goal its value is judged by."""
        return self.value_year or self.period.year

    @property
    def code(self) -> str:
        """Its name in the ledger: 2026Q3 5-1, 2027Q2 T01@2026, 2026Q3 5-1 jtj."""
        code = f"{self.period.code} {self.subject_code}"
        return f"{code} {self.agency.code}" if self.is_contribution else code

    @property
    def is_signing(self) -> bool:
        return self.state == ObligationState.SIGNING

    @property
    def is_reviewing(self) -> bool:
        return self.state == ObligationState.REVIEWING

    @property
    def is_returned(self) -> bool:
        return self.state == ObligationState.RETURNED

    @property
    def is_approved(self) -> bool:
        return self.state == ObligationState.APPROVED

    @property
    def is_contribution(self) -> bool:
        return self.kind == ObligationKind.CONTRIBUTION

    @property
    def is_correction(self) -> bool:
        return bool(self.correction_reason)

    @property
    def texts(self) -> dict[str, str]:
        """Field name → text; fields that were never touched are left out.

        The year of an annual value is not typed: it comes from the obligation.
        """
        typed = {name: entry["text"] for name, entry in self.content.items()}
        return typed | ({VALUE_PERIOD: str(self.value_year)} if self.value_year else {})

    def get_absolute_url(self) -> str:
        return reverse("reporting:fill", args=self.address)

    @property
    def address(self) -> tuple[str, str, str]:
        """Parts of its address: 2027Q2, targets, T01@2026. A contribution's address is its
        reader's.
        """
        return self.period.code, KIND_PATHS[ObligationKind(self.kind)], self.subject_code
