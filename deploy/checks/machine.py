"""What the machine has to have beside the servers: files, scanner, mail, room."""

import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import get_connection

from common.files.containers import FileRefusedError
from common.files.scan import scan
from deploy.findings import Finding, met, short, site

MAIL_SECONDS = 5
LEAST_ROOM, LEAST_SHARE = 2 * 1024**3, 0.1
# The file that every scanner takes for a virus (eicar.org), in halves: this one is none.
_EICAR = r"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def static_files() -> Finding:
    """Collected, hashed, and not older than the programme's own."""
    name, manifest = "静态文件", settings.STATIC_ROOT / "staticfiles.json"
    again = "请运行manage.py collectstatic --noinput"
    if not manifest.exists():
        return short(name, f"没有收集，{again}")
    sources = [file for folder in settings.STATICFILES_DIRS for file in Path(folder).rglob("*.*")]
    if max(file.stat().st_mtime for file in sources) > manifest.stat().st_mtime:
        return short(name, f"比程序旧，{again}")
    count = len(json.loads(manifest.read_text(encoding="utf-8"))["paths"])
    return met(name, f"{count}个，文件名带校验值")


def scanner() -> Finding:
    """Tried with a clean file and with the one that stands for a virus."""
    name = "查杀"
    if not settings.SCAN_COMMAND:
        return site(name, "没有设置KAIFU_SCAN_COMMAND，上传的文件只按内容检查")
    if (said := _scanned(b"plain text")) is not None:
        return short(name, f"KAIFU_SCAN_COMMAND没有放行正常文件：{said.message}")
    said = _scanned(_EICAR.encode())
    if said is None or said.code != "virus":
        return short(name, "KAIFU_SCAN_COMMAND没有认出测试病毒，请检查杀毒软件")
    return met(name, "认得出测试病毒（EICAR），放行正常文件")


def _scanned(content: bytes) -> FileRefusedError | None:
    with tempfile.NamedTemporaryFile(dir=settings.DATA_DIR) as file:
        file.write(content)
        file.flush()
        try:
            scan(Path(file.name))
        except FileRefusedError as refusal:
            return refusal
    return None


def mail() -> Finding:
    name = "邮件"
    if not settings.EMAIL_HOST:
        return site(name, "没有设置KAIFU_EMAIL_URL，提醒只显示在系统里")
    try:
        with get_connection(timeout=MAIL_SECONDS):
            pass
    except OSError as error:  # smtplib's errors are of this kind
        return short(name, f"{settings.EMAIL_HOST}：{error}")
    return met(name, f"{settings.EMAIL_HOST}应答")


def room() -> Finding:
    name = "磁盘"
    usage = shutil.disk_usage(settings.DATA_DIR)
    free = f"数据文件夹所在磁盘剩余{usage.free / 1024**3:.1f} GB（{usage.free / usage.total:.0%}）"
    if usage.free < LEAST_ROOM or usage.free < LEAST_SHARE * usage.total:
        return short(name, f"{free}，请清理或扩容")
    return met(name, free)


ALL: Sequence[Callable[[], Finding]] = (static_files, scanner, mail, room)
