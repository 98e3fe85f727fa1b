import re

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from agencies.choices import AgencyKind, AliasSource
from agencies.models import Agency
from agencies.selectors import known_names
from agencies.services import agencies
from audit.models import AuditEvent
from plan.models import DataState
from tests.factories.agencies import (
    AdministratorFactory,
    AgencyAliasFactory,
    AgencyFactory,
    GroupFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return AdministratorFactory()


def facts():
    return DataState.current().version, AuditEvent.objects.count()


def test_a_new_agency_gets_what_was_left_open(admin):
    AgencyFactory(position=7)
    agency = agencies.create_agency(
        agency=Agency(name="区民政局", kind=AgencyKind.DISTRICT_BUREAU), by=admin
    )
    assert (agency.code, agency.short_name, agency.position) == ("u8", "区民政局", 8)
    event = AuditEvent.objects.get(object_code="u8")
    assert (event.action, event.object_type, event.object_name) == ("新增", "单位", "区民政局")
    assert DataState.current().version == 1


def test_the_same_agency_again_changes_nothing(admin):
    agency = AgencyFactory()
    before = facts()
    assert agencies.update_agency(agency=agency, by=admin) is None
    assert facts() == before


def test_a_renamed_agency_is_still_found_under_its_old_name(admin):
    agency = AgencyFactory(name="区科学技术局", short_name="区科技局")
    agency.name = "区科学技术和数据局"
    event = agencies.update_agency(agency=agency, by=admin, reason="机构改革")
    assert ["名称", "区科学技术局", "区科学技术和数据局"] in event.changes
    assert event.reason == "机构改革"
    assert known_names().canonical("区科学技术局") == "区科学技术和数据局"


def test_an_alias_is_remembered_once(admin):
    agency = AgencyFactory(name="马栏山（长沙）视频文创园管理委员会", short_name="马栏山管委会")
    alias = agencies.add_alias(
        agency=agency,
        text=" 马栏山(长沙)视频文创管理委员会 ",
        source=AliasSource.PLAN,
        by=admin,
    )
    assert alias.text == "马栏山(长沙)视频文创管理委员会"
    before = facts()
    for spelling in (
        "马栏山（长沙）视频文创管理委员会",
        "马栏山(长沙)视频文创园管理委员会",
        "马栏山管委会",
    ):
        assert agencies.add_alias(agency=agency, text=spelling, by=admin) is None
    assert facts() == before


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("  ", "别名不能为空"),
        ("区商务局", "这个别名已经是另一个单位的名称"),
        ("商务部门", "这个别名已经登记"),
    ],
)
def test_an_alias_that_is_taken_gets_a_sentence(admin, text, sentence):
    other = AgencyFactory(name="区商务局")
    AgencyAliasFactory(agency=other, text="商务部门")
    with pytest.raises(ValidationError, match=sentence):
        agencies.add_alias(agency=AgencyFactory(), text=text, by=admin)


def test_an_agency_cannot_take_the_alias_of_another(admin):
    AgencyAliasFactory(text="区发改局")
    with pytest.raises(ValidationError, match="这个名称已经是另一个单位的别名"):
        agencies.create_agency(
            agency=Agency(name="区发改局", kind=AgencyKind.DISTRICT_BUREAU), by=admin
        )


def test_there_is_one_coordinator(admin):
    AgencyFactory(is_coordinator=True)
    with pytest.raises(ValidationError, match="牵头抓总单位只能有一个"):
        agencies.create_agency(
            agency=Agency(name="另一局", kind=AgencyKind.DISTRICT_BUREAU, is_coordinator=True),
            by=admin,
        )


def test_a_forgotten_alias_is_in_the_ledger(admin):
    alias = AgencyAliasFactory(text="旧称")
    agencies.remove_alias(alias=alias, by=admin, reason="录错")
    event = AuditEvent.objects.get(action="删除")
    assert (event.object_code, event.changes) == (alias.agency.code, [["别名", "旧称", ""]])
    assert known_names().canonical("旧称") is None


def test_members_of_a_group(admin):
    group = GroupFactory()
    one, two = AgencyFactory.create_batch(2)
    event = agencies.set_members(group=group, members=[two, one], by=admin)
    assert event.changes == [["成员", "", f"{one.name}、{two.name}"]]
    before = facts()
    assert agencies.set_members(group=group, members=[one, two], by=admin) is None
    assert facts() == before
    agencies.set_members(group=group, members=[two], by=admin)
    assert list(group.members.all()) == [two]


def test_only_groups_have_members_and_groups_are_none(admin):
    group, agency = GroupFactory(), AgencyFactory()
    with pytest.raises(ValidationError, match=f"{agency.name}不是群体，不能有成员"):
        agencies.set_members(group=agency, members=[], by=admin)
    with pytest.raises(ValidationError, match=re.escape("是群体，不能作为另一个群体的成员")):
        agencies.set_members(group=group, members=[GroupFactory()], by=admin)


def test_only_administrators_write():
    reporter, agency = UserFactory(), AgencyFactory()
    alias = AgencyAliasFactory(agency=agency)
    for write in (
        lambda: agencies.create_agency(agency=AgencyFactory.build(), by=reporter),
        lambda: agencies.update_agency(agency=agency, by=reporter),
        lambda: agencies.add_alias(agency=agency, text="甲", by=reporter),
        lambda: agencies.remove_alias(alias=alias, by=reporter),
        lambda: agencies.set_members(group=GroupFactory(), members=[], by=reporter),
    ):
        with pytest.raises(PermissionDenied, match="只能由管理员进行"):
            write()


def test_every_spelling_leads_to_the_name(django_assert_num_queries):
    agency = AgencyFactory(
        name="区住房和城乡建设局", short_name="区住建局", full_name="长沙市开福区住房和城乡建设局"
    )
    AgencyAliasFactory(agency=agency, text="区住建委")
    GroupFactory(name="各街道")
    with django_assert_num_queries(2):
        names = known_names()
    spellings = ("区住房和城乡建设局", "区住建局", "长沙市开福区住房和城乡建设局", "区 住建委")
    assert {names.canonical(spelling) for spelling in spellings} == {"区住房和城乡建设局"}
    assert names.groups == {"各街道"}
    assert names.canonical("区财政局") is None
