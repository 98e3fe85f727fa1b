"""The rows of an agency's home, in one statement."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils import timezone

from agencies.models import Agency, User
from common.formats import number, zh_day
from common.quarters import Period
from projects.choices import ProjectStatus
from reporting.answers.rules.wording import figure
from reporting.answers.selectors.last_figures import (
    LAST,
    LAST_RETURN,
    goal_words,
    is_annual,
    is_settled,
    with_last,
)
from reporting.choices import FRESH, OFF_REPORTER, ObligationKind, ObligationState
from reporting.models import Obligation, ReportingPeriod
from reporting.policies import can_step, due_day, is_writable_time
from reporting.workflow import Step
from targets import rules
from targets.choices import Frequency
from targets.rules.words.formatting import DIMENSIONLESS
from targets.selectors import Judged
from tasks.rules.awaited import MISSING_WORD

_URGENCY = {ObligationState.RETURNED: 0, ObligationState.DRAFT: 2, ObligationState.EMPTY: 3}


@dataclass(frozen=True)
class ReturnedObligation:
    """An obligation that was returned: why, by whom, and the day by which to answer."""

    row: "ObligationRow"
    comment: str
    by: str
    on: str
    answer_due: datetime.date | None


@dataclass(frozen=True)
class ObligationRow:
    """One row. A target that this quarter does not ask for has no key and no state."""

    kind: str
    code: str
    name: str
    url: str
    pk: int = 0
    subject_pk: int = 0
    value_year: int | None = None
    state: str = ""
    goal: str = ""
    last: str = ""
    note: str = ""
    due_on: datetime.date = datetime.date.max
    is_late: bool = False
    is_striven: bool = False
    takes_entries: bool = False
    may_come: bool = False
    can_tick: bool = False
    needs_reason: bool = False
    is_correction: bool = False
    returned: ReturnedObligation | None = None

    @property
    def short_code(self) -> str:
        """The code without the year, which stands in the name: T01."""
        return self.code.partition("@")[0]

    @property
    def is_done(self) -> bool:
        return self.state in OFF_REPORTER

    @property
    def is_asked(self) -> bool:
        return self.pk != 0

    @property
    def tag(self) -> str:
        """The state as components/ui.py draws it."""
        return {ObligationState.REVIEWING.value: "submitted"}.get(self.state, self.state)

    @property
    def word(self) -> str:
        """The state in words where the tag's own word is less precise."""
        if self.is_correction and self.state != ObligationState.APPROVED:
            return f"更正：{ObligationState(self.state).label}"
        return "审核中" if self.state == ObligationState.REVIEWING else ""

    @property
    def late_word(self) -> str:
        """缺报 where never submitted, 已逾期 where returned; empty where it is not late."""
        if not self.is_late:
            return ""
        return "已逾期" if self.state == ObligationState.RETURNED else MISSING_WORD

    @property
    def urgency(self) -> int:
        """Order key: returned, overdue, begun, not begun."""
        if self.is_late and self.state != ObligationState.RETURNED:
            return 1
        return _URGENCY.get(ObligationState(self.state), 9)

    def judged_by(self, judged: Mapping[int, Judged]) -> "ObligationRow":
        """The row of a target with its goal and the mark of its name."""
        found = judged.get(self.subject_pk) if self.kind == ObligationKind.TARGET else None
        if found is None:
            return self
        return replace(
            self, goal=self.goal or goal_words(found, self.value_year or self.due_on.year)
        )


def obligation_rows(
    *, agency: Agency, period: ReportingPeriod, reader: User, today: datetime.date
) -> tuple[ObligationRow, ...]:
    """The obligations of the agency in the period, in the order of the plan."""
    found = Obligation.objects.filter(agency=agency, period=period).owed().with_subjects()
    obligations = with_last(found).defer("content").in_plan_order()
    return tuple(_row(obligation, reader, today) for obligation in obligations)


def unasked_rows(judged: Iterable[Judged], period: ReportingPeriod) -> tuple[ObligationRow, ...]:
    """Targets of the agency that this quarter does not ask for, with the reason."""
    return tuple(
        ObligationRow(
            ObligationKind.TARGET,
            one.target.code,
            one.target.name,
            one.target.get_absolute_url(),
            goal=goal_words(one, period.year),
            last=_newest_words(one.newest, period.period),
            note="年度指标，本季度不需填",
            is_striven=one.target.is_striven,
        )
        for one in sorted(judged, key=lambda one: one.target.position)
        if one.target.frequency == Frequency.ANNUAL
    )


def _newest_words(newest: rules.Newest | None, now: Period) -> str:
    """97.2%（2025）, 尚无."""
    return f"{newest.text}（{_short(newest.actual.period, now)}）" if newest else "尚无"


def _row(obligation: Obligation, reader: User, today: datetime.date) -> ObligationRow:
    due = due_day(obligation=obligation)
    takes = can_step(step=Step.EDIT, obligation=obligation, by=reader)
    begins = takes and obligation.state in FRESH
    is_with_reporter = obligation.state not in OFF_REPORTER
    row = ObligationRow(
        kind=obligation.kind,
        code=obligation.subject_code,
        name=obligation.name,
        url=obligation.get_absolute_url(),
        pk=obligation.pk,
        subject_pk=obligation.subject.pk,
        value_year=obligation.value_year,
        state=obligation.state,
        goal=_goal(obligation),
        last=_last(obligation),
        note=_note(obligation),
        due_on=due,
        is_late=is_with_reporter and due < today and not obligation.period.is_backfill,
        is_striven=bool(obligation.target and obligation.target.is_striven),
        takes_entries=takes,
        may_come=is_with_reporter and is_writable_time(obligation=obligation, today=today),
        can_tick=begins and (is_settled(obligation) or is_annual(obligation)),
        needs_reason=is_annual(obligation),
        is_correction=obligation.is_correction,
    )
    return replace(row, returned=_returned(obligation, row))


def _goal(obligation: Obligation) -> str:
    """The planned investment of a project; goals of targets come from their judgement."""
    if obligation.project is None:
        return ""
    total = obligation.project.total_investment_wan
    return f"{number(total, 0)}万元" if total is not None else "未列总投资"


def _last(obligation: Obligation) -> str:
    """77.90%（Q2）, 97.2%（2025）, 尚无."""
    last = LAST.of(obligation)
    if obligation.kind in {ObligationKind.TASK, ObligationKind.CONTRIBUTION}:
        return ""
    if not last:
        return "尚无"
    when = _short(Period(last["year"], last["quarter"]), obligation.period.period)
    if obligation.project:
        status = ProjectStatus(last["status"]).label
        sum_ = f"，累计{number(Decimal(last['value']), 0)}万元" if last["value"] else ""
        return f"{status}{sum_}（{when}）"
    if last["none"]:
        return f"不适用（{when}）"
    assert obligation.target is not None  # noqa: S101 - the kind says so
    unit = obligation.target.unit if obligation.target.unit != DIMENSIONLESS else ""
    return f"{figure(Decimal(last['value']), obligation.target.decimals)}{unit}（{when}）"


def _short(period: Period, now: Period) -> str:
    """Q2 in the same year, 25Q4 in another, 2025 for a whole year."""
    if period.quarter is None:
        return str(period.year)
    return f"Q{period.quarter}" if period.year == now.year else period.short_label


def _note(obligation: Obligation) -> str:
    """Who and when: 王芳 11-21; with a note of an extension."""
    moment = obligation.submitted_at if obligation.state in OFF_REPORTER else obligation.edited_at
    who = obligation.prepared_by if obligation.state in OFF_REPORTER else obligation.last_editor
    parts = [f"{who} {timezone.localtime(moment):%m-%d}"] if moment and who else []
    if obligation.due_on and obligation.state not in OFF_REPORTER:
        parts.append(f"延期至{zh_day(obligation.due_on)}")
    return "，".join(parts)


def _returned(obligation: Obligation, row: ObligationRow) -> ReturnedObligation | None:
    last = LAST_RETURN.of(obligation)
    if obligation.state != ObligationState.RETURNED or not last:
        return None
    at = timezone.localtime(datetime.datetime.fromisoformat(last["at"]))
    by = f"{last['agency']} {last['by']}".strip()
    return ReturnedObligation(row, last["comment"], by, zh_day(at), obligation.answer_due)
