import io
from urllib.parse import unquote

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from agencies.choices import Role
from audit.models import AuditEvent
from common.quarters import Period
from plan.models import DataState
from tasks.choices import TaskStatus
from tests.factories.agencies import AgencyFactory, CompanyFactory, UserFactory
from tests.factories.plan import CategoryFactory, ClauseFactory
from tests.factories.targets import TargetFactory
from tests.factories.tasks import TaskContributionFactory, TaskFactory, TaskProgressFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client):
    client.force_login(UserFactory(roles=[Role.LEADER], agency=None))
    return client


@pytest.fixture
def reviewer(client):
    bureau = AgencyFactory(name="区发展和改革局", is_coordinator=True)
    client.force_login(UserFactory(roles=[Role.REVIEWER], agency=bureau))
    return client


@pytest.fixture
def task():
    field = CategoryFactory(number=5, name="形成绿色低碳交通方式")
    task = TaskFactory(
        category=field, number=1, lead=None, title="加快绿色交通基础设施建设",
        text="到2025年，充电桩普及率达100%。", clause=ClauseFactory(address="三（五）1"),
    )  # fmt: skip
    task.shares.create(agency=AgencyFactory(name="区住房和城乡建设局"), position=1)
    return task


def table(sheet):
    """The rows below the title as dictionaries."""
    head, *rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    return [dict(zip(head, row, strict=True)) for row in rows]


def text(page):
    return page.content.decode()


class TestList:
    @pytest.mark.usefixtures("of_2026q3")
    def test_groups_tasks_by_field_with_their_status(self, reader, task):
        TaskProgressFactory(task=task, status=TaskStatus.LAGGING)
        words = text(reader.get("/tasks/"))
        for piece in (
            "形成绿色低碳交通方式",
            "加快绿色交通基础设施建设",
            "无牵头单位，责任单位分别报送",
            "进展滞后",
            "2026年第三季度：1项任务",
        ):
            assert piece in words

    def test_keeps_its_filters_in_the_address(self, reader, task):
        page = reader.get("/tasks/?category=5&share=none&status=missing")
        assert [row.task.code for row in page.context["rows"]] == ["5-1"]
        page = reader.get("/tasks/?status=done")
        assert page.context["rows"] == []
        assert "没有符合条件的任务" in text(page)
        assert "显示全部任务" in text(page)

    def test_what_is_behind_is_so_by_its_newest_report(self, reader, task):
        behind = "/tasks/?status=behind"
        TaskProgressFactory(task=task, quarter=1, status=TaskStatus.STALLED)
        assert [row.task.code for row in reader.get(behind).context["rows"]] == ["5-1"]
        TaskProgressFactory(task=task, quarter=2, status=TaskStatus.ON_TRACK)
        assert reader.get(behind).context["rows"] == []

    def test_another_quarter_is_another_list(self, reader, task):
        TaskProgressFactory(task=task, quarter=1, status=TaskStatus.STALLED)
        page = reader.get("/tasks/?period=2026Q1")
        assert page.context["rows"][0].light.word == "严重滞后或停滞"
        assert "2026年第一季度" in text(page)

    @pytest.mark.parametrize("query", ["period=2031Q9", "category=x&agency=%00", "page=99"])
    def test_an_address_that_makes_no_sense_shows_what_there_is(self, reader, task, query):
        page = reader.get(f"/tasks/?{query}")
        assert page.status_code == 200
        assert [row.task.code for row in page.context["rows"]] == ["5-1"]

    def test_says_why_it_is_empty(self, reader):
        assert "任务由管理员从附件1导入" in text(reader.get("/tasks/"))

    @pytest.mark.usefixtures("of_2026q3")
    def test_goes_out_as_a_workbook_with_the_same_filters(self, reader, task):
        other = TaskFactory(category=CategoryFactory(number=6), number=1)
        TaskProgressFactory(task=other, is_demo=True, coordination="市供电公司")
        answer = reader.get("/tasks/export.xlsx?category=6")
        assert "任务_" in unquote(answer["Content-Disposition"])
        sheet = load_workbook(io.BytesIO(answer.content)).active
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        assert rows[1][0].startswith("演示数据")
        head, only = rows[2], rows[3]
        found = dict(zip(head, only, strict=True))
        assert (found["编号"], found["状态"], found["预警"]) == ("6-1", "正常推进", "绿")
        assert found["责任单位数"] == 0
        assert (found["进展"], found["需要协调的单位"]) == ("按计划推进。", "市供电公司")
        assert len(rows) == 4


class TestDetail:
    def test_shows_words_agencies_and_progress(self, reader, task):
        task.targets.add(TargetFactory(code="T15", short_name="充电桩普及率"))
        TaskProgressFactory(
            task=task, status=TaskStatus.LAGGING, narrative="充电桩累计3,412个。",
            problems="配电增容慢", next_steps="逐站确定送电时间",
        )  # fmt: skip
        words = text(reader.get("/tasks/5-1/"))
        for piece in (
            "充电桩累计3,412个。",
            "配电增容慢",
            "逐站确定送电时间",
            "到2025年，充电桩普及率达100%。",
            "三（五）1",
            "区住房和城乡建设局",
            "充电桩普及率",
            "现在还没有指定",
        ):
            assert piece in words

    def test_old_versions_stay_in_sight_with_their_reason(self, reader, task):
        TaskProgressFactory(task=task, narrative="旧的说法", is_current=False)
        TaskProgressFactory(task=task, narrative="新的说法", version=2, reason="数字核实后更正")
        words = text(reader.get("/tasks/5-1/"))
        assert "旧的说法" in words
        assert "数字核实后更正" in words

    def test_what_the_others_contributed(self, reader, task):
        office = task.shares.get().agency
        words = text(reader.get("/tasks/5-1/"))
        assert "责任单位还没有报送配合情况" in words
        TaskContributionFactory(task=task, agency=office, quarter=2, text="完成站点用地审批")
        TaskContributionFactory(
            task=task,
            agency=office,
            text="点错的内容",
            is_current=False,
            retracted_at=timezone.now(),
        )
        TaskContributionFactory(
            task=task, agency=AgencyFactory(name="区商务局"), nothing=True, text=""
        )
        DataState.touch()
        words = text(reader.get("/tasks/5-1/"))
        for piece in (
            "完成站点用地审批",
            "区商务局",
            "本季度无配合事项",
            "点错的内容",
            "第1版，已撤销",
        ):
            assert piece in words
        assert "责任单位还没有报送配合情况" not in words

    def test_goes_out_with_all_versions_and_contributions(self, reader, task):
        TaskProgressFactory(task=task, narrative="旧的说法", is_current=False)
        TaskProgressFactory(
            task=task, version=2, reason="核实", coordination="市供电公司",
            quantity_name="充电桩", quantity_value=412, quantity_unit="个",
        )  # fmt: skip
        TaskContributionFactory(task=task, agency=task.shares.get().agency, nothing=True, text="")
        answer = reader.get("/tasks/5-1/export.xlsx")
        assert "5-1_任务进展_" in unquote(answer["Content-Disposition"])
        book = load_workbook(io.BytesIO(answer.content))
        newest, old = table(book["任务进展"])
        assert (newest["版本"], newest["现行"], newest["更正原因"]) == (2, "是", "核实")
        assert (newest["需要协调的单位"], newest["量化数值"]) == ("市供电公司", 412)
        assert (old["进展"], old["现行"]) == ("旧的说法", "已被取代")
        [only] = table(book["配合情况"])
        assert (only["单位"], only["配合情况"]) == ("区住房和城乡建设局", "本季度无配合事项")

    def test_without_a_report_it_says_who_will_report(self, reader, task):
        words = text(reader.get("/tasks/5-1/"))
        assert "还没有填报" in words
        assert "填报期开放后" in words

    def test_an_unknown_code_is_not_found(self, reader):
        assert reader.get("/tasks/9-9/").status_code == 404

    def test_unchanged_answers_304(self, reader, task):
        reader.get("/tasks/")  # brings the cookie on which the page's form depends
        first = reader.get("/tasks/5-1/")
        again = reader.get("/tasks/5-1/", headers={"If-None-Match": first["ETag"]})
        assert again.status_code == 304


class TestConvenor:
    def test_a_reviewer_names_one_and_the_ledger_knows(self, reviewer, task):
        bureau = AgencyFactory(name="区工业和信息化局")
        page = reviewer.post(
            "/tasks/5-1/convenor/", {"convenor": bureau.pk, "reason": "专题会议明确"}, follow=True
        )
        assert page.redirect_chain == [("/tasks/5-1/", 302)]
        assert "区工业和信息化局汇总" in text(page)
        task.refresh_from_db()
        assert task.convenor == bureau
        event = AuditEvent.objects.get(object_code="5-1")
        assert (event.reason, event.changes) == (
            "专题会议明确",
            [["汇总单位", "", "区工业和信息化局"]],
        )

    def test_companies_are_not_offered(self, reviewer, task):
        company = CompanyFactory()
        page = reviewer.post("/tasks/5-1/convenor/", {"convenor": company.pk})
        assert page.context["form"].errors["convenor"]
        task.refresh_from_db()
        assert task.convenor is None

    def test_a_led_task_needs_none(self, reviewer):
        TaskFactory(category=CategoryFactory(number=1), number=1)
        assert reviewer.get("/tasks/1-1/convenor/").status_code == 404

    def test_a_leader_sees_no_button(self, reader, task):
        assert "指定汇总单位" not in text(reader.get("/tasks/5-1/"))


@pytest.mark.parametrize("asked", ["0000Q1", "2026", "1999Q4", "9999Q9", "x", ""])
def test_a_quarter_that_no_heat_map_shows_falls_back_to_the_last(client, asked):
    TaskFactory()
    client.force_login(UserFactory())
    last = Period.last_closed(timezone.localdate())
    assert client.get(f"/tasks/?period={asked}").context["period"] == last
