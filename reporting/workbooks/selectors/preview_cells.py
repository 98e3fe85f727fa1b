"""One row of the preview of an uploaded workbook, with its controls."""

from dataclasses import dataclass
from functools import cached_property

from reporting.answers.rules.facts import Finding
from reporting.answers.rules.likeness import TextPiece, changes
from reporting.answers.rules.options import OPTIONS
from reporting.filling.selectors.form_fields import FieldOption
from reporting.filling.selectors.form_hints import unit_of
from reporting.filling.selectors.presence import moment
from reporting.models import Obligation
from reporting.rules.fields import CHOICE, LONG
from reporting.workbooks.rules import layout
from reporting.workbooks.rules.compare import TAKE, TEXT, WHY, Outcome
from reporting.workbooks.selectors.comparison import ComparedCell
from reporting.workbooks.selectors.writing_plan import (
    FILE,
    MERGED,
    SYSTEM,
    WritingPlan,
    reason_for,
)


@dataclass(frozen=True)
class PreviewCell:
    """One row of the preview; `doubt` where it asks the reason of one."""

    cell: ComparedCell
    plan: WritingPlan
    doubt: Finding | None = None

    @property
    def obligation(self) -> Obligation:
        return self.cell.obligation

    @property
    def heading(self) -> str:
        return self.cell.column.heading

    @property
    def spoken(self) -> str:
        """The name of its control: 5-2 本季度状态."""
        return f"{self.obligation.subject_code} {self.heading}"

    @property
    def outcome(self) -> str:
        return self.cell.outcome

    @property
    def is_conflict(self) -> bool:
        return self.doubt is None and self.cell.outcome == Outcome.CONFLICT

    @property
    def is_unreadable(self) -> bool:
        return self.doubt is None and self.cell.outcome == Outcome.UNREADABLE

    @property
    def is_locked(self) -> bool:
        return self.cell.outcome == Outcome.LOCKED

    @property
    def label(self) -> str:
        return Outcome(self.cell.outcome).label

    @property
    def unit(self) -> str:
        """The unit behind a number that could be read."""
        field, said = self.cell.field, self.cell.file
        has = field and said.meaning and not said.problem and said.stored == self.cell.said
        return unit_of(self.cell.checked, field.name) if field and has else ""

    @cached_property
    def pieces(self) -> tuple[TextPiece, ...]:
        return changes(self.cell.now, self.cell.said)

    @property
    def is_marked(self) -> bool:
        """Whether the differences between stored and file are marked: where both say something."""
        return bool(self.cell.now and self.cell.said) and self.cell.outcome in {
            Outcome.CONFLICT, Outcome.CHANGED,
        }  # fmt: skip

    @property
    def now_by(self) -> str:
        """Who wrote the stored text, and when."""
        content = self.obligation.content if self.is_conflict else {}
        entries = [content[name] for name in self.cell.names if name in content] if content else []
        if not entries:
            return ""
        newest = max(entries, key=lambda entry: int(entry["v"]))
        at = moment(iso=newest["at"])
        return f"{newest['name']}，{at if '日' in at else f'今天 {at}'}"

    @property
    def take_name(self) -> str:
        return f"{TAKE}-{self.cell.key}"

    @property
    def text_name(self) -> str:
        return f"{TEXT}-{self.cell.key}"

    @property
    def take_version(self) -> int:
        return self.plan.version(self.take_name)

    @property
    def text_version(self) -> int:
        return self.plan.version(self.text_name)

    @property
    def takes(self) -> tuple[FieldOption, ...]:
        """系统值, 表里值, 合并修改; each holds for the stored version that is shown."""
        offered = [(SYSTEM, "系统值"), (FILE, "表里值"), (MERGED, "合并修改")]
        if self.cell.file.problem:
            offered.remove((FILE, "表里值"))
        chosen = self.plan.choice(self.take_name)
        version = self.cell.version
        return tuple(
            FieldOption(f"{take}:{version}", words, chosen == f"{take}:{version}")
            for take, words in offered
        )

    @property
    def is_merging(self) -> bool:
        return self.plan.choice(self.take_name).startswith(f"{MERGED}:")

    @property
    def text(self) -> str:
        """The text in its own control: as typed, else what there is to mend or to merge."""
        kept = self.plan.choice(self.text_name)
        if kept or not self.is_conflict:
            return kept
        return "\n".join(filter(None, (self.cell.now, self.cell.said)))

    @property
    def is_choice(self) -> bool:
        return self.cell.field is not None and self.cell.field.type == CHOICE

    @property
    def is_long(self) -> bool:
        return self.cell.field is not None and self.cell.field.type == LONG

    @property
    def options(self) -> tuple[FieldOption, ...]:
        field = self.cell.field
        if field is None or not self.is_choice:
            return ()
        known = dict(OPTIONS[field.choices])
        known |= {word: word for word in layout.words_of(self.obligation.kind, field.name)}
        return tuple(FieldOption(code, words, code == self.text) for code, words in known.items())

    @property
    def problem(self) -> str:
        """Why it cannot be written as it stands: the file's text, or the one typed instead."""
        typed = self.plan.choice(self.text_name)
        if self.is_conflict:
            return self.cell.read(typed).problem if self.is_merging and typed else ""
        return self.cell.read(typed).problem if typed.strip() else self.cell.file.problem

    @property
    def why_name(self) -> str:
        assert self.doubt is not None  # noqa: S101 - asked for rows of doubts only
        return f"{WHY}-{self.obligation.pk}-{self.doubt.code}"

    @property
    def why_version(self) -> int:
        return self.plan.version(self.why_name)

    @property
    def reason(self) -> str:
        assert self.doubt is not None  # noqa: S101 - asked for rows of doubts only
        return reason_for(plan=self.plan, pk=self.obligation.pk, doubt=self.doubt)
