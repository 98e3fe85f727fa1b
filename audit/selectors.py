"""Reads of the ledger."""

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from audit.models import AuditEvent
from common.formats import in_words

KINDS = (
    "指标", "阶段目标", "实际值", "任务", "任务进展", "项目", "项目进展", "单位", "单位别名",
    "账号", "总体目标", "领域", "条款", "依据文件", "导入记录", "登记册",
    "佐证材料", "页面",
)  # fmt: skip
ACTIONS = (
    "新增", "修改", "删除", "停用", "恢复", "录入", "更正", "改变目标值", "补录基期值", "导入",
    "撤销导入", "导出", "登录", "登录失败", "退出", "修改密码", "重置密码", "停用账号", "启用账号",
    "上传佐证", "移除佐证", "沿用佐证", "下载佐证", "清理佐证文件", "拒绝访问",
)  # fmt: skip
SEALED = "（填报内容，仅填报单位和审核员可看）"
_OPEN = {"状态"}
"""What of a sealed object is no text of anybody."""

EXPORT_HEADERS = (
    "时间", "操作人", "单位", "操作", "结果", "对象类型", "对象编号", "对象名称", "字段", "原值",
    "新值", "原因", "方式", "来源地址",
)  # fmt: skip


def history(*, filters: Mapping[str, Any]) -> QuerySet[AuditEvent]:
    """Events, latest first, narrowed by `object`, `kind`, `user`, `action`, `way`, `from`, `to`.

    The object T18 brings what happened below it too, such as its value of T18 2026Q3.
    """
    events = AuditEvent.objects.order_by("-at", "-pk")
    if code := filters.get("object"):
        events = events.filter(Q(object_code=code) | Q(object_code__startswith=f"{code} "))
    if user := filters.get("user"):
        events = events.filter(actor_name__icontains=user)
    if kind := filters.get("kind"):
        events = events.filter(object_type=kind)
    if action := filters.get("action"):
        events = events.filter(action=action)
    if way := filters.get("way"):
        events = events.filter(way=way)
    if start := filters.get("from"):
        events = events.filter(at__gte=_midnight(start))
    if end := filters.get("to"):
        events = events.filter(at__lt=_midnight(end + datetime.timedelta(days=1)))
    return events


def seal(*, events: Iterable[AuditEvent], kinds: Collection[str]) -> None:
    """Remove all texts from the events of these kinds, in memory; who did what and when stays."""
    for event in events:
        if event.object_type in kinds:
            event.changes = [
                [label, *(text if label in _OPEN else text and SEALED for text in texts)]
                for label, *texts in event.changes
            ]
            event.reason = event.reason and SEALED
            event.object_name = ""


def as_it_was(now: Mapping[str, str], later: Iterable[Iterable[Sequence[str]]]) -> dict[str, str]:
    """Field label → text before the changes of later events, the first of them first.

    What the ledger took down of a record leads back to what it was; fields not asked for are left.
    """
    then: dict[str, str] = {}
    for changes in later:
        for label, old, _ in changes:
            then.setdefault(label, old)
    return {label: then.get(label, text) for label, text in now.items()}


def export_rows(
    events: QuerySet[AuditEvent], *, most: int, sealed: Collection[str] = ()
) -> Iterator[list[Any]]:
    """One row for each changed field, in the order of EXPORT_HEADERS; at most so many events."""
    for event in events[:most].iterator(chunk_size=2000):
        seal(events=[event], kinds=sealed)
        for label, old, new in event.changes or [("", "", "")]:
            yield [
                timezone.localtime(event.at).replace(tzinfo=None),
                event.actor_name,
                event.agency_name,
                event.action,
                "成功" if event.succeeded else "失败",
                event.object_type,
                event.object_code,
                event.object_name,
                label,
                in_words(old),
                in_words(new),
                event.reason,
                event.get_way_display(),
                event.address or "",
            ]


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
