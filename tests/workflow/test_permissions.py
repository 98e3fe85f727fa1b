"""Every address, tried by every member of the cast, read and written.

What a page asks for is written down here once more: a page without an entry fails, and so does a
page or a table of roles that lets in more people than before.
"""

import re

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from agencies.policies import ALLOWED, Action
from tests.factories.agencies import UserFactory
from tests.factories.cast import ANONYMOUS, NAMES, make_cast
from tests.factories.projects import ProjectFactory
from tests.factories.targets import TargetFactory
from tests.factories.tasks import TaskFactory

pytestmark = pytest.mark.django_db

EVERYBODY = frozenset(NAMES) - {ANONYMOUS}
AGENCIES = frozenset({"张三", "李四", "钱审核", "王五"})
MAY = {
    Action.OWN_ACCOUNT: EVERYBODY,
    Action.READ: EVERYBODY,
    Action.READ_OWN: AGENCIES | {"赵六"},
    Action.READ_SOURCES: AGENCIES | {"赵六", "孙领导"},
    Action.READ_HISTORY: {"赵六", "管理员"},
    Action.ASSIGN: {"赵六", "管理员"},
    Action.EDIT_PLAN: {"管理员"},
    Action.IMPORT_ANNEX: {"管理员"},
    Action.MANAGE_AGENCIES: {"管理员"},
    Action.MANAGE_ACCOUNTS: {"管理员"},
    Action.USE_REGISTERS: {"管理员"},
    Action.KEEP_PERIODS: {"赵六", "管理员"},
    Action.REPORT: AGENCIES,
    Action.HAND_OVER: {"钱审核", "管理员"},
    Action.READ_HANDOVERS: AGENCIES | {"管理员"},
    Action.REVIEW: {"赵六"},
    Action.READ_MATTERS: AGENCIES | {"赵六", "孙领导", "管理员"},
    Action.RAISE_MATTERS: AGENCIES | {"赵六"},
    Action.KEEP_MATTERS: {"赵六"},
    Action.SETTLE: {"赵六"},
    Action.SEE_SETTLERS: {"赵六", "孙领导", "管理员"},
    Action.KEEP_RULES: {"赵六", "管理员"},
    Action.DECIDE: {"赵六", "管理员"},
    Action.ENTER_BASE: {"赵六", "管理员"},
}
PAGES = {
    "home": Action.OWN_ACCOUNT,
    "logout": Action.OWN_ACCOUNT,
    "password": Action.OWN_ACCOUNT,
    "help": Action.OWN_ACCOUNT,
    "notice_read": Action.OWN_ACCOUNT,
    "find": Action.READ,
    "verify": Action.OWN_ACCOUNT,
    "agencies:list": Action.READ,
    "agencies:detail": Action.READ,
    "agencies:own": Action.READ_OWN,
    "agencies:users": Action.MANAGE_ACCOUNTS,
    "agencies:new_user": Action.MANAGE_ACCOUNTS,
    "agencies:user": Action.MANAGE_ACCOUNTS,
    "agencies:user_active": Action.MANAGE_ACCOUNTS,
    "agencies:user_password": Action.MANAGE_ACCOUNTS,
    "agencies:user_let_in": Action.MANAGE_ACCOUNTS,
    "dashboard:overview": Action.READ,
    "dashboard:paths": Action.READ,
    "dashboard:paths_cards": Action.READ,
    "dashboard:paths_data": Action.READ,
    "dashboard:completeness": Action.READ,
    "dashboard:year": Action.READ,
    "dashboard:year_export": Action.READ,
    "dashboard:year_milestones": Action.READ,
    "dashboard:year_milestones_data": Action.READ,
    "dashboard:settle": Action.SETTLE,
    "dashboard:settled_retract": Action.SETTLE,
    "dashboard:recognise": Action.SETTLE,
    "dashboard:outlook_figure": Action.READ,
    "dashboard:outlook_figure_data": Action.READ,
    "dashboard:print": Action.READ,
    "dashboard:progress": Action.READ,
    "dashboard:progress_export": Action.READ,
    "dashboard:progress_newest": Action.READ,
    "dashboard:wall": Action.READ,
    "changes:page": Action.READ,
    "changes:export": Action.READ,
    "plan:text": Action.READ,
    "targets:list": Action.READ,
    "targets:export": Action.READ,
    "targets:detail": Action.READ,
    "targets:help": Action.READ,
    "targets:convenor": Action.ASSIGN,
    "targets:base": Action.ENTER_BASE,
    "targets:base_gone": Action.ENTER_BASE,
    "targets:override": Action.SETTLE,
    "targets:figure": Action.READ,
    "targets:figure_data": Action.READ,
    "targets:vintages": Action.READ,
    "targets:vintages_data": Action.READ,
    "targets:data": Action.READ,
    "targets:value": Action.READ,
    "targets:rules": Action.READ,
    "targets:proposals": Action.DECIDE,
    "targets:decide": Action.DECIDE,
    "targets:change_rules": Action.KEEP_RULES,
    "targets:decide_rules": Action.KEEP_RULES,
    "targets:tolerance": Action.SETTLE,
    "targets:year_end": Action.SETTLE,
    "tasks:list": Action.READ,
    "tasks:export": Action.READ,
    "tasks:detail": Action.READ,
    "tasks:data": Action.READ,
    "tasks:convenor": Action.ASSIGN,
    "projects:list": Action.READ,
    "projects:detail": Action.READ,
    "projects:detail_figure": Action.READ,
    "projects:figure": Action.READ,
    "projects:detail_figure_data": Action.READ,
    "projects:figure_data": Action.READ,
    "projects:export": Action.READ,
    "projects:data": Action.READ,
    "projects:add": Action.EDIT_PLAN,
    "projects:reporter": Action.ASSIGN,
    "setup:agency_changes": Action.MANAGE_AGENCIES,
    "setup:agency_change": Action.MANAGE_AGENCIES,
    "setup:agency_change_back": Action.MANAGE_AGENCIES,
    "setup:checklist": Action.EDIT_PLAN,
    "setup:load": Action.EDIT_PLAN,
    "setup:text": Action.EDIT_PLAN,
    "setup:baselines": Action.EDIT_PLAN,
    "setup:links": Action.EDIT_PLAN,
    "setup:link_by_hand": Action.EDIT_PLAN,
    "setup:bases": Action.EDIT_PLAN,
    "setup:basis_add": Action.EDIT_PLAN,
    "setup:basis": Action.EDIT_PLAN,
    "setup:basis_merge": Action.EDIT_PLAN,
    "setup:basis_split": Action.EDIT_PLAN,
    "setup:basis_undo": Action.EDIT_PLAN,
    "setup:basis_of_target": Action.EDIT_PLAN,
    "setup:assigned": Action.EDIT_PLAN,
    "setup:assign": Action.EDIT_PLAN,
    "imports:list": Action.IMPORT_ANNEX,
    "imports:run": Action.IMPORT_ANNEX,
    "imports:abandon": Action.IMPORT_ANNEX,
    "imports:undo": Action.IMPORT_ANNEX,
    "imports:file": Action.IMPORT_ANNEX,
    "reporting:matters": Action.READ_MATTERS,
    "reporting:new_matter": Action.RAISE_MATTERS,
    "reporting:matter": Action.READ,
    "reporting:matters_export": Action.READ_MATTERS,
    "reporting:matter_file": Action.READ_MATTERS,
    "reporting:matter_assess": Action.KEEP_MATTERS,
    "reporting:matter_instruct": Action.KEEP_MATTERS,
    "reporting:matter_correct": Action.KEEP_MATTERS,
    "reporting:matter_closing": Action.KEEP_MATTERS,
    "reporting:draft_save": Action.READ_MATTERS,
    "reporting:draft_give_up": Action.READ_MATTERS,
    "reporting:old_report": Action.READ,
    "reporting:old_risk": Action.READ,
    "reporting:old_new_risk": Action.READ,
    "reporting:ledger": Action.READ,
    "reporting:ledger_export": Action.READ,
    "reporting:home": Action.READ_OWN,
    "reporting:signing": Action.REPORT,
    "reporting:check": Action.REPORT,
    "reporting:excel_upload": Action.REPORT,
    "reporting:excel_preview": Action.REPORT,
    "reporting:excel_choose": Action.REPORT,
    "reporting:excel_forgo": Action.REPORT,
    "reporting:excel_give_up": Action.REPORT,
    "reporting:excel_undo": Action.REPORT,
    "reporting:excel_marked": Action.REPORT,
    "reporting:withdraw": Action.REPORT,
    "reporting:excel": Action.REPORT,
    "reporting:excel_download": Action.REPORT,
    "reporting:unchanged": Action.REPORT,
    "reporting:unchanged_send": Action.REPORT,
    "reporting:unchanged_reason": Action.REPORT,
    "reporting:reason_give_up": Action.REPORT,
    "reporting:grid": Action.REPORT,
    "reporting:grid_read": Action.REPORT,
    "reporting:grid_apply": Action.REPORT,
    "reporting:receipt": Action.READ_SOURCES,
    "reporting:sheet_line": Action.READ_OWN,
    "reporting:sheet": Action.READ_OWN,
    "reporting:past": Action.READ_OWN,
    "reporting:nothing": Action.REPORT,
    "reporting:remind_signers": Action.REPORT,
    "reporting:no_change": Action.REPORT,
    "reporting:fill": Action.READ_OWN,
    "reporting:correct": Action.REPORT,
    "reporting:drop": Action.REPORT,
    "reporting:save": Action.READ_OWN,
    "reporting:presence": Action.READ_OWN,
    "reporting:give_up": Action.READ_OWN,
    "reporting:park": Action.OWN_ACCOUNT,
    "reporting:parked": Action.OWN_ACCOUNT,
    "reporting:file": Action.READ_SOURCES,
    "reporting:file_remove": Action.REPORT,
    "reporting:file_upload": Action.REPORT,
    "reporting:file_reuse": Action.REPORT,
    "reporting:handovers": Action.READ_HANDOVERS,
    "reporting:handover": Action.READ_HANDOVERS,
    "reporting:handover_sheet": Action.READ_HANDOVERS,
    "reporting:holders": Action.HAND_OVER,
    "reporting:hand_over": Action.HAND_OVER,
    "reporting:queue": Action.REVIEW,
    "reporting:start": Action.REVIEW,
    "reporting:chase_now": Action.REVIEW,
    "reporting:review": Action.REVIEW,
    "reporting:bulk": Action.REVIEW,
    "reporting:bulk_approve": Action.REVIEW,
    "reporting:undo": Action.REVIEW,
    "reporting:ask_time": Action.REPORT,
    "reporting:notice_read": Action.OWN_ACCOUNT,
    "reporting:requests": Action.REVIEW,
    "reporting:decide_request": Action.REVIEW,
    "reporting:chase": Action.REVIEW,
    "reporting:chase_send": Action.REVIEW,
    "reporting:chase_orders": Action.REVIEW,
    "reporting:chase_extend": Action.REVIEW,
    "reporting:periods": Action.KEEP_PERIODS,
    "reporting:period_new": Action.KEEP_PERIODS,
    "reporting:calendar": Action.KEEP_PERIODS,
    "reporting:period": Action.KEEP_PERIODS,
    "reporting:period_edit": Action.KEEP_PERIODS,
    "reporting:period_close": Action.KEEP_PERIODS,
    "reporting:period_open": Action.KEEP_PERIODS,
    "reporting:period_refresh": Action.KEEP_PERIODS,
    "reporting:period_take_back": Action.KEEP_PERIODS,
    "reporting:rules": Action.KEEP_PERIODS,
    "reporting:threshold": Action.KEEP_PERIODS,
    "reporting:switch": Action.KEEP_PERIODS,
    "audit:history": Action.READ_HISTORY,
    "audit:export": Action.READ_HISTORY,
}
OPEN = {"login", "session", "seen"}  # to everybody
SAMPLES = {
    "targets": {"code": "T01", "period": "2025"},
    "tasks": {"code": "1-1"},
    "projects": {"code": "P1", "name": "x"},
    "agencies": {"code": "jtj", "username": "zhangsan"},
    "setup": {"what": "text", "number": 1, "code": "1-1", "kind": "rename"},
    "dashboard": {"number": 1, "year": 2024},
    "imports": {"number": 1},
    "seen": {"token": "x"},
    "reporting": {
        "number": 1,
        "key": "x",
        "period": "2026Q3",
        "kind": "targets",
        "code": "T01",
        "step": "open",
        "agency": "jtj",
        "username": "cast1",
        "place": "new",
    },
}
ELSEWHERE = {"admin:login", "admin:logout", "admin:autocomplete"}  # they decide by themselves
ADMIN_SAMPLES = {"object_id": "1", "app_label": "targets", "content_type_id": "1", "url": "x"}


def addresses(patterns=None, prefix="", spaces=()):
    """Name, route and view of every pattern of the urlconf."""
    for item in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(item.pattern)
        if isinstance(item, URLResolver):
            inner = (*spaces, item.namespace) if item.namespace else spaces
            yield from addresses(item.url_patterns, route, inner)
        elif isinstance(item, URLPattern):
            yield ":".join((*spaces, item.name or "")), route, item.callback


def pages():
    """The addresses of our own pages, without the admin site and what only DEBUG has."""
    for name, route, view in addresses():
        if not name.startswith("admin:") and name and not route.startswith("static"):
            yield name, route, view


def filled(route, samples):
    """A path of a route with its parameters."""
    plain = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", route).replace("^", "").replace("$", "")
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(samples[part[1]]), plain)


def paths(page, route):
    """The paths of a page; an item of a year's value has one with its year."""
    samples = SAMPLES.get(page.partition(":")[0], {})
    yield filled(route, samples)
    if "<slug:kind>" in route:
        yield filled(route, samples | {"code": "T01@2025"})


@pytest.fixture
def cast():
    UserFactory(username="zhangsan")
    TargetFactory(code="T01")
    TaskFactory(code="1-1")
    ProjectFactory(code="P1")
    return make_cast()


def test_every_address_has_an_entry_and_every_entry_an_address():
    names = {name for name, _, _ in pages()}
    assert names - OPEN == set(PAGES), names ^ set(PAGES) ^ OPEN


def test_every_view_carries_what_it_requires():
    for name, _, view in pages():
        if name not in OPEN:
            assert getattr(view, "required", None) == (PAGES[name],), name


def test_the_table_of_roles_has_no_other_actions():
    assert set(ALLOWED) == set(MAY) == set(Action)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", NAMES)
def test_pages(client, cast, name, method):
    for page, route, _ in pages():
        if page not in PAGES:
            continue  # named by the test of entries
        if name != ANONYMOUS:
            client.force_login(cast[name])
        for path in paths(page, route):
            answer = getattr(client, method)(path)
            if name == ANONYMOUS:
                assert answer.status_code == 302, path
                assert answer.headers["Location"].startswith(settings_login()), path
            elif name in MAY[PAGES[page]]:
                assert answer.status_code not in (401, 403, 500), path
            else:
                assert answer.status_code == 403 or answer.status_code == 405, path


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", NAMES)
def test_admin_site(client, cast, name, method):
    if name != ANONYMOUS:
        client.force_login(cast[name])
    for page, route, _ in addresses():
        if not page.startswith("admin:") or page in ELSEWHERE:
            continue
        answer = getattr(client, method)(filled(route, ADMIN_SAMPLES))
        status, place = answer.status_code, answer.headers.get("Location", "")
        if name == "管理员":
            assert status not in (403, 500) or page in READ_ONLY, page
            assert not place.startswith((settings_login(), "/admin/login/")), page
        else:
            assert status == 302, page
            assert place.startswith(("/admin/login/", settings_login())), page
    if name == ANONYMOUS:
        way = client.get("/admin/login/?next=/admin/").headers["Location"]
        assert way == f"{settings_login()}?next=/admin/"
    elif name != "管理员":
        assert client.get("/admin/login/").status_code == 403


READ_ONLY = {
    f"admin:{model}_{deed}"
    for model in (
        "agencies_agency",
        "agencies_agencyalias",
        "agencies_user",
        "plan_document",
        "targets_target",
        "targets_milestone",
        "targets_observation",
        "tasks_task",
        "projects_project",
    )
    for deed in ("add", "change", "delete")
} - {"admin:agencies_agency_add", "admin:agencies_agency_change", "admin:agencies_agencyalias_add"}


def test_nobody_edits_the_ledger_or_what_has_services_by_form(client, cast):
    client.force_login(cast["管理员"])
    for page in sorted(READ_ONLY):
        if page.endswith("_add"):
            route = next(route for name, route, _ in addresses() if name == page)
            assert client.get(filled(route, ADMIN_SAMPLES)).status_code == 403, page
    assert not [name for name, _, _ in addresses() if "auditevent" in name]


def test_refusal_says_who_may_and_whom_to_ask(client, cast):
    client.force_login(cast["张三"])
    text = client.get("/manage/users/").content.decode()
    assert "“维护账号”由管理员使用，您的账号是：填报员。" in text
    assert "请告诉" in text


def settings_login():
    return f"/{settings.LOGIN_URL}/"
