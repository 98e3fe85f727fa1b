"""One row of 与上季度相比: an obligation, its last quarter, its tick and its form."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse

from agencies.models import User
from reporting.choices import FRESH, OFF_REPORTER, ObligationKind
from reporting.filling.selectors.form import FormPage
from reporting.filling.selectors.form_fields import FormField
from reporting.models import Obligation
from reporting.policies import can_step
from reporting.unchanged import rules
from reporting.unchanged.rules import Tick
from reporting.unchanged.selectors.offers import OfferedObligation
from reporting.unchanged.selectors.words import LastWords, last_words, now_words
from reporting.workflow import Step

_FIELDS: Mapping[str, tuple[str, ...]] = {
    ObligationKind.TARGET: ("availability", "value", "value_period", "grade", "source", "note"),
    ObligationKind.TASK: ("status", "narrative", "next_steps", "next_due", "problems"),
    ObligationKind.CONTRIBUTION: ("nothing", "text"),
    ObligationKind.PROJECT: (
        "status", "invested_quarter_wan", "invested_wan", "works_percent", "works_note",
        "expected_on", "problems",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class UnchangedRow:
    """One obligation: last quarter, what may be ticked, what stands there now."""

    offered: OfferedObligation
    reader: User
    step: Step
    common: str
    opened: tuple[str, ...] = ()
    """The addresses of the rows whose forms are shown."""
    form: FormPage | None = None
    """Its form, shown below the row."""

    @property
    def obligation(self) -> Obligation:
        return self.offered.obligation

    @property
    def code(self) -> str:
        return self.obligation.subject_code

    @cached_property
    def last(self) -> LastWords:
        return last_words(self.offered)

    @cached_property
    def now(self) -> LastWords:
        """The answer as it stands, for a row that is decided."""
        return now_words(self.offered)

    @cached_property
    def takes_entries(self) -> bool:
        return can_step(step=Step.EDIT, obligation=self.obligation, by=self.reader)

    @property
    def is_gone(self) -> bool:
        """Whether it is no longer with the reporter."""
        return self.obligation.state in OFF_REPORTER

    @property
    def can_tick(self) -> bool:
        may = self.takes_entries and self.obligation.state in FRESH
        return may and isinstance(self.offered.offer, Tick)

    @cached_property
    def is_ticked(self) -> bool:
        tick = self.offered.tick
        return bool(tick and not tick.is_awaited and self.obligation.state in FRESH)

    @cached_property
    def is_awaited(self) -> bool:
        tick = self.offered.tick
        return bool(tick and tick.is_awaited and self.obligation.state in FRESH)

    @property
    def is_filled(self) -> bool:
        return self.offered.is_filled

    @property
    def is_decided(self) -> bool:
        return self.is_ticked or self.is_awaited or (self.is_filled and not self.is_gone)

    @property
    def may_be_all(self) -> bool:
        """Whether 全部 ticks it: it may be ticked and nothing is typed."""
        return self.can_tick and not self.is_filled and not self.is_awaited

    @property
    def is_stopped(self) -> bool:
        """Whether it is marked as one that has to be filled in itself."""
        return self.takes_entries and not self.can_tick and not self.is_decided

    @property
    def tick_label(self) -> str:
        offer = self.offered.offer
        return offer.label if isinstance(offer, Tick) else offer.short

    @property
    def hint(self) -> str:
        offer = self.offered.offer
        return rules.hint(offer) if isinstance(offer, Tick) else offer.why

    @property
    def link(self) -> str:
        offer = self.offered.offer
        if self.is_decided:
            return "改为填写" if self.is_ticked or self.is_awaited else "修改"
        return "有变化，填写" if isinstance(offer, Tick) else offer.link

    @property
    def asks_availability(self) -> bool:
        """Whether 填数值 or 尚未取得 is chosen instead of a tick."""
        offer = self.offered.offer
        lacks = not isinstance(offer, Tick) and offer.lacks_value
        return self.takes_entries and self.obligation.state in FRESH and lacks

    @property
    def needs_reason(self) -> bool:
        """Whether it is ticked and the rules want a reason."""
        tick = self.offered.tick
        return bool((self.is_ticked or self.is_awaited) and tick and tick.reasons)

    @property
    def shares_reason(self) -> bool:
        tick = self.offered.tick
        if not self.needs_reason or not tick or not tick.shares_reason:
            return False
        return rules.shares(tick.reasons, self.obligation.texts, self.common)

    @property
    def is_open(self) -> bool:
        return self.form is not None

    @property
    def fields(self) -> tuple[FormField, ...]:
        """The fields of its pane: what a quarter asks for; the others stand in the whole form."""
        if self.form is None:
            return ()
        shown = _FIELDS[self.obligation.kind]
        if self.form.is_qualitative:
            shown = ("attainment",)
        return tuple(self.form.fields[name] for name in shown)

    @property
    def toggle_url(self) -> str:
        """The page with this form opened or closed, and the others as they are."""
        own = self.offered.address
        shown = [one for one in self.opened if one != own] + ([] if self.is_open else [own])
        return f"?{urlencode({'open': shown}, doseq=True)}#row-{own}"

    @property
    def mend_url(self) -> str:
        """The row with its form."""
        return f"#row-{self.offered.address}" if self.is_open else self.toggle_url

    @property
    def look(self) -> str:
        """Whether its form is open, it has to be filled in itself, or it is settled."""
        if self.is_open:
            return "open"
        if self.is_stopped:
            return "stop"
        return "set" if self.is_decided or self.is_gone else ""

    @property
    def prefix(self) -> str:
        """Begins the ids of the controls of its pane."""
        return f"p{self.obligation.pk}_"

    @property
    def save_url(self) -> str:
        return reverse("reporting:save", args=self.obligation.address)

    @property
    def form_url(self) -> str:
        """Its form, which returns to this page."""
        back = reverse("reporting:unchanged", args=[self.obligation.period.code])
        return f"{self.obligation.get_absolute_url()}?{urlencode({'next': back})}"

    @property
    def problems(self) -> tuple[str, ...]:
        """What the check wants of a decided row, its own reason included."""
        if not self.is_decided:
            return ()
        checked = self.offered.checked
        found = [one.message for one in (*checked.errors, *checked.open_doubts)]
        if checked.past.unanswered_count:
            found.append("退回意见还没有答复")
        return tuple(found)

    @property
    def can_go(self) -> bool:
        """Whether it can be handed in."""
        if not self.is_decided or self.problems:
            return False
        return can_step(step=self.step, obligation=self.obligation, by=self.reader)
