"""The page of all matters: stored and computed ones in one list, with counting filters."""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse

from common.web.input_cleaning import key_of
from reporting.choices import FOR_LEADERS, MatterState
from reporting.matters.rules.computed import ComputedMatter, WaitsFor
from reporting.matters.rules.wording import (
    LatestMatter,
    MatterCounts,
    Pieces,
    age_words,
    day_words,
    due_words,
    standing_sentence,
)
from reporting.matters.selectors.lines import MatterLine, NextActor
from reporting.matters.selectors.matters import last_decided, urgency_first
from reporting.models import Matter

BUREAU = "区发改局"
OVERDUE, OWNERLESS, LISTED, CLOSED = "overdue", "ownerless", "listed", "closed"
_TICKS = {state: place for place, state in enumerate(MatterState, start=1)}
_NEXT_ACTORS = {WaitsFor.LEADER: NextActor.LEADER, WaitsFor.BUREAU: NextActor.BUREAU}


@dataclass(frozen=True)
class MatterRow:
    """A row of the list; `ticks` is the number of stages done, 0 for a computed one."""

    tag: str
    is_quiet: bool
    title: str
    url: str
    about: str
    note: str
    ticks: int
    state: str
    since: str
    owner: str
    due: str
    waits: NextActor | None
    bodies: tuple[tuple[int, str], ...] = ()
    codes: tuple[str, ...] = ()
    is_late: bool = False
    days_over: int = 0

    @property
    def is_listed(self) -> bool:
        return not self.ticks

    @property
    def is_open(self) -> bool:
        return self.waits is not None

    @property
    def marks(self) -> tuple[bool, ...]:
        """Five ticks: True for each stage done."""
        return tuple(place < self.ticks for place in range(len(MatterState)))


@dataclass(frozen=True)
class FilterChip:
    """A filter with the number of its rows."""

    label: str
    count: int
    url: str
    is_chosen: bool


@dataclass(frozen=True)
class MatterGroup:
    """The rows that wait for the same actor."""

    title: str
    note: str
    rows: tuple[MatterRow, ...]


@dataclass(frozen=True)
class SubjectChoice:
    """An option of 按单位、指标、任务、项目查."""

    value: str
    label: str


@dataclass(frozen=True)
class MattersPage:
    """What the reader may see; `show` and `about` are the filters in the address."""

    every: tuple[MatterRow, ...]
    show: str
    about: str
    is_leader: bool
    last: MatterLine | None
    today: datetime.date

    @cached_property
    def found(self) -> tuple[MatterRow, ...]:
        """All rows about the chosen subject."""
        return tuple(row for row in self.every if _is_about(row, self.about))

    @cached_property
    def rows(self) -> tuple[MatterRow, ...]:
        return tuple(filter(_SHOWS.get(self.show, _SHOWS[""]), self.found))

    @cached_property
    def groups(self) -> tuple[MatterGroup, ...]:
        """等领导决定, 已批示，在办, 区发改局办理; closed ones in a group of their own."""
        places: tuple[NextActor | None, ...] = (*NextActor, None)
        found = ((place, tuple(r for r in self.rows if r.waits == place)) for place in places)
        return tuple(_group(place, rows) for place, rows in found if rows)

    @property
    def is_of_leader(self) -> bool:
        """Whether the filter shows what waits for a leader."""
        return self.show == NextActor.LEADER

    @property
    def chips(self) -> tuple[FilterChip, ...]:
        """Filters by who has to act next."""
        return self._chips({"": "全部", NextActor.LEADER: "待领导决定", NextActor.HANDLER: "已批示",
                            NextActor.BUREAU: f"{BUREAU}办理"})  # fmt: skip

    @property
    def flags(self) -> tuple[FilterChip, ...]:
        """Filters of rows that need attention."""
        return self._chips(
            {OVERDUE: "已过期限", OWNERLESS: "没有承办单位", LISTED: "系统列出", CLOSED: "已销号"}
        )

    def _chips(self, labels: Mapping[str, str]) -> tuple[FilterChip, ...]:
        return tuple(
            FilterChip(
                label, sum(map(_SHOWS[show], self.found)), self._url(show), show == self.show
            )
            for show, label in labels.items()
        )

    def _url(self, show: str) -> str:
        asked = {"show": show, "about": self.about}
        query = urlencode({name: value for name, value in asked.items() if value})
        return reverse("reporting:matters") + (f"?{query}" if query else "")

    @property
    def query(self) -> str:
        """The filters as a query string, for the export."""
        return self._url(self.show).partition("?")[2]

    @property
    def sentence(self) -> Pieces:
        late = sorted((r for r in self.found if r.is_late), key=lambda row: -row.days_over)
        return standing_sentence(
            MatterCounts(
                open=sum(row.is_open for row in self.found),
                waiting=sum(row.waits == NextActor.LEADER for row in self.found),
                late=LatestMatter(late[0].title, late[0].url, late[0].days_over) if late else None,
                overdue=len(late[1:]),
                ownerless=sum(map(_SHOWS[OWNERLESS], self.found)),
            ),
            is_leader=self.is_leader,
        )

    @property
    def subjects(self) -> tuple[tuple[str, tuple[SubjectChoice, ...]], ...]:
        """The subjects by which the list can be filtered, by kind."""
        codes = sorted({code for row in self.every for code in row.codes}, key=_by_number)
        rooms = {"指标": "T", "项目": "P", "任务": ""}
        named = [
            (room, tuple(SubjectChoice(code, code) for code in codes if _is_of(code, letter)))
            for room, letter in rooms.items()
        ]
        bodies = dict(sorted({body for row in self.every for body in row.bodies}))
        offered = [
            ("单位", tuple(SubjectChoice(str(pk), name) for pk, name in bodies.items())),
            *named,
        ]
        return tuple((room, found) for room, found in offered if found)


def matters_page(
    lines: Iterable[MatterLine],
    listed: Iterable[ComputedMatter],
    *,
    show: str,
    about: str,
    is_leader: bool,
    today: datetime.date,
) -> MattersPage:
    """The page of stored lines that the reader may see and of computed ones; no statement."""
    known = sorted(lines, key=lambda line: urgency_first(line, today))
    stored = rows_of(known, today)
    rows = (*stored, *map(_of_listed, listed))
    return MattersPage(
        tuple(sorted(rows, key=lambda row: (not row.is_late, bool(row.owner), row.is_listed))),
        show if show in _SHOWS else "",
        about,
        is_leader,
        last_decided(known),
        today,
    )


def rows_of(lines: Iterable[MatterLine], today: datetime.date) -> tuple[MatterRow, ...]:
    """Lines as rows, in their order."""
    return tuple(_of_line(line, today) for line in lines)


def _of_line(line: MatterLine, today: datetime.date) -> MatterRow:
    is_late = line.is_overdue(today)
    return MatterRow(
        tag=line.kind.label,
        is_quiet=line.kind not in FOR_LEADERS,
        title=line.title,
        url=reverse("reporting:matter", args=[line.code]),
        about=line.about,
        note=_word(line, today) or line.note,
        ticks=_TICKS[line.state],
        state=line.said,
        since=age_words(line.raised_on, today),
        owner=line.handler,
        due=due_words(line.due_on, today) if line.is_open else "",
        waits=line.waits,
        bodies=_bodies(line),
        codes=(line.about,) if line.about else (),
        is_late=is_late,
        days_over=(today - line.due_on).days if is_late and line.due_on else 0,
    )


def _word(line: MatterLine, today: datetime.date) -> str:
    """孙领导11月20日批示：……, for a matter that is being carried out."""
    if line.word is None or line.waits == NextActor.LEADER:
        return ""
    return f"{line.word.leader}{day_words(line.word.day, today)}批示：{line.word.text}"


def _of_listed(one: ComputedMatter) -> MatterRow:
    return MatterRow(
        tag=one.tag,
        is_quiet=one.waits_for == WaitsFor.BUREAU,
        title=one.title,
        url=one.url,
        about=one.about,
        note=one.note,
        ticks=0,
        state="系统列出",
        since=one.since,
        owner="" if one.is_ownerless else BUREAU,
        due=due_words(None, datetime.date.min),
        waits=_NEXT_ACTORS[one.waits_for],
        codes=one.codes,
    )


_SHOWS: Mapping[str, Callable[[MatterRow], bool]] = {
    "": lambda row: row.is_open,
    **{place: lambda row, place=place: row.waits == place for place in NextActor},  # type: ignore[misc]
    OVERDUE: lambda row: row.is_late,
    OWNERLESS: lambda row: row.is_open and not row.owner,
    LISTED: lambda row: row.is_listed,
    CLOSED: lambda row: not row.is_open,
}


def _bodies(line: MatterLine) -> tuple[tuple[int, str], ...]:
    """Who raised it and its handler, by key and name."""
    named = zip(line.agencies, (line.raiser, line.handler), strict=False)
    return tuple((key, name) for key, name in named if key is not None)


def _is_about(row: MatterRow, about: str) -> bool:
    return not about or about in row.codes or key_of(about) in dict(row.bodies)


def _group(place: NextActor | None, rows: Sequence[MatterRow]) -> MatterGroup:
    note = f"{len(rows)}件"
    if any(row.is_late or not row.owner for row in rows) and place is not None:
        note += "，过期的和没有承办单位的在前"
    return MatterGroup(place.label if place else "已销号", note, tuple(rows))


def _is_of(code: str, letter: str) -> bool:
    return code.startswith(letter) if letter else code[:1].isdigit()


def _by_number(code: str) -> tuple[str, list[int]]:
    letter = code[:1] if code[:1].isalpha() else ""
    return letter, [int(part) for part in code.removeprefix(letter).split("-") if part.isdigit()]


@dataclass(frozen=True)
class LedgerRow:
    """A row of the 重点风险台账."""

    place: int
    title: str
    url: str
    about: str
    level: str
    text: str
    measures: str
    owner: str
    due: str
    is_late: bool
    state: str
    marks: tuple[bool, ...]


def ledger_rows(
    rows: Iterable[Matter], *, first: int = 1, today: datetime.date
) -> tuple[LedgerRow, ...]:
    """Matters of the ledger with running numbers, beginning at `first`."""
    return tuple(_of_ledger(row, place, today) for place, row in enumerate(rows, start=first))


def _of_ledger(row: Matter, place: int, today: datetime.date) -> LedgerRow:
    about = row.target or row.task or row.project
    ticks = _TICKS[MatterState(row.state)]
    return LedgerRow(
        place=place,
        title=row.title,
        url=row.get_absolute_url(),
        about=about.code if about else "",
        level=row.get_level_display(),
        text=row.text,
        measures=row.measures,
        owner=(row.handler.short_name or row.handler.name) if row.handler else "",
        due=_due_short(row.due_on, today) if row.is_open else "",
        is_late=row.is_open and row.due_on is not None and row.due_on < today,
        state=row.get_state_display(),
        marks=tuple(tick < ticks for tick in range(len(MatterState))),
    )


def _due_short(due: datetime.date | None, today: datetime.date) -> str:
    """10月31日，已过; the list of matters shows how many days."""
    return due_words(due, today).partition("过")[0] + "过" * (due is not None and due < today)
