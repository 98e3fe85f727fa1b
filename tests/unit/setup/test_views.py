import datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from agencies.choices import Role
from agencies.models import Agency
from plan.models import Category, Clause, DataState, Document
from reporting.choices import PeriodState
from reporting.models import ReportingPeriod
from setup.selectors import checklist
from setup.selectors.checklist import Checklist
from setup.services.published_plan import read_text
from targets.models import Milestone
from targets.services import propose_base
from tests.factories.agencies import AdministratorFactory, AgencyFactory, UserFactory
from tests.factories.plan import ClauseFactory, DocumentFactory
from tests.factories.projects import ProjectFactory
from tests.factories.reporting import PeriodFactory
from tests.factories.targets import MilestoneFactory, ObservationFactory, TargetFactory
from tests.factories.tasks import TaskFactory

pytestmark = pytest.mark.django_db

CHECKLIST = "/plan/manage/"
PAGES = (CHECKLIST, "/plan/manage/text/", "/plan/manage/baselines/", "/plan/manage/assigned/")


@pytest.fixture
def as_admin(client):
    client.force_login(AdministratorFactory())
    return client


def steps(client):
    return {step.number: step for step in client.get(CHECKLIST).context["checklist"].steps}


def test_an_empty_system_is_led_through(as_admin):
    page = as_admin.get(CHECKLIST)
    assert page.context["checklist"].is_empty
    text = page.content.decode()
    for words in (
        "系统里还没有方案数据",
        "载入方案中的40个单位",
        "导入附件1",
        "导入附件2",
        "载入公布的正文和26项指标",
    ):
        assert words in text
    states = [step.state for step in page.context["checklist"].steps]
    assert states == ["empty"] * 8


def test_two_buttons_load_agencies_and_the_text_with_its_targets(as_admin):
    as_admin.post(reverse("setup:load", args=["agencies"]))
    assert Agency.objects.count() == 40
    page = as_admin.post(reverse("setup:load", args=["text"]), follow=True)
    assert "指标：新增 26，已有 0" in page.content.decode()
    found = steps(as_admin)
    assert found["①"].text == "已登记40个单位。"
    assert found["①"].left == ("10个单位的类别或全称待核实", "4个群体（如各街道）还没有成员")
    assert found["④"].state == "done"
    assert found["④"].text == "正文131条，指标26项。"
    assert found["④"].left == ("方案的文号、印发日期还没有登记",)
    assert found["⑤"].text.startswith("还缺10项")
    assert (found["⑥"].state, found["⑥"].text[:4]) == ("waiting", "还有4项")
    assert found["⑦"].text == "23个可填报的单位中，0个已有账号。"


def test_the_text_before_the_agencies_gets_a_sentence(as_admin):
    page = as_admin.post(reverse("setup:load", args=["text"]), follow=True)
    assert "单位名单里没有“区发展和改革局”，请先载入单位名单" in page.content.decode()
    assert not Clause.objects.exists()


def test_an_unknown_button_is_not_found(as_admin):
    assert as_admin.post("/plan/manage/load/everything/").status_code == 404


def test_what_is_left_of_tasks_and_projects(as_admin):
    clause = ClauseFactory()
    TaskFactory(lead=None, clause=clause)
    ProjectFactory(reporting_agency=AgencyFactory(), clause=clause)
    ProjectFactory(clause=clause)
    ProjectFactory(origin="added", reporting_agency=AgencyFactory())
    found = steps(as_admin)
    assert found["②"].left == ("1项任务没有牵头单位，待指定汇总单位",)
    assert found["②"].state == "open"
    assert found["③"].left == ("1个项目没有填报责任单位（项目单位是企业），待指定",)
    assert not found["③"].loads


def test_annexes_that_came_after_the_text_are_tied_to_it_by_a_button(as_admin):
    as_admin.post(reverse("setup:load", args=["agencies"]))
    as_admin.post(reverse("setup:load", args=["text"]))
    task = TaskFactory(category=Category.objects.get(scope="tasks", number=5), number=3)
    assert found_left(as_admin, "②") == ("1项任务还没有对应的正文条款",)
    assert "关联正文和指标" in as_admin.get(CHECKLIST).content.decode()
    page = as_admin.post(reverse("setup:load", args=["links"]), follow=True)
    assert "关联：新增 0，补全 2" in page.content.decode()
    task.refresh_from_db()
    assert task.clause.address == "三（五）3"
    assert task.targets.count() == 4
    assert found_left(as_admin, "②") == ()


def found_left(client, number):
    return steps(client)[number].left


def test_a_finished_system_has_nothing_left(as_admin):
    lead = AgencyFactory()
    UserFactory(agency=lead)
    TaskFactory(lead=lead, clause=ClauseFactory())
    ProjectFactory(reporting_agency=lead, clause=ClauseFactory())
    target = TargetFactory(lead=lead, baseline_value=Decimal(10))
    MilestoneFactory(target=target)
    found = steps(as_admin)
    done = [number for number, step in found.items() if step.state == "done"]
    assert done == ["①", "②", "③", "⑤", "⑥", "⑦"]
    assert found["④"].state == "open"


def test_the_checklist_keeps_to_its_statements(as_admin, django_assert_max_num_queries):
    DataState.touch()
    for _ in range(2):
        with django_assert_max_num_queries(8):
            as_admin.get(CHECKLIST)
        TaskFactory.create_batch(3)
        ProjectFactory.create_batch(3)
        MilestoneFactory.create_batch(3, state="pending", value=None)
    for path in PAGES[1:]:
        with django_assert_max_num_queries(8):
            as_admin.get(path)


def test_another_text_can_be_uploaded(as_admin):
    file = SimpleUploadedFile("plan.txt", read_text().encode("gb18030"))
    page = as_admin.post("/plan/manage/text/", {"text": file}, follow=True)
    assert page.redirect_chain == [(CHECKLIST, 302)]
    assert Clause.objects.count() == 131
    wrong = SimpleUploadedFile("plan.txt", "通知".encode())
    page = as_admin.post("/plan/manage/text/", {"text": wrong})
    assert "没有找到“一、”这样的章标题" in page.content.decode()
    assert Clause.objects.count() == 131


def test_a_text_that_loses_a_quoted_clause_is_refused_at_the_field(as_admin):
    file = SimpleUploadedFile("plan.txt", read_text().encode())
    as_admin.post("/plan/manage/text/", {"text": file})
    clause = Clause.objects.get(code="3-5-3")
    TargetFactory(code="T18").sources.create(clause=clause, quote="达到75%以上")
    changed = SimpleUploadedFile("plan.txt", read_text().replace("达到75%以上", "达到80%").encode())
    page = as_admin.post("/plan/manage/text/", {"text": changed})
    assert "指标T18引用的“达到75%以上”在新的“三（五）3”里找不到" in page.content.decode()
    clause.refresh_from_db()
    assert "达到75%以上" in clause.text


def test_each_base_value_is_entered_on_the_page_of_its_target(as_admin):
    entered, asked, open_ = (TargetFactory(code=code) for code in ("T18", "T19", "T20"))
    ObservationFactory(target=entered, year=2020, value=Decimal("32.5"))
    reviewer = UserFactory(name="赵六", roles=[Role.REVIEWER])
    propose_base(
        target=asked, value=Decimal(41), grade="final", document=DocumentFactory(), by=reviewer
    )
    rows = as_admin.get("/plan/manage/baselines/").context["rows"]
    assert [(row.judged.target, row.value, bool(row.asked)) for row in rows] == [
        (entered, "32.5%", False),
        (asked, "", True),
        (open_, "", False),
    ]
    text = as_admin.get("/plan/manage/baselines/").content.decode()
    assert "赵六提出41%（最终核实）" in text
    assert 'href="/targets/T18/base/">更正</a>' in text
    assert 'href="/targets/T20/base/">提出</a>' in text
    assert "还缺2项" in as_admin.get(CHECKLIST).content.decode()


def test_reductions_are_zero_by_definition_and_not_asked_for(as_admin):
    TargetFactory(code="T24", kind="reduction", baseline_value=Decimal(0))
    page = as_admin.get("/plan/manage/baselines/")
    assert "没有需要基期值的指标" in page.content.decode()


ENTRY = {
    "outcome": "assigned",
    "value": "18",
    "number": "长发改〔2024〕9号",
    "title": "关于下达目标的通知",
    "effective_from": "2024-03-15",
}


def test_a_value_of_the_city_is_entered(as_admin):
    milestone = MilestoneFactory(target__code="T02", value=None, state="pending")
    assert "T02" in as_admin.get("/plan/manage/assigned/").content.decode()
    page = as_admin.post(f"/plan/manage/assigned/{milestone.pk}/", ENTRY, follow=True)
    text = page.content.decode()
    assert "T02 2025年的目标已登记。" in text
    assert "没有待市下达的阶段目标" in text
    assert "关于下达目标的通知（长发改〔2024〕9号）" in text
    current = Milestone.objects.get(target=milestone.target, is_current=True)
    assert (current.value, current.version) == (Decimal(18), 2)
    assert as_admin.get(f"/plan/manage/assigned/{milestone.pk}/").status_code == 404


def test_what_the_service_refuses_is_said_at_the_field(as_admin):
    milestone = MilestoneFactory(value=None, state="pending")
    page = as_admin.post(
        f"/plan/manage/assigned/{milestone.pk}/", ENTRY | {"effective_from": "2096-01-01"}
    )
    text = page.content.decode()
    assert "生效日期：生效日期不能晚于今天" in text
    assert 'value="长发改〔2024〕9号"' in text
    assert not Document.objects.filter(number="长发改〔2024〕9号").exists()
    page = as_admin.post(f"/plan/manage/assigned/{milestone.pk}/", ENTRY | {"value": "1.23456"})
    assert "最多填4位小数" in page.content.decode()


@pytest.mark.parametrize("role", [Role.REPORTER, Role.SIGNER, Role.REVIEWER, Role.LEADER])
def test_others_are_told_who_may(client, role):
    client.force_login(UserFactory(roles=[role]))
    milestone = MilestoneFactory(value=None, state="pending")
    for path in (*PAGES, f"/plan/manage/assigned/{milestone.pk}/"):
        assert client.get(path).status_code == 403
    for path in (PAGES[1], f"/plan/manage/assigned/{milestone.pk}/"):
        assert client.post(path, ENTRY).status_code == 403
    for what in ("agencies", "text", "links"):
        assert client.post(reverse("setup:load", args=[what])).status_code == 403
    assert not Clause.objects.exists()
    milestone.refresh_from_db()
    assert milestone.is_current


def test_nobody_writes_by_opening_an_address(as_admin):
    for what in ("agencies", "text", "links"):
        assert as_admin.get(reverse("setup:load", args=[what])).status_code == 405
    assert not Agency.objects.exists()


def test_strangers_sign_in_first(client):
    for path in PAGES:
        assert client.get(path).url.startswith("/login/")


def test_the_last_step_follows_the_periods(as_admin):
    """Once a period was opened the plan is set up; every period is counted, whatever its state."""
    AgencyFactory.create_batch(3)
    period = PeriodFactory(state=PeriodState.PLANNED)
    steps = []
    for state in (PeriodState.PLANNED, PeriodState.OPEN, PeriodState.CLOSED):
        ReportingPeriod.objects.filter(pk=period.pk).update(state=state)
        steps.append(checklist().steps[-1])
    for quarter, state in (
        (1, PeriodState.CLOSED),
        (2, PeriodState.OPEN),
        (4, PeriodState.PLANNED),
    ):
        PeriodFactory(quarter=quarter, state=state)
    steps.append(checklist().steps[-1])
    assert [step.state for step in steps] == ["open", "done", "done", "done"]
    assert [step.text for step in steps] == [
        "已建立未开放1期。",
        "正在填报1期。",
        "已关闭1期。",
        "正在填报1期，已建立未开放1期，已关闭2期。",
    ]
    assert 'href="/manage/periods/"' in as_admin.get("/plan/manage/").content.decode()


def test_what_waits_for_the_city_or_no_longer_exists_does_not_keep_it_open(as_admin):
    """An agency that was merged needs no account; a value not sent down is not ours to enter."""
    UserFactory(agency=AgencyFactory())
    AgencyFactory(valid_to=timezone.localdate() - datetime.timedelta(days=1))
    MilestoneFactory(target__lead=None, state="pending", value=None)
    found = steps(as_admin)
    assert (found["⑦"].state, found["⑦"].text) == ("done", "1个可填报的单位中，1个已有账号。")
    assert found["⑥"].state == "waiting"
    finished = Checklist((found["①"], found["⑥"], found["⑦"]))
    assert finished.open == 0
