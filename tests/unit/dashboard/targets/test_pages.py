"""Pages of targets: what they cost, what they lead to, what they say without data."""

import json

import pytest

from agencies.choices import Role
from agencies.models import Agency
from plan.models import DataState
from targets.models import Milestone, Observation, Target
from tests.documents import document
from tests.factories.agencies import UserFactory
from tests.factories.targets import (
    AccountingBasisFactory,
    MilestoneFactory,
    ObservationFactory,
    TargetFactory,
)
from tests.pages import codes, statements, text, words, workbook

BUDGET = 8
PAGES = (
    "/targets/",
    "/targets/T03/",
    "/targets/T03/help/",
    "/targets/T03/figure.json",
    "/dashboard/",
)
FILES = (
    "/targets/export.xlsx",
    "/targets/T03/data.xlsx",
    "/dashboard/paths.json",
    "/dashboard/paths.xlsx",
    "/dashboard/2025/milestones.json",
    "/dashboard/2030/outlook.json",
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


@pytest.fixture
def reader(client):
    client.force_login(UserFactory(roles=[Role.LEADER], agency=None))
    return client


def copies(model, times, **changes):
    """Unsaved copies of all rows, `times` for each, with what `changes` makes of row and number."""
    names = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
    for row in model.objects.order_by("pk"):
        facts = {name: getattr(row, name) for name in names}
        for number in range(1, times + 1):
            made = {name: change(row, number) for name, change in changes.items()}
            yield model(**facts | made)


def ten_times_the_targets():
    Target.objects.bulk_create(copies(Target, 9, code=lambda row, n: f"{row.code}-{n}"))
    made = {target.code: target.pk for target in Target.objects.all()}
    old = {pk: code for code, pk in made.items()}
    moved = {"target_id": lambda row, n: made[f"{old[row.target_id]}-{n}"]}
    for model in (Milestone, Observation):
        model.objects.bulk_create(list(copies(model, 9, **moved)))
    DataState.touch()


def ten_times_the_values(target):
    """Old versions and values of other bases of one target."""
    rows = [row for row in copies(Observation, 9) if row.target_id == target.pk]
    for number, row in enumerate(rows):
        row.basis = AccountingBasisFactory(name=f"口径{number}")
    Observation.objects.bulk_create(rows)


@pytest.mark.parametrize("role", list(Role))
def test_statements_do_not_grow(client, role):
    client.force_login(UserFactory(roles=[role], agency=Agency.objects.first()))
    pages = PAGES if role != Role.LEADER else (*PAGES, *FILES, "/targets/?verdict=missed")
    few = {page: statements(client, page) for page in pages}
    ten_times_the_targets()
    ten_times_the_values(Target.objects.get(code="T03"))
    for page, before in few.items():
        found = statements(client, page)
        assert len(found) == len(before), page
        assert len(found) <= BUDGET, "\n".join([page, *found])


def test_more_than_a_hundred_have_pages(reader):
    ten_times_the_targets()
    first, last = (reader.get(f"/targets/?sort=worst&page={page}") for page in (1, 3))
    assert "共260项" in words(text(first))
    assert (len(codes(first)), len(codes(last))) == (100, 60)
    assert not set(codes(first)) & set(codes(last))


def test_the_list_is_in_the_plans_order_or_worst_first(reader):
    assert codes(reader.get("/targets/"))[:3] == ["T01", "T02", "T03"]
    worst = codes(reader.get("/targets/?sort=worst"))
    assert worst[:3] == ["T21", "T11", "T20"]
    assert len(worst) == 26


def test_an_unknown_filter_lets_all_pass(reader):
    assert len(codes(reader.get("/targets/?verdict=nonsense&level=purple"))) == 26


def test_filters_that_leave_nothing_say_so(reader):
    page = text(reader.get("/targets/?verdict=missed&level=green"))
    assert "没有符合条件的指标" in page
    assert "清除筛选" in page


def test_the_export_holds_what_the_list_holds(reader):
    address = "?verdict=provisional&sort=worst"
    _, rows = workbook(reader.get(f"/targets/export.xlsx{address}"))
    assert [row["编号"].value for row in rows] == codes(reader.get(f"/targets/{address}"))


def test_the_figure_of_the_page_is_the_one_that_is_fetched(reader):
    page = reader.get("/targets/T03/")
    fetched = json.loads(reader.get("/targets/T03/figure.json").content)
    assert fetched == json.loads(json.dumps(page.context["chart"].document))
    shown = [chart["data-src"] for chart in document(page).every("figure.chart")]
    assert "/targets/T03/figure.json" in shown


@pytest.mark.parametrize("page", ["", "help/", "figure.json", "data.xlsx"])
def test_an_unknown_code_is_not_found(reader, page):
    assert reader.get(f"/targets/T99/{page}").status_code == 404


@pytest.mark.parametrize("page", ["", "export.xlsx", "T03/", "T03/help/", "T03/figure.json"])
def test_nothing_is_shown_before_signing_in(client, page):
    answer = client.get(f"/targets/{page}")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/")


def test_a_get_is_all_that_they_answer(reader):
    for page in (*PAGES, *FILES):
        assert reader.post(page).status_code == 405, page


def test_names_are_shown_as_they_are_typed(reader):
    target = TargetFactory(code="X99", name="<b>比例</b>", short_name="<i>比</i>")
    ObservationFactory(target=target, year=2024, source="<script>alert(1)</script>")
    ObservationFactory(target=MilestoneFactory(target=target).target)
    for address in ("/targets/", "/targets/X99/", "/targets/X99/help/", "/dashboard/"):
        page = text(reader.get(address))
        assert "&lt;i&gt;比" in page or "&lt;b&gt;比例" in page
        assert "<b>比例" not in page
        assert "<i>比" not in page
        assert "<script>alert" not in page


def test_help_says_what_the_published_register_says(reader):
    target = Target.objects.get(code="T03")
    page = text(reader.get("/targets/T03/help/"))
    assert all(trap in page for trap in target.traps)
    assert target.formula in page
    assert target.data_source in page


def test_no_plan_yet(reader):
    Target.objects.update(retired_on="2026-01-01")
    page = text(reader.get("/targets/"))
    assert "还没有指标" in page
    assert "还没有载入方案" in text(reader.get("/dashboard/"))
