"""Settling a milestone year: once by a person, in versions, never by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from agencies.models import User
from common.formats import zh_date
from plan.models import Document
from records import versions
from targets import rules
from targets.choices import MilestoneState, Nature, SettledVerdict
from targets.models import JudgingRule, Milestone, Observation, Settlement, Target
from targets.policies import check_can_settle
from targets.selectors import terms_of
from targets.selectors.judging.facts import ACTUAL_FACTS, GOAL_FACTS, actual_of
from targets.selectors.judging.rules_in_force import rule_on
from targets.selectors.judging.years import milestone_years
from targets.selectors.settling import RECOGNISED, base_of, goal_of

NOTE_LEAST = 5
_WHAT = "判定"
_TWO = "判定由一位审核员提出、另一位确认后生效"


@dataclass(frozen=True)
class Pick:
    """Keys of a milestone and of the annual value that settles it: the versions that were seen.

    A standing milestone asks for the year, and so does one that a later year has to keep; settling
    again asks for the reason. `proposed_by` is the
    first of two persons, empty if one is enough, `words` what was proposed.
    """

    milestone: int
    observation: int
    year: int | None = None
    reason: str = ""
    note: str = ""
    proposed_by: str = ""
    words: str = ""


def settle(
    *,
    milestone: Milestone,
    observation: Observation,
    by: User | None,
    year: int | None = None,
    note: str = "",
    reason: str = "",
    proposed_by: str = "",
) -> Settlement | None:
    """Settle one numeric milestone; None if it stands so."""
    pick = Pick(milestone.pk, observation.pk, year, reason, note, proposed_by)
    written = settle_many(picks=[pick], by=by)
    return written[0] if written else None


@transaction.atomic
def settle_many(*, picks: Sequence[Pick], by: User | None) -> list[Settlement]:
    """Settle numeric milestones, all or nothing; statements do not grow with them.

    Settling differently again is a new version with its reason. Returns those that were new or
    different. Raises ValidationError if a second person is wanted and none proposed it.
    """
    rows = settlements_by_value(picks=picks, by=by)
    for row in rows:
        _check_second(row, by)
    return versions.record(_SERIES, rows=rows, by=by, are_locked=True)


def settlements_by_value(*, picks: Sequence[Pick], by: User | None) -> list[Settlement]:
    """The unsaved settlements that the picked versions give, their targets locked.

    Only an annual value in force of that very year, of the basis of the goal and of a settling
    grade settles. Raises ValidationError with what stands in the way. Nobody but a reviewer
    settles; a command (None) may for the demonstration's values.
    """
    values = Observation.objects.in_bulk([pick.observation for pick in picks])
    if by is not None or not all(row.is_demo for row in values.values()):
        check_can_settle(by=by)
    milestones = _in_force([pick.milestone for pick in picks])
    rule = rule_on(timezone.localdate())
    rows = []
    for pick in picks:
        milestone, value = milestones.get(pick.milestone), values.get(pick.observation)
        if milestone is None or value is None:
            raise ValidationError("有的数值或目标已经不存在，刷新页面再判定")
        _check_milestone(milestone)
        _check_value(value, milestone.target)
        row = settlement_by_value(
            milestone=milestone, observation=value, rule=rule, year=pick.year, reason=pick.reason
        )
        row.note, row.proposed_by = pick.note.strip(), pick.proposed_by
        _check_proposed(row, pick)
        rows.append(row)
    _check_other_readings(rows)
    _check_kept(rows)
    return rows


@transaction.atomic
def recognise(
    *,
    milestone: Milestone,
    verdict: str,
    document: Document,
    note: str,
    by: User | None,
    reason: str = "",
    proposed_by: str = "",
) -> Settlement | None:
    """Settle a milestone without a number, such as a peak, by a document and with the reason."""
    row = recognition(
        milestone=milestone, verdict=verdict, document=document, note=note, by=by, reason=reason
    )
    row.proposed_by = proposed_by
    _check_second(row, by)
    written = versions.record(_SERIES, rows=[row], by=by, are_locked=True)
    return written[0] if written else None


def recognition(
    *,
    milestone: Milestone,
    verdict: str,
    document: Document,
    note: str,
    by: User | None,
    reason: str = "",
) -> Settlement:
    """The unsaved settlement of a milestone without a number, its target locked.

    A peak may be recognised before its year has passed; nothing is missed before.
    """
    check_can_settle(by=by)
    milestone = _in_force([milestone.pk])[milestone.pk]
    _check_milestone(milestone)
    if milestone.nature not in RECOGNISED or milestone.year is None:
        raise ValidationError("有数值的目标凭核定的年度值判定，不能认定")
    if verdict not in SettledVerdict.values:
        raise ValidationError({"verdict": "认定结果选已达标或未达标"})
    if len(note.strip()) < NOTE_LEAST:
        raise ValidationError({"note": f"写明认定的理由（至少{NOTE_LEAST}个字）"})
    _check_due(milestone, verdict)
    row = settlement_by_document(
        milestone=milestone,
        year=milestone.year,
        verdict=SettledVerdict(verdict),
        document=document,
        note=note,
        rule=rule_on(timezone.localdate()),
    )
    row.reason = reason.strip()
    _check_other_readings([row])
    return row


def retract_settlement(
    *, settlement: Settlement, by: User | None, reason: str, proposed_by: str = ""
) -> Settlement | None:
    """Take a settlement in force back; the one before it, which is returned, holds again.

    The retracted one stays readable. Like a verdict, it wants a second person.
    """
    check_can_settle(by=by)
    if by is not None and not proposed_by and _needs_second(rule_on(timezone.localdate())):
        raise ValidationError(_TWO)
    back = versions.retract(_SERIES, rows=[settlement], by=by, reason=reason)
    return back[0] if back else None


def _in_force(keys: Sequence[int]) -> dict[int, Milestone]:
    """Milestones as they are now, their targets locked: writers of values lock the target too."""
    owners = Target.objects.filter(milestones__in=keys).order_by("pk")
    locked = {row.pk: row for row in Target.objects.select_for_update().filter(pk__in=owners)}
    found = Milestone.objects.select_related("document").in_bulk(keys)
    for milestone in found.values():
        milestone.target = locked[milestone.target_id]
    return found


def _check_milestone(milestone: Milestone) -> None:
    versions.check_in_force(milestone.target, field="target", what=_WHAT)
    if milestone.is_alternative:
        raise ValidationError(f"{milestone}只供对照，不作判定")
    if not milestone.is_current:
        raise ValidationError(f"{milestone}的目标已有新版本，看过新目标再判定")
    if milestone.state != MilestoneState.SET:
        raise ValidationError(f"{milestone}的目标{milestone.get_state_display()}，不作判定")


def _check_value(value: Observation, target: Target) -> None:
    if value.target_id != target.pk:
        raise ValidationError(f"数值不是{target.code}的，刷新页面再判定")
    value.target = target
    if not value.is_current:
        raise ValidationError(f"{value}的实际值已有新版本或已撤销，看过现行数值再判定")


def settlement_by_value(
    *,
    milestone: Milestone,
    observation: Observation,
    rule: JudgingRule | None,
    year: int | None = None,
    reason: str = "",
) -> Settlement:
    """The unsaved settlement that these versions give. Raises ValidationError if they do not."""
    year = year or milestone.year or observation.year
    base = base_of(milestone)
    annual = [row for row in (base, observation) if row and row.quarter is None]
    terms = _terms(milestone.target, milestone, annual, rule)
    verdict = _verdict(terms, year, milestone, observation)
    grounds = rules.grounds_of(
        terms,
        goal_of(milestone, year),
        milestone.version,
        actual_of(observation),
        observation.version,
        base.version if base else None,
    )
    return Settlement(
        target=milestone.target,
        year=year,
        milestone=milestone,
        observation=observation,
        base=base,
        rule=rule,
        tolerance_percent=grounds.tolerance_percent,
        verdict=verdict,
        grounds=rules.grounds_words(terms, grounds),
        reason=reason.strip(),
        is_demo=observation.is_demo,
    )


def settlement_by_document(
    *,
    milestone: Milestone,
    year: int,
    verdict: SettledVerdict,
    document: Document,
    note: str,
    rule: JudgingRule | None,
) -> Settlement:
    """The unsaved settlement of a milestone without a number, by a document."""
    terms = _terms(milestone.target, milestone, [], rule)
    grounds = rules.grounds_of(terms, goal_of(milestone), milestone.version)
    return Settlement(
        target=milestone.target,
        year=year,
        milestone=milestone,
        rule=rule,
        verdict=verdict,
        grounds=rules.grounds_words(terms, grounds),
        document=document,
        note=note.strip(),
    )


def _terms(
    target: Target,
    milestone: Milestone,
    annual: Sequence[Observation],
    rule: JudgingRule | None,
) -> rules.Terms:
    """Terms of this one goal and these values, under the rules of today."""
    goals = [{name: getattr(milestone, name) for name in GOAL_FACTS}]
    values = [{name: getattr(row, name) for name in ACTUAL_FACTS} for row in annual]
    terms = terms_of(target, goals, values, day=timezone.localdate())
    return terms.under(rule.values if rule else rules.JudgingRules())


def _verdict(
    terms: rules.Terms, year: int, milestone: Milestone, observation: Observation
) -> SettledVerdict:
    """The verdict of the value; raise ValidationError where it settles nothing."""
    found = rules.judge(terms, year, today_year=timezone.localdate().year)
    if found.verdict not in rules.SETTLED:
        if rules.waits_for_settled_base(terms, goal_of(milestone)):
            raise ValidationError(f"{milestone.base_year}年的年度值还没有核定，目标不能最终换算")
        if found.waits_for_tolerance and found.outcome and found.actual and found.actual.is_settled:
            word = found.outcome.label
            raise ValidationError(f"左右的容差还没有依据文件确认，现在不能判定为{word}")
        raise ValidationError(_why_not(found.verdict, year, observation))
    return SettledVerdict.ACHIEVED if found.met else SettledVerdict.MISSED


def _why_not(verdict: rules.Verdict, year: int, observation: Observation) -> str:
    grade = observation.get_grade_display()
    return {
        rules.Verdict.AHEAD: f"{year}年目标还没有到期，不能判定",
        rules.Verdict.MISSING: f"{observation}的数值不是{year}年的年度值，不能用来判定",
        rules.Verdict.PROVISIONAL: f"数据状态是{grade}；最终核实或部门统计的年度值才能判定",
        rules.Verdict.BASIS_CHANGED: "实际值的口径与目标不同，确认口径以后再判定",
        rules.Verdict.NOT_APPLICABLE: f"{year}年不适用，不作判定",
    }.get(verdict, "没有数值的目标凭文件认定")


def _check_other_readings(rows: Sequence[Settlement]) -> None:
    """Nothing is missed while another reading of its deadline still lies ahead."""
    missed = {row.target_id: row for row in rows if row.verdict == SettledVerdict.MISSED}
    others = Milestone.objects.filter(
        target__in=missed, is_alternative=True, is_current=True, due__gte=timezone.localdate()
    )
    for other in others:
        row = missed[other.target_id]
        if other.year is not None and other.year > row.year:
            raise ValidationError(
                f"{row.target.code}的原文期限有两种读法，按另一种到{zh_date(other.due)}才到期，"
                f"现在不能判定为{row.says.label}"
            )


def _check_kept(rows: Sequence[Settlement]) -> None:
    """Only a milestone year without a goal of its own is judged by the last one before it."""
    kept = [row for row in rows if row.milestone.year not in {None, row.year}]
    if not kept:
        return
    years = milestone_years()
    goals = Milestone.objects.filter(
        target__in=[row.target_id for row in kept], is_current=True, is_alternative=False
    )
    known = set(goals.values_list("target_id", "year"))
    for row in kept:
        since = row.milestone.year or 0
        others = {year for target, year in known if target == row.target_id} - {since}
        has_own = any(year is None or since < year <= row.year for year in others)
        if has_own or row.year not in years:
            raise ValidationError(f"{row}不按{since}年目标判定，刷新页面再判定")


def _check_due(milestone: Milestone, verdict: str) -> None:
    last = goal_of(milestone).last_year or 0
    is_early = last >= timezone.localdate().year
    if is_early and not (milestone.nature == Nature.EVENT and verdict == SettledVerdict.ACHIEVED):
        raise ValidationError(f"{milestone}的目标还没有到期，不能认定")


def _needs_second(rule: JudgingRule | None) -> bool:
    """Whether a version of the rules asks for a second person; the defaults do."""
    return rule.needs_second if rule else rules.JudgingRules().needs_second


def _check_proposed(row: Settlement, pick: Pick) -> None:
    """Nobody confirms another verdict, or other grounds of it, than was proposed."""
    if pick.words and pick.words != row.words:
        raise ValidationError(f"{row}提出的是“{pick.words}”，现在是“{row.words}”：退回后重新提出")


def _check_second(row: Settlement, by: User | None) -> None:
    if by is not None and not row.proposed_by and _needs_second(row.rule):
        raise ValidationError(_TWO)


_FACTS = (
    "verdict",
    "milestone_id",
    "observation_id",
    "base_id",
    "rule_id",
    "tolerance_percent",
    "document_id",
    "note",
)
_RELATED = ("milestone__target", "observation__target", "base", "rule", "document")
_SERIES = versions.Series(
    model=Settlement,
    owner="target",
    key=("target_id", "year"),
    facts=_FACTS,
    check=lambda row: row.clean_fields(
        exclude=["target", "milestone", "observation", "base", "rule", "document"]
    ),
    related=_RELATED,
)
