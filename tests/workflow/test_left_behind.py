"""What stays behind: in browsers, in sessions, in the ledger."""

import datetime

import pytest
from django.test import Client

from agencies.services import accounts
from audit.models import AuditEvent
from reporting.filling.services import entries
from reporting.filling.services.entries import FieldEdit
from tests.factories.cast import make_cast
from tests.factories.projects import ProjectFactory
from tests.factories.reporting import ObligationFactory
from tests.factories.targets import TargetFactory
from tests.factories.tasks import TaskFactory
from tests.pages import text, workbook
from tests.workflow.test_permissions import SAMPLES, filled, pages

pytestmark = pytest.mark.django_db

ASKED_AGAIN = ("dashboard:", "plan:", "targets:", "tasks:", "projects:", "agencies:list",
               "agencies:detail", "changes:page")  # fmt: skip


@pytest.fixture
def cast():
    TargetFactory(code="T01")
    TaskFactory(code="1-1")
    ProjectFactory(code="P1")
    return make_cast()


@pytest.mark.parametrize("name", ["匿名", "张三", "赵六", "孙领导", "管理员"])
def test_nothing_is_stored_but_what_is_asked_for_again(client, cast, name):
    if name in cast:
        client.force_login(cast[name])
    for page, route, _ in pages():
        answer = client.get(filled(route, SAMPLES.get(page.partition(":")[0], {})))
        kept = answer.headers["Cache-Control"]
        if "no-store" not in kept:
            assert page.startswith(ASKED_AGAIN), page
            assert {"private", "no-cache"} <= set(kept.split(", ")), page


def test_the_plan_is_asked_for_again_by_its_etag(client, cast):
    client.force_login(cast["孙领导"])
    for path in ("/dashboard/", "/targets/", "/targets/T01/", "/tasks/1-1/"):
        client.get(path)
        answer = client.get(path)
        assert answer.headers["Cache-Control"] == "private, no-cache", path
        again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304, path


@pytest.mark.parametrize("path", ["/my/", "/fill/2026Q3/check/", "/my/signing/", "/password/"])
def test_what_is_typed_is_stored_nowhere(client, cast, path):
    ObligationFactory(agency=cast["张三"].agency)
    client.force_login(cast["张三"])
    assert "no-store" in client.get(path).headers["Cache-Control"]


def test_a_closed_account_opens_no_old_session_again(client, cast):
    user, admin = cast["张三"], cast["管理员"]
    client.force_login(user)
    assert client.get("/my/").status_code == 200
    for is_active in (False, True):
        user.is_active = is_active
        accounts.change_account(user=user, by=admin)
        assert client.get("/my/").status_code == 302
    fresh = Client()
    fresh.force_login(user)
    assert fresh.get("/my/").status_code == 200


EXPORTS = (
    "/targets/export.xlsx", "/tasks/export.xlsx", "/projects/export.xlsx", "/targets/T01/data.xlsx",
    "/tasks/1-1/export.xlsx", "/projects/P1/export.xlsx", "/projects/figures/timeline.xlsx",
    "/dashboard/2030/export.xlsx", "/dashboard/2025/export.xlsx", "/risks/export/",
    "/changes/export.xlsx",
)  # fmt: skip


@pytest.mark.parametrize("path", EXPORTS)
def test_every_export_is_in_the_ledger(client, cast, path):
    client.force_login(cast["孙领导"])
    answer = client.get(path, {"asof": "2026-10-31"})
    assert answer.status_code == 200
    event = AuditEvent.objects.get(action="导出")
    assert (event.object_code, event.actor_name, event.succeeded) == (path, "孙领导", True)
    assert event.changes == [["条件", "", "asof=2026-10-31"]]


def test_an_export_that_fails_is_in_the_ledger_as_such(cast, monkeypatch):
    client = Client(raise_request_exception=False)
    client.force_login(cast["孙领导"])
    monkeypatch.setattr("dashboard.views.targets.pages.sheets", None)
    assert client.get("/targets/export.xlsx").status_code == 500
    assert AuditEvent.objects.get(action="导出").succeeded is False


def test_the_export_of_the_ledger_is_one_event(client, cast):
    client.force_login(cast["管理员"])
    client.post("/history/export/")
    assert AuditEvent.objects.filter(action="导出").count() == 1


def test_a_refused_access_is_one_event_an_hour(client, cast, monkeypatch):
    client.force_login(cast["张三"])
    for _ in range(3):
        assert client.get("/manage/users/").status_code == 403
    event = AuditEvent.objects.get(action="拒绝访问")
    assert (event.object_code, event.actor_name, event.succeeded) == (
        "/manage/users/",
        "张三",
        False,
    )
    client.get("/history/")
    assert AuditEvent.objects.filter(action="拒绝访问").count() == 2
    later = datetime.timedelta()  # as if the hour were over
    monkeypatch.setattr("audit.notes.ONE_AN", later)
    client.get("/manage/users/")
    assert AuditEvent.objects.filter(action="拒绝访问").count() == 3


def test_others_who_are_not_let_in_are_no_refusal_of_an_object(cast):
    Client().get("/my/")
    checked = Client(enforce_csrf_checks=True)
    checked.force_login(cast["张三"])
    assert checked.post("/my/nothing/", {}).status_code == 403
    assert not AuditEvent.objects.filter(action="拒绝访问").exists()


def test_the_administrator_reads_no_draft_in_the_ledger(client, cast):
    item = ObligationFactory(agency=cast["张三"].agency)
    draft = "还没有报送的内部数字"
    entries.save(pk=item.pk, edits={"note": FieldEdit(draft)}, by=cast["张三"])
    client.force_login(cast["管理员"])
    page = text(client.get("/history/"))
    assert draft not in page
    assert "仅填报单位和审核员可看" in page
    _, rows = workbook(client.post("/history/export/"))
    assert draft not in str([[cell.value for cell in row.values()] for row in rows])
    client.force_login(cast["赵六"])
    assert draft in text(client.get("/history/"))
