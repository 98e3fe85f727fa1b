"""What the page and the script get: sentences at the field, files as attachments, never a 500."""

from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import AuditEvent
from reporting.choices import ObligationState
from reporting.filling.selectors.evidence import store
from reporting.filling.services import entries
from reporting.models import Evidence, Obligation
from tests.factories.cast import make_cast
from tests.factories.evidence import attach, upload
from tests.factories.reporting import ObligationFactory
from tests.unit.common.files.document_bytes import JPG, PDF, PROGRAM

pytestmark = pytest.mark.django_db
SCRIPT = {"Accept": "application/json"}
PEOPLE = ("张三", "李四", "钱审核", "王五", "赵六", "孙领导", "管理员")


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def obligation(cast):
    return ObligationFactory(agency=cast["张三"].agency)


@pytest.fixture
def zhang(client, cast):
    client.force_login(cast["张三"])
    return client


def send(client, obligation, *files, **fields):
    address = reverse("reporting:file_upload", args=[obligation.pk])
    return client.post(address, {"files": list(files), **fields}, headers=SCRIPT)


def page(client, row):
    return client.get(reverse("reporting:file", args=[row.pk]))


def test_the_script_gets_what_it_shows(zhang, obligation):
    answer = send(zhang, obligation, upload(), upload("照片.jpg", JPG))
    first, second = Evidence.objects.all()
    assert answer.status_code == 200
    assert answer.json() == {
        "files": [
            {
                "id": row.pk,
                "name": row.name,
                "size": "1 KB",
                "url": f"/files/{row.pk}/",
                "remove": f"/files/{row.pk}/remove/",
            }
            for row in (first, second)
        ],
        "errors": [],
    }


def test_the_script_gets_the_sentence_of_each_refused_file(zhang, obligation):
    answer = send(zhang, obligation, upload("报告.pdf", PROGRAM), upload())
    (sentence,) = answer.json()["errors"]
    assert sentence.startswith("报告.pdf：扩展名是.pdf，内容不是PDF文件")
    assert [file["name"] for file in answer.json()["files"]] == ["公交台账.pdf"]


def test_a_name_that_hides_what_it_is_is_shown_plainly(zhang, obligation):
    answer = send(zhang, obligation, upload("批复\u202efdp.exe", PROGRAM))
    assert answer.json()["errors"] == [
        "批复fdp.exe：不能上传.exe文件，可以上传的有pdf、doc、docx、xls、xlsx、jpg、png、ofd、zip。"
    ]


def test_no_file_chosen(zhang, obligation):
    assert send(zhang, obligation).json()["errors"] == ["选择要上传的文件。"]


def test_a_refusal_of_the_item_is_a_sentence_for_the_script(client, cast, obligation):
    client.force_login(cast["王五"])
    answer = send(client, obligation, upload())
    assert answer.status_code == 403
    assert answer.json()["message"] == ("这是区交通运输局的填报事项，您的账号不属于这个单位")
    client.force_login(cast["张三"])
    Obligation.objects.update(state=ObligationState.SUBMITTED)
    answer = send(client, obligation, upload())
    assert answer.status_code == 409
    assert answer.json()["message"] == "本项已报送区发改局，要修改时先撤回"


@pytest.mark.parametrize("name", PEOPLE)
def test_guessing_the_number_of_an_item(client, cast, obligation, name):
    client.force_login(cast[name])
    allowed = name in {"张三", "李四"}
    answer = send(client, obligation, upload())
    assert answer.status_code == (200 if allowed else 403)
    assert Evidence.objects.exists() == allowed
    row = attach(obligation, name="照片.jpg", data=JPG)
    answer = client.post(reverse("reporting:file_remove", args=[row.pk]), headers=SCRIPT)
    assert answer.status_code == (200 if allowed else 403)
    row.refresh_from_db()
    assert (row.removed_at is not None) == allowed


@pytest.mark.parametrize("name", PEOPLE)
def test_guessing_the_number_of_a_file(client, cast, obligation, name):
    row = attach(obligation)
    client.force_login(cast[name])
    answer = page(client, row)
    if name in {"张三", "李四", "钱审核", "赵六"}:
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content) == PDF
    else:
        assert answer.status_code == 403
        assert PDF not in answer.content


def test_a_download_is_an_attachment_that_is_kept_nowhere(zhang, obligation):
    row = attach(obligation, name="公交台账 2026Q3.pdf")
    answer = zhang.get(
        reverse("reporting:file", args=[row.pk]), headers={"Accept-Encoding": "gzip"}
    )
    assert answer.status_code == 200
    assert answer.streaming
    assert b"".join(answer.streaming_content) == PDF
    assert answer.headers["Content-Disposition"] == (
        f"attachment; filename*=utf-8''{quote('公交台账 2026Q3.pdf')}"
    )
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Length"] == str(len(PDF))
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("spoil", ["cut", "gone"])
def test_a_damaged_file_is_a_page_in_words(zhang, obligation, spoil):
    row = attach(obligation)
    path = store().path(row.file.sha256)
    if spoil == "gone":
        path.unlink()
    else:
        path.write_bytes(PDF[:-5])
    answer = page(zhang, row)
    assert answer.status_code == 410
    text = answer.content.decode()
    assert "“公交台账.pdf”" in text
    assert "在服务器上已缺失或损坏" in text
    assert "从备份恢复" in text
    assert "no-store" in answer.headers["Cache-Control"]
    assert not AuditEvent.objects.get(action="下载佐证").succeeded


def test_a_number_that_nothing_has(zhang):
    assert zhang.get("/files/999/").status_code == 404
    assert zhang.post("/files/999/remove/").status_code == 404
    assert zhang.post("/files/of/999/upload/").status_code == 404
    assert zhang.get("/files/of/1/upload/").status_code == 405


def test_nothing_is_served_by_its_place(zhang, obligation):
    row = attach(obligation)
    for start in ("/static/", "/files/evidence/", "/media/"):
        assert zhang.get(f"{start}{row.file.sha256[:2]}/{row.file.sha256}").status_code == 404


def test_reuse_without_anything_is_a_sentence(zhang, obligation):
    address = reverse("reporting:file_reuse", args=[obligation.pk])
    answer = zhang.post(address, headers=SCRIPT)
    assert answer.status_code == 409
    assert "没有审核通过的佐证" in answer.json()["message"]


def test_statements_do_not_grow_with_files(zhang, obligation, django_assert_max_num_queries):
    for number in range(10):
        attach(obligation, name=f"{number}.pdf", data=PDF + bytes([number + 1]))
    files = [upload(f"新{number}.pdf", PDF + b"%" * (number + 1)) for number in range(10)]
    with django_assert_max_num_queries(12):
        assert len(send(zhang, obligation, *files).json()["files"]) == 10
    row = Evidence.objects.first()
    with django_assert_max_num_queries(12):
        zhang.post(reverse("reporting:file_remove", args=[row.pk]), headers=SCRIPT)
    with django_assert_max_num_queries(8):
        b"".join(page(zhang, row).streaming_content)


def typed(**fields):
    """The fields of a form as a browser without a script sends them."""
    return dict(fields) | {f"v_{name}": "0" for name in fields}


def test_without_a_script_the_page_comes_back_with_what_was_typed(zhang, obligation):
    address = reverse("reporting:file_upload", args=[obligation.pk])
    files = [upload(), upload("报告.pdf", PROGRAM)]
    sent = {"files": files, **typed(value="78.6", source="公交台账")}
    answer = zhang.post(address, sent, follow=True)
    assert answer.redirect_chain == [(f"{obligation.get_absolute_url()}#evidence", 302)]
    obligation.refresh_from_db()
    assert obligation.texts == {"value": "78.6", "source": "公交台账"}
    page = answer.content.decode()
    assert "已上传1份佐证：公交台账.pdf。" in page
    at_field = page.partition('id="evidence-errors"')[2].partition("</div>")[0]
    assert "报告.pdf：扩展名是.pdf，内容不是PDF文件" in at_field
    assert 'value="78.6"' in page


def test_a_file_above_the_limit_is_an_error_at_its_field(zhang, obligation):
    large = upload("批复.pdf", PDF + bytes(20 * 1024 * 1024))
    address = reverse("reporting:file_upload", args=[obligation.pk])
    answer = zhang.post(address, {"files": [large], **typed(value="78.6")}, follow=True)
    at_field = answer.content.decode().partition('id="evidence-errors"')[2].partition("</div>")[0]
    assert "批复.pdf：文件有20.0MB，超过20MB的上限" in at_field
    obligation.refresh_from_db()
    assert obligation.texts == {"value": "78.6"}


def test_what_another_typed_meanwhile_is_told(zhang, cast, obligation):
    entries.save(pk=obligation.pk, edits={"value": entries.FieldEdit("80")}, by=cast["李四"])
    address = reverse("reporting:file_upload", args=[obligation.pk])
    answer = zhang.post(address, {"files": [upload()], **typed(value="78.6")}, follow=True)
    page = answer.content.decode()
    assert "“数值”刚由李四改为“80”，您填的“78.6”没有保存。" in page
    assert Evidence.objects.count() == 1


def test_the_other_buttons_work_without_a_script(zhang, obligation):
    row = attach(obligation)
    answer = zhang.post(reverse("reporting:file_remove", args=[row.pk]), follow=True)
    assert "已移除1份佐证：公交台账.pdf。" in answer.content.decode()
    answer = zhang.post(reverse("reporting:file_reuse", args=[obligation.pk]), follow=True)
    assert "没有审核通过的佐证" in answer.content.decode()


def test_files_that_are_chosen_but_not_sent_go_with_the_form(zhang, obligation):
    sent = {"files": [upload()], "go": "back", **typed(value="78.6")}
    answer = zhang.post(obligation.get_absolute_url(), sent, follow=True)
    assert "已上传1份佐证：公交台账.pdf。" in answer.content.decode()
    assert [row.name for row in Evidence.objects.all()] == ["公交台账.pdf"]


def test_the_page_of_an_item_shows_its_evidence(client, cast, obligation):
    attach(obligation)
    client.force_login(cast["张三"])
    page = client.get(obligation.get_absolute_url()).content.decode()
    assert "公交台账.pdf" in page
    assert 'aria-label="移除公交台账.pdf"' in page
    client.force_login(cast["钱审核"])
    page = client.get(obligation.get_absolute_url()).content.decode()
    assert "公交台账.pdf" in page
    assert "data-remove" not in page


def test_sending_with_typed_text_stays_within_the_statements(zhang, obligation):
    address = reverse("reporting:file_upload", args=[obligation.pk])
    with CaptureQueriesContext(connection) as captured:
        zhang.post(address, {"files": [upload()], **typed(value="78.6")})
    frames = ("SAVEPOINT", "RELEASE")
    asked = [query["sql"] for query in captured if not query["sql"].startswith(frames)]
    assert len(asked) <= 12, asked
