"""Loads the published plan: what is there already is left as it is, whoever changed it.

The plan as data stands in fixtures/: the text, the two annex workbooks, the agencies, the names
of the categories and the targets transcribed from the text.
"""

import datetime
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from agencies import services as agencies
from agencies.choices import AgencyKind, AliasSource
from agencies.models import Agency, User
from agencies.policies import check_can_manage
from agencies.selectors import known_names
from plan import services as plan
from plan.models import Category, Clause, Document
from projects import services as projects
from projects.models import Project
from setup.rules import Loaded
from targets import services as targets
from targets.models import Milestone, Target
from tasks import services as tasks
from tasks.models import Task

FIXTURES = settings.BASE_DIR / "fixtures"
_DESCRIPTION = (
    "code", "name", "short_name", "kind", "commitment", "unit", "decimals", "frequency", "pace",
    "accounting_basis", "is_headline", "definition", "formula", "numerator", "denominator",
    "data_source", "release_note", "quarterly_note", "rounding", "traps", "certainty",
)  # fmt: skip


@transaction.atomic
def load_agencies(*, by: User | None) -> Loaded:
    """The bodies that the plan names, with every spelling of the plan as alias."""
    check_can_manage(by)
    data = _fixture("agencies")
    known = known_names()
    added = 0
    for position, row in enumerate(data["agencies"], start=1):
        if known.canonical(row["name"]) or Agency.objects.filter(code=row["code"]).exists():
            continue
        agency = Agency(
            position=position,
            kind=_kind(row["kind"]),
            is_coordinator=row["code"] == data["coordinator"],
            **{name: row[name] for name in _AGENCY_FIELDS},
        )
        agencies.create_agency(agency=agency, by=by)
        for alias in row["aliases"]:
            agencies.add_alias(agency=agency, text=alias, source=AliasSource.PLAN, by=by)
        added += 1
    return Loaded("单位", added, len(data["agencies"]) - added)


_AGENCY_FIELDS = ("code", "name", "short_name", "full_name", "kind_confirmed", "note")


@transaction.atomic
def load_text(*, text: str | None = None, by: User | None) -> Loaded:
    """The plan's text, clause by clause: the published one, or the one given.

    The published text is only loaded where there is none; a given one replaces it.
    """
    check_can_manage(by)
    before = Clause.objects.count()
    if text is None and before:
        return Loaded("条款", 0, before)
    plan.load_text(text=text or (FIXTURES / "plan.txt").read_text(encoding="utf-8"), by=by)
    after = Clause.objects.count()
    return Loaded("条款", max(after - before, 0), min(before, after))


@transaction.atomic
def load_categories(*, by: User | None) -> Loaded:
    """The fields of action with their short names."""
    check_can_manage(by)
    known = set(Category.objects.values_list("scope", "number"))
    rows = [
        Category(scope=scope, number=number, name=name, short_name=short_name)
        for scope, names in _fixture("categories").items()
        for number, (name, short_name) in enumerate(names, start=1)
        if (scope, number) not in known
    ]
    for category in rows:
        plan.save_category(category=category, by=by)
    return Loaded("领域", len(rows), len(known))


@transaction.atomic
def load_targets(*, by: User | None) -> Loaded:
    """The targets transcribed from the text, with milestones, sources and agencies."""
    check_can_manage(by)
    rows = _fixture("targets")["targets"]
    known = set(Target.objects.values_list("code", flat=True))
    found = _Found()
    for position, row in enumerate(rows, start=1):
        if row["code"] not in known:
            _load_target(row, position, found, by)
    return Loaded("指标", len(rows) - len(known & {row["code"] for row in rows}), len(known))


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

    def clause(self, address: str) -> Clause:
        if address not in self.clauses:
            raise ValidationError(f"方案正文里没有“{address}”，请先载入方案正文")
        return self.clauses[address]


def _load_target(row: Mapping[str, Any], position: int, found: _Found, by: User | None) -> None:
    target = Target(
        position=position,
        category=found.category(row["category"]),
        lead=found.agency(row["lead"]) if row["lead"] else None,
        tolerance_percent=_decimal(row["tolerance_percent"]),
        baseline_year=row["baseline"]["year"],
        baseline_value=_decimal(row["baseline"]["value"]),
        baseline_note=row["baseline"]["note"],
        **{name: row[name] for name in _DESCRIPTION},
    )
    responsible = [found.agency(name) for name in row["responsible"]]
    targets.save_target(target=target, responsible=responsible, by=by)
    for milestone in row["milestones"]:
        targets.set_milestone(milestone=_milestone(target, milestone, found), by=by)
    sources = [(found.clause(source["clause"]), source["quote"]) for source in row["sources"]]
    targets.set_sources(target=target, sources=sources, by=by)


def _milestone(target: Target, row: Mapping[str, Any], found: _Found) -> Milestone:
    return Milestone(
        target=target,
        document=found.document,
        effective_from=found.document.issued_on if found.document else None,
        value=_decimal(row["value"]),
        due=_day(row["due"]),
        alternative_due=_day(row.get("alternative_due")),
        note=row.get("note", ""),
        **{name: row[name] for name in ("year", "nature", "comparison", "state", "text")},
    )


@transaction.atomic
def link(*, by: User | None) -> Loaded:
    """Tie tasks, projects and goals to their clauses, and to the targets taken from the same ones.

    Links that somebody made stay: targets are only given to what has none.
    """
    changed = plan.link_clauses(by=by) + tasks.link_clauses(by=by) + projects.link_clauses(by=by)
    changed += projects.assign_owners_that_report(by=by)
    for task in Task.objects.filter(targets=None).exclude(clause=None):
        served = _targets_from(task.clause_id)
        changed += bool(served and tasks.set_targets(task=task, targets=served, by=by))
    for project in Project.objects.filter(targets=None).exclude(clause=None):
        served = _targets_from(project.clause_id)
        changed += bool(served and projects.set_targets(project=project, targets=served, by=by))
    return Loaded("关联", changed)


def _targets_from(clause_id: int | None) -> Sequence[Target]:
    return list(Target.objects.filter(sources__clause=clause_id).distinct())


def load_documents(*, by: User | None) -> Loaded:
    """The documents that the plan cites and to which assigned values refer."""
    rows = _fixture("targets")["cited"]
    known = set(Document.objects.values_list("number", flat=True))
    new = [row for row in rows if row["number"] not in known]
    for row in new:
        plan.document_numbered(**{**row, "issued_on": _day(row["issued_on"])}, by=by)
    return Loaded("依据文件", len(new), len(rows) - len(new))


@transaction.atomic
def load_text_and_targets(*, by: User | None) -> list[Loaded]:
    """Everything that the text gives: clauses, categories and targets, with their links."""
    steps = [load_text(by=by), load_documents(by=by), load_categories(by=by), load_targets(by=by)]
    if any(step.added for step in steps):
        steps.append(link(by=by))
    return steps


def load_plan(*, by: User | None) -> list[Loaded]:
    """The whole published plan. What is there already is left alone."""
    return [load_agencies(by=by), *load_text_and_targets(by=by)]


def _kind(label: str) -> AgencyKind:
    return next(kind for kind in AgencyKind if kind.label == label)


def _fixture(name: str) -> Any:
    return json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _day(text: str | None) -> datetime.date | None:
    return None if text is None else datetime.date.fromisoformat(text)
