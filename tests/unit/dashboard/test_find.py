"""The search in the header: codes lead to pages, words to lists of what the reader may see."""

from decimal import Decimal

import pytest
from django.urls import reverse

from agencies.choices import AgencyKind, Role
from agencies.models import AgencyAlias
from common.name_matching import name_key
from dashboard.rules.search import Piece, excerpt, marked, matches, terms_of
from dashboard.selectors.search import MOST
from reporting.choices import PeriodState
from tests.documents import document
from tests.factories.agencies import AgencyFactory
from tests.factories.cast import make_cast
from tests.factories.matters import MatterFactory
from tests.factories.plan import ClauseFactory
from tests.factories.projects import ProjectFactory
from tests.factories.reporting import ObligationFactory, PeriodFactory, filled
from tests.factories.targets import ObservationFactory, TargetFactory
from tests.factories.tasks import TaskFactory
from tests.pages import statements


def wide(text):
    """In full width, as a Chinese keyboard types it."""
    return "".join(chr(ord(letter) + 0xFEE0) for letter in text)


class TestWords:
    def test_width_and_case_do_not_matter(self):
        assert matches(terms_of(wide("t18")), "T18")
        assert matches(terms_of("PM2.5 浓度"), f"细颗粒物（{wide('PM2.5')}）年均浓度")
        assert not matches(terms_of("公交 氢能"), "纯电动公交车比例")

    def test_every_word_stands_somewhere(self):
        assert matches(terms_of("比例 T18"), "T18", "纯电动公交车比例")
        assert terms_of("  公交　公交 T18 ") == ("公交", "t18")
        assert terms_of("a b c d e f") == ("a", "b", "c", "d", "e")

    def test_what_was_looked_for_is_marked_as_it_is_written(self):
        assert marked(f"新增{wide('BUS')}车", ("bus",)) == (
            Piece("新增"),
            Piece(wide("BUS"), True),
            Piece("车"),
        )
        assert marked("面积5㎡", ("m2",)) == (Piece("面积5"), Piece("㎡", True))
        assert marked("公交公交", ("公交",)) == (Piece("公交公交", True),)

    def test_an_excerpt_shows_the_words_around(self):
        text = f"{'甲' * 40}公交{'乙' * 100}"
        pieces = excerpt(text, ("公交",))
        assert [piece.text for piece in pieces if piece.is_hit] == ["公交"]
        whole = "".join(piece.text for piece in pieces)
        assert whole == f"…{'甲' * 14}公交{'乙' * 56}…"
        assert excerpt("没有", ("公交",)) == ()


pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def find(client, cast):
    def ask(name, words, **more):
        client.force_login(cast[name])
        return client.get("/find/", {"q": words, **more})

    return ask


def found(answer):
    """Title of each kind → the names in its list."""
    assert answer.status_code == 200
    page = document(answer)
    return {
        part.one("h2").text: [row.one("a").text for row in part.every("li")]
        for part in page.every("section.found")
    }


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("t18", "/targets/T18/"),
        (wide("T18"), "/targets/T18/"),
        (" T5 ", "/targets/T05/"),
        ("指标T18", "/targets/T18/"),
        ("5-1", "/tasks/5-1/"),
        ("5—1", "/tasks/5-1/"),
        ("五1", "/tasks/5-1/"),
        ("五（1）", "/tasks/5-1/"),
        ("p16", "/projects/P16/"),
        ("T18@2026", "/targets/T18/"),
        ("T05@2025", "/values/T05/2025/"),
    ],
)
def test_a_code_leads_to_its_page(find, typed, address):
    TargetFactory(code="T18")
    ObservationFactory(target=TargetFactory(code="T05"), year=2025, quarter=None, value=Decimal(1))
    TaskFactory(code="5-1")
    ProjectFactory(code="P16")
    answer = find("孙领导", typed)
    assert answer.headers["Location"] == address


def test_a_code_of_nothing_is_said_to_be_unknown(find):
    answer = find("孙领导", "T99")
    assert answer.status_code == 200
    assert "没有找到“T99”" in answer.content.decode()


def test_a_years_value_leads_its_agency_to_the_form(find, cast):
    mine = ObligationFactory(
        agency=cast["张三"].agency, target__code="T01", value_year=2026,
        period=PeriodFactory(year=2027, quarter=1),
    )  # fmt: skip
    assert find("张三", "t01@2026").headers["Location"] == mine.get_absolute_url()
    assert find("王五", "t01@2026").headers["Location"] == "/targets/T01/"


def test_words_are_found_by_kind_with_names_first(find):
    AgencyFactory(name="区公交局")
    TargetFactory(code="T18", name="纯电动公交车比例")
    TargetFactory(code="T19", name="已停用的公交指标", retired_on="2026-01-01")
    TaskFactory(code="5-2", title="建设站场", text="加快公交站台建设")
    TaskFactory(code="5-3", title="公交优先")
    ProjectFactory(code="P16", name="公交枢纽")
    clause = ClauseFactory(heading="（一）绿色公交", text="")
    assert found(find("孙领导", "公交")) == {
        "指标": ["T18纯电动公交车比例"],
        "任务": ["5-3公交优先", "5-2建设站场"],
        "项目": ["P16公交枢纽"],
        "单位": ["区公交局"],
        "方案条款": [f"{clause.address}绿色公交"],
    }
    assert list(found(find("孙领导", "公交 站台"))) == ["任务"]


def test_an_agency_is_found_by_every_spelling(find):
    agency = AgencyFactory(name="区住房和城乡建设局", short_name="区住建局")
    AgencyAlias.objects.create(agency=agency, text="区建设局", key=name_key("区建设局"))
    for typed in ("住建", "建设局", "城乡"):
        assert found(find("孙领导", typed))["单位"] == ["区住房和城乡建设局"]


def test_own_items_of_open_periods_are_found_and_nobody_elses(find, cast):
    jtj, open_, closed = (
        cast["张三"].agency,
        PeriodFactory(),
        PeriodFactory(quarter=2, state=PeriodState.CLOSED),
    )
    for agency, period in ((jtj, open_), (jtj, closed), (cast["王五"].agency, open_)):
        item = ObligationFactory(
            agency=agency, period=period, kind="contribution", task__title="推广新能源车"
        )
        filled(item, {"text": "充电桩已建"}, by=cast["张三"])
    mine = found(find("张三", "新能源"))
    assert len(mine["本单位的填报事项"]) == 1
    assert len(mine["任务"]) == 3
    for name in ("赵六", "孙领导", "管理员"):
        assert "本单位的填报事项" not in found(find(name, "新能源"))
    for name in ("张三", "王五", "赵六", "孙领导", "管理员"):
        assert found(find(name, "充电桩")) == {}, "what is typed in a form is not searched"


def test_matters_are_found_by_those_who_may_read_them(find, cast):
    own = MatterFactory(title="充电桩用地", agency=cast["张三"].agency)
    MatterFactory(title="用地风险", in_ledger=True, level="high", agency=cast["赵六"].agency)
    seen = {
        name: len(found(find(name, "用地")).get("事项", ()))
        for name in ("张三", "王五", "赵六", "孙领导", "管理员")
    }
    assert seen == {"张三": 2, "王五": 1, "赵六": 2, "孙领导": 2, "管理员": 1}
    assert find("张三", own.code).headers["Location"] == own.get_absolute_url()
    assert "没有找到" in find("王五", own.code).content.decode()


def test_the_first_of_a_kind_are_shown_and_all_of_it_on_request(find):
    for number in range(MOST + 3):
        TaskFactory(code=f"9-{number + 1}", title=f"宣传{number}")
    page = document(find("孙领导", "宣传"))
    assert len(page.one("section.found").every("li")) == MOST
    more = page.one("a.all")
    assert more["href"] == f"{reverse('find')}?q=%E5%AE%A3%E4%BC%A0&kind=tasks"
    assert len(found(find("孙领导", "宣传", kind="tasks"))["任务"]) == MOST + 3
    assert found(find("孙领导", "宣传", kind="none")) == {}


def test_nothing_typed_asks_what_to_look_for(find):
    assert "写编号（如 T18、5-1、P16）直接打开" in find("孙领导", "").content.decode()


def test_it_costs_the_same_however_much_is_found(client, cast):
    client.force_login(cast["张三"])
    costs = []
    for number in range(3):
        ObligationFactory(agency=cast["张三"].agency, target__name=f"公交{number}")
        TaskFactory(title=f"公交{number}")
        MatterFactory(title=f"公交{number}", agency=cast["张三"].agency)
        AgencyFactory(name=f"公交{number}", kind=AgencyKind.COMPANY)
        ClauseFactory(text=f"公交{number}")
        costs.append(len(statements(client, "/find/?q=公交")))
    assert costs == [10, 10, 10]


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_it_in_the_header(client, cast, role):
    user = cast["张三"]
    user.roles = [role]
    user.save()
    client.force_login(user)
    form = document(client.get("/find/")).one("form.find")
    assert (form["action"], form.one("input")["name"]) == ("/find/", "q")
