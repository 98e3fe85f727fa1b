"""The overview as a page: periods, empty states, roles."""

import json

import pytest
from django.utils import timezone

from agencies.choices import Role
from common.quarters import Period
from tests.documents import document
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory
from tests.factories.tasks import TaskFactory, TaskProgressFactory
from tests.pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader(client):
    client.force_login(UserFactory(roles=[Role.LEADER], agency=None))
    return client


@pytest.mark.parametrize("role", list(Role))
def test_everybody_reads_it_also_without_a_plan(client, role):
    client.force_login(UserFactory(roles=[role], agency=AgencyFactory()))
    page = client.get("/dashboard/")
    assert page.status_code == 200
    assert "还没有载入方案" in text(page)
    assert "data-chart" not in text(page)


def test_a_leader_lands_on_it(leader):
    assert leader.get("/")["Location"] == "/dashboard/"


def test_the_last_closed_quarter_is_shown_first(leader):
    last = Period.last_closed(timezone.localdate())
    page = leader.get("/dashboard/")
    assert page.context["period"] == last
    assert document(page).one("h1").text == last.label


def test_an_old_quarter_is_shown_where_an_address_names_it(leader):
    """In 2031 that of 2026 is no longer offered, but bookmarks and documents name it."""
    old = Period.quarter_of(timezone.localdate())
    old = Period(old.year - 5, old.quarter)
    MilestoneFactory()
    page = leader.get(f"/dashboard/?period={old.code}")
    assert page.context["period"] == old
    options = document(page).one("select[name=period]").every("option")
    assert [option.text for option in options if option.has("selected")] == [old.label]


@pytest.mark.parametrize("query", ["period=1999Q1", "period=x", "period=", "other=1"])
def test_an_unknown_quarter_falls_back(leader, query):
    page = leader.get(f"/dashboard/?{query}")
    assert page.context["period"] == Period.last_closed(timezone.localdate())


def test_another_quarter_is_chosen(leader):
    last = Period.last_closed(timezone.localdate())
    earlier = last.back(3)[0]
    MilestoneFactory()
    task = TaskFactory()
    TaskProgressFactory(task=task, year=earlier.year, quarter=earlier.quarter, status="lagging")
    page = leader.get(f"/dashboard/?period={earlier.code}")
    assert page.context["period"] == earlier
    assert document(page).one("h2", holding="任务：").text == "任务：1项滞后或停滞"
    assert f'<option value="{earlier.code}" selected>' in text(page)


@pytest.mark.usefixtures("of_2026q3")
def test_a_plan_with_nothing_else_explains_what_is_missing(leader):
    MilestoneFactory()
    page = text(leader.get("/dashboard/"))
    for words in (
        "还不能说进展，先看方案的要求",
        "没有可比的数",
        "还没有两个季度的数",
        "还没有实际值，只画目标",
        "还没有任务进展",
        "还没有项目",
        "本期未开放",
    ):
        assert words in page, words


@pytest.mark.usefixtures("of_2026q3")
def test_the_figure_comes_by_itself(leader):
    ObservationFactory(target=MilestoneFactory().target)
    page = leader.get("/dashboard/?period=2026Q2")
    source = document(page).one("section#rows")["data-src"]
    answer = leader.get(source)
    assert answer["Content-Type"] == "application/json"
    assert json.loads(answer.content) == json.loads(json.dumps(page.context["chart"].document))


@pytest.mark.parametrize("address", ["/dashboard/", "/dashboard/paths.json", "/dashboard/2030/"])
def test_it_is_only_read_and_only_by_those_who_signed_in(client, leader, address):
    assert leader.post(address).status_code == 405
    leader.logout()
    assert leader.get(address)["Location"].startswith("/login/")


@pytest.mark.usefixtures("of_2026q3")
class TestPaths:
    """The figure of all rows, by itself."""

    def test_figure_and_workbook(self, leader):
        assert leader.get("/dashboard/paths.json").status_code == 404
        ObservationFactory(target=MilestoneFactory().target)
        figure = json.loads(leader.get("/dashboard/paths.json").content)
        assert figure["wide"]["layout"]["height"] == 90
        book = leader.get("/dashboard/paths.xlsx")
        assert book["Content-Type"].endswith("sheet")

    def test_a_quarter_of_the_year_shown_drops_its_year(self, leader):
        target = MilestoneFactory().target
        ObservationFactory(target=target, year=2025, quarter=2, value=70)
        assert "二季度还差5.0" in self.words(leader, "?period=2025Q3")
        assert "2025年二季度还差5.0" in self.words(leader, "?period=2026Q3")

    def words(self, leader, query):
        figure = json.loads(leader.get(f"/dashboard/paths.json{query}").content)
        return [text for trace in figure["wide"]["data"] for text in trace.get("text", ())]
