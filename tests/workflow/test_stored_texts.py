"""Names and units of any kind, once stored, open every page and workbook that shows them."""

import datetime
from decimal import Decimal

import pytest

from agencies.choices import Role
from tests.factories.agencies import AgencyFactory, UserFactory
from tests.factories.projects import ProjectFactory, ProjectProgressFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.factories.tasks import TaskFactory, TaskProgressFactory

pytestmark = [pytest.mark.django_db, pytest.mark.any_server]

ODD = ("<b>%", "</B>%{y}&lt;<br>", "{{ x }}{% y %}=$1$")
PAGES = (
    "/dashboard/", "/dashboard/2025/", "/dashboard/2030/", "/dashboard/2025/export.xlsx",
    "/dashboard/2030/export.xlsx", "/dashboard/2030/outlook.json", "/dashboard/2030/outlook.xlsx",
    "/dashboard/paths.json", "/dashboard/paths.xlsx", "/dashboard/print/",
    "/dashboard/wall/", "/dashboard/reporting/", "/targets/", "/targets/export.xlsx",
    "/targets/T901/", "/targets/T901/figure.json", "/targets/T901/figure.xlsx",
    "/targets/T901/vintages.json", "/targets/T901/data.xlsx", "/targets/T901/help/",
    "/tasks/", "/tasks/91-1/", "/tasks/export.xlsx", "/tasks/91-1/export.xlsx", "/projects/",
    "/projects/P901/", "/projects/export.xlsx", "/projects/P901/export.xlsx",
    "/projects/P901/figure.json", "/projects/P901/figure.xlsx", "/projects/figures/timeline.json",
    "/projects/figures/investment.json", "/agencies/", "/agencies/jtj/", "/history/", "/plan/",
)  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
def test_every_page_opens(client, odd):
    agency = AgencyFactory(code="jtj", name=f"局{odd}", short_name=odd[:10])
    target = TargetFactory(code="T901", name=f"指标{odd}", unit=odd[:20], lead=agency)
    for year in (2025, 2030):
        MilestoneFactory(target=target, year=year, due=datetime.date(year, 12, 31))
    for year in range(2021, 2026):
        ObservationFactory(target=target, year=year, value=Decimal(60 + year - 2020))
    task = TaskFactory(code="91-1", title=f"任务{odd}", lead=agency)
    TaskProgressFactory(task=task)
    project = ProjectFactory(code="P901", name=f"项目{odd}")
    ProjectProgressFactory(project=project)
    client.force_login(UserFactory(name=odd, agency=agency, roles=list(Role)))
    for page in PAGES:
        assert client.get(page).status_code < 500, page
