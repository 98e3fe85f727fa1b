"""A form that comes after its session has ended is kept for its own user, and for nobody else."""

import datetime
import time

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from audit.models import AuditEvent
from reporting.choices import ObligationState
from reporting.filling.services import entries, presence
from reporting.filling.services.entries import FieldEdit
from reporting.models import ParkedForm, Presence
from reporting.typed.services import parking
from reporting.typed.services.parking import TypedForm
from tests.documents import document
from tests.factories.agencies import PASSWORD, UserFactory
from tests.factories.reporting import ObligationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick_hashes(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def obligation():
    return ObligationFactory(target__code="T18")


def person(obligation, **fields):
    user = UserFactory(agency=obligation.agency, **fields)
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def zhang(obligation):
    return person(obligation, name="张三", username="zhangsan")


@pytest.fixture
def li(obligation):
    return person(obligation, name="李四", username="lisi")


def form_of(obligation, user, **texts):
    versions = {f"v_{name}": "0" for name in texts}
    return {**texts, **versions, "held_for": parking.token(user=user, place=obligation.pk)}


def typed_form(**texts):
    sent = {name: [text] for name, text in texts.items()}
    return TypedForm("/", "/", sent | {f"v_{name}": ["0"] for name in texts})


def late(client, obligation, user, **texts):
    """The answer to a form whose session is over; where it sends to."""
    answer = client.post(obligation.get_absolute_url(), form_of(obligation, user, **texts))
    assert answer.status_code == 302
    return answer.headers["Location"]


def enter(client, place, username):
    following = document(client.get(place)).one("input[name=next]")["value"]
    data = {"username": username, "password": PASSWORD, "next": following}
    return client.post("/login/", data, follow=True)


def test_the_form_comes_back_with_the_sign_in_of_its_user(client, obligation, zhang):
    place = late(client, obligation, zhang, value="78.6", note="七月上线")
    assert place.startswith("/login/?next=/parked/")
    page = enter(client, place, "zhangsan")
    assert page.redirect_chain[-1][0] == obligation.get_absolute_url()
    assert "已恢复您登录前填写的内容" in page.content.decode()
    obligation.refresh_from_db()
    assert obligation.texts == {"value": "78.6", "note": "七月上线"}
    assert AuditEvent.objects.filter(action="恢复填写", actor_id=zhang.pk).count() == 1
    assert not ParkedForm.objects.exists()


def test_what_is_parked_cannot_be_read_in_the_database(client, obligation, zhang):
    late(client, obligation, zhang, note="七月上线")
    sealed = bytes(ParkedForm.objects.get().sealed)
    assert "七月上线".encode() not in sealed
    assert b"note" not in sealed


def test_nobody_else_gets_it(client, obligation, zhang, li):
    place = late(client, obligation, zhang, note="张三的")
    page = enter(client, place, "lisi")
    assert "没有可以恢复的内容" in page.content.decode()
    key = ParkedForm.objects.get().token
    assert client.get(f"/parked/{key}/").status_code == 404
    assert client.post(f"/parked/{key}/", {"take": "mine"}).status_code == 404
    obligation.refresh_from_db()
    assert obligation.content == {}
    assert ParkedForm.objects.exists()


def test_a_form_with_a_token_of_the_session_before_is_parked_too(obligation, zhang):
    """Signed out and in meanwhile, the form's CSRF token is out of date."""
    client = Client(enforce_csrf_checks=True)
    assert late(client, obligation, zhang, note="甲").startswith("/login/?next=/parked/")


@pytest.mark.parametrize(
    "token", ["", "x", signing.dumps([1, 1], salt="other")], ids=["none", "unsigned", "another"]
)
def test_without_a_signed_token_nothing_is_kept(client, obligation, zhang, token):
    data = form_of(obligation, zhang, note="甲") | {"held_for": token}
    place = client.post(obligation.get_absolute_url(), data).headers["Location"]
    assert "parked" not in place
    answer = Client(enforce_csrf_checks=True).post(obligation.get_absolute_url(), data)
    assert answer.status_code == 403
    assert not ParkedForm.objects.exists()


def test_a_token_of_the_day_before_keeps_nothing(obligation, zhang):
    yesterday = time.time() - 17 * 3600
    token = f"{parking.token(user=zhang, place=obligation.pk).rsplit(':', 2)[0]}"
    signer = signing.TimestampSigner(salt="reporting.parking")
    signer.timestamp = lambda: signing.b62_encode(int(yesterday))
    token = signer.sign(token)
    assert parking.park(token=token, form=typed_form(note="甲")) == ""


def test_nothing_is_given_back_after_half_an_hour_and_it_is_swept(client, obligation, zhang):
    place = late(client, obligation, zhang, note="甲")
    past = timezone.now() - datetime.timedelta(minutes=31)
    ParkedForm.objects.update(parked_at=past)
    page = enter(client, place, "zhangsan")
    assert "没有可以恢复的内容" in page.content.decode()
    obligation.refresh_from_db()
    assert obligation.content == {}
    assert parking.sweep() == 1
    assert not ParkedForm.objects.exists()


def test_one_person_has_at_most_twenty_parked_forms(obligation, zhang):
    token = parking.token(user=zhang, place=obligation.pk)
    for number in range(23):
        assert parking.park(token=token, form=typed_form(note=str(number)))
    assert ParkedForm.objects.count() == 20
    assert parking.park(token=token, form=typed_form(note="长" * 200_000)) == ""


def test_what_somebody_else_changed_meanwhile_is_chosen_on_a_page(client, obligation, zhang, li):
    entries.save(
        pk=obligation.pk, edits={"note": FieldEdit("李四的"), "grade": FieldEdit("final")}, by=li
    )
    place = late(client, obligation, zhang, note="张三的", value="78.6", grade="estimate")
    page = enter(client, place, "zhangsan")
    text = page.content.decode()
    assert "最终核实" in text
    assert "测算" in text
    assert "张三的" in text
    assert "李四的" in text
    obligation.refresh_from_db()
    assert obligation.texts == {"note": "李四的", "grade": "final", "value": "78.6"}
    key = ParkedForm.objects.get().token
    done = client.post(f"/parked/{key}/", {"take": "theirs"})
    assert done.headers["Location"] == obligation.get_absolute_url()
    given_up = AuditEvent.objects.filter(action="放弃的文字").order_by("pk")
    assert given_up[0].changes == [["备注", "张三的", "李四的"]]
    assert given_up.count() == 2
    assert not ParkedForm.objects.exists()


def test_mine_may_be_written_over_theirs(client, obligation, zhang, li):
    entries.save(pk=obligation.pk, edits={"note": FieldEdit("李四的")}, by=li)
    enter(client, late(client, obligation, zhang, note="张三的"), "zhangsan")
    client.post(f"/parked/{ParkedForm.objects.get().token}/", {"take": "mine"})
    obligation.refresh_from_db()
    assert obligation.texts == {"note": "张三的"}


def test_what_cannot_be_saved_any_more_is_shown(client, obligation, zhang):
    place = late(client, obligation, zhang, note="张三的")
    obligation.state = ObligationState.SUBMITTED
    obligation.save()
    text = enter(client, place, "zhangsan").content.decode()
    assert "先撤回" in text
    assert "张三的" in text
    obligation.refresh_from_db()
    assert obligation.content == {}


def test_presence_of_yesterday_is_forgotten(obligation, zhang):
    past = timezone.now() - datetime.timedelta(days=2)
    Presence.objects.create(obligation=obligation, user=zhang, seen_at=past)
    assert presence.sweep() == 1
