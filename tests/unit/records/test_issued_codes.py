"""The register of issued papers: codes, states, look-ups and their limit."""

import datetime
import hashlib

import pytest
from django.utils import timezone

from audit.models import AuditEvent
from records import rules
from records import services as register
from records.choices import CodeState
from records.models import IssuedCode
from records.services import NewPaper
from tests.documents import parsed
from tests.factories.cast import NAMES, make_cast

pytestmark = pytest.mark.django_db
PAGE = "/verify/"


def issue(number="2026Q3-JTJ-01-1", content=b"one", by=None):
    paper = NewPaper(
        content=content, number=number, label="区交通运输局2026年第三季度报送件",
        owner="区交通运输局",
    )  # fmt: skip
    (issued,) = register.issue(papers=[paper], by=by)
    return issued


@pytest.fixture
def cast():
    return make_cast()


def ask(client, code, number=""):
    return (
        parsed(client.get(PAGE, {"code": code, "number": number}).content.decode()).one("main").line
    )


def test_the_code_is_the_beginning_of_the_checksum_and_the_issue_is_in_the_ledger(cast):
    issued = issue("N-1", by=cast["张三"])
    assert issued.sha256 == hashlib.sha256(b"one").hexdigest()
    assert issued.code == issued.sha256[:12]
    assert issued.spelled == "7692 C3AD 3540"
    assert issued.issued_by == "张三"
    event = AuditEvent.objects.get(object_type="签发编号")
    assert (event.action, event.object_code, event.actor_name) == ("签发编号", "N-1", "张三")


def test_a_code_that_another_paper_has_moves_on_by_one_digit():
    sha256 = hashlib.sha256(b"one").hexdigest()
    other = issue("N-1", b"two")
    IssuedCode.objects.filter(pk=other.pk).update(code=sha256[:12])
    assert issue("N-2", b"one").code == sha256[1:13]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("7C1E 40B9 D2A6", "7c1e40b9d2a6"), ("7c1e-40b9-d2a6", "7c1e40b9d2a6"),
        ("7C1E 40B9 D2A", ""), ("7C1E 40B9 D2AG", ""), ("2026Q3-JTJ-01-2", ""), ("", ""),
    ],
)  # fmt: skip
def test_codes_are_read_as_they_are_printed(typed, code):
    assert rules.as_code(typed) == code


def test_a_replaced_paper_names_the_newest_one():
    first, second, third = (issue(f"N-{n}", bytes([n])) for n in (1, 2, 3))
    register.replace(issued=first, newer=second, by=None)
    register.replace(issued=second, newer=third, by=None)
    first.refresh_from_db()
    assert (first.state, first.replaced_by) == (CodeState.REPLACED, third)
    assert first.ended_at is not None


def test_what_the_page_says(client, cast):
    first, second, taken_back = (issue(f"2026Q3-JTJ-0{n}-1", bytes([n])) for n in (1, 2, 3))
    register.replace(issued=first, newer=second, by=None)
    register.withdraw(issued=taken_back, by=None)
    client.force_login(cast["孙领导"])
    said = ask(client, second.spelled)
    assert "一致，是最新一版" in said
    assert "区交通运输局2026年第三季度报送件" in said
    said = ask(client, first.code)
    assert "一致，但已被替代" in said
    assert "由 2026Q3-JTJ-02-1 替代" in said
    assert "一致，但已撤回" in ask(client, "2026q3-jtj-03-1")
    assert "查不到" in ask(client, "7C1E 40B9 D2A6")
    assert "不一致" in ask(client, second.code, "2026Q3-JTJ-09-1")
    assert "一致，是最新一版" in ask(client, second.code, "2026Q3-JTJ-02-1")


def test_a_number_without_its_version_finds_the_newest(client, cast):
    first = issue("2026Q3-JTJ-01-1", b"1")
    register.replace(issued=first, newer=issue("2026Q3-JTJ-01-2", b"2"), by=None)
    issue("2026Q3-JTJ-01-20-1", b"another agency's")
    client.force_login(cast["张三"])
    assert "2026Q3-JTJ-01-2" in ask(client, "2026Q3-JTJ-01")
    assert "查不到" in ask(client, "2026Q3-JTJ")
    assert "查不到" in ask(client, "2026Q3-JTJ-0.")


def test_the_code_of_a_print_asks_by_its_address_in_few_statements(
    client, cast, django_assert_max_num_queries
):
    issued = issue()
    client.force_login(cast["王五"])
    with django_assert_max_num_queries(6):
        page = client.get(PAGE, {"code": issued.code, "number": issued.number})
    assert "一致，是最新一版" in parsed(page.content.decode()).one("main").line
    assert "一致，" not in client.get(PAGE).content.decode()


@pytest.mark.parametrize("name", NAMES[1:])
def test_whoever_is_signed_in_may_ask(client, cast, name):
    client.force_login(cast[name])
    assert client.get(PAGE).status_code == 200


def test_who_guesses_waits_and_others_do_not(client, cast):
    client.force_login(cast["张三"])
    issued = issue()
    for n in range(register.LOOKED_UP.failures):
        assert "查不到" in ask(client, f"{n:012x}")
    assert "请15分钟后再试" in ask(client, issued.code)
    assert AuditEvent.objects.filter(action="核验", succeeded=False).count() == 20
    client.force_login(cast["李四"])
    assert "一致" in ask(client, issued.code)
    long_ago = timezone.now() - datetime.timedelta(minutes=16)
    assert register.LOOKED_UP.wait_ends([long_ago] * 20) < timezone.now()
