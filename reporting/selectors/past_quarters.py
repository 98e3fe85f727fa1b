"""我的历史: what an agency reported in earlier quarters."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils import timezone

from agencies.models import Agency, User
from common.formats import number
from projects.choices import ProjectStatus
from reporting.choices import Attainment, Availability, ObligationKind
from reporting.models import Obligation, ReportingPeriod
from reporting.policies import is_open
from reporting.rules.answers import (
    Answers,
    ContributionAnswers,
    ProjectAnswers,
    TargetAnswers,
    TaskAnswers,
    read,
)
from tasks.choices import TaskStatus

LONGEST = 60


@dataclass(frozen=True)
class PastRow:
    """One item of an earlier quarter with its answer in short."""

    item: Obligation
    answer: str

    @property
    def tag(self) -> str:
        return "submitted" if self.item.state == "reviewing" else self.item.state


@dataclass(frozen=True)
class PastQuarter:
    """One quarter of an agency, and the quarters to choose from."""

    agency: Agency
    periods: tuple[ReportingPeriod, ...]
    period: ReportingPeriod | None
    rows: tuple[PastRow, ...] = ()

    @property
    def groups(self) -> list[tuple[str, list[PastRow]]]:
        """Title of each kind with its rows; kinds without rows are left out."""
        found = [
            (kind.label, [row for row in self.rows if row.item.kind == kind])
            for kind in ObligationKind
        ]
        return [(label, rows) for label, rows in found if rows]


def past_quarter(*, reader: User, code: str = "") -> PastQuarter:
    """The quarter asked for, or the newest that is over."""
    assert reader.agency is not None  # noqa: S101 - the database holds reporters to an agency
    own = Obligation.objects.filter(agency=reader.agency)
    known = tuple(ReportingPeriod.objects.filter(Exists(own.filter(period=OuterRef("pk")))))
    today = timezone.localdate()
    named = [row for row in known if row.code == code]
    over = [row for row in known if not is_open(period=row, today=today)]
    period = next(iter([*named, *over, *known]), None)
    items = own.filter(period=period).owed().with_subjects().in_plan_order()  # type: ignore[attr-defined]
    rows = tuple(PastRow(item, answer_words(item)) for item in items) if period else ()
    return PastQuarter(reader.agency, known, period, rows)


def answer_words(item: Obligation) -> str:
    """What an item says, in a few words; as typed where it cannot be read."""
    if not item.content:
        return ""
    answers = read(item.kind, item.texts, item.period.period)
    return _words(answers, item) or "、".join(answers.unreadable and _typed(answers))


def _words(answers: Answers, item: Obligation) -> str:
    if isinstance(answers, TargetAnswers):
        return _target_words(answers, item)
    if isinstance(answers, TaskAnswers):
        status = TaskStatus(answers.status).label if answers.status else ""
        return "：".join(part for part in (status, _short(answers.narrative)) if part)
    if isinstance(answers, ContributionAnswers):
        return "本季度无配合事项" if answers.nothing else _short(answers.text)
    return _project_words(answers) if isinstance(answers, ProjectAnswers) else ""


def _target_words(answers: TargetAnswers, item: Obligation) -> str:
    if answers.attainment:
        return Attainment(answers.attainment).label
    if answers.availability in {"", Availability.NEW} and answers.value is not None:
        assert item.target is not None  # noqa: S101 - the kind says so
        return f"{number(answers.value, item.target.decimals)}{item.target.unit}"
    return Availability(answers.availability).label if answers.availability else ""


def _project_words(answers: ProjectAnswers) -> str:
    if answers.no_change:
        return "本季度无变化"
    status = ProjectStatus(answers.status).label if answers.status else ""
    invested = answers.invested_wan
    sum_ = f"累计{number(invested, 0)}万元" if invested is not None else ""
    return "，".join(part for part in (status, sum_) if part)


def _typed(answers: Answers) -> list[str]:
    return [_short(answers.texts[name]) for name in answers.unreadable]


def _short(text: str) -> str:
    shown = " ".join(text.split())
    return shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}…"
