"""Obligations that wait for their agency's own signer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from agencies.choices import Role
from agencies.models import Agency, User
from common.formats import zh_day
from reporting.answers.selectors.checking import checked_by_key
from reporting.choices import ObligationState
from reporting.models import Obligation, ReportingPeriod
from reporting.periods.selectors.obligations import in_page_order
from reporting.policies import due_day
from reporting.submitting.selectors.check_page import (
    CheckGroup,
    CheckRow,
    grouped,
    with_presence,
)
from reporting.workflow import Step


@dataclass(frozen=True)
class SigningPart:
    """Obligations of one period: they are submitted together."""

    period: ReportingPeriod
    rows: tuple[CheckRow, ...]

    @property
    def groups(self) -> tuple[CheckGroup, ...]:
        return grouped(self.rows)

    @property
    def prepared_words(self) -> str:
        """填报人 张三、李四."""
        names = dict.fromkeys(row.obligation.prepared_by for row in self.rows)
        return f"填报人 {'、'.join(name for name in names if name)}"

    @property
    def due_words(self) -> str:
        """12月7日截止: the first day that binds one of them; empty where none has one."""
        days = [due_day(obligation=row.obligation) for row in self.rows]
        first = min((day for day in days if day), default=None)
        return f"{zh_day(first)}截止" if first else ""

    @property
    def ready_count(self) -> int:
        return sum(row.can_go for row in self.rows)


@dataclass(frozen=True)
class SigningPage:
    """All that waits in the reader's agency, by period."""

    agency: Agency
    reader: User
    parts: tuple[SigningPart, ...]

    @property
    def signs(self) -> bool:
        """Whether the reader may sign; the agency's preparers only read."""
        return self.reader.has_role(Role.SIGNER)

    @property
    def count(self) -> int:
        return sum(len(part.rows) for part in self.parts)


def signing_page(
    *,
    reader: User,
    ticked: Sequence[int] | None = None,
    comments: Mapping[int, str] | None = None,
) -> SigningPage:
    """The page of the reader's agency; `ticked` and `comments` come from a refused POST."""
    assert reader.agency is not None  # noqa: S101 - the database holds signers to an agency
    obligations = Obligation.objects.filter(
        agency=reader.agency, state=ObligationState.SIGNING, dropped_on=None
    )
    here = reverse("reporting:signing")
    rows = [
        CheckRow(
            one,
            reader,
            Step.SIGN,
            here,
            is_chosen=ticked is None or pk in ticked,
            comment=(comments or {}).get(pk, ""),
        )
        for pk, one in checked_by_key(
            obligations=with_presence(in_page_order(obligations), reader)
        ).items()
    ]
    periods = dict.fromkeys(row.obligation.period for row in rows)
    newest = sorted(periods, key=lambda period: (period.year, period.quarter), reverse=True)
    parts = tuple(
        SigningPart(period, tuple(row for row in rows if row.obligation.period == period))
        for period in newest
    )
    return SigningPage(reader.agency, reader, parts)
