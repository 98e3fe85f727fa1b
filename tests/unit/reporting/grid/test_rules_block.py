"""Blocks as workbooks copy them: rows and cells, headings, errors."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reporting.grid.rules.block import BlockError, is_error, read_block, table

CELLS = st.sampled_from(["", "a", '"', 'a"b', "一\n二", "1\t2", '"x"', '""', "78.6", "#N/A"])
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=1, max_size=6)


def copied(rows):
    """A block as Excel and WPS write it: quotes where a cell has tabs, line breaks or a quote."""

    def cell(text):
        needs = any(mark in text for mark in '\t\n"')
        return '"' + text.replace('"', '""') + '"' if needs else text

    return "".join("\t".join(map(cell, row)) + "\r\n" for row in rows)


@settings(suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault of the rules
@given(ROWS)
def test_every_block_is_read_as_it_was_copied(rows):
    while rows and not any(rows[-1]):
        rows.pop()
    assert table(copied(rows)) == tuple(map(tuple, rows))


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", ()),
        ("\r\n\r\n", ()),
        ("70.5\t初步核算\r\n", (("70.5", "初步核算"),)),
        ("1\t2\n\n3\n\t\n\n", (("1", "2"), ("",), ("3",))),
        ('5-1\t"一行\n第""二""行"\t完', (("5-1", '一行\n第"二"行', "完"),)),
        ('说“好”"\t1', (('说“好”"', "1"),)),
        (" 1 \t\u3000二\u3000", (("1", "二"),)),
        ("\t\t7", (("", "", "7"),)),
    ],
)
def test_rows_and_cells(text, rows):
    assert table(text) == rows


@pytest.mark.parametrize(
    "text",
    ["#DIV/0!", "#N/A", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "＃ＤＩＶ／０！",  # noqa: RUF001
     "#div/0!", "错误:502", "错误：522", "Err:502", "#错误"],
)  # fmt: skip
def test_errors_of_workbooks(text):
    assert is_error(text)


@pytest.mark.parametrize("text", ["", "#1号机组停运", "错误已更正", "N/A", "0", "—"])
def test_what_is_no_error(text):
    assert not is_error(text)


def test_a_heading_is_found_under_a_title():
    block = read_block("2026年第三季度填报表\n编号\t本季度\nT15\t97.5\n")
    assert block.heading == ("编号", "本季度")
    assert [line.cells for line in block.lines] == [("T15", "97.5")]
    assert block.lines[0].number == 3


def test_a_second_heading_holds_from_there_on():
    block = read_block("编号\t本季度\nT15\t97.5\n编号\t存在问题\n5-1\t无\n")
    assert [line.heads for line in block.lines] == [("编号", "本季度"), ("编号", "存在问题")]


@pytest.mark.parametrize("text", ["97.5\n100", "T18\t78.6", "正常推进\t2026年12月", "本季度\t78.6"])
def test_what_is_no_heading(text):
    assert read_block(text).heading == ()


@pytest.mark.parametrize("text", ["1\n" * 401, "\t" * 60 + "1", "长" * 400_001])
def test_a_block_that_is_too_large_is_refused(text):
    with pytest.raises(BlockError, match="分几次粘贴"):
        read_block(text)
