"""与上季度相比: everything owed beside its last quarter, what is settled, what is left."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from agencies.models import Agency, User
from common.formats import zh_date_weekday
from common.quarters import Period
from reporting.answers.rules.wording import characters
from reporting.choices import ObligationKind
from reporting.filling.selectors.form import FormPage, form_page
from reporting.filling.selectors.obligation_details import with_details
from reporting.models import CommonReason, ReportingPeriod
from reporting.periods.selectors.obligations import (
    HAS_SIGNER,
    LAST_PHONE,
    period_obligations,
    period_of,
)
from reporting.periods.selectors.thresholds import thresholds
from reporting.policies import due_day, is_open
from reporting.unchanged.rules import Tick
from reporting.unchanged.selectors.offers import offers_by_key
from reporting.unchanged.selectors.rows import UnchangedRow
from reporting.workflow import Step

_NAMED = 6
"""So many undecided obligations are named in the check."""


@dataclass(frozen=True)
class UnchangedGroup:
    kind: str
    rows: tuple[UnchangedRow, ...]

    @property
    def title(self) -> str:
        return ObligationKind(self.kind).label

    @property
    def note(self) -> str:
        says = "，已竣工的勾选一次即可" if self.kind == ObligationKind.PROJECT else ""
        return f"{len(self.rows)}项{says}"


@dataclass(frozen=True)
class UnchangedPage:
    """All that an agency owes in a period. `reason` is the common one."""

    agency: Agency
    period: ReportingPeriod
    reader: User
    rows: tuple[UnchangedRow, ...]
    reason: CommonReason
    phone: str
    least: int
    is_confirmed: bool = False
    refusals: tuple[str, ...] = ()

    @property
    def blank_form(self) -> FormPage | None:
        """A form whose blanks the page's script copies."""
        return next((row.form for row in self.rows if row.form), None)

    @property
    def quarter_end(self) -> str:
        """9月末."""
        return f"{self.period.period.end.month}月末"

    @property
    def groups(self) -> tuple[UnchangedGroup, ...]:
        found = (
            UnchangedGroup(kind, tuple(one for one in self.rows if one.obligation.kind == kind))
            for kind in ObligationKind
        )
        return tuple(group for group in found if group.rows)

    @property
    def before(self) -> Period:
        return self.period.period.previous

    @property
    def may_write(self) -> bool:
        return any(row.takes_entries for row in self.rows)

    @cached_property
    def mine(self) -> tuple[UnchangedRow, ...]:
        """What is still with the reporter."""
        return tuple(row for row in self.rows if not row.is_gone)

    @cached_property
    def for_all(self) -> tuple[UnchangedRow, ...]:
        return tuple(row for row in self.rows if row.may_be_all)

    @property
    def is_all(self) -> bool:
        return bool(self.for_all) and all(row.is_ticked for row in self.for_all)

    @cached_property
    def ticked(self) -> tuple[UnchangedRow, ...]:
        return tuple(row for row in self.mine if row.is_ticked)

    @cached_property
    def awaited(self) -> tuple[UnchangedRow, ...]:
        return tuple(row for row in self.mine if row.is_awaited)

    @cached_property
    def decided(self) -> tuple[UnchangedRow, ...]:
        return tuple(row for row in self.mine if row.is_decided)

    @cached_property
    def undecided(self) -> tuple[UnchangedRow, ...]:
        return tuple(row for row in self.mine if not row.is_decided)

    @cached_property
    def stopped(self) -> tuple[UnchangedRow, ...]:
        return tuple(row for row in self.mine if row.is_stopped)

    @property
    def filled_count(self) -> int:
        return len(self.decided) - len(self.ticked) - len(self.awaited)

    @property
    def reason_count(self) -> int:
        """How many reasons the ticks of 全部 will want."""
        offers = [row.offered.offer for row in self.for_all]
        return sum(isinstance(one, Tick) and bool(one.reasons) for one in offers)

    @cached_property
    def reasoned(self) -> tuple[UnchangedRow, ...]:
        """The rows of the common reason: those that need one and have none of their own."""
        return tuple(row for row in self.decided if row.needs_reason)

    @cached_property
    def sharing(self) -> tuple[UnchangedRow, ...]:
        return tuple(row for row in self.reasoned if row.shares_reason)

    @property
    def asked(self) -> str:
        """What the empty box of the common reason asks for."""
        return f"为什么没有变化，下一步怎么办；至少{self.least}个字"

    @property
    def written(self) -> int:
        return characters(self.reason.text)

    @property
    def lacks_reason(self) -> bool:
        return bool(self.sharing) and self.written < self.least

    @cached_property
    def troubled(self) -> tuple[UnchangedRow, ...]:
        """Decided rows that cannot go, but for the common reason, which is told once."""
        short = self.sharing if self.lacks_reason else ()
        return tuple(row for row in self.decided if row.problems and row not in short)

    @property
    def trouble_count(self) -> int:
        return len(self.troubled) + self.lacks_reason

    @cached_property
    def ready(self) -> tuple[UnchangedRow, ...]:
        return tuple(row for row in self.decided if row.can_go)

    @property
    def can_send(self) -> bool:
        return bool(self.ready) and not self.trouble_count

    @property
    def step_words(self) -> str:
        return (Step.HAND_OVER if HAS_SIGNER.of(self.period) else Step.SUBMIT).label

    @property
    def button(self) -> str:
        if not self.ready:
            return self.step_words
        count = len(self.ready)
        return f"先报送已定的{count}项" if self.undecided else f"{self.step_words}（{count}项）"

    @property
    def bar_words(self) -> str:
        if self.trouble_count:
            return f"有{self.trouble_count}处要改，改好才能报送"
        if self.undecided or not self.decided:
            return f"已定{len(self.decided)}项，还有{len(self.undecided)}项"
        return f"{len(self.decided)}项已定"

    @property
    def undecided_words(self) -> str:
        """还有4项没有定：T19、2-2、3-1、9-2."""
        codes = "、".join(row.code for row in self.undecided[:_NAMED])
        more = "等" if len(self.undecided) > _NAMED else ""
        return f"还有{len(self.undecided)}项没有定：{codes}{more}"

    @property
    def ready_words(self) -> str:
        said = f"{len(self.ready)}项没有错误"
        return f"其余{said}，可以先报" if self.undecided else said

    @property
    def due_on(self) -> datetime.date | None:
        days = [day for row in self.mine if (day := due_day(obligation=row.obligation))]
        return min(days, default=None)

    @property
    def due_words(self) -> str:
        """12月7日（周一）截止，还剩7天."""
        if self.due_on is None:
            return ""
        day = zh_date_weekday(self.due_on).partition("年")[2]
        left = (self.due_on - timezone.localdate()).days
        if left < 0:
            return f"{day}截止" + ("" if self.period.is_backfill else f"，已逾期{-left}天")
        return f"{day}截止，{f'还剩{left}天' if left else '今天截止'}"

    @property
    def is_open(self) -> bool:
        return is_open(period=self.period)


def unchanged_page(
    *, reader: User, code: str, opened: Sequence[str] = (), phone: str | None = None,
    is_confirmed: bool = False, refusals: Sequence[str] = (),
) -> UnchangedPage | None:  # fmt: skip
    """The page of the reader's agency, with the forms of `opened` codes; None without a period."""
    agency = reader.agency
    assert agency is not None  # noqa: S101 - the database holds reporters to an agency
    period = period_of(agency, code)
    if period is None:
        return None
    limits = thresholds()
    reason = CommonReason.objects.filter(agency=agency, period=period).first()
    owed = period_obligations(agency=agency, period=period)
    found = offers_by_key(obligations=with_details(owed) if opened else owed, limits=limits)
    step = Step.HAND_OVER if HAS_SIGNER.of(period) else Step.SUBMIT
    common = reason.text if reason else ""
    rows = tuple(
        UnchangedRow(
            one,
            reader,
            step,
            common,
            tuple(opened),
            form_page(checked=one.checked, reader=reader, limits=limits)
            if one.address in opened
            else None,
        )
        for one in found.values()
    )
    return UnchangedPage(
        agency, period, reader, rows, reason or CommonReason(),
        (reader.phone or LAST_PHONE.of(period)) if phone is None else phone,
        limits.whole("REASON_LENGTH"), is_confirmed, tuple(refusals),
    )  # fmt: skip
