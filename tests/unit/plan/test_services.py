import datetime
import re

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from audit.models import AuditEvent
from plan import services
from plan.choices import CategoryScope
from plan.models import Category, Clause, DataState, Document, Goal
from tests.factories.agencies import AdministratorFactory, AgencyFactory, UserFactory
from tests.factories.plan import CategoryFactory, DocumentFactory, GoalFactory
from tests.factories.projects import ProjectFactory
from tests.factories.targets import TargetFactory
from tests.factories.tasks import TaskFactory

pytestmark = pytest.mark.django_db

TEXT = """某区碳达峰行动计划
制定本计划。
一、总体要求
坚持系统观念。
二、重点任务
（一）形成绿色低碳交通方式
1.推广清洁交通工具
到2025年，纯电动公交车比例达到75%以上。
2.完善制度
建立制度。
"""


@pytest.fixture
def admin():
    return AdministratorFactory()


@pytest.fixture
def document(admin):
    services.load_text(text=TEXT, by=admin)
    return Document.objects.get(is_plan=True)


def version():
    return DataState.current().version


def test_the_text_becomes_clauses_and_one_event(admin, document):
    assert document.title == "某区碳达峰行动计划"
    assert list(Clause.objects.values_list("code", flat=True)) == [
        "0", "1", "2", "2-1", "2-1-1", "2-1-2",
    ]  # fmt: skip
    event = AuditEvent.objects.get(action="导入正文")
    assert event.changes == [["条款数", "0", "6"]]
    assert event.actor_name == "管理员"


def test_the_same_text_again_changes_nothing(admin, document):
    before, events = version(), AuditEvent.objects.count()
    assert services.replace_text(document=document, text=TEXT, by=admin) is None
    assert (version(), AuditEvent.objects.count()) == (before, events)


def test_a_changed_text_keeps_the_clauses_that_stay(admin, document):
    kept = Clause.objects.get(code="2-1-1")
    goal = GoalFactory(clause=kept)
    changed = TEXT.replace("75%", "80%").replace("2.完善制度\n建立制度。\n", "")
    event = services.replace_text(document=document, text=changed, by=admin)
    assert [change[0] for change in event.changes] == ["二（一）1", "二（一）2"]
    goal.refresh_from_db()
    assert goal.clause_id == kept.pk
    assert "80%" in goal.clause.text
    assert not Clause.objects.filter(code="2-1-2").exists()


def test_a_clause_may_be_put_in_between(admin, document):
    services.replace_text(
        document=document, text=TEXT.replace("2.完善", "2.健全标准\n3.完善"), by=admin
    )
    assert list(Clause.objects.values_list("address", flat=True))[-2:] == ["二（一）2", "二（一）3"]
    assert Clause.objects.get(code="2-1-3").text == "建立制度。"


def test_a_quoted_clause_is_not_dropped(admin, document):
    target = TargetFactory(code="T18")
    clause = Clause.objects.get(code="2-1-2")
    target.sources.create(clause=clause, quote="建立制度")
    gone = TEXT.replace("2.完善制度\n建立制度。\n", "")
    with pytest.raises(ValidationError, match="指标T18引用了“二（一）2”，新的正文里没有这一条"):
        services.replace_text(document=document, text=gone, by=admin)
    with pytest.raises(ValidationError, match="指标T18引用的“建立制度”在新的“二（一）2”里找不到"):
        services.replace_text(
            document=document, text=TEXT.replace("建立制度", "废止制度"), by=admin
        )
    assert Clause.objects.filter(pk=clause.pk, text="建立制度。").exists()


@pytest.mark.parametrize("factory", [TaskFactory, ProjectFactory, GoalFactory])
def test_a_clause_in_use_is_not_dropped_until_its_record_is_retired(admin, document, factory):
    record = factory(clause=Clause.objects.get(code="2-1-2"))
    gone = TEXT.replace("2.完善制度\n建立制度。\n", "")
    with pytest.raises(ValidationError, match="有任务、项目或总体目标出自“二（一）2”"):
        services.replace_text(document=document, text=gone, by=admin)
    services.retire(record=record, on=datetime.date(2026, 11, 1), by=admin, reason="修订")
    assert services.replace_text(document=document, text=gone, by=admin)


def test_an_unreadable_text_changes_nothing(admin, document):
    with pytest.raises(ValidationError, match="没有找到“一、”这样的章标题"):
        services.replace_text(document=document, text="关于开会的通知", by=admin)
    with pytest.raises(ValidationError, match="文件里没有文字"):
        services.load_text(text="", by=admin)
    assert Clause.objects.count() == 6


def test_only_administrators_write(document):
    reporter = UserFactory()
    goal = GoalFactory()
    writes = [
        lambda: services.load_text(text=TEXT, by=reporter),
        lambda: services.replace_text(document=document, text=TEXT, by=reporter),
        lambda: services.save_document(document=DocumentFactory.build(), by=reporter),
        lambda: services.save_category(category=CategoryFactory.build(), by=reporter),
        lambda: services.save_goal(goal=goal, by=reporter),
        lambda: services.retire(record=goal, on=datetime.date(2026, 1, 1), by=reporter, reason="-"),
        lambda: services.restore(record=goal, by=reporter),
        lambda: services.link_clauses(by=reporter),
    ]
    for write in writes:
        with pytest.raises(PermissionDenied, match="只能由管理员进行"):
            write()


def test_a_goal_keeps_the_order_of_its_agencies(admin):
    one, two, three = AgencyFactory.create_batch(3)
    goal = Goal(number=1, title="到2025年", statement="达到15%", lead=one)
    services.save_goal(goal=goal, responsible=[three, two], by=admin)
    assert [share.agency for share in goal.shares.all()] == [three, two]
    before = version()
    assert services.save_goal(goal=goal, responsible=[three, two], by=admin) is None
    assert version() == before
    event = services.save_goal(goal=goal, responsible=[two, three], by=admin)
    assert event.changes == [["责任单位", f"{three.name}、{two.name}", f"{two.name}、{three.name}"]]
    assert [share.position for share in goal.shares.all()] == [1, 2]
    assert services.save_goal(goal=goal, by=admin) is None
    assert goal.shares.count() == 2


def test_an_agency_is_listed_once(admin):
    agency = AgencyFactory()
    with pytest.raises(ValidationError, match=f"责任单位里{agency.name}出现了不止一次"):
        services.save_goal(goal=GoalFactory(), responsible=[agency, agency], by=admin)


def test_goals_are_retired_with_a_reason_and_restored(admin):
    goal = GoalFactory()
    day = datetime.date(2026, 11, 1)
    with pytest.raises(ValidationError, match="停用要写明原因"):
        services.retire(record=goal, on=day, by=admin, reason=" ")
    event = services.retire(record=goal, on=day, by=admin, reason="方案修订")
    assert (event.action, event.reason) == ("停用", "方案修订")
    assert services.retire(record=goal, on=day, by=admin, reason="再次") is None
    assert services.restore(record=goal, by=admin).action == "恢复"
    assert services.restore(record=goal, by=admin) is None
    goal.refresh_from_db()
    assert goal.retired_on is None


def test_categories_and_goals_find_their_clauses(admin, document):
    services.load_text(text=TEXT + "附件1 表\n\t目标任务\n\n\t一、总体目标\n\n\t（一）甲\n\t乙\n",
                       by=admin)  # fmt: skip
    category = CategoryFactory(scope=CategoryScope.TASKS, name="形成绿色低碳交通方式")
    CategoryFactory(scope=CategoryScope.PROJECTS, name="环境保护工程")
    goal = GoalFactory(number=1)
    assert services.link_clauses(by=admin) == 2
    category.refresh_from_db()
    goal.refresh_from_db()
    assert category.clause.address == "二（一）"
    assert goal.clause.address == "附件1 一（一）"
    assert services.link_clauses(by=admin) == 0


def test_documents_of_one_number_are_one(admin):
    first = services.document_numbered(number=" 长发改〔2026〕5号 ", title="通知", by=admin)
    second = services.document_numbered(number="长发改〔2026〕5号", title="另一份", by=admin)
    assert first == second
    assert Document.objects.count() == 1
    with pytest.raises(ValidationError, match="这份文件已经登记"):
        services.save_document(
            document=Document(title="通知", number="长发改〔2026〕5号"), by=admin
        )
    services.save_document(document=Document(title="甲", is_plan=True), by=admin)
    with pytest.raises(ValidationError, match="实施方案只能有一份"):
        services.save_document(document=Document(title="乙", is_plan=True), by=admin)


def test_category_numbers_and_names_are_taken_once(admin):
    services.save_category(category=Category(scope="tasks", number=1, name="甲"), by=admin)
    for category, sentence in (
        (Category(scope="tasks", number=1, name="乙"), "同一范围内序号不能重复"),
        (Category(scope="tasks", number=2, name="甲"), "同一范围内名称不能重复"),
    ):
        with pytest.raises(ValidationError, match=re.escape(sentence)):
            services.save_category(category=category, by=admin)


def test_writes_keep_to_their_statements(admin, django_assert_max_num_queries):
    agencies = AgencyFactory.create_batch(13)
    goal = GoalFactory()
    DataState.touch()
    with django_assert_max_num_queries(12):
        services.save_goal(goal=goal, responsible=agencies, by=admin)
    services.load_text(text=TEXT, by=admin)
    plan = Document.objects.get(is_plan=True)
    with django_assert_max_num_queries(12):
        services.replace_text(document=plan, text=TEXT + "3.宣传\n", by=admin)
