"""The rows of an agency's home, in one statement."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, JSONField, When
from django.utils import timezone

from agencies.models import Agency, User
from common.database.annotations import Annotation
from common.formats import number, zh_day
from common.quarters import Period
from projects.choices import ProjectStatus
from reporting.answers.rules.wording import figure
from reporting.answers.selectors.answer_words import submitted_words
from reporting.answers.selectors.last_figures import (
    LAST,
    LAST_RETURN,
    is_annual,
    is_settled,
    with_last,
)
from reporting.choices import FRESH, HANDED_IN, OFF_REPORTER, ObligationKind, ObligationState
from reporting.handover.selectors.handovers import HANDED_WORDS
from reporting.home import rules
from reporting.models import Obligation, ReportingPeriod
from reporting.policies import can_step, due_day, is_writable_time, judged_day
from reporting.workflow import Step
from targets.rules.words.formatting import DIMENSIONLESS
from tasks.choices import TaskStatus

_NO_DAY = datetime.date.max


@dataclass(frozen=True)
class ObligationRow:
    """One obligation as its agency's home shows it."""

    obligation: Obligation
    today: datetime.date
    binding: datetime.date | None
    takes_entries: bool
    can_tick: bool

    @property
    def kind(self) -> str:
        return self.obligation.kind

    @property
    def code(self) -> str:
        return self.obligation.subject_code

    @property
    def short_code(self) -> str:
        """The code without the year, which stands in the name: T01."""
        return self.obligation.subject.code

    @property
    def name(self) -> str:
        return self.obligation.name

    @property
    def url(self) -> str:
        return self.obligation.get_absolute_url()

    @property
    def state(self) -> str:
        return self.obligation.state

    @property
    def is_mine(self) -> bool:
        """With the reporter, who has to write."""
        return self.state not in OFF_REPORTER

    @property
    def is_with_signer(self) -> bool:
        return self.obligation.is_signing

    @property
    def is_handed_in(self) -> bool:
        """已报送: the bureau has it."""
        return self.state in HANDED_IN

    @property
    def is_returned(self) -> bool:
        return self.obligation.is_returned

    @property
    def may_come(self) -> bool:
        """Whether it can still be submitted, though its period may be closed."""
        return self.is_mine and is_writable_time(obligation=self.obligation, today=self.today)

    @property
    def is_striven(self) -> bool:
        return bool(self.obligation.target and self.obligation.target.is_striven)

    @property
    def needs_reason(self) -> bool:
        return is_annual(self.obligation)

    @property
    def tag(self) -> str:
        """The state as templatetags/states.py draws it."""
        return {ObligationState.REVIEWING.value: "submitted"}.get(self.state, self.state)

    @property
    def word(self) -> str:
        """The state in words where the tag's own word is less precise."""
        if self.obligation.is_correction and not self.obligation.is_approved:
            return f"更正：{ObligationState(self.state).label}"
        if self.state == ObligationState.SUBMITTED:
            return "已报送"
        return "审核中" if self.state == ObligationState.REVIEWING else ""

    @property
    def as_task(self) -> rules.Task:
        return rules.Task(
            self.short_code, self.binding, self.is_returned, self.state == ObligationState.EMPTY
        )

    @property
    def urgency(self) -> tuple[bool, datetime.date, bool]:
        """Order key: returned first, then by the day; what is begun before what is not."""
        is_empty = self.state == ObligationState.EMPTY
        return not self.is_returned, self.binding or _NO_DAY, is_empty

    @property
    def is_late(self) -> bool:
        late = self.binding is not None and self.binding < self.today
        return late and not self.obligation.period.is_backfill

    @property
    def deadline_words(self) -> str:
        """12月7日（周一）, 12月15日，已延期, 逾期2天，解锁至12月20日; a correction has no day."""
        unlocked = self.obligation.unlocked_until
        open_until = f"解锁至{zh_day(unlocked)}" if unlocked and unlocked >= self.today else ""
        if self.binding is None:
            return open_until or "更正，不限期"
        if self.is_late:
            late = rules.left_words(self.binding, self.today)
            return f"{late}，{open_until}" if open_until else late
        if self.binding == self.obligation.due_on and not self.is_returned:
            return f"{zh_day(self.binding)}，已延期"
        return rules.short_weekday(self.binding)

    @property
    def is_urgent(self) -> bool:
        """Whether its day stands in bold: returned, or over."""
        return self.is_late or (self.is_returned and self.binding is not None)

    @property
    def last(self) -> str:
        """77.90%（Q2）, 97.2%（2025）, 正常推进, 无配合事项, 尚无."""
        last = LAST.of(self.obligation)
        if not last:
            return "尚无"
        if self.kind == ObligationKind.TASK:
            return TaskStatus(last["status"]).label
        if self.kind == ObligationKind.CONTRIBUTION:
            return "无配合事项" if last["nothing"] else last["text"]
        when = _when(Period(last["year"], last["quarter"]), self.obligation.period.period)
        return f"{_last_value(self.obligation, last)}{when}"

    @property
    def note(self) -> str:
        """Who entered it last and when: 王芳 11-21."""
        editor, at = self.obligation.last_editor, self.obligation.edited_at
        is_begun = self.state == ObligationState.DRAFT
        return f"{editor} {timezone.localtime(at):%m-%d}" if is_begun and at and editor else ""

    @property
    def answer(self) -> str:
        """What waits for the signer, in short: 78.60%, 正常推进, 已写."""
        found = WITH_SIGNER.of(self.obligation)
        texts = {name: entry["text"] for name, entry in (found or {}).items()}
        said = submitted_words(obligation=self.obligation, texts=texts)
        is_text = self.kind == ObligationKind.CONTRIBUTION and said.lines
        return "已写" if is_text else said.value

    @property
    def handed(self) -> str:
        """由王芳交接给刘强，11-30."""
        return HANDED_WORDS.of(self.obligation)

    @property
    def opinion(self) -> str:
        """李敏：“充电桩数量与上季度相同”, where it was returned."""
        last = LAST_RETURN.of(self.obligation)
        return f"{last['by']}：“{last['comment']}”" if self.is_returned and last else ""

    @property
    def was_on_time(self) -> bool:
        """Whether it was first handed in by its day; nothing is late in a backfilled quarter."""
        first = self.obligation.first_submitted_at
        day = judged_day(obligation=self.obligation)
        is_backfill = self.obligation.period.is_backfill
        return is_backfill or bool(first and timezone.localdate(first) <= day)


def obligation_rows(
    *, agency: Agency, period: ReportingPeriod, reader: User, today: datetime.date
) -> tuple[ObligationRow, ...]:
    """The obligations of the agency in the period, in the order of the plan."""
    found = Obligation.objects.filter(agency=agency, period=period).owed().with_subjects()
    obligations = with_last(found).annotate(**WITH_SIGNER.column(), **HANDED_WORDS.column())
    return tuple(
        _row(obligation, reader, today)
        for obligation in obligations.defer("content").in_plan_order()
    )


def _row(obligation: Obligation, reader: User, today: datetime.date) -> ObligationRow:
    takes = can_step(step=Step.EDIT, obligation=obligation, by=reader)
    begins = takes and obligation.state in FRESH
    return ObligationRow(
        obligation,
        today,
        due_day(obligation=obligation),
        takes_entries=takes,
        can_tick=begins and (is_settled(obligation) or is_annual(obligation)),
    )


def _with_signer() -> Case:
    """The content of what waits for the signer; the others' is not needed here."""
    is_signing = When(state=ObligationState.SIGNING, then=F("content"))
    return Case(is_signing, output_field=JSONField())


WITH_SIGNER = Annotation("with_signer", _with_signer, lambda content: content)


def _last_value(obligation: Obligation, last: Mapping[str, Any]) -> str:
    """77.90%, 不适用, 在建，累计2,000万元."""
    if obligation.target is None:
        sum_ = f"，累计{number(Decimal(last['value']), 0)}万元" if last["value"] else ""
        return f"{ProjectStatus(last['status']).label}{sum_}"
    if last["none"]:
        return "不适用"
    unit = obligation.target.unit if obligation.target.unit != DIMENSIONLESS else ""
    return f"{figure(Decimal(last['value']), obligation.target.decimals)}{unit}"


def _when(period: Period, now: Period) -> str:
    """（2025年）, （Q1）, （25Q4）; nothing for the quarter before, of which the column speaks."""
    if period == now.previous:
        return ""
    if period.quarter is None:
        return f"（{period.year}年）"
    return f"（Q{period.quarter}）" if period.year == now.year else f"（{period.short_label}）"
