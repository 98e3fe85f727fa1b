"""The targets of the published plan."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from agencies.models import Agency, User
from agencies.policies import check_can_manage
from agencies.selectors import known_names
from imports.rules import target_key
from plan import services as plan
from plan.models import Category, Clause, Document
from setup.rules import LoadResult
from setup.services.published_plan import day, decimal, read_json
from targets import services as targets
from targets.models import Milestone, Target

_DESCRIPTION = (
    "code", "name", "short_name", "kind", "commitment", "unit", "decimals", "frequency", "pace",
    "is_headline", "definition", "formula", "is_share", "is_flow",
    "q4_is_year_end", "numerator", "denominator", "data_source", "release_note", "quarterly_note",
    "rounding", "traps", "certainty",
)  # fmt: skip


@transaction.atomic
def load_targets(*, by: User | None) -> LoadResult:
    """The targets transcribed from the text, with milestones, sources and agencies.

    A target that an import made of a sentence of annex 1, which nobody has described, is
    completed; every other one that is there is left alone.
    """
    check_can_manage(by)
    published = read_json(name="targets")
    rows, years = published["targets"], published["plan"]
    plan.name_years(**years, by=by)
    targets.begin_by_change(valid_from=datetime.date(years["base_year"], 1, 1), by=by)
    known = {target.code: target for target in Target.objects.prefetch_related("sources")}
    found = _Found()
    kept = completed = 0
    for position, row in enumerate(rows, start=1):
        target = known.get(row["code"]) or Target()
        if target.definition or (target.pk and target.sources.all()):
            kept += 1
            continue
        completed += target.pk is not None
        _check_same(target, row)
        _load_target(target, row, position, found, by)
    return LoadResult("指标", len(rows) - kept - completed, kept, completed)


class _Found:
    """Agencies, categories and clauses to which targets refer, read once."""

    def __init__(self) -> None:
        self.agencies = {agency.name: agency for agency in Agency.objects.all()}
        self.spellings = known_names()
        self.clauses = {clause.address: clause for clause in Clause.objects.all()}
        self.categories = list(Category.objects.all())
        self.document = Document.objects.filter(is_plan=True).first()

    def agency(self, name: str) -> Agency:
        agency = self.agencies.get(self.spellings.canonical(name) or "")
        if agency is None:
            raise ValidationError(f"单位名单里没有“{name}”，请先载入单位名单")
        return agency

    def category(self, key: Mapping[str, Any] | None) -> Category | None:
        if key is None:
            return None
        return next(
            (c for c in self.categories if all(getattr(c, k) == v for k, v in key.items())), None
        )

    def holder(self, code: str | None) -> Target | None:
        """The target whose values another one reads; it comes before."""
        return Target.objects.get(code=code) if code else None

    def clause(self, address: str) -> Clause:
        if address not in self.clauses:
            raise ValidationError(f"方案正文里没有“{address}”，请先载入方案正文")
        return self.clauses[address]


def _check_same(target: Target, row: Mapping[str, Any]) -> None:
    if target.pk and target_key(target.name) != target_key(row["name"]):
        raise ValidationError(
            f"编号{target.code}已用于“{target.name}”，与方案的“{row['name']}”不同，请先改编号"
        )


def _load_target(
    target: Target, row: Mapping[str, Any], position: int, found: _Found, by: User | None
) -> None:
    values = {name: row[name] for name in _DESCRIPTION} | {
        "position": position,
        "accounting_basis": targets.known_or_added(name=row["accounting_basis"], by=by),
        "category": found.category(row["category"]),
        "lead": found.agency(row["lead"]) if row["lead"] else None,
        "values_of": found.holder(row.get("values_of")),
        "tolerance_percent": decimal(text=row["tolerance_percent"]),
        "baseline_year": row["baseline"]["year"],
        "baseline_value": decimal(text=row["baseline"]["value"]),
        "baseline_note": row["baseline"]["note"],
    }
    for name, value in values.items():
        setattr(target, name, value)
    responsible = [found.agency(name) for name in row["responsible"]]
    targets.save_target(target=target, responsible=responsible, by=by)
    for milestone in row["milestones"]:
        _load_milestone(_milestone(target, milestone, found), by)
    sources = [(found.clause(source["clause"]), source["quote"]) for source in row["sources"]]
    targets.set_sources(target=target, sources=sources, by=by)


def _load_milestone(milestone: Milestone, by: User | None) -> None:
    """An imported one learns its document and note; what somebody entered stays."""
    versions = milestone.target.milestones.filter(
        year=milestone.year, is_alternative=milestone.is_alternative
    )
    known = versions.filter(is_current=True).first()
    if known is None:
        targets.set_milestone(milestone=milestone, by=by)
    elif known.document is None:
        targets.describe_milestone(
            milestone=known, document=milestone.document, note=milestone.note, by=by
        )


def _milestone(target: Target, row: Mapping[str, Any], found: _Found) -> Milestone:
    return Milestone(
        target=target,
        document=found.document,
        effective_from=found.document.issued_on if found.document else None,
        value=decimal(text=row["value"]),
        due=day(text=row["due"]),
        is_alternative=row.get("is_alternative", False),
        note=row.get("note", ""),
        **{name: row[name] for name in ("year", "nature", "comparison", "state", "text")},
    )
