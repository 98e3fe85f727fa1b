"""Help: the reader's role first, every section there, its numbers those of the rules."""

import re

import pytest
from django.template.loader import get_template

from agencies.choices import Role
from dashboard.selectors.help import TOPICS, help_page
from reporting.models import ReportingSetting
from tests.architecture.source import ROOT
from tests.documents import document
from tests.factories.cast import make_cast
from tests.pages import statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


def sections(client, user):
    client.force_login(user)
    page = document(client.get("/help/"))
    return [part["id"] for part in page.every("section.sec")]


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("张三", "fill"), ("钱审核", "sign"), ("赵六", "review"), ("孙领导", "leaders"),
        ("管理员", "accounts"),
    ],
)  # fmt: skip
def test_the_readers_role_comes_first_and_nothing_is_missing(client, cast, name, first):
    found = sections(client, cast[name])
    assert found[0] == first
    assert sorted(found) == sorted(topic.anchor for topic in TOPICS)


def test_each_anchor_of_the_contents_has_its_section(client, cast):
    client.force_login(cast["张三"])
    page = document(client.get("/help/"))
    links = [link["href"] for link in page.one("nav", holding="填写一项").every("a")]
    assert links == [f"#{part['id']}" for part in page.every("section.sec")]


def test_every_topic_has_a_role_and_a_text():
    assert {role for topic in TOPICS for role in topic.roles} == set(Role)
    for topic in TOPICS:
        get_template(topic.template)


def test_the_numbers_are_those_of_the_rules_today(client, cast):
    client.force_login(cast["张三"])

    def said(anchor):
        page = document(client.get("/help/"))
        return next(part.text for part in page.every("section.sec") if part["id"] == anchor)

    assert "（至少10个字，最多500字）" in said("doubts")
    assert "每份不超过20MB" in said("fill")
    assert "最多300字" in said("fill")
    assert "最多存20000字" in said("saved").replace(",", "")
    assert "30分钟没有操作" in said("account")
    assert "密码连续输错5次，暂停登录15分钟" in said("account")
    ReportingSetting.objects.create(code="REASON_LENGTH", value=12)
    assert "（至少12个字，最多500字）" in said("doubts")


def test_an_agency_sees_whom_to_call_and_others_the_desk(client, cast):
    cast["钱审核"].phone = "0731-1111"
    cast["钱审核"].save()
    for name, count in (("张三", 3), ("孙领导", 1), ("管理员", 1)):
        page = help_page(reader=cast[name])
        assert len(page.contacts) == count, name
    client.force_login(cast["张三"])
    call = next(
        part.text for part in document(client.get("/help/")).every("section.sec")
        if part["id"] == "call"
    )  # fmt: skip
    assert "本单位审核人钱审核0731-1111" in call
    assert "赵六未登记，请告诉管理员" in call


@pytest.mark.parametrize("name", ["张三", "钱审核", "赵六", "孙领导", "管理员"])
def test_every_link_opens_for_its_reader(client, cast, name):
    client.force_login(cast[name])
    links = [
        link["href"] for part in document(client.get("/help/")).every("section.sec")
        for link in part.every("a")
    ]  # fmt: skip
    assert "/targets/" in links
    assert {client.get(link).status_code for link in links} == {200}


def test_a_page_that_the_reader_may_not_open_is_named_without_a_link(client, cast):
    for name, is_linked in (("钱审核", True), ("孙领导", False)):
        client.force_login(cast[name])
        page = document(client.get("/help/"))
        part = next(part for part in page.every("section.sec") if part["id"] == "sign")
        assert "待我审核列出填报员交来的事项" in part.text
        assert [link["href"] for link in part.every("a")] == ["/my/signing/"] * is_linked


def test_it_costs_two_statements_beside_the_frame(client, cast):
    client.force_login(cast["张三"])
    assert len(statements(client, "/help/")) == 5
    client.force_login(cast["孙领导"])
    assert len(statements(client, "/help/")) == 4


def test_every_link_into_the_page_has_its_section():
    templates = (ROOT / "templates").rglob("*.html")
    asked = {
        anchor
        for path in templates
        for anchor in re.findall(r"\{% url 'help' %\}#([\w-]+)", path.read_text("utf-8"))
    }
    assert {"fill", "send", "sign", "several", "time"} <= asked
    assert asked <= {topic.anchor for topic in TOPICS}
