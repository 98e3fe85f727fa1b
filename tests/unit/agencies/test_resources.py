"""Registers of agencies, aliases and accounts: there and back, and what is refused."""

import pytest

from agencies.models import Agency, AgencyAlias, GroupMember, User
from agencies.resources import AccountRegister, AgencyRegister, AliasRegister
from audit.models import AuditEvent, Way
from tests.factories.agencies import (
    AdministratorFactory,
    AgencyAliasFactory,
    AgencyFactory,
    GroupFactory,
    UserFactory,
)
from tests.registers import bring_in, refused, table_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return AdministratorFactory(username="admin")


@pytest.fixture
def bureau():
    return AgencyFactory(name="区交通运输局", short_name="区交通局", code="jtj")


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_what_is_exported_comes_back_without_a_change(admin, bureau, kind):
    street = AgencyFactory(name="四方坪街道", code="sfp")
    group = GroupFactory(name="各街道", code="jd")
    GroupMember.objects.create(group=group, member=street)
    AgencyAliasFactory(agency=bureau, text="=交通局")
    UserFactory(agency=bureau, roles=["reporter", "reviewer"], phone="13812345678")
    for register in (AgencyRegister, AliasRegister, AccountRegister):
        _, rows = table_of(register, kind)
        result = bring_in(register, rows, by=admin)
        assert result.counts == {"new": 0, "changed": 0, "same": len(rows), "wrong": 0}
    assert not AuditEvent.objects.exists()


def test_column_heads_are_the_words_of_the_pages(admin):
    headers, _ = table_of(AgencyRegister)
    assert headers[:5] == ["网址代码", "名称", "简称", "全称", "类别"]


def test_change_and_addition_go_through_the_services(admin, bureau):
    result = bring_in(
        AgencyRegister,
        [
            {"网址代码": "jtj", "名称": "区交通局", "简称": "区交通局", "类别": "区直部门"},
            {"网址代码": "swj", "名称": "区商务局", "简称": "区商务局", "类别": "区直部门"},
        ],
        by=admin,
    )
    assert result.counts == {"new": 1, "changed": 1, "same": 0, "wrong": 0}
    bureau.refresh_from_db()
    assert bureau.name == "区交通局"
    assert bureau.aliases.get().text == "区交通运输局", "the old name stays known"
    event = AuditEvent.objects.get(object_code="jtj", action="修改")
    assert event.changes == [["名称", "区交通运输局", "区交通局"]]
    assert (event.way, event.actor_name) == (Way.EXCEL, "管理员")
    assert Agency.objects.get(code="swj").position > bureau.position


def test_a_preview_writes_nothing_but_sees_what_the_database_refuses(admin, bureau):
    AgencyFactory(name="区商务局", code="swj")
    row = {"网址代码": "jtj", "名称": "区商务局", "简称": "x", "类别": "区直部门"}
    result = bring_in(AgencyRegister, [row], by=admin, dry_run=True)
    assert result.problems == ["第2行 名称：具有 名称 的 单位 已存在。"]
    good = bring_in(AgencyRegister, [row | {"名称": "区交通局"}], by=admin, dry_run=True)
    assert good.can_confirm
    assert [(r.number, r.title, r.changes[0]) for r in good.rows] == [
        (2, "jtj", ("名称", "区交通运输局", "区交通局"))
    ]
    bureau.refresh_from_db()
    assert bureau.name == "区交通运输局"
    assert not AuditEvent.objects.exists()


def test_one_wrong_row_and_nothing_is_written(admin, bureau):
    rows = [
        {"网址代码": "jtj", "名称": "区交通局", "类别": "区直部门"},
        {"网址代码": "x1", "名称": "", "类别": "委员会"},
        {"网址代码": "jtj", "名称": "又一个", "类别": "区直部门"},
    ]
    problems = refused(AgencyRegister, rows, by=admin)
    assert problems[0] == "第3行 名称：不能空着"
    assert problems[1].startswith("第3行 类别：“委员会”不在可选范围内，可以填：区直部门、")
    assert problems[2] == "第4行 与第2行是同一条记录，请只留一行"
    bureau.refresh_from_db()
    assert bureau.name == "区交通运输局"


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"名称": "x", "类别": "区直部门"}, "表里没有“网址代码”这一列"),
        ({"网址代码": "x", "部门": "y"}, "不认识表头“部门”，可以用的有：网址代码、"),
    ],
)
def test_headers_that_cannot_be_used(admin, row, sentence):
    assert sentence in refused(AgencyRegister, [row], by=admin)[0]


def test_members_of_a_group_by_name(admin, bureau):
    group = GroupFactory(name="各相关部门", code="xgbm")
    AgencyFactory(name="区商务局", code="swj")
    row = {"网址代码": "xgbm", "成员": "区商务局、区交通局"}
    assert bring_in(AgencyRegister, [row], by=admin).counts["changed"] == 1
    assert {member.code for member in group.members.all()} == {"jtj", "swj"}
    assert bring_in(AgencyRegister, [row], by=admin).counts["same"] == 1
    wrong = refused(AgencyRegister, [{"网址代码": "jtj", "成员": "区商务局"}], by=admin)
    assert wrong == ["第2行 区交通运输局不是群体，不能有成员"]


def test_an_alias_moves_to_the_agency_that_is_named(admin, bureau):
    other = AgencyFactory(name="区商务局")
    alias = AgencyAliasFactory(agency=other, text="交通局")
    bring_in(AliasRegister, [{"别名": "交通局", "单位": "区交通运输局"}], by=admin)
    assert not AgencyAlias.objects.filter(pk=alias.pk).exists()
    assert bureau.aliases.get().text == "交通局"
    problem = refused(AliasRegister, [{"别名": "运管所", "单位": "交通运输局"}], by=admin)
    assert problem == ["第2行 单位：没有“交通运输局”这个单位，相近的有：区交通运输局"]


def test_new_accounts_get_passwords_that_the_confirmation_shows(admin, bureau):
    row = {"账号": "jtj_a", "姓名": "王芳", "单位": "区交通局", "角色": "填报员、单位审核人"}
    result = bring_in(AccountRegister, [row], by=admin)
    user = User.objects.get(username="jtj_a")
    [(name, password)] = result.secrets
    assert name == "jtj_a"
    assert user.check_password(password)
    assert user.must_change_password
    assert (user.agency, user.roles) == (bureau, ["reporter", "signer"])
    problem = refused(AccountRegister, [row | {"账号": "jtj_b", "单位": ""}], by=admin)
    assert problem == ["第2行 填报员、单位审核人和审核员必须属于一个单位"]


def test_telephones_are_masked_and_a_masked_one_is_not_read_back(admin, bureau):
    user = UserFactory(username="jtj_a", agency=bureau, phone="13812345678")
    _, rows = table_of(AccountRegister)
    row = next(row for row in rows if row["账号"] == "jtj_a")
    assert row["办公电话"] == "138****78"
    bring_in(AccountRegister, [row | {"姓名": "李四"}], by=admin)
    user.refresh_from_db()
    assert (user.name, user.phone) == ("李四", "13812345678")


def test_an_administrator_does_not_close_the_own_account(admin):
    row = {"账号": "admin", "姓名": "管理员", "角色": "管理员", "启用": "否"}
    assert "请由另一位管理员操作" in refused(AccountRegister, [row], by=admin)[0]


def test_statements_of_an_export_do_not_grow(django_assert_num_queries):
    for count in (1, 20):
        for _ in range(count):
            AgencyFactory()
        with django_assert_num_queries(5):
            AgencyRegister().export()
