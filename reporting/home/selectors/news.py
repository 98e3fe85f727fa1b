"""What the bureau and others decided and answered: since the last visit, or in a period."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date

from agencies.models import Agency, User
from common.database.annotations import Annotation
from common.database.json_rows import JSONRow
from common.quarters import Period
from reporting.choices import DecisionKind, MatterStep, ObligationKind, RequestKind, RequestState
from reporting.home import rules
from reporting.models import (
    KIND_PATHS,
    Decision,
    FieldComment,
    MatterNote,
    ReportingPeriod,
    TimeRequest,
    coded,
)

_MOST = 60
_APPROVALS = 3
"""More approvals than that are one line."""
FIRST = datetime.timedelta(days=7)
_REMARKS_OF = datetime.timedelta(days=120)
_STEPS: Mapping[str, str] = {
    MatterStep.ANSWER: "答复",
    MatterStep.INSTRUCT: "批示",
    MatterStep.TAKE_UP: "交办",
    MatterStep.EXTEND: "延期",
    MatterStep.CLOSE: "销号",
    MatterStep.REOPEN: "重办",
}


@dataclass(frozen=True)
class NewsLine:
    """One thing that was decided: 通过 5-4 推动智慧交通全面发展."""

    word: str
    text: str
    url: str
    at: datetime.datetime
    is_return: bool = False

    @property
    def when(self) -> str:
        """今天 08:43, 11-27 17:20."""
        return rules.moment_words(self.at, timezone.localdate())


def news_since(since: datetime.datetime | None, reader: User) -> dict[str, Any]:
    """The columns of what happened since a moment, for the statement that reads the agency.

    Without one, at a first visit, of the last week.
    """
    since = since or timezone.now() - FIRST
    return _columns(
        reader,
        Q(decided_at__gt=since),
        Q(answered_at__gt=since, decision__decided_at__gt=since - _REMARKS_OF),
        Q(at__gt=since),
    )


def news_in(period: ReportingPeriod, reader: User) -> dict[str, Any]:
    """The columns of what happened in a period."""
    days = (period.opens_on, period.closes_on)
    return _columns(
        reader,
        Q(obligation__period=period),
        Q(decision__obligation__period=period, answered_at__isnull=False),
        Q(at__date__range=days),
        requests=Q(period=period),
    )


def read_news(agency: Agency) -> tuple[NewsLine, ...]:
    """The lines beside an agency, newest first."""
    lines = [line for read in (_DECISIONS, _REQUESTS, _REMARKS, _NOTES) for line in read.of(agency)]
    return tuple(sorted(lines, key=lambda line: line.at, reverse=True))


def merged(lines: Iterable[NewsLine], past: str) -> tuple[NewsLine, ...]:
    """The lines with many approvals as one, which leads to the history."""
    known = list(lines)
    approved = [line for line in known if line.word == _WORDS[DecisionKind.APPROVED]]
    if len(approved) <= _APPROVALS:
        return tuple(known)
    codes = rules.codes_words(line.text.partition(" ")[0] for line in approved)
    one = NewsLine(approved[0].word, codes, past, approved[0].at)
    rest = [one if line is approved[0] else line for line in known if line not in approved[1:]]
    return tuple(rest)


def _columns(
    reader: User, decided: Q, answered: Q, noted: Q, requests: Q | None = None
) -> dict[str, Any]:
    return {
        **_DECISIONS.column(reader, decided),
        **_REQUESTS.column(reader, requests or decided),
        **_REMARKS.column(reader, answered),
        **_NOTES.column(reader, noted),
    }


def _facts(path: str) -> dict[str, Any]:
    """What names an obligation and leads to it."""
    named = {
        name: Coalesce(*(f"{path}{subject}" for subject in subjects))
        for name, subjects in (
            ("code", ("target__code", "task__code", "project__code")),
            ("title", ("target__name", "task__title", "project__name")),
        )
    }
    return named | {
        "kind": f"{path}kind",
        "of": f"{path}value_year",
        "year": f"{path}period__year",
        "quarter": f"{path}period__quarter",
    }


def _newest(rows: QuerySet[Any], order: str, **facts: Any) -> ArraySubquery:
    return ArraySubquery(rows.order_by(f"-{order}", "-pk").values(json=JSONRow(**facts))[:_MOST])


def _decisions(reader: User, of: Q) -> ArraySubquery:
    kinds = (DecisionKind.APPROVED, DecisionKind.RETURNED, DecisionKind.SENT_BACK)
    rows = Decision.objects.filter(
        of, obligation__agency=reader.agency_id, kind__in=kinds, undone_at=None
    ).exclude(by_id=reader.pk)
    return _newest(rows, "decided_at", word="kind", at="decided_at", **_facts("obligation__"))


def _requests(reader: User, of: Q) -> ArraySubquery:
    rows = TimeRequest.objects.filter(of, agency=reader.agency_id).exclude(
        state=RequestState.PENDING
    )
    facts = {"word": "kind", "state": "state", "until": "until", "at": "decided_at"}
    return _newest(rows, "decided_at", **facts, **_facts("obligation__"), period="period__year",
                   in_quarter="period__quarter")  # fmt: skip


def _remarks(reader: User, of: Q) -> ArraySubquery:
    """Remarks that a colleague has answered."""
    rows = FieldComment.objects.filter(of, decision__obligation__agency=reader.agency_id).exclude(
        answered_by=reader.display_name
    )
    facts = _facts("decision__obligation__")
    return _newest(rows, "answered_at", by="answered_by", at="answered_at", **facts)


def _notes(reader: User, of: Q) -> ArraySubquery:
    """What others did with the matters that the agency raised or carries out."""
    mine = Q(matter__agency=reader.agency_id) | Q(matter__handler=reader.agency_id)
    rows = MatterNote.objects.filter(of, mine, step__in=_STEPS).exclude(by_id=reader.pk)
    return _newest(rows, "at", word="step", at="at", code="matter__code", title="matter__title")


_WORDS: Mapping[str, str] = {
    DecisionKind.APPROVED: "通过",
    DecisionKind.RETURNED: "退回",
    DecisionKind.SENT_BACK: "退回",
}


def _read_decisions(found: Iterable[Mapping[str, Any]]) -> tuple[NewsLine, ...]:
    return tuple(
        NewsLine(
            _WORDS[row["word"]],
            f"{_code(row)} {row['title']}",
            _url(row),
            _moment(row),
            is_return=row["word"] != DecisionKind.APPROVED,
        )
        for row in found
    )


def _read_requests(found: Iterable[Mapping[str, Any]]) -> tuple[NewsLine, ...]:
    return tuple(_request_line(row) for row in found)


def _request_line(row: Mapping[str, Any]) -> NewsLine:
    """T19 延到12月15日（周二）, T19 解锁到…, T19 的延期没有同意."""
    is_extension = row["word"] == RequestKind.EXTENSION
    what = _code(row) if row["code"] else "全部未报事项"
    until, word = parse_date(row["until"]), "延期" if is_extension else "解锁"
    assert until is not None  # noqa: S101 - a date of the database
    said = f"{what} {word[0] if is_extension else word}到{rules.short_weekday(until)}"
    if row["state"] == RequestState.REFUSED:
        said = f"{what} 的{word}没有同意"
    period = Period(row["period"], row["in_quarter"]).code
    url = _url(row) if row["code"] else reverse("reporting:ask_time", args=[period])
    return NewsLine(word, said, url, _moment(row))


def _read_remarks(found: Iterable[Mapping[str, Any]]) -> tuple[NewsLine, ...]:
    return tuple(
        NewsLine("答复", f"{_code(row)} 的审核意见，{row['by']}", _url(row), _moment(row))
        for row in found
    )


def _read_notes(found: Iterable[Mapping[str, Any]]) -> tuple[NewsLine, ...]:
    return tuple(
        NewsLine(
            _STEPS[row["word"]],
            f"重大问题：{row['title']}",
            reverse("reporting:matter", args=[row["code"]]),
            _moment(row),
        )
        for row in found
    )


def _code(row: Mapping[str, Any]) -> str:
    return coded(row["code"], row["of"])


def _url(row: Mapping[str, Any]) -> str:
    period = Period(row["year"], row["quarter"]).code
    return reverse(
        "reporting:fill", args=[period, KIND_PATHS[ObligationKind(row["kind"])], _code(row)]
    )


def _moment(row: Mapping[str, Any]) -> datetime.datetime:
    return timezone.localtime(datetime.datetime.fromisoformat(row["at"]))


_DECISIONS = Annotation("decided_news", _decisions, _read_decisions)
_REQUESTS = Annotation("request_news", _requests, _read_requests)
_REMARKS = Annotation("remark_news", _remarks, _read_remarks)
_NOTES = Annotation("matter_news", _notes, _read_notes)
