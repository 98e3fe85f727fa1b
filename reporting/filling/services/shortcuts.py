"""Settles several obligations with one click, by the same services as the forms."""

from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from agencies.models import Agency, User
from common.web.input_cleaning import fitting
from reporting.answers.selectors.last_figures import is_annual, is_settled, with_last
from reporting.choices import FRESH, Availability, ObligationKind, ObligationState
from reporting.filling.services import entries
from reporting.filling.services.entries import FieldEdit, SavedObligation
from reporting.models import Obligation, ReportingPeriod
from reporting.rules.fields import TICKED

NOTHING, NO_CHANGE = "全部填本季度无配合事项", "批量填报：本季度无变化"


@transaction.atomic
def nothing_to_contribute(*, agency: Agency, period: ReportingPeriod, by: User) -> int:
    """全部填“本季度无配合事项”: only contributions that nobody has begun; returns how many."""
    obligations = Obligation.objects.owed().filter(
        agency=agency,
        period=period,
        kind=ObligationKind.CONTRIBUTION,
        state=ObligationState.EMPTY,
    )
    edits = {
        obligation.pk: {"nothing": _edit(obligation, "nothing", TICKED)}
        for obligation in obligations
    }
    return _count(entries.save_many(edits=edits, by=by, action=NOTHING))


@transaction.atomic
def no_change(*, pks: Sequence[int], reason: str, by: User) -> int:
    """批量填报：本季度无变化, for settled projects and annual targets; returns how many.

    The reason is written into the note of each target. Raises ValidationError where one of the
    obligations has to be filled in individually.
    """
    obligations = list(with_last(Obligation.objects.owed().with_subjects().filter(pk__in=pks)))
    if not obligations:
        raise ValidationError("先在列表里勾选事项")
    said = fitting(reason, label="原因", most=1000)
    edits = {obligation.pk: _unchanged(obligation, said) for obligation in obligations}
    return _count(entries.save_many(edits=edits, by=by, action=NO_CHANGE))


def _unchanged(obligation: Obligation, reason: str) -> Mapping[str, FieldEdit]:
    if obligation.state not in FRESH or not (is_settled(obligation) or is_annual(obligation)):
        raise ValidationError(f"{obligation.subject_code}要逐项填写，不能批量填“本季度无变化”")
    if obligation.kind == ObligationKind.PROJECT:
        return {"no_change": _edit(obligation, "no_change", TICKED)}
    if not reason:
        raise ValidationError(
            "年度指标本季度没有新数据，写一句共同的原因，如“年度统计，次年3月公布”"
        )
    return {
        "availability": _edit(obligation, "availability", Availability.ANNUAL),
        "note": _edit(obligation, "note", reason),
    }


def _edit(obligation: Obligation, name: str, text: str) -> FieldEdit:
    return FieldEdit(text, obligation.content.get(name, {}).get("v", 0))


def _count(saved: Sequence[SavedObligation]) -> int:
    return sum(bool(one.changes) for one in saved)
