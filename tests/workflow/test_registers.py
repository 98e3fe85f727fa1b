"""Registers as an administrator uses them: download, change in Excel, upload, look, confirm."""

import io
import re
from urllib.parse import unquote

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from agencies.models import Agency, AgencyAlias, User
from audit.models import AuditEvent, Way
from targets.models import Observation
from tests.documents import document
from tests.factories.agencies import AgencyFactory
from tests.factories.targets import ObservationFactory, TargetFactory

pytestmark = pytest.mark.django_db
TARGETS = "/admin/targets/observation/"


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def target():
    return TargetFactory(code="T18", name="纯电动公交车比例")


def downloaded(client, address, **data):
    answer = client.post(f"{address}export/", {"format": "xlsx"} | data)
    assert answer.status_code == 200
    return answer, openpyxl.load_workbook(io.BytesIO(answer.content))


def saved(book, name="实际值.xlsx"):
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile(name, file.getvalue())


def words(answer):
    return document(answer).text


def token_of(answer):
    found = document(answer).every("input[name=token]")
    return found[0]["value"] if found else None


def confirm(client, address, answer):
    data = {"token": token_of(answer), "file_name": "实际值.xlsx"}
    return client.post(f"{address}process_import/", data, follow=True)


def test_round_trip_of_a_value(admin_client, target):
    ObservationFactory(target=target, year=2024, value="70.00", is_demo=True)
    answer, book = downloaded(admin_client, TARGETS)
    name = unquote(answer.headers["Content-Disposition"])
    assert name.startswith("attachment")
    assert "实际值登记册（含演示数据）" in name
    sheet = book.active
    assert sheet["A1"].value.startswith("演示数据")
    heads = {cell.value: cell.column for cell in sheet[2]}
    sheet.cell(3, heads["数值"]).value = 71.5
    sheet.append(["T18", "", 2025, None, 78.6, "否", "部门统计", "", "公交台账"])

    preview = admin_client.post(f"{TARGETS}import/", {"file": saved(book)})
    text = words(preview)
    assert "共2行，新增1，修改1，不变0" in text
    assert "数值：70→71.5" in text
    assert Observation.objects.count() == 1, "nothing is written before the confirmation"

    done = confirm(admin_client, TARGETS, preview)
    assert "已导入：新增1，修改1，不变0" in words(done)
    assert Observation.objects.filter(is_current=True).count() == 2
    corrected = Observation.objects.get(year=2024, is_current=True)
    assert (corrected.version, corrected.reason) == (2, "Excel导入更正")
    deeds = AuditEvent.objects.filter(way=Way.EXCEL).order_by("pk")
    assert [event.action for event in deeds] == ["导出", "更正", "录入", "导入"]
    assert ["文件", "", "实际值.xlsx"] in deeds.last().changes

    again = confirm(admin_client, TARGETS, preview)
    assert "上传的文件已过期或已导入" in words(again)


def test_problems_name_row_and_column_and_nothing_can_be_confirmed(admin_client, target):
    _, book = downloaded(admin_client, TARGETS)
    book.active.append(["T18", "", 2025, None, "约八成", "否", "部门统计", "", "台账"])
    book.active.append(["T81", "", 2025, None, 80, "否", "部门统计", "", "台账"])
    answer = admin_client.post(f"{TARGETS}import/", {"file": saved(book)})
    text = words(answer)
    assert "有2处问题，改好后重新上传；现在什么都没有导入" in text
    assert "第2行数值：“约八成”不是数字，只填数字，不带单位" in text
    assert "第3行指标编号：没有“T81”这个指标" in text
    assert token_of(answer) is None


def test_the_export_follows_the_filters_of_the_list(admin_client, target):
    ObservationFactory(target=target, year=2024)
    ObservationFactory(target=target, year=2023)
    _, book = downloaded(admin_client, TARGETS)
    assert book.active.max_row == 3
    answer = admin_client.post(f"{TARGETS}export/?year=2024", {"format": "csv"})
    lines = answer.content.decode("utf-8-sig").strip().splitlines()
    assert len(lines) == 2
    assert ",2024," in lines[1]


def test_an_upload_of_somebody_else_cannot_be_confirmed(admin_client, client, target):
    from django.test import Client

    from tests.factories.agencies import AdministratorFactory

    _, book = downloaded(admin_client, TARGETS)
    book.active.append(["T18", "", 2025, None, 80, "否", "部门统计", "", "台账"])
    preview = admin_client.post(f"{TARGETS}import/", {"file": saved(book)})
    other = Client()
    other.force_login(AdministratorFactory())
    assert "已过期" in words(confirm(other, TARGETS, preview))
    assert not Observation.objects.exists()


def test_what_changed_in_the_meantime_stops_the_confirmation(admin_client, target):
    _, book = downloaded(admin_client, TARGETS)
    book.active.append(["T18", "", 2025, None, 80, "否", "部门统计", "", "台账"])
    preview = admin_client.post(f"{TARGETS}import/", {"file": saved(book)})
    target.code = "T28"
    target.save()
    answer = confirm(admin_client, TARGETS, preview)
    assert "没有“T18”这个指标" in words(answer)
    assert not Observation.objects.exists()


def test_what_may_be_misread_wants_a_tick(admin_client, target):
    ObservationFactory(target=target, year=2024, value="70.00")
    _, book = downloaded(admin_client, TARGETS)
    book.active.append(["T18", "", 2025, None, 7.86, "否", "部门统计", "", "台账"])
    preview = admin_client.post(f"{TARGETS}import/", {"file": saved(book)})
    assert "有1处可能填错，核对后再导入" in words(preview)
    assert "7.86%约为上一年（70.0%）的1/10" in words(preview)
    assert "required" in document(preview).every("input[name=sure]")[0].attributes
    unticked = confirm(admin_client, TARGETS, preview)
    assert "现在什么都没有导入" in words(unticked)
    assert Observation.objects.count() == 1

    again = admin_client.post(f"{TARGETS}import/", {"file": saved(book)})
    data = {"token": token_of(again), "file_name": "实际值.xlsx", "sure": "on"}
    done = admin_client.post(f"{TARGETS}process_import/", data, follow=True)
    assert "已导入：新增1" in words(done)


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("空.xlsx", b"", "提交的是空文件"),
        ("图.xlsx", b"\x89PNG\r\n\x1a\n0000", "这是图片，不是表格文件"),
        ("别的.csv", "甲,乙\n1,2\n".encode(), "找不到表头"),
        ("半个.csv", "指标编号,数值\nT18,1\n".encode(), "没有“年份”这一列"),
    ],
)
def test_files_that_are_no_register(admin_client, target, name, data, sentence):
    answer = admin_client.post(f"{TARGETS}import/", {"file": SimpleUploadedFile(name, data)})
    assert sentence in words(answer)
    assert token_of(answer) is None


def test_first_passwords_of_imported_accounts_are_shown_once(admin_client):
    AgencyFactory(name="区商务局")
    table = "账号,姓名,单位,角色\nswj_a,周敏,区商务局,填报员\n".encode()
    file = SimpleUploadedFile("账号.csv", table)
    preview = admin_client.post("/admin/agencies/user/import/", {"file": file})
    done = confirm(admin_client, "/admin/agencies/user/", preview)
    assert "只显示这一次" in words(done)
    cells = [cell.text for cell in document(done).every("td")]
    [secret] = [text for text in cells if re.fullmatch(r"\w{12}", text)]
    assert User.objects.get(username="swj_a").check_password(secret)


def test_an_agency_by_form_leaves_an_event_and_its_old_name(admin_client):
    agency = AgencyFactory(name="区科学技术局", code="kjj", short_name="区科技局")
    page = admin_client.get(f"/admin/agencies/agency/{agency.pk}/change/")
    form = page.context["adminform"].form
    data = {name: value for name, value in form.initial.items() if value not in (None, False)}
    admin_client.post(
        f"/admin/agencies/agency/{agency.pk}/change/", data | {"name": "区科技和工业信息化局"}
    )
    agency.refresh_from_db()
    assert agency.name == "区科技和工业信息化局"
    assert agency.aliases.get().text == "区科学技术局"
    assert AuditEvent.objects.filter(object_code="kjj", action="修改").exists()
    history = admin_client.get(f"/admin/agencies/agency/{agency.pk}/history/")
    assert history.headers["Location"] == "/history/?object=kjj"


def test_an_alias_by_form_is_added_and_removed(admin_client):
    agency = AgencyFactory(name="区商务局")
    data = {"text": "商务局", "agency": agency.pk}
    admin_client.post("/admin/agencies/agencyalias/add/", data)
    alias = AgencyAlias.objects.get()
    again = admin_client.post(
        "/admin/agencies/agencyalias/add/", data | {"text": "区商务局"}, follow=True
    )
    assert "不用再登记" in words(again)
    admin_client.post(f"/admin/agencies/agencyalias/{alias.pk}/delete/", {"post": "yes"})
    assert not AgencyAlias.objects.exists()
    assert [event.action for event in AuditEvent.objects.order_by("pk")] == ["新增", "删除"]


def test_statements_of_lists_do_not_grow(admin_client, django_assert_num_queries):
    admin_client.get("/admin/agencies/agency/")
    for count in (1, 30):
        for _ in range(count):
            AgencyFactory()
        with django_assert_num_queries(5):
            admin_client.get("/admin/agencies/agency/")
    assert Agency.objects.count() == 31
