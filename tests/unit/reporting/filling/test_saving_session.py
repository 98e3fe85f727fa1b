"""The end of a session: asked for without making it longer, and signed in again in place."""

import datetime

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.sessions import SessionStore
from audit.models import AuditEvent
from tests.factories.agencies import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
JSON = {"headers": {"accept": "application/json"}}


@pytest.fixture(autouse=True)
def _quick_hashes(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def zhang():
    user = UserFactory(username="zhangsan", name="张三")
    user.set_password(PASSWORD)
    user.save()
    return user


def age(minutes):
    end = timezone.now() + datetime.timedelta(minutes=30 - minutes)
    Session.objects.update(expire_date=end)


def enter(client, username="zhangsan", password=PASSWORD, **more):
    data = {"username": username, "password": password, **more}
    return client.post("/session/", data, **JSON)


def test_nobody_is_told_as_nobody_with_a_token(client):
    said = client.get("/session/", **JSON).json()
    assert (said["user"], said["name"]) == (None, "")
    assert said["csrf"]


def test_asking_does_not_keep_the_session_awake_but_staying_does(client, zhang):
    client.force_login(zhang)
    age(minutes=26)
    said = client.get("/session/", **JSON).json()
    assert (said["user"], said["name"]) == (zhang.pk, "张三")
    assert 230 <= said["left"] <= 240
    assert 230 <= client.get("/session/", **JSON).json()["left"] <= 240
    assert client.post("/session/", **JSON).json()["left"] >= 1790
    assert client.get("/session/", **JSON).json()["left"] >= 1790


def test_an_ended_session_is_nobodys(client, zhang):
    client.force_login(zhang)
    age(minutes=31)
    assert client.get("/session/", **JSON).json()["user"] is None
    assert client.post("/session/", **JSON).json()["user"] is None


def test_signing_in_in_place_gives_a_new_token_and_an_event(zhang):
    client = Client(enforce_csrf_checks=True)
    before = client.get("/session/", **JSON).json()["csrf"]
    refused = enter(client)
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf")
    said = enter(client, csrfmiddlewaretoken=before).json()
    assert (said["user"], said["left"]) == (zhang.pk, 1800)
    assert AuditEvent.objects.filter(action="登录").count() == 1
    answer = client.post("/session/", headers={**JSON["headers"], "x-csrftoken": said["csrf"]})
    assert answer.json()["user"] == zhang.pk


def test_wrong_passwords_are_counted_in_place_as_on_the_page(client, zhang):
    for left in (4, 3, 2, 1):
        answer = enter(client, password="wrong")
        assert answer.status_code == 422
        assert f"再错{left}次" in answer.json()["message"]
    answer = enter(client, password="wrong")
    assert (answer.status_code, answer.json()["code"]) == (429, "locked")
    assert enter(client).status_code == 429
    assert client.post("/login/", {"username": "zhangsan", "password": PASSWORD}).status_code == 429
    assert AuditEvent.objects.filter(action="登录失败").count() == 7


def test_what_is_missing_is_said(client, zhang):
    answer = enter(client, password="")
    assert (answer.status_code, answer.json()["message"]) == (422, "填写密码")


@pytest.mark.parametrize("place", ["/login/", "/session/"])
def test_a_public_computer_is_remembered_for_the_session(client, zhang, place):
    client.post(place, {"username": "zhangsan", "password": PASSWORD, "is_public": "on"})
    assert client.session["is_public_computer"] is True
    other = Client()
    other.post(place, {"username": "zhangsan", "password": PASSWORD})
    assert other.session["is_public_computer"] is False


def test_a_short_idle_time_slides_too(settings):
    settings.SESSION_COOKIE_AGE = 20
    store = SessionStore()
    store["x"] = 1
    store.save()
    row = Session.objects.get(pk=store.session_key)
    row.expire_date = timezone.now() + datetime.timedelta(seconds=8)
    row.save()
    again = SessionStore(store.session_key)
    assert again["x"] == 1
    assert 7 <= again.seconds_left <= 8
    assert again.stay_awake()
    assert again.seconds_left == 20


def test_looking_takes_two_statements(client, zhang):
    client.force_login(zhang)
    with CaptureQueriesContext(connection) as captured:
        client.get("/session/", **JSON)
    assert len(captured) == 2


def test_a_password_that_is_due_is_told_to_the_script(client, zhang):
    zhang.must_change_password = True
    zhang.save()
    client.force_login(zhang)
    answer = client.post("/fill/2026Q3/targets/T18/save/", **JSON)
    assert (answer.status_code, answer.json()["code"]) == (403, "password")
