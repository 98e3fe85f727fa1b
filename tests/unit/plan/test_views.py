import pytest

from agencies.choices import Role
from plan import services
from plan.models import Clause, DataState
from plan.selectors import plan_text
from tests.factories.agencies import UserFactory
from tests.factories.plan import CategoryFactory
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
到2025年，新增公交车全部为纯电动，
比例达到75%以上。<b>不加粗</b>
附件2 重点项目清单
\t序号
\t项目名称

\t1
\t充电站
"""


@pytest.fixture
def text(db):
    services.load_text(text=TEXT, by=None)


@pytest.fixture
def reader(client):
    client.force_login(UserFactory())
    return client


@pytest.mark.parametrize("role", list(Role))
def test_everybody_reads_the_whole_text(client, text, role):
    client.force_login(UserFactory(roles=[role]))
    page = client.get("/plan/").content.decode()
    for words in ("某区碳达峰行动计划", "坚持系统观念。", 'id="2-1-1"', "序号：1"):
        assert words in page
    assert "&lt;b&gt;不加粗&lt;/b&gt;" in page


def test_a_quotation_is_marked_across_lines(reader, text):
    page = reader.get(
        "/plan/", {"clause": "2-1-1", "quote": "全部为纯电动，比例达到75%"}
    ).content.decode()
    assert page.count("<mark>") == 2
    assert "<mark>全部为纯电动，</mark>" in page
    assert "<mark>比例达到75%</mark>以上" in page
    assert page.count("data-current") == 1


def test_a_quotation_in_the_heading_is_marked(text):
    passage = next(p for p in plan_text(code="2-1-1", quote="推广清洁").passages if p.is_current)
    assert [(run.text, run.marked) for run in passage.heading] == [
        ("1.", False),
        ("推广清洁", True),
        ("交通工具", False),
    ]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"clause": "9-9"}, "方案里没有编号为“9-9”的条款，下面是全文。"),
        (
            {"clause": "2-1-1", "quote": "达到80%"},
            "“二（一）1”里没有找到“达到80%”这句话，原文如下。",
        ),
        ({"clause": "<i>"}, "没有编号为“&lt;i&gt;”的条款"),
    ],
)
def test_what_is_not_there_is_said(reader, text, asked, sentence):
    page = reader.get("/plan/", asked)
    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert "<mark>" not in page.content.decode()


def test_each_clause_shows_what_is_taken_from_it(reader, text):
    clause, row = Clause.objects.get(code="2-1-1"), Clause.objects.get(code="a2-1")
    target = TargetFactory(code="T18", name="纯电动公交车比例")
    target.sources.create(clause=clause, quote="75%")
    target.sources.create(clause=clause, quote="以上")
    gone = TargetFactory(code="T99", retired_on="2026-01-01")
    gone.sources.create(clause=clause, quote="75%")
    TaskFactory(category=CategoryFactory(number=1), code="1-1", clause=clause, annex_clause=clause)
    ProjectFactory(number=1, code="P1", name="充电站", clause=row)
    taken = {p.code: [o.code for o in p.taken] for p in plan_text().passages if p.taken}
    assert taken == {"2-1-1": ["T18", "1-1"], "a2-1": ["P1"]}
    page = reader.get("/plan/").content.decode()
    assert 'href="/targets/T18/"' in page
    assert 'href="/projects/P1/"' in page


def test_a_system_without_text_says_so(reader):
    page = reader.get("/plan/").content.decode()
    assert "方案正文还没有载入" in page


def test_the_page_keeps_to_its_statements(reader, text, django_assert_max_num_queries):
    DataState.touch()
    clause = Clause.objects.get(code="2-1-1")
    for _ in range(2):
        with django_assert_max_num_queries(8):
            reader.get("/plan/?clause=2-1-1&quote=75%25")
        for _ in range(5):
            TargetFactory().sources.create(clause=clause, quote="75%")
            TaskFactory(clause=clause)
            ProjectFactory(clause=clause)


def test_the_contents_name_chapters_and_sections(text):
    assert [passage.title for passage in plan_text().contents] == [
        "某区碳达峰行动计划",
        "一、总体要求",
        "二、重点任务",
        "（一）形成绿色低碳交通方式",
        "附件2 重点项目清单",
    ]
