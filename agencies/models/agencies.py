from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from agencies.choices import GROUP_KINDS, AgencyKind, AliasSource
from common.name_matching import name_key

Names = Callable[[], Mapping[str, str]]
_CALLED: ContextVar[Names] = ContextVar("called_then", default=dict)
_NAMES = ("name", "short_name", "full_name")
SLUG = RegexValidator(r"^[a-z][a-z0-9_-]*$", "只用小写字母、数字、下划线，以字母开头，如 jtj")


@contextmanager
def with_former_names(names: Names) -> Iterator[None]:
    """Let agencies that are read in the block go by other names: those of a past day.

    For reading only: whatever saves one there would write the old name. `names` is asked for what
    the present ones stand for, each time one is read.
    """
    token = _CALLED.set(names)
    try:
        yield
    finally:
        _CALLED.reset(token)


def name_on_day(name: str) -> str:
    """What an agency of that name is called on the day that is shown."""
    return _CALLED.get()().get(name, name)


class AgencyQuerySet(models.QuerySet["Agency"]):
    def in_plan_order(self) -> AgencyQuerySet:
        return self.order_by("position", "code")

    def on(self, day: Any) -> AgencyQuerySet:
        """Agencies that exist on a day."""
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day)
        )

    def able_to_report(self) -> AgencyQuerySet:
        """Bodies that can hold accounts: neither groups nor companies."""
        return self.exclude(kind__in=[*GROUP_KINDS, AgencyKind.COMPANY, AgencyKind.STATE_COMPANY])


class Agency(models.Model):
    """A body that leads, shares or owns something in the plan."""

    code = models.SlugField("网址代码", max_length=30, unique=True, validators=[SLUG])
    name = models.CharField("名称", max_length=80, unique=True)
    short_name = models.CharField("简称", max_length=30)
    full_name = models.CharField("全称", max_length=120, blank=True)
    kind = models.CharField("类别", max_length=24, choices=AgencyKind)
    kind_confirmed = models.BooleanField("类别已核实", default=False)
    is_coordinator = models.BooleanField("牵头抓总单位", default=False)
    position = models.PositiveIntegerField("排序", default=0)
    valid_from = models.DateField("启用日期", null=True, blank=True)
    valid_to = models.DateField("停用日期", null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name="承继单位", related_name="+"
    )
    members = models.ManyToManyField(
        "self",
        through="GroupMember",
        symmetrical=False,
        blank=True,
        verbose_name="成员",
        related_name="groups",
    )
    note = models.TextField("备注", blank=True)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = "单位"
        verbose_name_plural = "单位"
        ordering = ["position", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_coordinator"],
                condition=Q(is_coordinator=True),
                name="agency_one_coordinator",
                violation_error_message="牵头抓总单位只能有一个",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="agency_valid_dates_ordered",
                violation_error_message="停用日期不能早于启用日期",
            ),
            models.CheckConstraint(
                condition=Q(successor=None) | ~Q(successor=F("id")),
                name="agency_not_own_successor",
                violation_error_message="承继单位不能是本单位",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Agency:
        """By the names of the day that is shown."""
        row = super().from_db(*args, **kwargs)
        row.__dict__.update(
            (name, name_on_day(row.__dict__[name])) for name in _NAMES if name in row.__dict__
        )
        return row

    @property
    def is_group(self) -> bool:
        return self.kind in GROUP_KINDS

    def clean(self) -> None:
        taken = AgencyAlias.objects.filter(key=name_key(self.name)).exclude(agency=self.pk)
        if taken.exists():
            raise ValidationError({"name": "这个名称已经是另一个单位的别名"})


class AgencyAlias(models.Model):
    """Another spelling under which an agency stands in a published table."""

    agency = models.ForeignKey(Agency, models.CASCADE, verbose_name="单位", related_name="aliases")
    text = models.CharField("别名", max_length=120)
    key = models.CharField("比较形", max_length=120, unique=True, editable=False)
    source = models.CharField("来源", max_length=10, choices=AliasSource, default=AliasSource.HAND)

    class Meta:
        verbose_name = "单位别名"
        verbose_name_plural = "单位别名"
        ordering = ["agency__position", "text"]

    def __str__(self) -> str:
        return self.text

    @property
    def code(self) -> str:
        """How the ledger names it: below its agency."""
        return f"{self.agency.code} {self.text}"

    def clean(self) -> None:
        self.key = name_key(self.text)
        names = Agency.objects.exclude(pk=self.agency_id).values_list("name", flat=True)
        if self.key in {name_key(name) for name in names}:
            raise ValidationError({"text": "这个别名已经是另一个单位的名称"})
        if AgencyAlias.objects.filter(key=self.key).exclude(pk=self.pk).exists():
            raise ValidationError({"text": "这个别名已经登记"})

    def save(self, **kwargs: Any) -> None:
        self.key = name_key(self.text)
        super().save(**kwargs)


class GroupMember(models.Model):
    """Membership of an agency in a group such as 各街道."""

    group = models.ForeignKey(
        Agency, models.CASCADE, verbose_name="群体", related_name="memberships"
    )
    member = models.ForeignKey(
        Agency, models.PROTECT, verbose_name="成员单位", related_name="member_of"
    )

    class Meta:
        verbose_name = "群体成员"
        verbose_name_plural = "群体成员"
        constraints = [
            models.UniqueConstraint(
                fields=["group", "member"],
                name="group_member_once",
                violation_error_message="该单位已在群体中",
            ),
            models.CheckConstraint(
                condition=~Q(group=F("member")),
                name="group_not_own_member",
                violation_error_message="群体不能是自己的成员",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}：{self.member}"
