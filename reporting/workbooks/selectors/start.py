"""The start of 用Excel填: what can be downloaded, and what has been before."""

import datetime
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from agencies.models import Agency, User
from common.formats import zh_date, zh_day
from reporting.models import (
    SUBJECTS,
    Obligation,
    ReportingPeriod,
    WorkbookDownload,
    WorkbookUpload,
)
from reporting.periods.selectors.obligations import period_obligations, period_of
from reporting.workbooks.selectors.book import due_words, first_due_day
from reporting.workbooks.selectors.rows import takes_answers

SHOWN = 10
"""So many downloads and uploads are listed, newest first."""


@dataclass(frozen=True)
class Deed:
    """A download or an upload in the list of earlier ones."""

    at: datetime.datetime
    by: str
    did: str
    result: str = ""
    url: str = ""

    @property
    def at_words(self) -> str:
        """11月27日 16:50."""
        return f"{zh_day(self.at)} {timezone.localtime(self.at):%H:%M}"


@dataclass(frozen=True)
class StartPage:
    """The start for an agency and a period."""

    period: ReportingPeriod
    agency: Agency
    obligations: tuple[Obligation, ...]
    deeds: tuple[Deed, ...]

    @cached_property
    def open_count(self) -> int:
        """How many obligations take answers now."""
        return sum(takes_answers(obligation=one) for one in self.obligations)

    @property
    def deeds_words(self) -> str:
        """3次; 最近10次 where older ones are left out."""
        count = len(self.deeds)
        return f"最近{count}次" if count == SHOWN else f"{count}次"

    @property
    def file_name(self) -> str:
        return file_name(agency=self.agency, period=self.period)

    @property
    def due(self) -> str:
        return due_words(period=self.period, obligations=self.obligations)

    @property
    def left(self) -> str:
        """还剩7天, 今天截止, 已逾期2天; empty for a backfill."""
        if self.period.is_backfill or not self.obligations:
            return ""
        first = first_due_day(period=self.period, obligations=self.obligations)
        days = (first - timezone.localdate()).days
        if days < 0:
            return f"已逾期{-days}天"
        return f"还剩{days}天" if days else "今天截止"

    @property
    def closed(self) -> tuple[str, str]:
        """Why there is no workbook, and what to do; empty where there is one."""
        if self.open_count:
            return "", ""
        if not self.obligations:
            return "没有要填的事项", f"{self.period}本单位没有要填报的事项。"
        if self.period.is_planned:
            return "还没有开放", f"{zh_date(self.period.opens_on)}开放，开放以后在这里下载填报表。"
        if self.period.is_closed or self.period.closes_on < timezone.localdate():
            return "已经关闭", "需要补报或修改时，在“本季度待填”提出解锁申请。"
        return "都已报送", "要修改时先撤回；被退回的事项可以再下载填报表。"


def start_page(*, reader: User, code: str) -> StartPage | None:
    """The start for the reader's agency; None for an unknown period."""
    assert reader.agency is not None  # noqa: S101 - the database holds reporters to an agency
    period = period_of(reader.agency, code)
    if period is None:
        return None
    owed = period_obligations(agency=reader.agency, period=period).select_related(*SUBJECTS)
    deeds = sorted(
        (*_downloads(reader.agency, period), *_uploads(reader.agency, period)),
        key=lambda deed: deed.at, reverse=True,
    )  # fmt: skip
    return StartPage(period, reader.agency, tuple(owed), tuple(deeds[:SHOWN]))


def file_name(*, agency: Agency, period: ReportingPeriod) -> str:
    """2026年第三季度_区交通运输局_填报表.xlsx."""
    return f"{period}_{agency.short_name}_填报表.xlsx"


def _downloads(agency: Agency, period: ReportingPeriod) -> list[Deed]:
    found = WorkbookDownload.objects.filter(agency=agency, period=period)
    rows = found.values_list("at", "by_name")[:SHOWN]
    return [Deed(at, name, "下载") for at, name in rows]


def _uploads(agency: Agency, period: ReportingPeriod) -> list[Deed]:
    found = WorkbookUpload.objects.filter(agency=agency, period=period).select_related("period")
    kept = ("at", "by_name", "file_name", "state", "message", "writes", "period")
    return [
        Deed(one.at, one.by_name, f"上传　{one.file_name}", _result(one), one.get_absolute_url())
        for one in found.only(*kept)[:SHOWN]
    ]


def _result(upload: WorkbookUpload) -> str:
    """写入20格, or its state."""
    if upload.writes:
        return f"写入{sum(one['cells'] for one in upload.writes)}格"
    return str(upload.get_state_display())
