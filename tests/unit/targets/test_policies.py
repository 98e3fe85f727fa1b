"""Who settles, overrides and keeps the rules, and that a second person decides."""

import pytest
from django.core.exceptions import PermissionDenied

from agencies.choices import Role
from agencies.models import User
from targets import policies
from targets.models import Proposal, RuleProposal

ROLES = tuple(Role)


def person(*roles, pk=1, **more):
    return User(pk=pk, username=f"u{pk}", name="某人", roles=list(roles), **more)


def lets_pass(check, **given):
    try:
        check(**given)
    except PermissionDenied:
        return False
    return True


@pytest.mark.parametrize("check", [policies.check_can_settle, policies.check_can_override])
def test_reviewers_alone_settle_and_override(check):
    passed = {role for role in ROLES if lets_pass(check, by=person(role))}
    assert passed == {Role.REVIEWER}
    assert not lets_pass(check, by=None)
    assert not lets_pass(check, by=person(Role.REVIEWER, is_active=False))


def test_administrators_and_reviewers_keep_the_rules_and_so_do_commands():
    passed = {role for role in ROLES if lets_pass(policies.check_can_keep_rules, by=person(role))}
    assert passed == {Role.ADMINISTRATOR, Role.REVIEWER}
    assert lets_pass(policies.check_can_keep_rules, by=None)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("is_own", [True, False])
def test_another_reviewer_decides(role, is_own):
    proposal, by = Proposal(proposed_by_id=1 if is_own else 2), person(role)
    may = role == Role.REVIEWER and not is_own
    assert lets_pass(policies.check_can_decide, proposal=proposal, by=by) is may
    assert policies.can_decide(proposal=proposal, by=by) is may


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("is_own", [True, False])
def test_another_keeper_confirms_rules(role, is_own):
    proposal, by = RuleProposal(proposer_id=1 if is_own else 2), person(role)
    may = role in {Role.ADMINISTRATOR, Role.REVIEWER} and not is_own
    assert lets_pass(policies.check_can_confirm_rules, proposal=proposal, by=by) is may
    assert policies.can_confirm_rules(proposal=proposal, by=by) is may


def test_who_proposed_withdraws_whatever_their_roles():
    proposal = Proposal(proposed_by_id=1)
    assert lets_pass(policies.check_can_withdraw, proposal=proposal, by=person(pk=1))
    assert not lets_pass(policies.check_can_withdraw, proposal=proposal, by=person(*ROLES, pk=2))


def test_commands_decide_nothing():
    assert not lets_pass(policies.check_can_decide, proposal=Proposal(), by=None)
    assert not policies.can_decide(proposal=Proposal(), by=None)
    assert not lets_pass(policies.check_can_withdraw, proposal=Proposal(), by=None)
    assert not lets_pass(policies.check_can_confirm_rules, proposal=RuleProposal(), by=None)
