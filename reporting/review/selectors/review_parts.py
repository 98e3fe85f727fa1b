"""Parts of an obligation under review: rounds, submitted fields, figures to compare."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from common.database.annotations import Annotation
from common.database.json_rows import JSONRow
from common.formats import number, signed
from common.quantities import UnreadableError
from reporting.answers.rules import readers
from reporting.answers.rules.answers import MONEY, Answers, ProjectAnswers, TaskAnswers
from reporting.answers.rules.likeness import TextPiece, changes
from reporting.answers.rules.options import OPTIONS
from reporting.answers.selectors.checking import CheckedObligation
from reporting.choices import DecisionKind
from reporting.filling.selectors.form_hints import unit_of
from reporting.models import Decision, Evidence, Obligation, SubmittedItem, full_number_at
from reporting.rules.fields import (
    CHOICE,
    FORMS,
    LONG,
    NUMBER,
    PERIOD,
    TICK,
    TICKED,
    VALUE_PERIOD,
    Field,
)

EVIDENCE = "evidence"
"""The name to which a comment on the files of an obligation is pinned."""
_MOST_ROUNDS = 12
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class ReviewRound:
    """One submission of the obligation."""

    number: int
    texts: Mapping[str, str]
    doubts: tuple[Mapping[str, str], ...]
    receipt: str
    prepared_by: str
    signed_by: str
    phone: str
    at: datetime.datetime
    is_decided: bool
    is_approved: bool


@dataclass(frozen=True)
class ReviewFile:
    """A file of the obligation."""

    pk: int
    name: str
    size: int
    is_reused: bool

    @property
    def size_text(self) -> str:
        """214 KB, 3.2 MB."""
        if self.size < _MEGABYTE:
            return f"{max(1, round(self.size / 1024))} KB"
        return f"{self.size / _MEGABYTE:.1f} MB"


@dataclass(frozen=True)
class TypedDecision:
    """A decision as the reviewer typed it, for a form that was refused."""

    comment: str = ""
    answer_due: str = ""
    phrases: tuple[str, ...] = ()
    remarks: Mapping[str, tuple[str, str]] | None = None
    """Field → comment and suggested value."""
    problems: Mapping[str, str] | None = None
    """Field → why its suggested value was refused."""

    def remark(self, name: str) -> tuple[str, str, str]:
        """Comment, suggested value, and why it was refused."""
        problem = (self.problems or {}).get(name, "")
        return (*(self.remarks or {}).get(name, ("", "")), problem)


@dataclass(frozen=True)
class FieldRow:
    """One submitted field with last quarter's text and room for a comment."""

    name: str
    label: str
    text: str
    before: str = ""
    is_long: bool = False
    options: tuple[tuple[str, str], ...] = ()
    can_suggest: bool = True
    remark: str = ""
    suggested: str = ""
    problem: str = ""

    @property
    def is_open(self) -> bool:
        """Whether the reviewer has typed something at the field."""
        return bool(self.remark or self.suggested)

    @cached_property
    def pieces(self) -> tuple[TextPiece, ...]:
        """The differences from the previous text; empty where the texts have nothing in common."""
        found = changes(self.before, self.text) if self.before and self.text else ()
        return found if any(piece.kind == "same" for piece in found) else ()

    @property
    def short_label(self) -> str:
        """The label without its quarter: 进展 for 本季度进展."""
        return self.label.removeprefix("本季度").removeprefix("本单位")

    @property
    def is_changed(self) -> bool:
        return self.before != self.text


@dataclass(frozen=True)
class ReviewFigure:
    """One figure of the line at the top."""

    label: str
    value: str
    unit: str = ""
    is_past: bool = False
    period: str = ""
    """Period of an approved value of a target: 2025, 2026Q2."""


def with_rounds(obligations: QuerySet[Obligation]) -> QuerySet[Obligation]:
    """The obligations annotated with their rounds and files."""
    return obligations.annotate(**_ROUNDS.column(), **_FILES.column())


def _rounds() -> ArraySubquery:
    decided = Decision.objects.filter(item=OuterRef("pk"), undone_at=None)
    rounds = (
        SubmittedItem.objects.filter(obligation=OuterRef("pk"), withdrawn_at=None)
        .annotate(
            is_decided=Exists(decided),
            is_approved=Exists(decided.filter(kind=DecisionKind.APPROVED)),
        )
        .order_by("-round")
    )
    names = {
        "number": "round", "texts": "texts", "doubts": "doubts",
        "receipt": full_number_at("submission__"), "prepared_by": "submission__prepared_by",
        "signed_by": "submission__signed_by", "phone": "submission__phone",
        "at": "submission__submitted_at", "is_decided": "is_decided",
        "is_approved": "is_approved",
    }  # fmt: skip
    return ArraySubquery(_objects(rounds, names)[:_MOST_ROUNDS])


def _files() -> ArraySubquery:
    files = Evidence.objects.filter(obligation=OuterRef("pk"), removed_at=None).order_by("pk")
    names = {"pk": "pk", "name": "name", "size": "file__size", "is_reused": "is_reused"}
    return ArraySubquery(_objects(files, names))


def _objects(rows: QuerySet[Any], names: Mapping[str, Any]) -> QuerySet[Any]:
    return rows.values(json=JSONRow(**names))


def rounds_of(obligation: Obligation) -> tuple[ReviewRound, ...]:
    """The rounds, newest first."""
    return _ROUNDS.of(obligation)


def files_of(obligation: Obligation) -> tuple[ReviewFile, ...]:
    """The files in the order of upload."""
    return _FILES.of(obligation)


def _read_rounds(found: Iterable[Mapping[str, Any]]) -> tuple[ReviewRound, ...]:
    return tuple(
        ReviewRound(**{
            **row,
            "doubts": tuple(row["doubts"]),
            "at": timezone.localtime(datetime.datetime.fromisoformat(row["at"])),
        })
        for row in found
    )  # fmt: skip


def _read_files(found: Iterable[Mapping[str, Any]]) -> tuple[ReviewFile, ...]:
    return tuple(ReviewFile(**row) for row in found)


_ROUNDS = Annotation("rounds_sent", _rounds, _read_rounds)
_FILES = Annotation("files_kept", _files, _read_files)


def field_rows(
    *, checked: CheckedObligation, before: Mapping[str, str], typed: TypedDecision
) -> tuple[FieldRow, ...]:
    """The fields of the form; `before` are the texts to compare with."""
    obligation = checked.obligation
    return tuple(
        FieldRow(
            known.name,
            known.label,
            shown(checked, known, obligation.texts.get(known.name, "")),
            shown(checked, known, before.get(known.name, "")),
            known.type == LONG,
            tuple(OPTIONS[known.choices].items()) if known.choices else (),
            True,
            *typed.remark(known.name),
        )
        for known in FORMS[obligation.kind]
        if not (obligation.value_year and known.name == VALUE_PERIOD)
    )


def shown(checked: CheckedObligation, known: Field, text: str) -> str:
    """A field's text for readers: words of a choice, a number with its unit."""
    text = text.strip()
    if known.type == CHOICE:
        return OPTIONS[known.choices].get(text, text)
    if known.type == TICK:
        return "是" if text == TICKED else ""
    if known.type == PERIOD:
        return _period(text, checked)
    return _number(text, known, checked) if known.type == NUMBER and text else text


def _number(text: str, known: Field, checked: CheckedObligation) -> str:
    """The number as it was read, with its unit; an unreadable one as typed."""
    reader = readers.amount if known.name in MONEY else readers.figure
    try:
        value = reader(text).value
    except UnreadableError:
        return text
    return text if value is None else f"{number(value)}{unit_of(checked, known.name)}"


def _period(text: str, checked: CheckedObligation) -> str:
    try:
        found = readers.period(text, checked.obligation.period.period) if text else None
    except UnreadableError:
        return text
    return found.label if found else ""


def evidence_row(*, files: Iterable[ReviewFile], typed: TypedDecision) -> FieldRow:
    """The files as a row that can be commented on."""
    names = "、".join(file.name for file in files)
    return FieldRow(EVIDENCE, "佐证材料", names, "", False, (), False, *typed.remark(EVIDENCE))


def task_figures(now: TaskAnswers, last: Answers | None) -> tuple[ReviewFigure, ...]:
    """Status last quarter and now, and the reported quantity."""
    words = OPTIONS["TaskStatus"]
    before = last if isinstance(last, TaskAnswers) else None
    found = [
        ReviewFigure("上季度状态", words.get(before.status, "—") if before else "—", is_past=True),
        ReviewFigure("本季度状态", words.get(now.status, "—")),
    ]
    if now.quantity_value is None:
        return tuple(found)
    name, unit = now.quantity_name or "量化进展", now.quantity_unit
    found.append(ReviewFigure(name, number(now.quantity_value), unit))
    if before and before.quantity_value is not None:
        change = now.quantity_value - before.quantity_value
        found.append(
            ReviewFigure(f"较上季度 {number(before.quantity_value)}", signed(change), unit)
        )
    return tuple(found)


def project_figures(
    now: ProjectAnswers, last: Decimal | None, total: Decimal | None
) -> tuple[ReviewFigure, ...]:
    """Invested up to last quarter and to this one, change, share of the total; 万元."""
    if now.no_change:
        return (
            ReviewFigure("上季度累计投资", _wan(last), "万元", is_past=True),
            ReviewFigure("本季度", "无变化"),
        )
    found = [
        ReviewFigure(
            "上季度累计投资", _wan(last), "万元" if last is not None else "", is_past=True
        ),
        ReviewFigure("本季度累计投资", _wan(now.invested_wan), "万元" if now.invested_wan else ""),
    ]
    if now.invested_wan is not None and last is not None:
        found.append(ReviewFigure("本季度增加", signed(now.invested_wan - last, 0), "万元"))
    if now.invested_wan is not None and total:
        share = now.invested_wan / total * 100
        found.append(ReviewFigure(f"占总投资 {number(total, 0)}万元", number(share, 1), "%"))
    if now.works_percent is not None:
        found.append(ReviewFigure("形象进度", number(now.works_percent), "%"))
    return tuple(found)


def _wan(value: Decimal | None) -> str:
    return "—" if value is None else number(value, 0)
