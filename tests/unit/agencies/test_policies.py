"""Who may do what: the helpers behind views, buttons and services."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from agencies.choices import Role
from agencies.models import User
from agencies.policies import Action, can, check, check_can_manage, requires

ADMINISTRATOR = User(username="a", name="管理员", roles=[Role.ADMINISTRATOR])
REPORTER = User(username="z", name="张三", roles=[Role.REPORTER])


def test_roles_and_actions():
    assert can(ADMINISTRATOR, Action.MANAGE_ACCOUNTS)
    assert not can(REPORTER, Action.MANAGE_ACCOUNTS)
    assert can(REPORTER, Role.REPORTER, Role.SIGNER)
    assert can(REPORTER, Action.MANAGE_ACCOUNTS, Action.READ), "one of them is enough"


def test_own_account_is_everybodys_who_is_signed_in():
    assert can(User(username="x", roles=[]), Action.OWN_ACCOUNT)
    assert not can(User(username="x", roles=[]), Action.READ)
    assert not can(AnonymousUser(), Action.OWN_ACCOUNT)


def test_a_closed_account_may_nothing():
    closed = User(username="x", roles=[Role.ADMINISTRATOR], is_active=False)
    assert not any(can(closed, action) for action in Action)


def test_refusals_name_deed_roles_and_own_role():
    with pytest.raises(PermissionDenied) as refusal:
        check(REPORTER, Action.READ_HISTORY)
    assert str(refusal.value) == "“查看留痕”由审核员、管理员使用，您的账号是：填报员。"
    with pytest.raises(PermissionDenied, match="这个页面由领导使用，您的账号是：没有角色"):
        check(User(username="x", roles=[]), Role.LEADER)


def test_a_guarded_view_says_what_it_requires(rf):
    @requires(Action.READ_HISTORY)
    def view(request):
        return "inside"

    request = rf.get("/")
    request.user = ADMINISTRATOR
    assert view(request) == "inside"
    assert view.required == (Action.READ_HISTORY,)
    request.user = REPORTER
    with pytest.raises(PermissionDenied):
        view(request)


def test_commands_may_manage():
    check_can_manage(None)
    check_can_manage(ADMINISTRATOR)
    with pytest.raises(PermissionDenied):
        check_can_manage(REPORTER)
