"""The plan's text, categories and goals of the tests."""

import factory

from plan.choices import CategoryScope, ClausePart
from plan.models import Category, Clause, Document, Goal


class DocumentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Document

    title = factory.Sequence(lambda n: f"关于下达第{n}批目标任务的通知")
    number = factory.Sequence(lambda n: f"长发改〔2026〕{n + 1}号")


class PlanDocumentFactory(DocumentFactory):
    class Meta:
        model = Document
        django_get_or_create = ("is_plan",)

    title = "长沙市开福区碳达峰实施方案"
    number = ""
    is_plan = True
    base_year = 2020
    milestone_years = (2025, 2030)


class ClauseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Clause

    document = factory.SubFactory(PlanDocumentFactory)
    part = ClausePart.BODY
    code = factory.Sequence(lambda n: f"3-1-{n + 1}")
    address = factory.Sequence(lambda n: f"三（一）{n + 1}")
    depth = 3
    position = factory.Sequence(lambda n: n + 1)
    heading = factory.Sequence(lambda n: f"{n + 1}.积极推进第{n + 1}项工作")
    text = "到2025年，比例达到75%以上。"


class CategoryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Category

    scope = CategoryScope.TASKS
    number = factory.Sequence(lambda n: n + 1)
    name = factory.Sequence(lambda n: f"形成第{n + 1}类绿色方式")
    short_name = factory.Sequence(lambda n: f"第{n + 1}类")


class GoalFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Goal

    number = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence(lambda n: f"到2025年，第{n + 1}项目标")
    statement = "森林覆盖率稳定在15.38%左右。"
