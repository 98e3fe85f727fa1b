"""Columns, keys, tokens, and what a cell stands for."""

import pytest

from reporting.rules.fields import FORMS
from reporting.workbooks.rules import layout
from reporting.workbooks.rules.layout import (
    SHEETS,
    RowKey,
    Token,
    heading_words,
    kind_of,
    meaning,
    shown,
)
from reporting.workbooks.selectors.tokens import read_token, signed

PIXELS = 1320
"""What a screen of 1366 pixels leaves beside the numbers of rows and the scroll bar."""


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=lambda one: one.name)
def test_headings_are_unique_and_all_columns_fit_a_screen(sheet):
    headings = [heading_words(one.heading) for one in sheet.columns]
    assert len(set(headings)) == len(headings)
    assert sum(one.width * 7 + 5 for one in sheet.columns if one.width) <= PIXELS


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=lambda one: one.name)
def test_every_field_of_a_column_is_one_of_its_form(sheet):
    for column in sheet.columns:
        for form, name in column.fields.items():
            assert form in sheet.forms
            assert name in {one.name for one in FORMS[kind_of(form)]}


def test_sheets_are_told_apart_by_their_headings():
    heads = {frozenset(heading_words(one.heading) for one in sheet.columns)
             for sheet in SHEETS.values()}  # fmt: skip
    assert len(heads) == len(SHEETS) == 5


@pytest.mark.parametrize(
    "text", ["2026Q3:target:T15", "2027Q2:target:T01@2026", "2026Q3:contribution:1-1"]
)
def test_the_key_of_a_row_survives_its_cell(text):
    assert str(RowKey.parse(f" {text} ")) == text


@pytest.mark.parametrize("text", ["", "T15", "2026:target:T15", "2026Q3:other:T1", "2026Q3:task:"])
def test_any_other_text_is_no_key(text):
    assert RowKey.parse(text) is None


def test_a_heading_is_read_without_its_note():
    assert heading_words("本季度进展（50—800字）") == "本季度进展"
    assert heading_words(" 总投资\n(万元) ") == "总投资"


@pytest.mark.parametrize(
    ("kind", "name", "text", "texts"),
    [
        ("target", "value", "97.0", {"value": "97.0", "availability": "new"}),
        ("target", "value", "不适用", {"value": "", "availability": "not_applicable"}),
        ("target", "value", "尚未取得", {"value": "", "availability": "awaited"}),
        ("target", "value", "本季度没有", {"value": "", "availability": "annual"}),
        ("target", "value", "", {"value": "", "availability": ""}),
        ("contribution", "text", "无配合事项", {"nothing": "1", "text": ""}),
        ("contribution", "text", "开展了检查", {"nothing": "", "text": "开展了检查"}),
        ("project", "status", "本季度无变化", {"no_change": "1", "status": ""}),
        ("task", "narrative", "-已开工", {"narrative": "-已开工"}),
    ],
)
def test_a_cell_stands_for_fields_and_shows_them_again(kind, name, text, texts):
    assert meaning(kind, name, text) == texts
    assert shown(kind, name, texts) == text


def test_choices_show_their_words_and_months_their_date():
    assert shown("task", "status", {"status": "on_track"}) == "正常推进"
    assert shown("target", "grade", {"grade": "unknown"}) == "unknown"
    assert shown("task", "next_due", {"next_due": "2026-11"}) == "2026年11月"
    assert shown("task", "next_due", {"next_due": "年底"}) == "年底"
    assert shown("task", "next_due", {}) == ""


def test_the_token_is_read_only_with_this_signature():
    token = Token("jtj", "2026Q3", "0f" * 16)
    text = signed(token)
    assert text.startswith(f"kf1:jtj:2026Q3:{'0f' * 16}:")
    assert len(text) <= 255, "a property of a document holds no more"
    assert read_token(f" {text} ") == token
    assert read_token(text.replace("jtj", "nyj", 1)) is None
    assert read_token(str(token)) is None


def test_what_is_signed_but_no_token_is_none():
    assert Token.parse("kf0:jtj:2026Q3:" + "0f" * 16) is None


def test_each_form_has_its_own_sheet():
    assert layout.SHEET_OF == {
        "target": "指标", "qualitative": "指标", "task": "任务", "contribution": "配合",
        "project": "项目",
    }  # fmt: skip
