"""The page of one matter: its stages, the leader's instructions, its history."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from agencies.choices import Role
from agencies.models import User
from agencies.policies import Action, can
from reporting.choices import FOR_LEADERS, MatterState, MatterStep
from reporting.matters.rules.wording import day_words, left_words
from reporting.matters.selectors.matters import in_force, notes_of, subject_of
from reporting.models import Draft, Instruction, Matter, MatterFile, MatterNote
from reporting.policies import reads_whole_matter, why_not_matter

NEXT = (
    MatterStep.REPORT_BACK, MatterStep.ANSWER, MatterStep.TAKE_UP, MatterStep.EXTEND,
    MatterStep.PROPOSE_CLOSING, MatterStep.DECLINE, MatterStep.REOPEN,
)  # fmt: skip
"""The steps offered by the form below the history; others have pages or buttons of their own."""
_STARTED = (MatterStep.TAKE_UP, MatterStep.REPORT_BACK)
_LABELS = ("提出", "研判", "已批示", "在办", "销号")


@dataclass(frozen=True)
class MatterStage:
    """One of the five stages: when and by whom it was reached, or what it waits for."""

    label: str
    note: str
    is_done: bool
    is_current: bool


@dataclass(frozen=True)
class HistoryEntry:
    """A step of the history; `instruction` where it registered or corrected a 批示."""

    day: str
    head: str
    text: str
    who: str
    files: tuple[MatterFile, ...]
    instruction: Instruction | None
    is_superseded: bool


@dataclass(frozen=True)
class MatterPage:
    """A matter for a reader; some read only the ledger's row, without steps and instructions."""

    matter: Matter
    reader: User
    notes: tuple[MatterNote, ...]
    today: datetime.date

    @cached_property
    def is_whole(self) -> bool:
        return reads_whole_matter(matter=self.matter, by=self.reader)

    @cached_property
    def words(self) -> tuple[tuple[Instruction, MatterNote], ...]:
        """The current 批示 with their notes of registration, newest first."""
        notes = {found.pk: note for note in self.notes if (found := _instruction(note))}
        return tuple((one, notes[one.pk]) for one in self._in_force)

    @cached_property
    def _in_force(self) -> Sequence[Instruction]:
        return in_force(found for note in self.notes if (found := _instruction(note)))

    @cached_property
    def stages(self) -> tuple[MatterStage, ...]:
        reached = list(MatterState).index(MatterState(self.matter.state))
        notes = (self._raised, self._assessed, self._instructed, self._started, self._closed)
        return tuple(
            MatterStage(label, note, place <= reached, place == reached)
            for place, (label, note) in enumerate(zip(_LABELS, notes, strict=True))
        )

    @cached_property
    def history(self) -> tuple[HistoryEntry, ...]:
        """The history, newest first."""
        current = {one.pk for one in self._in_force}
        return tuple(self._entry(note, current) for note in self.notes)

    @cached_property
    def next_steps(self) -> tuple[MatterStep, ...]:
        return tuple(step for step in NEXT if self.may(step))

    def may(self, step: MatterStep) -> bool:
        return not why_not_matter(step=step, matter=self.matter, by=self.reader)

    @property
    def may_assess(self) -> bool:
        return self.may(MatterStep.ASSESS)

    @property
    def may_instruct(self) -> bool:
        return self.may(MatterStep.INSTRUCT)

    @property
    def may_correct(self) -> bool:
        return self.may(MatterStep.CORRECT)

    @property
    def may_close(self) -> bool:
        return self.may(MatterStep.CLOSE)

    @property
    def may_withdraw(self) -> bool:
        return self.may(MatterStep.WITHDRAW_CLOSING)

    @property
    def may_read_history(self) -> bool:
        return can(self.reader, Action.READ_HISTORY)

    @property
    def waits_for_leader(self) -> bool:
        return self.matter.state == MatterState.ASSESSED and self.matter.kind in FOR_LEADERS

    @property
    def waits_for_bureau(self) -> bool:
        """Whether the bureau has to assess it."""
        return self.matter.state == MatterState.RAISED

    @property
    def subject(self) -> str:
        return subject_of(self.matter)

    @property
    def subject_url(self) -> str:
        found = self.matter.target or self.matter.task or self.matter.project
        return found.get_absolute_url() if found else ""

    @property
    def due_left(self) -> str:
        return left_words(self.matter.due_on, self.today) if self.matter.is_open else ""

    @property
    def is_late(self) -> bool:
        due = self.matter.due_on
        return self.matter.is_open and due is not None and due < self.today

    @cached_property
    def handler_without_account(self) -> bool:
        """Whether the handler has no account that the system could notify."""
        handler = self.matter.handler
        if handler is None:
            return False
        roles = [Role.REPORTER, Role.SIGNER]
        people = User.objects.filter(agency=handler, is_active=True, roles__overlap=roles)
        return not people.exists()

    def _day(self, moment: datetime.datetime | datetime.date) -> str:
        is_moment = isinstance(moment, datetime.datetime)
        return day_words(timezone.localdate(moment) if is_moment else moment, self.today)  # type: ignore[arg-type]

    def _first(self, *steps: MatterStep, newest: bool = False) -> MatterNote | None:
        found = [note for note in self.notes if note.step in steps]
        return next(iter(found if newest else reversed(found)), None)

    @property
    def _raised(self) -> str:
        return f"{self._day(self.matter.reported_at)}，{self.matter.agency_name}"

    @property
    def _assessed(self) -> str:
        note = self._first(MatterStep.ASSESS, newest=True)
        if note:
            return f"{self._day(note.at)}，{note.by_name}"
        return "等研判" if self.matter.state == MatterState.RAISED else "—"

    @property
    def _instructed(self) -> str:
        if self._in_force:
            last = self._in_force[0]
            return f"{self._day(last.day)}，{last.leader}"
        if self.waits_for_leader:
            return "等批示"
        return "没有批示" if self.matter.state in (MatterState.IN_HAND, MatterState.CLOSED) else "—"

    @property
    def _started(self) -> str:
        if self.matter.state == MatterState.IN_HAND and self.due_left:
            return self.due_left
        note = self._first(*_STARTED)
        return self._day(note.at) if note else "—"

    @property
    def _closed(self) -> str:
        if self.matter.closed_at:
            return f"{self._day(self.matter.closed_at)}，{self.matter.closed_by}"
        return "等另一人确认" if self.matter.is_closing else "—"

    def _head(self, note: MatterNote) -> str:
        """区人居环境局反馈, also where a reviewer entered it for the handler."""
        if note.step != MatterStep.REPORT_BACK:
            return note.get_step_display()
        handler = self.matter.handler
        is_own = handler is not None and note.by_agency == handler.name
        return f"{note.by_agency}反馈" if is_own else "单位反馈"

    def _entry(self, note: MatterNote, current: set[int]) -> HistoryEntry:
        found = _instruction(note)
        return HistoryEntry(
            day=self._day(note.at),
            head=self._head(note),
            text=note.text,
            who="，".join(filter(None, (note.by_agency, note.by_name))),
            files=tuple(note.files.all()),
            instruction=found,
            is_superseded=found is not None and found.pk not in current,
        )


def matter_page(*, matter: Matter, reader: User, today: datetime.date) -> MatterPage:
    """The page of a matter; steps are read only for readers who may see them."""
    is_whole = reads_whole_matter(matter=matter, by=reader)
    notes = tuple(notes_of(matter=matter)) if is_whole else ()
    return MatterPage(matter, reader, notes, today)


def draft_of(*, place: str, reader: User) -> Draft | None:
    """The reader's unsent draft at a place."""
    return Draft.objects.filter(place=place, user=reader).first()


def _instruction(note: MatterNote) -> Instruction | None:
    found: Instruction | None = getattr(note, "instruction", None)
    return found
