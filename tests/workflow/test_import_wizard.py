"""What happens around an import: leaving, two administrators, mistakes, taking back."""

import pytest
from django.test import Client
from django.utils import timezone

from agencies.choices import Role
from agencies.models import Agency, AgencyAlias
from audit.models import AuditEvent
from imports.choices import ImportState
from imports.models import ImportRun
from imports.services.direct_import import import_file
from plan.models import DataState
from projects.models import Project
from targets.models import Milestone, Target
from tasks.choices import TaskStatus
from tasks.models import Task, TaskProgress
from tests.factories.agencies import AdministratorFactory, AgencyFactory, UserFactory
from tests.workflow import annexes

pytestmark = pytest.mark.django_db


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("role", [r for r in Role if r != Role.ADMINISTRATOR])
@pytest.mark.parametrize("way", ["get", "post"])
def test_only_administrators_import(admin_client, role, way):
    annexes.upload(admin_client, annexes.ANNEX1)
    run = annexes.latest()
    other = signed_in(UserFactory(roles=[role], agency=AgencyFactory()))
    for address in (annexes.LIST, run.get_absolute_url()):
        answer = getattr(other, way)(address, {"step": "confirm"})
        assert answer.status_code == 403
        assert "“导入附件”由管理员使用" in answer.content.decode()
    for address in ("abandon/", "undo/", "file/"):
        wanted = other.get if address == "file/" else other.post
        assert wanted(run.get_absolute_url() + address).status_code == 403
    run.refresh_from_db()
    assert (run.state, run.version) == (ImportState.CHECKING, 1)


def test_who_is_not_signed_in_is_sent_to_the_sign_in_page(client):
    assert client.get(annexes.LIST).url == f"/login/?next={annexes.LIST}"


def test_a_get_writes_nothing(admin_client):
    annexes.upload(admin_client, annexes.ANNEX1)
    before = ImportRun.objects.values().get()
    for step in ("header", "problems", "agencies", "differences", "confirm", "nonsense", ""):
        annexes.page(admin_client, step)
    assert ImportRun.objects.values().get() == before


def test_leaving_and_coming_back_goes_on_where_it_stopped(admin_client):
    annexes.upload(admin_client, annexes.ANNEX1)
    assert "<h1>逐格问题</h1>" in annexes.page(admin_client)
    annexes.name_convenors(admin_client, "later")
    assert "<h1>单位匹配</h1>" in annexes.page(admin_client)
    answer = annexes.upload(admin_client, annexes.ANNEX1)
    assert answer.url == annexes.latest().get_absolute_url()
    assert ImportRun.objects.count() == 1
    assert "核对中" in admin_client.get(annexes.LIST).content.decode()
    annexes.take_agencies(admin_client)
    assert "<h1>差异预览</h1>" in annexes.page(admin_client)


def test_an_older_page_of_another_administrator_is_not_accepted(admin_client):
    annexes.upload(admin_client, annexes.ANNEX1)
    run = annexes.latest()
    annexes.name_convenors(admin_client, "later")
    other = signed_in(AdministratorFactory())
    sent = {"step": "problems", "version": run.version, "action": "take_all"}
    answer = other.post(run.get_absolute_url(), sent, follow=True)
    assert "另一位管理员刚刚改过这次导入" in answer.content.decode()
    run.refresh_from_db()
    assert {a["do"] for a in run.answers["cells"].values()} == {"later"}


def test_a_second_confirmation_changes_nothing(admin_client):
    annexes.import_all(admin_client, annexes.ANNEX1)
    events = AuditEvent.objects.count()
    answer = admin_client.post(
        annexes.latest().get_absolute_url(), {"step": "confirm", "version": 1}, follow=True
    )
    assert "不能再改" in answer.content.decode()
    assert Task.objects.count() == 32
    assert AuditEvent.objects.count() == events


def test_giving_up_leaves_no_trace_in_the_plan(admin_client):
    annexes.upload(admin_client, annexes.ANNEX1)
    run = annexes.latest()
    answer = admin_client.post(f"{run.get_absolute_url()}abandon/", follow=True)
    assert "已放弃导入" in answer.content.decode()
    assert not Task.objects.exists()
    again = admin_client.post(f"{run.get_absolute_url()}abandon/", follow=True)
    assert "不能这样操作" in again.content.decode()
    assert annexes.upload(admin_client, annexes.ANNEX1).url.endswith("step=header")
    assert ImportRun.objects.count() == 2


def test_every_write_raises_the_data_version(admin_client):
    before = DataState.current().version
    annexes.import_all(admin_client, annexes.ANNEX1)
    assert DataState.current().version == before + 1


def test_undo_takes_everything_back(admin_client):
    annexes.import_all(admin_client, annexes.ANNEX1)
    admin_client.post(f"{annexes.latest().get_absolute_url()}undo/")
    for model in (Task, Target, Milestone, Agency, AgencyAlias):
        assert not model.objects.exists(), model
    run = annexes.latest()
    assert run.state == ImportState.UNDONE
    again = admin_client.post(f"{run.get_absolute_url()}undo/", follow=True)
    assert "不能这样操作" in again.content.decode()


def refused(client):
    answer = client.post(f"{annexes.latest().get_absolute_url()}undo/", follow=True)
    assert annexes.latest().state == ImportState.CONFIRMED
    return answer.content.decode()


def test_undo_is_refused_where_progress_was_reported(admin_client):
    annexes.import_all(admin_client, annexes.ANNEX1)
    task = Task.objects.get(code="5-1")
    TaskProgress.objects.create(
        task=task, year=2026, quarter=3, status=TaskStatus.ON_TRACK, narrative="新建充电桩126个"
    )
    text = refused(admin_client)
    assert "不能撤销：5-1 加快绿色交通基础设施建设已有任务进展1条" in text
    assert Task.objects.count() == 32


def test_undo_is_refused_where_an_account_was_opened(admin_client):
    annexes.import_all(admin_client, annexes.ANNEX1)
    UserFactory(agency=Agency.objects.get(name="区商务局"))
    assert "区商务局已有账号1条" in refused(admin_client)


def test_undo_is_refused_where_a_record_was_edited(admin_client):
    annexes.import_all(admin_client, annexes.ANNEX1)
    Task.objects.filter(code="1-1").update(convenor=Agency.objects.get(name="区商务局"))
    assert "1-1 培育绿色低碳新兴产业在导入之后改过汇总单位" in refused(admin_client)


def test_undo_is_refused_where_a_target_was_linked(admin_client):
    annexes.import_all(admin_client, annexes.ANNEX1)
    Task.objects.get(code="1-1").targets.add(Target.objects.get(code="T01"))
    assert "已有任务相关指标1条" in refused(admin_client)


def test_a_row_that_left_the_table_is_retired_only_when_ticked(admin_client):
    annexes.import_all(admin_client, annexes.ANNEX1)
    shorter = annexes.changed(annexes.ANNEX1, dict.fromkeys(("B44", "C44", "D44")))
    annexes.upload(admin_client, shorter)
    differences = annexes.page(admin_client, "differences")
    assert "停用 10-2 开展绿色公共机构示范建设" in differences
    annexes.send(admin_client, "differences")
    assert "完全一致" in annexes.page(admin_client, "confirm")
    (candidate,) = annexes.preview(annexes.latest()).difference.retirements
    annexes.send(admin_client, "differences", retire=[candidate.key])
    annexes.send(admin_client, "confirm")
    task = Task.objects.get(code="10-2")
    assert task.retired_on == timezone.localdate()
    assert Task.objects.in_force().count() == 31

    annexes.upload(admin_client, annexes.ANNEX1)
    assert "恢复" in annexes.page(admin_client, "differences")
    annexes.send(admin_client, "confirm")
    assert Task.objects.in_force().count() == 32


def test_a_lead_in_a_later_table_replaces_the_convenor(admin_client):
    annexes.upload(admin_client, annexes.ANNEX1)
    annexes.name_convenors(admin_client)
    annexes.take_agencies(admin_client)
    annexes.send(admin_client, "confirm")
    assert Task.objects.get(code="1-1").convenor is not None

    annexes.upload(admin_client, annexes.changed(annexes.ANNEX1, {"C12": "区商务局"}))
    annexes.send(admin_client, "confirm")
    task = Task.objects.get(code="1-1")
    assert (task.lead.name, task.convenor) == ("区商务局", None)


def test_columns_can_be_corrected_by_hand(admin_client):
    annexes.upload(admin_client, annexes.ANNEX2)
    fields = {
        "sheet": "附件2", "table": "projects", "first_row": 2, "last_row": 2,
        "column_A": "number", "column_B": "category", "column_C": "owners", "column_D": "name",
        "column_E": "", "column_F": "years", "column_G": "total_investment_wan",
    }  # fmt: skip
    annexes.send(admin_client, "header", **fields)
    reading = annexes.preview(annexes.latest()).reading
    assert [c.field for c in reading.header.columns].count("content") == 0
    assert {row.content for row in reading.rows} == {None}
    assert len(reading.rows) == 20


def test_a_header_that_makes_no_sense_is_answered_at_its_field(admin_client):
    annexes.upload(admin_client, annexes.ANNEX2)
    answer = annexes.send(
        admin_client, "header", sheet="附件2", table="projects", first_row=9, last_row=2
    )
    assert answer.status_code == 200
    assert "末行不能在首行之前" in answer.content.decode()


def test_a_header_without_names_is_refused_in_words(admin_client):
    annexes.upload(admin_client, annexes.ANNEX2)
    fields = {"sheet": "附件2", "table": "projects", "first_row": 2, "last_row": 2}
    answer = annexes.send(admin_client, "header", **fields, column_A="number")
    assert "要有一列是“项目名称”" in answer.content.decode()
    twice = {"column_A": "name", "column_B": "content", "column_C": "content"}
    answer = annexes.send(admin_client, "header", **fields, **twice)
    assert "有2列都选了“建设内容”" in answer.content.decode()


def test_another_table_is_looked_for_anew(admin_client):
    annexes.upload(admin_client, annexes.ANNEX2)
    fields = {"sheet": "附件2", "table": "tasks", "first_row": 2, "last_row": 2}
    annexes.send(admin_client, "header", **fields)
    text = annexes.page(admin_client, "problems")
    assert "没有找到重点任务表" in text
    assert "<h1>认表头</h1>" in text
    annexes.send(admin_client, "header", **(fields | {"table": "projects"}))
    assert annexes.preview(annexes.latest()).reading.table == "projects"


def test_a_header_below_the_last_row_reads_nothing(admin_client):
    annexes.upload(admin_client, annexes.ANNEX2)
    fields = {"sheet": "附件2", "table": "projects", "first_row": 900, "last_row": 901}
    annexes.send(admin_client, "header", **fields, column_D="name", column_A="number")
    assert "工作表“附件2”只有23行，表头不会在第901行" in annexes.page(admin_client, "header")


def test_an_error_is_settled_by_another_value_or_by_leaving_the_row_out(admin_client):
    bad = annexes.changed(annexes.ANNEX2, {"G3": "约七千", "F4": "2024-2023"})
    annexes.upload(admin_client, bad)
    annexes.take_agencies(admin_client)
    first, second = [line for line in annexes.preview(annexes.latest()).lines if line.must]
    answer = annexes.send(
        admin_client, "problems",
        **{f"do-{first.key}": "value", f"value-{first.key}": "很多", f"do-{second.key}": "skip"},
    )  # fmt: skip
    assert answer.status_code == 200
    assert "G3：“很多”不是一个确定的金额" in answer.content.decode()
    annexes.send(
        admin_client, "problems",
        **{f"do-{first.key}": "value", f"value-{first.key}": "0.72亿元"},
        **{f"do-{second.key}": "skip"},
    )  # fmt: skip
    annexes.name_reporters(admin_client, "later")
    annexes.send(admin_client, "confirm")
    assert Project.objects.count() == 19
    assert Project.objects.get(number=1).total_investment_wan == 7200
    assert not Project.objects.filter(number=2).exists()


def test_what_a_command_let_pass_is_asked_of_the_next_person(admin_client):
    import_file(data=annexes.ANNEX1.read_bytes(), filename="附件1.xlsx", create_agencies=True)
    annexes.upload(admin_client, annexes.ANNEX1)
    assert "必须处理<b>7</b>处" in annexes.page(admin_client, "problems")
    annexes.name_convenors(admin_client)
    keys = [line.key for line in annexes.preview(annexes.latest()).targets]
    annexes.send(admin_client, "differences", shown_target=keys)
    annexes.send(admin_client, "confirm")
    assert Task.objects.filter(lead=None, convenor=None).count() == 0

    annexes.upload(admin_client, annexes.ANNEX1)
    assert "没有必须处理的错误" in annexes.page(admin_client, "problems")


def test_the_uploaded_file_can_be_fetched_as_it_was(admin_client):
    annexes.upload(admin_client, annexes.ANNEX1)
    answer = admin_client.get(f"{annexes.latest().get_absolute_url()}file/")
    assert answer.content == annexes.ANNEX1.read_bytes()
    assert "attachment" in answer.headers["Content-Disposition"]


def test_an_alias_that_was_decided_is_never_asked_again(admin_client):
    annexes.import_all(admin_client, annexes.ANNEX1)
    changed = annexes.changed(annexes.ANNEX1, {"C12": "马栏山(长沙)视频文创管理委员会"})
    annexes.upload(admin_client, changed)
    preview = annexes.preview(annexes.latest())
    assert not preview.unknown
    (row,) = [row for row in preview.difference.rows if row.state == "changed"]
    assert row.changes[0].new == "马栏山（长沙）视频文创园管理委员会"
