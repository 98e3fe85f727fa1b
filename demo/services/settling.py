"""Verdicts of the demonstration set: by a value, by one that was corrected later, by a document."""

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q

from plan.models import Document
from targets import services
from targets.choices import DataGrade, MilestoneState, Nature, SettledVerdict
from targets.models import JudgingRule, Milestone, Observation, Settlement
from targets.selectors import rule_on

_PROPOSED_BY, _BY = "演示审核员甲", "演示审核员乙"


def settle(*, facts: Mapping[str, Any], day: datetime.date) -> int:
    """Settle what the set names and nobody has settled, as if two reviewers had."""
    rule = rule_on(day)
    rows = [*_by_values(facts, rule), *_recognised(facts, rule)]
    for row in rows:
        row.proposed_by, row.recorded_by, row.is_demo = _PROPOSED_BY, _BY, True
    return len(Settlement.objects.bulk_create(rows))


def forget_document(*, facts: Mapping[str, Any]) -> None:
    """Take the set's document out, unless something that was entered relies on it."""
    known = Document.objects.filter(number=facts["document"]["number"])
    known.filter(settlements=None, milestones=None).delete()


def _by_values(facts: Mapping[str, Any], rule: JudgingRule | None) -> Iterator[Settlement]:
    year = facts["year"]
    named = [*facts["values"], *facts["former"], *facts["once_final"]]
    milestones = _open(year, named, nature=Nature.NUMBER)
    of_values = Q(target__code__in=facts["values"], is_current=True)
    of_finals = Q(target__code__in=facts["once_final"], is_current=True, grade=DataGrade.FINAL)
    of_former = Q(target__code__in=facts["former"], is_current=False)
    values = Observation.objects.filter(
        of_values | of_former | of_finals, is_demo=True, year=year, quarter=None
    ).select_related("target")
    for value in values:
        if value.target.code in milestones:
            milestone = milestones[value.target.code]
            yield services.settlement_by_value(milestone=milestone, observation=value, rule=rule)


def _recognised(facts: Mapping[str, Any], rule: JudgingRule | None) -> Iterator[Settlement]:
    milestones = _open(facts["year"], facts["recognised"], nature=Nature.JUDGEMENT)
    if not milestones:
        return
    document = _document(facts["document"])
    for code, milestone in milestones.items():
        verdict, note = facts["recognised"][code]
        yield services.settlement_by_document(
            milestone=milestone,
            year=facts["year"],
            verdict=SettledVerdict(verdict),
            document=document,
            note=note,
            rule=rule,
        )


def _open(year: int, codes: Any, *, nature: Nature) -> dict[str, Milestone]:
    """Code → milestone of the year in force, of targets that nobody has settled."""
    known = Milestone.objects.select_related("target").filter(
        target__code__in=codes,
        target__settlements=None,
        target__retired_on=None,
        year=year,
        nature=nature,
        state=MilestoneState.SET,
        is_current=True,
        is_alternative=False,
    )
    return {row.target.code: row for row in known}


def _document(facts: Mapping[str, str]) -> Document:
    known = Document.objects.filter(number=facts["number"]).first()
    if known:
        return known
    day = datetime.date.fromisoformat(facts["issued_on"])
    return Document.objects.create(**{**facts, "issued_on": day})
