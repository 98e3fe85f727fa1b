"""The day that the demonstration shows: which quarters are known, which one is being reported."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from common.quarters import Period
from demo import rules
from demo.services.backdating import moment_of
from reporting.periods.rules.rhythm import PeriodDates, usual_dates
from reporting.periods.selectors.calendar import working_days
from reporting.periods.selectors.thresholds import thresholds

_LEAST_DAYS_LEFT = 5


@dataclass(frozen=True)
class Scene:
    """What demo.json says of the period in which agencies report, on a day.

    `known` are the quarters that the set names, `later` those after them, to the period.
    """

    facts: Mapping[str, Any]
    day: datetime.date
    now: datetime.datetime
    known: tuple[Period, ...]
    later: tuple[Period, ...]
    dates: PeriodDates

    @property
    def answer_due(self) -> datetime.date:
        """The day by which what was returned is answered: before the period's day."""
        return min(self.dates.due_on, self.day + datetime.timedelta(days=3))

    @property
    def period(self) -> Period:
        return (*self.known, *self.later)[-1]

    def share(self, agency: str, code: str) -> Mapping[str, str]:
        """State and text of a contribution on its way, with the opinion of its return."""
        found: Mapping[str, str] = self.facts["shares"].get(agency, {}).get(code, {})
        return found

    def holds_back(self, code: str, period: Period) -> bool:
        """Whether a record of the set is still on its way in the open period."""
        return period == self.period and code in self.facts["waiting"]

    def shifted(self, period: Period) -> Period:
        """A quarter of the set as far before the period as it is before the set's last one."""
        return self.period.back(self.known[-1].quarters_since(period) + 1)[0]

    def waiting(self, code: str, values: Mapping[str, str]) -> tuple[str, dict[str, str]] | None:
        """State and texts of an obligation on its way, with the value of a later quarter."""
        if code not in self.facts["waiting"]:
            return None
        state, texts = self.facts["waiting"][code]
        found = {name: rules.filled_in(text, self.period) for name, text in texts.items()}
        if "value" in found:
            found["value"] = values.get(code, found["value"])
        return state, found


def scene_on(*, facts: Mapping[str, Any], quarters: Sequence[str], day: datetime.date) -> Scene:
    """The quarters of the set, those that were opened since, and the dates of the last one.

    Agencies can always try the reporting: the period stays open for some days.
    """
    known, calendar, limits = tuple(map(Period.parse, quarters)), working_days(), thresholds()

    def usual(period: Period) -> PeriodDates:
        return usual_dates(period=period, today=period.end, calendar=calendar, thresholds=limits)

    last = Period.last_closed(day)
    if usual(last).opens_on > day:
        last = last.previous
    count = last.quarters_since(known[-1])
    later = last.back(count + 1)[1:] if count > 0 else ()
    own = (datetime.date.fromisoformat(facts[name]) for name in ("opens_on", "due_on", "closes_on"))
    dates = usual(last) if later else PeriodDates(*own)
    dates = _still_open(dates, calendar.on_or_after(day + datetime.timedelta(_LEAST_DAYS_LEFT)))
    return Scene(facts, day, moment_of(day=day), known, later, dates)


def _still_open(dates: PeriodDates, soonest: datetime.date) -> PeriodDates:
    late = max(soonest - dates.due_on, datetime.timedelta())
    return PeriodDates(dates.opens_on, dates.due_on + late, dates.closes_on + late)
