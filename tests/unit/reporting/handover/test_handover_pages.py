"""The pages of 交接: who sees and does what, the list before the deed, the sheet."""

import datetime

import pytest

from reporting.choices import ObligationState
from reporting.models import Draft, Handover
from tests.factories.cast import make_cast
from tests.factories.reporting import ObligationFactory, filled
from tests.pages import statements, text, words

pytestmark = pytest.mark.django_db


def shown(answer):
    return words(text(answer))


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def own(cast):
    found = ObligationFactory(
        agency=cast["张三"].agency, target__code="T18", target__name="绿色出行比例"
    )
    return filled(found, {"value": "78.6"}, by=cast["张三"])


@pytest.fixture
def page(client, cast):
    def ask(name, path, data=None):
        client.force_login(cast[name])
        return client.post(path, data) if data is not None else client.get(path)

    return ask


@pytest.fixture
def address(cast):
    return f"/handover/jtj/{cast['张三'].username}/"


@pytest.fixture
def typed(cast, own):
    return {"receiver": cast["李四"].pk, "reason": "调离", "items": [own.pk]}


def test_only_the_own_signer_and_administrators_hand_over(page, cast, address, typed):
    cast["王五"].roles = ["signer"]
    cast["王五"].save()
    for name in ("张三", "李四", "王五", "赵六", "孙领导"):
        assert page(name, "/handover/jtj/").status_code == 403
        assert page(name, address).status_code == 403
        assert page(name, address, typed).status_code == 403
    assert not Handover.objects.exists()
    for name in ("钱审核", "管理员"):
        assert page(name, "/handover/jtj/").status_code == 200
        assert page(name, address).status_code == 200


def test_the_list_says_what_moves_before_it_does(page, cast, own, address):
    Draft.objects.create(
        user=cast["张三"], place="new", content={"title": {"text": "秘而未发", "v": 1}}
    )
    for name in ("钱审核", "管理员"):
        said = shown(page(name, address))
        assert "2026Q3T18" in said
        assert "绿色出行比例" in said
        assert "提出事项，" in said
        assert "秘而未发" not in said, "nobody reads another's draft"
    assert "停用交出人的账号" in said
    assert "停用交出人的账号" not in shown(page("钱审核", address))
    people = shown(page("钱审核", "/handover/jtj/"))
    assert "1项" in people
    assert "1份" in people


def test_it_is_done_once_and_shown_to_both(page, cast, own, address, typed):
    answer = page("钱审核", address, typed)
    done = Handover.objects.get()
    assert answer.headers["Location"] == f"/handover/{done.pk}/"
    assert "刚才有变动" in shown(page("钱审核", address, typed))
    assert Handover.objects.count() == 1
    for name in ("张三", "李四", "钱审核", "管理员"):
        assert "张三交接给李四" in shown(page(name, f"/handover/{done.pk}/"))
        assert done.code in shown(page(name, "/handover/"))
    for path in (f"/handover/{done.pk}/", f"/handover/{done.pk}/sheet/"):
        assert page("王五", path).status_code == 403
    assert done.code not in shown(page("王五", "/handover/"))
    Handover.objects.update(at=datetime.datetime(2026, 11, 30, 9, tzinfo=datetime.UTC))
    home = shown(page("李四", "/my/"))
    assert "张三的1项事项（T18）已交接给您" in home
    assert "由张三交接给李四，11-30" in home


def test_what_is_missing_is_said_and_the_ticks_stay(page, cast, own, address):
    other = filled(ObligationFactory(agency=cast["张三"].agency), {"value": "1"}, by=cast["张三"])
    answer = page("钱审核", address, {"receiver": "", "reason": "", "items": [other.pk]})
    html = answer.content.decode()
    assert "接收人：选择接收人" in html
    assert "交接原因：写明交接原因" in html
    ticks = [line for line in html.split("<input") if 'name="items"' in line]
    assert [("checked" in tick, str(other.pk) in tick) for tick in ticks].count((True, True)) == 1
    assert sum("checked" in tick for tick in ticks) == 1
    nothing = {"receiver": cast["李四"].pk, "reason": "休假"}
    assert "至少选一项要交接的内容" in shown(page("钱审核", address, nothing))


def test_the_sheet_is_for_three_signatures(page, cast, own, address, typed):
    page("钱审核", address, typed)
    own.state = ObligationState.APPROVED
    own.save()
    paper = shown(page("李四", f"/handover/{Handover.objects.get().pk}/sheet/"))
    for said in ("交接清单", "T18", "绿色出行比例（2026Q3）", "草稿", "调离", "交出人（签字）",
                 "接收人（签字）", "监交人（签字）", "区交通运输局"):  # fmt: skip
        assert said in paper, said
    assert "已通过" not in paper, "the state is that of the handover"


def test_an_administrator_chooses_the_agency(page, cast):
    assert "区交通运输局" in shown(page("管理员", "/handover/"))
    assert page("管理员", "/handover/?agency=jtj").headers["Location"] == "/handover/jtj/"
    assert page("管理员", "/handover/?agency=none").status_code == 404
    assert page("管理员", "/handover/jtj/nobody/").status_code == 404
    assert page("管理员", "/handover/99/").status_code == 404


def test_pages_cost_what_they_cost(client, page, cast, own, address, typed):
    page("钱审核", address, typed)
    done = f"/handover/{Handover.objects.get().pk}/"
    most = {"/handover/": 4, "/handover/jtj/": 7, address: 8, done: 6, f"{done}sheet/": 6}
    for _ in range(2):
        assert {path: len(statements(client, path)) for path in most} == most
        more = filled(ObligationFactory(agency=own.agency), {"value": "1"}, by=cast["张三"])
        page("钱审核", address, typed | {"items": [more.pk]})
