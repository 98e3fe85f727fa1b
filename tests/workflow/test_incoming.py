"""What comes in: every kind of input that was once answered with an error."""

import io

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import Client

from agencies.choices import Role
from common.web.input_cleaning import in_known_charset
from targets.models import Target
from tests.factories.agencies import PASSWORD, UserFactory
from tests.factories.cast import make_cast
from tests.factories.reporting import ObligationFactory
from tests.factories.targets import TargetFactory
from tests.pages import text

pytestmark = pytest.mark.django_db

LONG = "9" * 4300


@pytest.fixture
def cast():
    return make_cast()


@pytest.mark.parametrize("asked", ["abc", "//evil.example", "a:b", "x" * 3000])
def test_signing_in_leads_home_where_the_address_is_none(client, asked):
    UserFactory(username="zhangsan")
    sent = {"username": "zhangsan", "password": PASSWORD}
    answer = client.post(f"/login/?next={asked}", sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    client.logout()
    answer = client.post("/login/", sent | {"next": asked})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


@pytest.mark.parametrize("back", ["2026Q5", "abc", "https://evil.example/", LONG])
def test_after_withdrawing_the_way_back_is_an_own_address(client, cast, back):
    client.force_login(cast["张三"])
    answer = client.post("/fill/2026Q3/withdraw/", {"items": [LONG, "²"], "back": back})
    assert answer.headers["Location"] == "/my/?period=2026Q3"


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_the_ledger_of_a_day_that_is_none(client, cast, day):
    client.force_login(cast["管理员"])
    for name in ("from", "to"):
        answer = client.get("/history/", {name: day})
        assert answer.status_code == 200
        assert "日期应在2000年至2100年之间" in text(answer)
        assert client.post(f"/history/export/?{name}={day}").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/targets/%00/", "/tasks/1-1%00/", "/my/%00/time/", "/%00", "/fill/%01/check/"],
)
def test_an_address_with_a_control_character_has_no_page(client, cast, path):
    client.force_login(cast["管理员"])
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404


@pytest.mark.parametrize(
    "address", ["/targets/?q=a%00", "/history/?user=%00", "/find/?code=%00T01"]
)
def test_control_characters_in_a_query_are_left_out(client, cast, address):
    TargetFactory(code="T01")
    client.force_login(cast["管理员"])
    assert client.get(address).status_code in (200, 302)


def test_a_control_character_in_a_field_is_left_out_and_the_rest_is_stored(client, cast):
    item = ObligationFactory(agency=cast["张三"].agency)
    client.force_login(cast["张三"])
    address = f"{item.get_absolute_url()}save/"
    sent = {"note": "第一行\0\x0b\n第二行", "v_note": "0"}
    assert client.post(address, sent, headers={"Accept": "application/json"}).status_code == 200
    item.refresh_from_db()
    assert item.texts["note"] == "第一行\n第二行"


@pytest.mark.parametrize("role", [Role.REPORTER, Role.REVIEWER])
def test_numbers_of_any_length(client, cast, role):
    item = ObligationFactory(agency=cast["张三"].agency)
    client.force_login(cast["张三" if role == Role.REPORTER else "赵六"])
    for method, address, sent in [
        ("get", f"/matters/new/?about={LONG}&item=²", {}),
        ("get", f"/manage/periods/calendar/?year={LONG}", {}),
        ("get", f"/targets/?page={LONG}", {}),
        ("post", "/review/bulk/approve/", {"pick": [f"{LONG}:1", "1:²", "1:2:3"]}),
        ("post", "/review/undo/", {"decision": LONG}),
        ("post", "/my/no-change/", {"items": LONG, "period": "2026Q3"}),
        ("post", "/my/signing/", {"back": LONG, f"comment_{LONG}": "x"}),
        ("post", f"{item.get_absolute_url()}save/", {"note": "x", "v_note": LONG}),
        ("post", f"{item.get_absolute_url()}presence/", {"since": LONG}),
        ("post", item.get_absolute_url(), {"answer": LONG, "v_note": "²", "note": ""}),
    ]:
        assert getattr(client, method)(address, sent).status_code < 500, address


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "rot13", "nonsense", "gbk"])
def test_other_encodings_are_refused_in_words(client, cast, charset):
    client.force_login(cast["张三"])
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    answer = client.generic("POST", "/password/", b"old=+AAA-", kind)
    assert answer.status_code == 400
    assert "UTF-8" in text(answer)


@pytest.mark.parametrize("charset", ["rot13", "base64", "nonsense"])
def test_a_charset_that_makes_no_text_is_refused_before_the_address_is_read(charset):
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/dashboard/",
        "QUERY_STRING": "period=2026Q3",
        "CONTENT_TYPE": f"application/x-www-form-urlencoded; charset={charset}",
        "HTTP_HOST": "localhost",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(b"a=1"),
        "CONTENT_LENGTH": "3",
    }
    statuses = []
    body = in_known_charset(get_wsgi_application())(
        environ, lambda status, _: statuses.append(status)
    )
    assert statuses == ["400 Bad Request"]
    assert "UTF-8" in b"".join(body).decode()


def test_too_much_at_once_is_refused_in_words(client, cast, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    client.force_login(cast["张三"])
    sent = {"note": "长" * 2000}
    answer = client.post("/password/", sent, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400


def test_a_request_of_a_script_is_refused_as_such(cast):
    client = Client(headers={"Accept": "application/json"})
    client.force_login(cast["张三"])
    answer = client.generic("POST", "/session/", b"x", "text/plain; charset=utf-7")
    assert answer.status_code == 400
    assert answer.json()["code"] == "bad_request"


def test_a_unit_that_looks_like_a_tag_is_only_words(client, cast):
    TargetFactory(code="T01")
    Target.objects.update(unit="<b>%")
    client.force_login(cast["孙领导"])
    assert client.get("/targets/T01/").status_code == 200
