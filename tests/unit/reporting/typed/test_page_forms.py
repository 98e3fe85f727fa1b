"""Any form of the site that comes without a session is kept and written back into its page."""

import datetime
import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from reporting.models import ParkedForm
from reporting.typed.services import parking
from reporting.typed.services.parking import TypedForm
from tests.documents import document
from tests.factories.agencies import PASSWORD, UserFactory
from tests.factories.cast import make_cast
from tests.factories.projects import ProjectFactory
from tests.factories.targets import TargetFactory
from tests.factories.tasks import TaskFactory
from tests.workflow.test_permissions import pages, paths

pytestmark = pytest.mark.django_db
SCRIPT = {"Accept": "application/json"}
WORDS = "请协调管线迁改，十二月底前完成"
NEVER = {"login", "session", "logout", "password", "reporting:park", "reporting:parked"}


@pytest.fixture(autouse=True)
def _quick_hashes(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def zhang():
    user = make_cast()["张三"]
    user.set_password(PASSWORD)
    user.save()
    return user


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def send(user, path="/my/2026Q3/time/", client=None, **texts):
    data = {"reason": WORDS, "held_for": parking.token(user=user), **texts}
    return (client or Client()).post(path, data, headers={"Referer": "http://testserver/my/?a=1"})


def key_of(answer):
    return answer.headers["Location"].removeprefix("/login/?next=/parked/").strip("/")


def test_a_form_of_every_address_is_parked_for_its_user(zhang):
    TargetFactory(code="T01")
    TaskFactory(code="1-1")
    ProjectFactory(code="P1")
    missed = []
    for name, route, _ in pages():
        for path in paths(name, route):
            ParkedForm.objects.all().delete()
            answer = send(zhang, path)
            if not answer.headers.get("Location", "").startswith("/login/?next=/parked/"):
                missed.append(name)
    assert set(missed) <= NEVER | {"seen"}, missed


def test_without_its_users_token_nothing_is_kept(zhang):
    answer = Client().post("/my/2026Q3/time/", {"reason": WORDS})
    assert answer.headers["Location"] == "/login/?next=/my/2026Q3/time/"
    assert not ParkedForm.objects.exists()


def test_a_button_without_a_text_leaves_nothing(zhang):
    answer = send(zhang, "/fill/2026Q3/withdraw/", reason="", items=["3", "4"], back="/my/")
    assert "parked" not in answer.headers["Location"]


def test_a_form_of_the_session_before_is_parked_though_somebody_is_signed_in(zhang):
    client = Client(enforce_csrf_checks=True)
    client.force_login(zhang)
    assert key_of(send(zhang, client=client))
    assert ParkedForm.objects.get().user == zhang


def test_after_the_sign_in_the_page_gets_its_texts(zhang):
    client = Client()
    key = key_of(send(zhang, client=client, until="2026-12-15", password="secret"))
    data = {"username": zhang.username, "password": PASSWORD, "next": f"/parked/{key}/"}
    answer = client.post("/login/", data, follow=True)
    page = document(answer)
    assert answer.redirect_chain[-1][0] == f"/parked/{key}/"
    assert page.one("tbody").text == WORDS
    assert page.one("a[data-parked-back]")["href"] == f"/my/?a=1#parked={key}"
    said = client.get(f"/parked/{key}/", headers=SCRIPT).json()
    assert said["action"] == "/my/2026Q3/time/"
    assert said["texts"] == {"reason": [WORDS], "until": ["2026-12-15"]}
    assert not document(client.get(f"/parked/{key}/?list=1")).every("a[data-parked-back]")


def test_nobody_else_reads_it_and_nobody_after_half_an_hour(zhang):
    key = key_of(send(zhang))
    other = UserFactory(agency=zhang.agency)
    for method in ("get", "post"):
        assert getattr(signed_in(other), method)(f"/parked/{key}/").status_code == 404
    assert signed_in(other).get(f"/parked/{key}/", headers=SCRIPT).status_code == 404
    ParkedForm.objects.update(parked_at=timezone.now() - datetime.timedelta(minutes=31))
    assert signed_in(zhang).get(f"/parked/{key}/").status_code == 404


def test_who_does_not_want_it_deletes_it(zhang):
    key = key_of(send(zhang))
    signed_in(zhang).post(f"/parked/{key}/")
    assert not ParkedForm.objects.exists()


def test_a_foreign_page_is_no_way_back(zhang):
    held = parking.token(user=zhang)
    data = {"reason": WORDS, "held_for": held}
    answer = Client().post("/risks/new/", data, headers={"Referer": "https://elsewhere/x/"})
    page = document(signed_in(zhang).get(f"/parked/{key_of(answer)}/"))
    assert page.one("a[data-parked-back]")["href"].startswith("/risks/new/#parked=")


def test_at_signing_out_the_page_leaves_its_texts(zhang):
    client = signed_in(zhang)
    form = {"item": "f-1", "action": "/my/2026Q3/time/", "texts": {"reason": [WORDS]}}
    data = {"page": "/my/2026Q3/time/", "held_for": parking.token(user=zhang)}
    said = client.post("/parked/", {**data, "forms": json.dumps([form])}, headers=SCRIPT)
    assert said.json() == {"parked": 1}
    client.post("/logout/")
    enter = {"username": zhang.username, "password": PASSWORD}
    page = document(client.post("/login/", enter, follow=True))
    assert page.one("ul.messages").one("a")["href"] == "/parked/"
    key = ParkedForm.objects.get().token
    way = document(client.get("/parked/")).one("ul.answers").one("a")
    assert (way["href"], way.text) == (f"/parked/{key}/", WORDS)


@pytest.mark.parametrize("forms", ["", "x", "{}", "[3]", '[{"texts": 3}]'])
def test_what_is_no_list_of_forms_is_refused(zhang, forms):
    data = {"page": "/", "held_for": parking.token(user=zhang), "forms": forms}
    answer = signed_in(zhang).post("/parked/", data, headers=SCRIPT)
    assert answer.status_code in (200, 422)
    assert not ParkedForm.objects.exists()


def test_control_characters_are_gone_before_anything_is_kept(zhang):
    key = key_of(send(zhang, reason=f"{WORDS}\x00"))
    said = signed_in(zhang).get(f"/parked/{key}/", headers=SCRIPT).json()
    assert said["texts"]["reason"] == [WORDS]


def test_too_much_is_not_kept(zhang):
    form = TypedForm("/", "/", {"reason": ["长" * 100_000]})
    assert parking.park(token=parking.token(user=zhang), form=form) == ""


class TestArrival:
    """The cookie by which the page's script knows that its copy can go."""

    def sent(self, user, path, **texts):
        return signed_in(user).post(path, {"typed_form": "f-1", **texts})

    def test_an_answer_that_leads_on_is_an_acceptance(self, zhang):
        answer = self.sent(zhang, reverse("notice_read"))
        assert answer.cookies["typed_form"].value == "f-1.3"

    def test_a_page_that_asks_again_is_none(self, zhang):
        answer = self.sent(zhang, "/matters/new/", title="")
        assert answer.cookies["typed_form"].value == "f-1.2"

    def test_a_redirect_with_an_error_is_none(self, zhang):
        answer = self.sent(zhang, "/fill/2026Q3/withdraw/", items="99999")
        assert answer.status_code == 302
        assert "typed_form" not in answer.cookies

    def test_what_was_written_back_is_forgotten_when_it_is_sent(self, zhang):
        key = key_of(send(zhang))
        self.sent(zhang, reverse("notice_read"), parked=key)
        assert not ParkedForm.objects.exists()

    @pytest.mark.parametrize("item", ["a b", "x" * 41, "\n"])
    def test_no_other_name_gets_into_the_cookie(self, zhang, item):
        answer = signed_in(zhang).post(reverse("notice_read"), {"typed_form": item})
        assert "typed_form" not in answer.cookies
