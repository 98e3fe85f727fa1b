"""When an agency is reminded, in which tier, and in what words. Pure.

Working days count, so that nobody is reminded on a holiday or late because of one. Backfilled
quarters are not chased.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from common.formats import zh_day
from reporting.periods.rules.thresholds import Thresholds
from reporting.periods.rules.working_days import WorkingDays
from tasks.rules.awaited import AWAITED_WORD, MISSING_WORD, word

BUREAU = "区发改局"
SUPERVISION_DAYS = 2
"""Working days that a supervision sheet allows for what is overdue."""


@dataclass(frozen=True, slots=True)
class ReminderStage:
    """The stage of a due day: `tier` is shown, `step` distinguishes reminders of one tier."""

    rank: int
    tier: str
    step: str

    @property
    def is_red(self) -> bool:
        return self == RED


FIRST, SECOND = ReminderStage(1, "ahead", "first"), ReminderStage(2, "ahead", "second")
DUE = ReminderStage(3, "due", "due")
BLUE, ORANGE, RED = (
    ReminderStage(5, "blue", "blue"),
    ReminderStage(6, "orange", "orange"),
    ReminderStage(7, "red", "red"),
)
RETURNED = ReminderStage(4, "returned_unanswered", "returned")


def stage_of(
    *, due: datetime.date, today: datetime.date, calendar: WorkingDays, thresholds: Thresholds
) -> ReminderStage | None:
    """The stage of a missing obligation; None while it is too early for a reminder.

    A reminder before the due day that would fall on a holiday is sent on the working day before it.
    After the due day full working days count: on the first one it is blue.
    """
    if today > due:
        late = calendar.between(due, today)
        if late >= thresholds.whole("RED_AFTER"):
            return RED
        return ORANGE if late >= thresholds.whole("ORANGE_AFTER") else BLUE
    if today == due:
        return DUE
    for stage, code in ((SECOND, "REMIND_SECOND"), (FIRST, "REMIND_FIRST")):
        ahead = datetime.timedelta(days=thresholds.whole(code))
        if today >= calendar.on_or_before(due - ahead):
            return stage
    return None


def waits_too_long(
    *, since: datetime.date, today: datetime.date, calendar: WorkingDays, thresholds: Thresholds
) -> bool:
    """Whether an obligation has waited for review longer than the working days of the setting."""
    return calendar.between(since, today) >= thresholds.whole("REVIEW_DAYS")


@dataclass(frozen=True, slots=True)
class OutstandingCodes:
    """Codes of an agency's missing and returned obligations."""

    agency: str
    period: str
    missing: tuple[tuple[datetime.date, str], ...] = ()
    """Each missing code with its due day."""
    returned: tuple[tuple[datetime.date | None, str], ...] = ()
    """Each returned code with the day by which it is answered."""
    signing: int = 0
    """How many of the missing ones are filled in and wait for the agency's own signer."""


def reminder_text(
    *, owing: OutstandingCodes, today: datetime.date, contact: str, most: int = 0
) -> str:
    """A text for the application, e-mail or WeChat; without a link, which does not open there.

    `most` shortens the codes; 0 lists them all.
    """
    parts = _lacking(owing, today, most)
    if owing.returned:
        head = "" if parts else "，贵单位"
        first = min((day for day, _ in owing.returned if day), default=None)
        when = f"（{zh_day(first)}前改好）" if first else ""
        codes = _codes([code for _, code in owing.returned], most)
        parts.append(f"{head}有{len(owing.returned)}项退回后还没有改好{when}：{codes}")
    said = "；".join(parts)
    return f"【{BUREAU}】{owing.agency}：{owing.period}碳达峰进展填报{said}。联系人{contact}"


def _lacking(owing: OutstandingCodes, today: datetime.date, most: int) -> list[str]:
    """Overdue codes and those still in time, each group with its first day."""
    groups: dict[str, list[tuple[datetime.date, str]]] = {}
    for due, code in owing.missing:
        groups.setdefault(word(due, today), []).append((due, code))
    parts = []
    for said in (MISSING_WORD, AWAITED_WORD):
        if rows := groups.get(said):
            first = min(due for due, _ in rows)
            when = f"{'已于' if said == MISSING_WORD else ''}{zh_day(first)}截止"
            codes = _codes([code for _, code in rows], most)
            parts.append(f"{when}，贵单位还有{len(rows)}项{said}：{codes}")
    if parts and owing.signing:
        parts[-1] += f"（其中{owing.signing}项已填好，等本单位审核人审核）"
    return parts


def signing_text(*, period: str, codes: Sequence[str], due: datetime.date | None, by: str) -> str:
    """The reminder of a reporter to the own agency's signer."""
    until = f"，{zh_day(due)}前要报到{BUREAU}" if due else ""
    return f"{by}提醒：{period}有{len(codes)}项已填好，等您审核{until}：{_codes(codes, 0)}"


def signing_mark(day: datetime.date) -> str:
    """How the key of such a reminder ends: once a day."""
    return f" sign {day:%Y-%m-%d}"


def review_reminder_text(*, period: str, codes: Sequence[str], days: int) -> str:
    """The reminder to a reviewer of obligations that wait."""
    return f"{period}有{len(codes)}项报送后已等待{days}个工作日以上：{_codes(codes, 0)}"


def _codes(codes: Sequence[str], most: int) -> str:
    shown = codes[:most] if most else codes
    return "、".join(shown) + ("……" if len(shown) < len(codes) else "")
