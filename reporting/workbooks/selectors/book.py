"""The workbook of an agency and a period, read in a constant number of statements."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from agencies.models import Agency, User
from common.formats import zh_date_weekday
from reporting.answers.selectors.checking import CheckedObligation, checked_by_key
from reporting.answers.selectors.contacts import contacts_of
from reporting.choices import PeriodState
from reporting.models import Obligation, ReportingPeriod
from reporting.periods.selectors.obligations import in_page_order
from reporting.periods.selectors.thresholds import thresholds
from reporting.policies import due_day
from reporting.workbooks.rules.book import Book, Row
from reporting.workbooks.rules.layout import BACKFILL, BACKFILL_DUE, SHEETS
from reporting.workbooks.selectors.rows import row_of, takes_answers


def workbook(
    *, reader: User, agency: Agency, period: ReportingPeriod, token: str, at: datetime.datetime
) -> tuple[Book, dict[str, Any]]:
    """The workbook as it may be filled in now, and its contents by the key of each row."""
    limits = thresholds()
    found = checked_by_key(obligations=_obligations(agency, period), limits=limits)
    pairs = []
    for one in found.values():
        is_own = one.obligation.period_id == period.pk
        pairs.append((one, row_of(checked=one, limits=limits, is_own_period=is_own)))
    # Of another period only what can be filled in.
    kept = [(one, row) for one, row in pairs if row.sheet != BACKFILL or not row.locked]
    rows = tuple(row for _, row in kept)
    book = Book(
        token=token,
        agency=agency.short_name,
        agency_full=agency.full_name or agency.name,
        period=period.period.label,
        due=due_words(period=period, obligations=[one.obligation for one, _ in kept]),
        by=reader.display_name,
        at=timezone.localtime(at),
        guide=_guide(agency, rows),
        rows=rows,
        narrative=(limits.whole("NARRATIVE_LEAST"), limits.whole("NARRATIVE_MOST")),
    )
    return book, _contents(kept)


def due_words(*, period: ReportingPeriod, obligations: Sequence[Obligation]) -> str:
    """12月7日（周一）截止: the first day by which something of the period is due."""
    if period.is_backfill:
        return BACKFILL_DUE
    day = first_due_day(period=period, obligations=obligations)
    return f"{zh_date_weekday(day).partition('年')[2]}截止"


def first_due_day(*, period: ReportingPeriod, obligations: Iterable[Obligation]) -> datetime.date:
    """The first day that binds one of the period's obligations which still take answers."""
    owed = (one for one in obligations if one.period_id == period.pk)
    days = [due_day(obligation=one) for one in owed if takes_answers(obligation=one)]
    return min((day for day in days if day), default=period.due_on)


def _obligations(agency: Agency, period: ReportingPeriod) -> QuerySet[Obligation]:
    """Those of the period, then those of other periods that are open for backfilling."""
    backfill = Q(
        period__is_backfill=True,
        period__state=PeriodState.OPEN,
        period__closes_on__gte=timezone.localdate(),
    )
    owed = Obligation.objects.owed().filter(agency=agency).filter(Q(period=period) | backfill)
    named = owed.select_related("task__lead", "task__convenor")
    ordered = in_page_order(named)
    return ordered.order_by("-period__year", "-period__quarter", *ordered.query.order_by)


def _contents(kept: Iterable[tuple[CheckedObligation, Row]]) -> dict[str, Any]:
    """What stands in the workbook, for the comparison with what comes back."""
    return {
        row.key: {
            "form": row.form,
            "cells": {**{name: str(value) for name, value in row.reference.items()}, **row.cells},
            "texts": {name: entry["text"] for name, entry in one.obligation.content.items()},
            "v": {name: entry["v"] for name, entry in one.obligation.content.items()},
            "locked": bool(row.locked),
        }
        for one, row in kept
    }


def _guide(agency: Agency, rows: tuple[Row, ...]) -> tuple[tuple[str, str], ...]:
    return (
        ("要填的", _counted(rows)),
        ("怎么填", "只填黄色格；灰色格和白色格锁定，改了不会写入，传回时会列出来。"),
        (
            "没有变化",
            "指标写“与上季度相同”；任务状态照填，进展写“没有新进展”和原因；"
            "配合事项写“无配合事项”或“没有新情况”；已竣工的项目选“本季度无变化”。",
        ),
        (
            "没有数据",
            "写“尚未取得”，在说明里写为什么、什么时候有；当期没有新增的写“不适用”，不写0。",
        ),
        (
            "传回",
            "网页“本季度待填”—“用Excel填”—上传；文件名、表的顺序、行的顺序改了没关系。"
            "先核对，写成草稿，再在网页报送。",
        ),
        ("网页上填的", "口径、当年降低率、量化进展、需要协调的单位、更正以前数据、佐证材料。"),
        ("软件", "WPS、Excel都可以；存成.xlsx。本表不得填写涉密信息。"),
        ("找谁", _called(agency)),
    )


def _called(agency: Agency) -> str:
    """Whom to ask, with telephones."""
    return "；".join(
        f"{one.duty}：{one.name} {one.phone_words}{f'（{one.about}）' if one.about else ''}"
        for one in contacts_of(agency=agency).all
    )


def _counted(rows: tuple[Row, ...]) -> str:
    """9项：指标4项、牵头任务3项、配合事项2项。其中T17已报送……锁定。"""
    counts = {
        sheet.title: sum(row.sheet == sheet.name for row in rows) for sheet in SHEETS.values()
    }
    parts = "、".join(f"{name}{count}项" for name, count in counts.items() if count)
    locked = "、".join(str(row.reference["code"]) for row in rows if row.locked)
    told = f"其中{locked}锁定，原因见提示一栏。" if locked else ""
    return f"{len(rows)}项：{parts}。{told}" if rows else "这一期没有要填的事项。"
