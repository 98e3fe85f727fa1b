"""Journey 1: annex 1 into an empty system, step by step."""

import pytest

from agencies.models import Agency, AgencyAlias
from plan.models import Category, Goal
from targets.models import Milestone, Target
from tasks.models import Task
from tests.factories.agencies import AdministratorFactory
from tests.workflow import annexes

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin_client(client):
    client.force_login(AdministratorFactory())
    return client


def nothing_is_there():
    return not any(m.objects.exists() for m in (Agency, Category, Goal, Task, Target, Milestone))


def test_annex_1_into_an_empty_system(admin_client):
    client = admin_client
    answer = annexes.upload(client, annexes.ANNEX1)
    assert answer.url.endswith("?step=header")

    header = annexes.page(client, "header")
    assert "附件1 重点事项清单" in header
    assert "<b>38</b>行内容" in header
    assert annexes.send(client, "header", **header_fields()).url.endswith("?step=problems")

    problems = annexes.page(client, "problems")
    assert "必须处理<b>7</b>处" in problems
    assert problems.count("必须处理</em>") == 7
    assert "像是脚注号，已去掉" in problems
    assert 'disabled aria-describedby="refusal"' in problems
    assert "还有7处错误没有处理" in problems
    first = next(line for line in annexes.preview(annexes.latest()).lines if line.asks)
    assert f'<option value="{first.candidates[0]}" selected' not in problems

    annexes.name_convenors(client)
    assert "没有必须处理的错误" in annexes.page(client, "problems")
    assert nothing_is_there()

    agencies = annexes.page(client, "agencies")
    assert "有<b>24</b>个单位名称" in agencies
    assert "同“马栏山（长沙）视频文创园管理委员会”" in agencies
    annexes.take_agencies(client)

    differences = annexes.page(client, "differences")
    for code, words in {
        "T01": "较2020年下降15%", "T02": "待市下达", "T03": "≥20%",
        "T04": "≈15.38%", "T05": "≥51万立方米", "T06": "达峰",
    }.items():  # fmt: skip
        assert code in differences
        assert words in differences
    assert "≥22%" in differences
    assert "≥60万立方米" in differences
    assert nothing_is_there()
    keys = [line.key for line in annexes.preview(annexes.latest()).targets]
    annexes.send(client, "differences", shown_target=keys, target=keys)
    assert nothing_is_there()

    confirm = annexes.page(client, "confirm")
    assert "总体目标6，任务32" in confirm
    done = annexes.send(client, "confirm")
    assert done.url == annexes.latest().get_absolute_url()

    assert Task.objects.count() == 32
    assert Task.objects.filter(lead=None).exclude(convenor=None).count() == 7
    assert Category.objects.count() == 10
    assert Goal.objects.count() == 6
    assert [t.code for t in Target.objects.all()] == [f"T0{n}" for n in range(1, 7)]
    assert Milestone.objects.count() == 11
    assert AgencyAlias.objects.get().text == "马栏山(长沙)视频文创管理委员会"
    assert Agency.objects.filter(name__startswith="马栏山").count() == 1
    tasks = client.get("/tasks/")
    assert tasks.status_code == 200


def header_fields():
    reading = annexes.preview(annexes.latest()).reading
    rows = reading.header.rows
    columns = {f"column_{c.letter}": c.field or "" for c in reading.header.columns}
    return {
        "sheet": reading.sheet,
        "table": reading.table,
        "first_row": rows[0],
        "last_row": rows[-1],
        **columns,
    }
