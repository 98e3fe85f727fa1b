"""Lists of matters as workbooks."""

from collections.abc import Iterable

from django.utils import timezone

from common.workbooks.writing import Sheet
from reporting.matters.selectors.list_page import MattersPage
from reporting.matters.selectors.matters import subject_of
from reporting.models import Matter

LEDGER_HEAD = (
    "编号", "风险", "情况", "等级", "责任单位", "涉及事项", "防范化解措施", "期限", "状态",
    "化解情况", "提出人", "提出日期",
)  # fmt: skip


def ledger_sheet(rows: Iterable[Matter]) -> Sheet:
    """The ledger of risks as its page shows it."""
    return Sheet(
        name="重点风险台账",
        title="开福区碳达峰重点风险防范目录台账",
        head=LEDGER_HEAD,
        rows=[
            (
                risk.code,
                risk.title,
                risk.text,
                risk.get_level_display(),
                risk.handler.name if risk.handler else "待指定",
                subject_of(risk),
                risk.measures,
                risk.due_on,
                risk.get_state_display(),
                risk.closing_note,
                risk.reported_by,
                timezone.localdate(risk.reported_at),
            )
            for risk in rows
        ],
    )


MATTERS_HEAD = ("等谁办", "类别", "涉及", "事项", "说明", "状态", "提出", "承办", "期限")


def matters_sheet(page: MattersPage) -> Sheet:
    """The rows of the list's page, in its order."""
    return Sheet(
        name="事项",
        title="需要决定和协调的事项",
        head=MATTERS_HEAD,
        rows=[
            (
                group.title,
                row.tag,
                "、".join(row.codes),
                row.title,
                row.note,
                row.state,
                row.since,
                row.owner or "待指定",
                row.due,
            )
            for group in page.groups
            for row in group.rows
        ],
    )
