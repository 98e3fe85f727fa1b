"""The two days and the filters of the page of changes, kept in the address."""

import datetime
from dataclasses import dataclass, replace

from django import forms
from django.http import QueryDict

from common.formats import zh_date
from common.quarters import Period
from dashboard.forms.periods import QUARTERS_OFFERED
from dashboard.rules.changes.change import Direction, Kind, short_period
from dashboard.rules.changes.comparison import Comparison
from dashboard.rules.changes.snapshots import Room
from dashboard.selectors.changes.page import ChangeFilters, ChangesPage
from pages.asof import EARLIEST, read_day

ONE_DAY = "day"


def last_known(quarter: Period, today: datetime.date) -> datetime.date:
    """The day by whose end a quarter's figures are taken: they come in the quarter after it."""
    following = Period.quarter_of(quarter.end + datetime.timedelta(days=1))
    return min(following.end, today)


@dataclass(frozen=True)
class End:
    """One end of the span: a day, and the quarter that was chosen for it, if one was."""

    day: datetime.date
    today: datetime.date
    quarter: Period | None = None

    @property
    def label(self) -> str:
        """2026年第二季度末, 2026年11月27日, 今天."""
        if self.quarter:
            return f"{self.quarter.label}末"
        return "今天" if self.day == self.today else zh_date(self.day)

    @property
    def choice(self) -> str:
        return self.quarter.code if self.quarter else ONE_DAY


class SpanForm(forms.Form):
    """Two quarter ends or days; what cannot be read falls back to the newest two quarters."""

    start = forms.ChoiceField(label="从", required=False)
    start_day = forms.CharField(label="从哪一天", required=False)
    end = forms.ChoiceField(label="到", required=False)
    end_day = forms.CharField(label="到哪一天", required=False)

    def __init__(self, data: QueryDict, today: datetime.date) -> None:
        self.today, self.problem = today, ""
        last = Period.last_closed(today)
        self.default = self._end_of(last.previous), self._end_of(last)
        self.first, self.last = self._chosen(data)
        super().__init__(self._shown)
        offered = [(one.code, f"{one.label}末") for one in last.back(QUARTERS_OFFERED)[::-1]]
        days = {"type": "date", "min": EARLIEST.isoformat(), "max": today.isoformat()}
        for name in ("start", "end"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101
            field.choices = [*offered, (ONE_DAY, "按日期")]
            self.fields[f"{name}_day"].widget = forms.TextInput(days)

    @property
    def _shown(self) -> dict[str, str]:
        ends = (("start", self.first), ("end", self.last))
        chosen = {name: end.choice for name, end in ends}
        return chosen | {f"{name}_day": end.day.isoformat() for name, end in ends}

    @property
    def query(self) -> dict[str, str]:
        """The span as the address has it; empty for the one that is shown unasked."""
        if (self.first, self.last) == self.default:
            return {}
        found = {"start": self.first.choice, "end": self.last.choice}
        if not self.first.quarter:
            found["start_day"] = self.first.day.isoformat()
        if not self.last.quarter:
            found["end_day"] = self.last.day.isoformat()
        return found

    @property
    def is_by_quarters(self) -> bool:
        return bool(self.first.quarter or self.last.quarter)

    @property
    def known_words(self) -> str:
        """二季度按2026年9月30日，三季度按今天: by whose end their figures are taken."""
        ends = [end for end in (self.first, self.last) if end.quarter]
        return "，".join(
            f"{short_period(end.quarter, self.today)}按{replace(end, quarter=None).label}"
            for end in ends
            if end.quarter
        )

    def _chosen(self, data: QueryDict) -> tuple[End, End]:
        first = self._read(data, "start", self.default[0])
        last = self._read(data, "end", self.default[1])
        if not self.problem and first.day >= last.day:
            self.problem = f"“从”（{zh_date(first.day)}）要早于“到”（{zh_date(last.day)}）"
        return self.default if self.problem else (first, last)

    def _read(self, data: QueryDict, name: str, default: End) -> End:
        asked = data.get(name, "").strip()
        if asked == ONE_DAY:
            return self._day(data.get(f"{name}_day", ""), default)
        return self._quarter(asked, default) if asked else default

    def _day(self, typed: str, default: End) -> End:
        found = read_day(typed, today=self.today)
        if found.problem:
            self.problem = found.problem.partition("。")[0]
            return default
        return End(found.asof.day if found.asof else self.today, self.today)

    def _quarter(self, typed: str, default: End) -> End:
        try:
            quarter = Period.parse(typed)
        except ValueError as error:
            self.problem = str(error)
            return default
        if quarter.quarter is None or not EARLIEST <= quarter.end < self.today:
            self.problem = f"“{typed[:20]}”不是已经结束的季度"
            return default
        return self._end_of(quarter)

    def _end_of(self, quarter: Period) -> End:
        return End(last_known(quarter, self.today), self.today, quarter)


def read_filters(data: QueryDict) -> ChangeFilters:
    """The filters that an address asks for; unknown values are ignored."""
    rooms, kinds = {one.value: one for one in Room}, {one.value: one for one in Kind}
    directions = {one.value: one for one in Direction}
    return ChangeFilters(
        rooms.get(data.get("room", "")),
        kinds.get(data.get("kind", "")),
        directions.get(data.get("direction", "")),
        data.get("body", "")[:60],
    )


def page_of(comparison: Comparison, data: QueryDict, span: SpanForm) -> ChangesPage:
    """The page of a comparison under the filters of an address."""
    return ChangesPage(comparison, read_filters(data), span.query)
