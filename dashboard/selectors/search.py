"""The search in the header: codes lead to their page, words to a list of what the reader may see.

All rows are read and compared here, in one statement a kind: the plan is small, and the database
knows no Chinese words.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.urls import reverse
from django.utils.http import urlencode

from agencies.choices import Role
from agencies.models import Agency, AgencyAlias, User
from common.database.annotations import Annotation
from dashboard.rules.search import Piece, excerpt, marked, matches, terms_of
from plan.models import Clause
from plan.rules import bare_heading, subject_codes
from projects.models import Project
from reporting.choices import PeriodState
from reporting.models import Matter, Obligation
from reporting.policies import readable_matters
from targets.models import Observation, Target
from tasks.models import Task

MOST = 8
"""So many of a kind stand on the page of all kinds."""

_TARGET = re.compile(r"T(\d{1,3})(?:@(\d{4}))?")
_PROJECT = re.compile(r"P(\d{1,3})")
_TASK = re.compile(r"\d{1,2}-\d{1,2}")
_MATTER = re.compile(r"\d{4}-\d{2,4}")
_OLD_MATTER = re.compile(r"([RW])(\d{1,6})")


@dataclass(frozen=True)
class Hit:
    """A row of the list: its code and name with the words marked, or words of its text."""

    url: str
    code: tuple[Piece, ...]
    name: tuple[Piece, ...]
    note: str
    words: tuple[Piece, ...]


@dataclass(frozen=True)
class Group:
    """What was found of one kind; `hits` are the first ones unless the kind alone is shown."""

    kind: str
    label: str
    hits: tuple[Hit, ...]
    count: int
    more_url: str

    @property
    def has_more(self) -> bool:
        return self.count > len(self.hits)


@dataclass(frozen=True)
class Search:
    """The page: the query as typed, what was found by kind."""

    query: str
    groups: tuple[Group, ...]

    @property
    def count(self) -> int:
        return sum(group.count for group in self.groups)


@dataclass(frozen=True)
class _Row:
    """Something that can be found: by code or name, or else by its longer texts."""

    url: str
    code: str
    name: str
    also: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    note: str = ""


def search(*, query: str, reader: User, kind: str = "") -> Search:
    """Rows of all kinds, or of one, in which every word of the query stands."""
    terms = terms_of(query)
    if not terms:
        return Search(query, ())
    found = []
    for name, (label, rows) in _KINDS.items():
        hits = _found(rows(reader), terms) if kind in {"", name} else []
        if hits:
            shown = hits if kind else hits[:MOST]
            address = f"{reverse('find')}?{urlencode({'q': query, 'kind': name})}"
            found.append(Group(name, label, tuple(shown), len(hits), address))
    return Search(query, tuple(found))


def address_of_code(*, typed: str, reader: User) -> str | None:
    """The page of a code as people write it: t18, 五1, P16, T01@2026; None for what is no code.

    A year's value leads to the reader's own form, else to where the number comes from.
    """
    codes = subject_codes(typed)
    if len(codes) != 1:
        return None
    code = codes[0]
    if match := _TARGET.fullmatch(code):
        return _of_target(f"T{int(match[1]):02d}", match[2], reader)
    if match := _PROJECT.fullmatch(code):
        return _first(Project.objects.filter(code=f"P{int(match[1])}"))
    if _TASK.fullmatch(code):
        return _first(Task.objects.filter(code=code))
    if _MATTER.fullmatch(code):
        return _first(Matter.objects.filter(readable_matters(by=reader), code=code))
    if match := _OLD_MATTER.fullmatch(code):
        column = {"R": "risk_number", "W": "report_number"}[match[1]]
        own = Matter.objects.filter(readable_matters(by=reader), **{column: int(match[2])})
        return _first(own)
    return None


def _first(rows: Iterable[Target | Task | Project | Matter]) -> str | None:
    return next((row.get_absolute_url() for row in rows), None)


def _of_target(code: str, year: str | None, reader: User) -> str | None:
    if year and _reports(reader):
        own = Obligation.objects.filter(agency=reader.agency_id, target__code=code)
        mine = own.owed().with_subjects().filter(value_year=int(year))
        if newest := mine.order_by("-period__year", "-period__quarter").first():
            return newest.get_absolute_url()
    known = Observation.objects.filter(target__code=code, quarter=None)
    if year and known.filter(year=int(year)).exists():
        return reverse("targets:value", args=[code, year])
    return _first(Target.objects.filter(code=code))


def _reports(reader: User) -> bool:
    return reader.agency_id is not None and reader.has_role(Role.REPORTER, Role.SIGNER)


def _found(rows: Iterable[_Row], terms: Sequence[str]) -> list[Hit]:
    """Found by code or name first, then those whose text has the words."""
    named, told = [], []
    for row in rows:
        if matches(terms, row.code, row.name, *row.also):
            named.append(_hit(row, terms))
        elif matches(terms, row.code, row.name, *row.also, *row.texts):
            told.append(_hit(row, terms))
    return [*named, *told]


def _hit(row: _Row, terms: Sequence[str]) -> Hit:
    name = marked(row.name, terms)
    words: tuple[Piece, ...] = ()
    if not any(piece.is_hit for piece in name):
        others = (excerpt(text, terms) for text in (*row.also, *row.texts))
        words = next((pieces for pieces in others if pieces), ())
    return Hit(row.url, marked(row.code, terms), name, row.note, words)


def _obligations(reader: User) -> Iterator[_Row]:
    """What the reader's own agency owes in the open periods; never what is typed in it."""
    if not _reports(reader):
        return
    own = Obligation.objects.filter(agency=reader.agency_id, period__state=PeriodState.OPEN)
    for row in own.owed().with_subjects().defer("content").in_plan_order():
        note = f"{row.period}，{row.get_state_display()}"
        yield _Row(row.get_absolute_url(), row.subject_code, row.name, note=note)


def _targets(_reader: User) -> Iterator[_Row]:
    for row in Target.objects.filter(retired_on=None).order_by("position"):
        yield _Row(row.get_absolute_url(), row.code, row.name, (row.short_name,))


def _tasks(_reader: User) -> Iterator[_Row]:
    rows = Task.objects.filter(retired_on=None).order_by("category__number", "number")
    for row in rows:
        yield _Row(row.get_absolute_url(), row.code, row.title, texts=(row.text,))


def _projects(_reader: User) -> Iterator[_Row]:
    for row in Project.objects.filter(retired_on=None).order_by("number"):
        texts = (row.owner_text, row.content)
        yield _Row(row.get_absolute_url(), row.code, row.name, texts=texts)


def _matters(reader: User) -> Iterator[_Row]:
    """Titles of the matters that the reader may read."""
    for row in Matter.objects.filter(readable_matters(by=reader)).order_by("-reported_at", "-pk"):
        yield _Row(row.get_absolute_url(), row.code, row.title, note=row.get_state_display())


def _agencies(_reader: User) -> Iterator[_Row]:
    for row in Agency.objects.in_plan_order().annotate(**_ALIASES.column()):
        also = (row.short_name, row.full_name, *_ALIASES.of(row))
        note = "已停用" if row.valid_to else row.get_kind_display()
        yield _Row(reverse("agencies:detail", args=[row.code]), "", row.name, also, note=note)


def _clauses(_reader: User) -> Iterator[_Row]:
    for row in Clause.objects.order_by("position"):
        name = bare_heading(row.heading) if row.heading else f"{row.text[:24]}…"
        yield _Row(row.get_absolute_url(), row.address, name, texts=(row.text,))


def _aliases() -> ArraySubquery:
    return ArraySubquery(AgencyAlias.objects.filter(agency=OuterRef("pk")).values("text"))


_ALIASES = Annotation("alias_texts", _aliases, tuple)
_KINDS = {
    "mine": ("本单位的填报事项", _obligations),
    "targets": ("指标", _targets),
    "tasks": ("任务", _tasks),
    "projects": ("项目", _projects),
    "matters": ("事项", _matters),
    "agencies": ("单位", _agencies),
    "clauses": ("方案条款", _clauses),
}
