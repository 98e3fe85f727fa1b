"""How complete the agencies' reports of a quarter are (C6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from common.bars import BarPart
from common.quarters import Period
from reporting.periods.rules.punctuality import Punctuality
from reporting.periods.selectors.completeness import AgencyStand, Stand, stands
from reporting.periods.selectors.opened_periods import (
    QUARTERS_JUDGED,
    OpenedPeriods,
    judged_periods,
    opened_periods,
)


@dataclass(frozen=True)
class CompletenessRow:
    """One agency in the quarter that is shown."""

    agency: AgencyStand
    now: Stand

    @property
    def bar(self) -> tuple[BarPart, ...]:
        """通过, 待审, 退回 of what is owed; what is not reported stays pale."""
        return bar_of(self.now)

    @property
    def words(self) -> str:
        """What the bar shows."""
        return words_of(self.now)

    @property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """State in the address of the review list, and count."""
        return counts_of(self.now)

    @property
    def why_no_rate(self) -> str:
        """Why no number of quarters in time is shown."""
        return f"近{QUARTERS_JUDGED}个季度没有到期的填报期"

    @property
    def sort_key(self) -> tuple[int, int, int, int]:
        """Overdue first; what is left to the agency next; the rest in the plan's order."""
        now = self.now
        return -now.overdue, -now.missing, -now.returned, self.agency.position


@dataclass(frozen=True)
class Completeness:
    """The agencies of a quarter, overdue first, and all of them together."""

    period: Period
    is_open: bool
    rows: tuple[CompletenessRow, ...]

    @cached_property
    def total(self) -> Stand:
        """All agencies together."""
        return total_of([row.now for row in self.rows])

    @property
    def finding(self) -> str:
        """报送：应报176项，缺报21项，退回未改3项."""
        if not self.is_open:
            return f"报送：{self.period.label}没有开放填报"
        total = self.total
        left = [*total.lacking]
        left += [f"退回未改{total.returned}项"] if total.returned else []
        tail = "，".join(left) or "已全部报到"
        return f"报送：应报{total.owed}项，{tail}"

    @property
    def sentence(self) -> str:
        """The same at length, ready to be pasted into a report."""
        total, agencies = self.total, len(self.rows)
        behind = sum(bool(row.now.missing or row.now.returned) for row in self.rows)
        head = f"{self.period.label}{agencies}个单位应报{total.owed}项：{words_of(total)}"
        if not behind:
            return f"{head}；各单位都已报齐。"
        return f"{head}；{behind}个单位还没有报齐，{agencies - behind}个单位已报齐。"

    @property
    def address(self) -> str:
        """The page of all agencies, of the same quarter."""
        return f"{reverse('dashboard:completeness')}?period={self.period.code}"

    @property
    def quarters(self) -> int:
        return QUARTERS_JUDGED

    @property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """The same of all agencies."""
        return counts_of(self.total)

    @property
    def total_bar(self) -> tuple[BarPart, ...]:
        return bar_of(self.total)

    @property
    def total_words(self) -> str:
        return words_of(self.total)


def completeness(*, period: Period, known: OpenedPeriods | None = None) -> Completeness:
    """The reports of a quarter by agency; one statement, and one more where what was opened is not
    known yet. Agencies that owe nothing in the quarter are left out."""
    periods = judged_periods(period)
    known = known or opened_periods(last=period, asked=period)
    rows = [
        CompletenessRow(agency, agency.quarters[period])
        for agency in stands(periods=periods)
        if period in agency.quarters
    ]
    rows.sort(key=lambda row: row.sort_key)
    return Completeness(period, period in known.periods, tuple(rows))


def bar_of(stand: Stand) -> tuple[BarPart, ...]:
    """The pieces of a bar."""
    return (
        BarPart(stand.approved),
        BarPart(stand.waiting, "wait"),
        BarPart(stand.returned, "back"),
    )


def counts_of(stand: Stand) -> tuple[tuple[str, int], ...]:
    """通过, 待审, 退回, 待报 and 缺报, each with its word in the address of the review list."""
    return (
        ("approved", stand.approved),
        ("", stand.waiting),
        ("returned", stand.returned),
        ("missing", stand.awaited),
        ("missing", stand.overdue),
    )


def words_of(stand: Stand) -> str:
    """通过118项、待审34项、退回3项、缺报21项; counts of zero are left out."""
    counts = {"通过": stand.approved, "待审": stand.waiting, "退回": stand.returned}
    said = [f"{word}{count}项" for word, count in counts.items() if count]
    return "、".join((*said, *stand.lacking)) or "没有应报事项"


def total_of(found: Sequence[Stand]) -> Stand:
    """Several stands together."""
    names = ("owed", "approved", "waiting", "returned", "missing", "overdue", "returns")
    return Stand(
        *(sum(getattr(one, name) for one in found) for name in names),
        punctuality=Punctuality(
            sum(one.punctuality.on_time for one in found),
            sum(one.punctuality.late for one in found),
        ),
    )
