"""Signing in and out, lock-out, idling, passwords, and what administrators do with accounts."""

import datetime
from itertools import pairwise

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.choices import Role
from agencies.models import SignInFailure, User
from agencies.sessions import last_visit
from audit.models import AuditEvent
from tests.documents import document
from tests.factories.agencies import PASSWORD, AdministratorFactory, AgencyFactory, UserFactory

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "Xiangjiang-2027"


@pytest.fixture(autouse=True)
def _quick_hashes(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def zhangsan():
    user = UserFactory(username="zhangsan", name="张三", agency__name="区交通运输局")
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client, username="zhangsan", password=PASSWORD, **more):
    return client.post("/login/", {"username": username, "password": password, **more})


def events(action):
    return list(AuditEvent.objects.filter(action=action).order_by("pk"))


def words(response):
    return response.content.decode()


def test_sign_in_goes_to_the_page_that_was_asked_for(client, zhangsan):
    asked = client.get("/targets/?kind=about")
    assert asked.headers["Location"] == "/login/?next=/targets/%3Fkind%3Dabout"
    page = words(client.get(asked.headers["Location"]))
    assert 'name="next" value="/targets/?kind=about"' in page
    answer = sign_in(client, next="/targets/?kind=about")
    assert answer.headers["Location"] == "/targets/?kind=about"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:1"])
def test_sign_in_never_leads_to_another_site(client, zhangsan, target):
    assert sign_in(client, next=target).headers["Location"] == "/"


@pytest.mark.parametrize(
    ("roles", "page"),
    [
        ([Role.ADMINISTRATOR], "/plan/manage/"),
        ([Role.REVIEWER], "/review/start/"),
        ([Role.LEADER], "/dashboard/"),
        ([Role.REPORTER], "/my/"),
        ([Role.SIGNER], "/my/?tab=sign"),
        ([Role.REPORTER, Role.REVIEWER], "/review/start/"),
    ],
)
def test_home_is_where_the_role_has_its_work(client, roles, page):
    client.force_login(UserFactory(roles=roles))
    assert client.get("/").headers["Location"] == page


def test_an_account_without_role_is_told_whom_to_ask(client):
    client.force_login(UserFactory(roles=[]))
    assert "还没有角色" in words(client.get("/"))


def test_last_sign_in_is_shown_once_after_the_next(client, zhangsan):
    sign_in(client)
    assert "第一次登录" in words(client.get("/help/"))
    assert "第一次登录" not in words(client.get("/help/"))
    moment = datetime.datetime(2026, 11, 20, 1, 12, tzinfo=datetime.UTC)
    User.objects.update(last_login=moment)
    second = Client()
    sign_in(second)
    assert "上次登录 2026年11月20日 09:12" in words(second.get("/help/"))
    assert last_visit(second.session) == moment
    assert last_visit(client.session) is None


def test_sign_in_and_out_and_failure_are_in_the_ledger(client, zhangsan):
    sign_in(client, password="wrong")
    sign_in(client)
    client.post("/logout/")
    failure, success, leaving = events("登录失败") + events("登录") + events("退出")
    assert (failure.object_code, failure.succeeded, failure.actor_id) == ("zhangsan", False, None)
    assert failure.address == "127.0.0.1"
    assert success.actor_id == leaving.actor_id == zhangsan.pk
    assert success.agency_name == "区交通运输局"


def test_what_may_be_a_password_typed_as_account_is_not_kept(client):
    sign_in(client, username="Geheim-2026!", password="x")
    assert events("登录失败")[0].object_code == "（不是账号）"
    assert not AuditEvent.objects.filter(object_code__contains="Geheim").exists()


def test_sign_out_ends_the_session_on_the_server(client, zhangsan):
    sign_in(client)
    stolen = client.cookies["sessionid"].value
    assert client.get("/logout/").status_code == 405
    client.post("/logout/")
    thief = Client()
    thief.cookies["sessionid"] = stolen
    assert thief.get("/help/").status_code == 302
    assert not Session.objects.filter(session_key=stolen).exists()


def test_five_failures_lock_for_fifteen_minutes(client, zhangsan):
    for left in (4, 3, 2, 1):
        answer = sign_in(client, password="wrong")
        assert f"再错{left}次将暂停登录15分钟" in words(answer)
    locked = sign_in(client, password="wrong")
    assert locked.status_code == 429
    assert "请15分钟后再试" in words(locked)
    assert sign_in(client).status_code == 429, "the right password does not help either"
    assert [event.reason for event in events("登录失败")][4:] == ["已暂停登录"] * 2
    SignInFailure.objects.update(at=timezone.now() - datetime.timedelta(minutes=16))
    assert sign_in(client).headers["Location"] == "/"


def test_unknown_and_closed_accounts_get_the_words_of_a_wrong_password(client, zhangsan):
    UserFactory(username="closed", is_active=False)
    known, unknown, closed = (
        document(sign_in(Client(), name, "wrong")).one("div.errors", holding="账号或密码不对").text
        for name in ("zhangsan", "nobody", "closed")
    )
    assert known == unknown == closed


def test_account_of_the_signed_in_cannot_be_framed_or_stored(client, zhangsan):
    assert "no-store" in client.get("/login/").headers["Cache-Control"]
    sign_in(client)
    assert "no-store" in client.get("/password/").headers["Cache-Control"]
    assert client.get("/help/").headers["X-Frame-Options"] == "DENY"


def test_an_idle_session_ends_and_work_keeps_it_awake(client, zhangsan, django_assert_num_queries):
    sign_in(client)
    ends = Session.objects.get().expire_date
    assert datetime.timedelta(minutes=29) < ends - timezone.now() <= datetime.timedelta(minutes=30)
    with django_assert_num_queries(5):
        client.get("/help/")
    Session.objects.update(expire_date=timezone.now() + datetime.timedelta(minutes=12))
    with django_assert_num_queries(6):  # one statement more, at most once a minute
        client.get("/help/")
    assert Session.objects.get().expire_date > timezone.now() + datetime.timedelta(minutes=29)
    with django_assert_num_queries(5):
        client.get("/help/")
    Session.objects.update(expire_date=timezone.now() - datetime.timedelta(seconds=1))
    assert client.get("/help/").headers["Location"] == "/login/?next=/help/"


def change(client, old=PASSWORD, new=NEW_PASSWORD, again=None):
    return client.post("/password/", {"old": old, "new": new, "again": again or new})


def test_first_password_has_to_be_changed_before_anything_else(client, zhangsan):
    User.objects.update(must_change_password=True)
    sign_in(client)
    assert client.get("/targets/").headers["Location"] == "/password/?next=%2Ftargets%2F"
    assert "您用的是初始密码" in words(client.get("/password/"))
    assert client.post("/tasks/").headers["Location"].startswith("/password/")
    changed = client.post(
        "/password/",
        {"old": PASSWORD, "new": NEW_PASSWORD, "again": NEW_PASSWORD, "next": "/targets/"},
    )
    assert changed.headers["Location"] == "/targets/"
    assert client.get("/help/").status_code == 200, "still signed in"
    assert sign_in(Client(), password=NEW_PASSWORD).status_code == 302


def test_a_password_is_good_for_ninety_days(client, zhangsan):
    sign_in(client)
    long_ago = timezone.now() - datetime.timedelta(days=91)
    User.objects.update(password_changed_at=long_ago)
    assert client.get("/help/").status_code == 200
    assert client.get("/targets/").headers["Location"].startswith("/password/")
    assert "已用满90天" in words(client.get("/password/"))


def bar(client):
    """What the frame says above the page."""
    return document(client.get("/help/")).one(".who").text


@pytest.mark.parametrize(
    ("age", "said"),
    [(82, "改密码"), (83, "密码7天后到期，请修改"), (89, "密码1天后到期，请修改"),
     (90, "密码今天到期，请修改")],
)  # fmt: skip
def test_the_frame_warns_before_the_password_ends(client, zhangsan, time_machine, age, said):
    time_machine.move_to(datetime.datetime(2026, 11, 30, 4, tzinfo=datetime.UTC))
    sign_in(client)
    changed = timezone.now() - datetime.timedelta(days=age) + datetime.timedelta(minutes=1)
    User.objects.update(password_changed_at=changed)
    assert bar(client).removesuffix("退出").endswith(said)


def test_how_early_the_frame_warns_is_a_setting(client, zhangsan, settings):
    settings.PASSWORD_WARNING_DAYS = 30
    sign_in(client)
    User.objects.update(password_changed_at=timezone.now() - datetime.timedelta(days=61))
    assert "密码29天后到期" in bar(client)
    User.objects.update(password_changed_at=timezone.now() - datetime.timedelta(days=91))
    assert "后到期" not in bar(client)


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        ("kaifu", "8"),
        ("kaifutanda", "至少三种"),
        ("12345678", "常见"),
        ("Zhangsan-1", "相似"),
    ],
)
def test_plain_passwords_are_refused(client, zhangsan, new, sentence):
    sign_in(client)
    assert sentence in words(change(client, new=new))
    assert sign_in(Client()).status_code == 302


def test_the_last_five_passwords_are_not_taken_again(client, zhangsan):
    sign_in(client)
    passwords = [PASSWORD, *(f"Changsha-20{n}" for n in range(20, 26))]
    for old, new in pairwise(passwords[:6]):
        assert change(client, old, new).status_code == 302
    for known in passwords[1:6]:
        assert "最近5次用过" in words(change(client, passwords[5], known))
    assert change(client, passwords[5], passwords[0]).status_code == 302


def test_a_wrong_old_password_changes_nothing_and_is_noted(client, zhangsan):
    sign_in(client)
    page = words(change(client, old="wrong"))
    assert "现在的密码不对" in page
    assert "错误：" not in page.split("<title>")[0]
    assert [event.succeeded for event in events("修改密码")] == [False]
    assert "两次填写的新密码不一样" in words(change(client, again="other"))


@pytest.fixture
def office(client):
    """A browser of an administrator."""
    client.force_login(AdministratorFactory(username="admin"))
    return client


def secret_of(response):
    return document(response).one(".secret").text


def test_a_new_account_gets_a_password_that_is_shown_once(office):
    agency = AgencyFactory(name="区商务局")
    answer = office.post(
        "/manage/users/new/",
        {"username": "swj_a", "name": "周敏", "agency": agency.pk, "roles": ["reporter"]},
    )
    secret = secret_of(answer)
    assert "no-store" in answer.headers["Cache-Control"]
    assert secret not in words(office.get("/manage/users/swj_a/"))
    assert not AuditEvent.objects.filter(changes__icontains=secret).exists()
    newcomer = Client()
    assert sign_in(newcomer, "swj_a", secret).status_code == 302
    assert newcomer.get("/my/").headers["Location"].startswith("/password/")
    event = AuditEvent.objects.get(object_code="swj_a", action="新增")
    assert ["角色", "", "填报员"] in event.changes
    assert event.actor_name == "管理员"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"username": "Swj A"}, "只用小写字母"),
        ({"username": "admin"}, "已经有人使用"),
        ({"agency": ""}, "必须属于一个单位"),
    ],
)
def test_an_account_that_cannot_be_is_refused_in_words(office, fields, sentence):
    agency = AgencyFactory()
    data = {"username": "swj_a", "name": "周敏", "agency": agency.pk, "roles": ["reporter"]}
    assert sentence in words(office.post("/manage/users/new/", data | fields))
    assert not User.objects.filter(name="周敏").exists()


def test_change_close_and_reset(office, zhangsan):
    other = AgencyFactory(name="区商务局")
    office.post(
        "/manage/users/zhangsan/",
        {"name": "张三", "agency": other.pk, "roles": ["reporter", "signer"], "phone": "84510000"},
    )
    zhangsan.refresh_from_db()
    assert (zhangsan.agency, zhangsan.roles) == (other, ["reporter", "signer"])
    working = Client()
    assert sign_in(working).status_code == 302
    office.post("/manage/users/zhangsan/active/", {"active": "0"})
    zhangsan.refresh_from_db()
    assert zhangsan.phone == ""
    assert working.get("/help/").status_code == 302, "a closed account is out at once"
    assert sign_in(Client()).status_code == 200
    office.post("/manage/users/zhangsan/active/", {"active": "1"})
    secret = secret_of(office.post("/manage/users/zhangsan/password/"))
    assert sign_in(Client(), password=secret).status_code == 302
    deeds = AuditEvent.objects.filter(object_code="zhangsan", actor_name="管理员").order_by("pk")
    assert [event.action for event in deeds] == ["修改", "停用账号", "启用账号", "重置密码"]


def test_a_new_password_ends_a_lock_out(office, zhangsan):
    locked = Client()
    for _ in range(5):
        sign_in(locked, password="wrong")
    secret = secret_of(office.post("/manage/users/zhangsan/password/"))
    assert sign_in(locked, password=secret).status_code == 302


def test_administrators_do_not_lock_themselves_out(office):
    office.post("/manage/users/admin/active/", {"active": "0"})
    assert User.objects.get(username="admin").is_active
    page = words(office.post("/manage/users/admin/", {"name": "管理员", "roles": ["leader"]}))
    assert "由另一位管理员操作" in page


def listed(office, query=""):
    page = document(office.get(f"/manage/users/{query}"))
    return [head.one("a").text for head in page.every("th[scope=row]")]


def test_the_list_finds_accounts_and_agencies_without(office):
    AgencyFactory(name="区教育局")
    bureau = AgencyFactory(name="区商务局", code="swj")
    long_ago = timezone.now() - datetime.timedelta(days=100)
    UserFactory(username="old", agency=bureau, last_login=long_ago, created_at=long_ago)
    UserFactory(username="fresh", agency=bureau, last_login=timezone.now())
    UserFactory(username="closed", agency=AgencyFactory(), is_active=False, name="李四")
    UserFactory(username="boss", agency=None, roles=[Role.LEADER])
    assert set(listed(office)) == {"old", "fresh", "closed", "boss", "admin"}
    assert listed(office, "?state=unused") == ["old"]
    assert listed(office, "?state=closed") == ["closed"]
    assert listed(office, "?role=leader") == ["boss"]
    assert set(listed(office, "?agency=swj")) == {"old", "fresh"}
    assert listed(office, "?q=李四") == ["closed"]
    page = words(office.get("/manage/users/"))
    without = page.partition("还没有账号的单位")[2]
    assert "区教育局" in without
    assert "区商务局" not in without


def test_statements_of_the_list_do_not_grow(office, django_assert_num_queries):
    with django_assert_num_queries(6):
        office.get("/manage/users/")
    for _ in range(30):
        UserFactory()
    with django_assert_num_queries(6):
        office.get("/manage/users/?state=active")


def statements(queries):
    """Without those that only frame a transaction."""
    frames = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return [query["sql"] for query in queries if not query["sql"].startswith(frames)]


def test_no_write_takes_more_than_twelve_statements(client, office, zhangsan):
    visitor = Client()
    agency = AgencyFactory()
    account = {"name": "王芳", "agency": agency.pk, "roles": ["reporter"]}
    for browser, address, data in (
        (visitor, "/login/", {"username": "zhangsan", "password": "wrong"}),
        (visitor, "/login/", {"username": "zhangsan", "password": PASSWORD}),
        (visitor, "/password/", {"old": PASSWORD, "new": NEW_PASSWORD, "again": NEW_PASSWORD}),
        (visitor, "/logout/", {}),
        (office, "/manage/users/new/", account | {"username": "swj_a"}),
        (office, "/manage/users/zhangsan/", account),
        (office, "/manage/users/zhangsan/password/", {}),
        (office, "/manage/users/zhangsan/active/", {"active": "0"}),
    ):
        with CaptureQueriesContext(connection) as queries:
            browser.post(address, data)
        assert len(statements(queries)) <= 12, (address, statements(queries))
