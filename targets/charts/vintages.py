"""The vintages of a year's value: when each came, how long it was in force, what was retracted."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import groupby, pairwise

from django.utils import timezone

from targets import rules
from targets.models import Observation
from targets.selectors import TargetDetail


@dataclass(frozen=True)
class ValuePeriod:
    """A period with the value in force during it; `value` is None for a gap."""

    start: datetime.date
    end: datetime.date
    value: Decimal | None


@dataclass(frozen=True)
class Vintages:
    """The versions that one year had in one accounting basis, oldest first."""

    year: int
    basis: str
    versions: tuple[Observation, ...]
    today: datetime.date

    @property
    def label(self) -> str:
        return f"{self.year}年" + (f"（{self.basis}）" if self.basis else "")

    @cached_property
    def rows(self) -> tuple[Observation, ...]:
        """Those with a number."""
        return tuple(row for row in self.versions if row.value is not None)

    @property
    def standing(self) -> tuple[Observation, ...]:
        """Those that were not taken back: in force, or replaced by a later one."""
        return tuple(row for row in self.rows if row.retracted_at is None)

    @property
    def retracted(self) -> tuple[Observation, ...]:
        return tuple(row for row in self.rows if row.retracted_at is not None)

    @property
    def values(self) -> tuple[Decimal, ...]:
        return tuple(row.value for row in self.rows if row.value is not None)

    def shown(self, terms: rules.Terms, value: Decimal) -> Decimal:
        """A value as printed: apart from the others of the year."""
        known = rules.Actual(self.year, value, rules.Grade.FINAL)
        return rules.shown_actual(terms, known, others=self.values)

    @cached_property
    def stays(self) -> tuple[ValuePeriod, ...]:
        """What was in force from the first version until today, without a gap between."""
        moments = {row.recorded_at for row in self.versions}
        moments |= {row.retracted_at for row in self.versions if row.retracted_at}
        ordered = sorted(moments)
        days = [*(timezone.localdate(moment) for moment in ordered), self.today]
        found = (in_force(self.versions, moment) for moment in ordered)
        return tuple(
            ValuePeriod(start, end, row.value if row else None)
            for row, (start, end) in zip(found, pairwise(days), strict=True)
        )

    @cached_property
    def last_stay(self) -> ValuePeriod:
        """The period of the value in force, else of the last one that was."""
        held = (stay for stay in reversed(self.stays) if stay.value is not None)
        last = self.rows[-1]
        return next(held, ValuePeriod(timezone.localdate(last.recorded_at), self.today, last.value))

    def before(self, row: Observation) -> Observation | None:
        """What was in force when a version came."""
        earlier = [one for one in self.rows if one.version < row.version]
        return in_force(earlier, row.recorded_at)


def vintages_of(detail: TargetDetail) -> tuple[Vintages, ...]:
    """The years for which more than one annual value came."""
    annual = [row for row in detail.observations if row.quarter is None]
    ordered = sorted(annual, key=lambda row: (row.year, row.basis_name, row.version))
    groups = groupby(ordered, key=lambda row: (row.year, row.basis_name))
    today = detail.judged.today
    found = (Vintages(*key, tuple(rows), today) for key, rows in groups)
    return tuple(vintages for vintages in found if len(vintages.rows) > 1)


def in_force(
    versions: tuple[Observation, ...] | list[Observation], moment: datetime.datetime
) -> Observation | None:
    """The highest version that had come and was not yet taken back."""
    held = [
        row
        for row in versions
        if row.recorded_at <= moment and (row.retracted_at is None or row.retracted_at > moment)
    ]
    return max(held, key=lambda row: row.version, default=None)
