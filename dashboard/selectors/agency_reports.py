"""What the page of one agency says of its reports."""

from dataclasses import dataclass

from common.bars import BarPart
from common.quarters import Period
from dashboard.selectors.completeness import bar_of, words_of
from reporting.periods.selectors.completeness import AgencyStand, Stand
from tasks.rules.awaited import words as owed_words

_LACKING = ("awaited", "overdue")
_IN_TIME = {True: "按时", None: "未到期"}


@dataclass(frozen=True)
class AgencyQuarter:
    """One quarter of an agency; `stand` is None if it owed nothing."""

    period: Period
    stand: Stand | None

    @property
    def text(self) -> str:
        """6/13: handed in of owed."""
        return f"{self.stand.handed_in}/{self.stand.owed}" if self.stand else "—"

    @property
    def in_time(self) -> str:
        """按时, 逾期2项, 未到期; a dash where nothing was owed."""
        if self.stand is None:
            return "—"
        late = f"逾期{self.stand.punctuality.late}项"
        return _IN_TIME.get(self.stand.was_on_time, late)

    @property
    def bar(self) -> tuple[BarPart, ...]:
        return bar_of(self.stand or Stand())

    @property
    def owed(self) -> int:
        return self.stand.owed if self.stand else 0

    @property
    def state(self) -> str:
        """The review list that the cell leads to: what is missing, or what was approved."""
        return "missing" if self.stand and self.stand.missing else "approved"

    @property
    def words(self) -> str:
        """What the cell shows at length."""
        if self.stand is None:
            return f"{self.period.label}没有应报事项"
        return f"{self.period.label}应报{self.stand.owed}项：{words_of(self.stand)}，{self.in_time}"


@dataclass(frozen=True)
class AgencyReports:
    """Completeness by quarter, quarters in time and how often something was returned."""

    agency: AgencyStand
    periods: tuple[Period, ...]

    @property
    def quarters(self) -> tuple[AgencyQuarter, ...]:
        """The quarters judged, oldest first."""
        return tuple(
            AgencyQuarter(period, self.agency.quarters.get(period)) for period in self.periods
        )

    @property
    def is_empty(self) -> bool:
        return not self.agency.quarters

    @property
    def finding(self) -> str:
        """报送：按时7/8季，缺报2项，退回3次."""
        if self.is_empty:
            return f"报送：近{len(self.periods)}个季度没有应报事项"
        rate = self.agency.on_time_words
        parts = [f"按时{rate}" if rate else "还没有到期的填报期"]
        stands, returns = self.agency.quarters.values(), self.agency.returns
        awaited, missing = (sum(getattr(one, name) for one in stands) for name in _LACKING)
        parts += owed_words(awaited, missing, "项") or ["没有待报、缺报事项"]
        parts += [f"退回{returns}次" if returns else "没有退回"]
        return f"报送：{'，'.join(parts)}"

    @property
    def sentence(self) -> str:
        """The newest quarter at length; empty if nothing was ever owed."""
        newest = next((one for one in reversed(self.quarters) if one.stand), None)
        return f"{newest.words}。" if newest else ""
