"""Writes approved answers into the plan, and undoes it: no other module writes reports there."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import OuterRef, Subquery

from agencies.models import User
from common.database.annotations import Annotation
from projects.models import ProjectProgress
from projects.services import record_progress_many as record_projects
from projects.services import retract_progress as retract_projects
from reporting.answers.rules.answers import (
    ContributionAnswers,
    ProjectAnswers,
    TargetAnswers,
    TaskAnswers,
    read,
)
from reporting.answers.rules.wording import handed_in_words
from reporting.answers.selectors.history import PROJECT_FACTS
from reporting.answers.selectors.reported_value import USUAL_GRADE
from reporting.choices import Availability, DecisionKind, ObligationKind
from reporting.models import Obligation, SubmittedItem
from targets.models import Observation
from targets.selectors.accounting import basis_names
from targets.services.observations import (
    FRACTION,
    record_observations,
    retract_observations,
    take_over,
)
from tasks.models import TaskContribution, TaskProgress
from tasks.services import (
    record_contributions,
    record_progress_many,
    retract_contributions,
    retract_progress,
)

SubmittedPair = tuple[Obligation, SubmittedItem]
Complete = Callable[[Observation, Observation], None]


@dataclass(frozen=True)
class _RecordKind:
    """How one kind of record is created, recorded and retracted."""

    model: type[models.Model]
    record: Callable[..., list[Any]]
    retract: Callable[..., list[Any]]
    complete: Callable[[Sequence[SubmittedPair]], Complete] | None = None
    """Takes over into a record what the record it replaces has and the form does not ask for."""


def _record_values(
    *, rows: Sequence[Observation], by: User | None, complete: Complete
) -> list[Observation]:
    _name_bases([row for row in rows if row.basis_id])
    return record_observations(observations=rows, by=by, complete=complete)


def _name_bases(rows: Sequence[Observation]) -> None:
    """Set bases by their current names. Raises ValidationError where the register has none."""
    names = basis_names() if rows else None
    for row in rows:
        known = names.canonical(row.basis_name) if names else None
        if known is None:
            told = (
                f"{row.target.code}的口径“{row.basis_name}”没有登记，请管理员登记后再通过，或退回"
            )
            raise ValidationError(told)
        row.basis_id = known


def _approved_texts() -> Subquery:
    rounds = SubmittedItem.objects.filter(obligation=OuterRef("obligation")).order_by("-round")
    approved = rounds.filter(decisions__kind=DecisionKind.APPROVED, decisions__undone_at=None)
    return Subquery(approved.values("texts")[:1])


def _read_texts(found: Mapping[str, str] | None) -> Mapping[str, str]:
    return found or {}


APPROVED_TEXTS = Annotation("approved_texts", _approved_texts, _read_texts)
"""The texts approved last of the obligation of a submitted item."""


def _completed(pairs: Sequence[SubmittedPair]) -> Complete:
    """A published rate stays until its form clears it; a fraction stays with the value it makes."""
    cleared = _cleared_rates(pairs)

    def complete(new: Observation, known: Observation) -> None:
        if new.value is None:
            return
        is_cleared = cleared.get((new.target_id, new.year)) == known.annual_rate
        is_asked = new.annual_rate is not None or is_cleared
        names = FRACTION if is_asked else (*FRACTION, "annual_rate")
        take_over(new=new, known=known, names=names)

    return complete


def _cleared_rates(pairs: Sequence[SubmittedPair]) -> dict[tuple[int | None, int], Decimal | None]:
    """Target key and year → the rate that the previous report had recorded and this one clears.

    A field that was never filled in does not clear a rate that was imported.
    """
    found: dict[tuple[int | None, int], Decimal | None] = {}
    for obligation, copy in pairs:
        before = APPROVED_TEXTS.of(copy)
        if before and not copy.texts.get("annual_rate", "").strip():
            answers = read(obligation.kind, before, obligation.period.period)
            if isinstance(answers, TargetAnswers):
                year = obligation.meant(answers.value_period).year
                found[obligation.target_id, year] = answers.annual_rate
    return found


_RECORD_KINDS: Mapping[str, _RecordKind] = {
    ObligationKind.TARGET: _RecordKind(
        Observation, _record_values, retract_observations, _completed
    ),
    ObligationKind.TASK: _RecordKind(TaskProgress, record_progress_many, retract_progress),
    ObligationKind.CONTRIBUTION: _RecordKind(
        TaskContribution, record_contributions, retract_contributions
    ),
    ObligationKind.PROJECT: _RecordKind(ProjectProgress, record_projects, retract_projects),
}


def put_in_force(*, pairs: Sequence[SubmittedPair], by: User) -> dict[int, dict[str, Any]]:
    """Record approved submitted items; obligation key → what `take_back` needs, or an empty dict.

    A submitted item without a new value writes nothing. Each submitted item must be read with
    APPROVED_TEXTS. Raises ValidationError in the words of the plan's own checks.
    """
    found: dict[int, dict[str, Any]] = {obligation.pk: {} for obligation, _ in pairs}
    lasts = _lasts(pairs)
    for kind, record_kind in _RECORD_KINDS.items():
        mine = [(obligation, copy) for obligation, copy in pairs if obligation.kind == kind]
        made = {
            obligation.pk: _record(obligation, copy, lasts.get(obligation.pk))
            for obligation, copy in mine
        }
        records = [record for record in made.values() if record is not None]
        put = record_kind.record
        if record_kind.complete:
            put = partial(put, complete=record_kind.complete(mine))
        # Only records that differ from the current ones are returned: the others need no undo.
        written = {id(record) for record in put(rows=records, by=by)} if records else set()
        found |= {
            pk: {"kind": kind, "pk": record.pk}
            for pk, record in made.items()
            if record is not None and id(record) in written
        }
    return found


def take_back(*, effects: Iterable[Mapping[str, Any]], by: User) -> None:
    """Retract the records that approvals wrote; the versions before them are current again."""
    keys: dict[str, list[int]] = {}
    for effect in effects:
        if "pk" in effect:
            keys.setdefault(effect["kind"], []).append(effect["pk"])
    for kind, pks in keys.items():
        record_kind = _RECORD_KINDS[kind]
        rows = list(record_kind.model._base_manager.filter(pk__in=pks))
        record_kind.retract(rows=rows, by=by, reason="撤销审核通过")


def _record(
    obligation: Obligation, copy: SubmittedItem, last: ProjectProgress | None
) -> models.Model | None:
    answers = read(obligation.kind, copy.texts, obligation.period.period)
    usual = handed_in_words(obligation.period.period, copy.submission.number)
    reason = obligation.correction_reason or usual
    if isinstance(answers, ProjectAnswers):
        return _project(obligation, answers, reason, last)
    return _MAKERS[obligation.kind](obligation, answers, reason)


def _observation(obligation: Obligation, answers: TargetAnswers, reason: str) -> Observation | None:
    applies = answers.availability != Availability.NOT_APPLICABLE
    if answers.availability not in {Availability.NEW, Availability.NOT_APPLICABLE}:
        return None
    if applies and answers.value is None:
        return None
    period = obligation.meant(answers.value_period)
    return Observation(
        target=obligation.target,
        year=period.year,
        quarter=period.quarter,
        value=answers.value if applies else None,
        annual_rate=answers.annual_rate if applies else None,
        not_applicable=not applies,
        grade=answers.grade or USUAL_GRADE,
        basis_id=answers.basis or None,
        source=answers.source or obligation.agency.name,
        reason=reason[:200],
        note=answers.note,
    )


def _progress(obligation: Obligation, answers: TaskAnswers, reason: str) -> TaskProgress:
    return TaskProgress(
        task=obligation.task,
        **_quarter(obligation),
        status=answers.status,
        narrative=answers.narrative,
        problems=answers.problems,
        coordination=answers.coordination,
        next_steps=answers.next_steps,
        next_due=answers.next_due or "",
        quantity_name=answers.quantity_name,
        quantity_value=answers.quantity_value,
        quantity_unit=answers.quantity_unit,
        reason=reason[:200],
    )


def _contribution(
    obligation: Obligation, answers: ContributionAnswers, reason: str
) -> TaskContribution:
    return TaskContribution(
        task=obligation.task,
        agency=obligation.agency,
        **_quarter(obligation),
        text="" if answers.nothing else answers.text,
        nothing=answers.nothing,
        reason=reason[:200],
    )


def _project(
    obligation: Obligation, answers: ProjectAnswers, reason: str, last: ProjectProgress | None
) -> ProjectProgress:
    if answers.no_change:
        return _unchanged(obligation, last, reason)
    return ProjectProgress(
        project=obligation.project,
        **_quarter(obligation),
        status=answers.status,
        invested_wan=answers.invested_wan,
        works_percent=answers.works_percent,
        works_note=answers.works_note,
        started_on=answers.started_on or "",
        completed_on=answers.completed_on or "",
        expected_on=answers.expected_on or "",
        problems=answers.problems,
        reason=reason[:200],
    )


def _unchanged(
    obligation: Obligation, last: ProjectProgress | None, reason: str
) -> ProjectProgress:
    """本季度无变化: a copy of last quarter's record for this quarter."""
    if last is None:
        raise ValidationError(f"{obligation.subject_code}以前没有填报过，不能填“本季度无变化”")
    facts = {name: getattr(last, name) for name in PROJECT_FACTS}
    return ProjectProgress(
        project=obligation.project, **_quarter(obligation), **facts, reason=reason[:200]
    )


def _lasts(pairs: Sequence[SubmittedPair]) -> dict[int, ProjectProgress]:
    """Item key → the record before its quarter, for items with 本季度无变化; one statement."""
    obligations = [
        obligation
        for obligation, copy in pairs
        if obligation.kind == ObligationKind.PROJECT and copy.texts.get("no_change")
    ]
    found: dict[int, ProjectProgress] = {}
    if not obligations:
        return found
    known = ProjectProgress.objects.filter(
        project__in={obligation.project_id for obligation in obligations}, is_current=True
    ).order_by("year", "quarter")
    for record in known:
        for obligation in obligations:
            own = obligation.period
            if obligation.project_id == record.project_id and (record.year, record.quarter) < (
                own.year,
                own.quarter,
            ):
                found[obligation.pk] = record
    return found


def _quarter(obligation: Obligation) -> dict[str, int]:
    return {"year": obligation.period.year, "quarter": obligation.period.quarter}


_MAKERS: dict[str, Callable[[Obligation, Any, str], models.Model | None]] = {
    ObligationKind.TARGET: _observation,
    ObligationKind.TASK: _progress,
    ObligationKind.CONTRIBUTION: _contribution,
}
