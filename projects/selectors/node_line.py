"""The nodes of a project on a line of time: lengths in %, for a picture drawn by the server."""

import datetime
from dataclasses import dataclass
from functools import cached_property

from projects import rules
from projects.selectors.rows import ProjectRow

_MIDDLE_FROM, _MIDDLE_TO = 18, 82
"""Between these % a word stands in the middle below its mark, else it is drawn inwards."""


@dataclass(frozen=True)
class NodeMark:
    """A node of the line with its words; `kind` is actual or expected."""

    kind: str
    share: float
    words: str

    @property
    def at(self) -> str:
        return _percent(self.share)

    @property
    def anchor(self) -> str:
        """Where the words stand, so that none leaves the picture."""
        if self.share < _MIDDLE_FROM:
            return "start"
        return "end" if self.share > _MIDDLE_TO else "middle"


@dataclass(frozen=True)
class TimeStretch:
    """A part of the line, from and to in %."""

    first: float
    last: float

    @property
    def at(self) -> str:
        return _percent(self.first)

    @property
    def end(self) -> str:
        return _percent(self.last)

    @property
    def width(self) -> str:
        return _percent(max(self.last - self.first, 0.0))


@dataclass(frozen=True)
class NodeLine:
    """Planned years above, what was reported below, both over the same years."""

    row: ProjectRow

    @property
    def plan(self) -> TimeStretch | None:
        planned = _planned(self.row.plan)
        return TimeStretch(*map(self._share, planned)) if planned else None

    @property
    def plan_words(self) -> str:
        return self.row.years or "方案未列年限"

    @property
    def actual(self) -> TimeStretch | None:
        """From the reported start to the end, or to the day of reading while it is being built."""
        start, end = self._started, self._last_day
        return TimeStretch(self._share(start), self._share(end)) if start and start < end else None

    @property
    def ahead(self) -> TimeStretch | None:
        """From the day of reading to the expected completion."""
        end, today = self._expected, self.row.today
        return TimeStretch(self._share(today), self._share(end)) if end and end > today else None

    @property
    def state_words(self) -> str:
        """在建，超期23个月."""
        late = self.row.overdue_text
        return f"{self.row.status_word}，{late}" if late else self.row.status_word

    @property
    def marks(self) -> tuple[NodeMark, ...]:
        """The reported nodes; each has its own line of words below."""
        found = (
            ("actual", "开工", self._started),
            ("actual", "竣工", self._completed),
            ("expected", "预计竣工", self._expected),
        )
        past = {"expected": "（已过）"} if self.row.past_expected else {}
        return tuple(
            NodeMark(kind, self._share(day), f"{name}{day.year}年{day.month}月{past.get(kind, '')}")
            for kind, name, day in found
            if day is not None
        )

    @property
    def today(self) -> NodeMark:
        return NodeMark(
            "today", self._share(self.row.today), "截至" if self.row.is_past else "今天"
        )

    @property
    def years(self) -> tuple[NodeMark, ...]:
        """The first of January of each year; of many years every second has its number."""
        first, last = self._span[0].year, self._span[1].year
        step = 1 if last - first < 8 else 2
        return tuple(
            NodeMark(
                "year",
                self._share(datetime.date(year, 1, 1)),
                str(year) if (year - first) % step == 0 else "",
            )
            for year in range(first, last + 1)
        )

    @property
    def alt(self) -> str:
        """The picture in one sentence."""
        nodes = "、".join(mark.words for mark in self.marks) or "没有填报时间"
        return f"节点：计划{self.plan_words}；{self.state_words}，{nodes}。"

    @cached_property
    def _started(self) -> datetime.date | None:
        return rules.month_of(self.row.report.started_on) if self.row.report else None

    @cached_property
    def _completed(self) -> datetime.date | None:
        return rules.end_of_month(self.row.report.completed_on) if self.row.report else None

    @cached_property
    def _expected(self) -> datetime.date | None:
        if self._completed or not self.row.report:
            return None
        return rules.end_of_month(self.row.report.expected_on)

    @property
    def _last_day(self) -> datetime.date:
        """Work is known to go on until today only where nothing says that it ended or stopped."""
        if self._completed:
            return self._completed
        report = self.row.report
        if report and report.status != rules.Status.UNDER_WAY:
            return min(report.period.end, self.row.today)
        return self.row.today

    @cached_property
    def _span(self) -> tuple[datetime.date, datetime.date]:
        days = [*_planned(self.row.plan), self.row.today]
        days += [day for day in (self._started, self._completed, self._expected) if day]
        return datetime.date(min(days).year, 1, 1), datetime.date(max(days).year, 12, 31)

    def _share(self, day: datetime.date) -> float:
        first, last = self._span
        return (day - first).days / (last - first).days * 100


def _planned(plan: rules.ProjectPlan) -> tuple[datetime.date, ...]:
    if plan.end_year is None:
        return ()
    start = plan.start_year or plan.end_year
    return datetime.date(start, 1, 1), datetime.date(plan.end_year, 12, 31)


def _percent(share: float) -> str:
    return f"{share:.2f}%"
