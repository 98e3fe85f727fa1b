from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from agencies.choices import Role
from agencies.models.agencies import SLUG, Agency


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
        return self.must_change_password or timezone.now() > self.password_ends

    @property
    def password_ends(self) -> datetime.datetime:
        """When the password expires and has to be changed first."""
        return self.password_changed_at + datetime.timedelta(days=settings.PASSWORD_MAX_AGE_DAYS)

    @property
    def password_days(self) -> int | None:
        """Days until the password expires, 0 on the last one; None while that is far away."""
        left = (timezone.localdate(self.password_ends) - timezone.localdate()).days
        return left if 0 <= left <= settings.PASSWORD_WARNING_DAYS else None

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
