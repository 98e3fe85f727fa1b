"""What has to be right before production is served: settings, data folder, demonstration set."""

import re
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from django.conf import settings

from agencies.models import User
from deploy.findings import Finding, met, short, unsafe
from plan.models import DataState

KEY_LENGTH, KEY_VARIETY = 50, 12
NEW_KEY = 'python3 -c "import secrets; print(secrets.token_urlsafe(50))"'
_EXAMPLE = re.compile(
    r"insecure|change.?me|replace.?me|example|your.?(secret|key)|only.for|示例", re.I
)


def key() -> Finding:
    """With a guessable key anybody could forge a session."""
    secret, name = settings.SECRET_KEY, "密钥"
    if _EXAMPLE.search(secret):
        return unsafe(name, f"DJANGO_SECRET_KEY是示例，请换成随机字符（{NEW_KEY}）")
    if len(secret) < KEY_LENGTH or len(set(secret)) < KEY_VARIETY:
        return unsafe(name, f"DJANGO_SECRET_KEY太弱，请换成{KEY_LENGTH}个以上随机字符（{NEW_KEY}）")
    return met(name, f"{len(secret)}个字符，不是示例")


def debugging() -> Finding:
    name = "调试"
    return unsafe(name, "DJANGO_DEBUG开着，请去掉") if settings.DEBUG else met(name, "已关闭")


def hosts() -> Finding:
    name, allowed = "域名", settings.ALLOWED_HOSTS
    if not allowed:
        return unsafe(name, "没有设置ALLOWED_HOSTS，请填写打开系统用的域名")
    if "*" in allowed:
        return unsafe(name, "ALLOWED_HOSTS不能是*，请填写打开系统用的域名")
    return met(name, "、".join(allowed))


def https() -> Finding:
    name = "HTTPS"
    if settings.HTTPS and settings.PLAIN_HTTP:
        return unsafe(name, "KAIFU_HTTPS和KAIFU_PLAIN_HTTP只能设一个")
    if settings.HTTPS:
        return met(name, "安全Cookie、HSTS一年、http转https")
    if settings.PLAIN_HTTP:
        return short(name, "KAIFU_PLAIN_HTTP=1：密码和会话在网络上明文传输，请尽快由代理提供HTTPS")
    return unsafe(
        name, "没有HTTPS：由代理提供并设KAIFU_HTTPS=1，只能用http的内网设KAIFU_PLAIN_HTTP=1"
    )


def data_folder() -> Finding:
    """Tested by writing a file, because rights and full disks cannot be detected otherwise."""
    name = "数据文件夹"
    for folder in (settings.DATA_DIR, settings.DATA_DIR / "files"):
        if not _can_write(folder):
            return unsafe(name, f"数据文件夹{folder}不能写入，请检查KAIFU_DATA_DIR和它的权限")
    return met(name, f"{settings.DATA_DIR}可写")


def _can_write(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"-")
    except OSError:
        return False
    return True


def demonstration_accounts() -> Finding:
    name = "演示账号"
    users = User.objects.filter(is_demo=True, is_active=True).order_by("username")
    names = "、".join(users.values_list("username", flat=True))
    if names:
        return unsafe(name, f"演示账号{names}还能登录，请用manage.py close_demo_accounts停用")
    return met(name, "没有启用的演示账号")


def demonstration_data() -> Finding:
    name = "演示数据"
    if DataState.current().has_demo:
        return unsafe(name, "还有演示数据，请用manage.py remove_demo删除")
    return met(name, "没有演示数据")


SETTINGS: Sequence[Callable[[], Finding]] = (key, debugging, hosts, https, data_folder)
CONTENT: Sequence[Callable[[], Finding]] = (demonstration_accounts, demonstration_data)
