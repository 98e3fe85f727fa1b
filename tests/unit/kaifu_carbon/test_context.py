"""Navigation of each role: at most nine items, none that leads to a refusal."""

from itertools import combinations

import pytest
from django.urls import resolve

from agencies.choices import Role
from agencies.models import User
from agencies.policies import Action, can
from kaifu_carbon.context import navigation

ROLES = [list(roles) for size in (1, 2, 3) for roles in combinations(Role, size)]


def labels(roles, path="/"):
    return [item.label for item in navigation(User(username="x", roles=roles), path)]


@pytest.mark.parametrize("roles", ROLES)
def test_nine_items_at_most_each_of_which_opens(roles):
    user = User(username="x", roles=roles)
    items = navigation(user, "/")
    assert 0 < len(items) <= 9
    assert len({item.url for item in items}) == len(items)
    for item in items:
        match = resolve(item.url)
        wanted = getattr(match.func, "required", (Action.USE_REGISTERS,))
        assert can(user, *wanted), item


def test_changes_of_agencies_belong_to_the_agencies():
    admin = User(username="x", roles=[Role.ADMINISTRATOR])
    items = navigation(admin, "/plan/manage/agencies/kjj/merge/")
    assert [item.label for item in items if item.current] == ["单位"]


def test_whoever_reports_and_reviews_reaches_the_own_agency():
    both = labels([Role.REPORTER, Role.REVIEWER])
    assert both[0] == "本季度待填"
    assert "留痕" in both


def test_the_current_item_is_the_longest_address_that_fits():
    items = navigation(User(username="x", roles=[Role.LEADER]), "/targets/T18/")
    assert [item.label for item in items if item.current] == ["指标"]


def test_a_form_belongs_to_what_is_to_be_filled_in():
    items = navigation(User(username="x", roles=[Role.REPORTER]), "/fill/2026Q3/targets/T18/")
    assert [item.label for item in items if item.current] == ["本季度待填"]


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/review/2026Q3/targets/T18/", "审核"),
        ("/review/2026Q3/remind/", "催报"),
        ("/review/requests/", "审核"),
    ],
)
def test_an_item_belongs_to_the_queue_and_reminders_to_chasing(path, label):
    items = navigation(User(username="x", roles=[Role.REVIEWER]), path)
    assert [item.label for item in items if item.current] == [label]


@pytest.mark.parametrize("path", ["/matters/2026-07/instruct/", "/risks/"])
@pytest.mark.parametrize("role", [Role.REVIEWER, Role.LEADER, Role.REPORTER, Role.SIGNER])
def test_matters_are_with_who_works_with_them(role, path):
    items = navigation(User(username="x", roles=[role]), path)
    assert [item.label for item in items if item.current] == ["事项"]
    counted = [item.label for item in items if item.counts_matters]
    assert counted == (["事项"] if role == Role.REVIEWER else [])


def test_without_a_role_there_is_nothing_to_open():
    assert labels([]) == []
