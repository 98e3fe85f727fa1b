"""Agencies, text, documents and categories of the published plan."""

from django.db import transaction

from agencies.choices import AgencyKind, AliasSource
from agencies.models import Agency, User
from agencies.policies import check_can_manage
from agencies.selectors import known_names
from agencies.services import agencies
from plan import services as plan
from plan.models import Category, Clause, Document
from reporting.models import CalendarDay
from reporting.periods.services import calendar
from setup.rules import LoadResult
from setup.services.published_plan import day, read_json, read_text

_AGENCY_FIELDS = ("code", "name", "short_name", "full_name", "kind_confirmed", "note")


@transaction.atomic
def load_agencies(*, by: User | None) -> LoadResult:
    """The bodies that the plan names, with every spelling of the plan as alias."""
    check_can_manage(by)
    data = read_json(name="agencies")
    known = known_names()
    codes = set(Agency.objects.values_list("code", flat=True))
    has_coordinator = Agency.objects.filter(is_coordinator=True).exists()
    added = 0
    for position, row in enumerate(data["agencies"], start=1):
        if known.canonical(row["name"]) or row["code"] in codes:
            continue
        agency = Agency(
            position=position,
            kind=_kind(row["kind"]),
            is_coordinator=row["code"] == data["coordinator"] and not has_coordinator,
            **{name: row[name] for name in _AGENCY_FIELDS},
        )
        agencies.create_agency(agency=agency, by=by)
        for alias in row["aliases"]:
            agencies.add_alias(agency=agency, text=alias, source=AliasSource.PLAN, by=by)
        added += 1
    return LoadResult("单位", added, len(data["agencies"]) - added)


@transaction.atomic
def load_text(*, text: str | None = None, by: User | None) -> LoadResult:
    """The plan's text, clause by clause: the published one, or the one given.

    The published text is only loaded where there is none; a given one replaces it.
    """
    check_can_manage(by)
    before = Clause.objects.count()
    if text is None and before:
        return LoadResult("条款", 0, before)
    event = plan.load_text(text=read_text() if text is None else text, by=by)
    changed = len(event.changes) if event and before else Clause.objects.count()
    return LoadResult("条款", changed if event else 0, before)


def load_documents(*, by: User | None) -> LoadResult:
    """The documents that the plan cites and to which assigned values refer."""
    rows = read_json(name="targets")["cited"]
    known = set(Document.objects.values_list("number", flat=True))
    new = [row for row in rows if row["number"] not in known]
    for row in new:
        plan.document_numbered(**{**row, "issued_on": day(text=row["issued_on"])}, by=by)
    return LoadResult("依据文件", len(new), len(rows) - len(new))


@transaction.atomic
def load_categories(*, by: User | None) -> LoadResult:
    """The fields of action with their short names."""
    check_can_manage(by)
    rows = [
        Category(scope=scope, number=number, name=name, short_name=short_name)
        for scope, names in read_json(name="categories").items()
        for number, (name, short_name) in enumerate(names, start=1)
    ]
    known = {(c.scope, c.number): c for c in Category.objects.all()}
    added = 0
    for row in rows:
        category = known.get((row.scope, row.number))
        if category is None:
            plan.save_category(category=row, by=by)
            added += 1
        elif category.name == row.name and not category.short_name:
            category.short_name = row.short_name
            plan.save_category(category=category, by=by)
    return LoadResult("领域", added, len(rows) - added)


def load_calendar(*, by: User | None) -> LoadResult:
    """Holidays and worked weekends as the State Council has published them."""
    before = CalendarDay.objects.count()
    return LoadResult(
        "放假和调休", calendar.add_published(notices=read_json(name="holidays"), by=by), before
    )


def _kind(label: str) -> AgencyKind:
    return next(kind for kind in AgencyKind if kind.label == label)
