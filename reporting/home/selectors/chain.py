"""The way of an agency's obligations to the bureau: who has how many, since when, until when."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from common.formats import zh_day
from reporting.answers.selectors.contacts import Contacts
from reporting.choices import WAITING, WITH_REPORTER, ObligationState
from reporting.home import rules
from reporting.home.selectors.obligation_rows import ObligationRow
from reporting.periods.rules.working_days import WorkingDays

_WORDS = {
    ObligationState.RETURNED: "退回",
    ObligationState.DRAFT: "草稿",
    ObligationState.EMPTY: "未开始",
}
MINE, SIGNER, BUREAU = "mine", "signer", "bureau"
"""The lists to which the links of the chain lead."""


@dataclass(frozen=True)
class ChainLink:
    """One station with the obligations that are there."""

    place: str
    title: str
    count: int
    first: str
    second: str = ""
    strong: str = ""
    is_mine: bool = False

    @property
    def is_signer(self) -> bool:
        return self.place == SIGNER


@dataclass(frozen=True)
class Chain:
    """What the chain is made of: the rows, the people, and how long a review takes."""

    rows: Sequence[ObligationRow]
    contacts: Contacts
    calendar: WorkingDays
    review_days: int
    today: datetime.date
    is_reporters: bool

    @property
    def links(self) -> tuple[ChainLink, ...]:
        """Three links where nobody signs; their counts sum to what is owed."""
        signing = [row for row in self.rows if row.is_with_signer]
        has_signer = bool(self.contacts.signers or signing)
        signer = (self._signer(signing),) if has_signer else ()
        return (self._mine(), *signer, self._review(), self._approved())

    def _mine(self) -> ChainLink:
        rows = [row for row in self.rows if row.is_mine]
        states = [row.state for row in rows]
        parts = [f"{_WORDS[one]}{states.count(one)}" for one in WITH_REPORTER if one in states]
        said = "、".join(parts) or "都已交出"
        if states and set(states) == {ObligationState.EMPTY}:
            said = "都未开始"
        title = "在您这里" if self.is_reporters else "填报员"
        days = {row.binding for row in rows if row.binding}
        if not days:
            return ChainLink(MINE, title, len(rows), said, is_mine=self.is_reporters)
        first = min(days)
        until = f"{rules.short_weekday(first)}，{rules.left_words(first, self.today)}"
        word = "最近的期限" if len(days) > 1 else "期限"
        return ChainLink(MINE, title, len(rows), said, word, until, self.is_reporters)

    def _signer(self, rows: Sequence[ObligationRow]) -> ChainLink:
        title = "本单位审核人" if self.is_reporters else "在您这里"
        names = self.contacts.signer_names or "本单位审核人"
        due = min((row.binding for row in rows if row.binding), default=None)
        until = f"{zh_day(due)}前签送" if due else ""
        if due and due < self.today:
            until = f"应在{zh_day(due)}前签送"
        if not rows and self.rows and all(row.is_handed_in for row in self.rows):
            names = f"{names}已全部签送"
        since = _first([row.obligation.handed_over_at for row in rows])
        if since:
            waited = (self.today - since).days
            names = f"{names}，{zh_day(since)}交去{f'，已等{waited}天' if waited else ''}"
        return ChainLink(SIGNER, title, len(rows), names, until, is_mine=not self.is_reporters)

    def _review(self) -> ChainLink:
        rows = [row for row in self.rows if row.state in WAITING]
        names = self.contacts.reviewer_names or "区发改局"
        usual = f"一般{self.review_days}个工作日"
        since = _first([row.obligation.submitted_at for row in rows])
        if since is None:
            return ChainLink(BUREAU, "区发改局审核", len(rows), names, usual)
        until = self.calendar.after(since, self.review_days)
        when = f"，{zh_day(until)}前" if until >= self.today else "，已经超过"
        received = f"{names}，{zh_day(since)}收到"
        return ChainLink(BUREAU, "区发改局审核", len(rows), received, f"{usual}{when}")

    def _approved(self) -> ChainLink:
        rows = [row for row in self.rows if row.state == ObligationState.APPROVED]
        total = f"共{len(self.rows)}项，本季度要报"
        newest = max(
            (row for row in rows if row.obligation.decided_at),
            key=lambda row: row.obligation.decided_at or _NEVER,
            default=None,
        )
        if newest is None:
            return ChainLink(BUREAU, "已通过", len(rows), total)
        day = timezone.localdate(newest.obligation.decided_at)
        when = "今天" if day == self.today else zh_day(day)
        said = f"{newest.short_code}，{when}通过"
        return ChainLink(
            BUREAU, "已通过", len(rows), said if len(rows) == 1 else f"最近是{said}", total
        )


_NEVER = datetime.datetime.min.replace(tzinfo=datetime.UTC)


def _first(moments: Sequence[datetime.datetime | None]) -> datetime.date | None:
    found = min((one for one in moments if one), default=None)
    return timezone.localdate(found) if found else None
