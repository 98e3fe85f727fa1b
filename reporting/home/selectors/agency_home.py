"""The home of an agency: what it owes, most urgent first, in a constant number of statements."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from agencies.choices import Role
from agencies.models import Agency, User
from common.database.annotations import Annotation
from common.formats import zh_date, zh_date_weekday, zh_day
from common.quarters import Period
from reporting.choices import AT_AGENCY, WITH_REPORTER, ObligationKind, ObligationState, PeriodState
from reporting.home.selectors.obligation_rows import (
    ObligationRow,
    ReturnedObligation,
    obligation_rows,
    unasked_rows,
)
from reporting.models import Obligation, ReportingPeriod
from reporting.periods.rules.rhythm import following
from reporting.policies import is_open
from targets.models import Target
from targets.selectors import judged_targets
from tasks.rules.awaited import MISSING_WORD

_TICKS: Mapping[str, str] = {ObligationState.RETURNED: "back", ObligationState.DRAFT: "begun"}
_WORDS: Mapping[str, str] = {
    ObligationState.RETURNED: "退回",
    ObligationState.DRAFT: "草稿",
    ObligationState.EMPTY: "未开始",
}


@dataclass(frozen=True)
class HomeGroup:
    """Obligations of one kind. `rows` are the unfinished ones, then the finished ones."""

    kind: str
    title: str
    note: str
    rows: tuple[ObligationRow, ...]
    done: tuple[ObligationRow, ...]

    @property
    def is_targets(self) -> bool:
        return self.kind == ObligationKind.TARGET

    @property
    def is_tasks(self) -> bool:
        return self.kind == ObligationKind.TASK

    @property
    def is_contributions(self) -> bool:
        return self.kind == ObligationKind.CONTRIBUTION

    @property
    def is_projects(self) -> bool:
        return self.kind == ObligationKind.PROJECT

    @property
    def is_settled(self) -> bool:
        return not self.rows

    @property
    def has_ticks(self) -> bool:
        """Whether some of its rows may be settled together."""
        return any(row.can_tick for row in self.rows)

    @property
    def has_nothing_to_say(self) -> bool:
        """Whether 全部填“本季度无配合事项” would settle something."""
        return any(row.state == ObligationState.EMPTY and row.takes_entries for row in self.rows)


@dataclass(frozen=True)
class AgencyHome:
    """The home page. Without a period there is nothing to report."""

    agency: Agency
    reader: User
    today: datetime.date
    periods: tuple[ReportingPeriod, ...]
    period: ReportingPeriod | None
    rows: tuple[ObligationRow, ...] = ()
    unasked: tuple[ObligationRow, ...] = ()

    @cached_property
    def groups(self) -> tuple[HomeGroup, ...]:
        return tuple(self._group(kind) for kind in ObligationKind)

    @cached_property
    def returned(self) -> tuple[ReturnedObligation, ...]:
        """Returned obligations, with the comment and its author."""
        return tuple(row.returned for row in self.rows if row.returned)

    @property
    def ticks(self) -> list[str]:
        """One mark for each obligation: done, returned, begun, then not begun."""
        marks = ["done" if row.is_done else _TICKS.get(row.state, "") for row in self.rows]
        return sorted(marks, key=["done", "back", "begun", ""].index)

    @property
    def total(self) -> int:
        return len(self.rows)

    @property
    def open_count(self) -> int:
        return sum(not row.is_done for row in self.rows)

    @property
    def progress_words(self) -> str:
        """已报送6项，还有8项：退回1、草稿2、未开始5; 已报送6项，缺报8项 once all is over."""
        if self.is_over and self.open_count:
            sent = self.total - self.open_count
            head = f"已报送{sent}项，" if sent else ""
            return f"{head}{MISSING_WORD}{self.open_count}项"
        if not self.open_count:
            return f"{self.total}项已全部报送"
        states = [row.state for row in self.rows]
        parts = [
            f"{_WORDS[state]}{states.count(state)}" for state in WITH_REPORTER if state in states
        ]
        head = f"已报送{self.total - self.open_count}项，" if self.open_count < self.total else ""
        return f"{head}还有{self.open_count}项：{'、'.join(parts)}"

    @property
    def due_on(self) -> datetime.date | None:
        """The first due day of the unfinished obligations."""
        days = [row.due_on for row in self.rows if not row.is_done]
        return min(days, default=self.period.due_on if self.period else None)

    @property
    def due_words(self) -> str:
        """11月27日（周五）."""
        return zh_date_weekday(self.due_on).partition("年")[2] if self.due_on else ""

    @property
    def left_words(self) -> str:
        """还剩5天, 今天截止, 已逾期3天; 已关闭 where nothing can be submitted any more."""
        if self.is_over:
            return "已关闭"
        if self.due_on is None or not self.open_count:
            return ""
        days = (self.due_on - self.today).days
        if days < 0:
            return (
                "补录，不计逾期" if self.period and self.period.is_backfill else f"已逾期{-days}天"
            )
        return f"还剩{days}天" if days else "今天截止"

    @property
    def is_open(self) -> bool:
        return self.period is not None and is_open(period=self.period, today=self.today)

    @property
    def is_over(self) -> bool:
        """Whether the period is closed, for every obligation of the agency."""
        closed = self.period is not None and not self.period.is_planned and not self.is_open
        return closed and not any(row.may_come for row in self.rows)

    @property
    def may_send(self) -> bool:
        """Whether something can be submitted, including what a closed period still accepts."""
        return bool(self.rows) and (self.is_open or any(row.takes_entries for row in self.rows))

    @property
    def closed_words(self) -> str:
        """Why nothing can be entered; empty while the period is open."""
        if self.period is None or self.is_open:
            return ""
        if self.period.state == PeriodState.PLANNED:
            return f"{self.period}填报{zh_day(self.period.opens_on)}开放，下面的内容现在只能查看。"
        if any(row.takes_entries for row in self.rows):
            return f"{self.period}填报已经关闭；已延期、解锁和退回的事项仍可填写，其他的只能查看。"
        return f"{self.period}填报已经关闭，下面的内容只能查看；需要补报或修改时提出解锁申请。"

    @property
    def signers(self) -> Sequence[str]:
        """Names of the agency's own signers."""
        return SIGNERS.of(self.period) if self.period else ()

    @property
    def waiting_for_signer(self) -> int:
        """Number of obligations that wait for an own signer."""
        return SIGNING.of(self.period) if self.period else 0

    @property
    def is_first_visit(self) -> bool:
        """Whether the agency has entered nothing yet, in any period."""
        return self.period is not None and not HAS_BEGUN.of(self.period)

    @property
    def next_words(self) -> str:
        """下一个填报期：2026年第四季度，预计2027年1月开放."""
        planned = [row for row in self.periods if row.is_planned and row.opens_on >= self.today]
        if planned:
            row = planned[-1]
            return f"下一个填报期：{row}，{zh_date(row.opens_on)}开放。"
        ended = Period.last_closed(self.today)
        after = following(self.period.period) if self.period else following(ended)
        if after.end < self.today:
            return f"{ended.label}的填报期还没有开放，开放以后在这里填报。"
        opens = after.end + datetime.timedelta(days=1)
        return f"下一个填报期：{after.label}，预计{opens.year}年{opens.month}月开放。"

    @property
    def fills_in(self) -> bool:
        """Whether the reader may enter something here."""
        return self.reader.has_role(Role.REPORTER)

    @property
    def tickable(self) -> tuple[ObligationRow, ...]:
        """Rows that 本季度无变化 may settle together."""
        return tuple(row for row in self.rows if row.can_tick)

    @property
    def asks_common_reason(self) -> bool:
        return any(row.needs_reason for row in self.tickable)

    @property
    def chosen_periods(self) -> tuple[ReportingPeriod, ...]:
        """Periods to choose from: the shown one, open ones, closed ones that still accept
        something.
        """
        return tuple(
            row
            for row in self.periods
            if is_open(period=row, today=self.today) or TAKES_MORE.of(row) or row == self.period
        )

    def _group(self, kind: ObligationKind) -> HomeGroup:
        mine = [row for row in self.rows if row.kind == kind]
        unasked = self.unasked if kind == ObligationKind.TARGET else ()
        open_rows = sorted((row for row in mine if not row.is_done), key=lambda row: row.urgency)
        done = tuple(row for row in mine if row.is_done)
        note = f"{len(mine)}项"
        if unasked:
            note = f"{len(mine) + len(unasked)}项，本季度需填{len(mine)}项"
        elif kind == ObligationKind.CONTRIBUTION and mine:
            note += "，每项一个框"
        return HomeGroup(kind, kind.label, note, tuple(open_rows), (*done, *unasked))


def agency_home(*, reader: User, code: str = "") -> AgencyHome:
    """The home of the reader's agency: of the period asked for, else of the one to fill in now."""
    assert reader.agency is not None  # noqa: S101 - the database holds reporters to an agency
    agency, today = reader.agency, timezone.localdate()
    periods = tuple(_periods(agency))
    period = _chosen(periods, code, today)
    if period is None:
        return AgencyHome(agency, reader, today, periods, None)
    rows = obligation_rows(agency=agency, period=period, reader=reader, today=today)
    owed = {row.subject_pk for row in rows if row.kind == ObligationKind.TARGET}
    mine = Q(lead=agency) | Q(lead=None, convenor=agency)
    asked = Q(pk__in=owed) | (mine & Q(retired_on=None, values_of=None))
    judged = {one.target.pk: one for one in judged_targets(targets=Target.objects.filter(asked))}
    shown = tuple(row.judged_by(judged) for row in rows)
    others = [one for pk, one in judged.items() if pk not in owed] if rows else []
    return AgencyHome(agency, reader, today, periods, period, shown, unasked_rows(others, period))


def _periods(agency: Agency) -> QuerySet[ReportingPeriod]:
    """Every period, newest first, with what the page's header shows of the agency."""
    return ReportingPeriod.objects.annotate(
        **OWES.column(agency),
        **LEFT.column(agency),
        **TAKES_MORE.column(agency),
        **SIGNING.column(agency),
        **HAS_BEGUN.column(agency),
        **SIGNERS.column(agency),
    )


def _own(agency: Agency) -> QuerySet[Obligation]:
    return Obligation.objects.filter(agency=agency, period=OuterRef("pk"))


def _owes(agency: Agency) -> Exists:
    return Exists(_own(agency).exclude(dropped_on__isnull=False, period__state=PeriodState.PLANNED))


def _left(agency: Agency) -> Subquery:
    return _count(_own(agency).filter(dropped_on=None, state__in=AT_AGENCY))


def _takes_more(agency: Agency) -> Exists:
    left = _own(agency).filter(_may_come(), dropped_on=None, state__in=AT_AGENCY)
    return Exists(left.exclude(period__state=PeriodState.PLANNED))


def _signing(agency: Agency) -> Subquery:
    return _count(_own(agency).filter(state=ObligationState.SIGNING))


def _count(obligations: QuerySet[Obligation]) -> Subquery:
    counted = obligations.order_by().values("period").annotate(count=Count("pk"))
    return Subquery(counted.values("count"))


def _has_begun(agency: Agency) -> Exists:
    return Exists(Obligation.objects.filter(agency=agency).exclude(state=ObligationState.EMPTY))


def _signers(agency: Agency) -> ArraySubquery:
    signers = User.objects.filter(agency=agency, is_active=True, roles__contains=[Role.SIGNER])
    return ArraySubquery(signers.order_by("username").values("name"))


OWES = Annotation("owes", _owes, bool)
LEFT = Annotation("left", _left, lambda count: count or 0)
"""Number of obligations that the agency still has to submit."""
TAKES_MORE = Annotation("takes_more", _takes_more, bool)
"""Whether something can still be submitted although the period is closed."""
SIGNING = Annotation("signing", _signing, lambda count: count or 0)
HAS_BEGUN = Annotation("has_begun", _has_begun, bool)
"""Whether the agency has entered anything, in any period."""
SIGNERS = Annotation("signers", _signers, tuple)


def _chosen(
    periods: Sequence[ReportingPeriod], code: str, today: datetime.date
) -> ReportingPeriod | None:
    """The period asked for, else the one to fill in now; None if there is none.

    That is the open one due first with something left, else a closed one that still accepts
    something, else the newest. Backfills come last.
    """
    known = [row for row in periods if OWES.of(row)]
    named = [row for row in known if row.code == code]
    current = [row for row in known if is_open(period=row, today=today)]
    behind = [row for row in current if LEFT.of(row)]
    more = [row for row in known if TAKES_MORE.of(row) and row not in current]
    due = sorted(behind, key=lambda row: (row.is_backfill, row.due_on))
    rest = sorted(current, key=lambda row: row.is_backfill)
    return next(iter([*named, *due, *more, *rest, *known]), None)


def _may_come() -> Q:
    """Obligations that can be submitted after their period closed, as policies.is_writable_time."""
    today = timezone.localdate()
    is_back = Q(returns__gt=0) | Q(state=ObligationState.RETURNED) | ~Q(correction_reason="")
    return is_back | Q(unlocked_until__gte=today) | Q(due_on__gte=today)
