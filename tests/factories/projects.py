"""Projects of the tests."""

from decimal import Decimal

import factory

from plan.choices import CategoryScope
from projects.choices import ProjectStatus
from projects.models import Project, ProjectProgress
from tests.factories.plan import CategoryFactory


class ProjectFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Project

    number = factory.Sequence(lambda n: n + 101)
    code = factory.LazyAttribute(lambda project: f"P{project.number}")
    name = factory.Sequence(lambda n: f"第{n + 1}提标改造工程")
    category = factory.SubFactory(CategoryFactory, scope=CategoryScope.PROJECTS)
    owner_text = "长沙节能有限公司"
    start_year = 2023
    end_year = 2024
    total_investment_wan = Decimal(30000)


class ProjectProgressFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ProjectProgress

    project = factory.SubFactory(ProjectFactory)
    year = 2026
    quarter = 3
    status = ProjectStatus.UNDER_WAY
    invested_wan = Decimal(12000)
