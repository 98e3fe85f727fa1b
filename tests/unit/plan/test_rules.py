import re

import pytest

from plan import rules
from tests.architecture.source import ROOT

TEXT = (ROOT / "fixtures" / "plan.txt").read_text(encoding="utf-8")
CLAUSES = {clause.code: clause for clause in rules.parse(TEXT)}

OTHER = """某区碳达峰行动计划
为了做好工作，制定本计划。
一、总体要求
（一）总体思路。坚持系统观念。
二、重点任务
(一)节能降碳
1.推进改造
到2025年，下降13.5％。
２、并非标题的一行
2．完善制度
建立制度。
附件1：某区重点任务清单
\t任务
\t责任单位

\t一、重点任务

\t（一）节能降碳
\t1.推进改造。
\t区发改局

\t
\t2.完善制度。
\t区统计局

"""


def test_every_character_of_the_plan_stands_in_the_clauses_in_order():
    rest = iter(rules.compact("".join(c.heading + c.text for c in CLAUSES.values())))
    assert all(letter in rest for letter in rules.compact(TEXT))


def test_the_published_plan_has_its_clauses():
    by_part = [clause.part for clause in CLAUSES.values()]
    assert len(CLAUSES) == 131
    assert by_part.count("body") == 58
    assert by_part.count("annex1") == 52
    assert by_part.count("annex2") == 21
    items = [code for code in CLAUSES if re.fullmatch(r"3-\d+-\d+", code)]
    rows = [code for code in CLAUSES if re.fullmatch(r"a1-2-\d+-\d+", code)]
    assert len(items) == len(rows) == 32


@pytest.mark.parametrize(
    ("code", "address", "words"),
    [
        ("0", "前言", "结合我区实际，制定本实施方案。"),
        ("1-2", "一（二）", "——因地制宜，试点示范。"),
        ("2", "二", "森林蓄积量达60万立方米。"),
        ("3-5-3", "三（五）3", "实现纯电动公交车比例达到75%以上"),
        ("3-10-2", "三（十）2", "单位建筑面积碳排放量较2020年下降7%"),
        ("5-2", "五（二）", "年度评估"),
        ("a1", "附件1", "目标任务、牵头单位、责任单位"),
        ("a1-1-1", "附件1 一（一）", "牵头单位：区发展和改革局"),
        ("a1-2-5-3", "附件1 二（五）3", "3．推广清洁交通运输工具。"),
        ("a1-2-6-2", "附件1 二（六）2", "责任单位：市自然资源和规划局开福区分局"),
        ("a1-note", "附件1 注", "森林面积占土地总面积的比率"),
        ("a2-15", "附件2 第15项", "项目总投资（万元）：——"),
        ("a2-16", "附件2 第16项", "类别：基础设施提质工程"),
        ("a2-20", "附件2 第20项", "30*104m3/d"),
    ],
)
def test_clauses_are_found_by_code_and_address(code, address, words):
    clause = CLAUSES[code]
    assert clause.address == address
    assert words in f"{clause.heading}\n{clause.text}"


def test_paragraphs_of_one_address_are_one_clause():
    assert CLAUSES["2"].text.count("\n") == 1
    assert CLAUSES["1-2"].text.count("\n") == 3
    assert [CLAUSES[code].depth for code in ("2", "3-5", "3-5-3", "a1-2-5-3", "a2-15")] == [
        1,
        2,
        3,
        4,
        2,
    ]


def test_another_plan_of_the_same_layout_is_read():
    clauses = {clause.code: clause for clause in rules.parse(OTHER)}
    assert list(clauses) == [
        "0", "1", "1-1", "2", "2-1", "2-1-1", "2-1-2",
        "a1", "a1-1", "a1-1-1", "a1-1-1-1", "a1-1-1-2",
    ]  # fmt: skip
    assert clauses["2-1-1"].text == "到2025年，下降13.5％。\n２、并非标题的一行"
    assert clauses["a1-1-1-2"].text == "责任单位：区统计局"
    assert clauses["a1-1-1-2"].address == "附件1 一（一）2"


def test_a_heading_that_runs_into_its_paragraph_is_cut_at_the_full_stop():
    long = "（一）加强组织领导。" + "各单位要抓好落实，" * 20
    clause = rules.parse(f"计划\n一、组织实施\n{long}")[2]
    assert clause.heading == "（一）加强组织领导。"
    assert clause.text.startswith("各单位要抓好落实")


def test_a_numbered_paragraph_without_heading_keeps_its_words():
    long = "（一）各单位要抓好落实，" + "定期报告进展，" * 20
    clause = rules.parse(f"计划\n一、组织实施\n{long}")[2]
    assert (clause.heading, clause.text) == ("", long)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "文件里没有文字"),
        (" \n\n", "文件里没有文字"),
        ("关于开会的通知\n请准时参加。", "没有找到“一、”这样的章标题"),
        ("计划\n一、总体要求\n三、重点任务", "第3行“三、重点任务”编号不连续"),
        ("计划\n一、任务\n（一）甲\n1.乙\n3.丙", "第5行“3.丙”编号不连续"),
        ("计划\n一、任务\n附件3 表\n\t一\n", "系统只认识附件1和附件2"),
        ("计划\n一、任务\n附件1 表\n\t任务\n\n\t甲\n", "前面没有“一、”这样的行"),
        ("计划\n一、任务\n附件1 表\n\t任务\n\n\t一、甲\n\n\t乙\n", "有一行没有编号：乙"),
        ("计划\n一、任务\n附件2 表\n\t序号\n\t名称\n\n\t甲\n\t乙\n", "有一行没有序号"),
        (
            "计划\n一、任务\n附件2 表\n\t序号\n\t名称\n\n\t1\n\t乙\n\n\t1\n\t丙\n",
            "有两处编号相同的条款",
        ),
    ],
)
def test_a_text_that_is_no_plan_gets_one_sentence(text, sentence):
    with pytest.raises(rules.PlanTextError, match=re.escape(sentence)):
        rules.parse(text)


@pytest.mark.parametrize(
    ("number", "numeral"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (21, "二十一")]
)
def test_numerals_both_ways(number, numeral):
    assert rules.numeral_of(number) == numeral
    assert rules.number_of(numeral) == number


def test_quotes_are_compared_without_white_space():
    assert rules.quotes("到2025年，\n达到75%以上", "2025年，达到 75%")
    assert not rules.quotes("到2025年，达到75%以上", "达到80%")
    assert not rules.quotes("到2025年", "  ")


def test_headings_without_their_number():
    assert rules.bare_heading("（五）形成绿色低碳交通方式") == "形成绿色低碳交通方式"
    assert rules.bare_heading("1．培育新兴产业。") == "培育新兴产业"
    assert rules.bare_heading("前言") == "前言"


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("5-1、T15", ("5-1", "T15")),
        ("t5，p16", ("T05", "P16")),
        ("５－１", ("5-1",)),
        ("5—1", ("5-1",)),
        ("五1", ("5-1",)),
        ("五（1）", ("5-1",)),
        ("任务十2 和 指标T18", ("10-2", "T18")),
        ("", ()),
        ("公交", ("公交",)),
    ],
)
def test_codes_are_read_as_people_write_them(typed, codes):
    assert rules.subject_codes(typed) == codes
