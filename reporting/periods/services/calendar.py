"""Changes the calendar of working days, a year at a time."""

from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from agencies.models import User
from audit import services as audit
from audit.models import AuditEvent
from reporting.choices import DayKind
from reporting.models import CalendarDay
from reporting.periods.rules.holiday_list import SpecialDay, read_holidays
from reporting.policies import check_can_keep_periods


@transaction.atomic
def set_year(
    *, year: int, days: Sequence[SpecialDay], by: User | None, reason: str = ""
) -> AuditEvent | None:
    """Replace the special days of a year; returns None if they are these already."""
    check_can_keep_periods(by=by)
    if any(item.day.year != year for item in days):
        raise ValidationError(f"只能填写{year}年的日期")
    stored = CalendarDay.objects.select_for_update().filter(day__year=year)
    old = {row.day: SpecialDay(row.day, row.kind, row.name) for row in stored}
    new = {item.day: item for item in days}
    changed = [day for day in sorted(old.keys() | new.keys()) if old.get(day) != new.get(day)]
    if not changed:
        return None
    CalendarDay.objects.filter(day__in=changed).delete()
    CalendarDay.objects.bulk_create(
        CalendarDay(day=day, kind=new[day].kind, name=new[day].name)
        for day in changed
        if day in new
    )
    changes = tuple((f"{day}", _words(old.get(day)), _words(new.get(day))) for day in changed)
    return audit.record(
        audit.Entry("修改", "放假和调休", str(year), f"{year}年", changes=changes, reason=reason),
        by=by,
    )


@transaction.atomic
def add_published(*, notices: Mapping[str, Mapping[str, object]], by: User | None) -> int:
    """Enter published notices for years without entries; returns the number of days added."""
    entered = {day.year for day in CalendarDay.objects.dates("day", "year")}
    added = 0
    for code, notice in notices.items():
        if int(code) in entered:
            continue
        lines = notice["text"]
        assert isinstance(lines, list)  # noqa: S101 - a file of ours
        read = read_holidays("\n".join(lines), int(code))
        set_year(year=int(code), days=read.days, by=by, reason=str(notice["source"]))
        added += len(read.days)
    return added


def _words(item: SpecialDay | None) -> str:
    return f"{DayKind(item.kind).label} {item.name}".strip() if item else ""


def days_of(*, text: str, year: int) -> tuple[SpecialDay, ...]:
    """Read a pasted list. Raises ValidationError with a sentence for each line not understood."""
    read = read_holidays(text, year)
    if read.problems:
        raise ValidationError(list(read.problems))
    if not read.days:
        raise ValidationError("没有读到日期，如“1月1日至3日放假，1月4日上班”")
    return read.days
