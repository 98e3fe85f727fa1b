"""Who may still sign in while somebody guesses: known browsers, and who was let in."""

import datetime
import re

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from agencies.choices import Role
from agencies.models import EntryCode, SignInFailure, User
from agencies.services import notices, sign_ins
from audit.models import AuditEvent
from tests.factories.agencies import PASSWORD, AdministratorFactory, UserFactory

pytestmark = pytest.mark.django_db
WRONG = "wrong"
HOME = "203.0.113.9"


@pytest.fixture
def director():
    return UserFactory(username="ld", name="孙领导", agency=None, roles=[Role.LEADER])


def attempt(client, password=WRONG, address=HOME, place="/login/", **more):
    data = {"username": "ld", "password": password, **more}
    headers = {"accept": "application/json"} if place == "/session/" else {}
    return client.post(place, data, REMOTE_ADDR=address, headers=headers)


def guesses(count, username="ld", first=0):
    """Wrong passwords, each from another address."""
    for number in range(first, first + count):
        address = f"198.51.{number // 250}.{number % 250 + 1}"
        attempt(Client(), username=username, address=address)


def known(address=HOME):
    """A browser in which the director was signed in."""
    browser = Client()
    assert attempt(browser, PASSWORD, address=address).status_code == 302
    browser.cookies.pop("sessionid")
    return browser


def words(answer):
    return answer.content.decode()


def test_twenty_guesses_from_anywhere_leave_the_known_browser_in(director):
    browser = known()
    guesses(20)
    refused = attempt(Client(), PASSWORD)
    assert refused.status_code == 429
    assert "60分钟内只接受以前登录过这个账号的浏览器" in words(refused)
    assert 'name="code"' in words(refused)
    assert attempt(browser, PASSWORD, address="192.0.2.77").status_code == 302


@pytest.mark.parametrize("place", ["/login/", "/session/"])
def test_in_place_as_on_the_page(director, place):
    browser = Client()
    attempt(browser, PASSWORD, place=place)
    browser.cookies.pop("sessionid")
    guesses(19)
    assert attempt(browser, place=place).status_code in {200, 422}
    assert attempt(Client(), PASSWORD, place=place, address="192.0.2.1").status_code == 429
    attempt(browser, PASSWORD, place=place)
    assert browser.get("/help/").status_code == 200


def test_nineteen_guesses_hold_nobody_back_and_an_hour_ends_the_wait(director):
    guesses(19)
    assert attempt(Client(), PASSWORD).status_code == 302
    guesses(1, first=19)
    assert attempt(Client(), PASSWORD).status_code == 429
    SignInFailure.objects.update(at=timezone.now() - datetime.timedelta(minutes=61))
    assert attempt(Client(), PASSWORD).status_code == 302


def test_fifty_from_one_address_hold_back_whoever_is_not_known_there(director):
    browser = known()
    for number in range(50):
        attempt(Client(), username=f"user{number}")
    refused = attempt(Client(), PASSWORD)
    assert refused.status_code == 429
    assert "您所在的网络" in words(refused)
    assert attempt(browser, PASSWORD).status_code == 302
    assert attempt(Client(), PASSWORD, address="192.0.2.1").status_code == 302


def test_five_own_mistakes_hold_back_the_known_browser_too(director):
    browser = known()
    for _ in range(5):
        last = attempt(browser)
    assert last.status_code == 429
    assert attempt(browser, PASSWORD).status_code == 429
    assert attempt(browser, PASSWORD, address="192.0.2.1").status_code == 302


def test_the_cookie_is_for_scripts_unreadable_signed_and_lasts_ninety_days(director, settings):
    settings.SESSION_COOKIE_SECURE = True
    browser = known()
    cookie = browser.cookies[f"device_{director.pk}"]
    value = cookie.value
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"]) == (True, True, "Lax")
    assert cookie["max-age"] == 90 * 24 * 60 * 60
    guesses(20)
    browser.cookies[f"device_{director.pk}"] = f"x{value}"
    assert attempt(browser, PASSWORD).status_code == 429
    browser.cookies[f"device_{director.pk}"] = value
    with time_machine.travel(timezone.now() + datetime.timedelta(days=91)):
        guesses(20)
        assert attempt(browser, PASSWORD).status_code == 429


@pytest.mark.parametrize("place", ["/login/", "/session/"])
def test_a_public_computer_is_never_known_and_loses_what_it_had(director, place):
    browser = known()
    attempt(browser, PASSWORD, place=place, is_public="on")
    assert browser.cookies[f"device_{director.pk}"].value == ""
    other = Client()
    attempt(other, PASSWORD, place=place, is_public="on")
    assert not other.cookies.get(f"device_{director.pk}", "") or (
        other.cookies[f"device_{director.pk}"].value == ""
    )


def test_a_cookie_of_another_account_opens_nothing(director):
    other = UserFactory(username="jtj_a")
    browser = Client()
    attempt(browser, PASSWORD, username="jtj_a")
    browser.cookies.pop("sessionid")
    browser.cookies[f"device_{director.pk}"] = browser.cookies[f"device_{other.pk}"].value
    guesses(20)
    assert attempt(browser, PASSWORD).status_code == 429


def test_a_new_password_and_a_closed_account_end_the_trust(director):
    browser = known()
    office = Client()
    office.force_login(AdministratorFactory())
    office.post("/manage/users/ld/active/", {"active": "0"})
    office.post("/manage/users/ld/active/", {"active": "1"})
    guesses(20)
    assert attempt(browser, PASSWORD).status_code == 429
    SignInFailure.objects.all().delete()
    browser = known()
    director.refresh_from_db()
    director.set_password("Xiangjiang-2027")
    director.save()
    guesses(20)
    assert attempt(browser, "Xiangjiang-2027").status_code == 429


def test_ten_failures_in_an_hour_end_the_trust_in_a_browser_for_good(director):
    browser = known()
    for number in range(10):
        assert attempt(browser, address=f"192.0.2.{number // 4}").status_code == 200
    guesses(20)
    assert attempt(browser, PASSWORD).status_code == 429
    SignInFailure.objects.update(at=timezone.now() - datetime.timedelta(hours=3))
    sign_ins.sweep()
    guesses(20)
    assert attempt(browser, PASSWORD).status_code == 429


def test_nine_failures_do_not(director):
    browser = known()
    for number in range(9):
        attempt(browser, address=f"192.0.2.{number // 4}")
    guesses(20)
    assert attempt(browser, PASSWORD).status_code == 302


def secret_of(answer):
    return re.search(r'class="secret">([^<]+)<', words(answer))[1]


def test_an_administrator_lets_one_in_once_while_the_guessing_goes_on(director):
    office = Client()
    office.force_login(AdministratorFactory(username="admin"))
    guesses(20)
    answer = office.post("/manage/users/ld/let-in/")
    code = secret_of(answer)
    assert "no-store" in answer.headers["Cache-Control"]
    event = AuditEvent.objects.get(action="放行登录")
    assert (event.object_code, event.actor_name) == ("ld", "管理员")
    guesses(20, first=20)
    assert attempt(Client(), PASSWORD, code="wrong").status_code == 429
    assert attempt(Client(), PASSWORD, code=f" {code} ").status_code == 302
    assert attempt(Client(), PASSWORD, code=code).status_code == 429


def test_a_code_is_good_for_half_an_hour_and_kept_by_its_digest_alone(director):
    office = Client()
    office.force_login(AdministratorFactory())
    code = secret_of(office.post("/manage/users/ld/let-in/"))
    assert code not in EntryCode.objects.get().digest
    guesses(20)
    EntryCode.objects.update(until=timezone.now() - datetime.timedelta(seconds=1))
    assert attempt(Client(), PASSWORD, code=code).status_code == 429
    sign_ins.sweep()
    assert not EntryCode.objects.exists()


def test_letting_in_ends_the_waits_of_that_account_alone(director):
    UserFactory(username="jtj_a")
    for username in ("ld", "jtj_a"):
        for _ in range(5):
            attempt(Client(), username=username)
    office = Client()
    office.force_login(AdministratorFactory())
    office.post("/manage/users/ld/let-in/")
    assert attempt(Client(), PASSWORD).status_code == 302
    assert attempt(Client(), PASSWORD, username="jtj_a").status_code == 429


def test_an_administrator_is_let_in_by_the_command(capsys):
    AdministratorFactory(username="ld", name="陈主任")
    guesses(20)
    call_command("unlock", "ld")
    said = capsys.readouterr().out
    assert "陈主任（ld）已放行" in said
    event = AuditEvent.objects.get(action="放行登录")
    assert (event.object_code, event.way, event.actor_id) == ("ld", "command", None)
    guesses(20, first=20)
    assert attempt(Client(), PASSWORD, code=said.rsplit("：", 1)[1].strip()).status_code == 302
    with pytest.raises(CommandError, match="没有启用的账号“nobody”"):
        call_command("unlock", "nobody")


def test_the_account_and_the_administrators_are_told_once(director, settings):
    settings.EMAIL_HOST = "mail.example"
    chief = AdministratorFactory(username="admin", email="admin@example.gov.cn")
    browser = known()
    guesses(19)
    assert not User.objects.exclude(notice="").exists()
    guesses(1, first=19)
    attempt(browser)
    event = AuditEvent.objects.get(action="暂停陌生浏览器登录")
    assert event.object_code == "ld"
    office = Client()
    office.force_login(chief)
    page = words(office.get("/manage/users/"))
    assert "账号孙领导（ld）" in page
    assert "1小时内密码输错20次" in page
    attempt(browser, PASSWORD)
    assert "您的账号：" in words(browser.get("/help/"))
    notices.mail_pending()
    notices.mail_pending()
    assert [(one.to, "孙领导（ld）" in one.body) for one in mail.outbox] == [
        (["admin@example.gov.cn"], True)
    ]
    assert office.post("/notice/read/").status_code == 302
    assert "安全提醒" not in words(office.get("/manage/users/"))
    assert "安全提醒" in words(browser.get("/help/"))


def test_a_notice_changes_the_page_that_a_browser_keeps(director):
    browser = Client()
    browser.force_login(director)
    kept = browser.get("/targets/").headers["ETag"]
    notices.notify_of_guessing(user=director)
    answer = browser.get("/targets/", headers={"if-none-match": kept})
    assert answer.status_code == 200
    assert "安全提醒" in words(answer)


def test_guessing_at_what_is_no_account_looks_the_same_and_tells_nobody():
    AdministratorFactory()
    guesses(20, username="nobody")
    assert attempt(Client(), username="nobody").status_code == 429
    assert not User.objects.exclude(notice="").exists()
    guesses(20, username="Geheim-2026!", first=100)
    assert attempt(Client(), username="Geheim-2026!").status_code == 200
    assert not SignInFailure.objects.filter(account__contains="eheim").exists()


def change(browser, old, new="Xiangjiang-2027", address=HOME):
    data = {"old": old, "new": new, "again": new}
    return browser.post("/password/", data, REMOTE_ADDR=address)


def test_wrong_old_passwords_are_counted_with_the_others(director):
    browser = Client()
    attempt(browser, PASSWORD)
    for left in (4, 3, 2, 1):
        assert f"现在的密码不对，再错{left}次将暂停登录15分钟" in words(change(browser, "wrong"))
    for _ in range(8):
        assert "请15分钟后再试" in words(change(browser, "wrong"))
    assert "请15分钟后再试" in words(change(browser, PASSWORD)), "the right one is not looked at"
    assert attempt(Client(), PASSWORD).status_code == 429
    assert attempt(Client(), PASSWORD, address="192.0.2.1").status_code == 302
    noted = AuditEvent.objects.filter(action="修改密码").order_by("pk")
    assert [event.reason for event in noted] == [""] * 4 + ["已暂停登录"] * 9
    SignInFailure.objects.update(at=timezone.now() - datetime.timedelta(minutes=16))
    assert change(browser, PASSWORD).status_code == 302
