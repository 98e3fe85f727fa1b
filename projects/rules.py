"""How projects stand against their planned years and investment. Pure: facts in, findings out.

Money is in 万元, shares are in %, differences of shares in percentage points.
"""

import calendar
import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from common.formats import number, wan
from common.quarters import Period, is_month
from targets.rules.levels import WORST_FIRST, Level


class Status(StrEnum):
    """Where a project stands."""

    NOT_STARTED = "not_started"
    UNDER_WAY = "under_way"
    COMPLETED = "completed"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Status.NOT_STARTED: "未开工",
    Status.UNDER_WAY: "在建",
    Status.COMPLETED: "已竣工",
    Status.SUSPENDED: "停工",
    Status.CANCELLED: "取消或调整",
}
CLOSED = frozenset({Status.COMPLETED, Status.CANCELLED})
"""Nothing more is expected of it."""
NOT_REPORTED = "未填报"
# Published practice for projects (银川市 2025年3月): behind the time share by 10 to 30 points
# (30 included) is yellow, by more is red. What lies below 10 points is not said there: green.
BEHIND, FAR_BEHIND = Decimal(10), Decimal(30)
# The same text turns a start that is due red in the third month; completion is held to it too.
LATE_MONTHS = 3
_NAMED = 5


@dataclass(frozen=True)
class ProjectPlan:
    """What the annex promises: planned years and total investment, each may be missing."""

    start_year: int | None
    end_year: int | None
    total_wan: Decimal | None = None


@dataclass(frozen=True)
class LatestReport:
    """What was reported last, at the end of a quarter; months are written 2023-05."""

    period: Period
    status: Status
    invested_wan: Decimal | None = None
    started_on: str = ""
    completed_on: str = ""
    expected_on: str = ""


@dataclass(frozen=True)
class Light:
    """Level and word; the reason says why a light is grey, or what is behind."""

    level: Level
    word: str
    reason: str = ""


def is_open(report: LatestReport | None) -> bool:
    """Whether a project is neither completed nor cancelled; one never reported counts as open."""
    return report is None or report.status not in CLOSED


def months_overdue(plan: ProjectPlan, report: LatestReport | None, today: datetime.date) -> int:
    """Calendar months since the December of the planned last year, of what is not completed."""
    if plan.end_year is None or not is_open(report):
        return 0
    return max(0, (today.year - plan.end_year - 1) * 12 + today.month)


def months_late_to_start(
    plan: ProjectPlan, report: LatestReport | None, today: datetime.date
) -> int:
    """Calendar months since the December of the planned first year, of what has not started."""
    if plan.start_year is None or report is None or report.status != Status.NOT_STARTED:
        return 0
    return max(0, (today.year - plan.start_year - 1) * 12 + today.month)


def past_expected_words(report: LatestReport | None, today: datetime.date) -> str:
    """预计2027年2月竣工已过3个月: of an open project whose expected month is over; else empty."""
    expected = month_of(report.expected_on) if report and is_open(report) else None
    if expected is None:
        return ""
    months = (today.year - expected.year) * 12 + today.month - expected.month
    return f"预计{expected.year}年{expected.month}月竣工已过{months}个月" if months > 0 else ""


def month_of(text: str) -> datetime.date | None:
    """The first day of a month written 2023-05; None for anything else."""
    return datetime.date.fromisoformat(f"{text}-01") if is_month(text) else None


def end_of_month(text: str) -> datetime.date | None:
    """The last day of a month written 2023-05."""
    first = month_of(text)
    return first and first.replace(day=calendar.monthrange(first.year, first.month)[1])


def time_share(plan: ProjectPlan, day: datetime.date) -> Decimal | None:
    """Share of the planned time that has passed, in %, 1 January to 31 December."""
    if plan.start_year is None or plan.end_year is None:
        return None
    first = datetime.date(plan.start_year, 1, 1)
    last = datetime.date(plan.end_year, 12, 31)
    passed = (day - first).days + 1
    share = Decimal(passed) / ((last - first).days + 1) * 100
    return min(max(share, Decimal(0)), Decimal(100))


def investment_share(plan: ProjectPlan, report: LatestReport | None) -> Decimal | None:
    """投资完成率: invested since the start against the total, in %."""
    if report is None or report.invested_wan is None or not plan.total_wan:
        return None
    return report.invested_wan / plan.total_wan * 100


def points_behind(plan: ProjectPlan, report: LatestReport | None) -> Decimal | None:
    """Time share minus investment share at the end of the reported quarter, in points."""
    invested = investment_share(plan, report)
    passed = time_share(plan, report.period.end) if report else None
    return None if invested is None or passed is None else passed - invested


def light(plan: ProjectPlan, report: LatestReport | None, today: datetime.date) -> Light:
    """The worse of the light of the nodes and that of the investment."""
    if report is None:
        return Light(Level.GREY, NOT_REPORTED, "还没有填报，无法评价")
    if report.status == Status.COMPLETED:
        return Light(Level.GREEN, Status.COMPLETED.label)
    if report.status == Status.CANCELLED:
        return Light(Level.GREY, Status.CANCELLED.label, "不作评价")
    if report.status == Status.SUSPENDED:
        return Light(Level.RED, Status.SUSPENDED.label)
    found = [_node_light(plan, report, today), _investment_light(plan, report)]
    return min(found, key=lambda item: WORST_FIRST.index(item.level))


def _node_light(plan: ProjectPlan, report: LatestReport, today: datetime.date) -> Light:
    for months, word in (
        (months_overdue(plan, report, today), "应竣工未竣工"),
        (months_late_to_start(plan, report, today), "应开工未开工"),
    ):
        if months:
            level = Level.ORANGE if months < LATE_MONTHS else Level.RED
            return Light(level, word, f"超期{months}个月")
    if plan.end_year is None:
        return Light(Level.GREY, report.status.label, "未列计划年限，无法评价")
    return Light(Level.GREEN, "按计划")


def _investment_light(plan: ProjectPlan, report: LatestReport) -> Light:
    behind = points_behind(plan, report)
    if behind is None:
        if report.status == Status.NOT_STARTED:
            return Light(Level.GREEN, "按计划")
        lacking = "未列总投资" if not plan.total_wan else "未报投资"
        return Light(Level.GREY, report.status.label, f"{lacking}，无法评价")
    if behind < BEHIND:
        return Light(Level.GREEN, "按计划")
    words = f"投资低于时间进度{number(behind, 1)}个百分点"
    return Light(Level.ORANGE if behind <= FAR_BEHIND else Level.RED, "投资滞后", words)


@dataclass(frozen=True)
class ProjectAmount:
    """A project's code with its total and cumulative investment."""

    code: str
    total_wan: Decimal | None
    invested_wan: Decimal | None = None


@dataclass(frozen=True)
class InvestmentSums:
    """Investment of a group of projects; what has no total is left out and named."""

    count: int
    valued: int
    total_wan: Decimal
    without_total: tuple[str, ...]
    reported: int
    invested_wan: Decimal | None
    compared: int = 0
    share: Decimal | None = None
    """Invested of the totals of the `compared` projects that have both, %."""

    @property
    def invested_sentence(self) -> str:
        """累计完成投资717,494万元（≈71.75亿元），占所报18个项目总投资的80.1%。

        Of projects without a total only the amount counts: their money is in no share.
        """
        if self.invested_wan is None:
            return "还没有填报投资。"
        words = f"累计完成投资{wan(self.invested_wan)}"
        if self.share is None:
            return f"{words}。"
        share = f"{number(self.share, 1)}%"
        if self.compared < self.reported:
            return f"{words}，其中列明总投资的{self.compared}个项目完成{share}。"
        return f"{words}，占所报{self.compared}个项目总投资的{share}。"

    @property
    def sentence(self) -> str:
        """合计 915,822 万元（19个项目，P15未列投资）."""
        if not self.valued:
            return f"{self.count}个项目都未列投资"
        note = f"，{_named(self.without_total)}未列投资" if self.without_total else ""
        return f"合计 {number(self.total_wan, 0)} 万元（{self.valued}个项目{note}）"


def investment_sums(amounts: Iterable[ProjectAmount]) -> InvestmentSums:
    """Totals of the projects; nothing reported is None, not 0."""
    rows = list(amounts)
    both = [
        (row.invested_wan, row.total_wan)
        for row in rows
        if row.total_wan and row.invested_wan is not None
    ]
    totals = [row.total_wan for row in rows if row.total_wan is not None]
    invested = [row.invested_wan for row in rows if row.invested_wan is not None]
    return InvestmentSums(
        count=len(rows),
        valued=len(totals),
        total_wan=sum(totals, Decimal(0)),
        without_total=tuple(row.code for row in rows if row.total_wan is None),
        reported=len(invested),
        invested_wan=sum(invested, Decimal(0)) if invested else None,
        compared=len(both),
        share=_share(both),
    )


def _share(both: Sequence[tuple[Decimal, Decimal]]) -> Decimal | None:
    if not both:
        return None
    invested, total = (sum(amounts, Decimal(0)) for amounts in zip(*both, strict=True))
    return invested / total * 100


def _named(codes: Sequence[str]) -> str:
    shown = "、".join(codes[:_NAMED])
    return shown if len(codes) <= _NAMED else f"{shown}等{len(codes)}个项目"
