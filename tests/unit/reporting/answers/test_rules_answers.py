"""Texts as people type them, read as what the field asks for."""

import dataclasses
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.choices import ProjectStatus
from reporting.answers.rules.answers import (
    ContributionAnswers,
    ProjectAnswers,
    TargetAnswers,
    TaskAnswers,
    read,
)
from reporting.answers.rules.options import OPTIONS, label
from reporting.choices import Attainment, Availability
from reporting.rules.fields import CHOICE, FORMS
from targets.choices import DataGrade
from tasks.choices import TaskStatus
from tests.unit.reporting.checked import Q3

CLASSES = {
    "target": TargetAnswers,
    "task": TaskAnswers,
    "contribution": ContributionAnswers,
    "project": ProjectAnswers,
}
KINDS = st.sampled_from(sorted(FORMS))
NAMES = st.sampled_from([item.name for fields in FORMS.values() for item in fields])


def value(text):
    return read("target", {"value": text}, Q3)


def money(text):
    return read("project", {"invested_wan": text}, Q3)


def test_each_form_has_its_answers_field_by_field():
    own = {item.name for item in dataclasses.fields(CLASSES["target"].__mro__[1])}
    for kind, fields in FORMS.items():
        answers = read(kind, {}, Q3)
        assert type(answers) is CLASSES[kind]
        assert answers.kind == kind
        names = {item.name for item in dataclasses.fields(answers)} - own
        assert names == {item.name for item in fields}


def test_choices_are_those_of_the_models():
    classes = (Availability, Attainment, DataGrade, TaskStatus, ProjectStatus)
    assert {item.__name__: dict(item.choices) for item in classes} == OPTIONS
    named = {item.choices for fields in FORMS.values() for item in fields if item.type == CHOICE}
    assert named == set(OPTIONS)
    assert label("TaskStatus", "done") == "已完成"


@pytest.mark.parametrize(
    ("typed", "expected", "unit"),
    [
        ("78.6", "78.6", ""),
        (" 78.60 ", "78.6", ""),
        ("1,234.5", "1234.5", ""),
        ("１２３４", "1234", ""),
        ("1 234", "1234", ""),
        ("78.6%", "78.6", "%"),
        ("78.6 ％", "78.6", "%"),
        ("百分之78.6", "78.6", "%"),
        ("78。6", "78.6", ""),
        ("52.3万吨", "52.3", "万吨"),
        ("52.3（万吨）", "52.3", "万吨"),
        ("1.5E+04", "15000", ""),
        ("-15", "-15", ""),
        ("－15", "-15", ""),
        ("−15%", "-15", "%"),
        ("+15", "15", ""),
        ("下降15%", "15", "%"),
        ("累计下降了 15 %", "15", "%"),
        ("降低率为：15%", "15", "%"),
        ("上升3%", "-3", "%"),
        ("0", "0", ""),
    ],
)
def test_numbers(typed, expected, unit):
    answers = value(typed)
    assert str(answers.value) == expected
    assert answers.typed["value"].unit == unit
    assert not answers.unreadable


@pytest.mark.parametrize("typed", ["", "  ", "——", "—", "暂无", "无", "/", "待统计"])
def test_what_says_nothing_is_none_and_never_zero(typed):
    assert value(typed).value is None
    assert money(typed).invested_wan is None
    assert not value(typed).unreadable
    assert not money(typed).unreadable


@pytest.mark.parametrize(
    "typed", ["七十八", "78.6.1", "1,23", "70-80", "约78", "78以上至90", "下降-15%", "x", "1" * 61]
)
def test_what_is_no_number_is_said_with_an_example(typed):
    answers = value(typed)
    assert answers.value is None
    assert "填写数字，如 78.6" in answers.unreadable["value"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("78.12345", "最多4位小数，改为 78.1235"),
        ("1e14", "数字太大，核对单位后再填"),
        ("99999999999999.9999", None),
        ("78.1234", None),
    ],
)
def test_numbers_fit_into_the_records(typed, sentence):
    assert value(typed).unreadable.get("value") == sentence


@pytest.mark.parametrize(
    ("typed", "expected", "echo"),
    [
        ("7214", "7214", None),
        ("7,214万元", "7214", None),
        ("7214万", "7214", None),
        ("0.72亿元", "7200", "按 7,200 万元 填入"),
        ("1亿2000万元", "12000", "按 12,000 万元 填入"),
        ("72140000元", "7214", "按 7,214 万元 填入"),
        ("1234567元", "123.46", "按 123.46 万元 填入"),
        ("-50", "-50", None),
        ("－50万元", "-50", None),
    ],
)
def test_sums_are_in_wan(typed, expected, echo):
    answers = money(typed)
    assert answers.invested_wan == Decimal(expected)
    assert answers.echoes.get("invested_wan") == echo


@pytest.mark.parametrize("typed", ["2000万美元", "三千万", "3000-5000", "1.234", "1" * 61, "1e12"])
def test_what_is_no_certain_sum_is_said(typed):
    answers = money(typed)
    assert answers.invested_wan is None
    assert set(answers.unreadable) == {"invested_wan"}


def test_texts_are_kept_without_the_blanks_around():
    answers = read("task", {"narrative": " 甲\n乙 ", "problems": "无", "why_W6": " 因为 "}, Q3)
    assert (answers.narrative, answers.problems) == ("甲\n乙", "无")
    assert answers.texts["why_W6"] == "因为"


@given(KINDS, st.dictionaries(NAMES, st.text()))
def test_no_text_raises(kind, texts):
    answers = read(kind, texts, Q3)
    assert set(answers.unreadable) <= {item.name for item in FORMS[kind]}


@given(st.text(alphabet="0123456789.,，。-—−+%％万亿元年月季度Qq第三下降 eE()（）", max_size=14))
def test_no_likely_text_raises(text):
    for kind, fields in FORMS.items():
        read(kind, {item.name: text for item in fields}, Q3)


@given(st.decimals(min_value=-(10**13), max_value=10**13, places=4))
def test_numbers_come_back_as_they_were(number):
    assert value(f"{number:,}").value == number
    assert value(f"{number}%").value == number
