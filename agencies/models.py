from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from agencies.choices import GROUP_KINDS, AgencyKind, AliasSource, Role
from common.names import name_key

SLUG = RegexValidator(r"^[a-z][a-z0-9_-]*$", "只用小写字母、数字、下划线，以字母开头，如 jtj")


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


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, **_fields: Any) -> User:
        """Answers Django's `createsuperuser`, which would take any password."""
        raise ValidationError("没有超级用户；管理员用 manage.py create_administrator 账号 建立")

    def get_by_natural_key(self, username: str | None) -> User:
        return self.select_related("agency").get(username=username)


_AUTH = "django.contrib.auth.models.AbstractBaseUser"


class User(AbstractBaseUser):
    """A person with an own account. Rights follow from the roles; there are no superusers."""

    username = models.CharField(
        "账号",
        max_length=30,
        unique=True,
        validators=[SLUG],
        error_messages={"unique": "这个账号已经有人使用"},
    )
    name = models.CharField("姓名", max_length=30)
    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="单位",
        related_name="users",
    )
    roles = ArrayField(
        models.CharField(max_length=15, choices=Role), verbose_name="角色", default=list
    )
    phone = models.CharField("办公电话", max_length=30, blank=True)
    email = models.EmailField("电子邮箱", max_length=120, blank=True)
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("下次登录须改密码", default=False)
    is_demo = models.BooleanField("演示账号", default=False, editable=False)
    password_changed_at = models.DateTimeField("密码设置时间", default=timezone.now, editable=False)
    created_at = models.DateTimeField("建立时间", default=timezone.now, editable=False)
    closed_at = models.DateTimeField("最近停用时间", null=True, editable=False)
    notice = models.TextField("安全提醒", blank=True, editable=False)
    is_notice_mailed = models.BooleanField("安全提醒已发邮件", default=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "账号"
        verbose_name_plural = "账号"
        ordering = ["agency__position", "username"]
        constraints = [
            models.CheckConstraint(
                condition=Q(roles__contained_by=[role.value for role in Role]),
                name="user_known_roles",
                violation_error_message="角色不存在",
            ),
            models.CheckConstraint(
                condition=Q(agency__isnull=False)
                | ~Q(roles__overlap=[Role.REPORTER.value, Role.SIGNER.value, Role.REVIEWER.value]),
                name="user_roles_need_agency",
                violation_error_message="填报员、单位审核人和审核员必须属于一个单位",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.username}）"

    @property
    def code(self) -> str:
        """The account's name, as the ledger and addresses have it."""
        return self.username

    @property
    def password_due(self) -> bool:
        """True where the next page has to be the one that changes the password."""
        age = timezone.now() - self.password_changed_at
        return self.must_change_password or age > datetime.timedelta(
            days=settings.PASSWORD_MAX_AGE_DAYS
        )

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """A session ends with the password or the opening of the account that it began in."""
        closed = self.closed_at.isoformat() if self.closed_at else ""
        salt, value = f"{_AUTH}.get_session_auth_hash", f"{self.password}{closed}"
        return salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest()

    @property
    def display_name(self) -> str:
        return self.name or self.username

    @property
    def agency_name(self) -> str:
        return self.agency.name if self.agency else ""

    def has_role(self, *roles: Role) -> bool:
        """True where the account is active and holds one of the roles."""
        return self.is_active and not set(roles).isdisjoint(self.roles)

    @property
    def role_labels(self) -> str:
        return "、".join(role.label for role in Role if role in self.roles)

    @property
    def is_staff(self) -> bool:
        return self.has_role(Role.ADMINISTRATOR)

    def has_perm(self, perm: str, obj: object | None = None) -> bool:  # noqa: ARG002
        """The admin site's registers are the administrators'."""
        return self.has_role(Role.ADMINISTRATOR)

    def has_module_perms(self, app_label: str) -> bool:  # noqa: ARG002
        return self.has_role(Role.ADMINISTRATOR)


class FormerPassword(models.Model):
    """A password that an account had, so that it is not taken again."""

    user = models.ForeignKey(
        User, models.CASCADE, verbose_name="账号", related_name="former_passwords"
    )
    encoded = models.CharField("密码摘要", max_length=128)
    replaced_at = models.DateTimeField("更换时间", auto_now_add=True)

    class Meta:
        verbose_name = "用过的密码"
        verbose_name_plural = "用过的密码"
        ordering = ["-replaced_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user} {self.replaced_at:%Y-%m-%d}"


class SignInFailure(models.Model):
    """A wrong password. Rows are counted for a while and thrown away; the ledger keeps its own."""

    account = models.CharField("账号", max_length=30, blank=True)
    address = models.GenericIPAddressField("来源地址", null=True)
    device = models.CharField("浏览器标识", max_length=20, blank=True)
    at = models.DateTimeField("时间", default=timezone.now)
    ends_device = models.BooleanField("浏览器不再可信", default=False)

    class Meta:
        verbose_name = "密码输错"
        verbose_name_plural = "密码输错"
        indexes = [
            models.Index(fields=["account", "at"], name="failure_account"),
            models.Index(fields=["address", "at"], name="failure_address"),
            models.Index(
                fields=["device"], condition=Q(ends_device=True), name="failure_device_ended"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account or '（不是账号）'} {self.at:%Y-%m-%d %H:%M}"


class EntryCode(models.Model):
    """Lets one sign-in of an account pass while only known browsers may."""

    user = models.OneToOneField(User, models.CASCADE, verbose_name="账号")
    digest = models.CharField("放行码摘要", max_length=64)
    until = models.DateTimeField("有效期至")

    class Meta:
        verbose_name = "放行码"
        verbose_name_plural = "放行码"

    def __str__(self) -> str:
        return str(self.user)
