"""What is typed about a matter survives reload, a second window and an ended session."""

import pytest
from django.test import Client

from audit.models import AuditEvent
from reporting.filling.services.entries import FieldEdit
from reporting.models import Draft, ParkedForm
from reporting.typed.services import drafts, parking
from tests.documents import document
from tests.factories.agencies import PASSWORD
from tests.factories.cast import make_cast

pytestmark = pytest.mark.django_db
SAVE = "/matters/drafts/new/save/"
SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def zhang(cast):
    client = Client()
    client.force_login(cast["张三"])
    return client


def save(client, **texts):
    versions = {f"v_{name}": texts.pop(f"v_{name}", 0) for name in [*texts] if name[:2] != "v_"}
    return client.post(SAVE, {**texts, **versions}, headers=SCRIPT)


def form(client):
    return document(client.get("/matters/new/"))


def test_the_form_begins_with_what_was_typed(zhang):
    said = save(zhang, title="管线迁改停工").json()
    assert said["fields"] == {"title": {"v": 1}}
    page = form(zhang)
    assert page.one("input#id_title")["value"] == "管线迁改停工"
    assert page.one("input[name=v_title]")["value"] == "1"
    assert page.one("input[name=v_text]")["value"] == "0"


def test_a_draft_is_seen_by_nobody_else(zhang, cast):
    save(zhang, title="管线迁改停工")
    other = Client()
    other.force_login(cast["李四"])
    assert not form(other).one("input#id_title").has("value")


def test_another_window_overwrites_nothing_unseen(zhang):
    save(zhang, title="第一个窗口")
    said = save(zhang, title="第二个窗口").json()
    (conflict,) = said["conflicts"]
    assert (conflict["mine"], conflict["theirs"]) == ("第二个窗口", "第一个窗口")
    assert conflict["by"] == "您在另一个窗口"
    assert Draft.objects.get().content["title"]["text"] == "第一个窗口"
    chosen = save(zhang, title="第二个窗口", v_title=conflict["v"]).json()
    assert chosen["conflicts"] == []
    zhang.post(
        "/matters/drafts/new/give-up/", {"field": "title", "text": "第一个窗口"}, headers=SCRIPT
    )
    assert AuditEvent.objects.get(action="放弃的文字").changes[0][1] == "第一个窗口"


def test_what_is_no_field_or_too_long_is_told(zhang):
    said = save(zhang, colour="红", text="长" * 20_001, title="停工")
    assert said.status_code == 422
    assert {one["field"] for one in said.json()["unsaved"]} == {"colour", "text"}
    assert said.json()["fields"] == {"title": {"v": 1}}


def test_another_account_in_the_same_browser_writes_nothing(zhang, cast):
    data = {"title": "停工", "v_title": 0, "user": cast["王五"].pk}
    assert zhang.post(SAVE, data, headers=SCRIPT).status_code == 403
    assert not Draft.objects.exists()


def test_a_place_that_is_none(zhang):
    answer = zhang.post(
        "/matters/drafts/New.1/save/", {"title": "停", "v_title": 0}, headers=SCRIPT
    )
    assert answer.status_code == 422


def test_what_was_sent_is_forgotten(zhang):
    save(zhang, title="停工")
    zhang.post("/matters/new/", {"title": "停工", "text": "七月"})
    assert not Draft.objects.exists()


def test_the_oldest_of_many_drafts_go(cast):
    for number in range(42):
        drafts.save(place=f"step-{number}", edits={"note": FieldEdit("写")}, by=cast["张三"])
    kept = set(Draft.objects.values_list("place", flat=True))
    assert len(kept) == 40
    assert kept.isdisjoint({"step-0", "step-1"})


@pytest.fixture
def _quick_hashes(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.mark.usefixtures("_quick_hashes")
class TestAfterTheSession:
    @pytest.fixture
    def parked(self, client, cast):
        """Where the sign-in leads to after a form came without a session."""
        zhang = cast["张三"]
        zhang.set_password(PASSWORD)
        zhang.save()
        held = parking.token(user=zhang, place="new")
        data = {"title": "停工", "v_title": 0, "held_for": held}
        answer = client.post("/matters/new/", data)
        page = document(client.get(answer.headers["Location"]))
        return page.one("input[name=next]")["value"]

    def test_it_comes_back_with_the_sign_in(self, client, cast, parked):
        data = {"username": cast["张三"].username, "password": PASSWORD, "next": parked}
        answer = client.post("/login/", data, follow=True)
        assert answer.redirect_chain[-1][0] == "/matters/new/"
        assert document(answer).one("input#id_title")["value"] == "停工"
        assert not ParkedForm.objects.exists()

    def test_who_is_signed_in_already_sees_it_and_takes_it_back(self, client, cast, parked):
        client.force_login(cast["张三"])
        assert "停工" in document(client.get(parked)).one("tbody").text
        answer = client.post(parked, {"take": "mine"}, follow=True)
        assert document(answer).one("input#id_title")["value"] == "停工"

    def test_nobody_else_does(self, client, cast, parked):
        client.force_login(cast["李四"])
        assert client.get(parked).status_code == 404
