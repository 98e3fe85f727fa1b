"""The line of nodes: shares of its years counted by hand."""

import datetime

import pytest
from django.urls import reverse

from projects.models import Project, ProjectProgress
from projects.selectors import NodeLine
from projects.selectors.rows import ProjectRow
from tests.factories.cast import make_cast
from tests.factories.projects import ProjectFactory, ProjectProgressFactory

TODAY = datetime.date(2026, 11, 22)


def line(start=2023, end=2024, *, status="under_way", **dates):
    """Of a report at the end of the third quarter of 2026."""
    project = Project(number=9, start_year=start, end_year=end)
    report = ProjectProgress(project=project, year=2026, quarter=3, status=status, **dates)
    return NodeLine(ProjectRow(project, report, TODAY))


def test_planned_worked_and_expected():
    """2023 to 2026 are 1460 days from end to end: day 730 is 50 %, 1 May 2023 is day 120."""
    found = line(started_on="2023-05", expected_on="2026-12")
    assert (found.plan.at, found.plan.width) == ("0.00%", "50.00%")
    assert (found.actual.at, found.actual.end) == ("8.22%", "97.33%")  # today is day 1421
    assert (found.ahead.at, found.ahead.end) == ("97.33%", "100.00%")
    assert [(mark.kind, mark.words, mark.anchor) for mark in found.marks] == [
        ("actual", "开工2023年5月", "start"),
        ("expected", "预计竣工2026年12月", "end"),
    ]
    assert [year.words for year in found.years] == ["2023", "2024", "2025", "2026"]
    assert found.alt == (
        "节点：计划2023—2024年；在建，超期23个月，开工2023年5月、预计竣工2026年12月。"
    )


def test_what_is_completed_ends_there_and_expects_nothing():
    found = line(status="completed", started_on="2023-01", completed_on="2024-12",
                 expected_on="2025-03")  # fmt: skip
    assert (found.actual.at, found.actual.end, found.ahead) == ("0.00%", "50.00%", None)
    assert [mark.words for mark in found.marks] == ["开工2023年1月", "竣工2024年12月"]


@pytest.mark.parametrize("status", ["suspended", "completed", "cancelled"])
def test_what_stopped_is_drawn_to_the_reported_quarter(status):
    """30 September 2026 is day 1368 of 1460."""
    assert line(status=status, started_on="2023-05").actual.end == "93.70%"


def test_what_was_not_reported_has_no_bar():
    found = line(status="not_started")
    assert (found.actual, found.ahead, found.marks) == (None, None, ())
    never = NodeLine(ProjectRow(Project(start_year=2023, end_year=2024), None, TODAY))
    assert (never.actual, never.ahead, never.state_words) == (None, None, "未填报，超期23个月")


def test_without_planned_years_and_with_unreadable_months():
    found = line(None, None, started_on="明年底", expected_on="2025")
    assert (found.plan, found.plan_words, found.marks) == (None, "方案未列年限", ())
    assert [year.words for year in found.years] == ["2026"]


def test_many_years_number_every_second():
    assert [year.words for year in line(2018, 2026).years] == [
        "2018", "", "2020", "", "2022", "", "2024", "", "2026",
    ]  # fmt: skip


@pytest.mark.django_db
def test_the_page_draws_it(client):
    client.force_login(make_cast()["孙领导"])
    project = ProjectFactory()
    ProjectProgressFactory(project=project, started_on="2023-05")
    page = client.get(reverse("projects:detail", args=[project.code])).content.decode()
    assert 'class="nl-actual"' in page
    assert "开工2023年5月" in page
    assert "style=" not in page.partition('class="node-line"')[2].partition("</svg></div>")[0]
