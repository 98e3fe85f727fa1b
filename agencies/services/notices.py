"""What an account is told on every page, and by e-mail, until its user has seen it."""

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from agencies.choices import Role
from agencies.models import User
from agencies.rules import FailureCounter
from audit import services as audit
from common.formats import zh_datetime

_MOST = 10


@transaction.atomic
def notify_of_guessing(*, user: User) -> None:
    """Tell the account and the administrators that somebody tries passwords."""
    limit = FailureCounter.ACCOUNT.value
    seen = f"{zh_datetime(timezone.now())}，1小时内密码输错{limit.failures}次"
    kept = "现在只有登录过这个账号的浏览器还能登录"
    audit.record(audit.Entry("暂停陌生浏览器登录", "账号", user.username, str(user)), by=None)
    administrators = Q(is_active=True, roles__contains=[Role.ADMINISTRATOR])
    readers = User.objects.select_for_update().filter(administrators | Q(pk=user.pk)).order_by("pk")
    for reader in readers:
        whose = "您的账号" if reader.pk == user.pk else f"账号{user}"
        does = f"不是您本人输错的，请告诉{settings.CONTACT}" if reader.pk == user.pk else (
            "本人在别处登录，由管理员在账号页放行"
        )  # fmt: skip
        said = f"{whose}：{seen}，{kept}；{does}"
        reader.notice = "\n".join([said, *reader.notice.splitlines()][:_MOST])
        reader.is_notice_mailed = False
        reader.save(update_fields=["notice", "is_notice_mailed"])


@transaction.atomic
def mark_read(*, by: User) -> None:
    """Mark the notices of a user as seen."""
    if by.notice:
        entry = audit.Entry("阅读提醒", "账号", by.username, str(by), (("提醒", by.notice, ""),))
        by.notice, by.is_notice_mailed = "", True
        by.save(update_fields=["notice", "is_notice_mailed"])
        audit.record(entry, by=by)


def mail_pending() -> None:
    """Send by e-mail what was not sent yet, each in a transaction of its own."""
    if not settings.EMAIL_HOST:
        return
    waiting = User.objects.filter(is_notice_mailed=False, is_active=True).exclude(email="")
    for pk in waiting.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            _mail(pk)


def _mail(pk: int) -> None:
    rows = User.objects.select_for_update(skip_locked=True).order_by()
    user = rows.filter(pk=pk, is_notice_mailed=False).first()
    if user is not None:
        send_mail(f"{settings.SYSTEM_SHORT_NAME}：账号安全提醒", user.notice, None, [user.email])
        user.is_notice_mailed = True
        user.save(update_fields=["is_notice_mailed"])
        audit.record(audit.Entry("发送邮件", "账号", user.username, str(user)), by=None)
