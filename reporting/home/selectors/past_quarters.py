"""我的历史: the reports of an agency in earlier quarters."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils import timezone

from agencies.models import Agency, User
from reporting.answers.selectors.answer_words import submitted_words
from reporting.choices import ObligationKind, ObligationState
from reporting.home.selectors.news import NewsLine, news_in, read_news
from reporting.models import Obligation, ReportingPeriod, Submission
from reporting.policies import is_open
from reporting.submitting.selectors.receipt import submissions_of

_TOLD = {"进展", "配合情况"}


@dataclass(frozen=True)
class PastRow:
    """One obligation of an earlier quarter with its answer in short."""

    obligation: Obligation
    answer: str

    @property
    def tag(self) -> str:
        state = self.obligation.state
        return "submitted" if state == ObligationState.REVIEWING else state


@dataclass(frozen=True)
class PastQuarter:
    """One quarter of an agency, and the quarters to choose from."""

    agency: Agency
    periods: tuple[ReportingPeriod, ...]
    period: ReportingPeriod | None
    rows: tuple[PastRow, ...] = ()
    submissions: tuple[Submission, ...] = ()
    news: tuple[NewsLine, ...] = ()
    """What was decided and answered in the quarter, newest first."""

    @property
    def groups(self) -> list[tuple[str, list[PastRow]]]:
        """Title of each kind with its rows; kinds without rows are left out."""
        found = [
            (kind.label, [row for row in self.rows if row.obligation.kind == kind])
            for kind in ObligationKind
        ]
        return [(label, rows) for label, rows in found if rows]


def past_quarter(*, reader: User, code: str = "") -> PastQuarter:
    """The quarter asked for, else the newest that has ended."""
    assert reader.agency is not None  # noqa: S101 - the database holds reporters to an agency
    own = Obligation.objects.filter(agency=reader.agency)
    known = tuple(ReportingPeriod.objects.filter(Exists(own.filter(period=OuterRef("pk")))))
    today = timezone.localdate()
    named = [row for row in known if row.code == code]
    over = [row for row in known if not is_open(period=row, today=today)]
    period = next(iter([*named, *over, *known]), None)
    obligations = own.filter(period=period).owed().with_subjects().in_plan_order()
    if period is None:
        return PastQuarter(reader.agency, known, None)
    sent = tuple(submissions_of(agency=reader.agency).filter(period=period))
    agency = Agency.objects.annotate(**news_in(period, reader)).get(pk=reader.agency.pk)
    rows = tuple(map(_row, obligations))
    return PastQuarter(reader.agency, known, period, rows, sent, read_news(agency))


def _row(obligation: Obligation) -> PastRow:
    """The row of an obligation, for a task with the beginning of its text."""
    if not obligation.content:
        return PastRow(obligation, "")
    words = submitted_words(obligation=obligation, texts=obligation.texts)
    told = next((text for label, text in words.lines if label in _TOLD), "")
    return PastRow(obligation, f"{words.value}：{told}" if told else words.whole)
