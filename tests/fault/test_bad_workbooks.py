"""Files that cannot be imported: one clear sentence each, nothing half-imported, no error page."""

import openpyxl
import pytest
from celery import current_app

from agencies.models import Agency
from audit.models import AuditEvent
from imports.choices import ImportState
from imports.models import ImportRun
from plan.models import Category, Goal
from projects.models import Project
from targets.models import Target
from tasks.models import Task
from tests.documents import document
from tests.factories.agencies import AdministratorFactory
from tests.unit.common.workbooks.workbook_bytes import (
    OLE,
    only_parts,
    saved,
    with_parts,
    with_sheet,
    workbook,
)
from tests.workflow import annexes

pytestmark = [pytest.mark.django_db, pytest.mark.any_server]

GOOD = annexes.ANNEX2.read_bytes()
PROJECTS = ["序号", "类别", "项目单位", "项目名称", "建设内容", "起止年限", "项目总投资（万元）"]
TASKS = ["目标任务", "牵头单位", "责任单位"]


def utf16(text):
    return text.encode("utf-16-le")


def two_tables():
    return workbook(
        [
            PROJECTS,
            [1, "环保", "区农业农村局", "湿地", "", "2023", 1],
            TASKS,
            ["任务", "/", "区商务局"],
        ]
    )


BAD = {
    "empty": ("附件2.xlsx", b"", "文件是空的"),
    "encrypted": ("附件2.xlsx", OLE + utf16("EncryptedPackage"), "设了打开密码"),
    "truncated": ("附件2.xlsx", GOOD[: len(GOOD) // 2], "不完整或已损坏"),
    "pdf": ("附件2.xlsx", b"%PDF-1.7 ...", "这是PDF文件"),
    "docx": ("附件2.xlsx", only_parts(word__document_dot_xml=b"<w/>"), "这是Word文档"),
    "xls": ("附件2.xls", OLE + utf16("Workbook"), "旧格式工作簿"),
    "xls renamed": ("附件2.xlsx", OLE + utf16("Workbook"), "旧格式工作簿"),
    "50 MB": ("附件2.xlsx", b"PK\x03\x04" + bytes(50 * 1024 * 1024), "文件有50MB，超过20MB"),
    "zip bomb": ("附件2.xlsx", with_sheet(GOOD, lambda xml: xml + b" " * 40_000_000), "异常庞大"),
    "macros": ("附件2.xlsm", with_parts(GOOD, xl__vbaProject_dot_bin=b"x"), "带有宏"),
    "two tables": ("附件2.xlsx", two_tables(), "里有两张表"),
    "only a header": ("附件2.xlsx", workbook([PROJECTS]), "没有一行内容"),
    "a name of 300 letters": ("附" * 300 + ".xlsx", GOOD, "文件名太长"),
}


@pytest.fixture
def admin_client(client):
    client.force_login(AdministratorFactory())
    return client


def nothing_there():
    return not any(m.objects.exists() for m in (Agency, Category, Goal, Task, Project, Target))


def sentences(answer):
    """The errors at the field of the upload form."""
    page = document(answer)
    page.one("input[type=file]")
    return [said.line for said in page.one("div#id_file_error").every("p")]


@pytest.mark.parametrize("case", BAD)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(admin_client, case):
    name, data, words = BAD[case]
    answer = annexes.upload(admin_client, (name, data))
    assert answer.status_code == 200
    (sentence,) = sentences(answer)
    assert words in sentence
    assert answer.content.decode().count("<title>错误：") == 1
    assert nothing_there()
    assert not ImportRun.objects.exists()
    assert not AuditEvent.objects.exists()


def test_no_file_at_all(admin_client):
    answer = admin_client.post(annexes.LIST, {})
    assert sentences(answer) == ["请选择要导入的附件1或附件2"]


def test_another_table_asks_for_its_header(admin_client):
    other = workbook([["姓名", "电话"], ["张三", "0731"]])
    annexes.upload(admin_client, ("通讯录.xlsx", other))
    page = annexes.page(admin_client, "confirm")
    assert "没有找到重点任务表或重点项目表" in page
    assert "<h1>认表头</h1>" in page
    annexes.send(admin_client, "confirm")
    assert annexes.latest().state == ImportState.CHECKING
    assert nothing_there()


def test_a_formula_without_result_is_an_error_at_its_cell(admin_client):
    book = openpyxl.load_workbook(annexes.ANNEX2)
    book.active["G3"] = "=7000+214"
    annexes.upload(admin_client, ("附件2.xlsx", saved(book)))
    problems = annexes.page(admin_client, "problems")
    assert "没有保存计算结果" in problems
    assert "必须处理<b>1</b>处" in problems
    annexes.take_agencies(admin_client)
    annexes.name_reporters(admin_client, "later")
    annexes.send(admin_client, "confirm")
    assert "还有1处错误没有处理" in annexes.page(admin_client, "differences")
    assert nothing_there()


def test_a_duplicated_number_is_an_error_at_its_cell(admin_client):
    annexes.upload(admin_client, annexes.changed(annexes.ANNEX2, {"A4": "1"}))
    problems = annexes.page(admin_client, "problems")
    assert "编号1与第3行重复" in problems
    annexes.take_agencies(admin_client)
    annexes.name_reporters(admin_client, "later")
    annexes.send(admin_client, "confirm")
    assert nothing_there()
    (line,) = [line for line in annexes.preview(annexes.latest()).lines if line.must]
    answers = {f"do-{line.key}": "value", f"value-{line.key}": "21"}
    annexes.send(admin_client, "problems", **answers)
    annexes.send(admin_client, "confirm")
    assert Project.objects.filter(number=21).exists()
    assert Project.objects.count() == 20


def test_a_number_corrected_to_a_taken_one_does_not_get_through(admin_client):
    annexes.upload(admin_client, annexes.changed(annexes.ANNEX2, {"A4": "1"}))
    annexes.take_agencies(admin_client)
    annexes.name_reporters(admin_client, "later")
    (line,) = [line for line in annexes.preview(annexes.latest()).lines if line.must]
    answers = {f"do-{line.key}": "value", f"value-{line.key}": "5"}
    annexes.send(admin_client, "problems", **answers)
    assert "编号P5与第4行重复" in annexes.page(admin_client, "differences")
    annexes.send(admin_client, "confirm")
    assert nothing_there()


def test_an_unknown_agency_stops_the_import(admin_client):
    annexes.upload(admin_client, annexes.ANNEX2)
    annexes.send(admin_client, "problems", action="take_all")
    assert "还有19个单位名称没有匹配" in annexes.page(admin_client, "differences")
    annexes.send(admin_client, "confirm")
    assert nothing_there()


def large(rows=1200):
    return workbook(
        [PROJECTS]
        + [
            [n, "环保工程", "区农业农村局", f"第{n}号湿地", "", "2023-2025", n]
            for n in range(1, rows)
        ]
    )


@pytest.fixture
def broker_down():
    """The broker's address leads to a port where nobody listens."""
    app = current_app._get_current_object()
    given = app.conf.broker_url
    app.conf.broker_url = app.conf.broker_write_url = "redis://127.0.0.1:1/0"
    yield
    app.conf.broker_url = app.conf.broker_write_url = given


def test_a_broker_that_is_down_is_said_in_a_sentence(admin_client, broker_down):
    answer = annexes.upload(admin_client, ("附件2.xlsx", large()))
    assert answer.status_code == 200
    (sentence,) = sentences(answer)
    assert "后台服务没有响应" in sentence
    assert annexes.latest().state == ImportState.FAILED
    assert nothing_there()
    assert "后台服务没有响应" in annexes.page(admin_client)
