"""The home of an agency: what it owes, who has it, what happened; in constant statements."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from agencies.choices import Role
from agencies.models import Agency, User
from common.database.annotations import Annotation
from common.formats import zh_date, zh_day
from common.quarters import Period
from reporting.answers.selectors.contacts import Contacts, read_contacts, with_contacts
from reporting.answers.selectors.unread_reminders import (
    is_outcome,
    unread_reminders_column,
    unread_reminders_of,
)
from reporting.choices import ObligationKind, ObligationState, PeriodState
from reporting.home import rules
from reporting.home.selectors.chain import Chain, ChainLink
from reporting.home.selectors.news import NewsLine, merged, news_since, read_news
from reporting.home.selectors.obligation_rows import ObligationRow, obligation_rows
from reporting.home.selectors.periods import (
    HAS_BEGUN,
    IS_REMINDED,
    TAKES_MORE,
    chosen_period,
    periods_of,
)
from reporting.models import Reminder, ReportingPeriod, ReportingSetting
from reporting.periods.rules.rhythm import following
from reporting.periods.rules.thresholds import Thresholds
from reporting.periods.selectors.calendar import WORKING_DAYS
from reporting.policies import is_open
from targets.choices import Frequency
from targets.models import Target
from tasks.rules.awaited import MISSING_WORD


@dataclass(frozen=True)
class HomeList:
    """Obligations that stand together under a title."""

    title: str
    note: str
    rows: tuple[ObligationRow, ...]
    kind: str = ""

    @property
    def has_ticks(self) -> bool:
        """Whether some of its rows may be settled together."""
        return any(row.can_tick for row in self.rows)

    @property
    def has_nothing_to_say(self) -> bool:
        """Whether 全部填“本季度无配合事项” would settle something."""
        return self.kind == ObligationKind.CONTRIBUTION and any(
            row.state == ObligationState.EMPTY and row.takes_entries for row in self.rows
        )


@dataclass(frozen=True)
class AgencyHome:
    """The home page. Without a period there is nothing to report."""

    agency: Agency
    reader: User
    today: datetime.date
    periods: tuple[ReportingPeriod, ...]
    period: ReportingPeriod | None
    since: datetime.datetime | None = None
    rows: tuple[ObligationRow, ...] = ()
    unasked: tuple[Target, ...] = ()

    @cached_property
    def mine(self) -> tuple[ObligationRow, ...]:
        """What the agency's reporters have to write, most urgent first."""
        return tuple(sorted((x for x in self.rows if x.is_mine), key=lambda row: row.urgency))

    @cached_property
    def with_signer(self) -> tuple[ObligationRow, ...]:
        """待本单位审核人: filled in, not with the bureau."""
        return tuple(row for row in self.rows if row.is_with_signer)

    @cached_property
    def handed_in(self) -> tuple[ObligationRow, ...]:
        """已报送: what the bureau has."""
        return tuple(row for row in self.rows if row.is_handed_in)

    @property
    def in_hand(self) -> tuple[ObligationRow, ...]:
        """What waits for the reader."""
        return self.mine if self.fills_in else self.with_signer

    @property
    def headline(self) -> str:
        """还有4项在您这里，5-1 要在12月3日前改好."""
        tasks = [row.as_task for row in self.in_hand]
        if not self.fills_in:
            return rules.signer_headline(tasks, self.today)
        if self.is_over and tasks:
            return f"还有{len(tasks)}项没有报，填报已经关闭"
        is_backfill = self.period is not None and self.period.is_backfill
        return rules.headline(tasks, self.today, is_backfill=is_backfill)

    @property
    def status_words(self) -> str:
        """报送截止12月7日（周一），还剩7天; 13项已全部报送，12月4日送到区发改局，按时."""
        if self.period is None or not self.rows:
            return ""
        if len(self.handed_in) == len(self.rows):
            return self._sent_words()
        due = rules.short_weekday(self.period.due_on)
        if self.is_over:
            return f"已关闭，{MISSING_WORD}{len(self.rows) - len(self.handed_in)}项"
        if self.period.is_planned:
            return f"{rules.short_weekday(self.period.opens_on)}开放，{due}截止"
        if self.period.is_backfill:
            return "补录，不计逾期"
        left = (self.period.due_on - self.today).days
        until = rules.left_words(self.period.due_on, self.today) if left >= 0 else f"已过{-left}天"
        if all(row.state == ObligationState.EMPTY for row in self.rows):
            return f"{rules.short_weekday(self.period.opens_on)}开放，{due}截止，{until}"
        return f"报送截止{due}，{until}"

    def _sent_words(self) -> str:
        sent = [row.obligation.submitted_at for row in self.rows if row.obligation.submitted_at]
        late = sum(not row.was_on_time for row in self.rows)
        parts = [f"{len(self.rows)}项已全部报送"]
        if sent:
            parts.append(f"{rules.short_weekday(timezone.localdate(max(sent)))}送到区发改局")
        parts.append(f"其中{late}项逾期" if late else "按时")
        return "，".join(parts)

    @cached_property
    def contacts(self) -> Contacts:
        return read_contacts(self.agency)

    @property
    def chain(self) -> tuple[ChainLink, ...]:
        """Where the obligations are; the counts sum to what is owed."""
        calendar, days = WORKING_DAYS.of(self.agency), REVIEW_DAYS.of(self.agency)
        return Chain(self.rows, self.contacts, calendar, days, self.today, self.fills_in).links

    @cached_property
    def lists(self) -> tuple[HomeList, ...]:
        """What the reporters have to write: up to eight in one list, more by kind."""
        if len(self.mine) <= rules.LONGEST_LIST:
            title = "在您这里" if self.fills_in else "填报员在填"
            note = f"{len(self.mine)}项，先急后缓" if len(self.mine) > 1 else f"{len(self.mine)}项"
            return (HomeList(title, note, self.mine),) if self.mine else ()
        back = tuple(row for row in self.mine if row.is_returned)
        first = (HomeList("被退回，先改", f"{len(back)}项", back),) if back else ()
        return (*first, *filter(None, (self._of_kind(kind) for kind in ObligationKind)))

    def _of_kind(self, kind: ObligationKind) -> HomeList | None:
        rows = tuple(row for row in self.mine if row.kind == kind and not row.is_returned)
        note = f"{len(rows)}项{'，每项一个框' if kind == ObligationKind.CONTRIBUTION else ''}"
        return HomeList(kind.label, note, rows, kind) if rows else None

    @property
    def without(self) -> str:
        """年度指标本季度不需填：T16 …。本单位没有负责填报的重点项目."""
        parts = []
        if self.unasked:
            names = "、".join(
                f"{one.code} {one.name}{'［力争］' if one.is_striven else ''}"
                for one in self.unasked
            )
            parts.append(f"年度指标本季度不需填：{names}。")
        kinds = {row.kind for row in self.rows}
        missing = [kind.label for kind in ObligationKind if kind not in kinds]
        if ObligationKind.PROJECT not in kinds:
            missing[missing.index(ObligationKind.PROJECT.label)] = "负责填报的重点项目"
        if missing:
            parts.append(f"本单位本季度没有{'、'.join(missing)}。")
        return "".join(parts)

    @property
    def bar_words(self) -> str:
        """T15 已有草稿；5-1、9-3、T19 还没有填完; 13项都未开始."""
        if self.mine and all(row.state == ObligationState.EMPTY for row in self.rows):
            return f"{len(self.mine)}项都未开始"
        begun = [row.short_code for row in self.mine if row.state == ObligationState.DRAFT]
        others = [row.short_code for row in self.mine if row.state != ObligationState.DRAFT]
        return rules.left_to_fill(begun, others)

    @property
    def news(self) -> tuple[NewsLine, ...]:
        """What was decided and answered since the reader's last visit."""
        return merged(read_news(self.agency), self.past_url)

    @property
    def past_url(self) -> str:
        query = f"?period={self.period.code}" if self.period else ""
        return f"{reverse('reporting:past')}{query}"

    @property
    def since_words(self) -> str:
        """11月27日（周五）16:42; empty at the first visit."""
        if self.since is None:
            return ""
        at = timezone.localtime(self.since)
        return f"{rules.short_weekday(at.date())}{at:%H:%M}"

    @property
    def notices(self) -> tuple[Reminder, ...]:
        """The reader's unread reminders, without answers to requests, which stand in the news."""
        return tuple(one for one in NOTICES.of(self.agency) if not is_outcome(one))

    @property
    def may_remind(self) -> bool:
        """Whether the reader may remind the signers of what waits for them."""
        return self.fills_in and bool(self.with_signer and self.contacts.signers)

    @property
    def is_reminded(self) -> bool:
        """Whether they were reminded today: once a day is enough."""
        return self.period is not None and IS_REMINDED.of(self.period)

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


def agency_home(
    *, reader: User, code: str = "", since: datetime.datetime | None = None
) -> AgencyHome:
    """The home of the reader's agency: of the period asked for, else of the one to fill in now.

    `since` is the reader's last visit, from which on the page tells what happened.
    """
    assert reader.agency is not None  # noqa: S101 - the database holds reporters to an agency
    today = timezone.localdate()
    agency = _agency(reader.agency, reader, since)
    periods = tuple(periods_of(agency=agency))
    period = chosen_period(periods, code, today)
    if period is None:
        return AgencyHome(agency, reader, today, periods, None, since)
    rows = obligation_rows(agency=agency, period=period, reader=reader, today=today)
    unasked = tuple(_unasked(agency, rows)) if rows else ()
    return AgencyHome(agency, reader, today, periods, period, since, rows, unasked)


def _agency(agency: Agency, reader: User, since: datetime.datetime | None) -> Agency:
    """The agency with all that the page says beside its obligations; one statement."""
    rows = with_contacts(Agency.objects.filter(pk=agency.pk), agency)
    return rows.annotate(
        **NOTICES.column(reader=reader),
        **WORKING_DAYS.column(),
        **REVIEW_DAYS.column(),
        **news_since(since, reader),
    ).get()


def _unasked(agency: Agency, rows: Sequence[ObligationRow]) -> QuerySet[Target]:
    """Annual targets of the agency that this quarter does not ask for."""
    mine = Q(lead=agency) | Q(lead=None, convenor=agency)
    asked = [row.obligation.target_id for row in rows if row.obligation.target_id]
    annual = Target.objects.filter(
        mine, frequency=Frequency.ANNUAL, retired_on=None, values_of=None
    )
    return annual.exclude(pk__in=asked).order_by("position")


def _review_days() -> Subquery:
    return Subquery(ReportingSetting.objects.filter(code=_REVIEW_DAYS).values("value")[:1])


_REVIEW_DAYS = "REVIEW_DAYS"
NOTICES = Annotation("told", unread_reminders_column, unread_reminders_of)
REVIEW_DAYS = Annotation(
    "review_days",
    _review_days,
    lambda days: Thresholds({} if days is None else {_REVIEW_DAYS: days}).whole(_REVIEW_DAYS),
)
"""The working days that a review usually takes."""
