import pytest

from agencies.choices import AgencyKind
from common.name_matching import KnownNames
from imports.selectors.agencies import AgencyDecisions, alike, guess_code, propose
from imports.selectors.plan_registers import KnownAgencies, KnownAgency


def decisions(answers, *names):
    by_name = {
        name: KnownAgency(pk, name, name, f"a{pk}", AgencyKind.DISTRICT_BUREAU, pk)
        for pk, name in enumerate(names, start=1)
    }
    known = KnownAgencies(by_name, KnownNames.of([(name, name) for name in names]))
    return AgencyDecisions(known, answers)


def new(name, kind=AgencyKind.DISTRICT_BUREAU):
    return {"do": "new", "name": name, "short_name": name, "code": "x", "kind": kind}


@pytest.mark.parametrize(
    ("name", "short_name", "code", "kind"),
    [
        ("区发展和改革局", "区发改局", "fgj", AgencyKind.DISTRICT_BUREAU),
        ("区交通运输局", "区交通局", "jtj", AgencyKind.DISTRICT_BUREAU),
        ("区委宣传部", "区委宣传部", "qwxcb", AgencyKind.PARTY_OFFICE),
        ("市生态环境局开福分局", "市生态环境局开福分局", "sthjjkffj", AgencyKind.CITY_BRANCH),
        ("区交警大队", "区交警大队", "jjdd", AgencyKind.CITY_BRANCH),
        ("市公建中心", "市公建中心", "gjzx", AgencyKind.CITY_INSTITUTION),
        ("区数据资源中心", "区数据资源中心", "sjzyzx", AgencyKind.DISTRICT_INSTITUTION),
        ("各街道", "各街道", "gjd", AgencyKind.STREETS),
        ("社区（村）", "社区（村）", "sqc", AgencyKind.COMMUNITIES),
        ("各相关部门", "各相关部门", "gxgbm", AgencyKind.OFFICES),
        ("四方坪街道办事处", "四方坪街道办事处", "sfpjdbsc", AgencyKind.STREET),
        ("湖南壹城环保科技有限公司", "湖南壹城环保科技", "hnychbkj", AgencyKind.COMPANY),
    ],
)
def test_a_new_agency_is_proposed_by_the_words_of_its_name(name, short_name, code, kind):
    proposal = propose(name, ())
    assert (proposal.short_name, proposal.code, proposal.kind) == (short_name, code, kind)


def test_a_code_that_is_taken_gets_a_number():
    assert guess_code("区发改局", AgencyKind.DISTRICT_BUREAU, {"fgj", "fgj2"}) == "fgj3"


def test_a_name_without_chinese_still_gets_a_code():
    assert guess_code("ABB（中国）", AgencyKind.COMPANY, ()) == "zg"
    assert guess_code("3M", AgencyKind.COMPANY, ()) == "dw"


def test_spellings_of_one_body_are_found_among_the_unknown():
    others = ["马栏山（长沙）视频文创园管理委员会", "长沙金霞经济开发区管理委员会"]
    (found,) = alike("马栏山(长沙)视频文创管理委员会", others)
    assert found.name == others[0]


def test_bodies_that_only_look_alike_are_not_offered_as_one():
    assert alike("市生态环境局开福分局", ["市自然资源和规划局开福区分局"]) == ()


def test_a_spelling_follows_answers_to_the_agency_that_is_meant():
    found = decisions({"甲局": {"do": "same", "agency": "乙局"}, "乙局": new("乙局")}, "丙局")
    assert found.name_of("丙局") == "丙局"
    assert found.name_of("甲局") == "乙局"
    assert [agency.name for agency in found.new] == ["乙局"]
    assert found.aliases(["甲局", "乙局", "丙局"]) == (("甲局", "乙局"),)


def test_answers_that_lead_in_a_circle_decide_nothing():
    circle = {
        "甲局": {"do": "same", "agency": "乙局"},
        "乙局": {"do": "same", "agency": "甲局"},
    }
    found = decisions(circle)
    assert found.name_of("甲局") is None
    assert not found.is_settled("甲局")


def test_what_is_no_agency_is_left_out_and_nothing_is_named_twice():
    answers = {"等单位": {"do": "none"}, "甲": {"do": "same", "agency": "甲局"}}
    found = decisions(answers, "甲局")
    assert found.names_of(["甲局", "甲", "等单位", "不认识的局"]) == ("甲局", "不认识的局")
    assert found.is_settled("等单位")


def test_an_agency_that_has_come_meanwhile_is_not_added_again():
    found = decisions({"甲局": new("甲局")}, "甲局")
    assert found.new == ()
    assert found.name_of("甲局") == "甲局"


def test_groups_and_companies_cannot_report():
    answers = {"某公司": new("某公司", AgencyKind.COMPANY), "各镇": new("各镇", AgencyKind.STREETS)}
    found = decisions(answers, "甲局")
    assert [found.can_report(name) for name in ("甲局", "某公司", "各镇", "无此局")] == [
        True,
        False,
        False,
        False,
    ]
