"""Writes to the plan: its text, documents, categories and overall goals."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models, transaction

from agencies.choices import COMPANY_KINDS
from agencies.models import Agency, User
from agencies.policies import check_can_assign, check_can_manage
from audit import services as audit
from audit.models import AuditEvent
from plan import rules
from plan.choices import CategoryScope, ClausePart
from plan.models import Category, Clause, DataState, Document, Goal, Retirable

_PRINTED = ("document_id", "part", "address", "depth", "position", "heading", "text")
_FAR = 1_000_000  # out of the way of the unique positions while clauses move


@transaction.atomic
def save_document(*, document: Document, by: User | None, reason: str = "") -> AuditEvent | None:
    """Add or change a document; None if nothing changed."""
    return _save(document, by=by, reason=reason)


@transaction.atomic
def document_numbered(
    *, number: str, title: str, issuer: str = "", issued_on: date | None = None, by: User | None
) -> Document:
    """The document of that number, added where it is new."""
    number = number.strip()
    known = Document.objects.filter(number=number, is_plan=False).first() if number else None
    if known:
        return known
    document = Document(title=title, number=number, issuer=issuer, issued_on=issued_on)
    _save(document, by=by)
    return document


@transaction.atomic
def save_category(*, category: Category, by: User | None, reason: str = "") -> AuditEvent | None:
    """Add or change a category; None if nothing changed."""
    return _save(category, by=by, reason=reason)


def save_goal(
    *, goal: Goal, responsible: Sequence[Agency] | None = None, by: User | None, reason: str = ""
) -> AuditEvent | None:
    """Save an overall goal and its responsible agencies in order; None keeps them as they are."""
    return save_with_agencies(
        record=goal, rows="shares", label="责任单位", agencies=responsible, by=by, reason=reason
    )


@transaction.atomic
def link_clauses(*, by: User | None) -> int:
    """Give goals and task categories their clauses by number; returns how many changed."""
    check_can_manage(by)
    clauses = {clause.code: clause for clause in Clause.objects.all()}
    changed = 0
    for goal in Goal.objects.filter(clause=None):
        goal.clause = clauses.get(f"a1-1-{goal.number}")
        changed += goal.clause is not None and bool(save_goal(goal=goal, by=by))
    body = (clause for clause in clauses.values() if clause.part == ClausePart.BODY)
    by_heading = {rules.bare_heading(clause.heading): clause for clause in body}
    for category in Category.objects.filter(clause=None, scope=CategoryScope.TASKS):
        category.clause = by_heading.get(category.name)
        changed += category.clause is not None and bool(save_category(category=category, by=by))
    return changed


@transaction.atomic
def save_with_agencies(
    *,
    record: models.Model,
    rows: str,
    label: str,
    agencies: Sequence[Agency] | None,
    by: User | None,
    reason: str = "",
) -> AuditEvent | None:
    """Save a record and its ordered agencies as one audited change; None if nothing changed.

    `rows` names the relation of its AgencyShare rows, `label` the list in the ledger. Agencies
    None leaves the list alone.
    """
    check_can_manage(by)
    if agencies is None:
        return _save(record, by=by, reason=reason)
    _check_once(label, agencies)
    old: list[Agency] = []
    if not record._state.adding:
        old = [row.agency for row in getattr(record, rows).select_related("agency")]
    event = _save(record, by=by, reason=reason, also=((label, _names(old), _names(agencies)),))
    if event is not None and old != list(agencies):
        _write_rows(record, rows, agencies)
    return event


@transaction.atomic
def assign_agency(
    *, record: models.Model, field: str, agency: Agency | None, by: User | None, reason: str = ""
) -> AuditEvent | None:
    """Name who answers for a record (None takes it back); None if it is named already.

    The plan names nobody, so nothing is set silently; a group or company cannot answer.
    """
    check_can_assign(by)
    if agency is not None and (agency.is_group or agency.kind in COMPANY_KINDS):
        label = record._meta.get_field(field).verbose_name  # type: ignore[union-attr]
        sentence = f"{agency.name}是{agency.get_kind_display()}，不能作为{label}"
        raise ValidationError({field: sentence})
    kept = type(record)._base_manager.select_for_update(of=("self",)).get(pk=record.pk)
    setattr(kept, field, agency)
    event = audit.save(kept, by=by, reason=reason)
    if event is not None:
        DataState.touch()
    return event


@transaction.atomic
def retire(*, record: Retirable, on: date, by: User | None, reason: str) -> AuditEvent | None:
    """Take a record with `retired_on` out of force; None if it is already."""
    if not reason.strip():
        raise ValidationError({"reason": "停用要写明原因"})
    check_can_manage(by)
    if record.retired_on is not None:
        return None
    record.retired_on = on
    return _save(record, by=by, reason=reason, action="停用")


@transaction.atomic
def restore(*, record: Retirable, by: User | None, reason: str = "") -> AuditEvent | None:
    """Put a retired record back in force; None if it is in force."""
    check_can_manage(by)
    if record.retired_on is None:
        return None
    record.retired_on = None
    return _save(record, by=by, reason=reason, action="恢复")


@transaction.atomic
def load_text(*, text: str, by: User | None) -> AuditEvent | None:
    """Make this the text of the district's plan, whose document is added under its title."""
    check_can_manage(by)
    document = Document.objects.filter(is_plan=True).first()
    if document is None:
        document = Document(title=_parsed(text)[0].heading[:120], is_plan=True)
        _save(document, by=by)
    return replace_text(document=document, text=text, by=by)


@transaction.atomic
def name_years(
    *, base_year: int, milestone_years: Sequence[int], by: User | None
) -> AuditEvent | None:
    """Say from which year the plan counts and which years it sets goals for.

    None if it says so already, somebody has said otherwise, or there is no plan.
    """
    document = Document.objects.filter(is_plan=True).first()
    if document is None or document.milestone_years:
        return None
    document.base_year, document.milestone_years = base_year, list(milestone_years)
    return _save(document, by=by)


@transaction.atomic
def replace_text(*, document: Document, text: str, by: User | None) -> AuditEvent | None:
    """Make this the text of the plan. Clauses are known by their code: links to them stay.

    None if the text is the same. Raises ValidationError if the text cannot be read, or
    where a clause that is quoted is gone or does not hold the quoted words any more.
    """
    check_can_manage(by)
    parsed = _parsed(text)
    Document.objects.select_for_update().get(pk=document.pk)
    old = {clause.code: clause for clause in Clause.objects.all()}
    new = {
        clause.code: Clause(document=document, position=position, **asdict(clause))
        for position, clause in enumerate(parsed, start=1)
    }
    _check_quotes(new)
    if old.keys() == new.keys() and not any(_differs(old[code], new[code]) for code in new):
        return None
    _write_clauses(old, new)
    event = audit.record(
        audit.Entry("导入正文", "条款", "方案正文", str(document), _text_changes(old, new)), by=by
    )
    DataState.touch()
    return event


def _parsed(text: str) -> tuple[rules.ParsedClause, ...]:
    try:
        return rules.parse(text)
    except rules.PlanTextError as error:
        raise ValidationError(str(error)) from error


def _check_quotes(new: Mapping[str, Clause]) -> None:
    """Refuse a text that lacks what targets, tasks, projects or goals stand on."""
    quoted = Clause.objects.exclude(target_sources=None).values_list(
        "code", "address", "target_sources__target__code", "target_sources__quote"
    )
    for code, address, target, quote in quoted:
        if code not in new:
            raise ValidationError(f"指标{target}引用了“{address}”，新的正文里没有这一条")
        if not rules.quotes(new[code].words, quote):
            raise ValidationError(
                f"指标{target}引用的“{quote}”在新的“{address}”里找不到，请先改指标的原文出处"
            )
    for code, address in Clause.objects.in_use().values_list("code", "address"):
        if code not in new:
            raise ValidationError(f"有任务、项目或总体目标出自“{address}”，新的正文里没有这一条")


def _text_changes(old: Mapping[str, Clause], new: Mapping[str, Clause]) -> tuple[audit.Change, ...]:
    """The number of clauses where all are new, else each clause whose words changed."""
    if not old:
        return (("条款数", "0", str(len(new))),)
    before = {code: clause.words for code, clause in old.items()}
    after = {code: clause.words for code, clause in new.items()}
    return tuple(
        ((new.get(code) or old[code]).address, before.get(code, ""), after.get(code, ""))
        for code in {**before, **after}
        if before.get(code) != after.get(code)
    )


def _write_clauses(old: Mapping[str, Clause], new: Mapping[str, Clause]) -> None:
    """Only what is gone, different or new is written; what stays keeps its links."""
    gone = old.keys() - new.keys()
    if gone:
        Clause.objects.filter(code__in=gone).delete()
    kept = [code for code in new if code in old and _differs(old[code], new[code])]
    if kept:
        Clause.objects.filter(code__in=kept).update(position=models.F("position") + _FAR)
    for code in kept:
        new[code].pk = old[code].pk
    Clause.objects.bulk_update([new[code] for code in kept], _PRINTED)
    Clause.objects.bulk_create(new[code] for code in new if code not in old)


def _differs(old: Clause, new: Clause) -> bool:
    return any(getattr(old, name) != getattr(new, name) for name in _PRINTED)


def _check_once(label: str, agencies: Sequence[Agency]) -> None:
    for agency in agencies:
        if agencies.count(agency) > 1:
            raise ValidationError(f"{label}里{agency.name}出现了不止一次")


def _names(agencies: Sequence[Agency]) -> str:
    return "、".join(agency.name for agency in agencies)


def _write_rows(record: models.Model, rows: str, agencies: Sequence[Agency]) -> None:
    shares = getattr(record, rows)
    shares.all().delete()
    shares.bulk_create(
        shares.model(**{shares.field.name: record}, agency=agency, position=position)
        for position, agency in enumerate(agencies, start=1)
    )


def _save(
    record: models.Model,
    *,
    by: User | None,
    reason: str = "",
    action: str = "",
    also: tuple[audit.Change, ...] = (),
) -> AuditEvent | None:
    check_can_manage(by)
    event = audit.save(record, by=by, reason=reason, action=action, also=also)
    if event is not None:
        DataState.touch()
    return event
