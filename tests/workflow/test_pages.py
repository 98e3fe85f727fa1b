"""Every reading page costs at most eight statements, whoever reads and however much there is."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.choices import Role
from plan.choices import CategoryScope
from plan.models import DataState
from projects.choices import ProjectStatus
from tests.factories.agencies import AgencyAliasFactory, AgencyFactory, UserFactory
from tests.factories.plan import CategoryFactory
from tests.factories.projects import ProjectFactory, ProjectProgressFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.factories.tasks import TaskContributionFactory, TaskFactory, TaskProgressFactory

pytestmark = [pytest.mark.django_db, pytest.mark.any_server]

BUDGET = 8
OWN = "/my/"
PAGES = (
    "/dashboard/",
    "/targets/",
    "/targets/T901/",
    "/tasks/",
    "/tasks/?agency=jtj&share=lead",
    "/tasks/91-1/",
    "/tasks/91-1/export.xlsx",
    "/tasks/export.xlsx",
    "/projects/",
    "/projects/?overdue=yes",
    "/projects/figures/timeline.json",
    "/projects/figures/investment.json",
    "/projects/P901/",
    "/projects/P901/figure.json",
    "/projects/P901/export.xlsx",
    "/projects/export.xlsx",
    "/agencies/",
    "/agencies/?has=lead",
    "/agencies/jtj/",
    OWN,
)
MAY_READ_OWN = {Role.REPORTER, Role.SIGNER, Role.REVIEWER}


@pytest.fixture
def bureau():
    return AgencyFactory(code="jtj", name="区交通运输局")


def scene(bureau, *, first, last):
    """Targets, tasks and projects number `first` to `last`, each with several quarters."""
    fields = [CategoryFactory(), CategoryFactory(scope=CategoryScope.PROJECTS)]
    for number in range(first, last):
        AgencyAliasFactory(agency=bureau)
        target = TargetFactory(code=f"T9{number:02d}", lead=bureau, baseline_value=Decimal(10))
        MilestoneFactory(target=target)
        ObservationFactory(target=target)
        task = TaskFactory(code=f"9{number}-1", number=number, category=fields[0], lead=bureau)
        task.shares.create(agency=AgencyFactory(), position=1)
        task.targets.add(target)
        project = ProjectFactory(number=900 + number, category=fields[1], reporting_agency=bureau)
        project.owner_rows.create(agency=bureau, position=1)
        project.targets.add(target)
        for quarter in (1, 2, 3):
            TaskProgressFactory(task=task, quarter=quarter)
            TaskContributionFactory(task=task, agency=task.shares.get().agency, quarter=quarter)
            ProjectProgressFactory(project=project, quarter=quarter, started_on="2023-05")
    DataState.touch()


def statements(client, page):
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(page)
    assert answer.status_code == 200, page
    return [query["sql"] for query in captured]


@pytest.mark.parametrize("role", list(Role))
def test_pages_stay_in_the_budget_with_ten_times_the_rows(client, bureau, role):
    client.force_login(UserFactory(roles=[role], agency=bureau))
    pages = [page for page in PAGES if page != OWN or role in MAY_READ_OWN]
    scene(bureau, first=1, last=2)
    few = {page: len(statements(client, page)) for page in pages}
    scene(bureau, first=2, last=11)
    for page in pages:
        found = statements(client, page)
        assert len(found) <= BUDGET, "\n".join([page, *found])
        assert len(found) == few[page], page


def test_a_correction_shows_with_the_version_that_it_replaces(client, bureau):
    """What the pages of a project say after a quarter was corrected."""
    client.force_login(UserFactory(roles=[Role.LEADER], agency=None))
    project = ProjectFactory(number=916, name="新河水厂提标改造工程")
    ProjectProgressFactory(project=project, is_current=False, invested_wan=Decimal(29650))
    ProjectProgressFactory(
        project=project, version=2, invested_wan=Decimal(30850), reason="漏计一笔",
        status=ProjectStatus.UNDER_WAY,
    )  # fmt: skip
    words = client.get("/projects/P916/").content.decode()
    assert "<del>29,650</del>" in words
    assert "漏计一笔" in words
    assert "30,850" in client.get("/projects/").content.decode()


def test_lists_of_a_district_without_plan_say_what_comes_next(client):
    client.force_login(UserFactory(roles=[Role.LEADER], agency=None))
    DataState.touch()
    for page, words in (
        ("/tasks/", "还没有任务"),
        ("/projects/", "还没有项目"),
        ("/agencies/?q=没有这样的单位", "没有符合条件的单位"),
    ):
        assert words in client.get(page).content.decode()


def test_a_list_of_more_than_a_hundred_has_pages(client, bureau):
    client.force_login(UserFactory(roles=[Role.LEADER], agency=None))
    field = CategoryFactory()
    for number in range(1, 103):
        TaskFactory(code=f"8-{number}", number=number, category=field, lead=bureau)
    first = client.get("/tasks/").content.decode()
    assert "第1—100项，共102项" in first
    assert "8-102" in client.get("/tasks/?page=2").content.decode()
