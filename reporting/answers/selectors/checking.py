"""Findings of stored obligations: one source for forms, check page, submission and review."""

import copy
import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from common.database.annotations import hand_on
from common.quarters import Period
from reporting.answers.rules import findings as rules
from reporting.answers.rules.answers import Answers, ProjectAnswers, TargetAnswers, read
from reporting.answers.rules.facts import Finding, ObligationFacts
from reporting.answers.selectors.history import (
    HISTORY,
    PAST,
    EarlierRecord,
    SubjectHistory,
    with_history,
)
from reporting.models import SUBJECTS, Obligation
from reporting.periods.rules.thresholds import Thresholds
from reporting.periods.selectors.thresholds import thresholds
from targets import rules as target_rules
from targets.choices import Frequency
from targets.models import Target
from targets.rules import PROVISIONAL_GRADES
from targets.selectors import Judged, judged_targets


@dataclass(frozen=True)
class CheckedObligation:
    """One obligation with its answers, its earlier quarters and its findings."""

    obligation: Obligation
    past: SubjectHistory
    judged: Judged | None
    facts: ObligationFacts
    answers: Answers
    findings: tuple[Finding, ...]
    open_doubts: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(found for found in self.findings if found.is_error)

    @property
    def accepted(self) -> Answers:
        """The answers without those that will be refused: what may be compared and drawn."""
        return self.answers.without({found.field for found in self.errors})

    @property
    def early(self) -> tuple[Finding, ...]:
        """What stands at the fields while the form is filled in: doubts, and what will be refused
        of the texts that are there. What is still missing (E7) is told at the check.
        """
        return tuple(
            one
            for one in self.findings
            if not one.is_error or (one.code != "E7" and self.answers.texts.get(one.field))
        )

    @property
    def doubts(self) -> tuple[Finding, ...]:
        return tuple(found for found in self.findings if not found.is_error)

    def reason(self, doubt: Finding) -> str:
        """The agency's reason for a doubt."""
        return self.obligation.texts.get(doubt.reason_field, "").strip()

    @property
    def doubts_with_reasons(self) -> list[dict[str, str]]:
        """The doubts with their reasons, as SubmittedItem stores them."""
        return [
            {
                "code": doubt.code,
                "field": doubt.field,
                "message": doubt.message,
                "reason": self.reason(doubt),
            }
            for doubt in self.doubts
        ]

    @property
    def is_ready(self) -> bool:
        """Whether nothing blocks the submission."""
        return not (self.errors or self.open_doubts or self.past.unanswered_count)

    @property
    def refusal(self) -> str:
        """Why the obligation cannot be submitted, in one sentence; empty where it can."""
        if self.is_ready:
            return ""
        said = [found.message for found in self.errors]
        said += [f"说明疑点：{found.message}" for found in self.open_doubts]
        if self.past.unanswered_count:
            said.append(f"还有{self.past.unanswered_count}条审核意见没有答复")
        return f"{self.obligation.subject_code} {self.obligation.name}：{'；'.join(said)}"


def checked_by_key(
    *,
    obligations: QuerySet[Obligation] | Iterable[Obligation],
    limits: Thresholds | None = None,
    judged: Mapping[int, Judged] | None = None,
) -> dict[int, CheckedObligation]:
    """Obligations by key with their findings, in three statements whatever their number.

    `obligations` is a query, or rows in memory whose texts may differ from the stored ones.
    `judged` holds the targets by key where the caller has them already.
    """
    if isinstance(obligations, QuerySet):
        found = list(with_history(obligations.select_related(*SUBJECTS)))
    else:
        found = _completed(list(obligations))
    if judged is None:
        judged = judged_by_key(
            keys={obligation.target_id for obligation in found if obligation.target_id}
        )
    known = thresholds() if limits is None else limits
    today = timezone.localdate()
    return {
        obligation.pk: _check(obligation, judged.get(obligation.target_id or 0), known, today)
        for obligation in found
    }


def first_errors(*, obligation: Obligation, texts: Mapping[str, str]) -> dict[str, str]:
    """The first error of each field if an obligation had these texts: field → sentence."""
    probe = copy.copy(obligation)
    probe.content = obligation.content | {name: {"text": text} for name, text in texts.items()}
    found = checked_by_key(obligations=[probe])[obligation.pk]
    return {one.field: one.message for one in reversed(found.errors) if one.field in texts}


def judged_by_key(*, keys: Collection[int]) -> dict[int, Judged]:
    """Targets with their judgement by key, in one statement; no statement for no keys."""
    targets = judged_targets(targets=Target.objects.filter(pk__in=keys)) if keys else ()
    return {one.target.pk: one for one in targets}


def _completed(obligations: list[Obligation]) -> list[Obligation]:
    """Rows in memory, completed with their history from the database."""
    missing = [obligation.pk for obligation in obligations if not PAST.is_beside(obligation)]
    if missing:
        found = with_history(Obligation.objects.filter(pk__in=missing)).in_bulk()
        for obligation in obligations:
            if obligation.pk in found:
                hand_on(HISTORY, source=found[obligation.pk], to=obligation)
    return obligations


def _check(
    obligation: Obligation, judged: Judged | None, limits: Thresholds, today: datetime.date
) -> CheckedObligation:
    past = SubjectHistory(obligation)
    answers = _in_names_of_today(
        read(obligation.kind, obligation.texts, obligation.period.period), past
    )
    facts = _facts(obligation, past, judged, answers, today)
    found = rules.check(obligation.kind, answers, facts, limits)
    waiting = rules.open_doubts(found, obligation.texts, limits)
    return CheckedObligation(obligation, past, judged, facts, answers, found, tuple(waiting))


def _in_names_of_today(answers: Answers, past: SubjectHistory) -> Answers:
    """Answers with the basis under its current name in the register; an unknown one as typed."""
    if not isinstance(answers, TargetAnswers) or not answers.basis:
        return answers
    return replace(answers, basis=past.bases.canonical(answers.basis) or answers.basis)


def _facts(
    obligation: Obligation,
    past: SubjectHistory,
    judged: Judged | None,
    answers: Answers,
    today: datetime.date,
) -> ObligationFacts:
    period = obligation.period.period
    before = [_answers(obligation.kind, earlier) for earlier in past.before[:2]]
    known: dict[str, Any] = {
        "period": period,
        "today": today,
        "evidence": past.evidence_count,
        "previous": before[0] if before else None,
        "before_previous": before[1] if len(before) > 1 else None,
        "siblings": past.siblings,
        "returned": past.returned.texts if past.returned else None,
        "returned_evidence": past.returned.evidence_count if past.returned else 0,
    }
    if judged and isinstance(answers, TargetAnswers):
        known |= _target_facts(judged, past, answers, obligation)
    elif obligation.project:
        known |= {
            "total_investment_wan": obligation.project.total_investment_wan,
            "start_year": obligation.project.start_year,
            "end_year": obligation.project.end_year,
            "previous_cumulative_wan": _invested(before[0] if before else None),
        }
    return ObligationFacts(**known)


def _target_facts(
    judged: Judged, past: SubjectHistory, answers: TargetAnswers, obligation: Obligation
) -> dict[str, Any]:
    target, terms = judged.target, judged.terms
    own = obligation.meant(answers.value_period)
    series = _series(past, target, own)
    return {
        "target_kind": target.kind,
        "unit": target.unit,
        "decimals": target.decimals,
        "is_share": target.unit == "%" and not _is_reduction(target),
        "is_reduction": _is_reduction(target),
        "is_annual": target.frequency == Frequency.ANNUAL,
        "is_cumulative": False,
        "basis": target.basis_name,
        "bases": past.bases,
        "history": tuple(value for _, value in series),
        "last_period": series[-1][0] if series else None,
        "provisional": _provisional(past.at(own)),
        "twin": _twin(past, target, own),
        "base_year": terms.baseline_year if terms.compounds else None,
        "rates": _rates(past, target),
        "goal": target_rules.goal_at(terms, own.year, own.quarter),
        "tolerance": terms.tolerance,
    }


def _is_reduction(target: Target) -> bool:
    """Whether the value states a fall: also for a rate that the city assigns."""
    return target.unit == "%" and target.kind in target_rules.REDUCTIONS


def _series(past: SubjectHistory, target: Target, own: Period) -> list[tuple[Period, Decimal]]:
    """Earlier values of the target's own basis and of the same frequency, oldest first."""
    order = (own.year, own.quarter or 0)
    return [
        (row.period, row.value)
        for row in reversed(past.records)
        if row.value is not None
        and bool(row.period.quarter) == bool(own.quarter)
        and row.texts.get("basis", "") in {"", target.basis_name}
        and (row.period.year, row.period.quarter or 0) < order
    ]


def _rates(past: SubjectHistory, target: Target) -> tuple[target_rules.AnnualRate, ...]:
    """The published yearly rates of the target's own basis."""
    return tuple(
        target_rules.AnnualRate(row.period.year, Decimal(row.texts["annual_rate"]))
        for row in past.records
        if row.texts.get("annual_rate")
        and row.period.quarter is None
        and row.texts.get("basis", "") in {"", target.basis_name}
    )


def _provisional(known: EarlierRecord | None) -> Decimal | None:
    if known and known.texts.get("grade") in PROVISIONAL_GRADES:
        return known.value
    return None


def _twin(past: SubjectHistory, target: Target, own: Period) -> Decimal | None:
    """For the fourth quarter of a stock the year's value, and the reverse."""
    if not target.q4_is_year_end or own.quarter not in {None, 4}:
        return None
    known = past.at(Period(own.year, None if own.quarter else 4))
    is_own = known is not None and known.texts.get("basis", "") in {"", target.basis_name}
    return known.value if known and is_own else None


def _answers(kind: str, earlier: EarlierRecord) -> Answers:
    return read(kind, earlier.texts, earlier.period)


def _invested(previous: Answers | None) -> Decimal | None:
    return previous.invested_wan if isinstance(previous, ProjectAnswers) else None
