"""Each number of the overview leads to a list of as many rows, on the demonstration."""

import datetime
from decimal import Decimal
from typing import ClassVar

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.choices import Role
from common.quarters import Period
from dashboard.selectors.overview.overview import overview
from dashboard.selectors.part_cache import PageMemory
from plan.choices import CategoryScope
from plan.models import Category, DataState
from reporting.matters.selectors.asof import matters_now
from targets.models import Target
from targets.services import record_observations
from tests.factories.agencies import AdministratorFactory, UserFactory
from tests.factories.matters import MatterFactory
from tests.factories.projects import ProjectFactory
from tests.factories.targets import ObservationFactory, TargetFactory
from tests.pages import codes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
Q3 = Period(2026, 3)


@pytest.fixture
def leader(client):
    client.force_login(UserFactory(roles=[Role.LEADER], agency=None))
    return client


@pytest.mark.parametrize("day", ["2026-11-30", "2027-02-01", "2030-11-15", "2031-02-01"])
def test_the_score(client, clock, day):
    today = datetime.date.fromisoformat(day)
    clock.move_to(today)
    client.force_login(UserFactory(roles=[Role.LEADER], agency=None))
    for line in overview(period=Period.last_closed(today)).summary.score:
        links = [(cell.count, cell.url) for cell in line.cells if cell.count]
        assert line.note.startswith(f"{sum(count for count, _ in links)}项")
        if line.more and "另有" in line.more.text:
            links.append((int(line.more.text[2:4]), line.more.url))
        for count, url in links:
            assert len(set(codes(client.get(url)))) == count, url


def test_missed_targets_overdue_projects_and_slow_tasks(leader):
    more = [phrase for phrase in overview(period=Q3).summary.worst_more if phrase.url]
    said = ["未达标指标3项", "超期项目7个", "滞后或停滞任务4项"]
    assert [phrase.text for phrase in more] == said
    for phrase in more:
        count = int("".join(filter(str.isdigit, phrase.text)))
        assert len(set(codes(leader.get(phrase.url)))) == count, phrase.url


def test_the_map_of_the_tasks_is_that_of_their_list(leader):
    for row in overview(period=Q3).heat.rows:
        address = f"/tasks/?period=2026Q3&category={row.category.number}"
        assert len(codes(leader.get(address))) == row.cells[-1].summary.total


def test_what_waits_for_a_leader(leader):
    found = overview(period=Q3, ledger=((), matters_now())).summary.decisions
    listed = leader.get(found.url).context["page"].rows
    assert found.total == len(listed) > len(found.rows)
    assert {row.url for row in found.rows} <= {row.url for row in listed}


def test_three_statements_whatever_the_rows():
    kept, state = PageMemory(), DataState.current()
    assert count() == 3
    assert count(kept=kept, state=state) == 3
    assert count(kept=kept, state=state) == 0
    field = Category.objects.filter(scope=CategoryScope.PROJECTS).first()
    ProjectFactory.create_batch(3, category=field)
    TargetFactory.create_batch(3)
    assert count() == 3


def count(**facts):
    with CaptureQueriesContext(connection) as captured:
        found = overview(period=Q3, **facts)
        assert all((found.summary, found.groups, found.heat, found.projects))
    return len(captured)


def test_a_matter_changes_the_page_without_the_data(leader):
    leader.get("/dashboard/")  # the cookie against forged forms comes with it
    etag = leader.get("/dashboard/").headers["ETag"]
    assert leader.get("/dashboard/", headers={"If-None-Match": etag}).status_code == 304
    MatterFactory()
    assert leader.get("/dashboard/", headers={"If-None-Match": etag}).status_code == 200


def test_what_is_kept_gives_way_to_a_new_value():
    """Rows, facts and changes of other targets stay; those of the changed one are found anew."""
    DataState.touch()

    def seen():
        state = DataState.current()
        found = overview(period=Q3, kept=_Marked(state), state=state)
        return found.comparison, {row.code: row for row in found.rows}

    def said(comparison):
        return {(change.thing.code, change.before, change.after) for change in comparison.changes}

    before, rows = seen()
    value = ObservationFactory.build(
        target=Target.objects.get(code="T03"), year=2025, value=Decimal("19.3"), reason="更正"
    )
    record_observations(observations=[value], by=AdministratorFactory())
    after, fresh = seen()
    assert [code for code in rows if fresh[code] is not rows[code]] == ["T03"]
    assert {code for code, *_ in said(after) ^ said(before)} == {"T03"}
    caches["made"].clear()
    assert said(seen()[0]) == said(after)


class _Marked(PageMemory):
    """Keeps for the marks of a state, as pages do."""

    kept: ClassVar[dict[tuple[object, ...], object]] = {}

    def __init__(self, state):
        super().__init__()
        self.state = state

    def find(self, name, *, area=""):
        return self.kept.get((name, self.state.mark_of(area)))

    def store(self, name, made, *, area=""):
        self.kept[name, self.state.mark_of(area)] = made
