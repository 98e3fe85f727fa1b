"""Files that are not taken: nothing is written, and the page says what to do."""

import io
import zipfile

import pytest

from reporting.choices import PeriodState, UploadState
from reporting.models import Obligation, WorkbookDownload
from reporting.workbooks.rules.layout import META_SHEET, TOKEN_NAME
from tests.factories.agencies import UserFactory
from tests.factories.reporting import ObligationFactory, PeriodFactory
from tests.unit.reporting.workbooks.uploaded import downloaded, edited, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("of_2026q3")]

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.fixture
def own():
    return ObligationFactory(
        agency__name="长沙市开福区交通运输局", agency__short_name="区交通运输局"
    )


@pytest.fixture
def zhang(own, client):
    user = UserFactory(name="张三", agency=own.agency)
    client.force_login(user)
    return user


def refused(client, period, data, name="填报表(1).xlsx"):
    upload = sent(client, period, data, name)
    assert upload.state == UploadState.REFUSED
    assert not Obligation.objects.exclude(content={}).exists()
    page = client.get(upload.get_absolute_url())
    assert page.status_code == 200
    return page.content.decode()


def with_token(data, change):
    """The file with its token changed in all three places, without writing the sheets anew."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)))
    return stream.getvalue()


def test_another_agencys_file(client, own, zhang):
    other = ObligationFactory(period=own.period, agency__short_name="区农业农村局")
    data = downloaded(UserFactory(agency=other.agency), own.period)
    page = refused(client, own.period, data)
    assert "这是区农业农村局的填报表，您属于区交通运输局，没有写入任何内容" in page
    assert "填报表(1).xlsx" in page


def test_another_periods_file(client, own, zhang):
    earlier = PeriodFactory(quarter=2)
    ObligationFactory(period=earlier, agency=own.agency)
    data = downloaded(zhang, earlier)
    page = refused(client, own.period, data)
    assert "这是2026年第二季度的填报表，现在填的是2026年第三季度" in page


def test_a_closed_periods_file(client, own, zhang):
    data = downloaded(zhang, own.period)
    type(own.period).objects.update(state=PeriodState.CLOSED)
    assert "填报已经关闭" in refused(client, own.period, data)


def test_a_file_of_an_older_format(client, own, zhang):
    data = with_token(downloaded(zhang, own.period), lambda part: part.replace(b"kf1:", b"kf0:"))
    assert "系统升级以前下载的" in refused(client, own.period, data)


def test_a_forged_token(client, own, zhang):
    code = own.agency.code.encode()
    data = with_token(
        downloaded(zhang, own.period),
        lambda part: part.replace(b"kf1:" + code, b"kf1:" + code + b"x"),
    )
    assert "认不出是哪个单位" in refused(client, own.period, data)


def test_a_download_that_is_not_known(client, own, zhang):
    data = downloaded(zhang, own.period)
    WorkbookDownload.objects.all().delete()
    assert "认不出是哪个单位" in refused(client, own.period, data)


def test_a_file_without_a_token(client, own, zhang):
    data = with_token(downloaded(zhang, own.period), lambda part: part.replace(b"kf1:", b"xx:"))
    assert "不是从本系统下载的填报表" in refused(client, own.period, data)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("表.xls", OLE + b"\x00" * 600 + "Workbook".encode("utf-16-le"), "另存为"),
        ("表.et", OLE + b"\x00" * 600, "另存为"),
        ("表.xlsx", OLE + b"\x00" * 99 + "EncryptedPackage".encode("utf-16-le"), "取消密码"),
        ("表.csv", "编号,数值\nT18,78".encode(), "另存为"),
        ("没有扩展名的表", "编号,数值\nT18,78".encode(), "另存为"),
        ("表.xlsx", b"PK\x03\x04" + b"\x00" * 60, "损坏"),
        ("表.xlsx", b"", "空的"),
        ("表.xlsx", b"PK\x03\x04" + b"\x01" * (21 * 1024 * 1024), "超过20MB"),
    ],
    ids=["xls", "et", "password", "csv", "unnamed", "damaged", "empty", "large"],
)
def test_a_file_that_cannot_be_read(client, own, zhang, name, data, words):
    assert words in refused(client, own.period, data, name)


def test_a_text_document(client, own, zhang):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert "Word文档" in refused(client, own.period, stream.getvalue(), "表.docx")


@pytest.mark.parametrize("place", ["cell", "name", "property"])
def test_one_of_the_three_tokens_is_enough(client, own, zhang, place):
    def drop_others(book):
        if place != "cell":
            del book[META_SHEET]
        if place != "name":
            del book.defined_names[TOKEN_NAME]
        if place != "property":
            del book.custom_doc_props[book.custom_doc_props.names[0]]

    data = edited(downloaded(zhang, own.period), {}, also=drop_others)
    assert sent(client, own.period, data).state == UploadState.CHECKING
