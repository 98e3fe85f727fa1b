import pytest

from imports.annex.cells.text import (
    declared_total,
    heading_of,
    leading_mark,
    number_of_chinese,
    one_line,
    paragraphs,
    without_full_stop,
)


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("项 目\n名 称", "项目名称"),
        (" 环\n境\n保\n护 ", "环境保护"),
        ("\n\n\n基础设施提质工程", "基础设施提质工程"),
        ("加强　污染\r\n防治", "加强污染防治"),
        ("ABC\nDEF 项目", "ABC DEF 项目"),
        ("甲_x000D_\n乙", "甲乙"),
        ("\u200b发展\u00a0光伏\ufeff", "发展光伏"),
        ("5G 通信", "5G 通信"),
        ("无需清理", "无需清理"),
    ],
)
def test_one_line(printed, text):
    assert one_line(printed) == text


def test_paragraphs_keep_their_own_line_breaks():
    assert paragraphs(" 一期：管网 \r\n\r\n　二期：中水\n") == "一期：管网\n二期：中水"


def test_titles_lose_their_stop_only():
    assert without_full_stop("推进节能（一期）。") == "推进节能（一期）"
    assert without_full_stop("建设PUE<1.3数据中心；") == "建设PUE<1.3数据中心"


@pytest.mark.parametrize(
    ("text", "style", "number", "rest"),
    [
        ("1．培育产业", "1.", 1, "培育产业"),
        ("3.加强支撑", "1.", 3, "加强支撑"),
        ("12、发展光伏", "1.", 12, "发展光伏"),
        ("１２．发展光伏", "1.", 12, "发展光伏"),
        ("（1）发展光伏", "(1)", 1, "发展光伏"),
        ("2)发展光伏", "1)", 2, "发展光伏"),
        ("①发展光伏", "①", 1, "发展光伏"),
        ("⑴发展光伏", "(1)", 1, "发展光伏"),
        ("一、总体目标", "cn", 1, "总体目标"),
        ("十二、保障", "cn", 12, "保障"),
        ("（三）提高效率", "(cn)", 3, "提高效率"),
        ("㈡提高效率", "(cn)", 2, "提高效率"),
        ("1.1 发展光伏", "1.1", "1.1", "发展光伏"),
        ("1-1 发展光伏", "1.1", "1-1", "发展光伏"),
        ("第三类 交通", "cn", 3, "交通"),
    ],
)
def test_marks(text, style, number, rest):
    mark = leading_mark(text)
    assert (mark.style, mark.number, mark.rest) == (style, number, rest)


@pytest.mark.parametrize(
    "text",
    [
        "5G通信产业园",
        "2023年城镇老旧小区改造",
        "1.5万千瓦光伏",
        "110KV变电站",
        "一期工程",
        "三个示范区建设",
        "（金霞）产业园",
        "第五中学改造",
        "10",
    ],
)
def test_what_is_no_mark(text):
    assert leading_mark(text) is None


@pytest.mark.parametrize(
    ("text", "words", "number", "declared"),
    [
        ("一、环境保护工程（3个）", "环境保护工程", 1, 3),
        ("（二）能源（共12项）", "能源", 2, 12),
        ("能源工程(5)", "能源工程", None, 5),
        ("能源工程：2个项目", "能源工程", None, 2),
        ("三、交通（十个）", "交通", 3, 10),
        ("社区（村）", "社区（村）", None, None),
        ("绿色建筑（一期）", "绿色建筑（一期）", None, None),
        ("能源：", "能源", None, None),
    ],
)
def test_headings(text, words, number, declared):
    heading = heading_of(text)
    assert (heading.text, heading.number, heading.declared) == (words, number, declared)


def test_titles_may_declare_how_many_rows_follow():
    assert declared_total("某区重点项目清单（共20个）") == 20
    assert declared_total("附件2 某区重点项目清单") is None


@pytest.mark.parametrize(
    ("digits", "value"),
    [("一", 1), ("十", 10), ("十二", 12), ("二十", 20), ("九十九", 99), ("百", None)],
)
def test_chinese_numbers(digits, value):
    assert number_of_chinese(digits) == value
