"""Journey 2: annex 2, once more, changed, and taken back."""

from decimal import Decimal

import pytest
from django.db.models import Sum

from agencies.models import Agency
from audit.models import AuditEvent
from projects.models import Project
from tests.workflow import annexes

pytestmark = pytest.mark.django_db


def test_annex_2_again_changed_and_undone(admin_client):
    client = admin_client
    annexes.upload(client, annexes.ANNEX2)

    problems = annexes.page(client, "problems")
    assert "采纳：2021-2023" in problems
    assert "“——”，按没有数据读入，不计入合计" in problems
    assert "第5—11行类别是合并单元格" in problems
    assert problems.count("与上一行相同：") == 2
    assert "采纳：改造规模为30×10⁴ m³/d" in problems
    annexes.send(client, "problems", action="take_all")

    annexes.take_agencies(client)
    agencies = annexes.page(client, "agencies")
    assert "没有指定填报责任单位" in agencies
    assert "还有14个项目没有指定填报责任单位" in agencies
    refused = annexes.send(client, "confirm")
    assert "step=confirm" in refused.url
    assert not Project.objects.exists()

    annexes.name_reporters(client, "区人居环境局")
    annexes.send(client, "confirm")
    assert Project.objects.count() == 20
    assert total() == Decimal(915822)
    assert Project.objects.filter(total_investment_wan=None).get().code == "P15"
    years = Project.objects.values_list("start_year", "end_year")
    assert years.get(number=10) == (2021, 2023)
    assert "30×10⁴" in Project.objects.get(number=20).content
    assert Project.objects.get(number=13).content == ""
    assert Project.objects.get(number=1).reporting_agency.name == "区农业农村局"
    assert Project.objects.get(number=2).reporting_agency.name == "区人居环境局"

    annexes.upload(client, annexes.ANNEX2)
    assert annexes.preview(annexes.latest()).counts["same"] == 20
    assert "未变<b>20</b>" in annexes.page(client, "differences")
    assert "完全一致" in annexes.page(client, "confirm")
    client.post(f"{annexes.latest().get_absolute_url()}abandon/")

    annexes.upload(client, annexes.changed(annexes.ANNEX2, {"G3": "7500"}))
    differences = annexes.page(client, "differences")
    assert "修改<b>1</b>" in differences
    assert "<del>7,214</del> → <ins>7,500</ins>" in differences
    annexes.send(client, "confirm")
    assert total() == Decimal(915822 - 7214 + 7500)

    undone = client.post(f"{annexes.latest().get_absolute_url()}undo/", follow=True)
    assert "已撤销导入" in undone.content.decode()
    assert total() == Decimal(915822)
    actions = AuditEvent.objects.filter(object_code="P1", object_type="项目")
    assert [event.action for event in actions.order_by("id")] == ["新增", "修改", "撤销修改"]
    runs = AuditEvent.objects.filter(object_type="导入记录").order_by("id")
    assert [e.action for e in runs] == [
        "上传附件", "导入", "上传附件", "放弃导入", "上传附件", "导入", "撤销导入",
    ]  # fmt: skip
    assert {event.way for event in runs} == {"annex"}


def total():
    return Project.objects.aggregate(total=Sum("total_investment_wan"))["total"]


def test_what_the_bureau_named_itself_stays_in_a_second_import(admin_client):
    annexes.import_all(admin_client, annexes.ANNEX2, reporter="区人居环境局")
    project = Project.objects.get(number=2)
    project.reporting_agency = Agency.objects.get(name="区农业农村局")
    project.save()

    annexes.import_all(admin_client, annexes.changed(annexes.ANNEX2, {"G4": "31000"}))

    project.refresh_from_db()
    assert project.total_investment_wan == 31000
    assert project.reporting_agency.name == "区农业农村局"


def test_companies_hold_no_accounts_and_cannot_report(admin_client):
    annexes.import_all(admin_client, annexes.ANNEX2, reporter="区人居环境局")

    company = Agency.objects.get(name="湖南壹城环保科技有限公司")
    assert company.kind == "company"
    assert company not in Agency.objects.able_to_report()
    assert not Project.objects.filter(reporting_agency__kind="company").exists()


def test_a_project_may_stay_without_reporter_by_an_explicit_choice(admin_client):
    annexes.import_all(admin_client, annexes.ANNEX2, reporter="later")

    assert Project.objects.filter(reporting_agency=None).count() == 14
