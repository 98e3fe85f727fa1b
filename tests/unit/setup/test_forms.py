import datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from setup.forms import AssignedForm, PlanTextForm
from setup.services.published_plan import read_text
from tests.factories.targets import AccountingBasisFactory, MilestoneFactory

pytestmark = pytest.mark.django_db


def upload(data, name="plan.txt"):
    return PlanTextForm({}, {"text": SimpleUploadedFile(name, data)})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_is_read_in_the_encodings_of_office_programs(encoding):
    form = upload(read_text().encode(encoding))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["text"].startswith("长沙市开福区碳达峰实施方案")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "文件里没有文字"),
        ("关于开会的通知".encode(), "没有找到“一、”这样的章标题"),
        (b"PK\x03\x04\x00\x00", "这不是文本文件：请在Word或WPS中另存为“纯文本（.txt）”再上传"),
        (b"\xff" * 50, "这不是文本文件"),
        (b"a" * 2_000_001, "文件超过2 MB"),
    ],
)
def test_a_file_that_is_no_plan_gets_one_sentence(data, sentence):
    form = upload(data)
    assert not form.is_valid()
    (error,) = form.errors["text"]
    assert sentence in error


ENTRY = {
    "outcome": "assigned",
    "value": "18",
    "number": "长发改〔2024〕9号",
    "title": "关于下达目标的通知",
    "effective_from": "2024-03-15",
    "note": "",
}


def assigned(**changes):
    milestone = MilestoneFactory(
        target__name="单位GDP二氧化碳排放降低率", value=None, state="pending"
    )
    return AssignedForm(ENTRY | changes, milestone=milestone)


@pytest.mark.parametrize("day", ["2024-03-15", "2024.3.15", "2024/3/15", "2024年3月15日"])
def test_days_as_people_type_them(day):
    form = assigned(effective_from=day)
    assert form.is_valid(), form.errors
    assert form.entry["effective_from"] == datetime.date(2024, 3, 15)
    assert form.entry["value"] == Decimal(18)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"value": ""}, "value", "填写文件下达的数值"),
        ({"value": "很多"}, "value", "“很多”不是数字"),
        ({"number": " "}, "number", "填写文号"),
        ({"title": ""}, "title", "填写文件名称"),
        ({"effective_from": ""}, "effective_from", "填写生效日期"),
        ({"effective_from": "明天"}, "effective_from", "日期写成 2024-03-15"),
        ({"outcome": ""}, "outcome", "选择已下达或不再下达"),
        ({"outcome": "withdrawn", "note": "甲"}, "value", "不再下达的目标没有数值，请清空"),
        ({"outcome": "withdrawn", "value": ""}, "note", "写明不再下达的原因"),
    ],
)
def test_what_is_missing_is_said_at_its_field(changes, field, sentence):
    form = assigned(**changes)
    assert form.errors == {field: [sentence]}


def test_a_value_that_will_not_come():
    form = assigned(outcome="withdrawn", value="", note="改为碳排放双控")
    assert form.is_valid(), form.errors
    assert form.entry["value"] is None


def test_a_value_may_be_meant_in_another_basis_than_the_targets_own():
    own, other = AccountingBasisFactory(name="全口径"), AccountingBasisFactory(name="规模以上工业")
    milestone = MilestoneFactory(target__accounting_basis=own, value=None, state="pending")
    form = AssignedForm(ENTRY | {"basis": str(other.pk)}, milestone=milestone)
    assert form.is_valid(), form.errors
    assert form.entry["basis"] == other
    assert [label for _, label in form.fields["basis"].choices] == ["与指标的口径相同", other.name]
    same = AssignedForm(ENTRY, milestone=milestone)
    assert same.is_valid()
    assert same.entry["basis"] is None


def test_the_hint_says_how_a_reduction_is_written():
    form = assigned()
    assert form.fields["value"].help_text == "单位：%；下降填正数，如下降15%填15"
