"""Ledgers of reporting as workbooks."""

from collections.abc import Iterable

from common.sheets import Sheet
from reporting.models import Risk
from reporting.selectors.risks import subject_of

RISK_HEAD = (
    "编号", "风险", "情况", "等级", "责任单位", "涉及事项", "防范化解措施", "期限", "状态",
    "化解情况", "登记人", "登记日期",
)  # fmt: skip


def risk_sheet(rows: Iterable[Risk]) -> Sheet:
    """The ledger of risks as it stands on the page."""
    return Sheet(
        name="重点风险台账",
        title="开福区碳达峰重点风险防范目录台账",
        head=RISK_HEAD,
        rows=[
            (
                risk.code,
                risk.title,
                risk.text,
                risk.get_level_display(),
                risk.agency.name,
                subject_of(risk),
                risk.measures,
                risk.due_on,
                risk.get_state_display(),
                risk.closing_note,
                risk.recorded_by,
                risk.recorded_at.date(),
            )
            for risk in rows
        ],
    )
